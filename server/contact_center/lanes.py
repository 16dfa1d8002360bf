"""Order: what belongs to one call, or to one agent, happens one after the other."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

from server.contact_center.waiting import within
from server.entities import Clock
from server.pbx import PbxEvent

Handle = Callable[[PbxEvent], Awaitable[None]]


class Lane:
    """The order of one call: whoever holds the lane is alone, and reads the events meanwhile."""

    def __init__(self, handle: Handle, clock: Clock) -> None:
        self.lock = asyncio.Lock()
        self.users = 0
        self._handle = handle
        self._clock = clock
        self._events: deque[PbxEvent] = deque()
        self._arrived = asyncio.Event()

    def push(self, event: PbxEvent) -> None:
        """Add an event at the end."""
        self._events.append(event)
        self._arrived.set()

    def put_back(self, event: PbxEvent) -> None:
        """Add an event at the front, because whoever took it could not write it down."""
        self._events.appendleft(event)

    async def drain(self) -> None:
        """Handle the events that are there."""
        while self._events:
            await self._handle(self._events.popleft())

    async def effect(self, is_it: Callable[[PbxEvent], bool], *, seconds: float) -> PbxEvent:
        """Return the event that a command causes; handle what happened before it.

        Raises:
            TimeoutError: It did not come in time. When it comes later, it is an event like others.
        """
        while True:
            while self._events:
                event = self._events.popleft()
                if is_it(event):
                    return event
                await self._handle(event)
            self._arrived.clear()
            await within(self._clock, seconds, self._arrived.wait())


class Lanes:
    """A lane for each key, made when needed and dropped when idle."""

    def __init__(self, handle: Handle, clock: Clock) -> None:
        self._handle = handle
        self._clock = clock
        self._lanes: dict[str, Lane] = {}

    @asynccontextmanager
    async def hold(self, key: str) -> AsyncGenerator[Lane]:
        """Wait for the turn, then be alone; events that wait are handled first and last."""
        lane = self._lanes.setdefault(key, Lane(self._handle, self._clock))
        lane.users += 1
        try:
            async with lane.lock:
                await lane.drain()
                try:
                    yield lane
                finally:
                    await lane.drain()
        finally:
            lane.users -= 1
            if not lane.users:
                self._lanes.pop(key, None)

    def push(self, event: PbxEvent) -> None:
        """Put an event into its lane; `settle` must follow."""
        self._lanes.setdefault(event.call_id, Lane(self._handle, self._clock)).push(event)

    async def settle(self, key: str) -> None:
        """Handle what waits in a lane when it is its turn; whoever is there may do it before."""
        async with self.hold(key):
            pass
