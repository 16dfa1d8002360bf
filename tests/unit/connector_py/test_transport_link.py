import asyncio

import pytest

from connector_py.api.ports import LinkEnd
from connector_py.entities import (
    SCHEMA_VERSION,
    AnswerCall,
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


async def test_a_silent_sign_in_says_so(bench: LinkBench):
    task = await bench.start_opening()
    bench.server.refuse(SignInRequiredError("sign in", is_silent=True))
    with pytest.raises(SignInRequiredError) as required:
        await task
    assert required.value.is_silent
    assert required.value.message == "sign in"


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


async def test_refusal_carries_the_label_of_a_custom_error(bench: LinkBench):
    server = await bench.open()
    task = await bench.ask(COMMAND, "a")
    error = LinkError(code="invalid_state", message="no", namespace="acme", label_name="tooLate")
    server.send(Reply(id="a", offset=0, error=error))
    with pytest.raises(CommandRefusedError) as refused:
        await task
    assert (refused.value.namespace, refused.value.label_name) == ("acme", "tooLate")


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
    bench.timers.turn(1)
    server = bench.resume(0)
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


async def test_a_command_that_waits_hurries_the_next_attempts(bench: LinkBench):
    server = await bench.open()
    server.close()
    for _ in range(8):
        bench.timers.turn(bench.timers.waiting[0])
        bench.server.refuse()
    assert bench.timers.waiting == [pytest.approx(2.5)]
    asked = await bench.ask(COMMAND, "a")
    assert min(bench.timers.waiting) == pytest.approx(0.5)
    second = await bench.ask(EndWrapUp(call_id="b"), "b")
    bench.timers.turn(0.5)
    bench.server.refuse()
    assert min(bench.timers.waiting) == pytest.approx(0.5)
    bench.timers.turn(0.5)
    bench.resume(0)
    assert [frame.id for frame in bench.server.commands] == ["a", "b"]
    for name in ("a", "b"):
        bench.server.send(Reply(id=name, offset=0))
    await asyncio.gather(asked, second)


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
