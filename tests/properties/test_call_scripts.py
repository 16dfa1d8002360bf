"""Random lives of calls through the one gate, and the way from any picture to any later one."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector_py.call_model import (
    AGENT,
    HOLD,
    MUTE,
    PARTICIPANT,
    RECORDING,
    AgentInput,
    AgentSession,
    Call,
    CallRegistry,
    HoldInput,
    HoldState,
    MuteInput,
    MuteState,
    ParticipantInput,
    RecordingInput,
    differences,
    next_state,
    to_phone_calls,
)
from connector_py.entities import (
    NOTIFICATIONS,
    AgentState,
    CallSnapshot,
    ParticipantState,
    RecordingState,
)
from connector_py.errors import ConnectorError, UnknownTransitionError
from tests.support.builders import at, make_agent_snapshot
from tests.support.strategies import call_lives, instances_of


def forgetful(
    reached: dict[str, CallSnapshot], wanted: dict[str, CallSnapshot]
) -> dict[str, CallSnapshot]:
    """What was reached, without the ids of VoiceCalls that the other does not have.

    An id is never taken back.
    """

    def forget(call: CallSnapshot, other: CallSnapshot) -> CallSnapshot:
        known = {one.participant_id for one in other.participants if one.voice_call_id}
        return replace(
            call,
            voice_call_id=call.voice_call_id if other.voice_call_id else None,
            participants=tuple(
                one if one.participant_id in known else replace(one, voice_call_id=None)
                for one in call.participants
            ),
        )

    return {call_id: forget(call, wanted[call_id]) for call_id, call in reached.items()}


small = settings(max_examples=200)
MACHINES: list[tuple[Any, Any, Any]] = [
    (PARTICIPANT, ParticipantState, ParticipantInput),
    (HOLD, HoldState, HoldInput),
    (MUTE, MuteState, MuteInput),
    (RECORDING, RecordingState, RecordingInput),
    (AGENT, AgentState, AgentInput),
]


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine[0].name)
def test_every_pair_leads_somewhere_or_is_a_named_error(machine: tuple[Any, Any, Any]) -> None:
    table, states, inputs = machine
    for state in states:
        for input in inputs:
            if (state, input) in table.transitions:
                assert next_state(table, state, input) in states
            else:
                with pytest.raises(UnknownTransitionError):
                    next_state(table, state, input)


def live(calls: CallRegistry | list[CallSnapshot]) -> dict[str, CallSnapshot]:
    """Active calls without who left and in an order of their own."""
    snapshots = calls.snapshots if isinstance(calls, CallRegistry) else calls
    return {
        call.call_id: replace(
            call,
            participants=tuple(
                sorted(
                    (one for one in call.participants if one.state is not ParticipantState.ENDED),
                    key=lambda one: one.participant_id,
                )
            ),
        )
        for call in snapshots
        if call.ended_at is None
    }


@given(life=call_lives())
@small
def test_what_always_holds(life: list[CallSnapshot]) -> None:
    order = list(ParticipantState)
    for before, after in pairwise(life):
        assert after != before
        known = {one.participant_id: one for one in after.participants}
        for one in before.participants:
            assert order.index(known[one.participant_id].state) >= order.index(one.state)
    for call in life:
        for one in call.participants:
            if one.state is not ParticipantState.CONNECTED:
                assert not one.is_on_hold
                assert not one.is_muted
        assert not (call.ended_at and {one.state for one in call.participants} - {order[-1]})


@given(life=call_lives())
@small
def test_what_salesforce_sees_of_it(life: list[CallSnapshot]) -> None:
    for call in life:
        for phone_call in to_phone_calls(call, agent_id="ada"):
            assert phone_call.call_id == phone_call.connection_id
            assert (phone_call.state == "ended") == (call.ended_at is not None)
            if phone_call.call_id == call.call_id:
                talking = Call(call).is_connected("ada")
                assert (phone_call.state == "connected") == talking


@given(first=call_lives(), second=call_lives("call-2"), data=st.data())
@small
def test_differences_lead_from_the_old_picture_to_the_new_one(
    first: list[CallSnapshot], second: list[CallSnapshot], data: st.DataObject
) -> None:
    """Also backwards in time, where calls must start anew."""
    pictures = [st.none() | st.sampled_from(life) for life in (first, second)]
    old = [call for life in pictures if (call := data.draw(life))]
    new = [call for life in pictures if (call := data.draw(life))]
    registry = CallRegistry.of(old)
    for notification in differences(old, new, at(100)):
        registry = registry.apply(notification)
    assert forgetful(live(registry), live(new)) == live(new)
    assert differences(new, new, at(100)) == []


@given(
    life=call_lives(),
    notification=st.sampled_from(sorted(NOTIFICATIONS)).flatmap(
        lambda name: instances_of(NOTIFICATIONS[name])
    ),
    data=st.data(),
)
@small
def test_whatever_comes_is_applied_or_a_named_error(
    life: list[CallSnapshot], notification: Any, data: st.DataObject
) -> None:
    if hasattr(notification, "call_id") and data.draw(st.booleans()):
        notification = replace(notification, call_id="call-1")
    if hasattr(notification, "participant_id") and data.draw(st.booleans()):
        notification = replace(notification, participant_id="customer-1")
    registry = CallRegistry.of([life[-1]])
    before = registry.snapshots
    code = "applied"
    try:
        after = registry.apply(notification)
    except ConnectorError as error:
        code, after = error.code, registry
    assert code in {"applied", "call_not_found", "participant_not_found", "unknown_transition"}
    assert all(not call.is_over for call in after)
    assert registry.snapshots == before


@given(inputs=st.lists(st.sampled_from(list(AgentInput)), max_size=12))
@small
def test_an_agent_takes_an_input_or_stays(inputs: list[AgentInput]) -> None:
    session = AgentSession(make_agent_snapshot(state=AgentState.OFFLINE))
    for input in inputs:
        state = session.agent.state
        named = state
        try:
            session = session.take(input)
        except UnknownTransitionError as error:
            named = error.state
        assert named == state
        off_call = session.agent.state not in (AgentState.ON_CALL, AgentState.AFTER_CALL_WORK)
        assert not (off_call and session.pending)
