"""What Salesforce hears when something happens that no method waits for."""

from dataclasses import replace
from typing import Any

import pytest

from connector_py.api.changes import Change
from connector_py.api.events import EVENTS as TOLD
from connector_py.api.events import events_of
from connector_py.call_model import to_phone_calls
from connector_py.entities import (
    NOTIFICATIONS,
    ActionFailed,
    ACWInfo,
    AfterConversationWorkEnded,
    AfterConversationWorkStarted,
    AgentConfigChanged,
    AgentConfigResult,
    AgentSnapshot,
    AgentState,
    AgentStateChanged,
    AgentStatusInfo,
    AgentStatusRequested,
    AgentVendorStatusInfo,
    AnswerCall,
    AudioStats,
    AudioStatsReported,
    CallEnded,
    CallInfo,
    CallResult,
    CallSnapshot,
    CallStarted,
    CallType,
    CallUpdated,
    CapabilitiesChanged,
    Dial,
    HangupReason,
    HangupResult,
    HangupStatus,
    Hold,
    HoldToggleResult,
    MessageReceived,
    Mute,
    MuteToggleResult,
    Notification,
    ParticipantAdded,
    ParticipantConnected,
    ParticipantHeld,
    ParticipantMuted,
    ParticipantOffered,
    ParticipantResult,
    ParticipantResumed,
    ParticipantSnapshot,
    ParticipantState,
    ParticipantUnmuted,
    PhoneCall,
    PhoneSwitched,
    RecordingPaused,
    RecordingResumed,
    RecordingStarted,
    RecordingState,
    RecordingToggleResult,
    SharedCapabilitiesResult,
    StateChangeResult,
    TransferViewRequested,
    VoiceCapabilitiesResult,
    WrapUpEnded,
    WrapUpStarted,
)
from connector_py.errors import ConnectorError
from tests.support.api_fakes import Page, open_page
from tests.support.builders import (
    at,
    make_agent_participant,
    make_agent_snapshot,
    make_call_snapshot,
    make_connected_call_snapshot,
    make_customer,
    make_outbound_call_snapshot,
    make_third_party,
    with_participant,
)

ME: dict[str, Any] = {"call_id": "call-1", "participant_id": "agent-1"}
CUSTOMER: dict[str, Any] = {"call_id": "call-1", "participant_id": "customer-1"}

ringing = make_call_snapshot()
talking = make_connected_call_snapshot()
recorded = replace(talking, recording=RecordingState.RECORDING)
paused = replace(talking, recording=RecordingState.PAUSED)
held = with_participant(talking, "customer-1", is_on_hold=True)
muted = with_participant(talking, "agent-1", is_muted=True)
outbound = make_outbound_call_snapshot()


def phone_call(call: CallSnapshot) -> PhoneCall:
    return to_phone_calls(call, agent_id="ada")[0]


def hold_result(call: CallSnapshot, *, is_held: bool) -> HoldToggleResult:
    return HoldToggleResult(
        is_third_party_on_hold=False,
        is_customer_on_hold=is_held,
        calls={"call-1": phone_call(call)},
    )


answered = make_connected_call_snapshot()
reached = with_participant(
    outbound, "customer-1", state=ParticipantState.CONNECTED, state_since=at(10)
)
updated = replace(talking, voice_call_id="0LQ1")
at_desk = with_participant(talking, "agent-1", is_softphone=False)


def third_party_result(call: CallSnapshot, third: ParticipantSnapshot) -> ParticipantResult:
    """What Salesforce is told of somebody who was added."""
    with_them = replace(call, participants=(*call.participants, third))
    phone = to_phone_calls(with_them, agent_id="ada")[1]
    assert phone.call_info is not None
    return ParticipantResult(
        initial_call_has_ended=False,
        call_info=phone.call_info,
        call_attributes=phone.call_attributes,
        phone_number="+12025550199",
        call_id="third-1",
        contact=phone.contact,
    )


