"""How failures reach Salesforce and the log, whatever the method."""

from typing import Any

import pytest

from connector_py.api import METHOD_ERRORS, MethodFailed
from connector_py.api.failures import (
    DIAL_ERRORS,
    EVENT_ERRORS,
    QUIET_METHODS,
    SPECIAL_ERRORS,
    custom_error_of,
    failure_of,
    unexpected_failure_of,
)
from connector_py.entities import (
    ActionFailed,
    Dial,
    EndCall,
    LogLevel,
    RefusalCode,
    SendMessage,
    SharedErrorType,
    VoiceErrorType,
)
from connector_py.errors import (
    CallNotFoundError,
    CommandRefusedError,
    CommandTimeoutError,
    ConnectorError,
    CustomError,
    LinkDownError,
    NotSupportedError,
    ParticipantNotFoundError,
    SignInRequiredError,
    UnknownTransitionError,
    ValidationError,
)
from tests.support.api_fakes import open_page
from tests.support.builders import make_connected_call_snapshot

ERRORS: list[ConnectorError] = [
    ValidationError("field", "value", "text"),
    UnknownTransitionError("call", "ended", "hold"),
    CallNotFoundError("call-1"),
    ParticipantNotFoundError("call-1", "third-1"),
    CommandTimeoutError("too late"),
    LinkDownError("down"),
    SignInRequiredError(),
    NotSupportedError("dance"),
    *(CommandRefusedError(code, "no") for code in RefusalCode),
]
CONSTANTS = {str(value) for value in (*SharedErrorType, *VoiceErrorType)} | {
    "CAN_NOT_ACCEPT_THE_CALL"
}
LABEL = {"namespace": "acme", "label_name": "tooLate"}


@pytest.mark.parametrize("method", sorted(METHOD_ERRORS))
def test_every_error_of_every_method_has_one_of_salesforces_names(method: str) -> None:
    for error in ERRORS:
        failure = failure_of(method, error)
        assert failure.error_type in CONSTANTS
        assert failure.message == str(failure)
        assert failure.message in error.message
        if (method, error.code) not in SPECIAL_ERRORS:
            assert failure.error_type == METHOD_ERRORS[method]


def test_every_special_error_is_of_a_method_and_an_error_that_exist() -> None:
    codes = {error.code for error in ERRORS}
    for method, code in SPECIAL_ERRORS:
        assert method in METHOD_ERRORS
        assert code in codes
    assert set(METHOD_ERRORS) >= QUIET_METHODS


def test_an_unexpected_error_tells_its_kind_but_not_its_text() -> None:
    failure = unexpected_failure_of("endCall", KeyError("+12025550143"))
    assert failure.error_type == "CAN_NOT_END_THE_CALL"
    assert failure.message == "endCall: KeyError"
    assert unexpected_failure_of("dance", KeyError("x")).error_type == "GENERIC_ERROR"


async def test_a_failure_is_logged_by_its_code() -> None:
    page = await open_page(make_connected_call_snapshot())
    page.link.answers(EndCall, refuses=RefusalCode.SWITCH_FAILED)
    await page.is_told("endCall", {"callId": "call-1"})
    fields = {"method": "endCall", "code": "switch_failed"}
    assert page.log.entries == [(LogLevel.ERROR, "method_failed", fields)]


async def test_a_failure_keeps_its_cause() -> None:
    page = await open_page()
    page.link.answers(Dial, refuses=RefusalCode.INVALID_STATE)
    with pytest.raises(MethodFailed) as failed:
        await page.api.dispatch("dial", [{"phoneNumber": "+12025550143"}])
    assert isinstance(failed.value.__cause__, CommandRefusedError)


@pytest.mark.parametrize("code", sorted(DIAL_ERRORS))
def test_the_names_of_a_failed_dial_are_passed_on_by_dial_alone(code: str) -> None:
    """connector-api.md section 0: base connectors from 4.9.1 on dispatch them."""
    error = CommandRefusedError(code, "no")
    assert failure_of("dial", error).error_type == code
    assert failure_of("addParticipant", error).error_type == "CAN_NOT_ADD_PARTICIPANT"


def test_there_are_ten_of_them() -> None:
    assert len(DIAL_ERRORS) == 10


async def test_a_refusal_with_a_label_is_a_text_of_its_own() -> None:
    page = await open_page()
    page.link.answers(Dial, fails=CommandRefusedError("invalid_state", "too late", **LABEL))
    with pytest.raises(CustomError) as raised:
        await page.asks("dial", {"phoneNumber": "+12025550143"})
    assert (raised.value.namespace, raised.value.label_name) == ("acme", "tooLate")
    assert raised.value.message == "too late"
    assert page.log.fields_of("method_failed") == [{"method": "dial", "code": "invalid_state"}]


