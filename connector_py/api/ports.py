"""What the API needs from outside: the line, Salesforce's ear, a clock, ids and a log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from connector_py.entities import (
    AgentSnapshot,
    CallSnapshot,
    Command,
    HidDevice,
    LogLevel,
    NotificationFrame,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentIdentity:
    """Who the agent is, as Salesforce's connectorConfig says it (guide chapter 7)."""

    organization_id: str
    user_name: str
    user_id: str | None = None
    user_full_name: str | None = None
    call_center_name: str | None = None


class LinkEnd(StrEnum):
    """Why the link will not come back by itself."""

    SIGN_IN_REQUIRED = "sign_in_required"
    """The agent's sign-in is over."""
    REPLACED = "replaced"
    """The agent opened the connector somewhere else."""
    SCHEMA_MISMATCH = "schema_mismatch"
    """The server speaks another version: reload the page."""


class LinkListener(Protocol):
    """Hears what the link brings. Called in stream order, never twice for one offset."""

    def on_snapshot(self, agent: AgentSnapshot, calls: Sequence[CallSnapshot]) -> None:
        """Take over the whole state."""
        ...

    def on_notification(self, frame: NotificationFrame) -> None:
        """Apply the next entry of the stream.

        Raises:
            ConnectorError: The entry does not fit the mirrored state; the link then asks the
                server for a snapshot.
        """
        ...

    def on_end(self, end: LinkEnd) -> None:
        """The link is over for good."""
        ...


class TelephonyLink(Protocol):
    """The line to the server."""

    def listen(self, listener: LinkListener) -> None:
        """Name the one who hears what the link brings; before `open`."""
        ...

    async def open(self, identity: AgentIdentity) -> None:
        """Open the line; returns when the listener has the first snapshot.

        Raises:
            SignInRequiredError: The agent must sign in first.
            LinkDownError: The server was not reached within the time limit.
        """
        ...

    async def request(
        self, command: Command, *, command_id: str, time_limit: float | None = None
    ) -> Any:  # noqa: ANN401 - JSON
        """Ask the server for something and return the reply's result (JSON-able).

        Returns only after the listener heard everything that the command caused.

        Args:
            command: What to do.
            command_id: Its idempotency key.
            time_limit: Seconds until `CommandTimeoutError`; None is the link's own limit.

        Raises:
            CommandRefusedError: The server says no.
            CommandTimeoutError: No answer in time; what happens later comes as notifications.
            LinkDownError: The link is over, or was never opened.
            SignInRequiredError: The sign-in ended while the command was on its way.
        """
        ...

    def close(self) -> None:
        """Close the line for good; forgets the position in the stream."""
        ...

    def reconnect_now(self) -> None:
        """Do not wait for the next attempt: the browser says that the network is back."""
        ...


class EventPublisher(Protocol):
    """Salesforce's ear (connector-api.md 3.1, 3.2)."""

    def publish(self, event_type: str, payload: Any) -> None:  # noqa: ANN401 - entity or JSON
        """Publish an event now."""
        ...

    def publish_after_result(self, event_type: str, payload: Any) -> None:  # noqa: ANN401
        """Publish an event once the result of the method that runs now was handed over.

        Order among such events, and before later `publish` calls, is kept.
        """
        ...

    def publish_error(
        self, event_type: str, error: Exception, *, after_result: bool = False
    ) -> None:
        """Report a failure of something that no method waits for.

        Args:
            event_type: The event that Salesforce would have got.
            error: What went wrong.
            after_result: Whether the result of the method that runs now goes out first.
        """
        ...


class Clock(Protocol):
    """The time of day."""

    def now(self) -> datetime:
        """Return the time now, with its time zone."""
        ...


class IdSource(Protocol):
    """Ids that nobody else has."""

    def new_id(self) -> str:
        """Return a new id."""
        ...


class Log(Protocol):
    """Where the connector writes; never phone numbers, names, digits or tokens."""

    def write(self, level: LogLevel, event: str, fields: Mapping[str, Any]) -> None:
        """Write one entry."""
        ...

    def offer_download(self, lines: Sequence[str]) -> None:
        """Give the lines of Salesforce's own log to the agent as a file."""
        ...


class AudioDevices(Protocol):
    """Microphones and speakers of the agent's machine."""

    async def list(self) -> Sequence[Any]:
        """Return them, each as JSON.

        Raises:
            ConnectorError: The browser does not tell.
        """
        ...


class StorageAccess(Protocol):
    """Whether the browser lets the page keep a sign-in."""

    async def has_access(self) -> bool:
        """Tell it; a third-party page has none until the agent allows it."""
        ...


class Headset(Protocol):
    """A headset with buttons (guide chapter 16). What it says comes to `headset.py`."""

    def open(self, device: HidDevice) -> None:
        """Listen to a headset that the agent chose; the one before is closed."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...

    def send(self, report_id: int, data: bytes) -> None:
        """Send an output report, such as a lamp."""
        ...


class NoAudioDevices:
    """A machine without any. Implements `AudioDevices`."""

    async def list(self) -> Sequence[Any]:
        """Return nothing."""
        return ()


class FreeStorage:
    """A page that may keep everything. Implements `StorageAccess`."""

    async def has_access(self) -> bool:
        """Say yes."""
        return True


class NoHeadset:
    """A machine without one. Implements `Headset`."""

    def open(self, device: HidDevice) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""

    def send(self, report_id: int, data: bytes) -> None:
        """Do nothing."""
