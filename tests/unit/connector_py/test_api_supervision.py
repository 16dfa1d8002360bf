"""A supervisor listens in, barges in and leaves; what the supervised agent hears of it."""

from dataclasses import replace
from typing import Any

import pytest

from connector_py.entities import (
    AnswerCall,
    AudioStats,
    AudioStatsReported,
    BargeIn,
    CallEnded,
    CallInfo,
    CallResult,
    CallStarted,
    CallUpdated,
    EndCall,
    Mute,
    Notification,
    ParticipantAdded,
    ParticipantConnected,
    ParticipantHeld,
    ParticipantLeft,
    ParticipantMuted,
    ParticipantState,
    ParticipantUnmuted,
    PauseRecording,
    RecordingPaused,
    RecordingState,
    RefusalCode,
    StopSupervising,
    SuperviseCall,
    SuperviseCallResult,
    SupervisedCallInfo,
    SupervisorBargedIn,
    SupervisorHangupResult,
    Unmute,
)
from tests.support.api_fakes import open_page
from tests.support.builders import (
    at,
    make_call_snapshot,
    make_customer,
    make_outbound_call_snapshot,
    make_supervised_call_snapshot,
    make_supervisor,
    make_third_party,
)
from tests.support.parties import CUSTOMER, ME, NOW, call_with, talking

INFO = {
    "callId": "call-1",
    "voiceCallId": "0LQ1",
    "callType": "Inbound",
    "from": "+12025550143",
    "to": None,
    "supervisorName": "Ada Agent",
    "isBargedIn": False,
}
NAMED = {"callId": "call-1", "callAttributes": {"participantType": "Supervisor"}}
SUP: dict[str, Any] = {"call_id": "call-1", "participant_id": "sup-1"}
ENDED = CallEnded(call_id="call-1", at=NOW)
BARGED_IN = SupervisorBargedIn(**SUP, at=NOW, supervisor_name="Sue Supervisor")

listening = make_supervised_call_snapshot()
ringing = make_supervised_call_snapshot(state=ParticipantState.RINGING)
barged_in = make_supervised_call_snapshot(has_barged_in=True)


# ---- the supervisor's own microphone ---------------------------------------------------------


@pytest.mark.parametrize("is_multi_party", [True, False])
@pytest.mark.parametrize("named", [NAMED, {"callAttributes": NAMED["callAttributes"]}])
async def test_a_supervisor_mutes_nobody_else(named: Any, is_multi_party: bool) -> None:
    """To Salesforce the whole call has the supervisor's role."""
    page = await open_page(replace(barged_in, call_info=CallInfo(is_multi_party=is_multi_party)))
    page.link.answers(Mute, ParticipantMuted(**SUP))
    page.link.answers(Unmute, ParticipantUnmuted(**SUP))
    assert (await page.asks("mute", named)).is_muted is True
    assert (await page.asks("unmute", named)).is_muted is False
    assert page.link.requests == [Mute(call_id="call-1"), Unmute(call_id="call-1")]


# ---- listening in ----------------------------------------------------------------------------


async def test_listening_in_returns_the_call_as_the_supervisor_sees_it() -> None:
    page = await open_page()
    page.link.answers(SuperviseCall, CallStarted(call=listening))
    result = await page.asks("superviseCall", INFO)
    assert type(result) is SuperviseCallResult
    assert page.link.requests == [SuperviseCall(call_id="call-1")]
    assert (result.call.call_id, result.call.state) == ("call-1", "connected")
    assert result.call.call_attributes.participant_type == "Supervisor"
    assert result.call.phone_number == "+12025550143"
    assert page.publisher.events == []
    assert await page.sees_calls() == [("call-1", "connected")]


async def test_a_call_is_supervised_by_the_key_of_any_of_its_voice_calls() -> None:
    """Salesforce knows a transferred call by the leg's key; the server finds the call."""
    page = await open_page()
    page.link.answers(SuperviseCall, CallStarted(call=listening))
    result = await page.asks("superviseCall", {"callId": "leg-7"})
    assert page.link.requests == [SuperviseCall(call_id="leg-7")]
    assert result.call.call_id == "call-1"
    assert page.publisher.events == []


