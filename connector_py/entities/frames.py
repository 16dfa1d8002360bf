"""The messages of the link as text: one JSON object each (`docs/link-messages.md`)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, cast

from connector_py.entities.commands import COMMANDS, Command
from connector_py.entities.link_messages import (
    CommandFrame,
    Frame,
    Heartbeat,
    Hello,
    NotificationFrame,
    Reply,
    Welcome,
)
from connector_py.entities.notifications import NOTIFICATIONS, Notification
from connector_py.entities.wire import from_wire, to_wire
from connector_py.errors import ValidationError


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where in a stream a notification stands, and what caused it."""

    epoch: str
    offset: int
    cause: str | None = None


def encode_frame(frame: Frame) -> str:
    """Write a frame as JSON text.

    Raises:
        ValidationError: Something in it has no place in JSON.
    """
    written: dict[str, Any] = {"kind": frame.kind, **to_wire(frame)}
    if isinstance(frame, CommandFrame):
        del written["command"]
        written |= command_to_wire(frame.command)
    elif isinstance(frame, NotificationFrame):
        del written["notification"]
        written |= notification_to_wire(frame.notification)
    return json.dumps(written, separators=(",", ":"), allow_nan=False)


def decode_frame(text: str) -> Frame:
    """Read a frame.

    Raises:
        ValidationError: It is no JSON, of no known kind, or a field does not fit.
    """
    data = _read_json(text)
    kind = data.get("kind")
    if kind == CommandFrame.kind:
        command = command_from_wire(data)
        return CommandFrame(id=_text(data, "id"), command=command)
    if kind == NotificationFrame.kind:
        return _notification_frame(data)
    flat = _FLAT_FRAMES.get(kind) if isinstance(kind, str) else None
    if flat is None:
        raise ValidationError("kind", kind, "a known kind of frame")
    return from_wire(flat, data)


def command_to_wire(command: Command) -> dict[str, Any]:
    """Write a command as `{"name", "args"}`."""
    return {"name": command.name, "args": to_wire(command)}


def command_from_wire(data: Mapping[str, Any]) -> Command:
    """Read a command from `{"name", "args"}`.

    Raises:
        ValidationError: Unknown name, or a field does not fit.
    """
    command = COMMANDS.get(_text(data, "name"))
    if command is None:
        raise ValidationError("name", data["name"], "the name of a command")
    return from_wire(command, data.get("args", {}), path="args")


def notification_to_wire(notification: Notification) -> dict[str, Any]:
    """Write a notification as `{"name", "data"}`."""
    return {"name": notification.name, "data": to_wire(notification)}


def notification_from_wire(data: Mapping[str, Any]) -> Notification:
    """Read a notification from `{"name", "data"}`.

    Raises:
        ValidationError: Unknown name, or a field does not fit.
    """
    notification = NOTIFICATIONS.get(_text(data, "name"))
    if notification is None:
        raise ValidationError("name", data["name"], "the name of a notification")
    return from_wire(notification, data.get("data", {}), path="data")


_FLAT_FRAMES: Mapping[str, type[Hello | Welcome | Reply | Heartbeat]] = MappingProxyType(
    {frame.kind: frame for frame in (Hello, Welcome, Reply, Heartbeat)}
)


def _read_json(text: str) -> Mapping[str, Any]:
    try:
        data: object = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise ValidationError("frame", text, "a JSON object") from error
    if not isinstance(data, dict):
        raise ValidationError("frame", text, "a JSON object")
    return cast("Mapping[str, Any]", data)


def _refuse_constant(name: str) -> object:
    """Refuse `NaN` and `Infinity`: Python reads them, JSON has none."""
    raise ValueError(name)


def _text(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    if not isinstance(value, str):
        raise ValidationError(key, value, "text")
    return value


def _notification_frame(data: Mapping[str, Any]) -> NotificationFrame:
    place = from_wire(_Place, data)
    return NotificationFrame(
        epoch=place.epoch,
        offset=place.offset,
        cause=place.cause,
        notification=notification_from_wire(data),
    )