def state_change(old: str, new: str) -> StateChangeResult:
    """A change of state without a status of Salesforce's: its name is the state's."""
    old_info = AgentVendorStatusInfo(status_type=old, status_name=old)
    new_info = AgentVendorStatusInfo(status_type=new, status_name=new)
    return StateChangeResult(new_vendor_state_info=new_info, old_vendor_state_info=old_info)


# what was there, what happens, what Salesforce hears
EVENTS: list[tuple[CallSnapshot | None, Notification, tuple[str, Any] | None]] = [
    (None, CallStarted(call=ringing), ("CALL_STARTED", CallResult(call=phone_call(ringing)))),
    (None, CallStarted(call=outbound), ("CALL_STARTED", CallResult(call=phone_call(outbound)))),
    (None, CallStarted(call=replace(ringing, participants=())), None),
    (
        ringing,
        ParticipantConnected(**ME, at=at(10)),
        ("CALL_CONNECTED", CallResult(call=phone_call(answered))),
    ),
    (
        outbound,
        ParticipantConnected(**CUSTOMER, at=at(10)),
        ("CALL_CONNECTED", CallResult(call=phone_call(reached))),
    ),
    (
        talking,
        CallUpdated(call_id="call-1", voice_call_id="0LQ1"),
        ("CALL_UPDATED", CallResult(call=phone_call(updated))),
    ),
    (
        talking,
        ParticipantHeld(**CUSTOMER, at=at(20)),
        ("HOLD_TOGGLE", hold_result(held, is_held=True)),
    ),
    (
        held,
        ParticipantResumed(**CUSTOMER, at=at(20)),
        ("HOLD_TOGGLE", hold_result(talking, is_held=False)),
    ),
    (talking, ParticipantMuted(**ME), ("MUTE_TOGGLE", MuteToggleResult(is_muted=True))),
    (muted, ParticipantUnmuted(**ME), ("MUTE_TOGGLE", MuteToggleResult(is_muted=False))),
    (
        recorded,
        RecordingPaused(call_id="call-1"),
        ("RECORDING_TOGGLE", RecordingToggleResult(is_recording_paused=True)),
    ),
    (
        paused,
        RecordingResumed(call_id="call-1"),
        ("RECORDING_TOGGLE", RecordingToggleResult(is_recording_paused=False)),
    ),
    (talking, RecordingStarted(call_id="call-1"), None),
    (
        talking,
        ParticipantAdded(call_id="call-1", participant=make_third_party()),
        ("PARTICIPANT_ADDED", third_party_result(talking, make_third_party())),
    ),
    (
        talking,
        PhoneSwitched(call_id="call-1", participant_id="agent-1", is_softphone=False),
        ("CALL_UPDATED", CallResult(call=phone_call(at_desk))),
    ),
    (
        talking,
        PhoneSwitched(call_id="call-1", participant_id="customer-1", is_softphone=False),
        None,
    ),
    (
        talking,
        AudioStatsReported(call_id="call-1", audio_stats=AudioStats(is_audio_stats_completed=True)),
        ("UPDATE_AUDIO_STATS", AudioStats(call_id="call-1", is_audio_stats_completed=True)),
    ),
    (ringing, AudioStatsReported(call_id="call-1", audio_stats=AudioStats()), None),
    (None, WrapUpStarted(call_id="call-1"), ("AFTER_CALL_WORK_STARTED", {"callId": "call-1"})),
    (
        None,
        AgentStateChanged(state=AgentState.BUSY),
        ("STATE_CHANGE", state_change("available", "busy")),
    ),
    (None, AgentStateChanged(state=AgentState.AVAILABLE), None),
    (
        None,
        CapabilitiesChanged(
            shared_capabilities=SharedCapabilitiesResult(),
            voice_capabilities=VoiceCapabilitiesResult(),
        ),
        None,
    ),
    (
        None,
        AfterConversationWorkStarted(acw_info=ACWInfo(work_item_id="0WI1")),
        ("AFTER_CONVERSATION_WORK_STARTED", ACWInfo(work_item_id="0WI1")),
    ),
    (
        None,
        AfterConversationWorkEnded(acw_info=ACWInfo(agent_work_id="0Bz1")),
        ("AFTER_CONVERSATION_WORK_ENDED", ACWInfo(agent_work_id="0Bz1")),
    ),
    (
        None,
        TransferViewRequested(payload={"contactRequestId": "0CR1"}),
        ("SHOW_TRANSFER_VIEW", {"contactRequestId": "0CR1"}),
    ),
    (None, AgentConfigChanged(agent_config=AgentConfigResult()), None),
    (
        None,
        AgentStatusRequested(status_info=AgentStatusInfo(status_id="0")),
        ("SET_AGENT_STATUS", AgentStatusInfo(status_id="0")),
    ),
    (None, MessageReceived(message={"a": 1}), ("MESSAGE", {"a": 1})),
]


