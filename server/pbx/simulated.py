"""The simulated switch: calls without audio, moved by commands and by the simulator's verbs."""

from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from connector_py.entities import (
    CallSnapshot,
    CallType,
    ParticipantSnapshot,
    ParticipantState,
    ParticipantType,
)
from server.entities import (
    AgentKey,
    Clock,
    DialFailure,
    IdSource,
    SwitchCall,
    SwitchMemory,
)
from server.pbx import simulated_calls as calls
from server.pbx import simulated_controls as controls
from server.pbx import simulated_parties as parties
from server.pbx.base import Destination, PbxListener, SwitchError
from server.pbx.events import CallArrived, DialStarted, EndedBy, WithdrawReason
from server.pbx.simulated_board import SwitchBoard
from server.pbx.simulated_calls import CallTemplate
from server.pbx.simulated_dialing import DialPlan, NextDial, number_of

_KEPT_MESSAGES = 50

TemplateSource = Callable[[str], Awaitable[CallTemplate]]
"""Says how a new call of an org begins; the argument is the tenant id."""


class SimulatedPbx:
    """Implements `Pbx`. Its calls are in the durable memory before anybody hears of them.

    Args:
        memory: Where the calls are kept.
        clock: For the times of events and for giving up.
        ids: For ids of calls and customers.
        template_of: How new calls begin, where the verb does not say it; by default all alike.
    """

    def __init__(
        self,
        memory: SwitchMemory,
        *,
        clock: Clock,
        ids: IdSource,
        template_of: TemplateSource | None = None,
    ) -> None:
        self._memory = memory
        self._clock = clock
        self._ids = ids
        self._template_of = template_of
        self._board = SwitchBoard(memory, clock)
        self._dial_plan = DialPlan()
        self._messages: deque[tuple[AgentKey, Any]] = deque(maxlen=_KEPT_MESSAGES)

    # ---- the switch's own life -------------------------------------------------------------

    def listen(self, listener: PbxListener) -> None:
        """Name the one who hears the events."""
        self._board.listener = listener

    async def start(self) -> None:
        """Find the calls again that went on while nobody listened."""
        await self._board.load()

    async def stop(self) -> None:
        """Stop the timers; the calls stay in the memory."""
        await self._board.stop()

    def active_calls(self) -> Sequence[SwitchCall]:
        """Return the calls that go on, oldest first."""
        return self._board.active_calls()

    @property
    def messages(self) -> Sequence[tuple[AgentKey, Any]]:
        """What components of the agents' pages said last."""
        return tuple(self._messages)

    def digits_of(self, call_id: str) -> Mapping[str, str]:
        """Return the tones that a call that goes on got last, by participant."""
        return self._board.digits_of(call_id)

    # ---- verbs of the simulator ------------------------------------------------------------

    @property
    def next_dial(self) -> NextDial:
        """What becomes of the next call to somebody outside the contact center."""
        return self._dial_plan.next_dial

    @property
    def dialed(self) -> int:
        """How many calls to somebody outside there were since the start."""
        return self._dial_plan.taken

    @property
    def ring_seconds(self) -> float | None:
        """How long the next call to somebody outside rings; None is the usual time."""
        return self._dial_plan.ring_seconds

    def set_next_dial(self, outcome: NextDial | str, *, ring_seconds: float | None = None) -> None:
        """Choose what becomes of the next call to somebody outside, and of that one only.

        That is the customer of an agent's own call or of a callback, or an added party.

        Args:
            outcome: Whoever is busy or unreachable fails to be reached.
            ring_seconds: When it fails; by default at once, or after a minute when it rings.

        Raises:
            ValueError: There is no such outcome, or the time is negative.
        """
        self._dial_plan.choose(outcome, ring_seconds)

    async def customer_calls(
        self,
        tenant_id: str,
        *,
        from_number: str,
        to_number: str,
        wanted_agent_id: str | None = None,
        template: CallTemplate | None = None,
    ) -> str:
        """Let a customer call; return the id of the call.

        Args:
            tenant_id: Whose contact center is called.
            from_number: The customer's number.
            to_number: The contact center's number.
            wanted_agent_id: Who gets the call first, when able.
            template: How the call begins; by default as the org's calls do.
        """
        template = template or await self._template(tenant_id)
        call = calls.inbound_call(
            call_id=self._ids.new_id(),
            customer_id=self._ids.new_id(),
            from_number=from_number,
            template=template,
            at=self._clock.now(),
        )
        return await self._arrives(
            SwitchCall(
                tenant_id=tenant_id,
                call=call,
                from_number=from_number,
                to_number=to_number,
                wanted_agent_id=wanted_agent_id,
                is_progressive=template.is_progressive,
                flow=template.flow,
            )
        )

    async def customer_wants_callback(
        self,
        tenant_id: str,
        *,
        phone_number: str,
        wanted_agent_id: str | None = None,
        initial_call_id: str | None = None,
        template: CallTemplate | None = None,
    ) -> str:
        """Queue a callback; return the id of the call (guide chapter 9, "Queued Callbacks").

        The customer is called when an agent has answered.

        Args:
            tenant_id: Whose contact center calls back.
            phone_number: The customer's number.
            wanted_agent_id: Who gets the call first, when able.
            initial_call_id: The call in which the callback was asked for.
            template: How the call begins; by default as the org's calls do.

        Raises:
            UnknownDestinationError: The number cannot be dialled.
        """
        number = await number_of(self._memory, tenant_id, Destination(number=phone_number))
        call = calls.callback(
            call_id=self._ids.new_id(),
            customer_id=self._ids.new_id(),
            phone_number=number,
            template=template or await self._template(tenant_id),
            at=self._clock.now(),
        )
        return await self._arrives(
            SwitchCall(
                tenant_id=tenant_id,
                call=replace(call, initial_call_id=initial_call_id),
                from_number="",
                to_number=number,
                wanted_agent_id=wanted_agent_id,
            )
        )

    async def customer_answers(self, call_id: str) -> None:
        """Let the customer answer whom we call.

        Raises:
            SwitchError: There is no such call, or the customer's phone does not ring.
        """
        async with self._board.changing(call_id) as call:
            customer = calls.customer_of(call)
            await self._board.keep(parties.outside_answers(call, customer, self._clock.now()))

    async def customer_hangs_up(self, call_id: str) -> None:
        """Let the customer hang up, or stop ringing.

        Raises:
            SwitchError: There is no such call, the customer has left, or is an agent.
        """
        async with self._board.changing(call_id) as call:
            await self._hangs_up(call, calls.customer_of(call))

    async def party_answers(self, call_id: str, participant_id: str) -> None:
        """Let the customer, or an added party outside the contact center, answer.

        Raises:
            SwitchError: There is no such call or participant, or no phone outside rings for it.
        """
        async with self._board.changing(call_id) as call:
            party = calls.present(call, participant_id)
            await self._board.keep(parties.outside_answers(call, party, self._clock.now()))

    async def agent_lets_go(
        self, call_id: str, agent: AgentKey, reason: WithdrawReason | None = None
    ) -> None:
        """Let the ringing end at an agent's phone by itself: declined, missed, or failed.

        Raises:
            SwitchError: There is no such call, or the agent is on it.
        """
        async with self._board.changing(call_id) as call:
            await self._board.keep(parties.withdrawn(call, agent, self._clock.now(), reason))

    async def party_hangs_up(self, call_id: str, participant_id: str) -> None:
        """Let the customer, or an added party outside the contact center, hang up.

        Whose phone still rings is busy.

        Raises:
            SwitchError: There is no such call or participant, or it is an agent's part.
        """
        async with self._board.changing(call_id) as call:
            await self._hangs_up(call, calls.present(call, participant_id))

    async def _hangs_up(self, call: SwitchCall, party: ParticipantSnapshot) -> None:
        if party.agent_id is not None or calls.waits_for_agent(call, party):
            raise SwitchError("Only the customer or a party outside can hang up by themselves")
        is_ringing = party.state is ParticipantState.RINGING
        await self._board.keep(
            parties.left(
                call,
                party,
                self._clock.now(),
                ended_by=EndedBy.CUSTOMER,
                failure=DialFailure.BUSY if is_ringing else None,
            )
        )

    # ---- commands: calls -------------------------------------------------------------------

    async def originate(
        self,
        agent: AgentKey,
        *,
        call_id: str,
        participant_id: str,
        destination: Destination,
        call_type: CallType = CallType.OUTBOUND,
    ) -> None:
        """Call somebody for an agent."""
        async with self._board.lock(call_id):
            if self._board.has(call_id):
                return
            if call_type not in calls.PLACED_CALLS:
                raise SwitchError("An agent cannot place a call of this type")
            is_routed = destination.is_routed or call_type is CallType.INTERNAL_CALL
            number = await self._number(agent.tenant_id, destination, is_routed=is_routed)
            template = await self._template(agent.tenant_id)
            at = self._clock.now()
            call = calls.placed_call(
                call_id,
                call_type,
                agent=calls.agent_participant(agent, participant_id, at, is_connected=True),
                customer_id=self._ids.new_id(),
                destination=replace(destination, number=number),
                template=template,
            )
            await self._dial_starts(agent.tenant_id, call, number, is_routed=is_routed)

    async def offer(self, call_id: str, agent: AgentKey, *, participant_id: str) -> None:
        """Let a waiting call, or a waiting party, ring at an agent."""
        async with self._board.changing(call_id) as call:
            steps = parties.offered(call, agent, participant_id, self._clock.now())
            await self._board.keep(steps)

    async def withdraw_offer(self, call_id: str, agent: AgentKey) -> None:
        """Stop the ringing at an agent."""
        async with self._board.changing(call_id) as call:
            await self._board.keep(parties.withdrawn(call, agent, self._clock.now()))

    async def answer(self, call_id: str, participant_id: str) -> None:
        """Connect the agent at whom the call rings."""
        async with self._board.changing(call_id) as call:
            at, outcome = self._clock.now(), self._dial_plan.take
            await self._board.keep(parties.agent_answers(call, participant_id, at, outcome))

    async def hang_up(self, call_id: str, participant_id: str | None = None) -> None:
        """Let a party leave, or end the call."""
        async with self._board.changing(call_id) as call:
            at = self._clock.now()
            if participant_id is None:
                await self._board.keep(parties.over(call, EndedBy.SWITCH, at))
                return
            party = calls.participant_of(call, participant_id)
            if party.state is not ParticipantState.ENDED:
                await self._board.keep(parties.left(call, party, at, ended_by=EndedBy.AGENT))

    # ---- commands: who else is on the call -------------------------------------------------

    async def add_party(
        self,
        call_id: str,
        *,
        participant_id: str,
        added_by: str,
        destination: Destination,
        is_consult: bool = False,
        is_blind: bool = False,
    ) -> None:
        """Bring somebody into a call."""
        async with self._board.changing(call_id) as call:
            if calls.find(call, participant_id) is not None:
                return
            parties.check_can_add(call, added_by)
            if is_consult and is_blind:
                raise SwitchError("A consult cannot be a blind transfer")
            is_routed = destination.is_routed
            number = await self._number(call.tenant_id, destination, is_routed=is_routed)
            template = await self._template(call.tenant_id)
            at = self._clock.now()
            party = ParticipantSnapshot(
                participant_id=participant_id,
                participant_type=ParticipantType.THIRD_PARTY,
                state=ParticipantState.RINGING,
                state_since=at,
                phone_number=number,
                name=destination.name,
                contact_type=destination.contact_type,
                contact_id=destination.contact_id,
                added_by=added_by,
                is_consult=is_consult,
                call_info=template.added_call_info,
            )
            dialled = None if is_routed else self._dial_plan.take(at)
            await self._board.keep(parties.added(call, party, dialled, is_blind=is_blind))

    async def listen_in(
        self, call_id: str, supervisor: AgentKey, *, participant_id: str, is_ringing: bool
    ) -> None:
        """Let a supervisor hear a call, unheard."""
        async with self._board.changing(call_id) as call:
            rings = parties.listening(call, supervisor, participant_id, self._clock.now())
            if rings is not None:
                state = ParticipantState.RINGING if is_ringing else ParticipantState.CONNECTED
                await self._board.keep(parties.joins(call, replace(rings, state=state)))

    async def barge_in(self, call_id: str, participant_id: str) -> None:
        """Let everybody hear a supervisor."""
        await self._control(call_id, controls.BargedIn(participant_id))

    async def swap(self, call_id: str, *, hold_id: str, resume_id: str) -> None:
        """Hold one party and retrieve another."""
        await self._control(call_id, controls.Swapped(hold_id, resume_id))

    async def conference(self, call_id: str) -> None:
        """Take everybody off hold."""
        await self._control(call_id, controls.Conferenced())

    # ---- commands: hold, mute, recording ---------------------------------------------------

    async def hold(self, call_id: str, participant_id: str) -> None:
        """Put a participant on hold."""
        await self._control(call_id, controls.Held(participant_id, is_on_hold=True))

    async def retrieve(self, call_id: str, participant_id: str) -> None:
        """Take a participant off hold."""
        await self._control(call_id, controls.Held(participant_id, is_on_hold=False))

    async def mute(self, call_id: str, participant_id: str) -> None:
        """Mute a participant."""
        await self._control(call_id, controls.Muted(participant_id, is_muted=True))

    async def unmute(self, call_id: str, participant_id: str) -> None:
        """Unmute a participant."""
        await self._control(call_id, controls.Muted(participant_id, is_muted=False))

    async def pause_recording(self, call_id: str) -> None:
        """Pause the recorder."""
        await self._control(call_id, controls.Recorded(is_paused=True))

    async def resume_recording(self, call_id: str) -> None:
        """Let the recorder go on."""
        await self._control(call_id, controls.Recorded(is_paused=False))

    async def send_digits(self, call_id: str, participant_id: str, digits: str) -> None:
        """Take tones for a participant; there is no line on which anybody could hear them."""
        async with self._board.changing(call_id) as call:
            calls.connected(call, participant_id)
            self._board.note_digits(call_id, participant_id, digits)

    async def take_message(self, agent: AgentKey, message: Any) -> None:  # noqa: ANN401 - JSON
        """Keep what a component of the agent's page says, for whoever looks."""
        self._messages.append((agent, message))

    # ---- inside ----------------------------------------------------------------------------

    async def _template(self, tenant_id: str) -> CallTemplate:
        return CallTemplate() if self._template_of is None else await self._template_of(tenant_id)

    async def _number(
        self, tenant_id: str, destination: Destination, *, is_routed: bool
    ) -> str | None:
        """Return what is dialled; of a routed party, whatever number it may have."""
        if is_routed:
            return destination.number
        return await number_of(self._memory, tenant_id, destination)

    async def _arrives(self, switch_call: SwitchCall) -> str:
        call_id = switch_call.call.call_id
        event = CallArrived(
            tenant_id=switch_call.tenant_id, call_id=call_id, switch_call=switch_call
        )
        async with self._board.lock(call_id):
            await self._board.keep([(switch_call, event)])
        return call_id

    async def _dial_starts(
        self, tenant_id: str, call: CallSnapshot, number: str | None, *, is_routed: bool
    ) -> None:
        switch_call = SwitchCall(
            tenant_id=tenant_id, call=call, from_number="", to_number=number or ""
        )
        if not is_routed:
            outcome = self._dial_plan.take(call.started_at)
            switch_call = replace(switch_call, fails_at=outcome.fails_at, failure=outcome.failure)
        event = DialStarted(tenant_id=tenant_id, call_id=call.call_id, switch_call=switch_call)
        await self._board.keep([(switch_call, event)])

    async def _control(self, call_id: str, control: controls.Control) -> None:
        async with self._board.changing(call_id) as call:
            await self._board.keep(control.apply(call, self._clock.now()))
