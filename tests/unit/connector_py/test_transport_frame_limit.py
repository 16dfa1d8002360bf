"""A command that no frame can carry: one page's message must not take the line from its calls."""

import pytest

from connector_py.entities import (
    MAX_FRAME_BYTES,
    CommandFrame,
    EndWrapUp,
    Reply,
    SendMessage,
    encode_frame,
)
from connector_py.errors import ValidationError
from server.api import link_side
from tests.support.link_fakes import LinkBench


def frame_size(message: str) -> int:
    return len(encode_frame(CommandFrame(id="c-1", command=SendMessage(message=message))))


async def test_command_that_is_too_long_fails_and_is_never_sent():
    bench = LinkBench()
    server = await bench.open()
    with pytest.raises(ValidationError, match=str(MAX_FRAME_BYTES)):
        await bench.link.request(SendMessage(message="x" * MAX_FRAME_BYTES), command_id="c-1")
    other = await bench.ask(EndWrapUp(call_id="call-1"), "c-2")
    assert [command.id for command in server.commands] == ["c-2"]
    server.send(Reply(id="c-2", offset=0, result="done"))
    assert await other == "done"


async def test_longest_command_is_sent():
    bench = LinkBench()
    server = await bench.open()
    longest = "x" * (MAX_FRAME_BYTES - frame_size(""))
    assert frame_size(longest) == MAX_FRAME_BYTES
    task = await bench.ask(SendMessage(message=longest), "c-1")
    [sent] = server.commands
    assert sent.command == SendMessage(message=longest)
    task.cancel()


async def test_letters_that_json_writes_as_six_bytes_count_as_six():
    bench = LinkBench()
    await bench.open()
    with pytest.raises(ValidationError):
        await bench.link.request(SendMessage(message="é" * (MAX_FRAME_BYTES // 6)), command_id="c")


def test_server_reads_frames_up_to_the_same_length():
    assert link_side.MAX_FRAME_BYTES == MAX_FRAME_BYTES == 64 * 1024
