"""An agent who was added to a call, or called by another agent: Salesforce knows their own part."""

from dataclasses import replace
from typing import Any

import pytest

from connector_py.entities import (
    AnswerCall,
    AudioStats,
    AudioStatsReported,
    CallEnded,
    CallSnapshot,
    CallStarted,
    CallType,
    CallUpdated,
    DeclineCall,
    EndCall,
    EndWrapUp,
    HangupReason,
    HangupStatus,
    Hold,
    Mute,
    ParticipantConnected,
    ParticipantHeld,
    ParticipantLeft,
    ParticipantMuted,
    ParticipantSnapshot,
    ParticipantState,
    ParticipantType,
    RecordingPaused,
    RecordingState,
    RemoveParticipant,
    SupervisorBargedIn,
    WrapUpEnded,
    WrapUpStarted,
)
from tests.support.api_fakes import open_page
from tests.support.builders import (
    at,
    make_agent_participant,
    make_agent_snapshot,
    make_call_snapshot,
    make_customer,
    make_supervisor,
    with_participant,
)

RINGING, CONNECTED = ParticipantState.RINGING, ParticipantState.CONNECTED
LEG: dict[str, Any] = {"call_id": "call-1", "participant_id": "leg-1"}
CUSTOMER: dict[str, Any] = {"call_id": "call-1", "participant_id": "customer-1"}
BEN: dict[str, Any] = {"call_id": "call-1", "participant_id": "ben-1"}
MY_CALL = {"callId": "leg-1", "callAttributes": {"participantType": "Initial_Caller"}}
ANSWERED = ParticipantConnected(**LEG, at=at(20))


def leg(**fields: Any) -> ParticipantSnapshot:
    """Ada's part: Ben asked for her."""
    defaults: dict[str, Any] = {
        "participant_id": "leg-1",
        "participant_type": ParticipantType.THIRD_PARTY,
        "added_by": "ben-1",
        "voice_call_id": "0LQ2",
    }
    return make_agent_participant(**(defaults | fields))


def transferred(*more: ParticipantSnapshot, **fields: Any) -> CallSnapshot:
    """Ben's call with a customer on hold, which rings at ada unless said otherwise."""
    ben = make_agent_participant(participant_id="ben-1", agent_id="ben", state=CONNECTED)
    customer = make_customer(is_on_hold=True)
    return make_call_snapshot(
        participants=(customer, ben, leg(**fields), *more), voice_call_id="0LQ1"
    )


on_it = transferred(state=CONNECTED, state_since=at(20))


# ---- ringing ---------------------------------------------------------------------------------


async def test_a_transfer_rings_under_the_key_of_its_own_voice_call() -> None:
    page = await open_page()
    page.link.delivers(CallStarted(call=transferred()))
    ((event_type, payload),) = page.publisher.events
    call = payload.call
    assert event_type == "CALL_STARTED"
    assert (call.call_id, call.call_type, call.state) == ("leg-1", "Transfer", "ringing")
    assert call.call_attributes.voice_call_id == "0LQ2"
    assert call.call_attributes.parent_id == "call-1"
    assert call.phone_number == "+12025550143"


async def test_a_consult_rings_as_one() -> None:
    page = await open_page()
    page.link.delivers(CallStarted(call=transferred(is_consult=True)))
    ((_, payload),) = page.publisher.events
    assert (payload.call.call_id, payload.call.call_type) == ("leg-1", "Consult")


async def test_while_it_rings_there_is_nobody_else_yet() -> None:
    page = await open_page(transferred())
    assert await page.sees_calls() == [("leg-1", "ringing")]
    for notification in (
        ParticipantMuted(**BEN),
        RecordingPaused(call_id="call-1"),
        AudioStatsReported(call_id="call-1", audio_stats=AudioStats()),
    ):
        recorded = replace(transferred(), recording=RecordingState.RECORDING)
        page.link.resyncs(recorded)
        page.link.delivers(notification)
        assert page.publisher.events == []


async def test_a_barge_in_is_no_news_before_the_call_is_accepted() -> None:
    sue = make_supervisor(agent_id="sue")
    page = await open_page(transferred(sue))
    page.link.delivers(SupervisorBargedIn(call_id="call-1", participant_id="sup-1", at=at(15)))
    assert page.publisher.events == []


