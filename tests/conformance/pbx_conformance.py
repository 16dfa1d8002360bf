"""The conformance kit: rules of `server/pbx/base.py` that every adapter must keep.

An adapter's test makes a subclass of `PbxConformance` whose fixture `bench` gives the adapter and
the outside world: somebody who calls, answers and hangs up.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import pytest

from connector_py.entities import (
    CallType,
    ParticipantHeld,
    ParticipantMuted,
    ParticipantResumed,
    ParticipantState,
    ParticipantType,
    ParticipantUnmuted,
    RecordingPaused,
    RecordingResumed,
    RecordingState,
)
from server.entities import AgentKey, SwitchCall
from server.pbx import (
    AgentAnswered,
    AgentRinging,
    AgentWithdrawn,
    CallArrived,
    CallOver,
    ControlChanged,
    CustomerAnswered,
    Destination,
    DialStarted,
    EndedBy,
    Pbx,
    PbxEvent,
    SwitchError,
    UnknownCallError,
    UnknownDestinationError,
    UnknownParticipantError,
)

E = TypeVar("E", bound=PbxEvent)
AGENT = AgentKey(tenant_id="00D000000000001AAA", agent_id="005ada")
STRANGER = AgentKey(tenant_id="00D000000000002AAA", agent_id="005ada")
NUMBER = Destination(number="+12025550123")


class OutsideWorld(Protocol):
    """What happens on the other side of the switch."""

    async def customer_calls(self) -> None:
        """Somebody calls the contact center of AGENT's tenant."""
        ...

    async def customer_answers(self, call_id: str) -> None: ...

    async def customer_hangs_up(self, call_id: str) -> None: ...


@dataclass
class Bench:
    """The adapter under test; `heard` are its events so far."""

    pbx: Pbx
    world: OutsideWorld
    heard: list[PbxEvent] = field(default_factory=list)
    seconds: float = 5

    async def hears(self, kind: type[E], count: int = 1) -> E:
        """Wait for an event; return the newest of its kind."""
        async with asyncio.timeout(self.seconds):
            while True:
                found = [event for event in self.heard if isinstance(event, kind)]
                if len(found) >= count:
                    return found[-1]
                await asyncio.sleep(0.002)

    def call(self, call_id: str) -> SwitchCall:
        [found] = [one for one in self.pbx.active_calls() if one.call.call_id == call_id]
        return found

    async def arrives(self) -> str:
        await self.world.customer_calls()
        return (await self.hears(CallArrived)).call_id

    async def rings(self) -> tuple[str, str]:
        call_id = await self.arrives()
        await self.pbx.offer(call_id, AGENT, participant_id="part-1")
        return call_id, (await self.hears(AgentRinging)).participant.participant_id

    async def talks(self) -> tuple[str, str, str]:
        """Return call, agent's part and customer's part of a connected call."""
        call_id, agent_part = await self.rings()
        await self.pbx.answer(call_id, agent_part)
        await self.hears(AgentAnswered)
        return call_id, agent_part, customer_part(self.call(call_id))

    async def originates(self, call_id: str = "d0001") -> str:
        await self.pbx.originate(
            AGENT, call_id=call_id, participant_id="part-1", destination=NUMBER
        )
        await self.hears(DialStarted)
        return call_id

    async def is_quiet(self) -> bool:
        """Whether nothing more is heard for a moment."""
        before = len(self.heard)
        for _ in range(20):
            await asyncio.sleep(0.001)
        return len(self.heard) == before


def customer_part(switch_call: SwitchCall) -> str:
    [customer] = [
        one
        for one in switch_call.call.participants
        if one.participant_type is ParticipantType.INITIAL_CALLER
    ]
    return customer.participant_id