@pytest.mark.parametrize(
    ("before", "notification", "event"), EVENTS, ids=[e[1].name for e in EVENTS]
)
async def test_each_notification_is_exactly_this_event(
    before: CallSnapshot | None, notification: Notification, event: tuple[str, Any] | None
) -> None:
    page = await open_page(*([before] if before else []))
    page.link.delivers(notification)
    assert page.publisher.events == ([event] if event else [])
    told_nobody = page.log.fields_of("not_for_salesforce")
    assert told_nobody == ([] if event else [{"name": notification.name}])


async def test_the_end_of_wrap_up() -> None:
    page = await open_page(agent=make_agent_snapshot(wrap_up_call_id="call-1"))
    page.link.delivers(WrapUpEnded(call_id="call-1"))
    ended = ("WRAP_UP_ENDED", {"callId": "call-1", "callStatus": "ended"})
    assert page.publisher.events == [ended]


ENDS: list[tuple[CallEnded, tuple[str | None, str | None, bool | None]]] = [
    (CallEnded(call_id="call-1", at=at(30)), ("ended", None, False)),
    (CallEnded(call_id="call-1", at=at(30), close_call_on_error=True), ("ended", None, True)),
    *(
        (
            CallEnded(
                call_id="call-1",
                at=at(30),
                reason=HangupReason.PHONE_CALL_ERROR,
                agent_status=status,
                close_call_on_error=False,
            ),
            ("error", status.value, False),
        )
        for status in HangupStatus
    ),
]


@pytest.mark.parametrize(("end", "told"), ENDS)
async def test_an_end_says_why(end: CallEnded, told: tuple[Any, ...]) -> None:
    """Guide, "Handling Missed Calls and Call Errors": true or false with every end."""
    page = await open_page(ringing)
    page.link.delivers(end)
    ((event_type, payload),) = page.publisher.events
    assert (event_type, type(payload)) == ("HANGUP", HangupResult)
    (call,) = payload.calls
    assert (call.call_id, call.state) == ("call-1", "ended")
    assert (call.reason, call.agent_status, call.close_call_on_error) == told


async def test_an_end_names_everybody_who_was_there() -> None:
    agent = make_agent_participant(state=ParticipantState.CONNECTED)
    page = await open_page(
        make_call_snapshot(participants=(make_customer(), agent, make_third_party()))
    )
    page.link.delivers(CallEnded(call_id="call-1", at=at(30)))
    ((_, payload),) = page.publisher.events
    assert [call.call_id for call in payload.calls] == ["call-1", "third-1"]


async def test_a_call_is_connected_once_whoever_answers_last() -> None:
    both = make_call_snapshot(
        participants=(make_customer(state=ParticipantState.RINGING), make_agent_participant())
    )
    page = await open_page(both)
    page.link.delivers(ParticipantConnected(**CUSTOMER, at=at(1)))
    assert page.publisher.events == []
    page.link.delivers(ParticipantConnected(**ME, at=at(2)))
    assert page.publisher.types == ["CALL_CONNECTED"]


