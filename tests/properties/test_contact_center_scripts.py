"""Whatever agents, customers, Salesforce and restarts do, nobody is told a wrong story."""

import asyncio
import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from connector_py.entities import (
    AgentState,
    AgentStatus,
    AgentStatusInfo,
    AnswerCall,
    CallEnded,
    CallStarted,
    Command,
    Contact,
    DeclineCall,
    Dial,
    EndCall,
    EndWrapUp,
    Hold,
    Mute,
    PauseRecording,
    Resume,
    ResumeRecording,
    Unmute,
)
from server.entities import CallRecord, OutboxKind
from tests.support.server_fakes import (
    ADA,
    BEN,
    CenterHouse,
    FakeClock,
    FakeSalesforce,
    Seat,
    build_center,
)

AGENT_STEPS = (
    "answer", "decline", "end", "hold", "resume", "mute", "unmute", "pause", "go_on", "dial",
    "online", "busy", "offline", "wrap_up", "connect", "disconnect",
)  # fmt: skip
WORLD_STEPS = ("arrive", "customer_leaves", "customer_answers", "wait", "salesforce", "restart")
STEPS = st.lists(
    st.tuples(
        st.one_of(st.sampled_from(WORLD_STEPS), st.sampled_from(AGENT_STEPS)),
        st.integers(0, 1),
    ),
    min_size=10,
    max_size=30,
)


def command_for(what: str, record: CallRecord | None) -> Command | None:
    if what == "dial":
        return Dial(contact=Contact(phone_number="+12025550123"))
    if record is None:
        return None
    call_id = record.call_id
    customer = record.customer
    assert customer is not None
    who = customer.participant_id
    commands: dict[str, Command] = {
        "answer": AnswerCall(call_id=call_id),
        "decline": DeclineCall(call_id=call_id),
        "end": EndCall(call_id=call_id),
        "hold": Hold(call_id=call_id, participant_id=who),
        "resume": Resume(call_id=call_id, participant_id=who),
        "mute": Mute(call_id=call_id),
        "unmute": Unmute(call_id=call_id),
        "pause": PauseRecording(call_id=call_id),
        "go_on": ResumeRecording(call_id=call_id),
        "wrap_up": EndWrapUp(call_id=call_id),
    }
    return commands.get(what)


async def agent_step(seat: Seat, what: str) -> None:
    if what == "connect":
        await seat.connects()
    elif what == "disconnect":
        await seat.disconnects()
    elif what == "online":
        await seat.sets(AgentStatus.ONLINE)
    elif what == "busy":
        await seat.sets(AgentStatus.OFFLINE, AgentStatusInfo(status_id="0N5000000000002"))
    elif what == "offline":
        await seat.sets(AgentStatus.OFFLINE, AgentStatusInfo(status_id="0"))
    else:
        calls = await seat.house.store.run(lambda tx: tx.agent_calls(seat.key))
        command = command_for(what, calls[0] if calls else None)
        if command is not None:
            reply = await seat.asks(command)
            assert reply.error is None or reply.error.code != "internal"


async def world_step(house: CenterHouse, what: str, which: int) -> None:
    active = house.pbx.active_calls()
    if what == "arrive":
        await house.customer_calls(wanted=(ADA, BEN)[which])
    elif what == "wait":
        await house.clock.advance((3, 21)[which])
    elif what == "salesforce":
        (house.salesforce.fails, house.salesforce.works)[which]()
    elif active and what == "customer_leaves":
        await house.pbx.customer_hangs_up(active[which % len(active)].call.call_id)
    elif active and what == "customer_answers":
        dialled = [one for one in active if one.fails_at is not None]
        if dialled:
            await house.pbx.customer_answers(dialled[0].call.call_id)
    await asyncio.sleep(0.002)


async def play(script: list[tuple[str, int]]) -> None:
    clock, salesforce = FakeClock(), FakeSalesforce()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        runs: list[list[tuple[str, int]]] = [[]]
        for what, which in [("connect", 0), ("online", 0), ("connect", 1), *script]:
            if what == "restart":
                runs.append([])
            else:
                runs[-1].append((what, which))
        for number, run in enumerate(runs):
            prefix = f"r{number}x"
            async with build_center(
                folder, clock=clock, salesforce=salesforce, prefix=prefix
            ) as house:
                seats = [house.seat(ADA), house.seat(BEN)]
                for what, which in run:
                    if what in AGENT_STEPS:
                        await agent_step(seats[which], what)
                    else:
                        await world_step(house, what, which)
                if number == len(runs) - 1:
                    await check(house)


async def check(house: CenterHouse) -> None:
    """The invariants, once everything has settled."""
    for key in (ADA, BEN):
        await house.seat(key).connects()
    await settle(house)
    for key in (ADA, BEN):
        seat = house.seat(key)
        await seat.mirrors_the_server()
        endings = Counter(one.call_id for one in seat.heard if isinstance(one, CallEnded))
        starts = Counter(one.call.call_id for one in seat.heard if isinstance(one, CallStarted))
        for call_id, ended in endings.items():
            assert ended <= starts[call_id], "a call ended that never started"
        on_calls = await house.store.run(lambda tx, key=key: tx.agent_calls(key))
        agent = await seat.agent()
        assert (agent.state is AgentState.ON_CALL) == (len(on_calls) == 1)
        assert (agent.state is AgentState.AFTER_CALL_WORK) == (agent.wrap_up_call_id is not None)
        assert (agent.state is AgentState.AVAILABLE) == (agent.available_since is not None)
    overview = await house.center.overview(house.tenant_id)
    active = {one.call.call_id: one.call for one in house.pbx.active_calls()}
    assert {one.call_id for one in overview.calls} == set(active)
    for record in overview.calls:
        assert record.call.participants == active[record.call_id].participants
        assert record.call.recording is active[record.call_id].recording
        assert len(record.agents) <= 1
        kinds = [one.kind for one in await house.outbox(record.call_id)]
        assert OutboxKind.UPDATE_VOICE_CALL not in kinds
        assert len(kinds) <= 1


async def settle(house: CenterHouse) -> None:
    """Wait until the record agrees with the switch and nothing changes any more."""
    before: object = None
    for _ in range(200):
        await asyncio.sleep(0.005)
        overview = await house.center.overview(house.tenant_id)
        active = {one.call.call_id: one.call.participants for one in house.pbx.active_calls()}
        known = {one.call_id: one.call.participants for one in overview.calls}
        now = (overview, active)
        if active == known and now == before:
            return
        before = now


@settings(max_examples=12, deadline=None)
@given(script=STEPS)
def test_nobody_is_told_a_wrong_story(script: list[tuple[str, int]]) -> None:
    asyncio.run(play(script))