async def test_accepting_shows_the_customer_and_then_who_else_is_there() -> None:
    page = await open_page(transferred())
    page.link.answers(AnswerCall, ANSWERED)
    result = await page.api.dispatch("acceptCall", [MY_CALL])
    assert page.link.requests == [AnswerCall(call_id="call-1")]
    assert (result.call.call_id, result.call.state) == ("leg-1", "connected")
    assert page.publisher.events == []
    page.publisher.result_is_handed_over()
    ((event_type, ben),) = page.publisher.events
    assert (event_type, ben.call_id) == ("PARTICIPANT_CONNECTED", "ben-1")
    assert await page.sees_calls() == [("leg-1", "connected"), ("ben-1", "transferred")]


async def test_answering_at_the_desk_phone_tells_the_same() -> None:
    page = await open_page(transferred())
    page.link.delivers(ANSWERED)
    assert page.publisher.types == ["CALL_CONNECTED", "PARTICIPANT_CONNECTED"]


@pytest.mark.parametrize("method", ["declineCall", "endCall"])
async def test_refusing_it_names_only_what_rang(method: str) -> None:
    page = await open_page(transferred())
    declined = CallEnded(
        call_id="call-1",
        at=at(15),
        reason=HangupReason.PHONE_CALL_ERROR,
        agent_status=HangupStatus.DECLINED,
        close_call_on_error=False,
    )
    command = DeclineCall if method == "declineCall" else EndCall
    page.link.answers(command, declined)
    result = await page.asks(method, MY_CALL)
    assert page.link.requests == [command(call_id="call-1")]
    calls = result.calls if method == "endCall" else (result.call,)
    assert [(call.call_id, call.agent_status) for call in calls] == [("leg-1", "DeclinedByAgent")]


async def test_a_missed_one_names_only_what_rang() -> None:
    page = await open_page(transferred())
    page.link.delivers(CallEnded(call_id="call-1", at=at(15)))
    ((_, payload),) = page.publisher.events
    assert [call.call_id for call in payload.calls] == ["leg-1"]


async def test_a_customer_who_leaves_first_leaves_the_agents_to_each_other() -> None:
    """The ringing call stays, under its key; it is Ben who waits there now."""
    page = await open_page(transferred())
    page.link.delivers(ParticipantLeft(**CUSTOMER, at=at(15)))
    ((event_type, payload),) = page.publisher.events
    assert (event_type, payload.call.call_id) == ("CALL_UPDATED", "leg-1")
    assert payload.call.contact.id == "ben"
    assert await page.sees_calls() == [("leg-1", "ringing")]
    page.link.answers(AnswerCall, ANSWERED)
    result = await page.asks("acceptCall", MY_CALL)
    assert (result.call.call_id, result.call.state) == ("leg-1", "connected")
    assert await page.sees_calls() == [("leg-1", "connected")]
    page.link.delivers(CallEnded(call_id="call-1", at=at(30)))
    assert [call.call_id for call in page.publisher.events[-1][1].calls] == ["leg-1"]


def left_at(seconds: float, **fields: Any) -> CallSnapshot:
    """The call after the customer left; ada answered at second 20."""
    answered = transferred(state=CONNECTED, state_since=at(20), **fields)
    return with_participant(
        answered,
        "customer-1",
        state=ParticipantState.ENDED,
        state_since=at(seconds),
        is_on_hold=False,
    )


async def test_a_snapshot_tells_it_in_the_order_in_which_it_happened() -> None:
    page = await open_page(transferred())
    page.link.resyncs(left_at(25))
    assert [(kind, told_id(payload)) for kind, payload in page.publisher.events] == [
        ("CALL_CONNECTED", "leg-1"),
        ("PARTICIPANT_CONNECTED", "ben-1"),
        ("PARTICIPANT_REMOVED", "leg-1"),
    ]
    early = await open_page(transferred())
    early.link.resyncs(left_at(15))
    assert [(kind, told_id(payload)) for kind, payload in early.publisher.events] == [
        ("CALL_UPDATED", "leg-1"),
        ("CALL_CONNECTED", "leg-1"),
    ]


