"""Which error constant each vendor method gives to Salesforce (connector-api.md 1.2 to 1.6).

One table, so that no method has to know it.
"""

from collections.abc import Mapping
from types import MappingProxyType

from connector_py.entities import InfoType, RefusalCode, SharedErrorType, VoiceErrorType
from connector_py.errors import ConnectorError, ParticipantNotFoundError, ValidationError

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

QUIET_METHODS = frozenset(
    {"wrapUpCall", "handleMessage", "onAgentWorkEvent", "downloadLogs", "logMessageToVendor"}
)
"""Called by the base connector without a guard (weakness B7): they never fail, they log."""


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
    return MethodFailed(str(SPECIAL_ERRORS.get((method, error.code), default)), message)


def unexpected_failure_of(method: str, error: Exception) -> MethodFailed:
    """Return what Salesforce is told when a method fails in a way that has no name here.

    Args:
        method: The vendor's name of the method.
        error: Why it failed.
    """
    constant = METHOD_ERRORS.get(method, SharedErrorType.GENERIC_ERROR)
    return MethodFailed(str(constant), f"{method}: {type(error).__name__}")