def test_an_answer_on_a_call_that_nobody_knows_is_no_event() -> None:
    answer = ParticipantConnected(**ME, at=at(1))
    assert events_of(Change(notification=answer, agent_id="ada")) == ()


def test_every_notification_is_in_the_table_or_is_none_of_salesforces_business() -> None:
    silent = {
        ActionFailed,
        AgentConfigChanged,
        CapabilitiesChanged,
        ParticipantOffered,
        RecordingStarted,
    }
    assert set(TOLD) | silent == set(NOTIFICATIONS.values())
    assert not set(TOLD) & silent


async def test_a_hold_names_all_active_calls() -> None:
    page = await open_page(talking, make_connected_call_snapshot(call_id="call-2"))
    page.link.delivers(ParticipantHeld(**CUSTOMER, at=at(20)))
    ((_, payload),) = page.publisher.events
    assert set(payload.calls) == {"call-1", "call-2"}
    assert payload.is_customer_on_hold


async def test_a_notification_that_does_not_fit_changes_nothing() -> None:
    page = await open_page(talking, agent=make_agent_snapshot(wrap_up_call_id="call-0"))
    for wrong in (
        ParticipantResumed(**CUSTOMER, at=at(20)),
        CallStarted(call=talking),
        CallEnded(call_id="call-9", at=at(20)),
        WrapUpEnded(call_id="call-9"),
    ):
        with pytest.raises(ConnectorError):
            page.link.delivers(wrong)
    assert page.publisher.events == []
    assert await page.sees_calls() == [("call-1", "connected")]
    page.link.delivers(WrapUpEnded(call_id="call-0"))


async def test_before_the_first_snapshot_nothing_fits_but_what_stands_alone() -> None:
    page = Page()
    page.link.delivers(MessageReceived(message="hello"))
    assert page.publisher.events == [("MESSAGE", "hello")]


# ---- what a method causes ---------------------------------------------------------------------


async def test_what_another_command_caused_is_told_as_usual() -> None:
    page = await open_page(ringing)
    page.link.delivers(ParticipantConnected(**ME, at=at(10)), cause="another-page")
    assert page.publisher.types == ["CALL_CONNECTED"]


async def test_the_effect_is_not_told_but_all_else_of_the_call_after_the_result() -> None:
    page = await open_page(ringing, make_connected_call_snapshot(call_id="call-2"))
    gate = page.link.answers_late(AnswerCall)
    answering = await page.starts_asking("acceptCall", {"callId": "call-1"})
    cause = page.link.command_ids[0]
    page.link.delivers(CallUpdated(call_id="call-1", voice_call_id="0LQ1"))
    assert page.publisher.types == ["CALL_UPDATED"]
    page.link.delivers(ParticipantConnected(**ME, at=at(10)), cause=cause)
    page.link.delivers(ParticipantMuted(call_id="call-2", participant_id="agent-1"))
    assert page.publisher.types == ["CALL_UPDATED", "MUTE_TOGGLE"]
    page.link.delivers(CallUpdated(call_id="call-1", voice_call_id="0LQ2"))
    page.link.delivers(MessageReceived(message="caused"), cause=cause)
    gate.set()
    assert (await answering).call.state == "connected"
    assert page.publisher.types == ["CALL_UPDATED", "MUTE_TOGGLE"]
    page.publisher.result_is_handed_over()
    assert page.publisher.types[2:] == ["CALL_UPDATED", "MESSAGE"]
    page.link.delivers(ParticipantMuted(**ME))
    assert page.publisher.types[4:] == ["MUTE_TOGGLE"]


