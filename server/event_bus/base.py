"""The protocol of the event bus, and the choice of one by its URL."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from server.event_bus.message import Hint

Subscription = AbstractAsyncContextManager[AsyncIterator[Hint]]


class EventBus(Protocol):
    """Wakes whoever waits for something. A lost hint delays, it never loses anything."""

    async def publish(self, hint: Hint) -> None:
        """Wake everybody who listens to the hint's topic; never waits for them."""
        ...

    def subscribe(self, topic: str) -> Subscription:
        """Listen to a topic: `async with bus.subscribe(t) as hints: async for hint in hints`.

        Hints count from the moment that the context is entered. Equal hints that were not yet
        looked at come once.
        """
        ...

    async def close(self) -> None:
        """End every subscription."""
        ...
