"""Commands in order: one after the other for one call, and a double click counts once.

The base connector handles its messages side by side and answers in the order in which they end
(connector-api.md, weakness B23): without this a slow HOLD and a fast RESUME would leave Salesforce
with a call on hold.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from connector_py.api.awaited import Awaited
from connector_py.api.mirror import Mirror
from connector_py.api.ports import IdSource, TelephonyLink
from connector_py.entities import Command
from connector_py.errors import CommandRefusedError, CommandTimeoutError, LinkDownError

T = TypeVar("T")


class Requests:
    """Sends commands for the vendor methods.

    Args:
        link: The line to the server.
        mirror: What the commands change, by notifications.
        ids: Where idempotency keys come from.
    """

    def __init__(self, *, link: TelephonyLink, mirror: Mirror, ids: IdSource) -> None:
        self._link = link
        self._mirror = mirror
        self._ids = ids
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

    async def in_turn(
        self, lane: str, doing: str, work: Callable[[], Awaitable[T]], *, is_urgent: bool = False
    ) -> T:
        """Do something after everything else of its lane.

        Args:
            lane: What must happen in order: a call's id.
            doing: What it is. When the lane's last one does the same, its result is shared.
            work: What to do.
            is_urgent: Whether it is done even when nobody answered what came before it.

        Raises:
            CommandTimeoutError: Nobody answered what came before it, so that it was not done:
                a click must not wait behind others, and be carried out when nobody expects it.
        """
        entry = self._lanes.setdefault(lane, _Lane())
        if entry.last is not None and entry.last_doing == doing:
            return await asyncio.shield(entry.last)
        entry.waiting += 1
        timeouts = entry.timeouts
        mine: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        entry.last, entry.last_doing = mine, doing
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
            return result
        finally:
            entry.waiting -= 1
            if entry.last is mine:
                entry.last = None
            if entry.waiting == 0:
                del self._lanes[lane]


class _Lane:
    """What waits and runs for one call."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.waiting = 0
        self.timeouts = 0
        self.last: asyncio.Future[Any] | None = None
        self.last_doing = ""

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
