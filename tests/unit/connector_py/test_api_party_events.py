"""What Salesforce hears of third parties, consults and conferences that no method waits for."""

from dataclasses import replace
from typing import Any

import pytest

from connector_py.api.views import hold_toggle
from connector_py.call_model import CallRegistry
from connector_py.entities import (
    CallEnded,
    CallInfo,
    CallSnapshot,
    CallUpdated,
    Notification,
    ParticipantAdded,
    ParticipantConnected,
    ParticipantLeft,
    ParticipantMuted,
    ParticipantOffered,
    ParticipantResult,
    ParticipantsConferenced,
    ParticipantsSwapped,
    ParticipantState,
    ParticipantType,
    ParticipantUnmuted,
)
from tests.support.api_fakes import open_page
from tests.support.builders import (
    make_agent_participant,
    make_supervised_call_snapshot,
    make_supervisor,
    with_participant,
)
from tests.support.parties import (
    CUSTOMER,
    ME,
    NOW,
    RINGS,
    THIRD,
    call_with,
    held,
    talking,
    third,
)

waiting = call_with(third(state=ParticipantState.RINGING))
consulting = call_with(third(is_consult=True))
both = call_with(of=talking)
LEFT = ParticipantLeft(**THIRD, at=NOW)
CUSTOMER_LEFT = ParticipantLeft(**CUSTOMER, at=NOW)
CONSULTED = replace(RINGS, participant=replace(RINGS.participant, is_consult=True))

# what was there, what happens, which events with the id of which call
HEARD: list[tuple[CallSnapshot, Notification, list[tuple[str, str]]]] = [
    (talking, RINGS, [("PARTICIPANT_ADDED", "third-1")]),
    (talking, CONSULTED, [("CALL_STARTED", "third-1")]),
    (
        talking,
        replace(RINGS, participant=third()),
        [("PARTICIPANT_ADDED", "third-1"), ("PARTICIPANT_CONNECTED", "third-1")],
    ),
    (
        talking,
        replace(RINGS, participant=third(is_consult=True)),
        [("CALL_STARTED", "third-1"), ("CALL_CONNECTED", "third-1")],
    ),
    (waiting, ParticipantConnected(**THIRD, at=NOW), [("PARTICIPANT_CONNECTED", "third-1")]),
    (
        with_participant(consulting, "third-1", state=ParticipantState.RINGING),
        ParticipantConnected(**THIRD, at=NOW),
        [("CALL_CONNECTED", "third-1")],
    ),
    (waiting, LEFT, [("PARTICIPANT_REMOVED", "third-1")]),
    (call_with(), LEFT, [("PARTICIPANT_REMOVED", "third-1")]),
    (consulting, LEFT, [("PARTICIPANT_REMOVED", "third-1")]),
    (call_with(), CUSTOMER_LEFT, [("PARTICIPANT_REMOVED", "call-1")]),
    (waiting, CUSTOMER_LEFT, [("PARTICIPANT_REMOVED", "call-1")]),
    (consulting, CUSTOMER_LEFT, [("PARTICIPANT_REMOVED", "call-1")]),
    (waiting, ParticipantOffered(**THIRD, at=NOW, agent_id="ben"), []),
    (
        call_with(),
        CallUpdated(**THIRD, call_info=CallInfo(mute_enabled=False)),
        [("CALL_UPDATED", "third-1")],
    ),
    (
        call_with(third(state=ParticipantState.ENDED)),
        CallUpdated(**THIRD, call_info=CallInfo(mute_enabled=False)),
        [],
    ),
    (
        talking,
        ParticipantAdded(call_id="call-1", participant=make_supervisor(agent_id="sue")),
        [],
    ),
    (
        call_with(make_supervisor(agent_id="sue", state=ParticipantState.RINGING), of=talking),
        ParticipantConnected(call_id="call-1", participant_id="sup-1", at=NOW),
        [],
    ),
    (
        call_with(make_supervisor(agent_id="sue"), of=talking),
        ParticipantLeft(call_id="call-1", participant_id="sup-1", at=NOW),
        [],
    ),
]


def told_id(payload: Any) -> str | None:
    call = getattr(payload, "call", payload)
    return call.call_id  # type: ignore[no-any-return]


@pytest.mark.parametrize(("before", "notification", "heard"), HEARD)
async def test_each_notification_gives_these_events(
    before: CallSnapshot, notification: Notification, heard: list[tuple[str, str]]
) -> None:
    page = await open_page(before)
    page.link.delivers(notification)
    assert [(kind, told_id(payload)) for kind, payload in page.publisher.events] == heard


async def test_a_third_party_who_connects_after_the_customer_left_says_so() -> None:
    gone = with_participant(waiting, "customer-1", state=ParticipantState.ENDED)
    page = await open_page(gone)
    page.link.delivers(ParticipantConnected(**THIRD, at=NOW))
    ((_, result),) = page.publisher.events
    assert isinstance(result, ParticipantResult)
    assert result.initial_call_has_ended is True


async def test_who_left_is_told_with_the_reason() -> None:
    page = await open_page(call_with())
    page.link.delivers(LEFT)
    ((_, payload),) = page.publisher.events
    assert (payload.call.state, payload.call.reason) == ("ended", "ended")
    assert payload.call.call_attributes.participant_type == "Third_Party"


