"""Ending a call for one party while the others stay, and for the agent."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from connector_py.entities import (
    CallEnded,
    CallStarted,
    DeclineCall,
    EndCall,
    HangupResult,
    ParticipantLeft,
    ParticipantState,
    RemoveParticipant,
)
from tests.support.api_fakes import open_page
from tests.support.builders import make_call_snapshot, with_participant
from tests.support.parties import (
    AGENT,
    CALL,
    CUSTOMER,
    NOW,
    THIRD,
    THIRD_CALL,
    call_with,
    held,
    third,
)

# ---- removing --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "named",
    [
        THIRD_CALL,
        {"callId": "third-1"},
        {"connectionId": "third-1"},
        {"callAttributes": {"participantType": "Third_Party"}},
    ],
)
async def test_ending_a_third_party_leaves_the_call(named: Any) -> None:
    page = await open_page(call_with())
    page.link.answers(RemoveParticipant, ParticipantLeft(**THIRD, at=NOW))
    (ended,) = (await page.asks("endCall", named, "Online")).calls
    assert page.link.requests == [RemoveParticipant(**THIRD)]
    assert (ended.call_id, ended.state, ended.reason) == ("third-1", "ended", "ended")
    assert ended.call_type == "AddParticipant"
    assert page.publisher.events == []
    assert await page.sees_calls() == [("call-1", "connected")]


@pytest.mark.parametrize("named", [CALL, {"callId": "call-1"}, {"callId": "customer-1"}])
async def test_ending_the_customer_leaves_agent_and_third_party(named: Any) -> None:
    page = await open_page(call_with())
    page.link.answers(RemoveParticipant, ParticipantLeft(**CUSTOMER, at=NOW))
    (ended,) = (await page.asks("endCall", named)).calls
    assert page.link.requests == [RemoveParticipant(**CUSTOMER)]
    assert (ended.call_id, ended.state, ended.reason) == ("call-1", "ended", "ended")
    assert await page.sees_calls() == [("third-1", "transferred")]


@pytest.mark.parametrize(
    "named", [AGENT, None, {}, {"callId": "call-1", **AGENT}, {"callId": "agent-1"}]
)
async def test_the_agent_leaves_the_others_together(named: Any) -> None:
    page = await open_page(call_with())
    page.link.answers(EndCall, CallEnded(call_id="call-1", at=NOW))
    calls = (await page.asks("endCall", named)).calls
    assert page.link.requests == [EndCall(call_id="call-1")]
    assert [call.call_id for call in calls] == ["call-1", "third-1"]
    assert await page.sees_calls() == []


@pytest.mark.parametrize("named", [THIRD_CALL, {"callId": "call-1"}, AGENT, None])
async def test_with_one_other_left_the_call_ends(named: Any) -> None:
    gone = with_participant(call_with(), "customer-1", state=ParticipantState.ENDED)
    page = await open_page(gone)
    page.link.answers(EndCall, CallEnded(call_id="call-1", at=NOW))
    await page.asks("endCall", named)
    assert page.link.requests == [EndCall(call_id="call-1")]


async def test_with_the_customer_gone_the_call_itself_is_the_agent() -> None:
    gone = with_participant(
        call_with(third(), third(participant_id="third-2")),
        "customer-1",
        state=ParticipantState.ENDED,
    )
    page = await open_page(gone)
    page.link.answers(EndCall, CallEnded(call_id="call-1", at=NOW))
    await page.asks("endCall", {"callId": "call-1"})
    assert page.link.requests == [EndCall(call_id="call-1")]


@pytest.mark.parametrize(
    "named",
    [
        CALL,
        {"callId": "customer-1"},
        {"connectionId": "customer-1"},
        {"callAttributes": {"participantType": "Initial_Caller"}},
    ],
)
@pytest.mark.parametrize("there", [[third()], [third(), third(participant_id="third-2")]])
async def test_the_customer_who_has_left_is_nobody_else(named: Any, there: Any) -> None:
    """To end the whole call instead would cut off who is still there."""
    gone = with_participant(call_with(*there), "customer-1", state=ParticipantState.ENDED)
    page = await open_page(gone)
    assert await page.is_told("endCall", named) == "CAN_NOT_END_THE_CALL"
    assert page.link.requests == []


@pytest.mark.parametrize(
    "named", [THIRD_CALL, {"callAttributes": {"participantType": "Third_Party"}}]
)
async def test_a_third_party_who_has_left_is_not_the_customer(named: Any) -> None:
    page = await open_page(with_participant(call_with(), "third-1", state=ParticipantState.ENDED))
    assert await page.is_told("endCall", named) == "CAN_NOT_END_THE_CALL"
    assert page.link.requests == []


async def test_who_is_consulted_is_named_as_the_initial_caller_of_a_call_of_its_own() -> None:
    gone = with_participant(
        call_with(third(), third(participant_id="third-2")),
        "customer-1",
        state=ParticipantState.ENDED,
    )
    page = await open_page(gone)
    page.link.answers(RemoveParticipant, ParticipantLeft(**THIRD, at=NOW))
    role = {"callAttributes": {"participantType": "Initial_Caller"}}
    await page.asks("endCall", {"callId": "third-1", **role})
    assert page.link.requests == [RemoveParticipant(**THIRD)]


async def test_who_has_left_is_not_removed_again() -> None:
    gone = with_participant(call_with(), "third-1", state=ParticipantState.ENDED)
    page = await open_page(gone)
    assert await page.is_told("endCall", THIRD_CALL) == "CAN_NOT_END_THE_CALL"
    assert page.link.requests == []


async def test_removing_the_last_but_one_while_the_other_leaves_ends_the_call() -> None:
    page = await open_page(call_with())
    page.link.answers(RemoveParticipant, CallEnded(call_id="call-1", at=NOW))
    calls = (await page.asks("endCall", THIRD_CALL)).calls
    assert [call.call_id for call in calls] == ["call-1", "third-1"]
    assert page.publisher.events == []


async def test_removing_somebody_who_is_still_there_afterwards_fails() -> None:
    page = await open_page(call_with())
    page.link.answers(RemoveParticipant)
    assert await page.is_told("endCall", THIRD_CALL) == "CAN_NOT_END_THE_CALL"


async def test_who_leaves_while_being_removed_is_told_once() -> None:
    page = await open_page(call_with())
    gate = page.link.answers_late(RemoveParticipant)
    removing = await page.starts_asking("endCall", THIRD_CALL)
    page.link.delivers(ParticipantLeft(**THIRD, at=NOW))
    gate.set()
    (ended,) = (await removing).calls
    assert ended.call_id == "third-1"
    assert page.publisher.events == []


async def test_clicks_on_two_parties_are_two_commands_in_order() -> None:
    page = await open_page(call_with(third(), third(participant_id="third-2")))
    gate = page.link.answers_late(RemoveParticipant, ParticipantLeft(**THIRD, at=NOW))
    first = await page.starts_asking("endCall", THIRD_CALL)
    second = await page.starts_asking("endCall", {"callId": "third-2"})
    again = await page.starts_asking("endCall", {"callId": "third-2"})
    assert page.link.requests == [RemoveParticipant(**THIRD)]
    page.link.answers(
        RemoveParticipant,
        ParticipantLeft(call_id="call-1", participant_id="third-2", at=NOW),
    )
    gate.set()
    assert (await first).calls[0].call_id == "third-1"
    assert (await second).calls[0].call_id == (await again).calls[0].call_id == "third-2"
    assert len(page.link.requests) == 2


async def test_a_hang_up_behind_a_removal_counts_who_is_left_then() -> None:
    """The third party was there when the agent clicked, but not when it is the click's turn."""
    page = await open_page(call_with())
    gate = page.link.answers_late(RemoveParticipant, ParticipantLeft(**THIRD, at=NOW))
    page.link.answers(EndCall, CallEnded(call_id="call-1", at=NOW))
    first = await page.starts_asking("endCall", THIRD_CALL)
    second = await page.starts_asking("endCall", CALL)
    gate.set()
    await asyncio.gather(first, second)
    assert page.link.requests == [RemoveParticipant(**THIRD), EndCall(call_id="call-1")]


