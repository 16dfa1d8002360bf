"""Which calls something is being sent about; of one call only one thing at a time."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager

CallKey = tuple[str, str]
"""Tenant id and vendorCallKey."""


class CallsInHand:
    """Calls that something is being sent about."""

    def __init__(self) -> None:
        self._freed: dict[CallKey, asyncio.Event] = {}

    def __len__(self) -> int:
        return len(self._freed)

    def may_take(self, key: CallKey, most_of_tenant: int) -> bool:
        """Whether the call is free, and its tenant does not fill the line alone."""
        return (
            key not in self._freed
            and sum(taken[0] == key[0] for taken in self._freed) < most_of_tenant
        )

    def add(self, key: CallKey) -> None:
        """Take a call that is free."""
        self._freed[key] = asyncio.Event()

    def remove(self, key: CallKey) -> None:
        """Give a call free again."""
        self._freed.pop(key).set()

    @contextmanager
    def take(self, key: CallKey) -> Generator[None, None, None]:
        """Hold the call during the block."""
        self.add(key)
        try:
            yield
        finally:
            self.remove(key)

    async def wait_until_free(self, key: CallKey, seconds: float) -> bool:
        """Wait for the call; False when it took too long."""
        try:
            async with asyncio.timeout(seconds):
                while (freed := self._freed.get(key)) is not None:
                    await freed.wait()
        except TimeoutError:
            return False
        return True