@pytest.mark.parametrize("label", [{}, {"namespace": "acme"}, {"label_name": "tooLate"}])
def test_a_label_needs_both_its_names(label: dict[str, str]) -> None:
    assert custom_error_of(CommandRefusedError("invalid_state", "no", **label)) is None


async def test_a_quiet_method_stays_quiet_with_a_label_too() -> None:
    page = await open_page()
    page.link.answers(SendMessage, fails=CommandRefusedError("internal", "no", **LABEL))
    assert await page.asks("handleMessage", "hello") is None
    assert page.publisher.errors == []


# ---- what failed at the desk phone (connector-api.md 3.2) ----------------------------------------

PUBLISHED: list[tuple[str, str, str, str]] = [
    # event type of the failure, its code, event type that is told, constant
    ("LOGIN_RESULT", "internal", "LOGIN_RESULT", "CAN_NOT_LOG_IN"),
    ("LOGOUT_RESULT", "internal", "LOGOUT_RESULT", "CAN_NOT_LOG_OUT"),
    ("CALL_STARTED", "invalid_destination", "CALL_STARTED", "CAN_NOT_START_THE_CALL"),
    ("QUEUED_CALL_STARTED", "internal", "QUEUED_CALL_STARTED", "CAN_NOT_START_THE_CALL"),
    ("CALL_CONNECTED", "invalid_state", "CALL_CONNECTED", "CAN_NOT_START_THE_CALL"),
    ("HANGUP", "switch_failed", "HANGUP", "CAN_NOT_END_THE_CALL"),
    ("PARTICIPANT_ADDED", "invalid_participant", "PARTICIPANT_ADDED", "INVALID_PARTICIPANT"),
    ("PARTICIPANT_ADDED", "invalid_state", "PARTICIPANT_ADDED", "CAN_NOT_ADD_PARTICIPANT"),
    ("PARTICIPANT_CONNECTED", "x", "PARTICIPANT_CONNECTED", "CAN_NOT_CONNECT_PARTICIPANT"),
    ("PARTICIPANT_REMOVED", "x", "PARTICIPANT_REMOVED", "CAN_NOT_HANGUP_PARTICIPANT"),
    ("MUTE_TOGGLE", "x", "MUTE_TOGGLE", "CAN_NOT_TOGGLE_MUTE"),
    ("HOLD_TOGGLE", "participant_not_found", "HOLD_TOGGLE", "INVALID_PARTICIPANT"),
    ("HOLD_TOGGLE", "invalid_participant", "HOLD_TOGGLE", "INVALID_PARTICIPANT"),
    ("HOLD_TOGGLE", "switch_failed", "HOLD_TOGGLE", "CAN_NOT_TOGGLE_HOLD"),
    ("RECORDING_TOGGLE", "x", "RECORDING_TOGGLE", "CAN_NOT_TOGGLE_RECORD"),
    ("PARTICIPANTS_SWAPPED", "x", "PARTICIPANTS_SWAPPED", "CAN_NOT_SWAP_PARTICIPANTS"),
    ("PARTICIPANTS_CONFERENCED", "x", "PARTICIPANTS_CONFERENCED", "CAN_NOT_CONFERENCE"),
    ("CALL_UPDATED", "x", "CALL_UPDATED", "CAN_NOT_UPDATE_CALL"),
    ("AGENT_ERROR", "x", "AGENT_ERROR", "AGENT_ERROR"),
    ("SOFTPHONE_ERROR", "MICROPHONE_NOT_SHARED", "SOFTPHONE_ERROR", "MICROPHONE_NOT_SHARED"),
    ("SOFTPHONE_ERROR", "UNSUPPORTED_BROWSER", "SOFTPHONE_ERROR", "UNSUPPORTED_BROWSER"),
    ("SOFTPHONE_ERROR", "USER_BUSY_ERROR", "SOFTPHONE_ERROR", "USER_BUSY_ERROR"),
    ("SOFTPHONE_ERROR", "WEBRTC_ERROR", "SOFTPHONE_ERROR", "WEBRTC_ERROR"),
    ("SOFTPHONE_ERROR", "switch_failed", "SOFTPHONE_ERROR", "GENERIC_ERROR"),
    # the base connector would tell nobody of these (weakness B22)
    ("SUPERVISOR_BARGED_IN", "invalid_state", "AGENT_ERROR", "AGENT_ERROR"),
    ("SET_AGENT_STATUS", "invalid_agent_status", "AGENT_ERROR", "AGENT_ERROR"),
    ("", "x", "AGENT_ERROR", "AGENT_ERROR"),
]


