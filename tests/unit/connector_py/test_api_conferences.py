"""Consulting, swapping and conferencing, and the order of it all."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from connector_py.entities import (
    Conference,
    Dial,
    Hold,
    ParticipantAdded,
    ParticipantConnected,
    ParticipantHeld,
    ParticipantLeft,
    ParticipantResumed,
    ParticipantsConferenced,
    ParticipantsSwapped,
    RefusalCode,
    RemoveParticipant,
    Swap,
)
from tests.support.api_fakes import open_page, settled
from tests.support.builders import (
    make_connected_call_snapshot,
)
from tests.support.parties import (
    CALL,
    CONTACT,
    CUSTOMER,
    HELD,
    NOW,
    RINGS,
    THIRD,
    THIRD_CALL,
    WHOM,
    call_with,
    talking,
    third,
)

# ---- consult ---------------------------------------------------------------------------------

CONSULTED = replace(RINGS, participant=replace(RINGS.participant, is_consult=True))
CONSULT = {"isCallback": False, "isConsultCall": True}


async def test_a_consult_is_a_call_of_its_own() -> None:
    page = await open_page(talking)
    page.link.answers(Dial, HELD, CONSULTED, result={"callId": "call-1"})
    result = await page.api.dispatch("dial", [CONTACT, CONSULT])
    assert page.link.requests == [Dial(contact=WHOM, is_consult_call=True)]
    call = result.call
    assert (call.call_id, call.call_type, call.state) == ("third-1", "Consult", "ringing")
    assert call.call_attributes.participant_type == "Initial_Caller"
    assert call.call_attributes.is_consult_call
    assert page.publisher.events == []
    page.publisher.result_is_handed_over()
    assert page.publisher.types == ["HOLD_TOGGLE"]
    page.link.delivers(ParticipantConnected(**THIRD, at=NOW))
    event_type, payload = page.publisher.events[-1]
    assert event_type == "CALL_CONNECTED"
    assert (payload.call.call_id, payload.call.state) == ("third-1", "connected")


async def test_a_consult_that_the_stream_told_of_before_is_found() -> None:
    page = await open_page(call_with(third(is_consult=True), third(participant_id="third-2")))
    page.link.answers(Dial, result={"callId": "call-1"})
    result = await page.asks("dial", CONTACT, CONSULT)
    assert (result.call.call_id, result.call.call_type) == ("third-1", "Consult")


async def test_a_consult_that_is_nowhere() -> None:
    page = await open_page(talking)
    page.link.answers(Dial, result={"callId": "call-1"})
    assert await page.is_told("dial", CONTACT, CONSULT) == "CAN_NOT_START_THE_CALL"


async def test_whether_a_consult_may_begin_without_a_call_is_for_the_server_to_say() -> None:
    page = await open_page()
    page.link.answers(Dial, refuses=RefusalCode.INVALID_STATE)
    assert await page.is_told("dial", CONTACT, CONSULT) == "CAN_NOT_START_THE_CALL"
    assert len(page.link.requests) == 1


async def test_a_consult_waits_for_the_call_s_other_commands() -> None:
    page = await open_page(talking)
    gate = page.link.answers_late(Hold, HELD)
    page.link.answers(Dial, CONSULTED, result={"callId": "call-1"})
    holding = await page.starts_asking("hold", CALL)
    consulting = await page.starts_asking("dial", CONTACT, CONSULT)
    assert [type(command) for command in page.link.requests] == [Hold]
    gate.set()
    await asyncio.gather(holding, consulting)


# ---- swap ------------------------------------------------------------------------------------

SWAPPED = ParticipantsSwapped(call_id="call-1", held_id="third-1", resumed_id="customer-1", at=NOW)
SWAP = Swap(call_id="call-1", hold_participant_id="third-1", resume_participant_id="customer-1")


@pytest.mark.parametrize(
    ("to_hold", "to_resume"),
    [
        (THIRD_CALL, CALL),
        ({"callId": "third-1"}, {"callId": "call-1"}),
        (
            {"callAttributes": {"participantType": "Third_Party"}},
            {"callAttributes": {"participantType": "Initial_Caller"}},
        ),
        (THIRD_CALL, None),
    ],
)
async def test_a_swap_is_one_command(to_hold: Any, to_resume: Any) -> None:
    page = await open_page(call_with())
    page.link.answers(Swap, SWAPPED)
    result = await page.asks("swap", to_hold, to_resume)
    assert page.link.requests == [SWAP]
    assert (result.is_third_party_on_hold, result.is_customer_on_hold) == (True, False)
    assert result.is_call_merged is False
    assert result.calls["third-1"].call_info.is_on_hold
    assert page.publisher.events == []


async def test_a_swap_back_is_another_command() -> None:
    page = await open_page(call_with(third(is_on_hold=True), of=talking))
    back = replace(SWAPPED, held_id="customer-1", resumed_id="third-1")
    page.link.answers(Swap, back)
    result = await page.asks("swap", CALL, THIRD_CALL)
    assert (result.is_third_party_on_hold, result.is_customer_on_hold) == (False, True)


async def test_what_is_swapped_already_is_not_asked_for() -> None:
    page = await open_page(call_with(third(is_on_hold=True), of=talking))
    result = await page.asks("swap", THIRD_CALL, CALL)
    assert result.is_third_party_on_hold
    assert page.link.requests == []


@pytest.mark.parametrize(
    ("to_hold", "to_resume"), [(CALL, CALL), (None, None), (THIRD_CALL, {"callId": "nobody"})]
)
async def test_a_swap_with_oneself_or_nobody(to_hold: Any, to_resume: Any) -> None:
    page = await open_page(call_with())
    assert await page.is_told("swap", to_hold, to_resume) == "CAN_NOT_SWAP_PARTICIPANTS"
    assert page.link.requests == []


async def test_a_swap_between_two_calls() -> None:
    page = await open_page(call_with(), make_connected_call_snapshot(call_id="call-2"))
    told = await page.is_told("swap", THIRD_CALL, {"callId": "call-2"})
    assert told == "CAN_NOT_SWAP_PARTICIPANTS"
    assert page.link.requests == []


async def test_a_swap_works_after_the_page_was_reloaded() -> None:
    """Only the server's picture is there; Salesforce names plain objects out of the replay."""
    page = await open_page(call_with())
    calls = (await page.asks("getActiveCalls")).active_calls
    by_id = {call.call_id: call for call in calls}
    page.link.answers(Swap, SWAPPED)
    to_hold, to_resume = ({"callId": by_id[key].call_id} for key in ("third-1", "call-1"))
    assert (await page.asks("swap", to_hold, to_resume)).is_third_party_on_hold


