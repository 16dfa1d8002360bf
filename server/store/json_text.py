"""Entities as JSON text in a column."""

import json
from typing import TypeVar

from connector_py.entities import from_wire, to_wire

T = TypeVar("T")


def write_json(value: object) -> str:
    """Write an entity, or anything else that has a wire form."""
    return json.dumps(to_wire(value), separators=(",", ":"), ensure_ascii=False)


def write_optional(value: object) -> str | None:
    """Write an entity that may be missing."""
    return None if value is None else write_json(value)


def read_json(cls: type[T], text: str) -> T:
    """Read an entity that `write_json` wrote."""
    return from_wire(cls, json.loads(text))


def read_optional(cls: type[T], text: str | None) -> T | None:
    """Read an entity that may be missing."""
    return None if text is None else read_json(cls, text)


def read_list(cls: type[T], text: str | None) -> tuple[T, ...]:
    """Read a list of entities; a missing one is empty."""
    return () if text is None else tuple(from_wire(cls, item) for item in json.loads(text))