async def test_a_snapshot_of_a_call_that_was_never_seen_begins_with_its_start() -> None:
    page = await open_page()
    page.link.resyncs(left_at(25))
    assert [(kind, told_id(payload)) for kind, payload in page.publisher.events] == [
        ("CALL_STARTED", "leg-1"),
        ("CALL_CONNECTED", "leg-1"),
        ("PARTICIPANT_CONNECTED", "ben-1"),
        ("PARTICIPANT_REMOVED", "leg-1"),
    ]
    assert await page.sees_calls() == [("ben-1", "transferred")]


def told_id(payload: Any) -> str | None:
    return getattr(payload, "call", payload).call_id  # type: ignore[no-any-return]


async def test_a_hold_while_it_rings_only_changes_how_the_call_looks() -> None:
    page = await open_page(with_participant(transferred(), "customer-1", is_on_hold=False))
    page.link.delivers(ParticipantHeld(**CUSTOMER, at=at(15)))
    ((event_type, payload),) = page.publisher.events
    assert (event_type, payload.call.call_id) == ("CALL_UPDATED", "leg-1")
    assert payload.call.call_info.is_on_hold
    page.link.delivers(ParticipantHeld(**BEN, at=at(16)))
    assert len(page.publisher.events) == 1


async def test_an_agent_who_is_called_and_whose_caller_leaves_gets_who_is_there() -> None:
    guest = make_agent_participant(
        participant_id="guest-1",
        agent_id="cleo",
        participant_type=ParticipantType.THIRD_PARTY,
        state=CONNECTED,
    )
    page = await open_page(internal(RINGING, guest))
    page.link.delivers(ParticipantLeft(**BEN, at=at(5)))
    ((event_type, payload),) = page.publisher.events
    assert (event_type, payload.call.call_id) == ("CALL_UPDATED", "call-1")
    assert payload.call.contact.id == "cleo"
    page.link.delivers(ParticipantConnected(**CUSTOMER, at=at(10)))
    assert page.publisher.types == ["CALL_UPDATED", "CALL_CONNECTED"]
    assert await page.sees_calls() == [("call-1", "connected")]


# ---- on the call -----------------------------------------------------------------------------


@pytest.mark.parametrize("named", [MY_CALL, {"callId": "leg-1"}, {"callId": "call-1"}, None])
async def test_hold_is_of_the_customer(named: Any) -> None:
    page = await open_page(with_participant(on_it, "customer-1", is_on_hold=False))
    page.link.answers(Hold, ParticipantHeld(**CUSTOMER, at=at(30)))
    result = await page.asks("hold", named)
    assert page.link.requests == [Hold(**CUSTOMER)]
    assert result.is_customer_on_hold
    assert set(result.calls) == {"leg-1", "ben-1"}


async def test_hold_of_the_other_agent() -> None:
    page = await open_page(on_it)
    page.link.answers(Hold, ParticipantHeld(**BEN, at=at(30)))
    assert (await page.asks("hold", {"callId": "ben-1"})).is_third_party_on_hold
    assert page.link.requests == [Hold(**BEN)]


async def test_mute_is_of_their_own_microphone() -> None:
    page = await open_page(on_it)
    page.link.answers(Mute, ParticipantMuted(**LEG))
    assert (await page.asks("mute", MY_CALL)).is_muted
    assert page.link.requests == [Mute(call_id="call-1")]


async def test_ending_the_customer_leaves_the_agents() -> None:
    page = await open_page(on_it)
    page.link.answers(RemoveParticipant, ParticipantLeft(**CUSTOMER, at=at(30)))
    (ended,) = (await page.asks("endCall", MY_CALL)).calls
    assert page.link.requests == [RemoveParticipant(**CUSTOMER)]
    assert ended.call_id == "leg-1"


async def test_the_other_agent_leaves() -> None:
    page = await open_page(on_it)
    page.link.delivers(ParticipantLeft(**BEN, at=at(30)))
    ((event_type, payload),) = page.publisher.events
    assert (event_type, payload.call.call_id) == ("PARTICIPANT_REMOVED", "ben-1")
    assert await page.sees_calls() == [("leg-1", "connected")]


