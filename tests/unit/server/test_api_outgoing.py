"""What waits for a connector is bounded in bytes and in time."""

import asyncio

import pytest

from connector_py.entities import CloseCode
from server.api.link_side import LinkEnded
from server.api.outgoing import Outgoing
from tests.support.patience import PATIENCE


class Socket:
    """Takes frames while it is open."""

    def __init__(self) -> None:
        self.sent: asyncio.Queue[str] = asyncio.Queue()
        self.open = asyncio.Event()
        self.open.set()

    async def send(self, text: str) -> None:
        await self.open.wait()
        self.sent.put_nowait(text)


async def test_frames_go_out_in_order() -> None:
    socket = Socket()
    outgoing = Outgoing(socket.send, most_bytes=100, stalled_seconds=1)
    running = asyncio.create_task(outgoing.run())
    for text in ("a", "b", "c"):
        outgoing.put(text)
    async with asyncio.timeout(PATIENCE):
        assert [await socket.sent.get() for _ in range(3)] == ["a", "b", "c"]
        outgoing.put("d")
        assert await socket.sent.get() == "d"
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_too_many_bytes_end_the_link() -> None:
    outgoing = Outgoing(Socket().send, most_bytes=10, stalled_seconds=1)
    outgoing.put("é" * 4)
    outgoing.put("xx")
    with pytest.raises(LinkEnded) as ended:
        outgoing.put("y")
    assert ended.value.code is CloseCode.TOO_SLOW


async def test_a_single_frame_may_be_longer_than_the_queue() -> None:
    Outgoing(Socket().send, most_bytes=10, stalled_seconds=1).put("z" * 11)


async def test_a_stalled_socket_ends_the_link() -> None:
    socket = Socket()
    socket.open.clear()
    outgoing = Outgoing(socket.send, most_bytes=10, stalled_seconds=0.01)
    outgoing.put("a")
    with pytest.raises(LinkEnded) as ended:
        await outgoing.run()
    assert ended.value.code is CloseCode.TOO_SLOW


async def test_room_is_made_by_sending() -> None:
    socket = Socket()
    socket.open.clear()
    outgoing = Outgoing(socket.send, most_bytes=10, stalled_seconds=5)
    await outgoing.room()
    outgoing.put("123456")
    waiting = asyncio.create_task(outgoing.room())
    running = asyncio.create_task(outgoing.run())
    await asyncio.sleep(0)
    assert not waiting.done()
    socket.open.set()
    await asyncio.wait_for(waiting, PATIENCE)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