@pytest.mark.parametrize(("event_type", "code", "told", "constant"), PUBLISHED)
async def test_a_failed_action_is_told_by_its_event(
    event_type: str, code: str, told: str, constant: str
) -> None:
    page = await open_page()
    page.link.delivers(ActionFailed(event_type=event_type, code=code, message="It failed"))
    ((published, error),) = page.publisher.errors
    assert published == told
    assert isinstance(error, MethodFailed)
    assert (error.error_type, error.message) == (constant, "It failed")
    assert page.publisher.events == []
    assert page.log.fields_of("action_failed") == [{"event": event_type, "code": code}]


def test_every_event_that_publish_error_knows_is_in_the_table() -> None:
    assert {row[2] for row in PUBLISHED} == set(EVENT_ERRORS)


@pytest.mark.parametrize("event_type", ["HOLD_TOGGLE", "SUPERVISOR_BARGED_IN"])
async def test_a_failed_action_with_a_label_is_a_text_of_its_own(event_type: str) -> None:
    page = await open_page()
    page.link.delivers(
        ActionFailed(event_type=event_type, code="invalid_state", message="no", **LABEL)
    )
    ((published, error),) = page.publisher.errors
    assert published == event_type
    assert isinstance(error, CustomError)
    assert (error.namespace, error.label_name) == ("acme", "tooLate")


async def test_an_error_with_a_text_of_its_own_is_not_translated() -> None:
    page = await open_page()
    error = CustomError("No_Calls_Today", "scv", "closed")
    page.link.answers(Dial, fails=error)
    with pytest.raises(CustomError) as raised:
        await page.asks("dial", {"phoneNumber": "+12025550143"})
    assert raised.value is error


@pytest.mark.parametrize("method", ["", "dance", "accept_call", "__init__"])
async def test_a_method_that_the_vendor_does_not_know(method: str) -> None:
    page = await open_page()
    assert await page.is_told(method) == "GENERIC_ERROR"


@pytest.mark.parametrize(
    ("method", "arguments", "constant"),
    [
        ("init", [None], "CAN_NOT_LOG_IN"),
        ("init", [], "CAN_NOT_LOG_IN"),
        ("acceptCall", ["call-1"], "CAN_NOT_ACCEPT_THE_CALL"),
        ("hold", [{"callAttributes": "third"}], "CAN_NOT_HOLD_CALL"),
        ("mute", [{"callAttributes": {"participantType": 7}}], "CAN_NOT_MUTE_CALL"),
        ("dial", [], "CAN_NOT_START_THE_CALL"),
        ("sendDigits", [1, 2, 3], "GENERIC_ERROR"),
        ("swap", ["call-1", "third-1"], "CAN_NOT_SWAP_PARTICIPANTS"),
        ("conference", ["call-1"], "CAN_NOT_CONFERENCE"),
        ("conference", [{"callId": "call-1"}], "CAN_NOT_CONFERENCE"),
        ("addParticipant", [], "CAN_NOT_ADD_PARTICIPANT"),
        ("addParticipant", [{}, "call-1", False], "CAN_NOT_ADD_PARTICIPANT"),
        ("superviseCall", ["call-1"], "CAN_NOT_SUPERVISE_CALL"),
        ("supervisorDisconnect", ["call-1"], "CAN_NOT_DISCONNECT_SUPERVISOR"),
        ("setAgentConfig", [None], "CAN_NOT_SET_AGENT_CONFIG"),
        ("getContacts", ["x"], "GENERIC_ERROR"),
    ],
)
async def test_arguments_of_a_shape_that_nobody_foresaw(
    method: str, arguments: list[Any], constant: str
) -> None:
    page = await open_page(make_connected_call_snapshot())
    told = await page.is_told(method, *arguments)
    assert told in {constant, "INVALID_PARAMS"}
    assert [level for level, _, _ in page.log.entries] == [LogLevel.ERROR]
    assert page.link.requests == []


def test_what_salesforce_logs_does_not_repeat_the_wrong_value() -> None:
    failure = failure_of("dial", ValidationError("contact.phoneNumber", 14155550123, "text"))

    assert failure.message == "contact.phoneNumber: expected text"
