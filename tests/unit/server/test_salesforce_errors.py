"""How answers and broken lines become errors."""

import ssl

import aiohttp
import pytest

from server.salesforce import (
    AuthenticationError,
    ConfigurationError,
    PermanentError,
    RateLimitedError,
    RetryableError,
    SalesforceError,
    UnreachableError,
)
from server.salesforce.errors import check_status, salesforce_errors


@pytest.mark.parametrize("status", [200, 201, 202, 204, 207, 299])
def test_any_2xx_is_a_success(status: int) -> None:
    check_status("create_voice_call", status, {}, b"")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (301, ConfigurationError),
        (400, PermanentError),
        (401, AuthenticationError),
        (403, AuthenticationError),
        (404, PermanentError),
        (405, ConfigurationError),
        (408, RetryableError),
        (409, PermanentError),
        (413, PermanentError),
        (422, PermanentError),
        (425, RetryableError),
        (429, RateLimitedError),
        (500, RetryableError),
        (502, RetryableError),
        (503, RetryableError),
        (504, RetryableError),
        (599, RetryableError),
    ],
)
@pytest.mark.parametrize("body", [b"", b"<html>", b'{"message":"no"}', b"\xff\xfe"])
def test_a_status_becomes_its_error(status: int, kind: type[SalesforceError], body: bytes) -> None:
    with pytest.raises(SalesforceError) as caught:
        check_status("create_voice_call", status, {}, body)
    assert type(caught.value) is kind
    assert caught.value.status == status
    assert str(status) in str(caught.value)


def test_nothing_at_the_whole_address_is_no_fault_of_the_request() -> None:
    with pytest.raises(ConfigurationError):
        check_status("create_voice_call", 404, {}, b"", names_a_call=False)


def test_a_mislabelled_rate_limit_is_recognised() -> None:
    body = b'{"message":"io.grpc.StatusRuntimeException: RESOURCE_EXHAUSTED: Rate limit exceeded"}'
    with pytest.raises(RateLimitedError):
        check_status("create_voice_call", 400, {}, body)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), ("99999", 300.0), ("", None), ("soon", None), ("-1", None), ("²", None)],
)
def test_retry_after_is_read_when_it_is_seconds(header: str, seconds: float | None) -> None:
    with pytest.raises(RateLimitedError) as caught:
        check_status("create_voice_call", 429, {"retry-AFTER": header}, b"")
    assert caught.value.retry_after == seconds


def test_what_salesforce_said_is_kept_out_of_the_text() -> None:
    with pytest.raises(PermanentError) as caught:
        check_status("create_voice_call", 400, {}, b"bad number +14155550123 " + b"x" * 5000)
    assert "+1415" not in str(caught.value)
    assert "+14155550123" in caught.value.reason
    assert len(caught.value.reason) < 700


def line_errors() -> list[Exception]:
    """One error of each kind that aiohttp can raise for a request, by walking its tree."""
    made: list[Exception] = [
        TimeoutError(),
        ConnectionResetError(),
        BrokenPipeError(),
        ssl.SSLError("bad"),
        aiohttp.ServerTimeoutError(),
        aiohttp.ServerDisconnectedError(),
        aiohttp.ClientPayloadError(),
        aiohttp.ClientConnectionError(),
        aiohttp.ClientOSError(1, "x"),
        aiohttp.ClientConnectionResetError(),
    ]
    pending = [aiohttp.ClientError]
    while pending:
        kind = pending.pop()
        pending.extend(kind.__subclasses__())
        if not issubclass(kind, aiohttp.InvalidURL):
            made.append(kind.__new__(kind))
    return made


def test_no_error_of_the_line_stays_untranslated() -> None:
    kinds = line_errors()
    assert len(kinds) > 20
    for error in kinds:
        with pytest.raises(UnreachableError), salesforce_errors("create_voice_call"):
            raise error


def test_a_bad_url_is_a_matter_of_configuration() -> None:
    with pytest.raises(ConfigurationError), salesforce_errors("create_voice_call"):
        raise aiohttp.InvalidURL("x")


def test_our_own_errors_and_mistakes_pass_through() -> None:
    with pytest.raises(RateLimitedError), salesforce_errors("x"):
        raise RateLimitedError("x", status=429)
    with pytest.raises(KeyError), salesforce_errors("x"):
        raise KeyError("x")
