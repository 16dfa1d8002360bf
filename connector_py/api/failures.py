"""Which error constant each vendor method gives to Salesforce (connector-api.md 1.2 to 1.6).

One table, so that no method has to know it.
"""

from collections.abc import Mapping
from types import MappingProxyType

from connector_py.entities import (
    ActionFailed,
    InfoType,
    RefusalCode,
    SharedErrorType,
    SharedEventType,
    VoiceErrorType,
    VoiceEventType,
)
from connector_py.errors import (
    CommandRefusedError,
    ConnectorError,
    CustomError,
    MicrophoneNotSharedError,
    ParticipantNotFoundError,
    UnsupportedBrowserError,
    ValidationError,
)

METHOD_ERRORS: Mapping[str, str] = MappingProxyType(
    {
        "init": SharedErrorType.CAN_NOT_LOG_IN,
        "getTelephonyConnector": SharedErrorType.CAN_NOT_LOG_IN,
        "getAgentConfig": SharedErrorType.CAN_NOT_LOG_IN,
        "getSharedCapabilities": SharedErrorType.CAN_NOT_LOG_IN,
        "getVoiceCapabilities": SharedErrorType.CAN_NOT_LOG_IN,
        "getActiveCalls": SharedErrorType.GENERIC_ERROR,
        "acceptCall": InfoType.CAN_NOT_ACCEPT_THE_CALL,
        "declineCall": VoiceErrorType.CAN_NOT_DECLINE_THE_CALL,
        "endCall": VoiceErrorType.CAN_NOT_END_THE_CALL,
        "mute": VoiceErrorType.CAN_NOT_MUTE_CALL,
        "unmute": VoiceErrorType.CAN_NOT_UNMUTE_CALL,
        "hold": VoiceErrorType.CAN_NOT_HOLD_CALL,
        "resume": VoiceErrorType.CAN_NOT_RESUME_CALL,
        "dial": VoiceErrorType.CAN_NOT_START_THE_CALL,
        "sendDigits": SharedErrorType.GENERIC_ERROR,
        "swap": VoiceErrorType.CAN_NOT_SWAP_PARTICIPANTS,
        "conference": VoiceErrorType.CAN_NOT_CONFERENCE,
        "addParticipant": VoiceErrorType.CAN_NOT_ADD_PARTICIPANT,
        "pauseRecording": VoiceErrorType.CAN_NOT_PAUSE_RECORDING,
        "resumeRecording": VoiceErrorType.CAN_NOT_RESUME_RECORDING,
        "getSignedRecordingUrl": VoiceErrorType.CAN_NOT_GET_SIGNED_RECORDING_URL,
        "wrapUpCall": SharedErrorType.GENERIC_ERROR,
        "getPhoneContacts": VoiceErrorType.CAN_NOT_GET_PHONE_CONTACTS,
        "getContacts": SharedErrorType.GENERIC_ERROR,
        "setAgentStatus": SharedErrorType.CAN_NOT_SET_AGENT_STATUS,
        "getAgentStatus": SharedErrorType.CAN_NOT_GET_AGENT_STATUS,
        "setAgentConfig": VoiceErrorType.CAN_NOT_SET_AGENT_CONFIG,
        "getAudioDevices": VoiceErrorType.CAN_NOT_GET_AUDIO_DEVICES,
        "logout": SharedErrorType.CAN_NOT_LOG_OUT,
        "handleMessage": SharedErrorType.GENERIC_ERROR,
        "onAgentWorkEvent": SharedErrorType.GENERIC_ERROR,
        "downloadLogs": SharedErrorType.GENERIC_ERROR,
        "logMessageToVendor": SharedErrorType.GENERIC_ERROR,
        "superviseCall": VoiceErrorType.CAN_NOT_SUPERVISE_CALL,
        "supervisorDisconnect": VoiceErrorType.CAN_NOT_DISCONNECT_SUPERVISOR,
        "supervisorBargeIn": VoiceErrorType.CAN_NOT_BARGE_IN_SUPERVISOR,
    }
)
"""What a method's failure is called, unless `SPECIAL_ERRORS` knows better."""

