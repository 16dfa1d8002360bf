"""Ringing at agents: the switch is asked to begin and to stop it."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from connector_py.entities import (
    HangupStatus,
    ParticipantSnapshot,
    ParticipantState,
    ParticipantType,
)
from connector_py.errors import CommandRefusedError
from server.contact_center.desk import Desk
from server.contact_center.endings import NO_ENDING, Ending
from server.contact_center.lanes import Lane
from server.contact_center.ledger import Ledger, RouteCalls, TakeBackOffer, WatchRinging
from server.contact_center.matching import Hopeless, Offer, find_waiting, is_free, waiting_of
from server.contact_center.patience import persist
from server.contact_center.rests import Rests, Who
from server.entities import AgentKey, CallRecord, SwitchCall
from server.logs import get_logger
from server.pbx import (
    AgentRinging,
    AgentWithdrawn,
    CallOver,
    DialFailed,
    PartyLeft,
    PbxEvent,
    SwitchError,
)
from server.store import StoreError, Transaction

_log = get_logger(__name__)

_REFUSED = (SwitchError, CommandRefusedError)
_CAN_FAIL = (*_REFUSED, StoreError)

_PAUSE = 3.0
"""Before something is tried again that the store or the switch could not do."""


class Offers:
    """Lets calls ring at agents, and stops it when nobody answers."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._going_on: set[str] = set()
        self._rests = Rests()

    @property
    def going_on(self) -> frozenset[str]:
        """The calls and added parties about which the switch is being asked now."""
        return frozenset(self._going_on)

    @property
    def resting(self) -> frozenset[Who]:
        """By `waiting_id`, which agents the switch could not reach for it just now."""
        return self._rests.resting

    def begin(self, offer: Offer) -> None:
        """Ask the switch for an offer; it comes to nothing when the agent was chosen already."""
        is_resting = self._rests.is_resting((offer.waiting_id, offer.agent))
        if offer.waiting_id in self._going_on or is_resting:
            return
        if self._desk.reserved.take(offer.agent, offer.call_id):
            self._going_on.add(offer.waiting_id)
            self._desk.background.start(self._offer(offer), name="offer call")

    def give_up(self, hopeless: Hopeless) -> None:
        """Let somebody leave a call who was asked for by name and cannot take it."""
        if hopeless.leg_id not in self._going_on:
            self._going_on.add(hopeless.leg_id)
            self._desk.background.start(self._give_up(hopeless), name="give up")

    # ---- ringing -------------------------------------------------------------------------------

    async def _offer(self, offer: Offer) -> None:
        desk = self._desk
        try:
            async with self._turn(offer.agent.tenant_id, offer.call_id) as lane:
                if await desk.parts.store.run(lambda tx: _still_fits(tx, offer)):
                    await self._ring(offer, lane)
        except StoreError as error:
            # It says nothing about the agent, and nobody else could get the call now.
            _log.warning("offer_failed", call=offer.call_id, exc_info=error)
            await desk.parts.clock.sleep(_PAUSE)
        except _REFUSED as error:
            _log.warning("offer_failed", call=offer.call_id, exc_info=error)
            self._let_rest(offer)
            if isinstance(error, CommandRefusedError):
                await self._withdraw(offer.call_id, offer.agent)
        finally:
            desk.reserved.release(offer.agent, offer.call_id)
            self._going_on.discard(offer.waiting_id)
            desk.follow(RouteCalls(tenant_id=offer.agent.tenant_id))

    async def _ring(self, offer: Offer, lane: Lane) -> None:
        desk = self._desk
        listening = await desk.parts.store.run(lambda tx: _supervisor(tx, offer))
        if listening is not None:
            # Nobody has two parts in one call.
            await self._hang_up(lane, offer.call_id, listening.participant_id)
        participant_id = offer.leg_id or desk.parts.ids.new_id()
        desk.late_offers.discard(offer.call_id, offer.agent)
        await desk.switch(
            desk.parts.pbx.offer(offer.call_id, offer.agent, participant_id=participant_id)
        )

        def is_it(event: PbxEvent) -> bool:
            return (
                isinstance(event, AgentRinging)
                and event.participant.agent_id == offer.agent.agent_id
            )

        async with desk.effect(lane, is_it) as event:
            await desk.write(lambda ledger: desk.recorder.record(ledger, event))

    async def _hang_up(
        self, lane: Lane, call_id: str, participant_id: str, ending: Ending = NO_ENDING
    ) -> None:
        """Let somebody leave a call whose turn the caller has, and write it down."""
        desk = self._desk
        await desk.switch(desk.parts.pbx.hang_up(call_id, participant_id))
        async with desk.effect(lane, has_left(participant_id)) as event:
            await desk.write(lambda ledger: desk.recorder.record(ledger, event, ending=ending))

    async def take_back(self, late: TakeBackOffer) -> None:
        """Stop a ringing that came when its offer had been given up already."""
        await persist(
            self._desk.parts.clock,
            lambda: self._take_back(late),
            failures=(CommandRefusedError, StoreError),
            name="take a late ringing back",
        )

    async def _take_back(self, late: TakeBackOffer) -> None:
        desk = self._desk
        async with desk.lanes.hold(late.call_id):
            # By now it may have been offered there again.
            if await desk.parts.store.run(lambda tx: _is_on(tx, late)):
                return
            try:
                await desk.switch(desk.parts.pbx.withdraw_offer(late.call_id, late.agent))
            except SwitchError as error:
                _log.warning("late_ringing_not_withdrawn", call=late.call_id, exc_info=error)

    async def _withdraw(self, call_id: str, agent: AgentKey) -> None:
        """An offer that took too long may still come to ring: the agent may get another call."""
        desk = self._desk
        desk.late_offers.add(call_id, agent, desk.now())
        try:
            await desk.switch(desk.parts.pbx.withdraw_offer(call_id, agent))
        except _CAN_FAIL as error:
            if isinstance(error, SwitchError):
                desk.late_offers.discard(call_id, agent)
            _log.info("offer_not_withdrawn", call=call_id, exc_info=error)

    def _let_rest(self, offer: Offer) -> None:
        """Let others have it first; see `Rests`."""
        seconds = self._rests.begin((offer.waiting_id, offer.agent), self._desk.now())
        self._desk.background.start(self._rested(offer, seconds), name="agent rests")

    async def _rested(self, offer: Offer, seconds: float) -> None:
        await self._desk.parts.clock.sleep(seconds)
        self._rests.end((offer.waiting_id, offer.agent))
        self._desk.follow(RouteCalls(tenant_id=offer.agent.tenant_id))

    @asynccontextmanager
    async def _turn(self, tenant_id: str, call_id: str) -> AsyncGenerator[Lane]:
        """Have a call for oneself; what the switch refuses may be because an event was missed."""
        async with self._desk.lanes.hold(call_id) as lane:
            try:
                yield lane
            except _REFUSED as error:
                await lane.drain()
                await self._desk.catch_up(tenant_id, call_id, error)
                raise

    # ---- nobody answers ------------------------------------------------------------------------

    async def watch(self, ringing: WatchRinging) -> None:
        """Take a call back when its deadline has passed, as long as it still rings.

        A supervisor whose phone rings was offered nothing: they just listen to nothing any more.
        """
        clock = self._desk.parts.clock
        await clock.sleep((ringing.deadline - self._desk.now()).total_seconds())
        # When it was answered or ended at the same moment, the switch refuses once.
        await persist(
            clock, lambda: self._miss(ringing), failures=_CAN_FAIL, name="take the offer back"
        )

    async def _miss(self, ringing: WatchRinging) -> None:
        desk = self._desk
        async with self._turn(ringing.tenant_id, ringing.call_id) as lane:
            offered = await desk.parts.store.run(lambda tx: _rings_still(tx, ringing))
            if offered is not None and offered.is_supervisor:
                await self._stop_ringing(lane, ringing)
            elif offered is not None:
                async with taken_back(desk, lane, offered, HangupStatus.MISSED_AGENT) as work:
                    await desk.write(work)

    async def _stop_ringing(self, lane: Lane, ringing: WatchRinging) -> None:
        """End what rings at a supervisor; the switch would also end what was answered just now."""
        desk, call_id, who = self._desk, ringing.call_id, ringing.participant_id
        if _rings(desk.in_switch(call_id), who):
            await self._hang_up(lane, call_id, who)
        else:
            await desk.catch_up(ringing.tenant_id, call_id)

    async def _give_up(self, hopeless: Hopeless) -> None:
        """Ask the switch to drop who cannot be reached; who else is on the call hears of it.

        When that fails, routing decides anew after a pause: the agent may be able by then.
        """
        desk = self._desk
        try:
            async with self._turn(hopeless.tenant_id, hopeless.call_id) as lane:
                if not await desk.parts.store.run(lambda tx: _still_waits(tx, hopeless)):
                    return
                ending = Ending(unreached=hopeless.leg_id)
                await self._hang_up(lane, hopeless.call_id, hopeless.leg_id, ending)
        except _CAN_FAIL as error:
            _log.warning("party_not_dropped", call=hopeless.call_id, exc_info=error)
            await desk.parts.clock.sleep(_PAUSE)
            desk.follow(RouteCalls(tenant_id=hopeless.tenant_id))
        finally:
            self._going_on.discard(hopeless.leg_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A call that rings at an agent."""

    call_id: str
    agent: AgentKey
    participant_id: str
    """The agent's part in it."""
    is_supervisor: bool = False
    """Whether the agent is only to listen, with the desk phone."""


@asynccontextmanager
async def taken_back(
    desk: Desk, lane: Lane, offered: Offered, status: HangupStatus
) -> AsyncGenerator[Callable[[Ledger], None]]:
    """Stop the ringing at an agent; the block gets what writes that down.

    Args:
        desk: The tools.
        lane: The call's turn, which the caller has.
        offered: What rings where.
        status: Why it stops: declined, missed, or the agent could not be reached.

    Raises:
        SwitchError: The agent answered meanwhile, or the call is over.
        CommandRefusedError: The switch did not answer in time.
    """
    await desk.switch(desk.parts.pbx.withdraw_offer(offered.call_id, offered.agent))
    is_gone = has_left(offered.participant_id)

    def is_it(event: PbxEvent) -> bool:
        # Whoever was added may have been removed at the same moment.
        return is_withdrawn(event, offered.agent) or is_gone(event)

    async with desk.effect(lane, is_it) as event:
        ending = Ending(status=status)
        yield lambda ledger: desk.recorder.record(ledger, event, ending=ending)


def is_withdrawn(event: PbxEvent, agent: AgentKey) -> bool:
    """Whether the event says that a call stopped ringing at the agent."""
    return isinstance(event, AgentWithdrawn) and event.agent_id == agent.agent_id


def has_left(participant_id: str) -> Callable[[PbxEvent], bool]:
    """Return what tells that somebody has left, alone or because the call is over."""

    def is_it(event: PbxEvent) -> bool:
        if isinstance(event, PartyLeft):
            return event.participant_id == participant_id
        return isinstance(event, CallOver | DialFailed)

    return is_it


def _still_fits(tx: Transaction, offer: Offer) -> bool:
    record = tx.call(offer.agent.tenant_id, offer.call_id)
    agent = tx.agent(offer.agent)
    waiting = None if record is None else find_waiting(record, offer)
    return (
        waiting is not None
        and agent is not None
        and is_free(agent)
        and waiting.may_be_offered_to(agent)
    )


def _supervisor(tx: Transaction, offer: Offer) -> ParticipantSnapshot | None:
    record = tx.call(offer.agent.tenant_id, offer.call_id)
    return None if record is None else record.supervisor(offer.agent.agent_id)


def _is_on(tx: Transaction, late: TakeBackOffer) -> bool:
    record = tx.call(late.agent.tenant_id, late.call_id)
    own = None if record is None else record.agent(late.agent.agent_id)
    return own is not None and own.participant_type is not ParticipantType.SUPERVISOR


def _still_waits(tx: Transaction, hopeless: Hopeless) -> bool:
    record = tx.call(hopeless.tenant_id, hopeless.call_id)
    return record is not None and any(
        one.waiting_id == hopeless.leg_id and one.is_for_one_agent for one in waiting_of(record)
    )


def _rings_still(tx: Transaction, ringing: WatchRinging) -> Offered | None:
    record = tx.call(ringing.tenant_id, ringing.call_id)
    party = None if record is None else record.party(ringing.participant_id)
    if record is None or party is None or party.agent_id is None:
        return None
    is_supervisor = party.participant_type is ParticipantType.SUPERVISOR
    is_it = is_supervisor or _deadline(record, ringing.participant_id) == ringing.deadline
    if not is_it or party.state is not ParticipantState.RINGING:
        return None
    return Offered(
        call_id=ringing.call_id,
        agent=AgentKey(tenant_id=ringing.tenant_id, agent_id=party.agent_id),
        participant_id=ringing.participant_id,
        is_supervisor=is_supervisor,
    )


def _rings(switch_call: SwitchCall | None, participant_id: str) -> bool:
    return switch_call is not None and any(
        one.participant_id == participant_id and one.state is ParticipantState.RINGING
        for one in switch_call.call.participants
    )


def _deadline(record: CallRecord, participant_id: str) -> object:
    leg = record.leg(participant_id)
    return record.ring_deadline if leg is None else leg.ring_deadline
