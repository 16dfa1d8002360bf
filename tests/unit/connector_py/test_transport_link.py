import asyncio
import json

import pytest

from connector_py.api.ports import LinkEnd
from connector_py.entities import (
    SCHEMA_VERSION,
    AnswerCall,
    CloseCode,
    EndWrapUp,
    Heartbeat,
    LinkError,
    Reply,
    SendMessage,
)
from connector_py.errors import (
    CommandRefusedError,
    CommandTimeoutError,
    LinkDownError,
    SignInRequiredError,
    ValidationError,
)
from connector_py.transport import Loopback, LoopTimers, ServerLink
from tests.support.builders import make_call_snapshot
from tests.support.link_fakes import (
    EPOCH,
    IDENTITY,
    FixedJitter,
    LinkBench,
    RecordingLog,
    let_tasks_run,
    make_entry,
    make_welcome,
)

COMMAND = AnswerCall(call_id="call-1")


@pytest.fixture
def bench() -> LinkBench:
    return LinkBench()


# ---- opening ---------------------------------------------------------------------------------


async def test_open_says_hello_and_takes_the_snapshot(bench: LinkBench):
    call = make_call_snapshot()
    server = await bench.open(make_welcome(offset=7, calls=(call,)))
    assert server.identity == IDENTITY
    assert (server.hello.ticket, server.hello.instance_id) == ("ticket-1", "page-1")
    assert (server.hello.epoch, server.hello.offset) == (None, 0)
    [(agent, calls)] = bench.listener.snapshots
    assert (agent.agent_id, calls) == ("ada", (call,))
    server.send(make_entry(8))
    assert bench.listener.offsets == [8]


async def test_open_waits_for_the_welcome(bench: LinkBench):
    task = await bench.start_opening()
    bench.server.accept()
    bench.server.send(Heartbeat())
    await let_tasks_run()
    assert not task.done()
    bench.server.send(make_welcome())
    await task


async def test_open_tries_again_with_growing_waits(bench: LinkBench):
    task = await bench.start_opening()
    for number, wait in enumerate((0.1, 0.2, 0.4, 0.8), start=1):
        bench.server.refuse()
        assert bench.timers.waiting[0] == pytest.approx(wait)
        assert bench.attempts == number
        bench.timers.turn(wait)
        assert bench.attempts == number + 1
    bench.welcome()
    await task
    assert bench.server.hello.ticket == "ticket-5"


async def test_open_gives_up_after_ten_seconds(bench: LinkBench):
    task = await bench.start_opening()
    bench.timers.turn(9.9)
    await let_tasks_run()
    assert not task.done()
    bench.timers.turn(0.2)
    with pytest.raises(LinkDownError):
        await task
    assert bench.server.closed_with is not None
    bench.timers.turn(100)
    assert (bench.attempts, bench.timers.waiting, bench.listener.ends) == (1, [], [])
    with pytest.raises(LinkDownError):
        await bench.link.request(COMMAND, command_id="a")


async def test_open_asks_for_the_sign_in_at_once_and_works_after_it(bench: LinkBench):
    task = await bench.start_opening()
    bench.server.refuse(SignInRequiredError())
    with pytest.raises(SignInRequiredError):
        await task
    assert (bench.listener.ends, bench.timers.waiting) == ([], [])
    await bench.open()
    assert len(bench.listener.snapshots) == 1


async def test_open_that_is_cancelled_leaves_nothing_behind(bench: LinkBench):
    task = await bench.start_opening()
    task.cancel()
    await let_tasks_run()
    assert task.cancelled()
    assert bench.server.closed_with is not None
    assert bench.timers.waiting == []


async def test_open_again_starts_anew(bench: LinkBench):
    first = await bench.open(make_welcome(offset=5))
    asked = await bench.ask(COMMAND, "a")
    second = await bench.open(make_welcome(offset=9))
    with pytest.raises(LinkDownError):
        await asked
    assert first.closed_with is not None
    assert second.hello.epoch is None
    first.send(make_entry(6))
    first.close()
    assert (bench.listener.offsets, bench.attempts) == ([], 2)


async def test_open_needs_a_listener():
    link = ServerLink(
        opener=Loopback(),
        timers=LoopTimers(),
        jitter=FixedJitter(),
        instance_id="page-1",
        log=RecordingLog(),
    )
    with pytest.raises(RuntimeError):
        await link.open(IDENTITY)


async def test_welcome_of_another_schema_is_the_end(bench: LinkBench):
    task = await bench.start_opening()
    bench.welcome(make_welcome(schema=SCHEMA_VERSION + 1))
    with pytest.raises(LinkDownError):
        await task
    assert bench.listener.ends == [LinkEnd.SCHEMA_MISMATCH]
    assert bench.listener.snapshots == []
    assert bench.timers.waiting == []


# ---- commands --------------------------------------------------------------------------------


async def test_command_travels_with_its_id_and_returns_the_result(bench: LinkBench):
    server = await bench.open()
    asked = await bench.ask(COMMAND, "a")
    [frame] = server.commands
    assert (frame.id, frame.command) == ("a", COMMAND)
    server.send(Reply(id="a", offset=0, result={"callId": "call-1"}))
    assert await asked == {"callId": "call-1"}
    assert 8.0 not in bench.timers.waiting


async def test_refusal_carries_code_and_message(bench: LinkBench):
    server = await bench.open()
    asked = await bench.ask(COMMAND, "a")
    server.send(Reply(id="a", offset=0, error=LinkError(code="call_not_found", message="gone")))
    with pytest.raises(CommandRefusedError) as raised:
        await asked
    assert (raised.value.code, raised.value.message) == ("call_not_found", "gone")


