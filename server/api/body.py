"""Reading a request's body: JSON objects of a limited size, field by field.

Errors name the field and what was expected, never the value.
"""

import json
import math
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, cast

from starlette.requests import Request

from server.errors import InvalidRequestError, UnsupportedMediaTypeError

MAX_BODY = 64 * 1024
"""Longest body of a request, in bytes."""

_LONGEST_TEXT = 512
_LONGEST_NAME = 100
_DEEPEST = 50
_NO_TEXT = frozenset({"Cc", "Cs"})  # control characters, and halves of surrogate pairs


async def json_body(request: Request) -> dict[str, Any]:
    """Return the request's JSON object.

    Raises:
        UnsupportedMediaTypeError: When it does not say that it is JSON. A page of another site
            cannot say so without asking first.
        InvalidRequestError: When it is not a JSON object.
    """
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != "application/json":
        raise UnsupportedMediaTypeError("Send JSON, with Content-Type: application/json.")
    try:
        value = json.loads(await request.body())
    except (ValueError, RecursionError):
        raise InvalidRequestError("The body is not valid JSON.") from None
    if not isinstance(value, dict):
        raise InvalidRequestError("The body must be a JSON object.")
    body = cast("dict[str, Any]", value)
    check_values(body)
    return body


def check_values(body: Mapping[str, Any]) -> None:
    """Check that what came as JSON can be stored, and written as JSON again.

    Python reads more: halves of surrogate pairs, and numbers that are not finite.

    Raises:
        InvalidRequestError: Names the field that has such a value.
    """
    for name, value in body.items():
        if not _is_text(name):
            raise InvalidRequestError("The name of a field is no Unicode text.")
        if not _can_be_kept(value):
            shown = name[:_LONGEST_NAME]
            raise InvalidRequestError(
                f"{shown} must hold Unicode text and finite numbers, not too deeply nested.",
                field=shown,
            )


def _can_be_kept(value: object, depth: int = 1) -> bool:
    if isinstance(value, str):
        return _is_text(value)
    if isinstance(value, float):
        return math.isfinite(value)
    if not isinstance(value, dict | list):
        return True
    inner: list[object] = [*cast("Iterable[object]", value)]
    if isinstance(value, dict):
        inner += cast("dict[str, object]", value).values()
    return depth < _DEEPEST and all(_can_be_kept(item, depth + 1) for item in inner)


def _is_text(value: str) -> bool:
    return value.isascii() or not any("\ud800" <= character <= "\udfff" for character in value)


def text_field(body: dict[str, Any], name: str) -> str:
    """Return a field that must be a text.

    Raises:
        InvalidRequestError: When it is missing, empty, too long or no text.
    """
    value = optional_text(body, name)
    if value is None:
        raise InvalidRequestError(f"{name} is missing.", field=name)
    return value


def optional_text(body: dict[str, Any], name: str) -> str | None:
    """Return a text field, or None when it is missing, null or empty.

    Raises:
        InvalidRequestError: When it is no text, too long, or holds what cannot be stored or shown.
    """
    value = body.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > _LONGEST_TEXT:
        raise InvalidRequestError(
            f"{name} must be a text of at most {_LONGEST_TEXT} characters.", field=name
        )
    if any(unicodedata.category(character) in _NO_TEXT for character in value):
        raise InvalidRequestError(f"{name} must hold no control characters.", field=name)
    return value.strip() or None


def optional_number(body: dict[str, Any], name: str, *, least: float, most: float) -> float | None:
    """Return a number field, or None when it is missing or null.

    Raises:
        InvalidRequestError: When it is no number, or not between `least` and `most`.
    """
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value <= most:
        raise InvalidRequestError(f"{name} must be a number from {least} to {most}.", field=name)
    return float(value)
