"""The stream of notifications of an agent."""

from dataclasses import dataclass

from connector_py.entities import Notification


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamHead:
    """Where a stream stands. Offsets count from 1; 0 is before the first."""

    epoch: str
    """Another one means another database: old offsets mean nothing."""
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamEntry:
    """One notification; `cause` is the id of the command that made it happen."""

    offset: int
    notification: Notification
    cause: str | None = None
