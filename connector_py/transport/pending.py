"""Commands that wait for the server's answer."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from connector_py.entities import LinkError, Reply
from connector_py.errors import (
    CommandRefusedError,
    CommandTimeoutError,
    ConnectorError,
    ValidationError,
)
from connector_py.transport.timers import Timer, Timers


@dataclass(slots=True, kw_only=True)
class _Waiting:
    """One command on its way."""

    text: str
    answer: asyncio.Future[Any]
    timer: Timer
    reply: Reply | None = None


class PendingCommands:
    """Commands in the order in which they were asked, until each has its one answer.

    Args:
        timers: Where the time limits run.
    """

    def __init__(self, timers: Timers) -> None:
        self._timers = timers
        self._waiting: dict[str, _Waiting] = {}

    async def ask(
        self, command_id: str, text: str, *, send: Callable[[str], None], time_limit: float
    ) -> Any:  # noqa: ANN401 - JSON
        """Send a command and wait for its answer.

        Args:
            command_id: Its idempotency key.
            text: The command's frame, kept to send it again.
            send: Sends it the first time, once an answer has somewhere to go.
            time_limit: Seconds until it fails.

        Raises:
            CommandRefusedError: The server says no.
            CommandTimeoutError: The time limit is over.
            ConnectorError: What `fail_all` made.
            ValidationError: A command with this id waits already.
        """
        if command_id in self._waiting:
            raise ValidationError("command_id", command_id, "an id that does not wait already")
        waiting = _Waiting(
            text=text,
            answer=asyncio.get_running_loop().create_future(),
            timer=self._timers.call_later(time_limit, lambda: self._expire(command_id)),
        )
        self._waiting[command_id] = waiting
        try:
            send(text)
            return await waiting.answer
        finally:
            # Also when the caller was cancelled; an answer that comes then is nobody's.
            if self._waiting.get(command_id) is waiting:
                self._take(command_id)

    def unanswered(self) -> list[str]:
        """Return the frames that no reply came for, oldest first."""
        return [waiting.text for waiting in self._waiting.values() if waiting.reply is None]

    def add_reply(self, reply: Reply, *, applied_offset: int) -> None:
        """Take a reply; it counts once the stream is applied up to its offset.

        A reply for an unknown id is ignored: its command timed out, or was answered before.
        """
        waiting = self._waiting.get(reply.id)
        if waiting is None:
            return
        waiting.reply = reply
        self.settle(applied_offset)

    def settle(self, applied_offset: int | None) -> None:
        """Hand over the replies whose effects are applied.

        Args:
            applied_offset: Where the stream stands; None when all replies that came belong to
                a stream that is over, so that nothing of it can follow.
        """
        for command_id, waiting in list(self._waiting.items()):
            reply = waiting.reply
            if reply is None or (applied_offset is not None and reply.offset > applied_offset):
                continue
            self._take(command_id)
            if waiting.answer.done():
                continue
            if reply.error is None:
                waiting.answer.set_result(reply.result)
            else:
                waiting.answer.set_exception(_refusal(reply.error))

    def fail_all(self, make_error: Callable[[], ConnectorError]) -> None:
        """Let every command fail, each with an error of its own."""
        for command_id in list(self._waiting):
            self._fail(command_id, make_error())

    def _expire(self, command_id: str) -> None:
        self._fail(command_id, CommandTimeoutError("the server did not answer in time"))

    def _fail(self, command_id: str, error: ConnectorError) -> None:
        answer = self._take(command_id).answer
        if not answer.done():
            answer.set_exception(error)

    def _take(self, command_id: str) -> _Waiting:
        waiting = self._waiting.pop(command_id)
        waiting.timer.cancel()
        return waiting


def _refusal(error: LinkError) -> CommandRefusedError:
    return CommandRefusedError(
        error.code, error.message, namespace=error.namespace, label_name=error.label_name
    )
