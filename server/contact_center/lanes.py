"""Order: what belongs to one call, or to one agent, happens one after the other."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from server.contact_center.waiting import Timer
from server.entities import Clock
from server.pbx import PbxEvent
from server.store import StoreError

Handle = Callable[[PbxEvent], Awaitable[None]]
"""Writes an event down; a `StoreError` leaves the event where it is."""


class Lane:
    """The order of one call: whoever holds the lane is alone, and reads the events meanwhile."""

    def __init__(self, handle: Handle, clock: Clock) -> None:
        self.lock = asyncio.Lock()
        self.users = 0
        self._handle = handle
        self._clock = clock
        self._events: deque[PbxEvent] = deque()
        self._arrived = asyncio.Event()

    @property
    def is_idle(self) -> bool:
        """Whether nobody uses it and nothing waits in it."""
        return not self.users and not self._events

    def push(self, event: PbxEvent) -> None:
        """Add an event at the end."""
        self._events.append(event)
        self._arrived.set()

    def put_back(self, event: PbxEvent) -> None:
        """Add an event at the front, because whoever took it could not write it down."""
        self._events.appendleft(event)

    async def drain(self) -> None:
        """Handle the events that are there.

        Raises:
            StoreError: One could not be written down; it stays, and all that come after it.
        """
        while self._events:
            await self._handle_first()

    async def effect(self, is_it: Callable[[PbxEvent], bool], *, seconds: float) -> PbxEvent:
        """Return the event that a command causes; handle what happened before it.

        The limit is for all of it: whatever else happens on the call does not prolong the wait.

        Raises:
            TimeoutError: It did not come in time. When it comes later, it is an event like others.
            StoreError: What happened before it could not be written down.
        """
        async with Timer(self._clock, seconds) as timer:
            while True:
                while self._events:
                    if is_it(self._events[0]):
                        return self._events.popleft()
                    if timer.is_over and not any(map(is_it, self._events)):
                        raise TimeoutError
                    await self._handle_first()
                self._arrived.clear()
                await timer.wait(self._arrived.wait())

    async def _handle_first(self) -> None:
        """Handle the oldest event; it is gone only when that is done."""
        await self._handle(self._events[0])
        self._events.popleft()


class Lanes:
    """A lane for each key, made when needed and dropped when idle and empty."""

    def __init__(self, handle: Handle, clock: Clock) -> None:
        self._handle = handle
        self._clock = clock
        self._lanes: dict[str, Lane] = {}

    @asynccontextmanager
    async def hold(self, key: str) -> AsyncGenerator[Lane]:
        """Wait for the turn, then be alone; events that wait are handled first and last.

        Raises:
            StoreError: What waits could not be written down, so that nobody knows how the call is.
        """
        lane = self._lanes.setdefault(key, Lane(self._handle, self._clock))
        lane.users += 1
        try:
            async with lane.lock:
                await lane.drain()
                try:
                    yield lane
                finally:
                    # What is over is over; whoever settles the lane tries again.
                    with suppress(StoreError):
                        await lane.drain()
        finally:
            lane.users -= 1
            if lane.is_idle:
                self._lanes.pop(key, None)

    def push(self, event: PbxEvent) -> None:
        """Put an event into its lane; `settle` must follow."""
        self._lanes.setdefault(event.lane, Lane(self._handle, self._clock)).push(event)

    async def settle(self, key: str) -> None:
        """Handle what waits in a lane when it is its turn; whoever is there may do it before.

        Raises:
            StoreError: It could not be written down; settle the lane again.
        """
        async with self.hold(key):
            pass