async def test_what_is_listened_to_already_is_not_asked_for() -> None:
    page = await open_page(listening)
    assert (await page.asks("superviseCall", INFO)).call.call_id == "call-1"
    assert page.link.requests == []


async def test_a_double_click_listens_in_once() -> None:
    page = await open_page()
    gate = page.link.answers_late(SuperviseCall, CallStarted(call=listening))
    clicks = [await page.starts_asking("superviseCall", INFO) for _ in range(2)]
    gate.set()
    assert (await clicks[0]) == (await clicks[1])
    assert len(page.link.requests) == 1


async def test_listening_in_that_only_a_snapshot_shows_has_worked() -> None:
    page = await open_page()
    gate = page.link.answers_late(SuperviseCall)
    supervising = await page.starts_asking("superviseCall", INFO)
    page.link.resyncs(listening)
    gate.set()
    assert (await supervising).call.call_id == "call-1"
    page.publisher.result_is_handed_over()
    assert page.publisher.types == ["SUPERVISOR_CALL_CONNECTED"]


@pytest.mark.parametrize("info", [None, {}, {"callId": ""}, {"callId": 5}, "call-1"])
async def test_a_call_that_is_not_named_is_not_supervised(info: Any) -> None:
    page = await open_page(talking)
    assert await page.is_told("superviseCall", info) == "CAN_NOT_SUPERVISE_CALL"
    assert page.link.requests == []


async def test_a_supervised_call_that_is_nowhere() -> None:
    page = await open_page()
    page.link.answers(SuperviseCall)
    assert await page.is_told("superviseCall", INFO) == "CAN_NOT_SUPERVISE_CALL"


async def test_an_own_call_that_starts_meanwhile_is_not_taken_for_it() -> None:
    page = await open_page()
    gate = page.link.answers_late(SuperviseCall, CallStarted(call=listening))
    supervising = await page.starts_asking("superviseCall", INFO)
    page.link.resyncs(make_call_snapshot(call_id="call-2"))
    assert page.publisher.types == ["CALL_STARTED"]
    gate.set()
    assert (await supervising).call.call_id == "call-1"


# ---- barging in ------------------------------------------------------------------------------


@pytest.mark.parametrize("named", [INFO, NAMED, None])
async def test_barging_in_says_so(named: Any) -> None:
    page = await open_page(listening)
    page.link.answers(BargeIn, BARGED_IN)
    result = await page.asks("supervisorBargeIn", named)
    assert type(result) is SuperviseCallResult
    assert page.link.requests == [BargeIn(call_id="call-1")]
    assert result.call.call_attributes.has_supervisor_barged_in
    assert result.call.call_info.is_bargeable is False
    assert page.publisher.events == []


async def test_who_is_heard_already_does_not_ask_again() -> None:
    page = await open_page(barged_in)
    result = await page.asks("supervisorBargeIn", INFO)
    assert result.call.call_attributes.has_supervisor_barged_in
    assert page.link.requests == []


@pytest.mark.parametrize("named", [INFO, None])
async def test_nobody_barges_in_to_an_own_call(named: Any) -> None:
    page = await open_page(talking)
    assert await page.is_told("supervisorBargeIn", named) == "CAN_NOT_BARGE_IN_SUPERVISOR"
    assert page.link.requests == []


# ---- leaving ---------------------------------------------------------------------------------


@pytest.mark.parametrize("named", [(INFO,), (NAMED,), (None,), ()])
async def test_leaving_with_and_without_the_call(named: tuple[Any, ...]) -> None:
    page = await open_page(listening)
    page.link.answers(StopSupervising, ENDED)
    result = await page.asks("supervisorDisconnect", *named)
    assert type(result) is SupervisorHangupResult
    assert page.link.requests == [StopSupervising(call_id="call-1")]
    assert [(call.call_id, call.state, call.reason) for call in result.calls] == [
        ("call-1", "ended", "ended")
    ]
    assert page.publisher.events == []


