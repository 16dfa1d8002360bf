"""A double click whose first click was answered already: one effect, the same result twice.

While the first click is under way its result is shared; those tests are with each method.
"""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from connector_py.entities import (
    AddParticipant,
    AnswerCall,
    CallEnded,
    CallStarted,
    DeclineCall,
    Dial,
    EndCall,
    Hold,
    ParticipantAdded,
    ParticipantConnected,
    ParticipantHeld,
    ParticipantLeft,
    ParticipantResumed,
    RefusalCode,
    RemoveParticipant,
    Resume,
)
from tests.support.api_fakes import Page, open_page
from tests.support.builders import make_call_snapshot, make_outbound_call_snapshot
from tests.support.parties import (
    AGENT,
    CALL,
    CONTACT,
    CUSTOMER,
    NOW,
    RINGS,
    THIRD,
    THIRD_CALL,
    call_with,
    talking,
    third,
)

INITIAL_CALLER = {"callAttributes": {"participantType": "Initial_Caller"}}
THIRD_PARTY = {"callAttributes": {"participantType": "Third_Party"}}
SECOND_CLICK = 0.12
"""Seconds after the answer to the first one."""
LATER = 0.7
ADDED = {"participantId": "third-1"}
ENDED = CallEnded(call_id="call-1", at=NOW)
NUMBER = {"phoneNumber": "+12025550143"}
PLACED = make_outbound_call_snapshot()


async def clicks_twice(
    page: Page, method: str, *arguments: Any, after: float = SECOND_CLICK
) -> Any:
    """Results of both clicks."""
    first = await page.asks(method, *arguments)
    page.clock.passes(after)
    return first, await page.asks(method, *arguments)


# ---- ending ----------------------------------------------------------------------------------


@pytest.mark.parametrize("named", [CALL, {"callId": "call-1"}, INITIAL_CALLER])
async def test_the_customer_is_removed_once_and_the_third_party_keeps_the_call(named: Any) -> None:
    page = await open_page(call_with())
    page.link.answers(RemoveParticipant, ParticipantLeft(**CUSTOMER, at=NOW))
    first, second = await clicks_twice(page, "endCall", named)
    assert page.link.requests == [RemoveParticipant(**CUSTOMER)]
    assert second == first
    assert page.publisher.events == []


@pytest.mark.parametrize("named", [THIRD_CALL, THIRD_PARTY])
async def test_one_third_party_is_removed_and_not_the_next_one(named: Any) -> None:
    page = await open_page(call_with(third(), third(participant_id="third-2")))
    page.link.answers(RemoveParticipant, ParticipantLeft(**THIRD, at=NOW))
    first, second = await clicks_twice(page, "endCall", named)
    assert page.link.requests == [RemoveParticipant(**THIRD)]
    assert second == first


@pytest.mark.parametrize("named", [AGENT, None, CALL])
async def test_one_call_ends_and_not_the_next_one(named: Any) -> None:
    page = await open_page(talking, replace(talking, call_id="call-2"))
    page.link.answers(EndCall, ENDED)
    first, second = await clicks_twice(page, "endCall", named)
    assert page.link.requests == [EndCall(call_id="call-1")]
    assert second == first
    assert await page.sees_calls() == [("call-2", "connected")]


async def test_the_second_click_comes_when_the_call_has_ended_and_the_reply_has_not_come() -> None:
    page = await open_page(talking, replace(talking, call_id="call-2"))
    gate = page.link.answers_late(EndCall)
    first = await page.starts_asking("endCall", AGENT)
    page.link.delivers(ENDED)
    second = await page.starts_asking("endCall", AGENT)
    gate.set()
    assert await first == await second
    assert page.link.requests == [EndCall(call_id="call-1")]


async def test_one_call_is_declined_and_not_the_next_one() -> None:
    page = await open_page(make_call_snapshot(), make_call_snapshot(call_id="call-2"))
    page.link.answers(DeclineCall, ENDED)
    first, second = await clicks_twice(page, "declineCall")
    assert page.link.requests == [DeclineCall(call_id="call-1")]
    assert second == first


async def test_a_click_some_time_later_is_a_wish_of_its_own() -> None:
    page = await open_page(talking, replace(talking, call_id="call-2"))
    page.link.answers(EndCall, ENDED)
    await page.asks("endCall", AGENT)
    page.clock.passes(LATER)
    page.link.answers(EndCall, CallEnded(call_id="call-2", at=NOW))
    await page.asks("endCall", AGENT)
    assert page.link.requests == [EndCall(call_id="call-1"), EndCall(call_id="call-2")]