async def test_a_consult_that_ended_is_none_of_the_customer_s() -> None:
    """The base connector looks at the type: a Consult is only removed."""
    page = await open_page(consulting)
    page.link.delivers(LEFT)
    ((_, payload),) = page.publisher.events
    assert payload.call.call_type == "Consult"
    assert await page.sees_calls() == [("call-1", "connected")]


async def test_when_the_customer_leaves_a_consult_is_a_third_party() -> None:
    page = await open_page(consulting)
    page.link.delivers(CUSTOMER_LEFT)
    ((_, payload),) = page.publisher.events
    assert payload.call.call_attributes.participant_type == "Initial_Caller"
    (left,) = (await page.asks("getActiveCalls")).active_calls
    assert (left.call_type, left.state) == ("AddParticipant", "transferred")
    assert left.call_attributes.initial_call_has_ended is True


async def test_a_swap_names_who_is_on_hold() -> None:
    page = await open_page(call_with())
    page.link.delivers(
        ParticipantsSwapped(call_id="call-1", held_id="third-1", resumed_id="customer-1", at=NOW)
    )
    ((event_type, hold),) = page.publisher.events
    assert event_type == "PARTICIPANTS_SWAPPED"
    assert (hold.is_third_party_on_hold, hold.is_customer_on_hold) == (True, False)
    assert set(hold.calls) == {"call-1", "third-1"}


async def test_a_conference_says_that_all_talk_together() -> None:
    page = await open_page(consulting)
    page.link.delivers(ParticipantsConferenced(call_id="call-1", at=NOW))
    ((event_type, hold),) = page.publisher.events
    assert event_type == "PARTICIPANTS_CONFERENCED"
    assert hold.is_call_merged is True
    assert hold.calls["third-1"].call_type == "AddParticipant"


@pytest.mark.parametrize(
    ("call", "is_merged"),
    [
        (talking, None),
        (held, None),
        (both, True),
        (call_with(), False),
        (call_with(third(is_consult=True), of=talking), False),
        (call_with(third(state=ParticipantState.ENDED), of=talking), None),
    ],
)
def test_whether_everybody_talks_together(call: CallSnapshot, is_merged: bool | None) -> None:
    assert hold_toggle(CallRegistry.of([call]), "ada").is_call_merged is is_merged


def test_calls_that_are_listened_to_are_no_part_of_a_hold() -> None:
    listened_to = replace(make_supervised_call_snapshot(), call_id="call-2")
    hold = hold_toggle(CallRegistry.of([held, listened_to]), "ada")
    assert set(hold.calls or ()) == {"call-1"}
    assert hold.is_call_merged is None


@pytest.mark.parametrize("is_multi_party", [False, True])
async def test_mute_says_whose_and_for_whom(is_multi_party: bool) -> None:
    info = CallInfo(is_multi_party=is_multi_party)
    page = await open_page(replace(call_with(), call_info=info))
    page.link.delivers(ParticipantMuted(**ME))
    page.link.delivers(ParticipantMuted(**THIRD))
    page.link.delivers(ParticipantUnmuted(**THIRD))
    (_, own), (_, muted), (_, heard) = page.publisher.events
    assert (own.is_muted, own.call, own.is_global) == (True, None, True if is_multi_party else None)
    assert (muted.is_muted, muted.call.call_id, muted.is_global) == (True, "third-1", False)
    assert (heard.is_muted, heard.call.call_id, heard.is_global) == (False, "third-1", False)


async def test_another_agent_s_consult_is_a_third_party_to_me() -> None:
    ben = make_agent_participant(
        participant_id="ben-1",
        agent_id="ben",
        participant_type=ParticipantType.THIRD_PARTY,
        state=ParticipantState.CONNECTED,
    )
    page = await open_page(call_with(ben))
    guest = third(participant_id="guest-1", added_by="ben-1", is_consult=True)
    ringing = replace(guest, state=ParticipantState.RINGING)
    page.link.delivers(ParticipantAdded(call_id="call-1", participant=ringing))
    assert page.publisher.types == ["PARTICIPANT_ADDED"]


async def test_an_end_names_third_parties_too() -> None:
    page = await open_page(call_with())
    page.link.delivers(CallEnded(call_id="call-1", at=NOW))
    ((event_type, payload),) = page.publisher.events
    assert event_type == "HANGUP"
    assert [call.call_id for call in payload.calls] == ["call-1", "third-1"]
    assert {call.reason for call in payload.calls} == {"ended"}


async def test_a_resync_tells_of_parties_like_the_stream() -> None:
    page = await open_page(talking)
    page.link.resyncs(call_with(third(), third(participant_id="third-2", is_consult=True)))
    assert page.publisher.types == [
        "PARTICIPANT_ADDED",
        "PARTICIPANT_CONNECTED",
        "CALL_STARTED",
        "CALL_CONNECTED",
        "HOLD_TOGGLE",
    ]
    page.link.resyncs(talking)
    assert page.publisher.types[5:] == [
        "PARTICIPANT_REMOVED",
        "PARTICIPANT_REMOVED",
        "HOLD_TOGGLE",
    ]