class PbxConformance:
    """The kit; pytest collects it through subclasses named `Test…`."""

    async def test_a_call_arrives_with_its_customer_connected(self, bench: Bench) -> None:
        call_id = await bench.arrives()
        event = await bench.hears(CallArrived)
        assert event.tenant_id == AGENT.tenant_id
        assert event.switch_call == bench.call(call_id)
        [customer] = event.switch_call.call.participants
        assert customer.state is ParticipantState.CONNECTED
        assert event.switch_call.call.call_type is CallType.INBOUND
        assert event.switch_call.from_number
        assert event.switch_call.to_number

    async def test_an_offer_rings_once(self, bench: Bench) -> None:
        call_id, _ = await bench.rings()
        event = await bench.hears(AgentRinging)
        assert event.participant.agent_id == AGENT.agent_id
        assert event.participant.participant_type is ParticipantType.AGENT
        assert event.participant.state is ParticipantState.RINGING
        assert event.participant in bench.call(call_id).call.participants
        await bench.pbx.offer(call_id, AGENT, participant_id="part-2")
        assert await bench.is_quiet()

    async def test_an_offer_is_withdrawn_once(self, bench: Bench) -> None:
        call_id, part = await bench.rings()
        await bench.pbx.withdraw_offer(call_id, AGENT)
        event = await bench.hears(AgentWithdrawn)
        assert (event.participant_id, event.agent_id) == (part, AGENT.agent_id)
        assert len(bench.call(call_id).call.participants) == 1
        await bench.pbx.withdraw_offer(call_id, AGENT)
        assert await bench.is_quiet()
        await bench.pbx.offer(call_id, AGENT, participant_id="part-2")
        await bench.hears(AgentRinging, 2)

    async def test_an_agent_answers_once(self, bench: Bench) -> None:
        call_id, agent_part, _ = await bench.talks()
        event = await bench.hears(AgentAnswered)
        assert event.participant_id == agent_part
        states = {one.state for one in bench.call(call_id).call.participants}
        assert states == {ParticipantState.CONNECTED}
        await bench.pbx.answer(call_id, agent_part)
        assert await bench.is_quiet()
        with pytest.raises(SwitchError):
            await bench.pbx.withdraw_offer(call_id, AGENT)

    async def test_hold_and_retrieve(self, bench: Bench) -> None:
        call_id, _, customer = await bench.talks()
        for ask, kind, held in (
            (bench.pbx.hold, ParticipantHeld, True),
            (bench.pbx.retrieve, ParticipantResumed, False),
        ):
            await ask(call_id, customer)
            await self._is_control(bench, kind, customer)
            assert part_of(bench.call(call_id), customer).is_on_hold is held
            await ask(call_id, customer)
            assert await bench.is_quiet()

    async def test_mute_and_unmute(self, bench: Bench) -> None:
        call_id, agent_part, _ = await bench.talks()
        for ask, kind, muted in (
            (bench.pbx.mute, ParticipantMuted, True),
            (bench.pbx.unmute, ParticipantUnmuted, False),
        ):
            await ask(call_id, agent_part)
            await self._is_control(bench, kind, agent_part)
            assert part_of(bench.call(call_id), agent_part).is_muted is muted
            await ask(call_id, agent_part)
            assert await bench.is_quiet()

    async def test_recording_pauses_and_goes_on(self, bench: Bench) -> None:
        call_id, _, _ = await bench.talks()
        for ask, kind, state in (
            (bench.pbx.pause_recording, RecordingPaused, RecordingState.PAUSED),
            (bench.pbx.resume_recording, RecordingResumed, RecordingState.RECORDING),
        ):
            await ask(call_id)
            await self._is_control(bench, kind, None)
            assert bench.call(call_id).call.recording is state
            await ask(call_id)
            assert await bench.is_quiet()

    async def test_digits_cause_no_event(self, bench: Bench) -> None:
        call_id, agent_part, _ = await bench.talks()
        await bench.pbx.send_digits(call_id, agent_part, "123*#A,")
        assert await bench.is_quiet()

    async def test_the_agent_hangs_up(self, bench: Bench) -> None:
        call_id, agent_part, _ = await bench.talks()
        await bench.pbx.hang_up(call_id, agent_part)
        assert (await bench.hears(CallOver)).ended_by is EndedBy.AGENT
        assert not bench.pbx.active_calls()

    async def test_the_customer_hangs_up(self, bench: Bench) -> None:
        call_id, _, _ = await bench.talks()
        await bench.world.customer_hangs_up(call_id)
        assert (await bench.hears(CallOver)).ended_by is EndedBy.CUSTOMER
        assert not bench.pbx.active_calls()

    async def test_a_dialled_call_rings_and_is_answered(self, bench: Bench) -> None:
        call_id = await bench.originates()
        event = await bench.hears(DialStarted)
        assert event.switch_call == bench.call(call_id)
        states = {one.participant_type: one.state for one in event.switch_call.call.participants}
        assert states == {
            ParticipantType.INITIAL_CALLER: ParticipantState.RINGING,
            ParticipantType.AGENT: ParticipantState.CONNECTED,
        }
        await bench.world.customer_answers(call_id)
        answered = await bench.hears(CustomerAnswered)
        assert answered.participant_id == customer_part(event.switch_call)

    async def test_the_same_call_id_calls_once(self, bench: Bench) -> None:
        await bench.originates("d0001")
        await bench.originates("d0001")
        assert await bench.is_quiet()
        assert len(bench.pbx.active_calls()) == 1

    async def test_what_it_does_not_know_it_refuses(self, bench: Bench) -> None:
        call_id, _, _ = await bench.talks()
        heard = len(bench.heard)
        with pytest.raises(UnknownCallError):
            await bench.pbx.hold("nothing", "nobody")
        with pytest.raises(UnknownParticipantError):
            await bench.pbx.hold(call_id, "nobody")
        with pytest.raises(UnknownDestinationError):
            await bench.pbx.originate(
                AGENT, call_id="d2", participant_id="p", destination=Destination(number="1")
            )
        with pytest.raises(SwitchError):
            await bench.pbx.offer(call_id, STRANGER, participant_id="p")
        assert len(bench.heard) == heard

    async def test_nothing_can_be_done_with_a_call_that_is_over(self, bench: Bench) -> None:
        call_id, agent_part, customer = await bench.talks()
        await bench.pbx.hang_up(call_id)
        assert (await bench.hears(CallOver)).ended_by is EndedBy.SWITCH
        for asking in (
            bench.pbx.hold(call_id, customer),
            bench.pbx.answer(call_id, agent_part),
            bench.pbx.hang_up(call_id, agent_part),
            bench.pbx.pause_recording(call_id),
        ):
            with pytest.raises(UnknownCallError):
                await asking

    async def test_calls_go_on_while_nobody_listens(self, bench: Bench) -> None:
        call_id, _, customer = await bench.talks()
        await bench.pbx.hold(call_id, customer)
        await self._is_control(bench, ParticipantHeld, customer)
        before = bench.call(call_id)
        await bench.pbx.stop()
        await bench.pbx.start()
        assert bench.call(call_id) == before

    async def _is_control(self, bench: Bench, kind: type[Any], participant: str | None) -> None:
        async with asyncio.timeout(bench.seconds):
            while True:
                found = [one for one in bench.heard if isinstance(one, ControlChanged)]
                if found and isinstance(found[-1].notification, kind):
                    notification = found[-1].notification
                    assert getattr(notification, "participant_id", None) == participant
                    return
                await asyncio.sleep(0.002)


def part_of(switch_call: SwitchCall, participant_id: str) -> Any:
    [found] = [one for one in switch_call.call.participants if one.participant_id == participant_id]
    return found
