"""Waiting for the next hint of the event bus, for a limited time."""

import asyncio
from collections.abc import AsyncIterator
from types import TracebackType

from server.event_bus import Hint


class Waking:
    """Hints, one by one, with a time limit for each wait.

    A wait that runs out leaves the hints as they are; cancelling the read itself would end them.

    Args:
        hints: What a subscription gives.
    """

    def __init__(self, hints: AsyncIterator[Hint]) -> None:
        self._hints = hints
        self._next: asyncio.Task[Hint | None] | None = None

    async def __aenter__(self) -> "Waking":
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._next is not None:
            self._next.cancel()
            await asyncio.gather(self._next, return_exceptions=True)

    async def wait(self, seconds: float) -> Hint | None:
        """Return the next hint, or None when none came in time."""
        if self._next is None:
            self._next = asyncio.create_task(self._read())
        done, _ = await asyncio.wait({self._next}, timeout=seconds)
        if not done:
            return None
        hint = self._next.result()
        if hint is None:
            # The bus is closed; the poll alone goes on.
            await asyncio.sleep(seconds)
            return None
        self._next = None
        return hint

    async def _read(self) -> Hint | None:
        return await anext(self._hints, None)
