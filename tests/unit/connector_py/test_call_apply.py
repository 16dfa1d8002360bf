from typing import Any

import pytest

from connector_py.call_model import Call
from connector_py.entities import (
    AgentState,
    AgentStateChanged,
    CallEnded,
    CallInfo,
    CallStarted,
    CallUpdated,
    Notification,
    ParticipantAdded,
    ParticipantConnected,
    ParticipantHeld,
    ParticipantLeft,
    ParticipantMuted,
    ParticipantResumed,
    ParticipantState,
    ParticipantType,
    ParticipantUnmuted,
    RecordingPaused,
    RecordingResumed,
    RecordingStarted,
    RecordingState,
)
from connector_py.errors import (
    CallNotFoundError,
    ParticipantNotFoundError,
    UnknownTransitionError,
)
from tests.support.builders import (
    at,
    make_agent_participant,
    make_call_snapshot,
    make_connected_call_snapshot,
    make_customer,
    make_third_party,
    with_participant,
)

RINGING = Call(make_call_snapshot())
CONNECTED = Call(make_connected_call_snapshot())
OVER = CONNECTED.apply(CallEnded(call_id="call-1", at=at(60)))
CUSTOMER: dict[str, Any] = {"call_id": "call-1", "participant_id": "customer-1"}
AGENT: dict[str, Any] = {"call_id": "call-1", "participant_id": "agent-1"}


def test_who_is_on_it() -> None:
    assert RINGING.call_id == "call-1"
    assert RINGING.customer == make_customer()
    assert RINGING.agent() == RINGING.agent("ada") == make_agent_participant()
    assert RINGING.agent("ben") is None
    assert RINGING.participants_of_type(ParticipantType.THIRD_PARTY) == ()
    assert RINGING.participant("agent-1") == make_agent_participant()
    assert Call(make_call_snapshot(participants=())).customer is None


def test_the_agent_who_is_still_there_comes_before_those_who_left() -> None:
    left = make_agent_participant(participant_id="agent-0", state=ParticipantState.ENDED)
    call = Call(make_call_snapshot(participants=(make_agent_participant(), left)))
    assert call.agent("ada") == make_agent_participant()
    assert Call(make_call_snapshot(participants=(left,))).agent("ada") == left


def test_connected_is_when_both_are() -> None:
    assert CONNECTED.is_connected()
    assert CONNECTED.is_connected("ada")
    assert not CONNECTED.is_connected("ben")
    assert not RINGING.is_connected()
    waiting = with_participant(CONNECTED.snapshot, "customer-1", state=ParticipantState.RINGING)
    assert not Call(waiting).is_connected()
    assert not Call(make_call_snapshot(participants=(make_agent_participant(),))).is_connected()


def test_the_agent_answers() -> None:
    call = RINGING.apply(ParticipantConnected(**AGENT, at=at(5)))
    expected = make_agent_participant(state=ParticipantState.CONNECTED, state_since=at(5))
    assert call.agent() == expected
    assert call.customer == RINGING.customer
    assert RINGING.agent() == make_agent_participant()


def test_hold_and_resume() -> None:
    held = CONNECTED.apply(ParticipantHeld(**CUSTOMER, at=at(20)))
    assert held.participant("customer-1").is_on_hold
    assert not held.participant("agent-1").is_on_hold
    assert held.participant("customer-1").state_since == at(0)
    assert held.apply(ParticipantResumed(**CUSTOMER, at=at(30))) == CONNECTED


def test_mute_and_unmute() -> None:
    muted = CONNECTED.apply(ParticipantMuted(**AGENT))
    assert muted.participant("agent-1").is_muted
    assert not muted.participant("customer-1").is_muted
    assert muted.apply(ParticipantUnmuted(**AGENT)) == CONNECTED


def test_recording() -> None:
    started = CONNECTED.apply(RecordingStarted(call_id="call-1"))
    paused = started.apply(RecordingPaused(call_id="call-1"))
    assert started.snapshot.recording is RecordingState.RECORDING
    assert paused.snapshot.recording is RecordingState.PAUSED
    assert paused.apply(RecordingResumed(call_id="call-1")) == started


