import asyncio
import json

import pytest

from connector_py.api.ports import LinkEnd
from connector_py.entities import (
    AnswerCall,
    CloseCode,
    Heartbeat,
    Reply,
)
from connector_py.errors import (
    CommandTimeoutError,
    LinkDownError,
    SignInRequiredError,
)
from connector_py.transport import LoopTimers
from tests.support.link_fakes import (
    EPOCH,
    LinkBench,
    make_entry,
    make_welcome,
)
from tests.support.patience import PATIENCE

COMMAND = AnswerCall(call_id="call-1")


@pytest.fixture
def bench() -> LinkBench:
    return LinkBench()


# ---- the stream ------------------------------------------------------------------------------


async def test_entries_are_applied_once(bench: LinkBench):
    server = await bench.open(make_welcome(offset=3))
    for offset in (2, 3, 4, 4, 5, 1):
        server.send(make_entry(offset))
    assert bench.listener.offsets == [4, 5]
    assert bench.attempts == 1


async def test_reconnect_resumes_where_it_stood(bench: LinkBench):
    server = await bench.open()
    server.send(make_entry(1))
    server.close()
    bench.timers.turn(1)
    bench.resume(3)
    assert (bench.server.hello.epoch, bench.server.hello.offset) == (EPOCH, 1)
    for offset in (2, 3):
        bench.server.send(make_entry(offset))
    assert bench.listener.offsets == [1, 2, 3]
    assert len(bench.listener.snapshots) == 1


async def test_snapshot_on_reconnect_moves_the_position(bench: LinkBench):
    server = await bench.open()
    server.close()
    bench.timers.turn(1)
    bench.welcome(make_welcome(epoch="epoch-2", offset=40))
    bench.server.send(make_entry(41, epoch="epoch-2"))
    assert bench.listener.offsets == [41]
    assert len(bench.listener.snapshots) == 2


def gap(bench: LinkBench) -> None:
    bench.server.send(make_entry(3))


def other_epoch(bench: LinkBench) -> None:
    bench.server.send(make_entry(2, epoch="epoch-2"))


def refused(bench: LinkBench) -> None:
    bench.listener.refused_offsets.add(2)
    bench.server.send(make_entry(2))


@pytest.mark.parametrize("happen", [gap, other_epoch, refused])
async def test_out_of_step_asks_for_a_snapshot_at_once(bench: LinkBench, happen):
    server = await bench.open()
    server.send(make_entry(1))
    happen(bench)
    assert server.closed_with == (1000, "resync")
    assert bench.attempts == 2
    bench.welcome(make_welcome(offset=3))
    assert bench.server.hello.epoch is None
    assert bench.listener.offsets == [1]
    assert len(bench.listener.snapshots) == 2
    server.send(make_entry(2))
    assert bench.listener.offsets == [1]
    bench.server.send(make_entry(4))
    assert bench.listener.offsets == [1, 4]


async def test_server_that_never_fits_is_not_called_in_a_tight_loop(bench: LinkBench):
    await bench.open()
    waits = []
    for _ in range(6):
        attempts = bench.attempts
        bench.server.send(make_entry(5))
        if bench.attempts == attempts:
            waits.append(bench.timers.waiting[0])
            bench.timers.turn(waits[-1])
        bench.welcome()
    assert waits == pytest.approx([0.2, 0.4, 0.8, 1.6, 2.5])
    # One that fits again, and the next trouble is answered at once.
    bench.server.send(make_entry(1))
    attempts = bench.attempts
    bench.server.send(make_entry(5))
    assert bench.attempts == attempts + 1


@pytest.mark.parametrize(
    "answer", [{"epoch": "epoch-2", "offset": 4}, {"offset": 0}, {"epoch": "", "offset": 1}]
)
async def test_welcome_that_does_not_continue_asks_for_a_snapshot(bench: LinkBench, answer):
    server = await bench.open()
    server.send(make_entry(1))
    server.close()
    bench.timers.turn(1)
    bench.welcome(make_welcome(calls=None, **answer))
    assert bench.attempts == 3
    bench.server.accept()
    assert bench.server.hello.epoch is None


async def test_snapshot_that_the_listener_cannot_take_is_asked_for_again(bench: LinkBench):
    bench.listener.refuses_snapshots = True
    task = await bench.start_opening()
    bench.welcome()
    bench.listener.refuses_snapshots = False
    bench.welcome()
    await task
    assert (bench.attempts, len(bench.listener.snapshots)) == (2, 1)


