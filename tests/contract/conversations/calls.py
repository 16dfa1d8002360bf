"""Messages about one call: success and each failure (connector-api.md 1.3)."""

from collections.abc import Iterator
from typing import Any

from connector_py.entities import (
    CallEnded,
    CallStarted,
    CallType,
    HangupReason,
    HangupStatus,
    ParticipantConnected,
    ParticipantHeld,
    ParticipantMuted,
    ParticipantResumed,
    ParticipantUnmuted,
    RecordingPaused,
    RecordingResumed,
    RecordingState,
)
from tests.contract.conversations.scenes import (
    ADA,
    AGENT,
    CONNECTED,
    CUSTOM_ERROR,
    CUSTOMER,
    HELD,
    NOW,
    OUTBOUND,
    RINGING,
    error,
    message,
    refusing,
    refusing_with_label,
    salesforce_call,
)
from tests.support.builders import make_call_snapshot, make_outbound_call_snapshot, with_participant
from tests.support.scripted_server import ABSENT, Answer, Conversation, Say

CALL = salesforce_call()
PAUSED = make_call_snapshot(
    participants=CONNECTED.participants, recording=RecordingState.PAUSED, voice_call_id="0LQ1"
)
MUTED = with_participant(CONNECTED, "agent-1", is_muted=True)

# message, calls, command, what the command causes, events
DONE: list[tuple[str, dict[str, Any], Any, str, Any, tuple[tuple[str, Any], ...]]] = [
    (
        "ACCEPT_CALL",
        {"call": CALL},
        RINGING,
        "answer_call",
        ParticipantConnected(**AGENT, at=NOW),
        (
            (
                "CALL_CONNECTED",
                {
                    "callId": "call-1",
                    "callType": "Inbound",
                    "state": "connected",
                    "phoneNumber": "+12025550143",
                    "callAttributes": {
                        "voiceCallId": "0LQ1",
                        "participantType": "Initial_Caller",
                    },
                    "callInfo": {"isOnHold": False, "isMuted": False, "isSoftphoneCall": True},
                    "reason": ABSENT,
                },
            ),
        ),
    ),
    (
        "DECLINE_CALL",
        {"call": CALL},
        RINGING,
        "decline_call",
        CallEnded(
            call_id="call-1",
            at=NOW,
            reason=HangupReason.PHONE_CALL_ERROR,
            agent_status=HangupStatus.DECLINED,
            close_call_on_error=False,
        ),
        (
            (
                "HANGUP",
                {
                    "callId": "call-1",
                    "state": "ended",
                    "reason": "error",
                    "agentStatus": "DeclinedByAgent",
                    "closeCallOnError": False,
                },
            ),
        ),
    ),
    (
        "END_CALL",
        {"call": CALL, "agentStatus": "Online"},
        CONNECTED,
        "end_call",
        CallEnded(call_id="call-1", at=NOW),
        (("HANGUP", [{"callId": "call-1", "state": "ended", "reason": "ended"}]),),
    ),
    (
        "MUTE",
        {},
        CONNECTED,
        "mute",
        ParticipantMuted(**AGENT),
        (("MUTE_TOGGLE", {"isMuted": True}),),
    ),
    (
        "UNMUTE",
        {},
        MUTED,
        "unmute",
        ParticipantUnmuted(**AGENT),
        (("MUTE_TOGGLE", {"isMuted": False}),),
    ),
    (
        "HOLD",
        {"call": CALL},
        CONNECTED,
        "hold",
        ParticipantHeld(**CUSTOMER, at=NOW),
        (
            (
                "HOLD_TOGGLE",
                {
                    "isCustomerOnHold": True,
                    "isThirdPartyOnHold": False,
                    "calls": {"call-1": {"callInfo": {"isOnHold": True}}},
                },
            ),
        ),
    ),
    (
        "RESUME",
        {"call": CALL},
        HELD,
        "resume",
        ParticipantResumed(**CUSTOMER, at=NOW),
        (("HOLD_TOGGLE", {"isCustomerOnHold": False}),),
    ),
    (
        "PAUSE_RECORDING",
        {"call": CALL},
        CONNECTED,
        "pause_recording",
        RecordingPaused(call_id="call-1"),
        (("RECORDING_TOGGLE", {"isRecordingPaused": True}),),
    ),
    (
        "RESUME_RECORDING",
        {"call": CALL},
        PAUSED,
        "resume_recording",
        RecordingResumed(call_id="call-1"),
        (("RECORDING_TOGGLE", {"isRecordingPaused": False}),),
    ),
    ("SEND_DIGITS", {"digits": "12#"}, CONNECTED, "send_digits", None, ()),
]
# message → the constant of any failure; ACCEPT_CALL's is an INFO (weakness B16)
CONSTANTS = {
    "ACCEPT_CALL": ("INFO", {"message": "CAN_NOT_ACCEPT_THE_CALL"}),
    "DECLINE_CALL": error("CAN_NOT_DECLINE_THE_CALL"),
    "END_CALL": error("CAN_NOT_END_THE_CALL"),
    "MUTE": error("CAN_NOT_MUTE_CALL"),
    "UNMUTE": error("CAN_NOT_UNMUTE_CALL"),
    "HOLD": error("CAN_NOT_HOLD_CALL"),
    "RESUME": error("CAN_NOT_RESUME_CALL"),
    "PAUSE_RECORDING": error("CAN_NOT_PAUSE_RECORDING"),
    "RESUME_RECORDING": error("CAN_NOT_RESUME_RECORDING"),
}