async def test_with_another_call_left_the_whole_call_is_hung_up_all_the_same() -> None:
    """Then the base connector makes PARTICIPANT_REMOVED of the first one, and that is all."""
    page = await open_page(call_with(), replace(held, call_id="call-2"))
    page.link.answers(EndCall, CallEnded(call_id="call-1", at=NOW))
    calls = (await page.asks("endCall", {"callId": "call-1", **AGENT})).calls
    assert [call.call_id for call in calls] == ["call-1", "third-1"]
    await page.asks("getActiveCalls")
    assert page.publisher.events == [("HANGUP", HangupResult(calls=calls))]


async def test_the_next_call_may_be_there_before_the_base_connector_asks() -> None:
    page = await open_page(call_with())
    page.link.answers(EndCall, CallEnded(call_id="call-1", at=NOW))
    calls = (await page.asks("endCall", {"callId": "call-1", **AGENT})).calls
    page.link.delivers(CallStarted(call=make_call_snapshot(call_id="call-2")))
    await page.asks("getActiveCalls")
    assert page.publisher.types == ["CALL_STARTED", "HANGUP"]
    assert page.publisher.events[-1] == ("HANGUP", HangupResult(calls=calls))
    await page.asks("getActiveCalls")
    assert len(page.publisher.events) == 2


async def test_the_end_of_the_only_call_is_left_to_the_base_connector() -> None:
    page = await open_page(call_with())
    page.link.answers(EndCall, CallEnded(call_id="call-1", at=NOW))
    await page.asks("endCall", {"callId": "call-1", **AGENT})
    await page.asks("getActiveCalls")
    page.link.delivers(CallStarted(call=make_call_snapshot(call_id="call-2")))
    await page.asks("getActiveCalls")
    assert page.publisher.types == ["CALL_STARTED"]


async def test_a_decline_of_a_call_that_ended_with_several_tells_of_them_all() -> None:
    """The base connector makes HANGUP of one call alone."""
    page = await open_page(call_with())
    gate = page.link.answers_late(DeclineCall)
    declining = await page.starts_asking("declineCall", CALL)
    page.link.delivers(CallEnded(call_id="call-1", at=NOW))
    gate.set()
    assert (await declining).call.call_id == "call-1"
    page.publisher.result_is_handed_over()
    ((event_type, payload),) = page.publisher.events
    assert event_type == "HANGUP"
    assert [call.call_id for call in payload.calls] == ["third-1"]
