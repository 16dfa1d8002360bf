"""What a `ServerLink` needs in tests: timers turned by hand, and ears that record."""

import asyncio
import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from connector_py.api.ports import AgentIdentity, LinkEnd
from connector_py.entities import (
    AgentSnapshot,
    CallSnapshot,
    LogLevel,
    MessageReceived,
    NotificationFrame,
    Welcome,
)
from connector_py.errors import ConnectorError
from connector_py.transport import Loopback, LoopbackServer, ServerLink
from tests.support.builders import make_agent_snapshot

IDENTITY = AgentIdentity(organization_id="00D000000000001", user_name="ada@demo.example")
EPOCH = "epoch-1"


async def let_tasks_run() -> None:
    """Let every task go on until it waits for something that has not happened."""
    for _ in range(5):
        await asyncio.sleep(0)


@dataclass(order=True)
class HandTimer:
    """A timer of `HandTimers`."""

    due: float
    number: int
    callback: Callable[[], None] = field(compare=False)
    is_cancelled: bool = field(default=False, compare=False)

    def cancel(self) -> None:
        self.is_cancelled = True


class HandTimers:
    """Time passes only when the test turns it."""

    def __init__(self) -> None:
        self.now = 0.0
        self._numbers = count()
        self._timers: list[HandTimer] = []

    @property
    def waiting(self) -> list[float]:
        """Seconds until each timer that is not cancelled, soonest first."""
        return [one.due - self.now for one in sorted(self._timers) if not one.is_cancelled]

    def call_later(self, seconds: float, callback: Callable[[], None]) -> HandTimer:
        timer = HandTimer(self.now + seconds, next(self._numbers), callback)
        heapq.heappush(self._timers, timer)
        return timer

    def turn(self, seconds: float) -> None:
        """Let time pass and call what is due, each at its own moment."""
        end = self.now + seconds
        while self._timers and self._timers[0].due <= end:
            timer = heapq.heappop(self._timers)
            self.now = timer.due
            if not timer.is_cancelled:
                timer.callback()
        self.now = end


@dataclass
class FixedJitter:
    """Always the same fraction."""

    value: float = 0.5

    def fraction(self) -> float:
        return self.value


class RecordingListener:
    """Keeps what it heard; refuses the entries that the test names."""

    def __init__(self) -> None:
        self.snapshots: list[tuple[AgentSnapshot, tuple[CallSnapshot, ...]]] = []
        self.frames: list[NotificationFrame] = []
        self.ends: list[LinkEnd] = []
        self.refused_offsets: set[int] = set()
        self.refuses_snapshots = False
        self.when_notified: Callable[[], None] = lambda: None

    @property
    def offsets(self) -> list[int]:
        return [frame.offset for frame in self.frames]

    def on_snapshot(self, agent: AgentSnapshot, calls: Sequence[CallSnapshot]) -> None:
        if self.refuses_snapshots:
            raise ConnectorError("no such snapshot")
        self.snapshots.append((agent, tuple(calls)))

    def on_notification(self, frame: NotificationFrame) -> None:
        if frame.offset in self.refused_offsets:
            raise ConnectorError("does not fit")
        self.frames.append(frame)
        self.when_notified()

    def on_end(self, end: LinkEnd) -> None:
        self.ends.append(end)


@dataclass
class RecordingLog:
    """Keeps what was written."""

    entries: list[tuple[LogLevel, str, Mapping[str, Any]]] = field(default_factory=list)

    def write(self, level: LogLevel, event: str, fields: Mapping[str, Any]) -> None:
        self.entries.append((level, event, dict(fields)))

    def offer_download(self, lines: Sequence[str]) -> None:
        raise AssertionError("the link offers no download")

    def fields_of(self, event: str) -> list[Mapping[str, Any]]:
        return [fields for _, written, fields in self.entries if written == event]


def make_welcome(**fields: Any) -> Welcome:
    """A welcome with an empty snapshot at offset 0."""
    defaults: dict[str, Any] = {
        "epoch": EPOCH,
        "offset": 0,
        "agent": make_agent_snapshot(),
        "calls": (),
    }
    return Welcome(**(defaults | fields))


def make_entry(offset: int, **fields: Any) -> NotificationFrame:
    """The stream's entry at this offset."""
    defaults: dict[str, Any] = {
        "epoch": EPOCH,
        "offset": offset,
        "notification": MessageReceived(message=f"entry {offset}"),
    }
    return NotificationFrame(**(defaults | fields))


class LinkBench:
    """A link with everything around it in the test's hands."""

    def __init__(self, listener: Any = None) -> None:
        self.loopback = Loopback()
        self.timers = HandTimers()
        self.jitter = FixedJitter()
        self.log = RecordingLog()
        self.listener: RecordingListener = listener or RecordingListener()
        self.link = ServerLink(
            opener=self.loopback,
            timers=self.timers,
            jitter=self.jitter,
            instance_id="page-1",
            log=self.log,
        )
        self.link.listen(self.listener)

    @property
    def server(self) -> LoopbackServer:
        """The server's end of the newest socket."""
        return self.loopback.server

    @property
    def attempts(self) -> int:
        return len(self.loopback.servers)

    async def start_opening(self) -> asyncio.Task[None]:
        """Call `open` and leave the socket to the test."""
        task = asyncio.ensure_future(self.link.open(IDENTITY))
        await let_tasks_run()
        return task

    async def open(self, welcome: Welcome | None = None) -> LoopbackServer:
        """Open the link; returns the server's end."""
        task = await self.start_opening()
        server = self.welcome(welcome)
        await task
        return server

    def welcome(self, welcome: Welcome | None = None) -> LoopbackServer:
        """Accept the newest socket and welcome the connector."""
        server = self.server
        server.accept()
        server.send(welcome or make_welcome())
        return server

    def resume(self, offset: int) -> LoopbackServer:
        """Accept the newest socket and say that entries up to `offset` follow."""
        return self.welcome(make_welcome(offset=offset, calls=None))

    async def ask(self, command: Any, command_id: str, **limits: Any) -> asyncio.Task[Any]:
        """Ask for a command and leave the answer to the test."""
        request = self.link.request(command, command_id=command_id, **limits)
        task = asyncio.ensure_future(request)
        await let_tasks_run()
        return task
