"""A link through drops, losses, repeats and new epochs: nothing twice, nothing lost."""

import asyncio
from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from connector_py.api.ports import LinkEnd
from connector_py.entities import (
    AgentSnapshot,
    CallSnapshot,
    CallStarted,
    CommandFrame,
    EndWrapUp,
    Frame,
    Heartbeat,
    Hello,
    NotificationFrame,
    Reply,
    Welcome,
)
from connector_py.transport import LoopbackServer
from tests.support.builders import make_call_snapshot
from tests.support.link_fakes import LinkBench, let_tasks_run, make_welcome


class CountingListener:
    """Knows the stream's entries by number, so that it notices every repeat and every loss."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def on_snapshot(self, agent: AgentSnapshot, calls: Sequence[CallSnapshot]) -> None:
        now = [call.call_id for call in calls]
        assert now[: len(self.seen)] == self.seen, "a snapshot must not take anything back"
        self.seen = now

    def on_notification(self, frame: NotificationFrame) -> None:
        assert isinstance(frame.notification, CallStarted)
        assert frame.notification.call.call_id == str(len(self.seen))
        self.seen.append(frame.notification.call.call_id)

    def on_end(self, end: LinkEnd) -> None:
        raise AssertionError(f"the link ended: {end}")


class ModelServer:
    """Keeps a stream and answers each command once, whatever the line does."""

    def __init__(self) -> None:
        self.calls: list[CallSnapshot] = []
        self.first = 0
        """Number of the entry that the epoch began after."""
        self.epoch = 1
        self.performed: list[str] = []
        self.replies: dict[str, tuple[int, Any]] = {}
        self.way: list[Frame] = []
        """Frames on their way to the connector."""
        self.delivered: list[Frame] = []
        self.read = 0
        self.socket: LoopbackServer | None = None

    def entry(self, number: int, cause: str | None = None) -> NotificationFrame:
        return NotificationFrame(
            epoch=str(self.epoch),
            offset=number + 1 - self.first,
            cause=cause,
            notification=CallStarted(call=self.calls[number]),
        )

    def happen(self, cause: str | None = None) -> None:
        self.calls.append(make_call_snapshot(call_id=str(len(self.calls))))
        if self.socket is not None:
            self.way.append(self.entry(len(self.calls) - 1, cause))

    def begin_epoch(self) -> None:
        self.lose_line()
        self.epoch += 1
        self.first = len(self.calls)

    def lose_line(self) -> None:
        socket, self.socket = self.socket, None
        self.way.clear()
        self.delivered.clear()
        if socket is not None and socket.is_open:
            socket.close()

    def take_frames(self, socket: LoopbackServer) -> None:
        """Read what the connector sent on this socket."""
        for frame in socket.received[self.read :]:
            self.read += 1
            if isinstance(frame, Hello):
                self.socket = socket
                self.greet(frame)
            elif isinstance(frame, CommandFrame) and self.socket is not None:
                self.perform(frame)

    def greet(self, hello: Hello) -> None:
        head = len(self.calls) - self.first
        fields: dict[str, Any] = {"epoch": str(self.epoch), "offset": head}
        if hello.epoch != str(self.epoch):
            self.way.append(make_welcome(calls=tuple(self.calls), **fields))
            return
        self.way.append(make_welcome(calls=None, **fields))
        missing = range(self.first + hello.offset, len(self.calls))
        self.way.extend(self.entry(number) for number in missing)

    def perform(self, frame: CommandFrame) -> None:
        if frame.id not in self.replies:
            self.performed.append(frame.id)
            for _ in range(int(frame.id) % 3):
                self.happen(cause=frame.id)
            self.replies[frame.id] = (len(self.calls), [frame.id, len(self.calls)])
        number, result = self.replies[frame.id]
        offset = max(0, number - self.first)
        self.way.append(Reply(id=frame.id, offset=offset, result=result))


class Play:
    """One random story."""

    def __init__(self) -> None:
        self.listener = CountingListener()
        self.bench = LinkBench(self.listener)
        self.server = ModelServer()
        self.asked: list[asyncio.Task[None]] = []
        self.tried: list[LoopbackServer] = []
        """Sockets that were accepted or refused."""

    async def ask_and_check(self, command_id: str) -> None:
        command = EndWrapUp(call_id=command_id)
        answer = await self.bench.link.request(command, command_id=command_id, time_limit=1e9)
        assert answer[0] == command_id
        # Whoever asked finds what the command caused.
        assert len(self.listener.seen) >= answer[1]

    async def step(self, verb: str, number: int) -> None:
        getattr(self, verb)(number)
        await let_tasks_run()

    def ask(self, number: int) -> None:
        self.asked.append(asyncio.ensure_future(self.ask_and_check(str(len(self.asked)))))

    def happen(self, number: int) -> None:
        self.server.happen()

    def repeat(self, number: int) -> None:
        """Something arrives again."""
        if self.server.delivered and not any(isinstance(one, Welcome) for one in self.server.way):
            again = self.server.delivered[number % len(self.server.delivered)]
            self.server.way.insert(0, again)

    def drop(self, number: int) -> None:
        self.server.lose_line()

    def epoch(self, number: int) -> None:
        self.server.begin_epoch()

    def refuse(self, number: int) -> None:
        if self.is_opening:
            self.tried.append(self.bench.server)
            self.bench.server.refuse()

    def wait(self, number: int) -> None:
        self.bench.timers.turn(number)

    @property
    def is_opening(self) -> bool:
        newest = self.bench.server
        return newest not in self.tried and newest.closed_with is None

    def serve(self, number: int = 0) -> None:
        """The server accepts what opens, and reads."""
        socket = self.bench.server
        if self.is_opening:
            self.tried.append(socket)
            self.server.lose_line()
            self.server.read = 0
            socket.accept()
        if socket.is_open:
            self.server.take_frames(socket)

    def deliver(self, number: int) -> None:
        server = self.server
        for _ in range(number):
            # The connector may have closed the socket; then nothing arrives any more.
            if server.socket is None or not server.socket.is_open or not server.way:
                return
            frame = server.way.pop(0)
            if isinstance(frame, NotificationFrame | Reply):
                server.delivered.append(frame)
            server.socket.send(frame)

    def hurry(self, number: int) -> None:
        """Replies overtake each other and the entries before them, but no welcome."""
        way = self.server.way
        welcomes = [frame for frame in way if isinstance(frame, Welcome)]
        replies = [frame for frame in way if isinstance(frame, Reply)]
        entries = [frame for frame in way if isinstance(frame, NotificationFrame)]
        way[:] = [*welcomes, *reversed(replies), *entries]

    def lose(self, number: int) -> None:
        """An entry gets lost though the line stands; it shows when a later one arrives."""
        way = self.server.way
        offsets = [frame.offset for frame in way if isinstance(frame, NotificationFrame)]
        lost = [
            frame
            for frame in way
            if isinstance(frame, NotificationFrame) and frame.offset < max(offsets)
        ]
        if lost:
            way.remove(lost[number % len(lost)])

    async def heal(self) -> None:
        """A good line again: everything arrives."""
        for _ in range(200):
            self.serve()
            self.deliver(1000)
            await let_tasks_run()
            is_done = all(task.done() for task in self.asked)
            if is_done and len(self.listener.seen) == len(self.server.calls):
                return
            if self.server.socket is not None and self.server.socket.is_open:
                self.server.socket.send(Heartbeat())
            self.bench.timers.turn(6)
        raise AssertionError("the link did not heal")


VERBS = ("ask", "happen", "serve", "deliver", "repeat", "hurry", "lose")
BAD_LUCK = ("drop", "epoch", "refuse", "wait")


STEPS = st.tuples(st.sampled_from(VERBS * 3 + BAD_LUCK), st.integers(0, 30))


@settings(max_examples=70)
@given(st.lists(STEPS, min_size=40, max_size=80))
async def test_nothing_twice_nothing_lost_each_command_answered_once(
    steps: list[tuple[str, int]],
):
    play = Play()
    opening = await play.bench.start_opening()
    play.serve()
    play.deliver(1)
    await opening
    for verb, number in steps:
        await play.step(verb, number)
    await play.heal()
    await asyncio.gather(*play.asked)
    assert play.listener.seen == [call.call_id for call in play.server.calls]
    # Sent as often as it takes, done once, and in the order in which they were asked.
    assert play.server.performed == [str(number) for number in range(len(play.asked))]
    play.bench.link.close()
    assert play.bench.timers.waiting == []
