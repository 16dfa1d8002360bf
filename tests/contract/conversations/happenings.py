"""What the server tells by itself, and the event that Salesforce gets (connector-api.md 3, 4.6)."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from connector_py.entities import (
    ActionFailed,
    ACWInfo,
    AfterConversationWorkEnded,
    AfterConversationWorkStarted,
    AgentConfigChanged,
    AgentConfigResult,
    AgentState,
    AgentStateChanged,
    AgentStatusInfo,
    AgentStatusRequested,
    AudioStats,
    AudioStatsElement,
    AudioStatsReported,
    CallEnded,
    CallInfo,
    CallStarted,
    CallType,
    CallUpdated,
    CapabilitiesChanged,
    HangupReason,
    HangupStatus,
    MessageReceived,
    Notification,
    ParticipantConnected,
    ParticipantHeld,
    ParticipantMuted,
    ParticipantOffered,
    ParticipantState,
    PhoneSwitched,
    RecordingPaused,
    RecordingResumed,
    RecordingStarted,
    RecordingState,
    SharedCapabilitiesResult,
    StatsInfo,
    TransferViewRequested,
    VoiceCapabilitiesResult,
    WrapUpStarted,
)
from tests.contract.conversations.scenes import (
    ADA,
    AGENT,
    CONNECTED,
    CUSTOMER,
    NOW,
    OUTBOUND,
    RINGING,
    THIRD,
    error,
    message,
    salesforce_call,
    with_third,
)
from tests.support.builders import (
    make_agent_participant,
    make_call_snapshot,
    make_customer,
    with_participant,
)
from tests.support.scripted_server import ABSENT, Answer, Conversation, Happens, Say

CALL: dict[str, Any] = {"call_id": "call-1"}
PAUSED = replace(CONNECTED, recording=RecordingState.PAUSED)
OFF = replace(CONNECTED, recording=RecordingState.OFF)
CALLBACK = make_call_snapshot(
    call_type=CallType.CALLBACK,
    initial_call_id="call-0",
    participants=(make_customer(state=ParticipantState.RINGING), make_agent_participant()),
)
STATS = AudioStatsElement(input_channel_stats=StatsInfo(packets_count=100))
CALLED_BY_BEN = make_call_snapshot(
    call_type=CallType.INTERNAL_CALL,
    participants=(
        make_customer(
            participant_id="leg-1",
            agent_id="ada",
            state=ParticipantState.RINGING,
            phone_number=None,
        ),
        make_agent_participant(
            participant_id="agent-2", agent_id="ben", state=ParticipantState.CONNECTED
        ),
    ),
)


def _missed(status: HangupStatus) -> Notification:
    return CallEnded(
        **CALL,
        at=NOW,
        reason=HangupReason.PHONE_CALL_ERROR,
        agent_status=status,
        close_call_on_error=False,
    )


# what the agent's calls are, what happens, the event
TOLD: list[tuple[str, tuple[Any, ...], Notification, tuple[tuple[str, Any], ...]]] = [
    (
        "a call rings",
        (),
        CallStarted(call=RINGING),
        (
            (
                "CALL_STARTED",
                {
                    "callId": "call-1",
                    "callType": "Inbound",
                    "state": "ringing",
                    "callAttributes": {"voiceCallId": "0LQ1", "participantType": "Initial_Caller"},
                },
            ),
        ),
    ),
    (
        "a queued callback",
        (),
        CallStarted(call=CALLBACK),
        (
            (
                "QUEUED_CALL_STARTED",
                {
                    "callId": "call-1",
                    "callType": "Callback",
                    "phoneNumber": "+12025550143",
                    "callInfo": {"initialCallId": "call-0"},
                },
            ),
        ),
    ),
    (
        "another agent calls",
        (),
        CallStarted(call=CALLED_BY_BEN),
        (
            (
                "CALL_STARTED",
                {
                    "callId": "call-1",
                    "callType": "InternalCall",
                    "state": "ringing",
                    "callAttributes": {"participantType": "Agent"},
                },
            ),
        ),
    ),
    (
        "a call is offered that somebody transfers",
        (),
        CallStarted(
            call=with_participant(
                with_third(
                    CONNECTED,
                    agent_id="ada",
                    state=ParticipantState.RINGING,
                    voice_call_id="0LQ2",
                    phone_number=None,
                ),
                "agent-1",
                agent_id="ben",
            )
        ),
        (
            (
                "CALL_STARTED",
                {
                    "callId": "third-1",
                    "callType": "Transfer",
                    "state": "ringing",
                    "phoneNumber": "+12025550143",
                    "callAttributes": {"voiceCallId": "0LQ2", "participantType": "Initial_Caller"},
                },
            ),
        ),
    ),
    (
        "the customer of an outbound call answers",
        (OUTBOUND,),
        ParticipantConnected(call_id="call-2", participant_id="customer-1", at=NOW),
        (("CALL_CONNECTED", {"callId": "call-2", "state": "connected"}),),
    ),
    (
        "the agent answers at the desk phone",
        (with_participant(RINGING, "agent-1", is_softphone=False),),
        ParticipantConnected(**AGENT, at=NOW),
        (("CALL_CONNECTED", {"callId": "call-1", "callInfo": {"isSoftphoneCall": False}}),),
    ),
    (
        "the call ends",
        (CONNECTED,),
        CallEnded(**CALL, at=NOW),
        (("HANGUP", [{"callId": "call-1", "reason": "ended", "agentStatus": ABSENT}]),),
    ),
    *(
        (
            f"the call ends with {status.value}",
            (RINGING,),
            _missed(status),
            (
                (
                    "HANGUP",
                    [{"reason": "error", "agentStatus": status.value, "closeCallOnError": False}],
                ),
            ),
        )
        for status in HangupStatus
    ),
    (
        "hold at the desk phone",
        (with_participant(CONNECTED, "agent-1", is_softphone=False),),
        ParticipantHeld(**CUSTOMER, at=NOW),
        (
            (
                "HOLD_TOGGLE",
                {
                    "isCustomerOnHold": True,
                    "calls": {"call-1": {"callInfo": {"isSoftphoneCall": False}}},
                },
            ),
        ),
    ),
    (
        "mute at the desk phone",
        (CONNECTED,),
        ParticipantMuted(**AGENT),
        (("MUTE_TOGGLE", {"isMuted": True}),),
    ),
    (
        "the recorder pauses",
        (CONNECTED,),
        RecordingPaused(**CALL),
        (("RECORDING_TOGGLE", {"isRecordingPaused": True}),),
    ),
    (
        "the recorder goes on",
        (PAUSED,),
        RecordingResumed(**CALL),
        (("RECORDING_TOGGLE", {"isRecordingPaused": False}),),
    ),
    ("the recorder starts", (OFF,), RecordingStarted(**CALL), ()),
    (
        "controls change in mid-call",
        (CONNECTED,),
        CallUpdated(**CALL, call_info=CallInfo(end_call_disabled=True, mute_enabled=False)),
        (
            (
                "CALL_UPDATED",
                {"call": {"callInfo": {"endCallDisabled": True, "muteEnabled": False}}},
            ),
        ),
    ),
    (
        "the agent turns to the desk phone",
        (CONNECTED,),
        PhoneSwitched(**AGENT, is_softphone=False),
        (("CALL_UPDATED", {"call": {"callInfo": {"isSoftphoneCall": False}}}),),
    ),
    (
        "a transfer is offered to somebody else",
        (with_third(state=ParticipantState.RINGING),),
        ParticipantOffered(**THIRD, at=NOW, agent_id="ben"),
        (),
    ),
    (
        "after-call work",
        (),
        WrapUpStarted(**CALL),
        (("AFTER_CALL_WORK_STARTED", {"callId": "call-1"}),),
    ),
    (
        "after-conversation work starts",
        (),
        AfterConversationWorkStarted(acw_info=ACWInfo(agent_work_id="0Bz1")),
        (("AFTER_CONVERSATION_WORK_STARTED", {"agentWorkId": "0Bz1"}),),
    ),
    (
        "after-conversation work ends",
        (),
        AfterConversationWorkEnded(acw_info=ACWInfo(work_item_id="0WI1")),
        (("AFTER_CONVERSATION_WORK_ENDED", {"workItemId": "0WI1"}),),
    ),
    (
        "the telephony system wants another status",
        (),
        AgentStatusRequested(status_info=AgentStatusInfo(status_id="0N5", status_name="Busy")),
        (("SET_AGENT_STATUS", {"statusId": "0N5", "statusName": ABSENT}),),
    ),
    (
        "the agent's state changes",
        (),
        AgentStateChanged(
            state=AgentState.BUSY,
            status_info=AgentStatusInfo(status_id="0N5", status_name="Lunch"),
        ),
        (
            (
                "STATE_CHANGE",
                {"newVendorStateInfo": {"statusId": "0N5", "statusName": "Lunch"}},
            ),
        ),
    ),
    (
        "the configuration changes",
        (),
        AgentConfigChanged(agent_config=AgentConfigResult(speaker_device_id="s1")),
        (),
    ),
    (
        "capabilities change",
        (),
        CapabilitiesChanged(
            shared_capabilities=SharedCapabilitiesResult(),
            voice_capabilities=VoiceCapabilitiesResult(),
        ),
        (),
    ),
    (
        "the telephony system speaks to the page",
        (),
        MessageReceived(message={"type": "note"}),
        (("MESSAGE", {"type": "note"}),),
    ),
    (
        "the transfer view is to open",
        (),
        TransferViewRequested(payload={"contactRequestId": "0CR1"}),
        (("SHOW_TRANSFER_VIEW", {"contactRequestId": "0CR1"}),),
    ),
    (
        "audio is measured",
        (CONNECTED,),
        AudioStatsReported(**CALL, audio_stats=AudioStats(call_id="call-1", stats=(STATS,))),
        (
            (
                "AUDIO_STATS",
                {
                    "audioStats": {
                        "callId": "call-1",
                        "stats": [{"inputChannelStats": {"packetsCount": 100}}],
                    }
                },
            ),
        ),
    ),
    (
        "audio is measured for the last time",
        (CONNECTED,),
        AudioStatsReported(
            **CALL,
            audio_stats=AudioStats(call_id="call-1", stats=(STATS,), is_audio_stats_completed=True),
        ),
        (("AUDIO_STATS", None), ("UPDATE_AUDIO_STATS_COMPLETED", {"callId": "call-1"})),
    ),
]
# event of the action, code of the refusal, what Salesforce is told
FAILED: list[tuple[str, str, tuple[str, Any]]] = [
    ("CALL_STARTED", "invalid_destination", error("CAN_NOT_START_THE_CALL")),
    ("CALL_CONNECTED", "call_not_found", error("CAN_NOT_START_THE_CALL")),
    ("HANGUP", "invalid_state", error("CAN_NOT_END_THE_CALL")),
    ("PARTICIPANT_ADDED", "invalid_destination", error("CAN_NOT_ADD_PARTICIPANT")),
    ("PARTICIPANT_ADDED", "invalid_participant", error("INVALID_PARTICIPANT")),
    ("PARTICIPANT_CONNECTED", "invalid_state", error("CAN_NOT_CONNECT_PARTICIPANT")),
    ("PARTICIPANT_REMOVED", "invalid_state", error("CAN_NOT_HANGUP_PARTICIPANT")),
    ("MUTE_TOGGLE", "not_supported", error("CAN_NOT_TOGGLE_MUTE")),
    ("HOLD_TOGGLE", "switch_failed", error("CAN_NOT_TOGGLE_HOLD")),
    ("HOLD_TOGGLE", "invalid_participant", error("INVALID_PARTICIPANT")),
    ("RECORDING_TOGGLE", "not_supported", error("CAN_NOT_TOGGLE_RECORD")),
    ("PARTICIPANTS_SWAPPED", "not_supported", error("CAN_NOT_SWAP_PARTICIPANTS")),
    ("PARTICIPANTS_CONFERENCED", "not_supported", error("CAN_NOT_CONFERENCE")),
    ("CALL_UPDATED", "invalid_state", error("CAN_NOT_UPDATE_CALL")),
    ("QUEUED_CALL_STARTED", "invalid_state", error("CAN_NOT_START_THE_CALL")),
    ("LOGIN_RESULT", "internal", error("CAN_NOT_LOG_IN")),
    ("LOGOUT_RESULT", "internal", error("CAN_NOT_LOG_OUT")),
    ("AGENT_ERROR", "internal", error("AGENT_ERROR")),
    *(
        ("SOFTPHONE_ERROR", constant, error(constant))
        for constant in (
            "MICROPHONE_NOT_SHARED",
            "UNSUPPORTED_BROWSER",
            "USER_BUSY_ERROR",
            "WEBRTC_ERROR",
        )
    ),
    ("SOFTPHONE_ERROR", "switch_failed", error("GENERIC_ERROR")),
]


def conversations() -> Iterator[Conversation]:
    """All of them."""
    for name, calls, notification, hears in TOLD:
        yield Conversation(
            name=name,
            agent=ADA,
            calls=calls,
            steps=(Happens(notification=notification, hears=hears),),
            asked=(),
        )
    for event_type, code, hears in FAILED:
        failed = ActionFailed(event_type=event_type, code=code, message="It cannot be done")
        yield Conversation(
            name=f"the desk phone fails with {event_type}, {code}",
            agent=ADA,
            calls=(CONNECTED,),
            steps=(Happens(notification=failed, hears=(hears,)),),
        )
    labelled = ActionFailed(
        event_type="MUTE_TOGGLE",
        code="not_supported",
        message="It cannot be done",
        namespace="acme",
        label_name="noMute",
    )
    told = ("ERROR", {"customError": {"labelName": "noMute", "namespace": "acme"}})
    yield Conversation(
        name="the desk phone fails with a label",
        agent=ADA,
        calls=(CONNECTED,),
        steps=(Happens(notification=labelled, hears=(told,)),),
    )
    yield from _callbacks()
    yield from _replays()


def _callbacks() -> Iterator[Conversation]:
    yield Conversation(
        name="a callback is accepted, then the customer answers",
        agent=ADA,
        calls=(CALLBACK,),
        answers={"answer_call": Answer(causes=(ParticipantConnected(**AGENT, at=NOW),))},
        steps=(
            Say(
                message=message("ACCEPT_CALL", call=salesforce_call(callType="Callback")),
                hears=(
                    (
                        "CALL_STARTED",
                        {"callId": "call-1", "callType": "Callback", "state": "ringing"},
                    ),
                ),
            ),
            Happens(
                notification=ParticipantConnected(**CUSTOMER, at=NOW),
                hears=(("CALL_CONNECTED", {"callId": "call-1", "state": "connected"}),),
            ),
        ),
        asked=(("answer_call", {"callId": "call-1"}),),
    )


def _replays() -> Iterator[Conversation]:
    available = message("AGENT_AVAILABLE", isAvailable=True)
    not_again = replace(CONNECTED, call_info=CallInfo(is_replayable=False))
    left = with_participant(with_third(CONNECTED), "customer-1", state=ParticipantState.ENDED)
    added = {"callId": "third-1", "phoneNumber": "+12025550199"}
    for name, calls, hears in (
        ("no call", (), ()),
        ("a ringing call", (RINGING,), (("CALL_STARTED", {"isReplayedCall": True}),)),
        ("a connected call", (CONNECTED,), (("CALL_CONNECTED", {"isReplayedCall": True}),)),
        ("a call that is not to be replayed", (not_again,), ()),
        (
            "a party that is being added",
            (with_third(CONNECTED, state=ParticipantState.RINGING),),
            (("CALL_CONNECTED", None), ("PARTICIPANT_ADDED", added)),
        ),
        (
            "a party that was added",
            (with_third(CONNECTED),),
            (("CALL_CONNECTED", None), ("PARTICIPANT_CONNECTED", added)),
        ),
        (
            "a party after the customer left",
            (left,),
            (("PARTICIPANT_CONNECTED", {**added, "initialCallHasEnded": True}),),
        ),
        (
            "two calls",
            (CONNECTED, OUTBOUND),
            (("CALL_CONNECTED", {"callId": "call-1"}), ("CALL_STARTED", {"callId": "call-2"})),
        ),
    ):
        yield Conversation(
            name=f"the replay of {name}",
            agent=ADA,
            calls=calls,
            steps=(
                Say(message=available, hears=hears),
                Say(message=message("AGENT_AVAILABLE", isAvailable=False)),
            ),
            asked=(),
        )
