"""Work that nobody waits for, but that is not lost: awaited at the end, its errors logged."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from server.logs import get_logger

T = TypeVar("T")
_log = get_logger(__name__)


class Background:
    """Tasks that run until they end or until `stop`."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._is_stopped = False

    def start(
        self, work: Coroutine[Any, Any, T], *, name: str, is_awaited: bool = False
    ) -> asyncio.Task[T]:
        """Begin something.

        Args:
            work: What to do.
            name: For the log, should it fail.
            is_awaited: Somebody else sees its errors, unless that one gave up waiting.
        """
        task = asyncio.create_task(work, name=name)
        if self._is_stopped:
            task.cancel()
        self._tasks.add(task)
        task.add_done_callback(self._seen if is_awaited else self._ended)
        return task

    def _seen(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            _log.info("asked_in_vain", task=task.get_name(), exc_info=task.exception())

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            _log.error("background_failed", task=task.get_name(), exc_info=task.exception())

    async def stop(self) -> None:
        """Cancel what runs and wait until it is gone."""
        self._is_stopped = True
        while self._tasks:
            for task in tuple(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