async def test_what_happens_to_a_dialled_call_before_the_reply_waits_for_the_result() -> None:
    """Nobody may hear of a call before it started, whoever caused it."""
    page = await open_page()
    gate = page.link.answers_late(Dial, result={"callId": "call-1"})
    dialling = await page.starts_asking("dial", {"phoneNumber": "+12025550143"})
    page.link.delivers(CallStarted(call=outbound), cause=page.link.command_ids[0])
    page.link.delivers(ParticipantConnected(**CUSTOMER, at=at(10)))
    gate.set()
    assert (await dialling).call.state == "ringing"
    assert page.publisher.events == []
    page.publisher.result_is_handed_over()
    assert page.publisher.types == ["CALL_CONNECTED"]


async def test_an_effect_counts_once() -> None:
    page = await open_page(talking)
    gate = page.link.answers_late(Mute)
    muting = await page.starts_asking("mute", {"callId": "call-1"})
    page.link.delivers(ParticipantMuted(**ME))
    page.link.delivers(ParticipantUnmuted(**ME))
    page.link.delivers(ParticipantMuted(**ME))
    gate.set()
    assert (await muting).is_muted
    page.publisher.result_is_handed_over()
    assert page.publisher.types == ["MUTE_TOGGLE", "MUTE_TOGGLE"]


async def test_the_effect_on_another_call_is_no_effect() -> None:
    page = await open_page(talking, make_connected_call_snapshot(call_id="call-2"))
    gate = page.link.answers_late(Hold, ParticipantHeld(**CUSTOMER, at=at(20)))
    holding = await page.starts_asking("hold", {"callId": "call-1"})
    page.link.delivers(ParticipantHeld(call_id="call-2", participant_id="customer-1", at=at(15)))
    assert page.publisher.types == ["HOLD_TOGGLE"]
    gate.set()
    await holding
    assert len(page.publisher.events) == 1


# ---- a snapshot instead of what was missed -----------------------------------------------------

third = make_third_party(state=ParticipantState.CONNECTED)
wrapping = make_agent_snapshot(wrap_up_call_id="call-0")

RESYNCS: list[tuple[str, list[CallSnapshot], list[CallSnapshot], list[str]]] = [
    ("nothing new", [talking], [talking], []),
    ("came", [], [ringing], ["CALL_STARTED"]),
    ("came and was answered", [], [talking], ["CALL_STARTED", "CALL_CONNECTED"]),
    ("answered", [ringing], [talking], ["CALL_CONNECTED"]),
    ("reached", [outbound], [reached], ["CALL_CONNECTED"]),
    ("gone", [talking], [], ["HANGUP"]),
    ("ended", [talking], [replace(talking, ended_at=at(30))], ["HANGUP"]),
    ("another call", [talking], [make_call_snapshot(call_id="call-2")], ["HANGUP", "CALL_STARTED"]),
    (
        "held, muted, recorded",
        [talking],
        [replace(with_participant(muted, "customer-1", is_on_hold=True), recording="recording")],
        ["HOLD_TOGGLE", "MUTE_TOGGLE"],
    ),
    ("recorder stopped", [recorded], [paused], ["RECORDING_TOGGLE"]),
    ("recorder goes on", [paused], [recorded], ["RECORDING_TOGGLE"]),
    ("talking again", [held], [talking], ["HOLD_TOGGLE"]),
    ("heard again", [muted], [talking], ["MUTE_TOGGLE"]),
    ("updated", [talking], [updated], ["CALL_UPDATED"]),
    (
        "cannot be the same",
        [talking],
        [replace(ringing, call_type=CallType.OUTBOUND)],
        ["HANGUP", "CALL_STARTED"],
    ),
]


@pytest.mark.parametrize(
    ("before", "after", "types"), [r[1:] for r in RESYNCS], ids=[r[0] for r in RESYNCS]
)
async def test_a_resync_tells_exactly_the_differences(
    before: list[CallSnapshot], after: list[CallSnapshot], types: list[str]
) -> None:
    after = [replace(call, recording=RecordingState(call.recording)) for call in after]
    page = await open_page(*before)
    page.link.resyncs(*after)
    assert page.publisher.types == types
    page.link.resyncs(*after)
    assert page.publisher.types == types


