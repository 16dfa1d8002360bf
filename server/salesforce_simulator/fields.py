"""Checks of JSON fields, one function per type; tables of fields describe the requests."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, cast
from urllib.parse import urlsplit

from server.salesforce_simulator.errors import invalid_field

LONGEST_INT32: Final = 2**31 - 1
_LARGEST_NUMBER: Final = 1e15
_EARLIEST_MILLISECONDS: Final = 100_000_000_000
_LATEST_MILLISECONDS: Final = 100_000_000_000_000

Check = Callable[[str, object], Any]
"""Gets the field's name and value; returns what to keep, or raises ApiError."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a request body."""

    name: str
    check: Check
    required: bool = False


def read_fields(
    body: Mapping[str, object], fields: Sequence[Field], *, path: str = ""
) -> dict[str, Any]:
    """Check a body against its table; null counts as absent.

    Args:
        body: The JSON object.
        fields: Every field that it may hold.
        path: Put before names in errors: "participants[0].".

    Returns:
        The checked values of the fields that are present.

    Raises:
        ApiError: 400, a field is missing, unknown or breaks its rule.
    """
    known = {field.name for field in fields}
    for name in body:
        if name not in known:
            raise invalid_field(path + name[:80], "is not a field of this request")
    values: dict[str, Any] = {}
    for field in fields:
        value = body.get(field.name)
        if value is not None:
            values[field.name] = field.check(path + field.name, value)
        elif field.required:
            raise invalid_field(path + field.name, "is required")
    return values


def text(longest: int = 255) -> Check:
    """Return the check of a text that is not empty."""

    def check(name: str, value: object) -> str:
        if not isinstance(value, str) or not value.strip():
            raise invalid_field(name, "must be a text that is not empty")
        if len(value) > longest:
            raise invalid_field(name, f"must have at most {longest} characters")
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise invalid_field(name, "must be Unicode text")
        return value

    return check


def one_of(*values: str) -> Check:
    """Return the check of a listed value; case does not count, the listed form is kept."""
    by_lower = {value.lower(): value for value in values}

    def check(name: str, value: object) -> str:
        found = by_lower.get(value.lower()) if isinstance(value, str) else None
        if found is None:
            raise invalid_field(name, f"must be one of {', '.join(values)}")
        return found

    return check


def exactly_one_of(*values: str) -> Check:
    """Return the check of a listed value in its exact spelling."""

    def check(name: str, value: object) -> str:
        if not isinstance(value, str) or value not in values:
            raise invalid_field(name, f"must be one of {', '.join(values)}")
        return value

    return check


def utc_time(name: str, value: object) -> str:
    """Check an ISO 8601 time in UTC; the kept form has milliseconds and Z."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.utcoffset() != timedelta(0):
        raise invalid_field(name, "must be an ISO 8601 time in UTC")
    return iso_time(moment)


def utc_time_or_empty(name: str, value: object) -> str:
    """Check a time that may be ""; Salesforce's own code sends that for "never"."""
    return "" if value == "" else utc_time(name, value)


def iso_time(moment: datetime) -> str:
    """Write a time with milliseconds and Z."""
    shown = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return shown.removesuffix("+00:00") + "Z"


def int32(name: str, value: object) -> int:
    """Check a count or a number of seconds."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LONGEST_INT32:
        raise invalid_field(name, f"must be a whole number between 0 and {LONGEST_INT32}")
    return value


def number(name: str, value: object) -> float:
    """Check a number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise invalid_field(name, "must be a number")
    if not -_LARGEST_NUMBER <= value <= _LARGEST_NUMBER:  # Python's JSON knows NaN and Infinity
        raise invalid_field(name, "must be a number of at most 15 digits")
    return value


def boolean(name: str, value: object) -> bool:
    """Check true or false."""
    if not isinstance(value, bool):
        raise invalid_field(name, "must be true or false")
    return value


def full_url(longest: int) -> Check:
    """Return the check of an address with scheme and host."""
    check_text = text(longest)

    def check(name: str, value: object) -> str:
        address: str = check_text(name, value)
        try:
            parts = urlsplit(address)
            valid = parts.scheme in ("http", "https") and bool(parts.hostname)
        except ValueError:
            valid = False
        if not valid:
            raise invalid_field(name, "must be a fully qualified URL")
        return address

    return check


def json_text(name: str, value: object) -> dict[str, Any]:
    """Check a JSON object that is encoded as a string; returns the object."""
    try:
        decoded: object = json.loads(value) if isinstance(value, str) else None
    except (ValueError, RecursionError):
        decoded = None
    if not isinstance(decoded, dict):
        raise invalid_field(name, "must be a JSON object encoded as a string")
    return cast("dict[str, Any]", decoded)


def json_object(*fields: Field) -> Check:
    """Return the check of a nested object with its own table."""

    def check(name: str, value: object) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise invalid_field(name, "must be an object")
        return read_fields(cast("dict[str, object]", value), fields, path=f"{name}.")

    return check


def any_object(name: str, value: object) -> dict[str, Any]:
    """Check an object whose members are free."""
    if not isinstance(value, dict):
        raise invalid_field(name, "must be an object")
    return cast("dict[str, Any]", value)


def list_of(check_item: Check) -> Check:
    """Return the check of a list that is not empty; every item counts."""

    def check(name: str, value: object) -> list[Any]:
        if not isinstance(value, list) or not value:
            raise invalid_field(name, "must be a list that is not empty")
        items = cast("list[object]", value)
        return [check_item(f"{name}[{index}]", item) for index, item in enumerate(items)]

    return check


def epoch_milliseconds(name: str, value: object) -> int:
    """Check a time in epoch milliseconds; one in seconds is refused."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise invalid_field(name, "must be a whole number")
    if not _EARLIEST_MILLISECONDS <= value <= _LATEST_MILLISECONDS:
        raise invalid_field(name, "must be a time in epoch milliseconds")
    return value


def number_text(least: float, most: float) -> Check:
    """Return the check of a number that is encoded as a string."""

    def check(name: str, value: object) -> str:
        try:
            found = float(value) if isinstance(value, str) else None
        except ValueError:
            found = None
        if not isinstance(value, str) or found is None or not least <= found <= most:
            raise invalid_field(name, f"must be a number from {least:g} to {most:g} as a string")
        return value

    return check


def first_of_list(check_item: Check) -> Check:
    """Return the check of a list that is not empty; only its first item counts."""

    def check(name: str, value: object) -> object:
        if not isinstance(value, list) or not value:
            raise invalid_field(name, "must be a list that is not empty")
        return check_item(f"{name}[0]", cast("list[object]", value)[0])

    return check
