"""The simulated switch: calls without audio, moved by commands and by the simulator's verbs."""

import asyncio
import re
from collections import deque
from collections.abc import AsyncGenerator, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

from connector_py.entities import CallType, ParticipantState
from server.entities import AgentKey, Clock, DialFailure, IdSource, SwitchCall, SwitchMemory
from server.pbx import simulated_calls as changes
from server.pbx.base import (
    Destination,
    PbxListener,
    SwitchError,
    UnknownCallError,
    UnknownDestinationError,
)
from server.pbx.events import (
    AgentAnswered,
    AgentRinging,
    AgentWithdrawn,
    CallArrived,
    CallOver,
    CustomerAnswered,
    DialFailed,
    DialStarted,
    EndedBy,
    PbxEvent,
)

_DIALABLE = re.compile(r"\+?[0-9]{3,15}")
_SPELLING = re.compile(r"[\s().\-/]")
_LONGEST_RING = 60.0
_KEPT_MESSAGES = 50


class NextDial(StrEnum):
    """What becomes of the next outbound call."""

    RING = "ring"
    """It rings until somebody answers, hangs up, or the switch gives up."""
    BUSY = "busy"
    UNREACHABLE = "unreachable"


class SimulatedPbx:
    """Implements `Pbx`. Its calls are in the durable memory before anybody hears of them.

    Args:
        memory: Where the calls are kept.
        clock: For the times of events and for giving up.
        ids: For ids of calls and customers.
    """

    def __init__(self, memory: SwitchMemory, *, clock: Clock, ids: IdSource) -> None:
        self._memory = memory
        self._clock = clock
        self._ids = ids
        self._listener: PbxListener = _hear_nothing
        self._calls: dict[str, SwitchCall] = {}
        self._locks: dict[str, asyncio.Lock] = {}
        self._timers: dict[str, asyncio.Task[None]] = {}
        self._next_dial = NextDial.RING
        self._ring_seconds: float | None = None
        self._messages: deque[tuple[AgentKey, Any]] = deque(maxlen=_KEPT_MESSAGES)

    # ---- the switch's own life -------------------------------------------------------------

    def listen(self, listener: PbxListener) -> None:
        """Name the one who hears the events."""
        self._listener = listener

    async def start(self) -> None:
        """Find the calls again that went on while nobody listened."""
        self._calls = {call.call.call_id: call for call in await self._memory.load()}
        for call in self._calls.values():
            self._watch(call)

    async def stop(self) -> None:
        """Stop the timers; the calls stay in the memory."""
        timers = list(self._timers.values())
        self._timers.clear()
        for timer in timers:
            timer.cancel()
        await asyncio.gather(*timers, return_exceptions=True)

    def active_calls(self) -> Sequence[SwitchCall]:
        """Return the calls that go on, oldest first."""
        return sorted(self._calls.values(), key=lambda call: call.call.started_at)

    @property
    def messages(self) -> Sequence[tuple[AgentKey, Any]]:
        """What components of the agents' pages said last."""
        return tuple(self._messages)

    # ---- verbs of the simulator ------------------------------------------------------------

    @property
    def next_dial(self) -> NextDial:
        """What becomes of the next outbound call."""
        return self._next_dial

    @property
    def ring_seconds(self) -> float | None:
        """How long the next outbound call rings before it fails; None is the usual time."""
        return self._ring_seconds

    def set_next_dial(self, outcome: NextDial | str, *, ring_seconds: float | None = None) -> None:
        """Choose what becomes of the next outbound call, and of that one only.

        Args:
            outcome: Busy and unreachable customers let the call fail.
            ring_seconds: When it fails; by default at once, or after a minute when it rings.

        Raises:
            ValueError: There is no such outcome, or the time is negative.
        """
        if ring_seconds is not None and ring_seconds < 0:
            raise ValueError("ring_seconds: expected 0 or more")
        self._next_dial = NextDial(outcome)
        self._ring_seconds = ring_seconds

    async def customer_calls(
        self,
        tenant_id: str,
        *,
        from_number: str,
        to_number: str,
        wanted_agent_id: str | None = None,
    ) -> str:
        """Let a customer call; return the id of the call.

        Args:
            tenant_id: Whose contact center is called.
            from_number: The customer's number.
            to_number: The contact center's number.
            wanted_agent_id: Who gets the call first, when able.
        """
        call = changes.inbound_call(
            call_id=self._ids.new_id(),
            customer_id=self._ids.new_id(),
            from_number=from_number,
            at=self._clock.now(),
        )
        switch_call = SwitchCall(
            tenant_id=tenant_id,
            call=call,
            from_number=from_number,
            to_number=to_number,
            wanted_agent_id=wanted_agent_id,
        )
        async with self._lock(call.call_id):
            await self._keep(
                switch_call,
                CallArrived(tenant_id=tenant_id, call_id=call.call_id, switch_call=switch_call),
            )
        return call.call_id

    async def customer_answers(self, call_id: str) -> None:
        """Let the customer of an outbound call answer.

        Raises:
            SwitchError: There is no such call, or the customer's phone does not ring.
        """
        async with self._changing(call_id) as switch_call:
            customer = changes.customer_of(switch_call)
            if customer.state is not ParticipantState.RINGING:
                raise SwitchError("The customer's phone does not ring")
            at = self._clock.now()
            call = changes.connected(switch_call.call, customer.participant_id, at)
            await self._keep(
                replace(switch_call, call=call, fails_at=None, failure=None),
                CustomerAnswered(
                    tenant_id=switch_call.tenant_id,
                    call_id=call_id,
                    participant_id=customer.participant_id,
                    at=at,
                ),
            )

    async def customer_hangs_up(self, call_id: str) -> None:
        """Let the customer hang up, or stop ringing.

        Raises:
            SwitchError: There is no such call.
        """
        async with self._changing(call_id) as switch_call:
            await self._end(switch_call, EndedBy.CUSTOMER)

    # ---- commands --------------------------------------------------------------------------

    async def originate(
        self, agent: AgentKey, *, call_id: str, participant_id: str, destination: Destination
    ) -> None:
        """Call somebody for an agent."""
        async with self._lock(call_id):
            if call_id in self._calls:
                return
            number = await self._number_of(agent.tenant_id, destination)
            at = self._clock.now()
            call = changes.outbound_call(
                call_id=call_id,
                agent=changes.agent_participant(agent, participant_id, at, is_connected=True),
                customer_id=self._ids.new_id(),
                destination=replace(destination, number=number),
                at=at,
            )
            failure, seconds = self._take_outcome()
            switch_call = SwitchCall(
                tenant_id=agent.tenant_id,
                call=call,
                from_number="",
                to_number=number,
                fails_at=at + timedelta(seconds=seconds),
                failure=failure,
            )
            await self._keep(
                switch_call,
                DialStarted(tenant_id=agent.tenant_id, call_id=call_id, switch_call=switch_call),
            )

    async def offer(self, call_id: str, agent: AgentKey, *, participant_id: str) -> None:
        """Let a waiting call ring at an agent."""
        async with self._changing(call_id) as switch_call:
            self._check_tenant(switch_call, agent)
            if changes.agent_of(switch_call, agent.agent_id) is not None:
                return
            if switch_call.call.call_type is not CallType.INBOUND:
                raise SwitchError("Only a call that came in can be offered")
            participant = changes.agent_participant(
                agent, participant_id, self._clock.now(), is_connected=False
            )
            await self._keep(
                replace(switch_call, call=changes.joined(switch_call.call, participant)),
                AgentRinging(
                    tenant_id=switch_call.tenant_id, call_id=call_id, participant=participant
                ),
            )

    async def withdraw_offer(self, call_id: str, agent: AgentKey) -> None:
        """Stop the ringing at an agent."""
        async with self._changing(call_id) as switch_call:
            self._check_tenant(switch_call, agent)
            participant = changes.agent_of(switch_call, agent.agent_id)
            if participant is None:
                return
            if participant.state is not ParticipantState.RINGING:
                raise SwitchError("The agent is on the call already")
            call = changes.removed(switch_call.call, participant.participant_id)
            await self._keep(
                replace(switch_call, call=call),
                AgentWithdrawn(
                    tenant_id=switch_call.tenant_id,
                    call_id=call_id,
                    participant_id=participant.participant_id,
                    agent_id=agent.agent_id,
                    at=self._clock.now(),
                ),
            )

    async def answer(self, call_id: str, participant_id: str) -> None:
        """Connect the agent at whom the call rings."""
        async with self._changing(call_id) as switch_call:
            participant = changes.participant_of(switch_call, participant_id)
            if participant.state is ParticipantState.CONNECTED:
                return
            at = self._clock.now()
            call = changes.connected(switch_call.call, participant_id, at)
            await self._keep(
                replace(switch_call, call=call),
                AgentAnswered(
                    tenant_id=switch_call.tenant_id,
                    call_id=call_id,
                    participant_id=participant_id,
                    at=at,
                ),
            )

    async def hold(self, call_id: str, participant_id: str) -> None:
        """Put a participant on hold."""
        await self._control(call_id, changes.Held(participant_id, is_on_hold=True))

    async def retrieve(self, call_id: str, participant_id: str) -> None:
        """Take a participant off hold."""
        await self._control(call_id, changes.Held(participant_id, is_on_hold=False))

    async def mute(self, call_id: str, participant_id: str) -> None:
        """Mute a participant."""
        await self._control(call_id, changes.Muted(participant_id, is_muted=True))

    async def unmute(self, call_id: str, participant_id: str) -> None:
        """Unmute a participant."""
        await self._control(call_id, changes.Muted(participant_id, is_muted=False))

    async def pause_recording(self, call_id: str) -> None:
        """Pause the recorder."""
        await self._control(call_id, changes.Recorded(is_paused=True))

    async def resume_recording(self, call_id: str) -> None:
        """Let the recorder go on."""
        await self._control(call_id, changes.Recorded(is_paused=False))

    async def send_digits(self, call_id: str, participant_id: str, digits: str) -> None:
        """Take tones for a participant; there is no line on which anybody could hear them."""
        async with self._changing(call_id) as switch_call:
            changes.connected_participant_of(switch_call, participant_id)

    async def hang_up(self, call_id: str, participant_id: str | None = None) -> None:
        """End the call for everybody."""
        async with self._changing(call_id) as switch_call:
            if participant_id is not None:
                changes.participant_of(switch_call, participant_id)
            by_whom = EndedBy.SWITCH if participant_id is None else EndedBy.AGENT
            await self._end(switch_call, by_whom)

    async def take_message(self, agent: AgentKey, message: Any) -> None:  # noqa: ANN401 - JSON
        """Keep what a component of the agent's page says, for whoever looks."""
        self._messages.append((agent, message))

    # ---- inside ----------------------------------------------------------------------------

    def _lock(self, call_id: str) -> asyncio.Lock:
        return self._locks.setdefault(call_id, asyncio.Lock())

    @asynccontextmanager
    async def _changing(self, call_id: str) -> AsyncGenerator[SwitchCall]:
        if call_id not in self._calls:
            raise UnknownCallError("The switch has no such call")
        async with self._lock(call_id):
            switch_call = self._calls.get(call_id)
            if switch_call is None:
                raise UnknownCallError("The call is over")
            yield switch_call

    async def _keep(self, switch_call: SwitchCall, event: PbxEvent) -> None:
        await self._memory.save(switch_call)
        self._calls[event.call_id] = switch_call
        self._watch(switch_call)
        self._listener(event)

    async def _end(self, switch_call: SwitchCall, by_whom: EndedBy) -> None:
        await self._forget(
            CallOver(
                tenant_id=switch_call.tenant_id,
                call_id=switch_call.call.call_id,
                ended_by=by_whom,
                at=self._clock.now(),
            )
        )

    async def _forget(self, event: PbxEvent) -> None:
        await self._memory.forget(event.call_id)
        self._calls.pop(event.call_id, None)
        self._locks.pop(event.call_id, None)
        timer = self._timers.pop(event.call_id, None)
        if timer is not None and timer is not asyncio.current_task():
            timer.cancel()
        self._listener(event)

    async def _control(self, call_id: str, change: changes.Control) -> None:
        async with self._changing(call_id) as switch_call:
            changed = change.apply(switch_call, self._clock.now())
            if changed is not None:
                await self._keep(*changed)

    def _take_outcome(self) -> tuple[DialFailure, float]:
        outcome, seconds = self._next_dial, self._ring_seconds
        self._next_dial, self._ring_seconds = NextDial.RING, None
        if outcome is NextDial.RING:
            return DialFailure.NO_ANSWER, _LONGEST_RING if seconds is None else seconds
        return DialFailure(outcome.value), 0.0 if seconds is None else seconds

    async def _number_of(self, tenant_id: str, destination: Destination) -> str:
        number = _SPELLING.sub("", destination.number or "")
        if _DIALABLE.fullmatch(number):
            return number
        contact_id = destination.contact_id
        is_known = contact_id is not None and await self._memory.knows_contact(
            tenant_id, contact_id
        )
        if number or contact_id is None or not is_known:
            raise UnknownDestinationError(
                "Dial a number with 3 to 15 digits, or choose somebody from the phone book"
            )
        return contact_id

    def _check_tenant(self, switch_call: SwitchCall, agent: AgentKey) -> None:
        if switch_call.tenant_id != agent.tenant_id:
            raise UnknownCallError("The switch has no such call")

    def _watch(self, switch_call: SwitchCall) -> None:
        call_id = switch_call.call.call_id
        if switch_call.fails_at is None:
            timer = self._timers.pop(call_id, None)
            if timer is not None:
                timer.cancel()
        elif call_id not in self._timers:
            self._timers[call_id] = asyncio.create_task(_quietly(self._give_up(switch_call)))

    async def _give_up(self, started: SwitchCall) -> None:
        if started.fails_at is None or started.failure is None:
            return
        now = self._clock.now()
        await self._clock.sleep((started.fails_at - now).total_seconds())
        async with self._changing(started.call.call_id) as switch_call:
            if switch_call.fails_at is None:
                return
            await self._forget(
                DialFailed(
                    tenant_id=started.tenant_id,
                    call_id=started.call.call_id,
                    failure=started.failure,
                    at=self._clock.now(),
                )
            )


def _hear_nothing(event: PbxEvent) -> None:
    """Stand in until somebody listens."""


async def _quietly(giving_up: Coroutine[Any, Any, None]) -> None:
    """The call may be over by the time that the switch would give it up."""
    try:
        await giving_up
    except UnknownCallError:
        return