async def test_a_resync_takes_over_facts_that_have_no_notification() -> None:
    page = await open_page(talking)
    page.link.resyncs(replace(talking, queue_name="Sales", participants=talking.participants[:]))
    (call,) = (await page.asks("getActiveCalls")).active_calls
    assert call.call_info.queue_name == "Sales"


async def test_a_third_party_who_came_and_went_unseen_can_come_back() -> None:
    """Who a snapshot does not mention is not on the call, not even as somebody who left."""
    page = await open_page(replace(talking, participants=(*talking.participants, third)))
    page.link.resyncs(talking)
    page.link.delivers(ParticipantAdded(call_id="call-1", participant=make_third_party()))
    assert [call_id for call_id, _ in await page.sees_calls()] == ["call-1", "third-1"]


@pytest.mark.parametrize(
    ("before", "after", "events"),
    [
        (None, "call-1", [("AFTER_CALL_WORK_STARTED", {"callId": "call-1"})]),
        ("call-1", None, [("WRAP_UP_ENDED", {"callId": "call-1", "callStatus": "ended"})]),
        (
            "call-1",
            "call-2",
            [
                ("WRAP_UP_ENDED", {"callId": "call-1", "callStatus": "ended"}),
                ("AFTER_CALL_WORK_STARTED", {"callId": "call-2"}),
            ],
        ),
        ("call-1", "call-1", []),
        (None, None, []),
    ],
)
async def test_a_resync_tells_of_wrap_up(
    before: str | None, after: str | None, events: list[tuple[str, Any]]
) -> None:
    page = await open_page(agent=make_agent_snapshot(wrap_up_call_id=before))
    page.link.resyncs(agent=make_agent_snapshot(wrap_up_call_id=after))
    assert page.publisher.events == events


async def test_a_resync_tells_in_the_order_in_which_it_must_have_happened() -> None:
    """The old wrap-up ends, then the call, then its own wrap-up begins."""
    agent: AgentSnapshot = make_agent_snapshot(wrap_up_call_id="call-0", state=AgentState.ON_CALL)
    page = await open_page(talking, agent=agent)
    after = make_agent_snapshot(wrap_up_call_id="call-1", state=AgentState.AFTER_CALL_WORK)
    page.link.resyncs(agent=after)
    assert page.publisher.types == [
        "WRAP_UP_ENDED",
        "HANGUP",
        "AFTER_CALL_WORK_STARTED",
        "STATE_CHANGE",
    ]
    assert (await page.asks("getAgentStatus")).status_type == "after_call_work"
    ((_, hangup),) = [event for event in page.publisher.events if event[0] == "HANGUP"]
    assert hangup.calls[0].reason == "ended"


async def test_a_resync_tells_of_another_status_of_the_agent() -> None:
    page = await open_page()
    lunch = AgentStatusInfo(status_id="0N5", status_name="Lunch")
    page.link.resyncs(agent=make_agent_snapshot(state=AgentState.BUSY, status_info=lunch))
    ((event_type, payload),) = page.publisher.events
    assert event_type == "STATE_CHANGE"
    assert payload.new_vendor_state_info == AgentVendorStatusInfo(
        status_id="0N5", status_type="busy", status_name="Lunch"
    )
    page.link.resyncs(agent=make_agent_snapshot(state=AgentState.BUSY, status_info=lunch))
    assert len(page.publisher.events) == 1


async def test_a_resync_takes_over_the_call_info() -> None:
    page = await open_page(talking)
    page.link.resyncs(replace(talking, call_info=CallInfo(hold_enabled=False)))
    ((event_type, payload),) = page.publisher.events
    assert event_type == "CALL_UPDATED"
    assert payload.call.call_info.hold_enabled is False