async def test_held_reply_counts_when_a_snapshot_of_another_stream_comes(bench: LinkBench):
    server = await bench.open(make_welcome(offset=50))
    asked = await bench.ask(COMMAND, "a")
    server.send(Reply(id="a", offset=52, result="done"))
    server.close()
    bench.timers.turn(1)
    bench.welcome(make_welcome(epoch="epoch-2", offset=1))
    assert await asked == "done"
    assert bench.server.commands == []


async def test_held_reply_counts_when_a_snapshot_reaches_its_offset(bench: LinkBench):
    server = await bench.open()
    asked = await bench.ask(COMMAND, "a")
    server.send(Reply(id="a", offset=2, result="done"))
    server.send(make_entry(2))
    bench.welcome(make_welcome(offset=2))
    assert await asked == "done"


# ---- unreadable ------------------------------------------------------------------------------

SECRET = "+12025550143"


@pytest.mark.parametrize(
    "text",
    [
        SECRET,
        json.dumps({"kind": SECRET}),
        json.dumps({"kind": "reply", "id": "a", "offset": SECRET}),
        json.dumps({"kind": "notification", "epoch": EPOCH, "offset": 1, "name": SECRET}),
        json.dumps({"kind": "hello", "ticket": SECRET, "instanceId": SECRET}),
    ],
)
async def test_unreadable_frame_closes_the_line_and_is_logged_without_its_value(
    bench: LinkBench, text: str
):
    server = await bench.open()
    server.send_text(text)
    assert server.closed_with == (int(CloseCode.BAD_MESSAGE), "unreadable frame")
    [fields] = bench.log.fields_of("link_frame_unreadable")
    assert set(fields) == {"field", "expected"}
    assert SECRET not in repr(bench.log.entries)
    bench.timers.turn(1)
    bench.welcome()
    # The entry that could not be read would come again: only a snapshot leads past it.
    assert bench.server.hello.epoch is None


@pytest.mark.parametrize("frame", [make_entry(1), Reply(id="a", offset=0)])
async def test_nothing_counts_before_the_welcome(bench: LinkBench, frame):
    task = await bench.start_opening()
    bench.server.accept()
    bench.server.send(frame)
    assert bench.server.closed_with == (int(CloseCode.BAD_MESSAGE), "unreadable frame")
    bench.timers.turn(1)
    bench.welcome()
    await task
    assert bench.listener.offsets == []


# ---- drops and ends --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        "1000",
        "1006",
        CloseCode.GOING_AWAY,
        CloseCode.TOO_SLOW,
        CloseCode.BAD_MESSAGE,
        CloseCode.SIGN_IN_REQUIRED,
    ],
)
async def test_other_close_codes_reconnect_with_a_new_ticket(bench: LinkBench, code: str):
    server = await bench.open()
    server.close(code)
    assert bench.timers.waiting == pytest.approx([0.1])
    bench.timers.turn(0.1)
    bench.resume(0)
    assert bench.server.hello.ticket == "ticket-2"
    assert bench.listener.ends == []


async def test_waits_begin_anew_after_a_welcome(bench: LinkBench):
    server = await bench.open()
    server.close()
    for wait in (0.1, 0.2, 0.4, 0.8, 1.6, 2.5, 2.5):
        assert bench.timers.waiting == pytest.approx([wait])
        bench.timers.turn(wait)
        bench.server.refuse()
    bench.timers.turn(2.5)
    bench.resume(0)
    bench.server.close()
    assert bench.timers.waiting == pytest.approx([0.1])


async def test_no_wait_when_the_network_is_back(bench: LinkBench):
    server = await bench.open()
    server.close()
    bench.link.reconnect_now()
    assert bench.attempts == 2
    bench.resume(0)
    bench.timers.turn(1)
    assert bench.attempts == 2


async def test_a_line_from_before_is_replaced_when_the_network_is_back(bench: LinkBench):
    """After a change of network it looks open, and nothing ever comes."""
    old = await bench.open()
    asked = await bench.ask(COMMAND, "a")
    bench.link.reconnect_now()
    assert (bench.attempts, old.closed_with) == (2, (1000, ""))
    bench.link.reconnect_now()  # Nor is an attempt that began before.
    assert bench.attempts == 3
    bench.resume(0)
    bench.server.send(Reply(id="a", offset=0, result="done"))
    assert await asked == "done"


async def test_a_line_on_which_a_command_and_all_else_stays_unanswered_is_dead(bench: LinkBench):
    server = await bench.open()
    asked = await bench.ask(COMMAND, "a")
    bench.timers.turn(8)
    with pytest.raises(CommandTimeoutError):
        await asked
    bench.timers.turn(0.1)
    assert (bench.attempts, server.closed_with is not None) == (2, True)


