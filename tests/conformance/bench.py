"""What the conformance kit asks of an adapter's test, and what its rules work with."""

import asyncio
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from connector_py.entities import (
    CallSnapshot,
    ContactType,
    Notification,
    ParticipantSnapshot,
    ParticipantType,
)
from server.entities import AgentKey, SwitchCall
from server.pbx import (
    AgentAnswered,
    AgentRinging,
    CallArrived,
    ControlChanged,
    Destination,
    DialStarted,
    PartyAdded,
    PartyAnswered,
    Pbx,
    PbxEvent,
    PbxReport,
)
from tests.conformance.mirror import Mirror

E = TypeVar("E", bound=PbxEvent)
N = TypeVar("N", bound=Notification)
AGENT = AgentKey(tenant_id="00D000000000001AAA", agent_id="005ada")
COLLEAGUE = AgentKey(tenant_id=AGENT.tenant_id, agent_id="005ben")
SUPERVISOR = AgentKey(tenant_id=AGENT.tenant_id, agent_id="005sue")
STRANGER = AgentKey(tenant_id="00D000000000002AAA", agent_id="005ada")
NUMBER = Destination(number="+12025550123")
QUEUE = Destination(contact_id="queue-support", contact_type=ContactType.QUEUE, is_routed=True)
NOWHERE = Destination(number="1")


class OutsideWorld(Protocol):
    """What happens on the other side of the switch. A verb returns when the switch knows it."""

    async def customer_calls(self, *, is_auto_merge_on: bool = False) -> None:
        """Somebody calls the contact center of AGENT's tenant; the recorder runs."""
        ...

    async def customer_wants_callback(self) -> None:
        """Somebody whom AGENT's tenant is to call back is queued."""
        ...

    async def answers(self, call_id: str, participant_id: str) -> None:
        """Somebody whose phone rings answers: the customer, or an added party."""
        ...

    async def hangs_up(self, call_id: str, participant_id: str) -> None:
        """The customer or an added party hangs up."""
        ...

    async def declines(self, call_id: str, agent: AgentKey) -> None:
        """An agent at whom the call rings declines it, at the phone and not by our command."""
        ...

    async def is_not_reached(self, call_id: str, participant_id: str) -> None:
        """Somebody whose phone rings is given up by the switch, for whatever reason."""
        ...


@dataclass
class Bench:
    """The adapter under test; `heard` are its events so far.

    A switch that lacks an ability says so here. Its adapter then refuses the commands with
    `SwitchError`, and the kit holds it to that.
    """

    pbx: Pbx
    world: OutsideWorld
    heard: list[PbxEvent] = field(default_factory=list)
    seconds: float = 5
    can_decline: bool = True
    """Whether agents can decline a call at the phone itself."""
    can_supervise: bool = True
    """Whether it knows `listen_in` and `barge_in`."""
    can_auto_merge: bool = True
    """Whether it has calls in which nobody is held when somebody joins."""

    async def hears(self, kind: type[E], count: int = 1) -> E:
        """Wait for an event; return the newest of its kind."""
        async with asyncio.timeout(self.seconds):
            while True:
                found = [event for event in self.heard if isinstance(event, kind)]
                if len(found) >= count:
                    return found[-1]
                await asyncio.sleep(0.002)

    async def hears_control(self, kind: type[N], count: int = 1) -> N:
        """Wait for a ControlChanged with a notification; return the newest of its kind."""
        async with asyncio.timeout(self.seconds):
            while True:
                found = [
                    event.notification
                    for event in self.heard
                    if isinstance(event, ControlChanged) and isinstance(event.notification, kind)
                ]
                if len(found) >= count:
                    return found[-1]
                await asyncio.sleep(0.002)

    async def is_quiet(self) -> bool:
        """Whether nothing more is heard of calls for a moment."""
        before = self._events()
        for _ in range(20):
            await asyncio.sleep(0.001)
        return self._events() == before

    def _events(self) -> int:
        return sum(not isinstance(one, PbxReport) for one in self.heard)

    def call(self, call_id: str) -> SwitchCall:
        [found] = [one for one in self.pbx.active_calls() if one.call.call_id == call_id]
        return found

    def part(self, call_id: str, participant_id: str) -> ParticipantSnapshot:
        return part_of(self.call(call_id).call, participant_id)

    # ---- calls on their way ------------------------------------------------------------------

    async def arrives(self, *, is_auto_merge_on: bool = False) -> str:
        await self.world.customer_calls(is_auto_merge_on=is_auto_merge_on)
        return (await self.hears(CallArrived)).call_id

    async def rings(self, *, is_auto_merge_on: bool = False) -> tuple[str, str]:
        call_id = await self.arrives(is_auto_merge_on=is_auto_merge_on)
        await self.pbx.offer(call_id, AGENT, participant_id="part-1")
        return call_id, (await self.hears(AgentRinging)).participant.participant_id

    async def talks(self, *, is_auto_merge_on: bool = False) -> tuple[str, str, str]:
        """Return call, agent's part and customer's part of a connected call."""
        call_id, agent_part = await self.rings(is_auto_merge_on=is_auto_merge_on)
        await self.pbx.answer(call_id, agent_part)
        await self.hears(AgentAnswered)
        return call_id, agent_part, customer_part(self.call(call_id))

    async def originates(self, call_id: str = "d0001", **more: Any) -> str:
        await self.pbx.originate(
            AGENT,
            call_id=call_id,
            participant_id="part-1",
            **{"destination": NUMBER, **more},
        )
        await self.hears(DialStarted)
        return call_id

    async def adds(
        self, call_id: str, agent_part: str, party: str = "leg-1", **more: Any
    ) -> ParticipantSnapshot:
        """Bring somebody in, a number by default; return the event's picture of them."""
        before = [event for event in self.heard if isinstance(event, PartyAdded)]
        await self.pbx.add_party(
            call_id,
            participant_id=party,
            added_by=agent_part,
            **{"destination": NUMBER, **more},
        )
        return (await self.hears(PartyAdded, len(before) + 1)).participant

    async def talks_with_two(self) -> tuple[str, str, str, str]:
        """Return call, agent, customer on hold, and an outside party who answered."""
        call_id, agent_part, customer = await self.talks()
        party = (await self.adds(call_id, agent_part)).participant_id
        await self.world.answers(call_id, party)
        await self.hears(PartyAnswered)
        return call_id, agent_part, customer, party


def customer_part(switch_call: SwitchCall) -> str:
    [customer] = [
        one
        for one in switch_call.call.participants
        if one.participant_type is ParticipantType.INITIAL_CALLER
    ]
    return customer.participant_id


def part_of(call: CallSnapshot, participant_id: str) -> ParticipantSnapshot:
    [found] = [one for one in call.participants if one.participant_id == participant_id]
    return found


def as_told(heard: list[PbxEvent]) -> list[Any]:
    """Return the calls that go on as the events tell them."""
    mirror = Mirror()
    for event in heard:
        mirror.hear(event)
    return as_shown(list(mirror.calls.values()))


def as_shown(calls: list[CallSnapshot]) -> list[Any]:
    """Return what calls and events must agree about; a switch may have clocks of its own."""
    return sorted(
        (
            call.call_id,
            call.call_type,
            call.recording,
            sorted(
                (
                    one.participant_id,
                    one.participant_type,
                    one.state,
                    one.agent_id,
                    one.added_by,
                    one.is_on_hold,
                    one.is_muted,
                    one.is_consult,
                    one.has_barged_in,
                )
                for one in call.participants
            ),
        )
        for call in calls
    )
