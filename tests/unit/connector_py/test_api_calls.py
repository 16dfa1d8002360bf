"""Answering, refusing, placing and ending calls, and tones."""

import asyncio
from typing import Any

import pytest

from connector_py.entities import (
    AnswerCall,
    CallEnded,
    CallResult,
    CallStarted,
    CallType,
    Contact,
    DeclineCall,
    Dial,
    EndCall,
    HangupReason,
    HangupResult,
    HangupStatus,
    Hold,
    Mute,
    ParticipantConnected,
    ParticipantHeld,
    ParticipantState,
    RefusalCode,
    SendDigits,
    WrapUpStarted,
)
from connector_py.errors import CommandTimeoutError, LinkDownError
from tests.support.api_fakes import Page, open_page, settled
from tests.support.builders import (
    at,
    make_agent_participant,
    make_call_snapshot,
    make_connected_call_snapshot,
    make_customer,
    make_outbound_call_snapshot,
    with_participant,
)

CALL: dict[str, Any] = {"callId": "call-1"}
ANSWERED = ParticipantConnected(call_id="call-1", participant_id="agent-1", at=at(10))
ENDED = CallEnded(call_id="call-1", at=at(30))
DECLINED = CallEnded(
    call_id="call-1",
    at=at(5),
    reason=HangupReason.PHONE_CALL_ERROR,
    agent_status=HangupStatus.DECLINED,
    close_call_on_error=False,
)
CONTACT = {"phoneNumber": "+12025550143"}
STARTED = CallStarted(call=make_outbound_call_snapshot())


def only_call(result: HangupResult) -> Any:
    (call,) = result.calls
    return call


# ---- accept ----------------------------------------------------------------------------------


async def test_accept_answers_the_call_and_returns_it_connected() -> None:
    page = await open_page(make_call_snapshot())
    page.link.answers(AnswerCall, ANSWERED)
    result = await page.asks("acceptCall", CALL)
    assert page.link.requests == [AnswerCall(call_id="call-1")]
    assert (result.call.call_id, result.call.state) == ("call-1", "connected")
    assert result.call.call_type == "Inbound"
    assert page.publisher.events == []


async def test_accepting_an_answered_call_asks_nobody() -> None:
    page = await open_page(make_connected_call_snapshot())
    result = await page.asks("acceptCall", CALL)
    assert result.call.state == "connected"
    assert page.link.requests == []


async def test_accepting_again_behind_something_else_looks_again() -> None:
    """The call was not answered when the agent clicked, but is when it is the click's turn."""
    page = await open_page(make_call_snapshot())
    gate = page.link.answers_late(AnswerCall, ANSWERED)
    page.link.answers(Hold, refuses=RefusalCode.SWITCH_FAILED)
    first = await page.starts_asking("acceptCall", CALL)
    hold = await page.starts_asking("hold", CALL)
    second = await page.starts_asking("acceptCall", CALL)
    gate.set()
    await asyncio.wait({first, hold, second})
    assert second.result() == first.result()
    assert [type(command) for command in page.link.requests] == [AnswerCall, Hold]
    assert hold.exception() is not None


async def test_accept_without_an_argument_takes_the_only_call() -> None:
    page = await open_page(make_call_snapshot())
    page.link.answers(AnswerCall, ANSWERED)
    assert (await page.asks("acceptCall", None)).call.call_id == "call-1"


async def test_accepting_a_call_that_is_gone() -> None:
    page = await open_page(make_call_snapshot())
    page.link.delivers(ENDED)
    assert await page.is_told("acceptCall", CALL) == "CAN_NOT_ACCEPT_THE_CALL"
    assert page.link.requests == []


async def test_a_customer_who_hangs_up_while_the_agent_answers() -> None:
    page = await open_page(make_call_snapshot())
    page.link.answers(AnswerCall, ANSWERED, ENDED)
    assert await page.is_told("acceptCall", CALL) == "CAN_NOT_ACCEPT_THE_CALL"
    assert page.publisher.types == ["HANGUP"]