async def test_a_line_that_only_has_a_slow_answer_stays(bench: LinkBench):
    server = await bench.open()
    asked = await bench.ask(COMMAND, "a")
    server.send(Heartbeat())
    bench.timers.turn(8)
    with pytest.raises(CommandTimeoutError):
        await asked
    bench.timers.turn(0.1)
    assert (bench.attempts, server.closed_with) == (1, None)


async def test_silence_is_a_dead_line(bench: LinkBench):
    server = await bench.open()
    for _ in range(3):
        bench.timers.turn(24)
        server.send(Heartbeat())
    bench.timers.turn(24.9)
    assert server.closed_with is None
    bench.timers.turn(0.1)
    assert server.closed_with == (1000, "silence")
    bench.timers.turn(1)
    assert bench.attempts == 2


async def test_attempt_that_never_opens_is_dead_too(bench: LinkBench):
    server = await bench.open()
    server.close()
    bench.timers.turn(0.1)
    stuck = bench.server
    bench.timers.turn(26)
    assert stuck.closed_with is not None
    assert bench.attempts == 3


async def test_an_older_socket_is_not_heard(bench: LinkBench):
    old = await bench.open()
    bench.timers.turn(25)
    bench.timers.turn(1)
    bench.resume(0)
    old.send(make_entry(1))
    old.send_text("no frame")
    old.accept()
    old.close(CloseCode.REPLACED)
    old.refuse(SignInRequiredError())
    assert (bench.listener.offsets, bench.listener.ends) == ([], [])
    assert (bench.attempts, bench.server.closed_with) == (2, None)
    bench.server.send(make_entry(1))
    assert bench.listener.offsets == [1]


@pytest.mark.parametrize(
    ("code", "end"),
    [
        (CloseCode.REPLACED, LinkEnd.REPLACED),
        (CloseCode.SCHEMA_MISMATCH, LinkEnd.SCHEMA_MISMATCH),
    ],
)
async def test_final_close_codes_end_the_link(bench: LinkBench, code: str, end: LinkEnd):
    server = await bench.open()
    asked = await bench.ask(COMMAND, "a")
    server.close(code)
    with pytest.raises(LinkDownError):
        await asked
    bench.link.reconnect_now()
    bench.timers.turn(100)
    assert (bench.listener.ends, bench.attempts) == ([end], 1)
    with pytest.raises(LinkDownError):
        await bench.link.request(COMMAND, command_id="b")


async def test_sign_in_that_ended_ends_the_link(bench: LinkBench):
    server = await bench.open()
    asked = await bench.ask(COMMAND, "a")
    server.close(CloseCode.SIGN_IN_REQUIRED)
    bench.timers.turn(1)
    bench.server.refuse(SignInRequiredError())
    with pytest.raises(SignInRequiredError):
        await asked
    assert bench.listener.ends == [LinkEnd.SIGN_IN_REQUIRED]
    bench.timers.turn(100)
    assert bench.attempts == 2
    with pytest.raises(LinkDownError):
        await bench.link.request(COMMAND, command_id="b")
    await bench.open()
    assert bench.server.hello.epoch is None


async def test_close_forgets_and_fails_what_waits(bench: LinkBench):
    server = await bench.open(make_welcome(offset=5))
    asked = await bench.ask(COMMAND, "a")
    bench.link.close()
    with pytest.raises(LinkDownError):
        await asked
    assert server.closed_with == (1000, "")
    assert (bench.listener.ends, bench.timers.waiting) == ([], [])
    server.send(make_entry(6))
    assert bench.listener.offsets == []
    await bench.open()
    assert (bench.server.hello.epoch, bench.server.hello.offset) == (None, 0)


async def test_close_while_waiting_to_reconnect(bench: LinkBench):
    server = await bench.open()
    server.close()
    bench.link.close()
    bench.link.close()
    bench.timers.turn(100)
    assert bench.attempts == 1


async def test_listener_may_close_the_link(bench: LinkBench):
    server = await bench.open()
    bench.listener.when_notified = bench.link.close
    server.send(make_entry(1))
    server.send(make_entry(2))
    bench.timers.turn(100)
    assert (bench.listener.offsets, bench.attempts) == ([1], 1)


async def test_loop_timers_are_the_loops_own():
    happened = asyncio.Event()
    timers = LoopTimers()
    timers.call_later(0.0, happened.clear).cancel()
    timers.call_later(0.0, happened.set)
    await asyncio.wait_for(happened.wait(), PATIENCE)
