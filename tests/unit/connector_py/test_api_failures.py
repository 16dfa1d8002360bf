"""How failures reach Salesforce and the log, whatever the method."""

from typing import Any

import pytest

from connector_py.api import METHOD_ERRORS, MethodFailed
from connector_py.api.failures import (
    QUIET_METHODS,
    SPECIAL_ERRORS,
    failure_of,
    unexpected_failure_of,
)
from connector_py.entities import (
    Dial,
    EndCall,
    LogLevel,
    RefusalCode,
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
