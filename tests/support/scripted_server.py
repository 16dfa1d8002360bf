"""The server's end of the link, played by a conversation: it answers as it is told, at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from connector_py.entities import (
    AgentSnapshot,
    CallSnapshot,
    Command,
    CommandFrame,
    Frame,
    Hello,
    LinkError,
    Notification,
    NotificationFrame,
    Reply,
    Welcome,
    command_to_wire,
    decode_frame,
    encode_frame,
)

EPOCH = "epoch-1"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a command does: what it causes, then its reply's result, or why it is refused."""

    causes: tuple[Notification, ...] = ()
    result: Any = None
    error: LinkError | None = None


class ScriptedServer:
    """One agent's server for one conversation.

    Args:
        agent: Who connects.
        calls: What goes on already.
        answers: What each command does, by its name; a command without an answer just works.
        is_signed_in: Whether the agent gets a ticket.
        is_sign_in_silent: Whether an agent who gets none needs no login page.
    """

    def __init__(
        self,
        *,
        agent: AgentSnapshot,
        calls: Sequence[CallSnapshot] = (),
        answers: Mapping[str, Answer] | None = None,
        is_signed_in: bool = True,
        is_sign_in_silent: bool = False,
    ) -> None:
        self.is_signed_in = is_signed_in
        self.is_sign_in_silent = is_sign_in_silent
        self.commands: list[Command] = []
        """What was asked, oldest first."""
        self._agent = agent
        self._calls = tuple(calls)
        self._answers = answers or {}
        self._offset = 0

    @property
    def asked(self) -> list[tuple[str, Mapping[str, Any]]]:
        """Name and arguments of each command."""
        wires = [command_to_wire(command) for command in self.commands]
        return [(wire["name"], wire.get("args", {})) for wire in wires]

    def take(self, text: str) -> list[str]:
        """Return the frames that follow a frame of the connector."""
        frame = decode_frame(text)
        if isinstance(frame, Hello):
            welcome = Welcome(
                epoch=EPOCH, offset=self._offset, agent=self._agent, calls=self._calls
            )
            return [encode_frame(welcome)]
        if not isinstance(frame, CommandFrame):
            return []
        self.commands.append(frame.command)
        answer = self._answers.get(frame.command.name, Answer())
        told = [self._entry(one, cause=frame.id) for one in answer.causes]
        reply = Reply(id=frame.id, offset=self._offset, result=answer.result, error=answer.error)
        return [encode_frame(one) for one in (*told, reply)]

    def tell(self, notification: Notification) -> str:
        """Return the frame of something that happens by itself."""
        return encode_frame(self._entry(notification, cause=None))

    def _entry(self, notification: Notification, *, cause: str | None) -> Frame:
        self._offset += 1
        return NotificationFrame(
            epoch=EPOCH, offset=self._offset, notification=notification, cause=cause
        )


@dataclass(frozen=True, kw_only=True)
class Say:
    """Salesforce sends a message; the events that follow, each with what its payload holds."""

    message: Mapping[str, Any]
    hears: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Happens:
    """The server tells something by itself; the events that follow."""

    notification: Notification
    hears: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, kw_only=True)
class SignsIn:
    """The agent signs in on the login page; the events that follow."""

    hears: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, kw_only=True)
class DecidesStorage:
    """The agent is asked to let the sign-in be kept, and answers; the events that follow."""

    is_granted: bool
    hears: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, kw_only=True)
class AgentsBrowser:
    """What the agent's browser gives the page."""

    devices: tuple[Mapping[str, str], ...] = ()
    """Its microphones and speakers."""
    shares_microphone: bool = True
    """Otherwise the devices have no names."""
    keeps_sign_in: bool = True
    """Otherwise the agent must allow it first."""


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """One talk between Salesforce and a connector, from the handshake on.

    In payloads only what is named is compared, at every depth; `ABSENT` must not be there.
    """

    name: str
    agent: AgentSnapshot
    steps: tuple[Say | Happens | SignsIn | DecidesStorage, ...] = ()
    calls: tuple[CallSnapshot, ...] = ()
    answers: Mapping[str, Answer] = field(default_factory=dict[str, Answer])
    asked: tuple[tuple[str, Mapping[str, Any]], ...] | None = None
    """The commands that the server got, each with what its arguments hold; None is "any"."""
    config: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What SETUP_CONNECTOR says beside who the agent is; None takes a key away."""
    starts_with: tuple[tuple[str, Any], ...] = ()
    """Events instead of CONNECTOR_READY."""
    ready: Any = None
    """What CONNECTOR_READY holds."""
    is_signed_in: bool = True
    is_sign_in_silent: bool = False
    """Whether the agent is signed in without a login page, in a moment."""
    browser: AgentsBrowser = AgentsBrowser()


class _Absent:
    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Any = _Absent()


def holds(actual: Any, expected: Any) -> bool:
    """Whether a payload holds what is expected; lists must have the same length."""
    if isinstance(expected, Mapping):
        return isinstance(actual, Mapping) and all(
            key not in actual or actual[key] is None
            if value is ABSENT
            else key in actual and holds(actual[key], value)
            for key, value in expected.items()
        )
    if isinstance(expected, list | tuple):
        return (
            isinstance(actual, list | tuple)
            and len(actual) == len(expected)
            and all(holds(one, other) for one, other in zip(actual, expected, strict=True))
        )
    return bool(actual == expected)
