"""Commands that a vendor method waits for, and what they caused so far.

The base connector publishes a method's effect itself, out of the result. So the notification that
tells of that effect must not be published again; what else happens to the call meanwhile is
published after the result (connector-api.md 1.3).
"""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

from connector_py.api.changes import Change, Events
from connector_py.api.effects import has_effect, is_another_half, is_effect
from connector_py.entities import Command


@dataclass(slots=True)
class Awaited:
    """A command on its way.

    Args:
        command_id: Its idempotency key.
        command: The command.
        call_id: The server's id of the call; of a new call, as soon as it is known.
    """

    command_id: str
    command: Command
    call_id: str | None
    effect: Change | None = None
    """What it was for, once that was seen."""
    earlier: list[tuple[Change, Events]] = field(default_factory=list[tuple[Change, Events]])
    """What it caused before its effect: told after the result, in which the effect is told."""

    @property
    def is_done(self) -> bool:
        """Whether the effect was seen."""
        return self.effect is not None


class AwaitedCommands:
    """The commands on their way, in the order in which they were sent."""

    def __init__(self) -> None:
        self._awaited: dict[str, Awaited] = {}

    @contextmanager
    def waiting(self, command_id: str, command: Command) -> Generator[Awaited]:
        """Keep a command for as long as its method waits."""
        call_id: str | None = getattr(command, "call_id", None)
        awaited = Awaited(command_id, command, call_id)
        self._awaited[command_id] = awaited
        try:
            yield awaited
        finally:
            del self._awaited[command_id]

    def effect_of(
        self, change: Change, cause: str | None, *, is_snapshot: bool = False
    ) -> Awaited | None:
        """Return the command whose own effect this is, or None.

        Args:
            change: What happened.
            cause: Which command caused it. None when it is not known, as after a snapshot: then
                the oldest command that would have this effect counts as the cause.
            is_snapshot: Whether a snapshot shows it: one step may be several changes there.
        """
        for awaited in self._awaited.values():
            command, effect = awaited.command, awaited.effect
            if cause not in {None, awaited.command_id}:
                continue
            if effect is None and is_effect(command, change):
                return awaited
            if effect is not None and is_snapshot and is_another_half(command, effect, change):
                return awaited
        return None

    def on_the_way_to(self, cause: str | None) -> Awaited | None:
        """Return the command that caused something before its effect, or None."""
        awaited = None if cause is None else self._awaited.get(cause)
        if awaited is None or awaited.is_done or not has_effect(awaited.command):
            return None
        return awaited

    def concerns(self, call_id: str | None, cause: str | None) -> bool:
        """Tell whether an event has to wait for the result of a method.

        Args:
            call_id: The call that the event is about.
            cause: Which command caused it.
        """
        return any(
            awaited.command_id == cause or (awaited.is_done and awaited.call_id == call_id)
            for awaited in self._awaited.values()
            if call_id is not None or cause is not None
        )
