"""Whatever agents, customers, Salesforce and restarts do, nobody is told a wrong story."""

import asyncio
import tempfile
from collections import Counter
from contextlib import suppress
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from connector_py.entities import (
    AddParticipant,
    AgentState,
    AgentStatus,
    AgentStatusInfo,
    AnswerCall,
    BargeIn,
    CallEnded,
    CallStarted,
    Command,
    Conference,
    DeclineCall,
    Dial,
    EndCall,
    EndWrapUp,
    Hold,
    Mute,
    Notification,
    ParticipantSnapshot,
    ParticipantState,
    ParticipantType,
    PauseRecording,
    RemoveParticipant,
    Resume,
    ResumeRecording,
    StopSupervising,
    SuperviseCall,
    Swap,
    Unmute,
    WrapUpEnded,
    WrapUpStarted,
)
from server.entities import AgentKey, CallRecord, OutboxKind
from server.pbx import SwitchError
from tests.support.center_verbs import CAT
from tests.support.party_verbs import FLOW, SUPPORT, THEO, open_queue, to_agent
from tests.support.server_fakes import (
    ADA,
    BEN,
    CenterHouse,
    FakeClock,
    FakeSalesforce,
    Seat,
    build_center,
    seed_tenant,
)

AGENTS = (ADA, BEN, CAT)
PLACES = (THEO, to_agent(ADA), to_agent(BEN), to_agent(CAT), SUPPORT, FLOW)
AGENT_STEPS = (
    "answer", "decline", "end", "hold", "resume", "mute", "unmute", "pause", "go_on", "dial",
    "online", "busy", "offline", "wrap_up", "connect", "disconnect",
    "add", "blind", "consult", "remove", "swap", "conference", "listen", "barge", "leave",
    "desk_answer", "desk_hold", "desk_resume", "desk_end", "desk_listen",
)  # fmt: skip
AT_DESK_PHONE = "desk_"
"""Steps with this prefix are taken at the agent's desk phone."""
BY_THEMSELVES = ("dial", "online", "busy", "offline", "wrap_up", "connect", "disconnect")
"""Steps that an agent takes without a call."""
WORLD_STEPS = (
    "arrive", "callback", "customer_leaves", "customer_answers", "party_answers", "party_leaves",
    "wait", "salesforce", "restart", "pause_a_moment",
)  # fmt: skip
BRINGING_IN = ("add", "blind", "consult", "dial")
SUPERVISING = ("listen", "desk_listen")
WHILE_LISTENING = (
    "barge", "leave", "desk_answer", "desk_end", "arrive", "wait", *BRINGING_IN, *BRINGING_IN,
)  # fmt: skip
TAKING_IT = ("answer", "answer", "decline", "wait", "remove", "end", "customer_leaves", "restart")
Script = list[tuple[str, int, int]]


def steps(*names: str) -> st.SearchStrategy[tuple[str, int, int]]:
    return st.tuples(st.sampled_from(names), st.integers(0, 2), st.integers(0, 5))


def handed_up(who: int) -> st.SearchStrategy[Script]:
    """An agent listens, and whoever talks asks for that one by name."""
    first: Script = [("online", who, 0), ("listen", who, 0)]
    asked_for = st.sampled_from(BRINGING_IN[:3]).map(lambda what: (what, 0, who + 1))
    return st.tuples(asked_for, steps("pause_a_moment"), steps(*TAKING_IT)).map(
        lambda rest: [*first, *rest]
    )


WORDS = st.one_of(
    st.sampled_from((1, 2)).flatmap(handed_up),
    st.tuples(steps(*AGENT_STEPS)),
    st.tuples(steps(*WORLD_STEPS)),
    # Somebody listens, and may be brought in or called meanwhile.
    st.tuples(
        steps(*SUPERVISING),
        steps(*WHILE_LISTENING),
        steps("pause_a_moment"),
        steps(*TAKING_IT, "desk_answer", "leave"),
    ),
    # Somebody is brought in, and it rings before the next thing happens.
    st.tuples(steps("online"), steps(*BRINGING_IN), steps("pause_a_moment"), steps(*TAKING_IT)),
)
STEPS = st.lists(WORDS, min_size=4, max_size=16).map(
    lambda words: [step for word in words for step in word]
)
WAY_IN: Script = [
    ("online", 0, 0),
    ("online", 1, 0),
    ("online", 2, 0),
    ("arrive", 0, 0),
    ("pause_a_moment", 0, 0),
    ("answer", 0, 0),
]
OFFERED = ("answer", "decline")
"""Steps of an agent at whom something rings; all others are of one who is on a call."""