async def test_a_clock_that_is_set_back_does_not_make_it_remembered_for_ever() -> None:
    page = await open_page(talking, replace(talking, call_id="call-2"))
    page.link.answers(EndCall, ENDED)
    await page.asks("endCall", AGENT)
    page.clock.passes(-3600)
    page.link.answers(EndCall, CallEnded(call_id="call-2", at=NOW))
    await page.asks("endCall", AGENT)
    assert len(page.link.requests) == 2


async def test_what_failed_is_not_remembered() -> None:
    page = await open_page(talking)
    page.link.answers(EndCall, refuses=RefusalCode.INVALID_STATE)
    assert await page.is_told("endCall", AGENT) == "CAN_NOT_END_THE_CALL"
    page.link.answers(EndCall, ENDED)
    await page.asks("endCall", AGENT)
    assert len(page.link.requests) == 2


# ---- adding ----------------------------------------------------------------------------------


async def test_one_phone_rings_for_one_contact() -> None:
    page = await open_page(talking)
    page.link.answers(AddParticipant, RINGS, result=ADDED)
    first, second = await clicks_twice(page, "addParticipant", CONTACT, CALL, False)
    assert len(page.link.requests) == 1
    assert second == first
    assert page.publisher.events == []


async def test_who_answered_between_the_clicks_is_not_left_ringing() -> None:
    """The base connector makes PARTICIPANT_ADDED of the second result too."""
    page = await open_page(talking)
    page.link.answers(AddParticipant, RINGS, result=ADDED)
    first = await page.asks("addParticipant", CONTACT, CALL, False)
    page.link.delivers(ParticipantConnected(**THIRD, at=NOW))
    second = await page.asks("addParticipant", CONTACT, CALL, False)
    assert (len(page.link.requests), second.call_id) == (1, first.call_id)
    assert page.publisher.types == ["PARTICIPANT_CONNECTED", "PARTICIPANT_CONNECTED"]


async def test_another_contact_is_another_wish() -> None:
    page = await open_page(talking)
    page.link.answers(AddParticipant, RINGS, result=ADDED)
    await page.asks("addParticipant", CONTACT, CALL, False)
    other = ParticipantAdded(call_id="call-1", participant=third(participant_id="third-2"))
    page.link.answers(AddParticipant, other, result={"participantId": "third-2"})
    await page.asks("addParticipant", {"id": "ben", "type": "Agent"}, CALL, False)
    assert len(page.link.requests) == 2


@pytest.mark.parametrize("is_removed_by_agent", [True, False])
async def test_who_has_left_can_be_added_anew_at_once(is_removed_by_agent: bool) -> None:
    page = await open_page(talking)
    left = ParticipantLeft(**THIRD, at=NOW)
    page.link.answers(AddParticipant, RINGS, result=ADDED)
    page.link.answers(RemoveParticipant, left)
    await page.asks("addParticipant", CONTACT, CALL, False)
    if is_removed_by_agent:
        await page.asks("endCall", THIRD_CALL)
    else:
        page.link.delivers(left)
    again = ParticipantAdded(call_id="call-1", participant=third(participant_id="third-2"))
    page.link.answers(AddParticipant, again, result={"participantId": "third-2"})
    result = await page.asks("addParticipant", CONTACT, CALL, False)
    assert result.call_id == "third-2"


async def test_a_blind_transfer_is_no_contact_request_afterwards() -> None:
    page = await open_page(talking)
    page.link.answers(AddParticipant, ENDED)
    first, second = await clicks_twice(page, "addParticipant", CONTACT, CALL, True)
    assert [command.call_id for command in page.link.requests] == ["call-1"]
    assert second == first


async def test_a_blind_transfer_whose_reply_has_not_come_is_no_contact_request() -> None:
    page = await open_page(talking)
    gate = page.link.answers_late(AddParticipant)
    first = await page.starts_asking("addParticipant", CONTACT, CALL, True)
    page.link.delivers(ENDED)
    second = await page.starts_asking("addParticipant", CONTACT, CALL, True)
    gate.set()
    assert await first == await second
    assert len(page.link.requests) == 1


