from dataclasses import replace
from typing import Any

import pytest

from connector_py.call_model import CallRegistry, differences
from connector_py.entities import (
    CallEnded,
    CallInfo,
    CallSnapshot,
    CallStarted,
    CallType,
    CallUpdated,
    Notification,
    ParticipantAdded,
    ParticipantConnected,
    ParticipantHeld,
    ParticipantLeft,
    ParticipantMuted,
    ParticipantResumed,
    ParticipantState,
    ParticipantUnmuted,
    RecordingPaused,
    RecordingResumed,
    RecordingStarted,
    RecordingState,
)
from tests.support.builders import (
    START,
    at,
    make_call_snapshot,
    make_connected_call_snapshot,
    make_outbound_call_snapshot,
    make_third_party,
    with_participant,
)

NOW = at(100)
RINGING = make_call_snapshot()
CONNECTED = make_connected_call_snapshot()
CUSTOMER: dict[str, Any] = {"call_id": "call-1", "participant_id": "customer-1"}
AGENT: dict[str, Any] = {"call_id": "call-1", "participant_id": "agent-1"}
THIRD: dict[str, Any] = {"call_id": "call-1", "participant_id": "third-1"}


def with_third(**fields: Any) -> CallSnapshot:
    return replace(CONNECTED, participants=(*CONNECTED.participants, make_third_party(**fields)))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (RINGING, RINGING, []),
        (RINGING, None, [CallEnded(call_id="call-1", at=NOW)]),
        (None, RINGING, [CallStarted(call=RINGING)]),
        (RINGING, CONNECTED, [ParticipantConnected(**AGENT, at=at(10))]),
        (
            CONNECTED,
            with_participant(CONNECTED, "customer-1", is_on_hold=True, is_muted=True),
            [ParticipantHeld(**CUSTOMER, at=NOW), ParticipantMuted(**CUSTOMER)],
        ),
        (
            with_participant(CONNECTED, "customer-1", is_on_hold=True, is_muted=True),
            CONNECTED,
            [ParticipantResumed(**CUSTOMER, at=NOW), ParticipantUnmuted(**CUSTOMER)],
        ),
        (
            CONNECTED,
            with_third(state_since=at(20)),
            [ParticipantAdded(call_id="call-1", participant=make_third_party(state_since=at(20)))],
        ),
        (
            with_third(),
            with_third(state=ParticipantState.ENDED, state_since=at(30)),
            [ParticipantLeft(**THIRD, at=at(30))],
        ),
        (with_third(), CONNECTED, [ParticipantLeft(**THIRD, at=NOW)]),
        (with_third(state=ParticipantState.ENDED), CONNECTED, []),
        (
            CONNECTED,
            replace(CONNECTED, recording=RecordingState.RECORDING),
            [RecordingStarted(call_id="call-1")],
        ),
        (
            CONNECTED,
            replace(CONNECTED, recording=RecordingState.PAUSED),
            [RecordingStarted(call_id="call-1"), RecordingPaused(call_id="call-1")],
        ),
        (
            replace(CONNECTED, recording=RecordingState.RECORDING),
            replace(CONNECTED, recording=RecordingState.PAUSED),
            [RecordingPaused(call_id="call-1")],
        ),
        (
            replace(CONNECTED, recording=RecordingState.PAUSED),
            replace(CONNECTED, recording=RecordingState.RECORDING),
            [RecordingResumed(call_id="call-1")],
        ),
        (
            CONNECTED,
            replace(CONNECTED, voice_call_id="0LQ1"),
            [CallUpdated(call_id="call-1", voice_call_id="0LQ1")],
        ),
        (replace(CONNECTED, voice_call_id="0LQ1"), CONNECTED, []),
        (
            CONNECTED,
            replace(CONNECTED, call_info=CallInfo(hold_enabled=False)),
            [CallUpdated(call_id="call-1", call_info=CallInfo(hold_enabled=False))],
        ),
        (CONNECTED, replace(CONNECTED, ended_at=at(50)), [CallEnded(call_id="call-1", at=at(50))]),
        (replace(CONNECTED, ended_at=at(50)), None, []),
        (None, replace(CONNECTED, ended_at=at(50)), []),
    ],
)
def test_what_happened(
    old: CallSnapshot | None, new: CallSnapshot | None, expected: list[Notification]
) -> None:
    found = differences([old] if old else [], [new] if new else [], NOW)
    assert found == expected


def test_an_answered_call_that_was_never_seen_rings_first() -> None:
    new = with_participant(CONNECTED, "customer-1", is_on_hold=True)
    assert differences([], [replace(new, recording=RecordingState.RECORDING)], NOW) == [
        CallStarted(call=RINGING),
        ParticipantConnected(**AGENT, at=at(10)),
        ParticipantHeld(**CUSTOMER, at=NOW),
        RecordingStarted(call_id="call-1"),
    ]


def test_an_outbound_call_rings_at_the_customer() -> None:
    ringing = make_outbound_call_snapshot()
    answered = with_participant(
        ringing, "customer-1", state=ParticipantState.CONNECTED, state_since=at(5)
    )
    assert differences([], [answered], NOW) == [
        CallStarted(call=ringing),
        ParticipantConnected(**CUSTOMER, at=at(5)),
    ]


RECORDED = replace(CONNECTED, recording=RecordingState.RECORDING)


@pytest.mark.parametrize(
    "impossible",
    [
        replace(RINGING, recording=RecordingState.RECORDING),
        replace(RECORDED, call_type=CallType.TRANSFER),
        replace(RECORDED, recording=RecordingState.OFF),
    ],
    ids=["rings again", "another type", "recorder off"],
)
def test_what_cannot_have_become_so_starts_anew(impossible: CallSnapshot) -> None:
    found = differences([RECORDED], [impossible], NOW)
    assert found[0] == CallEnded(call_id="call-1", at=NOW)
    assert isinstance(found[1], CallStarted)
    registry = CallRegistry.of([RECORDED])
    for notification in found:
        registry = registry.apply(notification)
    assert registry.snapshots == (impossible,)


def test_several_calls() -> None:
    second = make_call_snapshot(call_id="call-2")
    third = make_call_snapshot(call_id="call-3")
    assert differences([RINGING, second], [second, third], START) == [
        CallEnded(call_id="call-1", at=START),
        CallStarted(call=third),
    ]