async def test_accept_without_an_argument_takes_the_call_that_rings() -> None:
    page = await open_page(make_connected_call_snapshot(), make_call_snapshot(call_id="call-2"))
    answered = ParticipantConnected(call_id="call-2", participant_id="agent-1", at=at(10))
    page.link.answers(AnswerCall, answered)
    assert (await page.asks("acceptCall", None)).call.call_id == "call-2"


async def test_the_agents_own_call_that_rings_elsewhere_is_not_accepted_before_its_time() -> None:
    """Salesforce accepts internal calls by itself; it would hear that this one is connected."""
    page = await open_page(make_outbound_call_snapshot(call_type=CallType.INTERNAL_CALL))
    assert await page.is_told("acceptCall", CALL) == "CAN_NOT_ACCEPT_THE_CALL"
    assert page.link.requests == []
    page.link.delivers(
        ParticipantConnected(call_id="call-1", participant_id="customer-1", at=at(10))
    )
    assert page.publisher.types == ["CALL_CONNECTED"]
    assert (await page.asks("acceptCall", CALL)).call.state == "connected"


async def test_accepting_a_callback_starts_the_call_and_the_customers_answer_connects_it() -> None:
    """Guide chapter 9: the base connector makes CALL_STARTED of a Callback's result."""
    callback = make_call_snapshot(
        call_type=CallType.CALLBACK,
        participants=(make_customer(state=ParticipantState.RINGING), make_agent_participant()),
    )
    page = await open_page()
    page.link.delivers(CallStarted(call=callback))
    page.link.answers(AnswerCall, ANSWERED)
    result = await page.asks("acceptCall", CALL)
    assert (result.call.call_type, result.call.state) == ("Callback", "ringing")
    assert page.publisher.types == ["QUEUED_CALL_STARTED"]
    assert (await page.asks("acceptCall", CALL)).call.state == "ringing"
    page.link.delivers(
        ParticipantConnected(call_id="call-1", participant_id="customer-1", at=at(20))
    )
    assert page.publisher.types == ["QUEUED_CALL_STARTED", "CALL_CONNECTED"]
    assert len(page.link.requests) == 1


async def test_a_callback_that_is_accepted_at_the_desk_phone_starts_too() -> None:
    callback = make_call_snapshot(
        call_type=CallType.CALLBACK,
        participants=(make_customer(state=ParticipantState.RINGING), make_agent_participant()),
    )
    page = await open_page(callback)
    page.link.delivers(ANSWERED)
    page.link.delivers(
        ParticipantConnected(call_id="call-1", participant_id="customer-1", at=at(20))
    )
    assert page.publisher.types == ["CALL_STARTED", "CALL_CONNECTED"]


async def test_a_callback_whose_customer_was_there_already_connects_after_the_result() -> None:
    callback = make_call_snapshot(call_type=CallType.CALLBACK)
    page = await open_page(callback)
    page.link.answers(AnswerCall, ANSWERED)
    await page.api.dispatch("acceptCall", [CALL])
    assert page.publisher.events == []
    page.publisher.result_is_handed_over()
    assert page.publisher.types == ["CALL_CONNECTED"]


async def test_a_call_without_anybody_to_show_cannot_be_accepted() -> None:
    page = await open_page(make_call_snapshot(participants=(make_agent_participant(),)))
    page.link.answers(AnswerCall, ANSWERED)
    assert await page.is_told("acceptCall", CALL) == "CAN_NOT_ACCEPT_THE_CALL"


# ---- decline ---------------------------------------------------------------------------------


async def test_decline_returns_the_call_with_the_guides_three_fields() -> None:
    page = await open_page(make_call_snapshot())
    page.link.answers(DeclineCall, DECLINED)
    call = (await page.asks("declineCall", CALL)).call
    assert page.link.requests == [DeclineCall(call_id="call-1")]
    assert (call.call_id, call.state, call.reason) == ("call-1", "ended", "error")
    assert (call.agent_status, call.close_call_on_error) == ("DeclinedByAgent", False)
    assert page.publisher.events == []