def command_for(what: str, record: CallRecord | None, which: int) -> Command | None:
    place = PLACES[which]
    if what == "dial":
        return Dial(contact=place)
    if record is None:
        return None
    call_id = record.call_id
    parties = record.call.participants
    who = parties[which % len(parties)].participant_id
    other = parties[(which + 1) % len(parties)].participant_id
    commands: dict[str, Command] = {
        "answer": AnswerCall(call_id=call_id),
        "decline": DeclineCall(call_id=call_id),
        "end": EndCall(call_id=call_id),
        "hold": Hold(call_id=call_id, participant_id=who),
        "resume": Resume(call_id=call_id, participant_id=who),
        "mute": Mute(call_id=call_id, participant_id=who if which % 2 else None),
        "unmute": Unmute(call_id=call_id, participant_id=who if which % 2 else None),
        "pause": PauseRecording(call_id=call_id),
        "go_on": ResumeRecording(call_id=call_id),
        "add": AddParticipant(call_id=call_id, contact=place),
        "blind": AddParticipant(call_id=call_id, contact=place, is_blind_transfer=True),
        "consult": Dial(contact=place, is_consult_call=True),
        "remove": RemoveParticipant(call_id=call_id, participant_id=who),
        "swap": Swap(call_id=call_id, hold_participant_id=who, resume_participant_id=other),
        "conference": Conference(call_id=call_id),
        "listen": SuperviseCall(call_id=call_id),
        "barge": BargeIn(call_id=call_id),
        "leave": StopSupervising(call_id=call_id),
    }
    return commands.get(what)


async def who_can(house: CenterHouse, what: str, first: int) -> Seat:
    """Return the agent for whom a step makes sense, the named one if there is a choice."""
    what = what.removeprefix(AT_DESK_PHONE)
    wanted = ParticipantState.RINGING if what in OFFERED else ParticipantState.CONNECTED
    named = [house.seat(AGENTS[(first + step) % len(AGENTS)]) for step in range(len(AGENTS))]
    if what in BY_THEMSELVES:
        return named[0]
    for seat in named:
        calls = await house.store.run(lambda tx, key=seat.key: tx.agent_calls(key))
        if what == "listen" and not calls:
            return seat
        own = [record.agent(seat.key.agent_id) for record in calls]
        if any(part is not None and fits(what, part, wanted) for part in own):
            return seat
    return named[0]


def fits(what: str, part: ParticipantSnapshot, wanted: ParticipantState) -> bool:
    """Whether a step makes sense for who has this part in a call."""
    listens = part.participant_type is ParticipantType.SUPERVISOR
    if what in ("barge", "leave"):
        return listens
    return part.state is wanted and what != "listen" and (not listens or what in OFFERED)


async def agent_step(seat: Seat, what: str, which: int) -> None:
    if what == "connect":
        await seat.connects()
    elif what == "disconnect":
        await seat.disconnects()
    elif what == "online":
        await seat.connects()
        await seat.sets(AgentStatus.ONLINE)
    elif what == "busy":
        await seat.sets(AgentStatus.OFFLINE, AgentStatusInfo(status_id="0N5000000000002"))
    elif what == "offline":
        await seat.sets(AgentStatus.OFFLINE, AgentStatusInfo(status_id="0"))
    elif what == "wrap_up":
        wrapped = (await seat.agent()).wrap_up_call_id
        if wrapped is not None:
            assert (await seat.asks(EndWrapUp(call_id=wrapped))).error is None
    else:
        action = what.removeprefix(AT_DESK_PHONE)
        calls = await seat.house.store.run(
            lambda tx: tx.active_calls() if action == "listen" else tx.agent_calls(seat.key)
        )
        record = calls[which % len(calls)] if calls else None
        command = command_for(action, record, which)
        if command is not None:
            is_at_desk_phone = what.startswith(AT_DESK_PHONE)
            reply = (
                await seat.house.center.desk_phone(seat.key, command)
                if is_at_desk_phone
                else await seat.asks(command)
            )
            assert reply.error is None or reply.error.code not in ("internal", "switch_failed"), (
                command,
                reply.error,
            )


async def world_step(house: CenterHouse, what: str, which: int, place: int) -> None:
    active = house.pbx.active_calls()
    call = active[which % len(active)].call if active else None
    if what == "arrive":
        await house.customer_calls(wanted=AGENTS[which])
    elif what == "callback":
        await house.pbx.customer_wants_callback(house.tenant_id, phone_number="+12025550100")
    elif what == "pause_a_moment":
        await asyncio.sleep(0.04)
    elif what == "wait":
        await house.clock.advance((3, 21, 65)[which])
    elif what == "salesforce":
        (house.salesforce.fails, house.salesforce.works, house.salesforce.works)[which]()
    elif call is not None:
        party_id = call.participants[place % len(call.participants)].participant_id
        with suppress(SwitchError):
            if what == "customer_leaves":
                await house.pbx.customer_hangs_up(call.call_id)
            elif what == "customer_answers":
                await house.pbx.customer_answers(call.call_id)
            elif what == "party_answers":
                await house.pbx.party_answers(call.call_id, party_id)
            else:
                await house.pbx.party_hangs_up(call.call_id, party_id)
    await asyncio.sleep(0.002)