async def test_the_base_connector_may_leave_what_is_over_already() -> None:
    """It does so before every call that it accepts; to fail would cost the agent that call."""
    page = await open_page(talking)
    assert await page.asks("supervisorDisconnect") == SupervisorHangupResult(calls=())
    assert page.link.requests == []


async def test_an_own_call_is_not_left_like_a_supervised_one() -> None:
    page = await open_page(talking)
    assert await page.is_told("supervisorDisconnect", INFO) == "CAN_NOT_DISCONNECT_SUPERVISOR"
    assert page.link.requests == []


@pytest.mark.parametrize("method", ["acceptCall", "declineCall", "endCall"])
async def test_a_supervised_call_is_not_the_supervisor_s_to_take_or_end(method: str) -> None:
    """HANGUP with its id would close the other agent's call in Salesforce."""
    page = await open_page(listening)
    told = await page.is_told(method, NAMED)
    assert told.startswith("CAN_NOT_")
    assert page.link.requests == []


async def test_accepting_a_call_ends_the_supervision_first() -> None:
    """The base connector does it when it knows; a page that was reloaded does not."""
    page = await open_page(listening, make_call_snapshot(call_id="call-2"))
    page.link.answers(StopSupervising, ENDED)
    page.link.answers(
        AnswerCall, ParticipantConnected(call_id="call-2", participant_id="agent-1", at=NOW)
    )
    result = await page.api.dispatch("acceptCall", [{"callId": "call-2"}])
    assert page.link.requests == [
        StopSupervising(call_id="call-1"),
        AnswerCall(call_id="call-2"),
    ]
    assert page.publisher.types == ["SUPERVISOR_HANGUP"]
    assert result.call.call_id == "call-2"


async def test_without_leaving_no_other_call_is_accepted() -> None:
    page = await open_page(listening, make_call_snapshot(call_id="call-2"))
    page.link.answers(StopSupervising, refuses=RefusalCode.SWITCH_FAILED)
    told = await page.is_told("acceptCall", {"callId": "call-2"})
    assert told == "CAN_NOT_ACCEPT_THE_CALL"


# ---- what a supervisor hears -----------------------------------------------------------------

recorded = replace(listening, recording=RecordingState.RECORDING)
HEARD: list[tuple[Any, Notification, list[str]]] = [
    (None, CallStarted(call=ringing), ["SUPERVISOR_CALL_STARTED"]),
    (None, CallStarted(call=listening), ["SUPERVISOR_CALL_CONNECTED"]),
    (ringing, ParticipantConnected(**SUP, at=NOW), ["SUPERVISOR_CALL_CONNECTED"]),
    (listening, BARGED_IN, ["SUPERVISOR_BARGED_IN"]),
    (listening, ENDED, ["SUPERVISOR_HANGUP"]),
    (ringing, ENDED, ["SUPERVISOR_HANGUP"]),
    (recorded, RecordingPaused(call_id="call-1"), ["RECORDING_TOGGLE"]),
    (listening, ParticipantMuted(**SUP), ["MUTE_TOGGLE"]),
    (listening, CallUpdated(call_id="call-1", voice_call_id="0LQ1"), ["CALL_UPDATED"]),
    # what the others do is none of Salesforce's business here: a supervisor sees one call
    (listening, ParticipantMuted(**ME), []),
    (listening, ParticipantHeld(**CUSTOMER, at=NOW), []),
    (listening, ParticipantAdded(call_id="call-1", participant=make_third_party()), []),
    (listening, ParticipantLeft(**CUSTOMER, at=NOW), []),
    (listening, AudioStatsReported(call_id="call-1", audio_stats=AudioStats()), []),
    (
        make_supervised_call_snapshot(),
        ParticipantAdded(
            call_id="call-1", participant=make_supervisor(participant_id="sup-2", agent_id="sid")
        ),
        [],
    ),
]