SPECIAL_ERRORS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("init", ValidationError.code): VoiceErrorType.INVALID_PARAMS,
        ("dial", RefusalCode.INVALID_DESTINATION): VoiceErrorType.INVALID_DESTINATION,
        ("dial", RefusalCode.INTERNAL): SharedErrorType.GENERIC_ERROR,
        ("addParticipant", RefusalCode.INVALID_DESTINATION): VoiceErrorType.INVALID_DESTINATION,
        ("hold", RefusalCode.INVALID_PARTICIPANT): VoiceErrorType.INVALID_PARTICIPANT,
        ("hold", ParticipantNotFoundError.code): VoiceErrorType.INVALID_PARTICIPANT,
        ("resume", RefusalCode.INVALID_PARTICIPANT): VoiceErrorType.INVALID_PARTICIPANT,
        ("resume", ParticipantNotFoundError.code): VoiceErrorType.INVALID_PARTICIPANT,
        ("setAgentStatus", ValidationError.code): SharedErrorType.INVALID_AGENT_STATUS,
        (
            "setAgentStatus",
            RefusalCode.INVALID_AGENT_STATUS,
        ): SharedErrorType.INVALID_AGENT_STATUS,
        (
            "setAgentConfig",
            RefusalCode.INVALID_PHONE_NUMBER,
        ): VoiceErrorType.CAN_NOT_UPDATE_PHONE_NUMBER,
    }
)
"""Failures that Salesforce knows by a name of their own: (method, error code) → constant."""

DIAL_ERRORS = frozenset(
    {
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
    }
)
"""Refusal codes that a `dial` passes on under their own names: the base connector knows them from
4.9.1 on, an older one makes CAN_NOT_START_THE_CALL of them (connector-api.md section 0)."""

EVENT_ERRORS: Mapping[str, str] = MappingProxyType(
    {
        SharedEventType.LOGIN_RESULT: SharedErrorType.CAN_NOT_LOG_IN,
        SharedEventType.LOGOUT_RESULT: SharedErrorType.CAN_NOT_LOG_OUT,
        VoiceEventType.CALL_STARTED: VoiceErrorType.CAN_NOT_START_THE_CALL,
        VoiceEventType.QUEUED_CALL_STARTED: VoiceErrorType.CAN_NOT_START_THE_CALL,
        VoiceEventType.CALL_CONNECTED: VoiceErrorType.CAN_NOT_START_THE_CALL,
        VoiceEventType.HANGUP: VoiceErrorType.CAN_NOT_END_THE_CALL,
        VoiceEventType.PARTICIPANT_ADDED: VoiceErrorType.CAN_NOT_ADD_PARTICIPANT,
        VoiceEventType.PARTICIPANT_CONNECTED: VoiceErrorType.CAN_NOT_CONNECT_PARTICIPANT,
        VoiceEventType.PARTICIPANT_REMOVED: VoiceErrorType.CAN_NOT_HANGUP_PARTICIPANT,
        VoiceEventType.MUTE_TOGGLE: VoiceErrorType.CAN_NOT_TOGGLE_MUTE,
        VoiceEventType.HOLD_TOGGLE: VoiceErrorType.CAN_NOT_TOGGLE_HOLD,
        VoiceEventType.RECORDING_TOGGLE: VoiceErrorType.CAN_NOT_TOGGLE_RECORD,
        VoiceEventType.PARTICIPANTS_SWAPPED: VoiceErrorType.CAN_NOT_SWAP_PARTICIPANTS,
        VoiceEventType.PARTICIPANTS_CONFERENCED: VoiceErrorType.CAN_NOT_CONFERENCE,
        VoiceEventType.AGENT_ERROR: VoiceErrorType.AGENT_ERROR,
        VoiceEventType.SOFTPHONE_ERROR: SharedErrorType.GENERIC_ERROR,
        VoiceEventType.CALL_UPDATED: VoiceErrorType.CAN_NOT_UPDATE_CALL,
    }
)
"""What `publishError` makes of a failure that no method waits for (connector-api.md 3.2)."""