async def test_reply_waits_for_what_the_command_caused(bench: LinkBench):
    server = await bench.open()
    asked = await bench.ask(COMMAND, "a")
    server.send(Reply(id="a", offset=2))
    server.send(make_entry(1))
    await let_tasks_run()
    assert not asked.done()
    server.send(make_entry(2))
    await asked
    assert bench.listener.offsets == [1, 2]


async def test_refusal_waits_for_the_stream_too(bench: LinkBench):
    server = await bench.open()
    asked = await bench.ask(COMMAND, "a")
    server.send(Reply(id="a", offset=1, error=LinkError(code="invalid_state", message="no")))
    await let_tasks_run()
    assert not asked.done()
    server.send(make_entry(1))
    with pytest.raises(CommandRefusedError):
        await asked


async def test_replies_in_any_order_find_their_commands(bench: LinkBench):
    server = await bench.open()
    first, second = await bench.ask(COMMAND, "a"), await bench.ask(COMMAND, "b")
    server.send(Reply(id="b", offset=0, result="for b"))
    server.send(Reply(id="nobody's", offset=0, result="for nobody"))
    server.send(Reply(id="a", offset=0, result="for a"))
    server.send(Reply(id="a", offset=0, result="again"))
    assert (await first, await second) == ("for a", "for b")


@pytest.mark.parametrize(("limits", "seconds"), [({}, 8.0), ({"time_limit": 2.0}, 2.0)])
async def test_command_times_out(bench: LinkBench, limits: dict[str, float], seconds: float):
    server = await bench.open()
    asked = await bench.ask(COMMAND, "a", **limits)
    bench.timers.turn(seconds - 0.1)
    await let_tasks_run()
    assert not asked.done()
    bench.timers.turn(0.1)
    with pytest.raises(CommandTimeoutError):
        await asked
    server.send(Reply(id="a", offset=0))
    server.send(make_entry(1, cause="a"))
    assert bench.listener.offsets == [1]


async def test_held_reply_times_out_when_the_stream_does_not_follow(bench: LinkBench):
    server = await bench.open()
    asked = await bench.ask(COMMAND, "a")
    server.send(Reply(id="a", offset=5))
    bench.timers.turn(8)
    with pytest.raises(CommandTimeoutError):
        await asked


async def test_time_limit_includes_reconnects(bench: LinkBench):
    server = await bench.open()
    asked = await bench.ask(COMMAND, "a")
    bench.timers.turn(5)
    server.close()
    bench.timers.turn(2)
    bench.resume(0)
    assert [frame.id for frame in bench.server.commands] == ["a"]
    bench.timers.turn(1)
    with pytest.raises(CommandTimeoutError):
        await asked
    bench.server.close()
    bench.timers.turn(5)
    bench.resume(0)
    assert bench.server.commands == []


async def test_unanswered_commands_are_sent_again_in_order(bench: LinkBench):
    server = await bench.open()
    asked = [await bench.ask(EndWrapUp(call_id=name), name) for name in ("a", "b", "c")]
    server.send(Reply(id="b", offset=0))
    server.close()
    bench.timers.turn(1)
    asked.append(await bench.ask(EndWrapUp(call_id="d"), "d"))
    bench.server.accept()
    assert bench.server.commands == []
    bench.server.send(make_welcome(calls=None))
    assert [frame.id for frame in bench.server.commands] == ["a", "c", "d"]
    assert bench.server.commands[0].command == EndWrapUp(call_id="a")
    for name in ("a", "c", "d"):
        bench.server.send(Reply(id=name, offset=0, result=name))
    assert await asyncio.gather(*asked) == ["a", None, "c", "d"]


async def test_request_before_open_and_after_close(bench: LinkBench):
    with pytest.raises(LinkDownError):
        await bench.link.request(COMMAND, command_id="a")
    await bench.open()
    bench.link.close()
    with pytest.raises(LinkDownError):
        await bench.link.request(COMMAND, command_id="b")


async def test_an_id_waits_only_once(bench: LinkBench):
    server = await bench.open()
    asked = await bench.ask(COMMAND, "a")
    with pytest.raises(ValidationError):
        await bench.link.request(COMMAND, command_id="a")
    server.send(Reply(id="a", offset=0, result=1))
    assert await asked == 1
    assert len(server.commands) == 1


async def test_command_that_json_cannot_hold_leaves_nothing_behind(bench: LinkBench):
    await bench.open()
    before = bench.timers.waiting
    with pytest.raises(ValidationError):
        await bench.link.request(SendMessage(message=object()), command_id="a")
    assert bench.timers.waiting == before


async def test_cancelled_request_is_not_sent_again(bench: LinkBench):
    server = await bench.open()
    asked = await bench.ask(COMMAND, "a")
    asked.cancel()
    await let_tasks_run()
    server.send(Reply(id="a", offset=0))
    server.close()
    bench.timers.turn(1)
    bench.resume(0)
    assert bench.server.commands == []


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
    bench.link.reconnect_now()
    assert bench.attempts == 1
    server.close()
    bench.link.reconnect_now()
    assert bench.attempts == 2
    bench.resume(0)
    bench.timers.turn(1)
    bench.link.reconnect_now()
    assert bench.attempts == 2


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
    await asyncio.wait_for(happened.wait(), 2)
