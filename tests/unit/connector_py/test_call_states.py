import pytest

from connector_py.call_model import (
    AGENT,
    HOLD,
    MUTE,
    PARTICIPANT,
    RECORDING,
    AgentInput,
    is_status_input,
    next_state,
)
from connector_py.entities import AgentState, ParticipantState, RecordingState
from connector_py.errors import UnknownTransitionError

OFF_CALL = ["offline", "busy", "available", "after_call_work"]


def rows(table: object) -> set[tuple[str, str, str]]:
    transitions = table.transitions  # type: ignore[attr-defined] # any table
    return {(str(state), str(input), str(after)) for (state, input), after in transitions.items()}


def test_participant() -> None:
    assert rows(PARTICIPANT) == {
        ("ringing", "connect", "connected"),
        ("ringing", "leave", "ended"),
        ("connected", "leave", "ended"),
    }


def test_hold_and_mute() -> None:
    assert rows(HOLD) == {("talking", "hold", "on_hold"), ("on_hold", "resume", "talking")}
    assert rows(MUTE) == {("unmuted", "mute", "muted"), ("muted", "unmute", "unmuted")}


def test_recording() -> None:
    assert rows(RECORDING) == {
        ("off", "start", "recording"),
        ("recording", "pause", "paused"),
        ("paused", "resume", "recording"),
    }


def test_agent() -> None:
    assert rows(AGENT) == {
        *((state, "set_online", "available") for state in OFF_CALL),
        *((state, "set_busy", "busy") for state in OFF_CALL),
        *((state, "set_offline", "offline") for state in OFF_CALL),
        *((state, "call_started", "on_call") for state in OFF_CALL),
        ("on_call", "call_ended_with_wrap_up", "after_call_work"),
        ("on_call", "call_ended", "available"),
        ("after_call_work", "wrap_up_ended", "available"),
    }


def test_status_inputs() -> None:
    assert [input.value for input in AgentInput if is_status_input(input)] == [
        "set_online",
        "set_busy",
        "set_offline",
    ]


def test_an_unknown_pair_is_a_named_error() -> None:
    with pytest.raises(UnknownTransitionError) as caught:
        next_state(AGENT, AgentState.AVAILABLE, AgentInput.WRAP_UP_ENDED)
    error = caught.value
    assert (error.machine, error.state, error.input) == ("agent", "available", "wrap_up_ended")


def test_states_are_those_of_the_entities() -> None:
    assert {state for state, _ in PARTICIPANT.transitions} < set(ParticipantState)
    assert {state for state, _ in RECORDING.transitions} == set(RecordingState)
    assert {state for state, _ in AGENT.transitions} == set(AgentState)