async def test_a_decline_that_only_a_snapshot_shows_is_still_a_decline() -> None:
    page = await open_page(make_call_snapshot())
    gate = page.link.answers_late(DeclineCall)
    declining = await page.starts_asking("declineCall", CALL)
    page.link.resyncs()
    gate.set()
    call = (await declining).call
    assert (call.reason, call.agent_status) == ("error", "DeclinedByAgent")
    assert call.close_call_on_error is False
    assert page.publisher.events == []


async def test_a_decline_of_a_call_that_was_missed_meanwhile_says_so_once() -> None:
    page = await open_page(make_call_snapshot())
    gate = page.link.answers_late(DeclineCall)
    declining = await page.starts_asking("declineCall", CALL)
    missed = CallEnded(
        call_id="call-1",
        at=at(20),
        reason=HangupReason.PHONE_CALL_ERROR,
        agent_status=HangupStatus.MISSED_AGENT,
        close_call_on_error=False,
    )
    page.link.delivers(missed)
    gate.set()
    assert (await declining).call.agent_status == "MissedCallAgent"
    assert page.publisher.events == []


async def test_a_decline_that_did_nothing_fails() -> None:
    page = await open_page(make_call_snapshot())
    page.link.answers(DeclineCall)
    assert await page.is_told("declineCall", CALL) == "CAN_NOT_DECLINE_THE_CALL"


# ---- end -------------------------------------------------------------------------------------


async def test_end_returns_the_ended_call_and_after_call_work_follows_the_result() -> None:
    page = await open_page(make_connected_call_snapshot())
    page.link.answers(EndCall, ENDED, WrapUpStarted(call_id="call-1"))
    result = await page.api.dispatch("endCall", [CALL, "Online"])
    assert page.link.requests == [EndCall(call_id="call-1", agent_status="Online")]
    call = only_call(result)
    assert (call.state, call.reason, call.agent_status) == ("ended", "ended", None)
    assert call.close_call_on_error is False
    assert page.publisher.events == []
    page.publisher.result_is_handed_over()
    assert page.publisher.events == [("AFTER_CALL_WORK_STARTED", {"callId": "call-1"})]
    assert await page.sees_calls() == []


async def test_a_call_that_answers_by_its_agents_id_is_the_customers() -> None:
    page = await open_page(make_connected_call_snapshot())
    page.link.answers(
        Hold, ParticipantHeld(call_id="call-1", participant_id="customer-1", at=at(9))
    )
    await page.asks("hold", {"callId": "agent-1"})
    assert page.link.requests == [Hold(call_id="call-1", participant_id="customer-1")]


async def test_the_agents_own_type_means_the_call_with_the_customer() -> None:
    only_me = make_call_snapshot(call_id="call-0", participants=(make_agent_participant(),))
    page = await open_page(only_me, make_connected_call_snapshot())
    page.link.answers(EndCall, ENDED)
    await page.asks("endCall", {"callAttributes": {"participantType": "Agent"}})
    assert page.link.requests == [EndCall(call_id="call-1")]


@pytest.mark.parametrize("participant_type", ["Initial_Caller", "Agent", "initial_caller"])
async def test_end_of_a_call_that_is_named_only_by_a_participant(participant_type: str) -> None:
    """Weakness B26."""
    page = await open_page(make_connected_call_snapshot())
    page.link.answers(EndCall, ENDED)
    await page.asks("endCall", {"callAttributes": {"participantType": participant_type}}, None)
    assert page.link.requests == [EndCall(call_id="call-1")]


@pytest.mark.parametrize("key", ["callId", "connectionId"])
async def test_end_of_a_call_that_is_named_by_its_customers_id(key: str) -> None:
    page = await open_page(make_connected_call_snapshot())
    page.link.answers(EndCall, ENDED)
    await page.asks("endCall", {key: "customer-1"})
    assert page.link.requests == [EndCall(call_id="call-1")]


async def test_end_of_the_second_of_two_calls() -> None:
    page = await open_page(
        make_connected_call_snapshot(), make_connected_call_snapshot(call_id="call-2")
    )
    page.link.answers(EndCall, CallEnded(call_id="call-2", at=at(30)))
    await page.asks("endCall", {"callId": "call-2"})
    assert await page.sees_calls() == [("call-1", "connected")]


