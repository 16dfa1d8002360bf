"""`kill -9` at random moments: nothing is lost and nothing is told twice."""

import asyncio
import os
import signal
import sqlite3
import sys
from pathlib import Path

from connector_py.entities import CallStarted
from tests.support.server_fakes import ADA, BEN, Seat, build_center

KILLS = 6
ROOT = Path(__file__).resolve().parents[2]

PROGRAM = """
import asyncio, itertools, sys
from pathlib import Path
from connector_py.entities import AgentStatus, AnswerCall, CallStarted, EndCall, Hold
from tests.support.server_fakes import ADA, BEN, build_center

async def work(seat, house, rounds):
    await seat.goes_online()
    while True:
        call_id = await house.customer_calls()
        print("call", call_id, flush=True)
        await asyncio.sleep(0.003)
        for record in (await house.center.overview(house.tenant_id)).calls:
            part = record.agent(seat.key.agent_id)
            if part is not None:
                await seat.asks(AnswerCall(call_id=record.call_id))
                await seat.asks(Hold(call_id=record.call_id,
                                     participant_id=record.customer.participant_id))
                if next(rounds) % 2:
                    await seat.asks(EndCall(call_id=record.call_id))
                else:
                    await house.pbx.customer_hangs_up(record.call_id)
        await seat.sets(AgentStatus.ONLINE)

async def main():
    async with build_center(Path(sys.argv[1]), prefix=sys.argv[2]) as house:
        rounds = itertools.count()
        await asyncio.gather(work(house.seat(ADA), house, rounds),
                             work(house.seat(BEN), house, rounds))

asyncio.run(main())
"""


async def run_and_kill(folder: Path, prefix: str, calls: int) -> list[str]:
    """Let a server work until it has seen so many calls, then kill it; return their ids."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        PROGRAM,
        str(folder),
        prefix,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    seen: list[str] = []
    while len(seen) < calls:
        line = (await asyncio.wait_for(process.stdout.readline(), 20)).decode().split()
        assert line, "the server ended by itself"
        seen.append(line[1])
    process.send_signal(signal.SIGKILL)
    await process.wait()
    # Close the pipe, which may hold more lines.
    rest = (await process.stdout.read()).decode().splitlines()
    return seen + [line.split()[1] for line in rest if line.startswith("call ")]


async def test_a_killed_server_loses_nothing(tmp_path: Path) -> None:
    calls: list[str] = []
    for number in range(KILLS):
        calls += await run_and_kill(tmp_path, f"k{number}x", 3 + 4 * number)
        with sqlite3.connect(tmp_path / "center.sqlite3") as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.close()
    async with build_center(tmp_path, prefix="end") as house:
        active = {one.call.call_id for one in house.pbx.active_calls()}
        for call_id in calls:
            record = await house.record(call_id)
            assert record.is_over is (call_id not in active)
            kinds = [one.kind.value for one in await house.outbox(call_id)]
            expected = ["create_voice_call"] + ["update_voice_call"] * record.is_over
            assert kinds == expected
        for key in (ADA, BEN):
            await the_stream_tells_the_truth(house.seat(key))


async def the_stream_tells_the_truth(seat: Seat) -> None:
    """The whole stream, applied from the beginning, gives what a snapshot shows."""
    welcome = await seat.mirrors_the_server()
    started = [one.call.call_id for one in seat.heard if isinstance(one, CallStarted)]
    assert len(started) == len(set(started)), started
    assert welcome.offset == len(seat.heard)
