"""The event bus of a server that runs as one process."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

from server.event_bus.base import Subscription
from server.event_bus.message import Hint


class _Listener:
    """What one subscriber has not looked at yet: each hint once, in order."""

    def __init__(self) -> None:
        self._pending: dict[Hint, None] = {}
        self._woken = asyncio.Event()
        self._is_closed = False

    def wake(self, hint: Hint) -> None:
        self._pending[hint] = None
        self._woken.set()

    def close(self) -> None:
        self._is_closed = True
        self._woken.set()

    async def hints(self) -> AsyncIterator[Hint]:
        while True:
            await self._woken.wait()
            while self._pending:
                hint = next(iter(self._pending))
                del self._pending[hint]
                yield hint
            if self._is_closed:
                return
            self._woken.clear()


class MemoryEventBus:
    """Hints within one process. Implements `EventBus`."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[_Listener]] = {}
        self._is_closed = False

    async def publish(self, hint: Hint) -> None:
        """Wake everybody who listens to the hint's topic."""
        for listener in tuple(self._listeners.get(hint.topic, ())):
            listener.wake(hint)

    def subscribe(self, topic: str) -> Subscription:
        """Listen to a topic."""
        return self._subscription(topic)

    @asynccontextmanager
    async def _subscription(self, topic: str) -> AsyncGenerator[AsyncIterator[Hint]]:
        listener = _Listener()
        if self._is_closed:
            listener.close()
        listeners = self._listeners.setdefault(topic, set())
        listeners.add(listener)
        try:
            yield listener.hints()
        finally:
            listeners.discard(listener)
            if not listeners:
                self._listeners.pop(topic, None)

    async def close(self) -> None:
        """End every subscription."""
        self._is_closed = True
        for listeners in self._listeners.values():
            for listener in listeners:
                listener.close()