async def test_the_customer_leaves_a_consult_for_good() -> None:
    """Told as a Consult it would be this agent's own call that is removed."""
    page = await open_page(transferred(state=CONNECTED, state_since=at(20), is_consult=True))
    page.link.delivers(ParticipantLeft(**CUSTOMER, at=at(30)))
    ((event_type, payload),) = page.publisher.events
    assert (event_type, payload.call.call_id) == ("PARTICIPANT_REMOVED", "leg-1")
    assert payload.call.call_type == "Transfer"
    assert await page.sees_calls() == [("ben-1", "transferred")]


async def test_facts_of_the_agent_s_own_part_are_those_of_the_call() -> None:
    page = await open_page(on_it)
    page.link.delivers(CallUpdated(**LEG, voice_call_id="0LQ9"))
    ((event_type, payload),) = page.publisher.events
    assert (event_type, payload.call.call_id) == ("CALL_UPDATED", "leg-1")
    assert payload.call.call_attributes.voice_call_id == "0LQ9"


async def test_audio_is_measured_under_the_agent_s_own_key() -> None:
    page = await open_page(on_it)
    stats = AudioStats(call_id="call-1", is_audio_stats_completed=True)
    page.link.delivers(AudioStatsReported(call_id="call-1", audio_stats=stats))
    ((_, payload),) = page.publisher.events
    assert payload.call_id == "leg-1"


async def test_a_supervisor_who_barges_in_is_told_under_the_agent_s_own_key() -> None:
    page = await open_page(replace(on_it, participants=(*on_it.participants, sue())))
    barged_in = SupervisorBargedIn(call_id="call-1", participant_id="sup-1", at=at(30))
    page.link.delivers(barged_in)
    ((event_type, info),) = page.publisher.events
    assert event_type == "CALL_BARGED_IN"
    assert (info.call_id, info.voice_call_id, info.call_type) == ("leg-1", "0LQ2", "Transfer")
    assert (info.supervisor_name, info.from_) == ("Sue Supervisor", "+12025550143")


def sue() -> ParticipantSnapshot:
    return make_supervisor(agent_id="sue", name="Sue Supervisor")


# ---- after the call --------------------------------------------------------------------------


async def test_after_call_work_names_the_agent_s_own_part() -> None:
    page = await open_page(on_it)
    page.link.delivers(CallEnded(call_id="call-1", at=at(40)))
    page.link.delivers(WrapUpStarted(call_id="call-1"))
    assert page.publisher.events[1:] == [("AFTER_CALL_WORK_STARTED", {"callId": "leg-1"})]
    page.link.answers(EndWrapUp, WrapUpEnded(call_id="call-1"))
    await page.asks("wrapUpCall", {"callId": "leg-1"})
    assert page.link.requests == [EndWrapUp(call_id="call-1")]
    ended = {"callId": "leg-1", "callType": "transfer", "callStatus": "ended"}
    assert page.publisher.events[2:] == [("WRAP_UP_ENDED", ended)]


async def test_after_call_work_of_the_agent_s_own_call() -> None:
    page = await open_page(make_call_snapshot(call_type=CallType.OUTBOUND))
    page.link.delivers(CallEnded(call_id="call-1", at=at(40)))
    page.link.delivers(WrapUpStarted(call_id="call-1"))
    page.link.delivers(WrapUpEnded(call_id="call-1"))
    ended = {"callId": "call-1", "callType": "outbound", "callStatus": "ended"}
    assert page.publisher.events[1:] == [
        ("AFTER_CALL_WORK_STARTED", {"callId": "call-1"}),
        ("WRAP_UP_ENDED", ended),
    ]


async def test_a_page_that_was_loaded_during_after_call_work_ends_it_by_whatever_name() -> None:
    page = await open_page(agent=make_agent_snapshot(wrap_up_call_id="call-1"))
    page.link.answers(EndWrapUp)
    await page.asks("wrapUpCall", {"callId": "leg-1"})
    assert page.link.requests == [EndWrapUp(call_id="call-1")]


async def test_another_call_s_name_does_not_end_this_after_call_work() -> None:
    page = await open_page(on_it)
    page.link.delivers(CallEnded(call_id="call-1", at=at(40)))
    page.link.delivers(WrapUpStarted(call_id="call-1"))
    page.link.answers(EndWrapUp)
    await page.asks("wrapUpCall", {"callId": "call-0"})
    assert page.link.requests == [EndWrapUp(call_id="call-0")]


