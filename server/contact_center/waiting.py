"""Waiting with a limit, on the clock of the contact center."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from server.entities import Clock

T = TypeVar("T")


async def within(clock: Clock, seconds: float, work: Awaitable[T]) -> T:
    """Wait for something, but not for ever.

    A task that is given stays as it is when the time is over; a coroutine is cancelled.

    Raises:
        TimeoutError: The time is over.
    """
    async with Timer(clock, seconds) as timer:
        return await timer.wait(work)


class Timer:
    """One limit for several waits: it runs in the `async with` block.

    Args:
        clock: That of the contact center.
        seconds: The limit.
    """

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds

    async def __aenter__(self) -> "Timer":
        self._timer = asyncio.ensure_future(self._clock.sleep(self._seconds))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._timer.cancel()

    @property
    def is_over(self) -> bool:
        """Whether the time is over."""
        return self._timer.done()

    async def wait(self, work: Awaitable[T]) -> T:
        """Wait for something, like `within`, for what is left of the time.

        Raises:
            TimeoutError: The time is over.
        """
        is_ours = not isinstance(work, asyncio.Future)
        task = asyncio.ensure_future(work)
        try:
            await asyncio.wait({task, self._timer}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                raise TimeoutError
            return task.result()
        finally:
            if is_ours and not task.done():
                task.cancel()
