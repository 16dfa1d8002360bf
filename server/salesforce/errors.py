"""What can go wrong between us and Salesforce's telephony API, sorted by what to do about it.

    SalesforceError
    ├── RetryableError             the same request may succeed a little later
    │   ├── UnreachableError       no answer: refused, cut, too slow, bad TLS
    │   ├── RateLimitedError       429 or RESOURCE_EXHAUSTED; says how long to wait
    │   └── MalformedAnswerError   success without what it must hold
    ├── ConfigurationError         an admin must act; the request itself may be fine
    │   ├── KeyFileError           the tenant's private key cannot be used
    │   └── AuthenticationError    401 or 403
    └── PermanentError             the same request never succeeds
        └── InvalidRequestError    breaks a documented rule; was not sent

The text of an error never holds a value of the request, so that it may be logged. What Salesforce
said is in `detail`, which may repeat values: it belongs into the outbox, not into a log.
"""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import ClassVar

import aiohttp

_LONGEST_DETAIL = 500
_LONGEST_RETRY_AFTER = 300.0
_RATE_LIMIT_MARK = "RESOURCE_EXHAUSTED"


class SalesforceError(Exception):
    """A request to Salesforce that had no success.

    Args:
        message: What happened, without personal data.
        status: The HTTP status, when there was an answer.
        detail: The start of what Salesforce said; may hold personal data.

    `outcome` names the class in figures.
    """

    outcome: ClassVar[str] = "failed"

    def __init__(self, message: str, *, status: int | None = None, detail: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.detail = detail[:_LONGEST_DETAIL]

    @property
    def reason(self) -> str:
        """Message and detail in one text, for the outbox."""
        return f"{self}: {self.detail}" if self.detail else str(self)


class RetryableError(SalesforceError):
    """The same request may succeed a little later."""


class UnreachableError(RetryableError):
    """There was no answer in time; the request may or may not have had its effect."""

    outcome: ClassVar[str] = "unreachable"


class RateLimitedError(RetryableError):
    """The org is over one of its limits.

    Args:
        retry_after: Seconds that Salesforce asks for, when it says.
    """

    outcome: ClassVar[str] = "rate_limited"

    def __init__(
        self, message: str, *, status: int, detail: str = "", retry_after: float | None = None
    ) -> None:
        super().__init__(message, status=status, detail=detail)
        self.retry_after = retry_after


class MalformedAnswerError(RetryableError):
    """Salesforce reported success, but its answer lacks what it must hold."""

    outcome: ClassVar[str] = "malformed"


class ConfigurationError(SalesforceError):
    """The tenant's settings do not fit; an admin must act before requests can succeed."""

    outcome: ClassVar[str] = "configuration"


class KeyFileError(ConfigurationError):
    """The tenant's private key cannot be used; the text says why."""


class AuthenticationError(ConfigurationError):
    """Salesforce refuses the token, or the org may not use this feature."""


class PermanentError(SalesforceError):
    """The same request will never succeed."""

    outcome: ClassVar[str] = "permanent"


class InvalidRequestError(PermanentError):
    """A field breaks a documented rule; the request was not sent.

    Args:
        field: The name on the wire, such as "participants[0].type".
        rule: The rule, readable after the name: "must be at most 255 characters".
    """

    def __init__(self, field: str, rule: str) -> None:
        super().__init__(f"{field} {rule}")
        self.field = field
        self.rule = rule


@contextmanager
def salesforce_errors(operation: str) -> Generator[None, None, None]:
    """Turn what aiohttp raises inside the block into SalesforceError.

    Args:
        operation: What was asked, for the text of the error: "create_voice_call".

    Raises:
        SalesforceError: In place of any error of aiohttp, a time-out or a broken connection.
    """
    try:
        yield
    except SalesforceError:
        raise
    except TimeoutError as error:
        raise UnreachableError(f"{operation}: no answer in time") from error
    except aiohttp.InvalidURL as error:
        raise ConfigurationError(f"{operation}: the base URL is not valid") from error
    except (aiohttp.ClientError, OSError) as error:
        raise UnreachableError(f"{operation}: {type(error).__name__}") from error


def check_status(
    operation: str,
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    *,
    names_a_call: bool = True,
) -> None:
    """Raise the error that fits an answer; return quietly for any 2xx.

    The documents give no success status for most endpoints and no error bodies
    (telephony-rest-api.md 3.13), so only the class of the status and the one known mark count.

    Args:
        operation: What was asked, for the text of the error.
        status: HTTP status.
        headers: Headers of the answer, names in any case.
        body: Its body, possibly empty or not JSON.
        names_a_call: Whether the path names a call. Where it does not, 404 means that the whole
            address is wrong, which is no fault of the request.

    Raises:
        SalesforceError: The status is not a success.
    """
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return
    message = f"{operation}: Salesforce answered {status}"
    detail = body[: _LONGEST_DETAIL * 4].decode("utf-8", "replace")
    if status == HTTPStatus.TOO_MANY_REQUESTS or _RATE_LIMIT_MARK in detail:
        raise RateLimitedError(
            message, status=status, detail=detail, retry_after=_retry_after(headers)
        )
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        raise AuthenticationError(message, status=status, detail=detail)
    if _is_wrong_address(status, names_a_call=names_a_call):
        raise ConfigurationError(message, status=status, detail=detail)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in (
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.TOO_EARLY,
    ):
        raise RetryableError(message, status=status, detail=detail)
    raise PermanentError(message, status=status, detail=detail)


def _is_wrong_address(status: int, *, names_a_call: bool) -> bool:
    """Whether an answer can only come from something that is not the API; also a redirect."""
    return (
        HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST
        or status == HTTPStatus.METHOD_NOT_ALLOWED
        or (status == HTTPStatus.NOT_FOUND and not names_a_call)
    )


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Read Retry-After in seconds; its date form and nonsense count as absent."""
    text = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    text = text.strip()
    if not (text.isascii() and text.isdigit()):
        return None
    return min(float(text), _LONGEST_RETRY_AFTER)