async def play(script: Script) -> None:
    clock, salesforce = FakeClock(), FakeSalesforce()
    salesforce.flow_goes_to(FLOW.id or "", agent_id=CAT.agent_id)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        runs: list[Script] = [[]]
        for step in [*WAY_IN, *script]:
            if step[0] == "restart":
                runs.append([])
            else:
                runs[-1].append(step)
        for number, run in enumerate(runs):
            prefix = f"r{number}x"
            async with build_center(
                folder, clock=clock, salesforce=salesforce, prefix=prefix
            ) as house:
                await seed_tenant(house.store, house.tenant_id, *AGENTS)
                await open_queue(house)
                for what, which, place in run:
                    if what in AGENT_STEPS:
                        await agent_step(await who_can(house, what, which), what, place)
                    else:
                        await world_step(house, what, which, place)
                if number == len(runs) - 1:
                    await check(house)


async def check(house: CenterHouse) -> None:
    """The invariants, once everything has settled."""
    for key in AGENTS:
        await house.seat(key).connects()
    await settle(house)
    parts: Counter[AgentKey] = Counter()
    for key in AGENTS:
        seat = house.seat(key)
        await seat.mirrors_the_server()
        hears_only_of_own_calls(seat.heard)
        on_calls = await house.store.run(lambda tx, key=key: tx.agent_calls(key))
        roles = [one.participant_type for record in on_calls for one in own_parts(record, key)]
        listens = roles.count(ParticipantType.SUPERVISOR)
        assert listens <= 1, "an agent listens to two calls"
        parts[key] = len(roles) - listens
        agent = await seat.agent()
        assert parts[key] <= 1, "an agent is in two places"
        assert (agent.state is AgentState.ON_CALL) == (parts[key] == 1)
        assert (agent.state is AgentState.AFTER_CALL_WORK) == (agent.wrap_up_call_id is not None)
        assert (agent.state is AgentState.AVAILABLE) == (agent.available_since is not None)
    overview = await house.center.overview(house.tenant_id)
    active = {one.call.call_id: one.call for one in house.pbx.active_calls()}
    assert {one.call_id for one in overview.calls} == set(active)
    for record in overview.calls:
        assert facts(record.call.participants) == facts(active[record.call_id].participants)
        assert record.call.recording is active[record.call_id].recording
        await check_call(house, record)


def own_parts(record: CallRecord, key: AgentKey) -> list[ParticipantSnapshot]:
    return [one for one in record.agents if one.agent_id == key.agent_id]


async def check_call(house: CenterHouse, record: CallRecord) -> None:
    """What is true of every call that goes on."""
    owners = [one.agent_id for one in record.agents]
    assert len(owners) == len(set(owners)), "an agent is on one call twice"
    ids = [one.participant_id for one in record.call.participants]
    assert len(ids) == len(set(ids))
    assert len(record.parties) <= 8
    kinds = Counter(one.kind for one in await house.outbox(record.call_id))
    assert kinds[OutboxKind.UPDATE_VOICE_CALL] == 0
    assert kinds[OutboxKind.CREATE_VOICE_CALL] <= 1
    for leg in record.legs:
        if leg.participant_id == record.call_id:
            continue
        told = Counter(one.kind for one in await house.outbox(leg.participant_id))
        is_there = record.party(leg.participant_id) is not None
        assert told[OutboxKind.CREATE_VOICE_CALL] == (leg.entry_id is not None)
        expected = leg.entry_id is not None and not is_there
        assert told[OutboxKind.UPDATE_VOICE_CALL] == expected


def hears_only_of_own_calls(heard: list[Notification]) -> None:
    """Each call starts, goes on and ends once, and then may start again."""
    going_on: set[str] = set()
    for one in heard:
        if isinstance(one, CallStarted):
            assert one.call.call_id not in going_on, "a call started twice"
            going_on.add(one.call.call_id)
        elif isinstance(one, CallEnded):
            assert one.call_id in going_on, "a call ended that the agent is not on"
            going_on.remove(one.call_id)
        elif not isinstance(one, WrapUpStarted | WrapUpEnded):
            call_id = getattr(one, "call_id", None)
            assert call_id is None or call_id in going_on, f"{one.name} of somebody else's call"


def facts(
    participants: tuple[ParticipantSnapshot, ...],
) -> dict[str, tuple[ParticipantType, ParticipantState, str | None, bool, bool, bool]]:
    """What a switch decides of everybody who is there."""
    return {
        one.participant_id: (
            one.participant_type,
            one.state,
            one.agent_id,
            one.is_on_hold,
            one.is_muted,
            one.is_consult,
        )
        for one in participants
        if one.state is not ParticipantState.ENDED
    }


async def settle(house: CenterHouse) -> None:
    """Wait until the record agrees with the switch and nothing changes any more."""
    before: object = None
    quiet = 0
    for _ in range(4000):
        await asyncio.sleep(0.005)
        overview = await house.center.overview(house.tenant_id)
        active = {
            one.call.call_id: facts(one.call.participants) for one in house.pbx.active_calls()
        }
        known = {one.call_id: facts(one.call.participants) for one in overview.calls}
        now = (overview, active)
        quiet = quiet + 1 if active == known and now == before else 0
        if quiet >= 4:
            return
        before = now


@settings(max_examples=20)
@given(script=STEPS)
def test_nobody_is_told_a_wrong_story(script: Script) -> None:
    asyncio.run(play(script))