async def test_end_for_somebody_who_is_not_there_never_ends_the_whole_call() -> None:
    page = await open_page(make_connected_call_snapshot())
    for named in (
        {"callId": "call-1", "callAttributes": {"participantType": "Third_Party"}},
        {"callAttributes": {"participantType": "Third_Party"}},
    ):
        assert await page.is_told("endCall", named) == "CAN_NOT_END_THE_CALL"
    assert page.link.requests == []


async def test_end_of_a_call_whose_customer_left_already() -> None:
    """A line that stays open after the customer left must not be stuck with the agent."""
    left = with_participant(
        make_connected_call_snapshot(), "customer-1", state=ParticipantState.ENDED
    )
    page = await open_page(left)
    page.link.answers(EndCall, ENDED)
    assert only_call(await page.asks("endCall", CALL)).state == "ended"


async def test_end_of_a_call_that_nobody_knows() -> None:
    page = await open_page(make_connected_call_snapshot())
    for named in (
        {"callId": "call-9"},
        {"callAttributes": {"participantType": "Supervisor"}},
        {"callAttributes": {"participantType": "Nobody"}},
        "call-1",
    ):
        assert await page.is_told("endCall", named) == "CAN_NOT_END_THE_CALL"
    assert page.link.requests == []


async def test_a_customer_who_hangs_up_at_the_same_moment_is_told_once() -> None:
    """The server refuses, but the call did end: HANGUP is the result, not lost and not twice."""
    page = await open_page(make_connected_call_snapshot())
    gate = page.link.answers_late(EndCall)
    ending = await page.starts_asking("endCall", CALL)
    page.link.answers(EndCall, refuses=RefusalCode.CALL_NOT_FOUND)
    page.link.delivers(ENDED)
    gate.set()
    assert only_call(await ending).reason == "ended"
    assert page.publisher.events == []


@pytest.mark.parametrize(
    "failure", [CommandTimeoutError("too late"), LinkDownError("down")], ids=["late", "down"]
)
async def test_an_end_whose_reply_got_lost_has_worked(failure: Any) -> None:
    page = await open_page(make_connected_call_snapshot())
    page.link.answers(EndCall, ENDED, fails=failure)
    assert only_call(await page.asks("endCall", CALL)).state == "ended"
    assert page.publisher.events == []


async def test_an_end_that_came_too_late_is_an_event() -> None:
    page = await open_page(make_connected_call_snapshot())
    page.link.answers(EndCall, fails=CommandTimeoutError("too late"))
    assert await page.is_told("endCall", CALL) == "CAN_NOT_END_THE_CALL"
    page.link.delivers(ENDED, cause=page.link.command_ids[0])
    assert page.publisher.types == ["HANGUP"]


DIAL_ERRORS = (
    "AREA_CODE_NOT_IN_DIALABLE_LIST",
    "PHONE_NUMBER_NOT_VALID",
    "PHONE_NUMBER_NOT_VALID_E164_FORMAT",
    "UNAUTHORIZED_SERVICE_CALL",
    "AGENT_AT_MAXIMUM_CAPACITY",
    "OUTBOUND_QUEUE_MISCONFIGURED",
    "CALL_THROTTLED",
    "TIMEOUT_ERROR",
    "UNABLE_TO_CONNECT_TO_AGENT",
    "AGENT_NOT_INITIALIZED",
)
"""connector-api.md section 0."""

# ---- dial ------------------------------------------------------------------------------------


async def test_dial_returns_the_call_that_rings_at_the_customer() -> None:
    page = await open_page()
    page.link.answers(Dial, STARTED, result={"callId": "call-1"})
    contact = {**CONTACT, "name": "Carla", "type": "PhoneNumber"}
    result = await page.asks("dial", contact, {"isCallback": True, "isConsultCall": False})
    (command,) = page.link.requests
    assert isinstance(command, Dial)
    assert (command.contact.phone_number, command.contact.name) == ("+12025550143", "Carla")
    assert (command.is_callback, command.is_consult_call) == (True, False)
    assert (result.call.call_id, result.call.state) == ("call-1", "ringing")
    assert page.publisher.events == []


