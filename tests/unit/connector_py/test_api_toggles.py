"""Mute, hold and recording: one after the other for one call, and a double click counts once."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from connector_py.api import MethodFailed
from connector_py.entities import (
    CallEnded,
    CallInfo,
    CallSnapshot,
    CallStarted,
    Command,
    Hold,
    HoldToggleResult,
    Mute,
    MuteToggleResult,
    Notification,
    ParticipantAdded,
    ParticipantHeld,
    ParticipantLeft,
    ParticipantMuted,
    ParticipantResumed,
    ParticipantState,
    ParticipantUnmuted,
    PauseRecording,
    RecordingPaused,
    RecordingResumed,
    RecordingState,
    RecordingToggleResult,
    RefusalCode,
    Resume,
    ResumeRecording,
    Unmute,
)
from connector_py.errors import CommandTimeoutError
from tests.support.api_fakes import open_page, settled
from tests.support.builders import (
    at,
    make_agent_participant,
    make_call_snapshot,
    make_connected_call_snapshot,
    make_customer,
    make_outbound_call_snapshot,
    make_third_party,
    with_participant,
)

CALL: dict[str, Any] = {"callId": "call-1"}
CUSTOMER: dict[str, Any] = {"call_id": "call-1", "participant_id": "customer-1"}
ME: dict[str, Any] = {"call_id": "call-1", "participant_id": "agent-1"}
HELD = ParticipantHeld(**CUSTOMER, at=at(20))
RESUMED = ParticipantResumed(**CUSTOMER, at=at(25))
MUTED = ParticipantMuted(**ME)

talking = make_connected_call_snapshot(recording=RecordingState.RECORDING)
held = with_participant(talking, "customer-1", is_on_hold=True)
muted = with_participant(talking, "agent-1", is_muted=True)
paused = replace(talking, recording=RecordingState.PAUSED)

# method, call before it, command, notification, what the result says
TOGGLES: list[tuple[str, CallSnapshot, Command, Notification, dict[str, Any]]] = [
    ("mute", talking, Mute(call_id="call-1"), MUTED, {"is_muted": True}),
    (
        "unmute",
        muted,
        Unmute(call_id="call-1"),
        ParticipantUnmuted(**ME),
        {"is_muted": False},
    ),
    ("hold", talking, Hold(**CUSTOMER), HELD, {"is_customer_on_hold": True}),
    ("resume", held, Resume(**CUSTOMER), RESUMED, {"is_customer_on_hold": False}),
    (
        "pauseRecording",
        talking,
        PauseRecording(call_id="call-1"),
        RecordingPaused(call_id="call-1"),
        {"is_recording_paused": True},
    ),
    (
        "resumeRecording",
        paused,
        ResumeRecording(call_id="call-1"),
        RecordingResumed(call_id="call-1"),
        {"is_recording_paused": False},
    ),
]
CLASSES = {
    "mute": MuteToggleResult,
    "unmute": MuteToggleResult,
    "hold": HoldToggleResult,
    "resume": HoldToggleResult,
    "pauseRecording": RecordingToggleResult,
    "resumeRecording": RecordingToggleResult,
}
toggles = pytest.mark.parametrize(
    ("method", "before", "command", "notification", "says"), TOGGLES, ids=[t[0] for t in TOGGLES]
)
Toggle = dict[str, Any]


def said(result: Any, says: Toggle) -> Toggle:
    return {name: getattr(result, name) for name in says}


@toggles
async def test_a_toggle_asks_and_returns_what_is_so_now(
    method: str, before: CallSnapshot, command: Command, notification: Notification, says: Toggle
) -> None:
    page = await open_page(before)
    page.link.answers(type(command), notification)
    result = await page.asks(method, CALL)
    assert type(result) is CLASSES[method]
    assert said(result, says) == says
    assert page.link.requests == [command]
    assert page.publisher.events == []


@toggles
async def test_what_is_so_already_is_not_asked_for(
    method: str, before: CallSnapshot, command: Command, notification: Notification, says: Toggle
) -> None:
    page = await open_page(before)
    page.link.delivers(notification)
    assert said(await page.asks(method, CALL), says) == says
    assert page.link.requests == []


@toggles
async def test_a_double_click_counts_once(
    method: str, before: CallSnapshot, command: Command, notification: Notification, says: Toggle
) -> None:
    page = await open_page(before)
    gate = page.link.answers_late(type(command), notification)
    clicks = [await page.starts_asking(method, CALL) for _ in range(3)]
    gate.set()
    results = await asyncio.gather(*clicks)
    assert [said(result, says) for result in results] == [says] * 3
    assert page.link.requests == [command]


@toggles
async def test_a_toggle_whose_reply_got_lost_after_the_effect_has_worked(
    method: str, before: CallSnapshot, command: Command, notification: Notification, says: Toggle
) -> None:
    page = await open_page(before)
    page.link.answers(type(command), notification, refuses=RefusalCode.SWITCH_FAILED)
    assert said(await page.asks(method, CALL), says) == says
    assert page.publisher.events == []


@toggles
async def test_a_toggle_that_only_a_snapshot_shows_has_worked(
    method: str, before: CallSnapshot, command: Command, notification: Notification, says: Toggle
) -> None:
    page = await open_page(before)
    gate = page.link.answers_late(type(command))
    toggling = await page.starts_asking(method, CALL)
    after = {
        "mute": muted,
        "unmute": talking,
        "hold": held,
        "resume": talking,
        "pauseRecording": paused,
        "resumeRecording": talking,
    }[method]
    page.link.resyncs(after)
    gate.set()
    assert said(await toggling, says) == says
    assert page.publisher.events == []


# ---- order -----------------------------------------------------------------------------------


async def test_a_slow_hold_and_a_fast_resume_end_with_the_customer_off_hold() -> None:
    """Weakness B23: their results must come in the order of the clicks."""
    page = await open_page(talking)
    slow = page.link.answers_late(Hold, HELD)
    page.link.answers(Resume, RESUMED)
    results: list[bool | None] = []

    async def click(method: str) -> None:
        results.append((await page.asks(method, CALL)).is_customer_on_hold)

    clicks = [asyncio.ensure_future(click(method)) for method in ("hold", "resume")]
    await settled()
    assert page.link.requests == [Hold(**CUSTOMER)]
    slow.set()
    await asyncio.gather(*clicks)
    assert results == [True, False]
    assert page.link.requests == [Hold(**CUSTOMER), Resume(**CUSTOMER)]


async def test_hold_resume_hold_is_three_clicks() -> None:
    page = await open_page(talking)
    slow = page.link.answers_late(Hold, HELD)
    page.link.answers(Resume, RESUMED)
    clicks = [await page.starts_asking(method, CALL) for method in ("hold", "resume", "hold")]
    slow.set()
    results = await asyncio.gather(*clicks)
    assert [result.is_customer_on_hold for result in results] == [True, False, True]


async def test_a_click_after_the_first_one_is_done_asks_again() -> None:
    page = await open_page(talking)
    page.link.answers(Hold, refuses=RefusalCode.SWITCH_FAILED)
    assert await page.is_told("hold", CALL) == "CAN_NOT_HOLD_CALL"
    page.link.answers(Hold, HELD)
    assert (await page.asks("hold", CALL)).is_customer_on_hold
    assert len(page.link.requests) == 2


async def test_a_double_click_shares_a_failure_too() -> None:
    page = await open_page(talking)
    gate = page.link.answers_late(Hold, HELD)
    first, second = [await page.starts_asking("hold", CALL) for _ in range(2)]
    page.link.goes_down()
    gate.set()
    failures = await asyncio.gather(first, second, return_exceptions=True)
    assert all(isinstance(failure, MethodFailed) for failure in failures)
    assert len(page.link.requests) == 1


async def test_clicks_behind_one_that_nobody_answers_fail_with_it_and_are_not_sent() -> None:
    """Done one after the other, END would be carried out 24 seconds after the click."""
    page = await open_page(talking)
    gate = page.link.answers_late(Hold, fails=CommandTimeoutError("no answer"))
    clicks = [await page.starts_asking(method, CALL) for method in ("hold", "mute", "endCall")]
    gate.set()
    failures = await asyncio.gather(*clicks, return_exceptions=True)
    assert all(isinstance(failure, MethodFailed) for failure in failures)
    assert page.link.requests == [Hold(**CUSTOMER)]
    page.link.answers(Mute, MUTED)
    assert (await page.asks("mute", CALL)).is_muted


async def test_a_failed_click_does_not_stop_the_next_one() -> None:
    page = await open_page(talking)
    page.link.answers(Hold, refuses=RefusalCode.SWITCH_FAILED)
    page.link.answers(Mute, MUTED)
    hold = await page.starts_asking("hold", CALL)
    assert (await page.asks("mute", CALL)).is_muted
    assert isinstance(hold.exception(), MethodFailed)


async def test_who_gives_up_waiting_stops_neither_the_line_nor_the_next_click() -> None:
    page = await open_page(talking)
    page.link.answers_late(Hold, HELD)
    page.link.answers(Mute, MUTED)
    hold = await page.starts_asking("hold", CALL)
    mute = await page.starts_asking("mute", CALL)
    hold.cancel()
    assert (await mute).is_muted
    assert hold.cancelled()
    page.link.delivers(HELD, cause=page.link.command_ids[0])
    assert page.publisher.types == ["HOLD_TOGGLE"]


async def test_a_click_that_was_given_up_is_not_shared() -> None:
    page = await open_page(talking)
    slow = page.link.answers_late(Hold, HELD)
    page.link.answers(Mute, MUTED)
    hold = await page.starts_asking("hold", CALL)
    given_up = await page.starts_asking("mute", CALL)
    given_up.cancel()
    await settled()
    mute = await page.starts_asking("mute", CALL)
    slow.set()
    assert (await mute).is_muted
    assert (await hold).is_customer_on_hold


async def test_different_calls_go_side_by_side() -> None:
    other = make_connected_call_snapshot(call_id="call-2")
    page = await open_page(talking, other)
    slow = page.link.answers_late(Hold, HELD)
    page.link.answers(Mute, ParticipantMuted(call_id="call-2", participant_id="agent-1"))
    hold = await page.starts_asking("hold", CALL)
    assert (await page.asks("mute", {"callId": "call-2"})).is_muted
    assert not hold.done()
    slow.set()
    assert (await hold).is_customer_on_hold


# ---- who and what ----------------------------------------------------------------------------


def conference() -> CallSnapshot:
    agent = make_agent_participant(state=ParticipantState.CONNECTED)
    third = make_third_party(state=ParticipantState.CONNECTED)
    left = make_third_party(participant_id="third-0", state=ParticipantState.ENDED)
    return make_call_snapshot(participants=(make_customer(), agent, left, third))


@pytest.mark.parametrize(
    "named",
    [
        {"callId": "third-1"},
        {"connectionId": "third-1"},
        {"callId": "call-1", "callAttributes": {"participantType": "Third_Party"}},
        {"callAttributes": {"participantType": "Third_Party"}},
    ],
)
async def test_hold_of_a_third_party(named: dict[str, Any]) -> None:
    page = await open_page(conference())
    held_third = ParticipantHeld(call_id="call-1", participant_id="third-1", at=at(20))
    page.link.answers(Hold, held_third)
    result = await page.asks("hold", named)
    assert page.link.requests == [Hold(call_id="call-1", participant_id="third-1")]
    assert (result.is_third_party_on_hold, result.is_customer_on_hold) == (True, False)
    assert set(result.calls) == {"call-1", "third-1"}
    assert result.calls["third-1"].call_info.is_on_hold


@pytest.mark.parametrize(
    ("named", "is_multi_party", "who"),
    [
        ({"callId": "third-1"}, False, "third-1"),
        ({"callAttributes": {"participantType": "Third_Party"}}, False, "third-1"),
        ({"callId": "third-1"}, True, "third-1"),
        ({"callId": "call-1"}, True, "customer-1"),
        ({"callAttributes": {"participantType": "Initial_Caller"}}, True, "customer-1"),
        ({"callId": "call-1"}, False, None),
        ({"callAttributes": {"participantType": "Initial_Caller"}}, False, None),
        ({"callAttributes": {"participantType": "Agent"}}, True, None),
        (None, True, None),
        (None, False, None),
    ],
)
@pytest.mark.parametrize("is_muted", [True, False])
async def test_whose_microphone_is_meant(
    named: dict[str, Any] | None, is_multi_party: bool, who: str | None, is_muted: bool
) -> None:
    call = replace(conference(), call_info=CallInfo(is_multi_party=is_multi_party))
    whose = {"call_id": "call-1", "participant_id": who or "agent-1"}
    page = await open_page(
        call if is_muted else with_participant(call, whose["participant_id"], is_muted=True)
    )
    page.link.answers(Mute, ParticipantMuted(**whose))
    page.link.answers(Unmute, ParticipantUnmuted(**whose))
    result = await page.asks("mute" if is_muted else "unmute", named)
    how = Mute if is_muted else Unmute
    assert page.link.requests == [how(call_id="call-1", participant_id=who)]
    assert result.is_muted is is_muted
    if who is None:
        assert (result.call, result.is_global) == (None, True if is_multi_party else None)
    else:
        shown = "call-1" if who == "customer-1" else who
        assert (result.call.call_id, result.is_global) == (shown, False)
        assert result.call.call_info.is_muted is is_muted
    assert page.publisher.events == []
    again = await page.asks("mute" if is_muted else "unmute", named)
    assert again == result
    assert len(page.link.requests) == 1


async def test_a_mute_of_somebody_who_is_not_there() -> None:
    page = await open_page(talking)
    named = {"callAttributes": {"participantType": "Third_Party"}}
    assert await page.is_told("mute", named) == "CAN_NOT_MUTE_CALL"
    assert await page.is_told("unmute", named) == "CAN_NOT_UNMUTE_CALL"
    assert page.link.requests == []


async def test_a_mute_whose_party_leaves_meanwhile_fails() -> None:
    page = await open_page(conference())
    third_muted = ParticipantMuted(call_id="call-1", participant_id="third-1")
    left = ParticipantLeft(call_id="call-1", participant_id="third-1", at=at(20))
    page.link.answers(Mute, third_muted, left)
    assert await page.is_told("mute", {"callId": "third-1"}) == "CAN_NOT_MUTE_CALL"
    assert page.publisher.types == ["PARTICIPANT_REMOVED"]


async def test_mutes_of_two_are_two_commands() -> None:
    page = await open_page(conference())
    gate = page.link.answers_late(
        Mute, ParticipantMuted(call_id="call-1", participant_id="third-1")
    )
    third_click = await page.starts_asking("mute", {"callId": "third-1"})
    own_click = await page.starts_asking("mute", None)
    page.link.answers(Mute, MUTED)
    gate.set()
    assert (await third_click).is_global is False
    assert (await own_click).is_muted
    assert page.link.requests == [
        Mute(call_id="call-1", participant_id="third-1"),
        Mute(call_id="call-1"),
    ]


@pytest.mark.parametrize(("held_ones", "is_merged"), [((), True), (("customer-1",), False)])
async def test_a_hold_says_whether_all_talk_together(
    held_ones: tuple[str, ...], is_merged: bool
) -> None:
    call = conference()
    for who in held_ones:
        call = with_participant(call, who, is_on_hold=True)
    page = await open_page(with_participant(call, "third-1", is_on_hold=True))
    page.link.answers(
        Resume, ParticipantResumed(call_id="call-1", participant_id="third-1", at=at(20))
    )
    result = await page.asks("resume", {"callId": "third-1"})
    assert result.is_call_merged is is_merged


async def test_a_hold_is_told_as_it_was_right_afterwards_and_the_rest_follows() -> None:
    """Salesforce must not hear of somebody in a result who was not added yet."""
    page = await open_page(talking)
    gate = page.link.answers_late(Hold)
    holding = await page.starts_asking("hold", CALL)
    page.link.delivers(HELD, cause=page.link.command_ids[0])
    page.link.delivers(ParticipantAdded(call_id="call-1", participant=make_third_party()))
    page.link.delivers(RESUMED)
    gate.set()
    result = await holding
    assert result.is_customer_on_hold is True
    assert set(result.calls) == {"call-1"}
    page.publisher.result_is_handed_over()
    assert page.publisher.types == ["PARTICIPANT_ADDED", "HOLD_TOGGLE"]
    assert page.publisher.events[1][1].is_customer_on_hold is False


async def test_a_hold_names_other_calls_as_they_are_and_none_that_is_news() -> None:
    """What happens to other calls is told at once, but not while an event waits its turn."""
    page = await open_page(talking, *(replace(talking, call_id=f"call-{n}") for n in (2, 3)))
    gate = page.link.answers_late(Hold)
    holding = await page.starts_asking("hold", CALL)
    page.link.delivers(HELD, cause=page.link.command_ids[0])
    other_held = ParticipantHeld(call_id="call-2", participant_id="customer-1", at=at(21))
    page.link.delivers(other_held)
    page.link.delivers(CallEnded(call_id="call-3", at=at(22)))
    page.link.delivers(CallStarted(call=make_call_snapshot(call_id="call-4")))
    gate.set()
    result = await holding
    assert set(result.calls) == {"call-1", "call-2"}
    assert result.calls["call-2"].call_info.is_on_hold
    assert page.publisher.types == ["HOLD_TOGGLE", "HANGUP", "CALL_STARTED"]


@pytest.mark.parametrize("method", ["hold", "resume"])
async def test_hold_of_somebody_who_is_not_there(method: str) -> None:
    page = await open_page(talking)
    named = {"callId": "call-1", "callAttributes": {"participantType": "Third_Party"}}
    assert await page.is_told(method, named) == "INVALID_PARTICIPANT"


@pytest.mark.parametrize(("method", "before", "command"), [t[:3] for t in TOGGLES[2:4]])
async def test_hold_that_the_server_refuses_for_the_participant(
    method: str, before: CallSnapshot, command: Command
) -> None:
    page = await open_page(before)
    page.link.answers(type(command), refuses=RefusalCode.INVALID_PARTICIPANT)
    assert await page.is_told(method, CALL) == "INVALID_PARTICIPANT"


async def test_a_hold_of_somebody_else_is_told_although_a_hold_is_on_its_way() -> None:
    page = await open_page(conference())
    gate = page.link.answers_late(Hold, HELD)
    holding = await page.starts_asking("hold", CALL)
    page.link.delivers(ParticipantHeld(call_id="call-1", participant_id="third-1", at=at(15)))
    assert page.publisher.types == ["HOLD_TOGGLE"]
    gate.set()
    result = await holding
    assert (result.is_third_party_on_hold, result.is_customer_on_hold) == (True, True)


async def test_mute_before_the_call_is_connected_is_for_the_server_to_decide() -> None:
    page = await open_page(make_outbound_call_snapshot())
    page.link.answers(Mute, refuses=RefusalCode.INVALID_STATE)
    assert await page.is_told("mute", CALL) == "CAN_NOT_MUTE_CALL"


async def test_mute_on_a_call_without_this_agent() -> None:
    page = await open_page(make_call_snapshot(participants=(make_customer(),)))
    page.link.answers(Mute)
    assert await page.asks("mute", CALL) == MuteToggleResult(is_muted=False)


async def test_a_call_that_ends_while_a_click_waits_fails_the_click() -> None:
    page = await open_page(talking)
    gate = page.link.answers_late(Hold, HELD, CallEnded(call_id="call-1", at=at(30)))
    hold = await page.starts_asking("hold", CALL)
    waiting = [await page.starts_asking(method, CALL) for method in ("mute", "pauseRecording")]
    waiting.append(await page.starts_asking("resume", CALL))
    gate.set()
    assert (await hold).is_customer_on_hold is False
    failures = await asyncio.gather(*waiting, return_exceptions=True)
    assert [failure.error_type for failure in failures if isinstance(failure, MethodFailed)] == [
        "CAN_NOT_MUTE_CALL",
        "CAN_NOT_PAUSE_RECORDING",
        "CAN_NOT_RESUME_CALL",
    ]
    assert page.link.requests == [Hold(**CUSTOMER)]