def conversations() -> Iterator[Conversation]:
    """Each message about a call: it works, is refused, fails with a label, finds no call."""
    for kind, fields, call, command, caused, hears in DONE:
        said = message(kind, **fields)
        works = Answer(causes=() if caused is None else (caused,))
        about: dict[str, Any] = {"agent": ADA, "calls": (call,)}
        yield Conversation(
            name=f"{kind} works",
            **about,
            answers={command: works},
            steps=(Say(message=said, hears=hears),),
            asked=((command, {"callId": "call-1"}),),
        )
        told = CONSTANTS.get(kind)
        yield Conversation(
            name=f"{kind} is refused",
            **about,
            answers={command: refusing("switch_failed")},
            steps=(Say(message=said, hears=(told,) if told else ()),),
        )
        if told is None:
            continue
        yield Conversation(
            name=f"{kind} is refused with a label",
            **about,
            answers={command: refusing_with_label()},
            steps=(Say(message=said, hears=(CUSTOM_ERROR,)),),
        )
        unknown = {**fields, "call": salesforce_call("nowhere")}
        constant = ("ERROR", {"message": "INVALID_PARTICIPANT"})
        yield Conversation(
            name=f"{kind} of an unknown call",
            **about,
            steps=(Say(message=message(kind, **unknown), hears=(told,)),),
            asked=(),
        )
        if kind in ("HOLD", "RESUME"):
            yield Conversation(
                name=f"{kind} of somebody the server does not know",
                **about,
                answers={command: refusing("invalid_participant")},
                steps=(Say(message=said, hears=(constant,)),),
            )
    yield from _partial_calls()
    yield from _dialling()


def _partial_calls() -> Iterator[Conversation]:
    """END_CALL may name only a participant's type (weakness B26)."""
    for kind in ("Initial_Caller", "Agent"):
        yield Conversation(
            name=f"END_CALL with nothing but {kind}",
            agent=ADA,
            calls=(CONNECTED,),
            answers={"end_call": Answer(causes=(CallEnded(call_id="call-1", at=NOW),))},
            steps=(
                Say(
                    message=message("END_CALL", call={"callAttributes": {"participantType": kind}}),
                    hears=(("HANGUP", [{"callId": "call-1", "reason": "ended"}]),),
                ),
            ),
            asked=(("end_call", {"callId": "call-1"}),),
        )


def _dialling() -> Iterator[Conversation]:
    contact = {"phoneNumber": "+12025550143"}
    started = Answer(causes=(CallStarted(call=OUTBOUND),), result={"callId": "call-2"})
    yield Conversation(
        name="DIAL works",
        agent=ADA,
        answers={"dial": started},
        steps=(
            Say(
                message=message("DIAL", contact=contact, params=""),
                hears=(
                    (
                        "CALL_STARTED",
                        {
                            "callId": "call-2",
                            "callType": "Outbound",
                            "state": "ringing",
                            "callAttributes": {"participantType": "Initial_Caller"},
                        },
                    ),
                ),
            ),
        ),
        asked=(("dial", {"contact": contact, "isCallback": False, "isConsultCall": False}),),
    )
    callback = make_outbound_call_snapshot(call_id="call-2", call_type=CallType.DIALED_CALLBACK)
    yield Conversation(
        name="DIAL of a callback",
        agent=ADA,
        answers={"dial": Answer(causes=(CallStarted(call=callback),), result={"callId": "call-2"})},
        steps=(
            Say(
                message=message("DIAL", contact=contact, params="isCallback=true"),
                hears=(
                    ("QUEUED_CALL_STARTED", {"callId": "call-2", "callType": "DialedCallback"}),
                ),
            ),
        ),
        asked=(("dial", {"isCallback": True}),),
    )
    failed = ("CALL_FAILED", None)
    for code, constant in (
        ("invalid_destination", "INVALID_DESTINATION"),
        ("internal", "GENERIC_ERROR"),
        ("invalid_state", "CAN_NOT_START_THE_CALL"),
        ("AGENT_NOT_INITIALIZED", "CAN_NOT_START_THE_CALL"),
        ("AGENT_AT_MAXIMUM_CAPACITY", "CAN_NOT_START_THE_CALL"),
    ):
        yield Conversation(
            name=f"DIAL refused with {code}",
            agent=ADA,
            answers={"dial": refusing(code)},
            steps=(
                Say(
                    message=message("DIAL", contact=contact, params=""),
                    hears=(failed, error(constant)),
                ),
            ),
        )
    yield Conversation(
        name="DIAL refused with a label",
        agent=ADA,
        answers={"dial": refusing_with_label()},
        steps=(
            Say(
                message=message("DIAL", contact=contact, params=""),
                hears=(failed, CUSTOM_ERROR),
            ),
        ),
    )