async def test_a_swap_that_only_a_snapshot_shows_has_worked() -> None:
    page = await open_page(call_with())
    gate = page.link.answers_late(Swap)
    swapping = await page.starts_asking("swap", THIRD_CALL, CALL)
    page.link.resyncs(call_with(third(is_on_hold=True), of=talking))
    gate.set()
    assert (await swapping).is_third_party_on_hold
    page.publisher.result_is_handed_over()
    assert set(page.publisher.types) <= {"HOLD_TOGGLE"}
    assert all(hold.is_third_party_on_hold for _, hold in page.publisher.events)


# ---- conference ------------------------------------------------------------------------------

CONFERENCED = ParticipantsConferenced(call_id="call-1", at=NOW)


@pytest.mark.parametrize("calls", [[CALL, THIRD_CALL], [THIRD_CALL, CALL], [THIRD_CALL], [], None])
async def test_a_conference_takes_everybody_off_hold(calls: Any) -> None:
    page = await open_page(call_with())
    page.link.answers(Conference, CONFERENCED)
    result = await page.asks("conference", calls)
    assert page.link.requests == [Conference(call_id="call-1")]
    assert (result.is_third_party_on_hold, result.is_customer_on_hold) == (False, False)
    assert result.is_call_merged is True
    assert page.publisher.events == []


async def test_a_conference_makes_a_consult_public() -> None:
    page = await open_page(call_with(third(is_consult=True)))
    page.link.answers(Conference, CONFERENCED)
    result = await page.asks("conference", [CALL, {"callId": "third-1"}])
    assert result.calls["third-1"].call_type == "AddParticipant"
    assert result.is_call_merged is True


async def test_who_talks_together_is_not_conferenced_again() -> None:
    page = await open_page(call_with(of=talking))
    assert (await page.asks("conference", [CALL, THIRD_CALL])).is_call_merged is True
    assert page.link.requests == []


async def test_a_private_consult_is_not_together() -> None:
    page = await open_page(call_with(third(is_consult=True), of=talking))
    page.link.answers(Conference, refuses=RefusalCode.SWITCH_FAILED)
    assert await page.is_told("conference", [CALL, THIRD_CALL]) == "CAN_NOT_CONFERENCE"


async def test_a_conference_of_two_calls() -> None:
    page = await open_page(call_with(), make_connected_call_snapshot(call_id="call-2"))
    told = await page.is_told("conference", [THIRD_CALL, {"callId": "call-2"}])
    assert told == "CAN_NOT_CONFERENCE"
    assert page.link.requests == []


async def test_a_conference_without_anybody_else() -> None:
    page = await open_page(talking)
    assert await page.is_told("conference", None) == "CAN_NOT_CONFERENCE"
    assert page.link.requests == []


async def test_a_conference_that_only_a_snapshot_shows_has_worked() -> None:
    page = await open_page(call_with())
    gate = page.link.answers_late(Conference)
    conferencing = await page.starts_asking("conference", [CALL, THIRD_CALL])
    page.link.resyncs(call_with(of=talking))
    gate.set()
    assert (await conferencing).is_call_merged is True
    assert page.publisher.events == []


# ---- order -----------------------------------------------------------------------------------


async def test_a_call_s_parties_share_one_lane() -> None:
    page = await open_page(call_with())
    slow = page.link.answers_late(Hold, ParticipantHeld(**THIRD, at=NOW))
    page.link.answers(Conference, CONFERENCED)
    page.link.answers(RemoveParticipant, ParticipantLeft(**THIRD, at=NOW))
    clicks = [
        await page.starts_asking("hold", THIRD_CALL),
        await page.starts_asking("conference", [CALL, THIRD_CALL]),
        await page.starts_asking("endCall", THIRD_CALL),
    ]
    await settled()
    assert [type(command) for command in page.link.requests] == [Hold]
    slow.set()
    await asyncio.gather(*clicks)
    assert [type(command) for command in page.link.requests] == [
        Hold,
        Conference,
        RemoveParticipant,
    ]
    page.link.delivers(ParticipantAdded(call_id="call-1", participant=third(participant_id="t-9")))
    page.link.delivers(ParticipantHeld(**CUSTOMER, at=NOW))
    page.link.delivers(ParticipantResumed(**CUSTOMER, at=NOW))
