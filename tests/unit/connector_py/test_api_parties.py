"""Adding somebody to a call, and handing it over."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from connector_py.entities import (
    AddParticipant,
    CallEnded,
    CallInfo,
    ParticipantAdded,
    ParticipantLeft,
    ParticipantResult,
    RefusalCode,
    RemoveParticipantVariant,
    WrapUpStarted,
)
from tests.support.api_fakes import open_page
from tests.support.builders import (
    make_supervised_call_snapshot,
)
from tests.support.parties import (
    CALL,
    CONTACT,
    HELD,
    NOW,
    RINGS,
    THIRD,
    WHOM,
    call_with,
    talking,
    third,
)

ADDED = {"participantId": "third-1"}


# ---- adding ----------------------------------------------------------------------------------


async def test_who_is_added_is_the_result_and_the_hold_follows_it() -> None:
    page = await open_page(talking)
    page.link.answers(AddParticipant, HELD, RINGS, result=ADDED)
    result: ParticipantResult = await page.api.dispatch("addParticipant", [CONTACT, CALL, False])
    assert page.link.requests == [AddParticipant(contact=WHOM, call_id="call-1")]
    assert (result.call_id, result.connection_id) == ("third-1", "third-1")
    assert (result.phone_number, result.initial_call_has_ended) == ("+12025550199", False)
    assert result.call_attributes is not None
    assert result.call_attributes.participant_type == "Third_Party"
    assert result.contact is not None
    assert page.publisher.events == []
    page.publisher.result_is_handed_over()
    ((event_type, hold),) = page.publisher.events
    assert event_type == "HOLD_TOGGLE"
    assert (hold.is_customer_on_hold, hold.is_third_party_on_hold) == (True, False)
    # The third party is there when Salesforce hears of the hold, so it is in it.
    assert set(hold.calls) == {"call-1", "third-1"}
    assert hold.is_call_merged is False


async def test_what_may_be_done_with_a_third_party_is_its_own() -> None:
    never = RemoveParticipantVariant.NEVER
    info = CallInfo(hold_enabled=False, remove_participant_variant=never)
    page = await open_page(talking)
    rings = replace(RINGS, participant=replace(RINGS.participant, call_info=info))
    page.link.answers(AddParticipant, rings, result=ADDED)
    result = await page.asks("addParticipant", CONTACT, CALL, False)
    assert result.call_info.hold_enabled is False
    assert result.call_info.remove_participant_variant is never
    assert result.call_info.is_external_transfer is True


async def test_somebody_who_was_added_before_the_reply_is_found_by_it() -> None:
    page = await open_page(call_with())
    page.link.answers(AddParticipant, result=ADDED)
    assert (await page.asks("addParticipant", CONTACT, CALL, False)).call_id == "third-1"


@pytest.mark.parametrize("result", [None, {}, {"participantId": "nobody"}, "third-1"])
async def test_somebody_who_was_added_and_is_nowhere(result: Any) -> None:
    page = await open_page(talking)
    page.link.answers(AddParticipant, result=result)
    told = await page.is_told("addParticipant", CONTACT, CALL, False)
    assert told == "CAN_NOT_ADD_PARTICIPANT"


async def test_somebody_who_is_busy_was_added_first() -> None:
    page = await open_page(talking)
    left = ParticipantLeft(**THIRD, at=NOW)
    page.link.answers(AddParticipant, RINGS, left, result=ADDED)
    result = await page.api.dispatch("addParticipant", [CONTACT, CALL, False])
    assert result.call_id == "third-1"
    page.publisher.result_is_handed_over()
    assert page.publisher.types == ["PARTICIPANT_REMOVED"]


async def test_adding_that_fails_after_the_hold_tells_of_the_hold() -> None:
    page = await open_page(talking)
    page.link.answers(AddParticipant, HELD, refuses=RefusalCode.INVALID_DESTINATION)
    told = await page.is_told("addParticipant", CONTACT, CALL, False)
    assert told == "INVALID_DESTINATION"
    ((event_type, hold),) = page.publisher.events
    assert event_type == "HOLD_TOGGLE"
    assert hold.is_customer_on_hold


async def test_adding_that_fails_because_the_call_ended_tells_only_of_the_end() -> None:
    page = await open_page(talking)
    ended = CallEnded(call_id="call-1", at=NOW)
    page.link.answers(AddParticipant, HELD, ended, refuses=RefusalCode.CALL_NOT_FOUND)
    told = await page.is_told("addParticipant", CONTACT, CALL, False)
    assert told == "CAN_NOT_ADD_PARTICIPANT"
    assert page.publisher.types == ["HANGUP"]


async def test_a_double_click_adds_one_and_another_contact_a_second() -> None:
    page = await open_page(talking)
    gate = page.link.answers_late(AddParticipant, RINGS, result=ADDED)
    clicks = [await page.starts_asking("addParticipant", CONTACT, CALL, False) for _ in range(2)]
    other = await page.starts_asking("addParticipant", {"id": "ben", "type": "Agent"}, CALL, False)
    assert len(page.link.requests) == 1
    gate.set()
    first, second = await asyncio.gather(*clicks)
    assert first == second
    await asyncio.wait({other})
    assert len(page.link.requests) == 2
    assert other.exception() is not None  # The same answer again: nobody new was added.


async def test_somebody_else_s_guest_is_not_taken_for_mine() -> None:
    """After a snapshot nobody says what caused what."""
    page = await open_page(call_with(third(participant_id="ben-1", agent_id="ben")))
    gate = page.link.answers_late(AddParticipant, RINGS, result=ADDED)
    adding = await page.starts_asking("addParticipant", CONTACT, CALL, False)
    guest = third(participant_id="guest", added_by="ben-1")
    page.link.delivers(ParticipantAdded(call_id="call-1", participant=guest))
    assert page.publisher.types == ["PARTICIPANT_ADDED", "PARTICIPANT_CONNECTED"]
    gate.set()
    assert (await adding).call_id == "third-1"


async def test_adding_that_only_a_snapshot_shows_has_worked() -> None:
    page = await open_page(talking)
    gate = page.link.answers_late(AddParticipant, result=ADDED)
    adding = await page.starts_asking("addParticipant", CONTACT, CALL, False)
    page.link.resyncs(call_with())
    gate.set()
    assert (await adding).call_id == "third-1"
    page.publisher.result_is_handed_over()
    assert page.publisher.types == ["PARTICIPANT_CONNECTED", "HOLD_TOGGLE"]


@pytest.mark.parametrize("contact", [None, "x", {"type": "Neighbour"}])
async def test_a_contact_that_does_not_fit(contact: Any) -> None:
    page = await open_page(talking)
    told = await page.is_told("addParticipant", contact, CALL, False)
    assert told == "CAN_NOT_ADD_PARTICIPANT"
    assert page.link.requests == []


async def test_nobody_is_added_without_a_call() -> None:
    page = await open_page()
    told = await page.is_told("addParticipant", CONTACT, CALL, False)
    assert told == "CAN_NOT_ADD_PARTICIPANT"
    assert page.link.requests == []


async def test_nobody_is_added_to_a_call_that_is_only_listened_to() -> None:
    page = await open_page(make_supervised_call_snapshot())
    told = await page.is_told("addParticipant", CONTACT, CALL, False)
    assert told == "CAN_NOT_ADD_PARTICIPANT"
    assert page.link.requests == []


# ---- blind transfers, contact requests -------------------------------------------------------


async def test_a_blind_transfer_ends_the_call_for_the_agent_at_once() -> None:
    page = await open_page(talking)
    ended = CallEnded(call_id="call-1", at=NOW)
    page.link.answers(AddParticipant, RINGS, ended, WrapUpStarted(call_id="call-1"), result=ADDED)
    result: ParticipantResult = await page.api.dispatch("addParticipant", [CONTACT, CALL, True])
    assert page.link.requests == [
        AddParticipant(contact=WHOM, call_id="call-1", is_blind_transfer=True)
    ]
    assert (result.call_id, result.initial_call_has_ended) == ("call-1", True)
    assert (result.contact, result.phone_number) == (WHOM, "+12025550199")
    assert result.call_info.is_external_transfer is True
    assert result.call_attributes is not None
    assert result.call_attributes.voice_call_id == "0LQ1"
    assert await page.sees_calls() == []
    page.publisher.result_is_handed_over()
    # PARTICIPANT_ADDED and HANGUP are the base connector's, out of the result.
    assert page.publisher.types == ["AFTER_CALL_WORK_STARTED"]


async def test_a_blind_transfer_to_an_agent_is_no_external_one() -> None:
    page = await open_page(talking)
    page.link.answers(AddParticipant, CallEnded(call_id="call-1", at=NOW))
    contact = {"id": "ben", "type": "Agent", "phoneNumber": "5005"}
    result = await page.asks("addParticipant", contact, CALL, True)
    assert result.call_info.is_external_transfer is False


async def test_a_blind_transfer_after_which_the_agent_is_still_there_fails() -> None:
    """Weakness B9: the base connector would send HANGUP for a call that goes on."""
    page = await open_page(talking)
    page.link.answers(AddParticipant, RINGS, result=ADDED)
    told = await page.is_told("addParticipant", CONTACT, CALL, True)
    assert told == "CAN_NOT_ADD_PARTICIPANT"
    assert page.publisher.types == ["PARTICIPANT_ADDED"]


async def test_a_blind_transfer_that_only_a_snapshot_shows_has_worked() -> None:
    page = await open_page(talking)
    gate = page.link.answers_late(AddParticipant, result=ADDED)
    passing_on = await page.starts_asking("addParticipant", CONTACT, CALL, True)
    page.link.resyncs()
    gate.set()
    assert (await passing_on).call_id == "call-1"
    page.publisher.result_is_handed_over()
    assert page.publisher.events == []


async def test_a_contact_request_is_passed_on_without_a_call() -> None:
    """Guide chapter 9, "Let Agents Control the Callback Experience"."""
    page = await open_page()
    page.link.answers(AddParticipant, result={"contactRequestId": "0CR1"})
    result: ParticipantResult = await page.asks("addParticipant", CONTACT, None, True)
    assert page.link.requests == [AddParticipant(contact=WHOM, is_blind_transfer=True)]
    assert (result.call_id, result.initial_call_has_ended) == ("0CR1", True)
    assert (result.contact, result.phone_number) == (WHOM, "+12025550199")


async def test_the_end_of_a_call_is_no_effect_of_passing_on_a_contact_request() -> None:
    page = await open_page(make_supervised_call_snapshot())
    gate = page.link.answers_late(AddParticipant, result={"contactRequestId": "0CR1"})
    passing_on = await page.starts_asking("addParticipant", CONTACT, None, True)
    page.link.resyncs()
    assert page.publisher.types == ["SUPERVISOR_HANGUP"]
    gate.set()
    assert (await passing_on).call_id == "0CR1"


async def test_a_blind_transfer_tells_of_everybody_else_who_was_there() -> None:
    """The base connector hangs up only the call that Salesforce named."""
    page = await open_page(call_with())
    page.link.answers(AddParticipant, CallEnded(call_id="call-1", at=NOW))
    await page.asks("addParticipant", {"id": "ben", "type": "Agent"}, CALL, True)
    ((event_type, payload),) = page.publisher.events
    assert event_type == "HANGUP"
    assert [call.call_id for call in payload.calls] == ["third-1"]
