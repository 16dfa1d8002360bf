"""Commands in order: one after the other for one call, and a double click counts once.

The base connector handles its messages side by side and answers in the order in which they end
(connector-api.md, weakness B23): without this a slow HOLD and a fast RESUME would leave Salesforce
with a call on hold.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from connector_py.api.awaited import Awaited
from connector_py.api.mirror import Mirror
from connector_py.api.ports import Clock, IdSource, TelephonyLink
from connector_py.entities import Command
from connector_py.errors import CommandRefusedError, CommandTimeoutError, LinkDownError

T = TypeVar("T")

_REMEMBERED = timedelta(seconds=0.7)
"""A second click this soon after the first was answered is still the same double click."""


class Requests:
    """Sends commands for the vendor methods.

    Args:
        link: The line to the server.
        mirror: What the commands change, by notifications.
        ids: Where idempotency keys come from.
        clock: How long ago a wish was fulfilled.
    """

    def __init__(self, *, link: TelephonyLink, mirror: Mirror, ids: IdSource, clock: Clock) -> None:
        self._link = link
        self._mirror = mirror
        self._ids = ids
        self._clock = clock
        self._lanes: dict[str, _Lane] = {}

    async def send(self, command: Command) -> tuple[Awaited, Any]:
        """Send a command; returns when everything that it caused is in the mirror.

        A command whose effect was seen has worked, also when its reply got lost.

        Returns:
            What it caused, and the reply's result (None without a reply).

        Raises:
            ConnectorError: It was refused, or the line failed.
        """
        command_id = self._ids.new_id()
        with self._mirror.waiting(command_id, command) as awaited:
            try:
                return awaited, await self._link.request(command, command_id=command_id)
            except (CommandRefusedError, CommandTimeoutError, LinkDownError):
                if not awaited.is_done:
                    raise
                # Its effect was seen and kept back for the result: to fail now would hide it.
                return awaited, None

    async def tell(self, command: Command) -> Any:  # noqa: ANN401 - JSON
        """Send a command that no result tells of: what it causes is published as it comes.

        Returns:
            The reply's result.

        Raises:
            ConnectorError: It was refused, or the line failed.
        """
        return await self._link.request(command, command_id=self._ids.new_id())

    def repeated(self, doing: str) -> "asyncio.Future[Any] | None":
        """Return the result of the first click, when this is the second one of a double click.

        The first is under way, or it worked a moment ago and is remembered; nothing else was
        asked of its lane since.

        Args:
            doing: What it is, with all that Salesforce named: by now those names may mean
                somebody else.
        """
        now = self._clock.now()
        for lane in self._lanes.values():
            if lane.last_doing == doing and lane.is_fresh(now):
                return lane.last
        return None

    async def in_turn(
        self,
        lane: str,
        doing: str | None,
        work: Callable[[], Awaitable[T]],
        *,
        is_urgent: bool = False,
        is_remembered: bool = False,
    ) -> T:
        """Do something after everything else of its lane.

        Args:
            lane: What must happen in order: a call's id.
            doing: What it is. When the lane's last one does the same, its result is shared. None
                is like nothing else.
            work: What to do.
            is_urgent: Whether it is done even when nobody answered what came before it.
            is_remembered: Whether `repeated` knows it for a moment after it worked.

        Raises:
            CommandTimeoutError: Nobody answered what came before it, so that it was not done:
                a click must not wait behind others, and be carried out when nobody expects it.
        """
        self._forget_old()
        entry = self._lanes.setdefault(lane, _Lane())
        if entry.last is not None and doing is not None and entry.is_doing(doing):
            return await asyncio.shield(entry.last)
        entry.waiting += 1
        timeouts = entry.timeouts
        mine: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        entry.last, entry.last_doing = mine, doing
        is_kept = False
        try:
            async with entry.lock:
                if entry.timeouts != timeouts and not is_urgent:
                    raise CommandTimeoutError("the server did not answer what came before")
                result = await entry.run(work)
        except BaseException as error:
            _fail(mine, error)
            raise
        else:
            mine.set_result(result)
            is_kept, entry.worked_at = is_remembered, self._clock.now()
            return result
        finally:
            entry.waiting -= 1
            if entry.last is mine and not is_kept:
                entry.last = None
            self._forget_old()

    def _forget_old(self) -> None:
        now = self._clock.now()
        for name, lane in list(self._lanes.items()):
            if lane.waiting == 0 and not lane.is_fresh(now):
                del self._lanes[name]


class _Lane:
    """What waits and runs for one call."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.waiting = 0
        self.timeouts = 0
        self.last: asyncio.Future[Any] | None = None
        self.last_doing: str | None = None
        self.worked_at = datetime.min.replace(tzinfo=UTC)
        """When the last one worked, of those that are remembered."""

    def is_doing(self, what: str) -> bool:
        """Whether the last one does this, and is under way."""
        return self.last is not None and not self.last.done() and self.last_doing == what

    def is_fresh(self, now: datetime) -> bool:
        """Whether the last one is under way, or worked a moment ago."""
        if self.last is None or not self.last.done():
            return self.last is not None
        # The time of day may be set back.
        return timedelta(0) <= now - self.worked_at < _REMEMBERED

    async def run(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do something, and count when nobody answers."""
        try:
            return await work()
        except CommandTimeoutError:
            self.timeouts += 1
            raise


def _fail(future: asyncio.Future[Any], error: BaseException) -> None:
    """Share a failure; nobody has to be waiting for it."""
    if isinstance(error, asyncio.CancelledError):
        future.cancel()
        return
    future.set_exception(error)
    future.exception()  # seen: the loop must not complain when nobody shared it