async def test_a_contact_request_is_passed_on_once() -> None:
    page = await open_page()
    page.link.answers(AddParticipant, result={"contactRequestId": "0CR1"})
    first, second = await clicks_twice(page, "addParticipant", CONTACT, None, True)
    assert len(page.link.requests) == 1
    assert second == first


# ---- dialling --------------------------------------------------------------------------------


async def test_one_call_is_placed() -> None:
    page = await open_page()
    page.link.answers(Dial, CallStarted(call=PLACED), result={"callId": "call-1"})
    first, second = await clicks_twice(page, "dial", NUMBER)
    assert len(page.link.requests) == 1
    assert second == first
    assert page.publisher.events == []


async def test_a_call_that_was_answered_between_the_clicks_is_connected_again() -> None:
    """The base connector makes CALL_STARTED of the second result too."""
    page = await open_page()
    page.link.answers(Dial, CallStarted(call=PLACED), result={"callId": "call-1"})
    await page.asks("dial", NUMBER)
    page.link.delivers(ParticipantConnected(**CUSTOMER, at=NOW))
    second = await page.asks("dial", NUMBER)
    assert (len(page.link.requests), second.call.state) == (1, "connected")
    assert page.publisher.types == ["CALL_CONNECTED", "CALL_CONNECTED"]


async def test_one_consult_is_placed() -> None:
    page = await open_page(talking)
    joins = ParticipantAdded(call_id="call-1", participant=third(state="ringing", is_consult=True))
    page.link.answers(Dial, joins, result=ADDED)
    first, second = await clicks_twice(page, "dial", CONTACT, {"isConsultCall": True})
    assert len(page.link.requests) == 1
    assert second == first


async def test_a_call_that_is_over_can_be_placed_anew_at_once() -> None:
    page = await open_page()
    page.link.answers(Dial, CallStarted(call=PLACED), result={"callId": "call-1"})
    await page.asks("dial", NUMBER)
    page.link.delivers(ENDED)
    again = replace(PLACED, call_id="call-2")
    page.link.answers(Dial, CallStarted(call=again), result={"callId": "call-2"})
    assert (await page.asks("dial", NUMBER)).call.call_id == "call-2"


# ---- toggles are never remembered --------------------------------------------------------------


async def test_hold_resume_and_hold_are_three_wishes() -> None:
    page = await open_page(talking)
    page.link.answers(Hold, ParticipantHeld(**CUSTOMER, at=NOW))
    page.link.answers(Resume, ParticipantResumed(**CUSTOMER, at=NOW))
    for method in ("hold", "resume", "hold"):
        await page.asks(method, CALL)
    assert [type(command) for command in page.link.requests] == [Hold, Resume, Hold]


async def test_what_was_asked_of_the_same_call_in_between_ends_the_double_click() -> None:
    page = await open_page(call_with(third(), third(participant_id="third-2")))
    page.link.answers(RemoveParticipant, ParticipantLeft(**THIRD, at=NOW))
    page.link.answers(Hold, ParticipantHeld(call_id="call-1", participant_id="third-2", at=NOW))
    await page.asks("endCall", THIRD_PARTY)
    await page.asks("hold", {"callId": "third-2"})
    page.link.answers(
        RemoveParticipant, ParticipantLeft(call_id="call-1", participant_id="third-2", at=NOW)
    )
    await page.asks("endCall", THIRD_PARTY)
    assert [type(one) for one in page.link.requests] == [RemoveParticipant, Hold, RemoveParticipant]


async def test_a_call_that_was_answered_twice_ends_once() -> None:
    page = await open_page(make_call_snapshot())
    answered = ParticipantConnected(call_id="call-1", participant_id="agent-1", at=NOW)
    page.link.answers(AnswerCall, answered)
    page.link.answers(EndCall, ENDED)
    await clicks_twice(page, "acceptCall", CALL)
    await clicks_twice(page, "endCall", CALL)
    assert [type(one) for one in page.link.requests] == [AnswerCall, EndCall]


async def test_several_clicks_at_once_are_one_as_well() -> None:
    page = await open_page(call_with())
    page.link.answers(RemoveParticipant, ParticipantLeft(**CUSTOMER, at=NOW))
    results = await asyncio.gather(*(page.asks("endCall", CALL) for _ in range(3)))
    assert page.link.requests == [RemoveParticipant(**CUSTOMER)]
    assert results[0] == results[1] == results[2]
