"""What waits to be sent to one connector: bounded, so that a slow one hurts nobody else."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from connector_py.entities import CloseCode
from server.api.link_side import LinkEnded


class Outgoing:
    """A queue of frames and the loop that sends them.

    Args:
        send: Sends one frame; waits while the socket takes no more.
        most_bytes: How much may wait; more ends the link.
        stalled_seconds: How long the socket may take nothing before the link ends.
    """

    def __init__(
        self,
        send: Callable[[str], Awaitable[None]],
        *,
        most_bytes: int,
        stalled_seconds: float,
    ) -> None:
        self._send = send
        self._most_bytes = most_bytes
        self._stalled_seconds = stalled_seconds
        self._waiting: deque[tuple[str, int, LinkEnded | None]] = deque()
        self._bytes = 0
        self._filled = asyncio.Event()
        self._drained = asyncio.Event()
        self._drained.set()

    def put(self, text: str, *, then: LinkEnded | None = None) -> None:
        """Let a frame wait for its turn.

        Args:
            text: The frame.
            then: How the link ends once the frame is sent.

        Raises:
            LinkEnded: With TOO_SLOW, when too much waits already.
        """
        size = len(text.encode())
        if self._waiting and self._bytes + size > self._most_bytes:
            raise LinkEnded(CloseCode.TOO_SLOW, "too much waits to be sent")
        self._waiting.append((text, size, then))
        self._bytes += size
        self._filled.set()
        if self._bytes > self._most_bytes // 2:
            self._drained.clear()

    async def room(self) -> None:
        """Wait until at most half of the room is taken."""
        await self._drained.wait()

    async def run(self) -> None:
        """Send what waits, for ever.

        Raises:
            LinkEnded: With TOO_SLOW, when the socket takes nothing for too long; or what `put`
                was told.
        """
        while True:
            await self._filled.wait()
            while self._waiting:
                text, size, then = self._waiting.popleft()
                try:
                    async with asyncio.timeout(self._stalled_seconds):
                        await self._send(text)
                except TimeoutError:
                    raise LinkEnded(CloseCode.TOO_SLOW, "the connector does not read") from None
                self._bytes -= size
                if self._bytes <= self._most_bytes // 2:
                    self._drained.set()
                if then is not None:
                    raise then
            self._filled.clear()
