"""Whatever is asked of the switch, its events tell what its calls show."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from connector_py.call_model import Call
from connector_py.entities import CallType, ContactType, ParticipantSnapshot, ParticipantState
from server.entities import AgentKey
from server.pbx import (
    CallOver,
    CallTemplate,
    Destination,
    NextDial,
    PbxEvent,
    SimulatedPbx,
    SwitchError,
)
from server.store import Store, open_store
from tests.conformance.mirror import Mirror
from tests.support.server_fakes import ADA, BEN, CENTER, CUSTOMER, FakeClock, SequentialIds

SUE = AgentKey(tenant_id=ADA.tenant_id, agent_id="005sue")
NUMBER = Destination(number=CUSTOMER)
QUEUE = Destination(contact_id="queue-1", contact_type=ContactType.QUEUE, is_routed=True)
ARRIVALS = ["arrive", "arrive_merging", "callback", "dial", "dial_busy", "internal"]
CONNECTING = ["offer", "offer_party", "offer_party", "answer", "answer", "party_answers"] * 2
ADDING = ["add", "add_busy", "add_queue", "consult", "blind", "blind_queue", "listen", "listen"]
CONTROLS = [
    "hold",
    "hold",
    "retrieve",
    "mute",
    "unmute",
    "pause",
    "resume",
    "digits",
    "swap",
    "swap",
    "conference",
    "barge_in",
]
LEAVING = ["withdraw", "withdraw", "hang_up", "party_hangs_up", "customer_leaves", "over"]
TALKING = (
    [("arrive", 0, ADA), ("offer", 0, ADA), ("answer", 0, ADA)],
    [("arrive_merging", 0, ADA), ("offer", 0, ADA), ("answer", 0, ADA)],
    [("callback", 0, ADA), ("offer", 0, ADA), ("answer", 0, ADA), ("party_answers", 0, ADA)],
    [("dial", 0, ADA), ("party_answers", 0, ADA)],
    [("internal", 0, ADA), ("offer_first", 0, BEN), ("answer_first", 0, BEN)],
)
"""How calls begin in which somebody talks."""
ANY_STEP = st.tuples(
    st.sampled_from([*CONNECTING, *ADDING, *CONTROLS, *LEAVING, *ARRIVALS, "restart", "wait"]),
    st.integers(0, 5),
    st.sampled_from([ADA, BEN, SUE]),
)
STEPS = st.builds(
    lambda beginning, others, then: [*beginning, *others, *then],
    st.sampled_from(TALKING),
    st.sampled_from([[], *TALKING]),
    st.lists(ANY_STEP, min_size=20, max_size=60),
)
Step = tuple[str, int, AgentKey]


@dataclass
class Scene:
    """A switch, its events, and what it wrote down."""

    pbx: SimulatedPbx
    clock: FakeClock
    store: Store
    mirror: Mirror
    heard: int = 0

    def hear(self, event: PbxEvent) -> None:
        self.heard += 1
        self.mirror.hear(event)
        self.agrees()
        if not isinstance(event, CallOver) and event.call_id in self.mirror.calls:
            keeps_the_rules(Call(self.mirror.calls[event.call_id]))

    def agrees(self) -> None:
        shown = {one.call.call_id: one.call for one in self.pbx.active_calls()}
        assert self.mirror.calls == shown

    async def is_kept(self) -> None:
        kept = {one.call.call_id: one for one in await self.store.switch_memory.load()}
        assert kept == {one.call.call_id: one for one in self.pbx.active_calls()}


def keeps_the_rules(call: Call) -> None:
    alive = [one for one in call.snapshot.participants if one.state is not ParticipantState.ENDED]
    agents = [one.agent_id for one in alive if one.agent_id is not None]
    assert len(agents) == len(set(agents)), "an agent is on the call twice"
    assert call.parties, "only supervisors are left"
    if call.snapshot.is_auto_merge_on:
        assert not any(one.is_on_hold for one in alive)
    assert not any(
        one.is_on_hold or one.is_muted
        for one in call.snapshot.participants
        if one.state is not ParticipantState.CONNECTED
    )


def is_talking(part: ParticipantSnapshot) -> bool:
    return part.state is ParticipantState.CONNECTED and not part.is_on_hold


def begin(scene: Scene, what: str, agent: AgentKey) -> Callable[[], Awaitable[object]]:
    """Return what lets a call begin."""
    pbx = scene.pbx
    call_id = f"d{scene.heard}"
    if what in ("arrive", "arrive_merging"):
        return lambda: pbx.customer_calls(
            ADA.tenant_id,
            from_number=CUSTOMER,
            to_number=CENTER,
            template=CallTemplate(is_auto_merge_on=what == "arrive_merging"),
        )
    if what == "callback":
        return lambda: pbx.customer_wants_callback(ADA.tenant_id, phone_number=CUSTOMER)
    is_internal = what == "internal"
    pbx.set_next_dial(NextDial.BUSY if what == "dial_busy" else NextDial.RING, ring_seconds=3)
    return lambda: pbx.originate(
        agent,
        call_id=call_id,
        participant_id="agent",
        destination=QUEUE if is_internal else NUMBER,
        call_type=CallType.INTERNAL_CALL if is_internal else CallType.OUTBOUND,
    )


def act(scene: Scene, what: str, which: int, agent: AgentKey) -> Callable[[], Awaitable[object]]:
    """Return a command or verb about one of the calls."""
    pbx = scene.pbx
    switch_calls = pbx.active_calls()
    call = switch_calls[which % len(switch_calls)].call
    call_id, parts = call.call_id, call.participants
    part = parts[which % len(parts)].participant_id
    newest = parts[-1].participant_id
    held = next((one.participant_id for one in parts if one.is_on_hold), None)
    talking = next((one.participant_id for one in parts if is_talking(one)), None)
    if what in ADDING and not what.startswith("listen"):
        pbx.set_next_dial(NextDial.BUSY if what == "add_busy" else NextDial.RING, ring_seconds=3)
        adders = [one.participant_id for one in parts if one.agent_id is not None]
        return lambda: pbx.add_party(
            call_id,
            participant_id=f"leg-{which}-{len(parts)}",
            added_by=adders[which % len(adders)] if adders else part,
            destination=QUEUE if what.endswith("queue") else NUMBER,
            is_consult=what == "consult",
            is_blind=what.startswith("blind"),
        )
    return {
        "offer": lambda: pbx.offer(call_id, agent, participant_id=f"p-{agent.agent_id}"),
        "offer_party": lambda: pbx.offer(call_id, agent, participant_id=newest),
        "offer_first": lambda: pbx.offer(call_id, agent, participant_id=parts[0].participant_id),
        "answer": lambda: pbx.answer(call_id, newest),
        "answer_first": lambda: pbx.answer(call_id, parts[0].participant_id),
        "party_answers": lambda: pbx.party_answers(call_id, part),
        "listen": lambda: pbx.listen_in(
            call_id, agent, participant_id=f"s-{agent.agent_id}", is_ringing=which > 2
        ),
        "barge_in": lambda: pbx.barge_in(call_id, newest),
        "swap": lambda: pbx.swap(call_id, hold_id=talking or part, resume_id=held or newest),
        "conference": lambda: pbx.conference(call_id),
        "hold": lambda: pbx.hold(call_id, part),
        "retrieve": lambda: pbx.retrieve(call_id, part),
        "mute": lambda: pbx.mute(call_id, part),
        "unmute": lambda: pbx.unmute(call_id, part),
        "pause": lambda: pbx.pause_recording(call_id),
        "resume": lambda: pbx.resume_recording(call_id),
        "digits": lambda: pbx.send_digits(call_id, part, "1"),
        "withdraw": lambda: pbx.withdraw_offer(call_id, agent),
        "hang_up": lambda: pbx.hang_up(call_id, part),
        "party_hangs_up": lambda: pbx.party_hangs_up(call_id, part),
        "customer_leaves": lambda: pbx.customer_hangs_up(call_id),
        "over": lambda: pbx.hang_up(call_id),
    }[what]


async def step(scene: Scene, what: str, which: int, agent: AgentKey) -> None:
    if what == "restart":
        await scene.pbx.stop()
        await scene.pbx.start()
    elif what == "wait":
        await scene.clock.advance(2)
        await asyncio.sleep(0.001)
    elif what in ARRIVALS or scene.pbx.active_calls():
        is_arrival = what in ARRIVALS
        ask = begin(scene, what, agent) if is_arrival else act(scene, what, which, agent)
        await ask()
        if what in ("arrive", "arrive_merging", "callback"):
            return
        heard = scene.heard
        with suppress(SwitchError):
            await ask()
        assert scene.heard == heard, "the same thing again had an effect"


async def play(script: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        ids, clock = SequentialIds(), FakeClock()
        store = await open_store(f"sqlite:///{Path(folder) / 's.sqlite3'}", ids=ids)
        pbx = SimulatedPbx(store.switch_memory, clock=clock, ids=ids)
        scene = Scene(pbx, clock, store, Mirror())
        pbx.listen(scene.hear)
        await pbx.start()
        try:
            for what, which, agent in script:
                before = scene.heard
                try:
                    await step(scene, what, which, agent)
                except SwitchError:
                    assert scene.heard == before, "a refused command had an effect"
                scene.agrees()
                await scene.is_kept()
        finally:
            await pbx.stop()
            await store.close()


@settings(max_examples=40)
@given(script=STEPS)
def test_events_tell_what_the_calls_show(script: list[Step]) -> None:
    asyncio.run(play(script))
