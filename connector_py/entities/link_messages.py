"""What travels between the connector and the server (`docs/link-messages.md`).

Direction is in the name's role: a `Command` goes to the server, a `Reply` comes back for it, a
`Notification` comes by itself. Only notifications change the call model.

On the line every message is one JSON object with camelCase keys, a `kind`, and for commands and
notifications a `name`:

* `hello` (connector → server), `welcome` (server → connector): who is there, and resync.
* `command` → `reply`: a command carries its idempotency key as `id`.
* `notification`: an entry of the agent's stream, at `(epoch, offset)`.
* `heartbeat`: sent by the server; silence means that the line is dead.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from connector_py.entities.commands import Command
from connector_py.entities.notifications import Notification
from connector_py.entities.snapshots import AgentSnapshot, CallSnapshot

SCHEMA_VERSION = 1
"""Version of these messages; a server refuses a connector that speaks another one."""
MAX_FRAME_BYTES = 64 * 1024
"""A longer frame is never read: the server closes the link instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello:
    """First frame of the connector. Without an epoch it wants a snapshot."""

    kind: ClassVar[str] = "hello"
    ticket: str
    instance_id: str
    schema: int = SCHEMA_VERSION
    epoch: str | None = None
    offset: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcome:
    """First frame of the server.

    With `calls` it is a snapshot that holds at `offset`; without, the notifications after the
    hello's offset follow as ordinary `notification` frames, up to `offset` at least.
    """

    kind: ClassVar[str] = "welcome"
    epoch: str
    offset: int
    agent: AgentSnapshot
    schema: int = SCHEMA_VERSION
    calls: tuple[CallSnapshot, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandFrame:
    """A command with its idempotency key."""

    kind: ClassVar[str] = "command"
    id: str
    command: Command


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkError:
    """Why a command was refused. `code` is one of `RefusalCode`; `message` says what to do.

    With a label and its namespace Salesforce shows that label (guide chapter 8, "Customize Error
    Messages").
    """

    code: str
    message: str
    namespace: str | None = None
    label_name: str | None = None


class RefusalCode(StrEnum):
    """Why the server refuses a command."""

    INVALID_REQUEST = "invalid_request"
    """The command's own fields are wrong."""
    CALL_NOT_FOUND = "call_not_found"
    """No such call at this agent."""
    INVALID_PARTICIPANT = "invalid_participant"
    """No such participant on the call."""
    INVALID_STATE = "invalid_state"
    """The call, or the agent, is not in a state that allows it."""
    INVALID_DESTINATION = "invalid_destination"
    """The switch does not know whom to call."""
    INVALID_AGENT_STATUS = "invalid_agent_status"
    """The status is not known."""
    INVALID_PHONE_NUMBER = "invalid_phone_number"
    """The number of the chosen phone is not dialable."""
    NOT_SUPPORTED = "not_supported"
    """This switch cannot do it, or the org or the call does not allow it."""
    KEY_REUSED = "key_reused"
    """The idempotency key was used for another command."""
    SWITCH_FAILED = "switch_failed"
    """The switch did not do it, or did not answer in time."""
    INTERNAL = "internal"
    """The server failed; its log holds the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """Answer to a command. What it caused stands in the stream up to `offset`."""

    kind: ClassVar[str] = "reply"
    id: str
    offset: int
    result: Any = None
    error: LinkError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationFrame:
    """An entry of the agent's stream. `cause` is the id of the command that made it happen."""

    kind: ClassVar[str] = "notification"
    epoch: str
    offset: int
    notification: Notification
    cause: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """Sent by the server every ten seconds, so that silence means a dead line."""

    kind: ClassVar[str] = "heartbeat"


Frame = Hello | Welcome | CommandFrame | Reply | NotificationFrame | Heartbeat


class CloseCode(StrEnum):
    """Why the server closes a link: the number on the WebSocket, as text."""

    SIGN_IN_REQUIRED = "4401"
    """The ticket is used, expired or unknown: get another one."""
    REPLACED = "4409"
    """The agent opened the connector somewhere else: do not reconnect."""
    SCHEMA_MISMATCH = "4406"
    """Other version of these messages: reload the page."""
    TOO_SLOW = "4408"
    """The connector did not read fast enough: reconnect and resync."""
    BAD_MESSAGE = "4400"
    """A frame could not be read."""
    GOING_AWAY = "1012"
    """The server restarts: reconnect after a short random wait."""