async def test_a_dialled_call_that_the_stream_told_of_before_is_found_by_the_reply() -> None:
    page = await open_page(make_outbound_call_snapshot())
    page.link.answers(Dial, result={"callId": "call-1"})
    assert (await page.asks("dial", CONTACT)).call.call_id == "call-1"


async def test_a_dialled_call_that_is_nowhere() -> None:
    page = await open_page()
    page.link.answers(Dial, result={"callId": "call-9"})
    assert await page.is_told("dial", CONTACT) == "CAN_NOT_START_THE_CALL"


async def test_a_call_that_fails_before_the_reply_starts_first_and_then_hangs_up() -> None:
    page = await open_page()
    failed = CallEnded(
        call_id="call-1",
        at=at(1),
        reason=HangupReason.PHONE_CALL_ERROR,
        agent_status=HangupStatus.FAILED_CONNECT_CUSTOMER,
        close_call_on_error=False,
    )
    page.link.answers(Dial, STARTED, failed, result={"callId": "call-1"})
    result = await page.api.dispatch("dial", [CONTACT, None])
    assert result.call.state == "ringing"
    assert page.publisher.events == []
    page.publisher.result_is_handed_over()
    ((event_type, payload),) = page.publisher.events
    assert event_type == "HANGUP"
    assert only_call(payload).agent_status == "FailedConnectCustomer"


@pytest.mark.parametrize(
    ("code", "constant"),
    [
        (RefusalCode.INVALID_DESTINATION, "INVALID_DESTINATION"),
        (RefusalCode.INTERNAL, "GENERIC_ERROR"),
        (RefusalCode.INVALID_STATE, "CAN_NOT_START_THE_CALL"),
        (RefusalCode.SWITCH_FAILED, "CAN_NOT_START_THE_CALL"),
        # Newer base connectors dispatch these; 4.8.10 makes CAN_NOT_START_THE_CALL of them.
        *((name, name) for name in DIAL_ERRORS),
    ],
)
async def test_a_dial_that_is_refused(code: str, constant: str) -> None:
    page = await open_page()
    page.link.answers(Dial, refuses=code)
    assert await page.is_told("dial", CONTACT) == constant


@pytest.mark.parametrize("contact", [None, "x", {"phoneNumber": 5}, {"type": "Neighbour"}])
async def test_a_contact_that_does_not_fit(contact: Any) -> None:
    page = await open_page()
    assert await page.is_told("dial", contact) == "CAN_NOT_START_THE_CALL"
    assert page.link.requests == []


async def test_a_dialled_call_is_known_from_a_snapshot_too() -> None:
    """The line drops after the switch dialled; the same command is answered after the resync."""
    page = await open_page()
    gate = page.link.answers_late(Dial, result={"callId": "call-1"})
    dialling = await page.starts_asking("dial", CONTACT)
    page.link.resyncs(make_outbound_call_snapshot())
    gate.set()
    assert (await dialling).call.call_id == "call-1"
    assert page.publisher.events == []


@pytest.mark.parametrize("how", ["live", "by snapshot"])
async def test_a_call_that_comes_in_while_dialling_is_not_taken_for_the_dialled_one(
    how: str,
) -> None:
    page = await open_page()
    gate = page.link.answers_late(Dial, STARTED, result={"callId": "call-1"})
    dialling = await page.starts_asking("dial", CONTACT)
    inbound = make_call_snapshot(call_id="call-7")
    if how == "live":
        page.link.delivers(CallStarted(call=inbound))
    else:
        page.link.resyncs(inbound)
    ((event_type, payload),) = page.publisher.events
    assert (event_type, payload.call.call_id) == ("CALL_STARTED", "call-7")
    gate.set()
    assert (await dialling).call.call_id == "call-1"