async def test_only_the_last_calls_are_remembered() -> None:
    page = await open_page(on_it)
    page.link.delivers(CallEnded(call_id="call-1", at=at(40)))
    for number in range(2, 10):
        call_id = f"call-{number}"
        page.link.delivers(CallStarted(call=make_call_snapshot(call_id=call_id)))
        page.link.delivers(CallEnded(call_id=call_id, at=at(40)))
    page.publisher.events.clear()
    page.link.delivers(WrapUpStarted(call_id="call-1"))
    page.link.delivers(WrapUpEnded(call_id="call-1"))
    assert [payload["callId"] for _, payload in page.publisher.events] == ["call-1", "call-1"]


# ---- internal calls --------------------------------------------------------------------------


def internal(callee: ParticipantState, *more: ParticipantSnapshot) -> CallSnapshot:
    """Ben calls ada by the phone book."""
    ben = make_agent_participant(
        participant_id="ben-1", agent_id="ben", state=CONNECTED, name="Ben Agent"
    )
    ada = make_customer(agent_id="ada", state=callee, phone_number=None, name="Ada Agent")
    return make_call_snapshot(call_type=CallType.INTERNAL_CALL, participants=(ben, ada, *more))


async def test_an_agent_who_is_called_by_another_one_sees_an_agent() -> None:
    """Guide chapter 9, "Enable the Phone Book": the same call id, participantType Agent."""
    page = await open_page()
    page.link.delivers(CallStarted(call=internal(RINGING)))
    ((event_type, payload),) = page.publisher.events
    call = payload.call
    assert event_type == "CALL_STARTED"
    assert (call.call_id, call.call_type, call.state) == ("call-1", "InternalCall", "ringing")
    assert call.call_attributes.participant_type == "Agent"
    assert call.contact.name == "Ben Agent"
    page.link.answers(AnswerCall, ParticipantConnected(**CUSTOMER, at=at(10)))
    accepted = (await page.asks("acceptCall", {"callId": "call-1"})).call
    assert (accepted.state, page.publisher.types) == ("connected", ["CALL_STARTED"])


async def test_an_agent_who_was_called_holds_and_ends_the_other_one() -> None:
    page = await open_page(internal(CONNECTED))
    named = {"callId": "call-1", "callAttributes": {"participantType": "Agent"}}
    page.link.answers(Hold, ParticipantHeld(**BEN, at=at(20)))
    assert (await page.asks("hold", named)).is_customer_on_hold
    page.link.answers(EndCall, CallEnded(call_id="call-1", at=at(30)))
    await page.asks("endCall", named)
    assert page.link.requests == [Hold(**BEN), EndCall(call_id="call-1")]


async def test_of_three_the_one_who_is_named_is_removed_and_the_agent_is_not() -> None:
    guest = make_agent_participant(
        participant_id="guest-1",
        agent_id="cleo",
        participant_type=ParticipantType.THIRD_PARTY,
        state=CONNECTED,
    )
    page = await open_page(internal(CONNECTED, guest))
    role = {"callAttributes": {"participantType": "Agent"}}
    page.link.answers(RemoveParticipant, ParticipantLeft(**BEN, at=at(20)))
    await page.asks("endCall", {"callId": "call-1", **role})
    page.link.answers(EndCall, CallEnded(call_id="call-1", at=at(30)))
    await page.asks("endCall", role)
    assert page.link.requests == [RemoveParticipant(**BEN), EndCall(call_id="call-1")]


async def test_the_caller_of_an_internal_call_who_leaves_is_removed() -> None:
    guest = make_agent_participant(
        participant_id="guest-1",
        agent_id="cleo",
        participant_type=ParticipantType.THIRD_PARTY,
        state=CONNECTED,
    )
    page = await open_page(internal(CONNECTED, guest))
    page.link.delivers(ParticipantLeft(**BEN, at=at(20)))
    ((event_type, payload),) = page.publisher.events
    assert event_type == "PARTICIPANT_REMOVED"
    assert payload.call.call_attributes.participant_type == "Agent"
    assert await page.sees_calls() == [("guest-1", "transferred")]