@pytest.mark.parametrize(("before", "notification", "types"), HEARD)
async def test_a_supervisor_hears(
    before: Any, notification: Notification, types: list[str]
) -> None:
    page = await open_page(*([before] if before else []))
    page.link.delivers(notification)
    assert page.publisher.types == types


async def test_the_customer_s_answer_is_no_news_to_a_supervisor() -> None:
    customer = make_customer(state=ParticipantState.RINGING)
    waiting = replace(listening, participants=(customer, *listening.participants[1:]))
    page = await open_page(waiting)
    page.link.delivers(ParticipantConnected(**CUSTOMER, at=NOW))
    assert page.publisher.events == []


async def test_a_supervised_call_that_ends_says_how() -> None:
    page = await open_page(listening)
    page.link.delivers(ENDED)
    ((event_type, payload),) = page.publisher.events
    assert (event_type, type(payload)) == ("SUPERVISOR_HANGUP", SupervisorHangupResult)
    (call,) = payload.calls
    assert (call.call_id, call.state, call.reason) == ("call-1", "ended", "ended")


async def test_a_supervisor_pauses_the_recorder() -> None:
    """Guide chapter 10, "Supervisor Barge In Details"."""
    page = await open_page(replace(barged_in, recording=RecordingState.RECORDING))
    page.link.answers(PauseRecording, RecordingPaused(call_id="call-1"))
    assert (await page.asks("pauseRecording", NAMED)).is_recording_paused
    assert page.link.requests == [PauseRecording(call_id="call-1")]


async def test_a_supervisor_has_no_call_to_end_by_role() -> None:
    page = await open_page(listening)
    for role in ("Initial_Caller", "Agent", "Third_Party"):
        named = {"callAttributes": {"participantType": role}}
        assert await page.is_told("endCall", named) == "CAN_NOT_END_THE_CALL"
    assert await page.is_told("sendDigits", "1") == "GENERIC_ERROR"


async def test_the_end_of_a_supervision_leaves_no_after_call_work_behind() -> None:
    page = await open_page(listening, talking_two())
    page.link.answers(EndCall, CallEnded(call_id="call-2", at=NOW))
    page.link.delivers(ENDED)
    await page.asks("endCall", None)
    assert page.link.requests == [EndCall(call_id="call-2")]


def talking_two() -> Any:
    return replace(talking, call_id="call-2")


# ---- what the supervised agent hears -----------------------------------------------------------


async def test_the_agent_hears_who_barged_in() -> None:
    sue = make_supervisor(agent_id="sue", name="Sue Supervisor")
    page = await open_page(call_with(sue, of=talking))
    page.link.delivers(replace(BARGED_IN, supervisor_name=None))
    assert page.publisher.events == [
        (
            "CALL_BARGED_IN",
            SupervisedCallInfo(
                call_id="call-1",
                voice_call_id="0LQ1",
                call_type="Inbound",
                from_="+12025550143",
                supervisor_name="Sue Supervisor",
                is_barged_in=True,
            ),
        )
    ]


async def test_of_a_call_that_the_agent_placed_the_other_number_is_told() -> None:
    sue = make_supervisor(agent_id="sue")
    call = make_outbound_call_snapshot()
    connected = replace(call, participants=(call.participants[0], make_customer(), sue))
    page = await open_page(connected)
    page.link.delivers(BARGED_IN)
    ((_, info),) = page.publisher.events
    assert (info.from_, info.to) == (None, "+12025550143")
    assert info.supervisor_name == "Sue Supervisor"


async def test_listening_in_is_unheard() -> None:
    sue = make_supervisor(agent_id="sue", state=ParticipantState.RINGING)
    page = await open_page(talking)
    page.link.delivers(ParticipantAdded(call_id="call-1", participant=sue))
    page.link.delivers(ParticipantConnected(**SUP, at=NOW))
    page.link.delivers(ParticipantLeft(**SUP, at=at(70)))
    assert page.publisher.events == []
    assert await page.asks("acceptCall", {"callId": "call-1"}) == CallResult(
        call=(await page.asks("getActiveCalls")).active_calls[0]
    )