SPECIAL_EVENT_ERRORS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        (str(event_type), str(code)): str(VoiceErrorType.INVALID_PARTICIPANT)
        for event_type in (VoiceEventType.PARTICIPANT_ADDED, VoiceEventType.HOLD_TOGGLE)
        for code in (RefusalCode.INVALID_PARTICIPANT, ParticipantNotFoundError.code)
    }
    | {
        (str(VoiceEventType.SOFTPHONE_ERROR), str(name)): str(name)
        for name in (
            VoiceErrorType.UNSUPPORTED_BROWSER,
            VoiceErrorType.MICROPHONE_NOT_SHARED,
            VoiceErrorType.USER_BUSY_ERROR,
            VoiceErrorType.WEBRTC_ERROR,
        )
    }
)
"""Those with a name of their own: (event type, error code) → constant."""

SOFTPHONE_ERRORS: Mapping[str, VoiceErrorType] = MappingProxyType(
    {
        MicrophoneNotSharedError.code: VoiceErrorType.MICROPHONE_NOT_SHARED,
        UnsupportedBrowserError.code: VoiceErrorType.UNSUPPORTED_BROWSER,
    }
)
"""Failures of a method that say more of the softphone than of what was asked."""

QUIET_METHODS = frozenset(
    {"wrapUpCall", "handleMessage", "onAgentWorkEvent", "downloadLogs", "logMessageToVendor"}
)
"""Called by the base connector without a guard (weakness B7): they never fail, they log."""

UNLABELLED_METHODS = frozenset({"setAgentStatus", "getAudioDevices", "getSignedRecordingUrl"})
"""Of these the base connector does not tell a text of its own as it should: it leaves Salesforce
waiting (weakness B29), or drops the text (connector-api.md 1.3, 1.5)."""


class MethodFailed(Exception):  # noqa: N818 - the name says what Salesforce is told
    """A vendor method failed.

    Args:
        error_type: The constant that Salesforce gets.
        message: Why, for the log.
    """

    def __init__(self, error_type: str, message: str) -> None:
        super().__init__(message)
        self.error_type = error_type
        self.message = message


def failure_of(method: str, error: ConnectorError) -> MethodFailed:
    """Return what Salesforce is told when a method fails.

    Args:
        method: The vendor's name of the method.
        error: Why it failed.
    """
    default = METHOD_ERRORS.get(method, SharedErrorType.GENERIC_ERROR)
    message = error.message
    if isinstance(error, ValidationError):
        # Without the value: Salesforce logs this, and the value may be a customer's number.
        message = f"{error.field}: expected {error.expected}"
    if method == "dial" and error.code in DIAL_ERRORS:
        return MethodFailed(error.code, message)
    return MethodFailed(str(SPECIAL_ERRORS.get((method, error.code), default)), message)


def custom_error_of(error: Exception) -> CustomError | None:
    """Return the text of its own that a failure has: a label of the org, or None."""
    if isinstance(error, CustomError):
        return error
    if isinstance(error, CommandRefusedError) and error.namespace and error.label_name:
        return CustomError(error.label_name, error.namespace, error.message)
    return None


def softphone_failure_of(error: ConnectorError) -> MethodFailed | None:
    """Return what a method's failure says of the whole softphone, or None."""
    constant = SOFTPHONE_ERRORS.get(error.code)
    return None if constant is None else MethodFailed(str(constant), error.message)


def event_failure_of(failed: ActionFailed) -> tuple[str, Exception]:
    """Return how Salesforce is told of something that failed at the desk phone.

    `publishError` would drop an event type that it does not know (weakness B22): then the agent's
    own error says it.

    Returns:
        The event type, and the error for it.
    """
    event_type = failed.event_type
    if failed.namespace and failed.label_name:
        # With a text of its own every event type is told.
        return event_type, CustomError(failed.label_name, failed.namespace, failed.message)
    if event_type not in EVENT_ERRORS:
        event_type = VoiceEventType.AGENT_ERROR
    constant = SPECIAL_EVENT_ERRORS.get((event_type, failed.code), EVENT_ERRORS[event_type])
    return str(event_type), MethodFailed(str(constant), failed.message)


def unexpected_failure_of(method: str, error: Exception) -> MethodFailed:
    """Return what Salesforce is told when a method fails in a way that has no name here.

    Args:
        method: The vendor's name of the method.
        error: Why it failed.
    """
    constant = METHOD_ERRORS.get(method, SharedErrorType.GENERIC_ERROR)
    return MethodFailed(str(constant), f"{method}: {type(error).__name__}")
