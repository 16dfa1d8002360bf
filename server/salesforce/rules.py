"""Checks of request fields; each failure names the field and the rule, never the value."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, cast
from urllib.parse import urlsplit

from server.salesforce.errors import InvalidRequestError

LONGEST_INT32: Final = 2**31 - 1


def check_text(field: str, value: str, *, longest: int) -> None:
    """Check a text that must not be empty.

    Raises:
        InvalidRequestError: It is blank or longer than `longest` characters.
    """
    if not value.strip():
        raise InvalidRequestError(field, "must not be empty")
    if len(value) > longest:
        raise InvalidRequestError(field, f"must be at most {longest} characters")


def check_optional_text(field: str, value: str | None, *, longest: int) -> None:
    """Check a text that may be absent, but not empty."""
    if value is not None:
        check_text(field, value, longest=longest)


def check_time(field: str, value: datetime | None) -> None:
    """Check that a time, when given, says its offset from UTC."""
    if value is not None and value.utcoffset() is None:
        raise InvalidRequestError(field, "must have a time zone")


def check_order(first: str, start: datetime | None, second: str, end: datetime | None) -> None:
    """Check that, of two given times, the second is not earlier."""
    if start is not None and end is not None and end < start:
        raise InvalidRequestError(second, f"must not be earlier than {first}")


def check_count(field: str, value: int | None) -> None:
    """Check a number of seconds or of events, when given."""
    if value is not None and not 0 <= value <= LONGEST_INT32:
        raise InvalidRequestError(field, f"must be between 0 and {LONGEST_INT32}")


def check_call_attributes(value: str | None) -> None:
    """Check that callAttributes is a JSON object written as text (telephony-rest-api.md 3.1)."""
    if value is None:
        return
    try:
        attributes: object = json.loads(value)
    except ValueError:
        attributes = None
    if not isinstance(attributes, dict):
        raise InvalidRequestError("callAttributes", "must be a JSON object encoded as a string")


def check_url(field: str, value: str | None, *, longest: int) -> None:
    """Check that an address, when given, is a full https or http URL."""
    if value is None:
        return
    check_text(field, value, longest=longest)
    try:
        parts = urlsplit(value)
        valid = parts.scheme in ("https", "http") and bool(parts.hostname)
    except ValueError:
        valid = False
    if not valid:
        raise InvalidRequestError(field, "must be a fully qualified URL")


def wire_time(value: datetime) -> str:
    """Write a time as Salesforce reads it: ISO 8601, UTC, milliseconds, Z."""
    text = value.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.removesuffix("+00:00") + "Z"


def to_json_values(value: object) -> Any:  # noqa: ANN401 - JSON has no narrower type
    """Turn the times inside a value made of dicts and lists into texts."""
    if isinstance(value, datetime):
        return wire_time(value)
    if isinstance(value, Mapping):
        items = cast("Mapping[str, object]", value).items()
        return {key: to_json_values(item) for key, item in items}
    if isinstance(value, list | tuple):
        return [to_json_values(item) for item in cast("list[object]", value)]
    return value