async def test_another_agents_call_is_not_taken_for_the_dialled_one() -> None:
    page = await open_page()
    gate = page.link.answers_late(Dial, STARTED, result={"callId": "call-1"})
    dialling = await page.starts_asking("dial", CONTACT)
    internal = make_call_snapshot(
        call_id="call-7",
        call_type=CallType.INTERNAL_CALL,
        participants=(
            make_agent_participant(agent_id="ben", state=ParticipantState.CONNECTED),
            make_customer(agent_id="ada", state=ParticipantState.RINGING),
        ),
    )
    page.link.resyncs(internal)
    assert page.publisher.types == ["CALL_STARTED"]
    gate.set()
    assert (await dialling).call.call_id == "call-1"


async def test_a_dialled_callback_is_queued_like_any_other() -> None:
    """By the base connector out of the result; by the connector when nobody waited for it."""
    page = await open_page()
    callback = make_outbound_call_snapshot(call_type=CallType.DIALED_CALLBACK)
    page.link.answers(Dial, CallStarted(call=callback), result={"callId": "call-1"})
    result = await page.asks("dial", CONTACT, {"isCallback": True})
    assert result.call.call_type == "DialedCallback"
    assert page.publisher.events == []
    late = await open_page()
    late.link.delivers(CallStarted(call=callback))
    assert late.publisher.types == ["QUEUED_CALL_STARTED"]


async def test_dialling_twice_at_once_places_one_call() -> None:
    page = await open_page()
    gate = page.link.answers_late(Dial, STARTED, result={"callId": "call-1"})
    first = await page.starts_asking("dial", CONTACT)
    second = await page.starts_asking("dial", CONTACT)
    gate.set()
    assert await first == await second == CallResult(call=(await first).call)
    assert page.link.requests == [Dial(contact=Contact(phone_number="+12025550143"))]


# ---- digits ----------------------------------------------------------------------------------


async def test_digits_go_to_the_connected_call() -> None:
    page = await open_page(make_call_snapshot(), make_connected_call_snapshot(call_id="call-2"))
    page.link.answers(SendDigits)
    assert await page.asks("sendDigits", "12*#,aD") is None
    assert page.link.requests == [SendDigits(call_id="call-2", digits="12*#,AD")]


async def test_digits_go_to_the_call_that_is_not_on_hold() -> None:
    held = with_participant(make_connected_call_snapshot(), "customer-1", is_on_hold=True)
    page = await open_page(held, make_connected_call_snapshot(call_id="call-2"))
    page.link.answers(SendDigits)
    await page.asks("sendDigits", "1")
    assert page.link.requests == [SendDigits(call_id="call-2", digits="1")]


@pytest.mark.parametrize("digits", ["", "12E", "1 2", "\uff11", "1\n", "1" * 65, 12, None, ["1"]])
async def test_what_are_no_digits(digits: Any) -> None:
    page = await open_page(make_connected_call_snapshot())
    assert await page.is_told("sendDigits", digits) == "GENERIC_ERROR"
    assert page.link.requests == []
    assert "12E" not in str(page.log.entries)


async def test_digits_come_after_what_was_clicked_before_them_and_each_press_counts() -> None:
    page = await open_page(make_connected_call_snapshot())
    gate = page.link.answers_late(Mute)
    page.link.answers(SendDigits)
    clicks = [await page.starts_asking("mute")]
    clicks += [await page.starts_asking("sendDigits", "5") for _ in range(2)]
    assert page.link.requests == [Mute(call_id="call-1")]
    gate.set()
    await asyncio.gather(*clicks)
    press = SendDigits(call_id="call-1", digits="5")
    assert page.link.requests == [Mute(call_id="call-1"), press, press]


async def test_digits_without_a_connected_call() -> None:
    page = await open_page(make_call_snapshot())
    assert await page.is_told("sendDigits", "1") == "GENERIC_ERROR"


# ---- a line that drops -----------------------------------------------------------------------


async def test_a_command_on_its_way_fails_when_the_line_is_lost() -> None:
    page: Page = await open_page(make_call_snapshot())
    page.link.answers_late(AnswerCall, ANSWERED)
    answering = await page.starts_asking("acceptCall", CALL)
    page.link.goes_down()
    await settled()
    assert answering.exception() is not None
    page.link.resyncs(make_connected_call_snapshot())
    assert page.publisher.types == ["CALL_CONNECTED"]
