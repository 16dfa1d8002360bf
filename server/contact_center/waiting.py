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
    is_ours = not isinstance(work, asyncio.Future)
    task = asyncio.ensure_future(work)
    timer = asyncio.ensure_future(clock.sleep(seconds))
    try:
        await asyncio.wait({task, timer}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise TimeoutError
        return task.result()
    finally:
        timer.cancel()
        if is_ours and not task.done():
            task.cancel()
