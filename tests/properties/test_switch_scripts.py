"""Whatever is asked of the switch, its events tell what its calls show."""

import asyncio
import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from connector_py.call_model import Call
from connector_py.entities import CallSnapshot, ParticipantAdded, ParticipantConnected
from server.entities import AgentKey
from server.pbx import (
    AgentAnswered,
    AgentRinging,
    AgentWithdrawn,
    CallArrived,
    CallOver,
    ControlChanged,
    CustomerAnswered,
    Destination,
    DialFailed,
    DialStarted,
    NextDial,
    PbxEvent,
    SimulatedPbx,
    SwitchError,
)
from server.store import open_store
from tests.support.server_fakes import ADA, BEN, CENTER, CUSTOMER, FakeClock, SequentialIds

STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "arrive",
                "dial",
                "dial_busy",
                "offer",
                "withdraw",
                "answer",
                "customer_answers",
                "hold",
                "retrieve",
                "mute",
                "unmute",
                "pause",
                "resume",
                "digits",
                "hang_up",
                "customer_leaves",
                "restart",
                "wait",
            ]
        ),
        st.integers(0, 2),
        st.sampled_from([ADA, BEN]),
    ),
    min_size=5,
    max_size=40,
)


class Mirror:
    """The calls as the events alone tell them."""

    def __init__(self) -> None:
        self.calls: dict[str, CallSnapshot] = {}

    def hear(self, event: PbxEvent) -> None:
        call_id = event.call_id
        match event:
            case CallArrived() | DialStarted():
                assert call_id not in self.calls
                self.calls[call_id] = event.switch_call.call
            case CallOver() | DialFailed():
                del self.calls[call_id]
            case AgentRinging():
                self._apply(ParticipantAdded(call_id=call_id, participant=event.participant))
            case AgentAnswered() | CustomerAnswered():
                self._apply(
                    ParticipantConnected(
                        call_id=call_id, participant_id=event.participant_id, at=event.at
                    )
                )
            case AgentWithdrawn():
                call = self.calls[call_id]
                left = [one for one in call.participants if one.agent_id != event.agent_id]
                assert len(left) == len(call.participants) - 1
                self.calls[call_id] = replace(call, participants=tuple(left))
            case ControlChanged():
                self._apply(event.notification)
            case _:
                raise AssertionError(event)

    def _apply(self, notification: object) -> None:
        call = self.calls[notification.call_id]  # type: ignore[attr-defined]
        self.calls[call.call_id] = Call(call).apply(notification).snapshot  # type: ignore[arg-type]


async def step(pbx: SimulatedPbx, clock: FakeClock, what: str, which: int, agent: AgentKey) -> None:
    if what == "arrive":
        await pbx.customer_calls(ADA.tenant_id, from_number=CUSTOMER, to_number=CENTER)
        return
    if what in ("dial", "dial_busy"):
        pbx.set_next_dial(NextDial.BUSY if what == "dial_busy" else NextDial.RING, ring_seconds=3)
        await pbx.originate(
            agent,
            call_id=f"d{which}",
            participant_id="agent",
            destination=Destination(number=CUSTOMER),
        )
        return
    if what == "restart":
        await pbx.stop()
        await pbx.start()
        return
    if what == "wait":
        await clock.advance(2)
        await asyncio.sleep(0.001)
        return
    calls = pbx.active_calls()
    if not calls:
        return
    call = calls[which % len(calls)].call
    part = call.participants[which % len(call.participants)].participant_id
    verbs = {
        "offer": lambda: pbx.offer(call.call_id, agent, participant_id=f"p-{agent.agent_id}"),
        "withdraw": lambda: pbx.withdraw_offer(call.call_id, agent),
        "answer": lambda: pbx.answer(call.call_id, call.participants[-1].participant_id),
        "customer_answers": lambda: pbx.customer_answers(call.call_id),
        "hold": lambda: pbx.hold(call.call_id, part),
        "retrieve": lambda: pbx.retrieve(call.call_id, part),
        "mute": lambda: pbx.mute(call.call_id, part),
        "unmute": lambda: pbx.unmute(call.call_id, part),
        "pause": lambda: pbx.pause_recording(call.call_id),
        "resume": lambda: pbx.resume_recording(call.call_id),
        "digits": lambda: pbx.send_digits(call.call_id, part, "1"),
        "hang_up": lambda: pbx.hang_up(call.call_id, part),
        "customer_leaves": lambda: pbx.customer_hangs_up(call.call_id),
    }
    await verbs[what]()


async def play(script: list[tuple[str, int, AgentKey]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        ids = SequentialIds()
        clock = FakeClock()
        store = await open_store(f"sqlite:///{Path(folder) / 's.sqlite3'}", ids=ids)
        pbx = SimulatedPbx(store.switch_memory, clock=clock, ids=ids)
        mirror = Mirror()
        pbx.listen(mirror.hear)
        await pbx.start()
        try:
            for what, which, agent in script:
                before = dict(mirror.calls)
                try:
                    await step(pbx, clock, what, which, agent)
                except SwitchError:
                    assert mirror.calls == before, "a refused command changed something"
                assert mirror.calls == {one.call.call_id: one.call for one in pbx.active_calls()}
                kept = await store.switch_memory.load()
                assert sorted(mirror.calls) == [one.call.call_id for one in kept]
        finally:
            await pbx.stop()
            await store.close()


@settings(max_examples=15, deadline=None)
@given(script=STEPS)
def test_events_tell_what_the_calls_show(script: list[tuple[str, int, AgentKey]]) -> None:
    asyncio.run(play(script))
