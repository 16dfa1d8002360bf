import pytest

from connector_py.call_model import CallRegistry
from connector_py.entities import (
    AgentState,
    AgentStateChanged,
    CallEnded,
    CallStarted,
    ParticipantLeft,
    ParticipantMuted,
    ParticipantState,
    ParticipantType,
    WrapUpStarted,
)
from connector_py.errors import CallNotFoundError, UnknownTransitionError
from tests.support.builders import (
    at,
    make_call_snapshot,
    make_connected_call_snapshot,
    make_third_party,
)

FIRST = make_connected_call_snapshot()
SECOND = make_call_snapshot(call_id="call-2")
OVER = make_call_snapshot(call_id="call-3", ended_at=at(1))


def test_a_call_comes_and_goes() -> None:
    empty = CallRegistry()
    one = empty.apply(CallStarted(call=FIRST))
    two = one.apply(CallStarted(call=SECOND))
    left = two.apply(CallEnded(call_id="call-1", at=at(60)))
    assert [len(registry) for registry in (empty, one, two, left)] == [0, 1, 2, 1]
    assert two.snapshots == (FIRST, SECOND)
    assert [call.call_id for call in two] == ["call-1", "call-2"]
    assert left.calls == (two.get("call-2"),)


def test_only_the_call_that_is_meant_changes() -> None:
    before = CallRegistry.of([FIRST, SECOND])
    after = before.apply(ParticipantMuted(call_id="call-1", participant_id="agent-1"))
    assert after.get("call-1").participant("agent-1").is_muted
    assert after.get("call-2") is before.get("call-2")
    assert not before.get("call-1").participant("agent-1").is_muted
    assert [call.call_id for call in after] == ["call-1", "call-2"]


def test_a_call_starts_once_and_alive() -> None:
    registry = CallRegistry.of([FIRST])
    with pytest.raises(UnknownTransitionError, match=r"'call_started'.*'active'"):
        registry.apply(CallStarted(call=FIRST))
    with pytest.raises(UnknownTransitionError, match=r"'call_started'.*'ended'"):
        registry.apply(CallStarted(call=OVER))


def test_unknown_calls() -> None:
    registry = CallRegistry.of([FIRST])
    assert registry.find("call-9") is None
    assert registry.find("call-1") is registry.get("call-1")
    with pytest.raises(CallNotFoundError):
        registry.get("call-9")
    with pytest.raises(CallNotFoundError):
        registry.apply(CallEnded(call_id="call-9", at=at(1)))


def test_notifications_about_the_agent_change_nothing() -> None:
    registry = CallRegistry.of([FIRST])
    assert registry.apply(AgentStateChanged(state=AgentState.BUSY)) is registry
    assert registry.apply(WrapUpStarted(call_id="call-9")) is registry


def test_a_snapshot_replaces_everything_and_ended_calls_are_not_in_it() -> None:
    registry = CallRegistry.of([FIRST]).replace([SECOND, OVER])
    assert registry.snapshots == (SECOND,)


def test_finding_a_call_by_role() -> None:
    registry = CallRegistry.of([SECOND, FIRST])
    customers = registry.find_by_participant_type(ParticipantType.INITIAL_CALLER)
    assert customers is registry.get("call-2")
    assert registry.find_by_participant_type(ParticipantType.THIRD_PARTY) is None
    third = make_third_party(state=ParticipantState.CONNECTED)
    conference = make_connected_call_snapshot(participants=(*FIRST.participants, third))
    registry = CallRegistry.of([SECOND, conference])
    found = registry.find_by_participant_type(ParticipantType.THIRD_PARTY)
    assert found is registry.get("call-1")
    gone = registry.apply(ParticipantLeft(call_id="call-1", participant_id="third-1", at=at(9)))
    assert gone.find_by_participant_type(ParticipantType.THIRD_PARTY) is None
