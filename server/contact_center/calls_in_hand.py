"""Which calls something is being sent about; of one call only one thing at a time."""

import asyncio
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager

CallKey = tuple[str, str]
"""Tenant id and vendorCallKey."""


class CallsInHand:
    """Calls that something is being sent about: by the loop, in its line, or at once.

    What is sent at once takes no place in the line: it does not wait for one, and it may be much
    while one org hangs, which must not keep the loop from the others.
    """

    def __init__(self) -> None:
        self._freed: dict[CallKey, asyncio.Event] = {}
        self._line: set[CallKey] = set()
        self._of_tenant: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._freed)

    @property
    def in_line(self) -> int:
        """How many calls the loop has in hand."""
        return len(self._line)

    @property
    def at_once(self) -> int:
        """How many other calls are in hand."""
        return len(self._freed) - len(self._line)

    def in_line_of(self, tenant_id: str) -> int:
        """Return how many calls of a tenant the loop has in hand."""
        return self._of_tenant[tenant_id]

    def may_take(self, key: CallKey, most_of_tenant: int) -> bool:
        """Whether the call is free, and its tenant does not fill the line alone."""
        return key not in self._freed and self._of_tenant[key[0]] < most_of_tenant

    def add(self, key: CallKey) -> None:
        """Take a call that is free, for the loop."""
        self._freed[key] = asyncio.Event()
        self._line.add(key)
        self._of_tenant[key[0]] += 1

    def remove(self, key: CallKey) -> None:
        """Give a call of the loop free again."""
        self._line.remove(key)
        self._of_tenant[key[0]] -= 1
        self._freed.pop(key).set()

    @contextmanager
    def take(self, key: CallKey) -> Generator[None, None, None]:
        """Hold a call that is free during the block, outside the line."""
        self._freed[key] = asyncio.Event()
        try:
            yield
        finally:
            self._freed.pop(key).set()

    async def wait_until_free(self, key: CallKey, seconds: float) -> bool:
        """Wait for the call; False when it took too long."""
        try:
            async with asyncio.timeout(seconds):
                while (freed := self._freed.get(key)) is not None:
                    await freed.wait()
        except TimeoutError:
            return False
        return True