def test_facts_beside_the_state() -> None:
    named = CONNECTED.apply(CallUpdated(call_id="call-1", voice_call_id="0LQ1"))
    assert named.snapshot.voice_call_id == "0LQ1"
    assert named.snapshot.call_info == CONNECTED.snapshot.call_info
    info = CallInfo(hold_enabled=False)
    limited = named.apply(CallUpdated(call_id="call-1", call_info=info))
    assert limited.snapshot.voice_call_id == "0LQ1"
    assert limited.snapshot.call_info is info


def test_somebody_comes_and_goes() -> None:
    third = make_third_party()
    added = CONNECTED.apply(ParticipantAdded(call_id="call-1", participant=third))
    assert added.participants_of_type(ParticipantType.THIRD_PARTY) == (third,)
    held = added.apply(
        ParticipantConnected(call_id="call-1", participant_id="third-1", at=at(20))
    ).apply(ParticipantHeld(call_id="call-1", participant_id="third-1", at=at(21)))
    gone = held.apply(ParticipantLeft(call_id="call-1", participant_id="third-1", at=at(30)))
    assert gone.participant("third-1") == make_third_party(
        state=ParticipantState.ENDED, state_since=at(30)
    )


def test_the_end() -> None:
    third = make_third_party(state=ParticipantState.ENDED, state_since=at(20))
    call = CONNECTED.apply(ParticipantAdded(call_id="call-1", participant=third))
    over = call.apply(ParticipantMuted(**AGENT)).apply(CallEnded(call_id="call-1", at=at(60)))
    assert over.is_over
    assert not call.is_over
    assert over.snapshot.ended_at == at(60)
    assert {one.state for one in over.snapshot.participants} == {ParticipantState.ENDED}
    assert [one.state_since for one in over.snapshot.participants] == [at(60), at(60), at(20)]
    assert not over.participant("agent-1").is_muted


@pytest.mark.parametrize(
    ("call", "notification", "machine", "state"),
    [
        (CONNECTED, ParticipantConnected(**AGENT, at=at(1)), "participant", "connected"),
        (CONNECTED, ParticipantResumed(**CUSTOMER, at=at(1)), "hold", "talking"),
        (CONNECTED, ParticipantUnmuted(**AGENT), "mute", "unmuted"),
        (RINGING, ParticipantHeld(**AGENT, at=at(1)), "hold", "ringing"),
        (RINGING, ParticipantMuted(**AGENT), "mute", "ringing"),
        (CONNECTED, RecordingPaused(call_id="call-1"), "recording", "off"),
        (
            CONNECTED,
            ParticipantAdded(call_id="call-1", participant=make_customer()),
            "participants",
            "on the call",
        ),
        (CONNECTED, CallStarted(call=CONNECTED.snapshot), "call", "active"),
        (CONNECTED, AgentStateChanged(state=AgentState.BUSY), "call", "active"),
        (OVER, CallEnded(call_id="call-1", at=at(61)), "call", "ended"),
        (OVER, CallUpdated(call_id="call-1", voice_call_id="0LQ1"), "call", "ended"),
    ],
)
def test_what_cannot_happen(
    call: Call, notification: Notification, machine: str, state: str
) -> None:
    before = call.snapshot
    with pytest.raises(UnknownTransitionError) as caught:
        call.apply(notification)
    assert (caught.value.machine, caught.value.state) == (machine, state)
    assert call.snapshot is before


def test_another_call_or_an_unknown_participant() -> None:
    with pytest.raises(CallNotFoundError, match="call-2"):
        CONNECTED.apply(CallEnded(call_id="call-2", at=at(1)))
    with pytest.raises(ParticipantNotFoundError, match="nobody"):
        CONNECTED.apply(ParticipantMuted(call_id="call-1", participant_id="nobody"))
    with pytest.raises(ParticipantNotFoundError, match="nobody"):
        CONNECTED.apply(ParticipantLeft(call_id="call-1", participant_id="nobody", at=at(1)))
