"""From a call that came in to an agent's ringing phone."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from connector_py.entities import AgentState, HangupStatus, ParticipantState
from connector_py.errors import CommandRefusedError
from server.contact_center.desk import Desk
from server.contact_center.ledger import (
    AnnounceCall,
    FollowUp,
    Ledger,
    RouteCalls,
    WatchRinging,
)
from server.contact_center.waiting import within
from server.entities import Agent, AgentKey, CallRecord
from server.logs import get_logger
from server.pbx import AgentRinging, AgentWithdrawn, PbxEvent, SwitchError
from server.store import Transaction

_log = get_logger(__name__)

_NEVER = datetime.max.replace(tzinfo=UTC)
_MARGIN_SECONDS = 0.5
"""How much longer than its own deadline the delivery to Salesforce may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A call that is to ring at an agent."""

    call_id: str
    agent: AgentKey


class Routing:
    """Announces calls to Salesforce, offers them to agents, and takes them back unanswered."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._locks: dict[str, asyncio.Lock] = {}
        self._offering: set[str] = set()

    def follow(self, follow_up: FollowUp) -> None:
        """Begin what follows from a transaction."""
        start = self._desk.background.start
        match follow_up:
            case RouteCalls():
                start(self.route(follow_up.tenant_id), name="route calls")
            case AnnounceCall():
                start(self._announce(follow_up), name="announce call")
            case WatchRinging():
                start(self._watch(follow_up), name="watch ringing")

    # ---- Salesforce first, but never for long ------------------------------------------------

    async def _announce(self, announcing: AnnounceCall) -> None:
        """Tell Salesforce of the call, then let it ring, at the latest after the time limit.

        Guide chapter 5: three retries, then the call is routed without its VoiceCall.
        """
        desk = self._desk
        limit = desk.settings.salesforce_seconds
        telling = desk.background.start(
            self._tell_salesforce(announcing, limit), name="tell Salesforce"
        )
        try:
            await within(desk.parts.clock, limit + _MARGIN_SECONDS, telling)
        except TimeoutError:
            _log.warning("salesforce_too_slow", call=announcing.call_id)
        finally:
            await desk.write_patiently(lambda ledger: self._announced(ledger, announcing))

    async def _tell_salesforce(self, announcing: AnnounceCall, limit: float) -> None:
        voice_call_id = await self._desk.parts.salesforce.try_now(
            announcing.entry_id, deadline=limit
        )
        if voice_call_id is not None:
            await self.voice_call_created(announcing.tenant_id, announcing.call_id, voice_call_id)

    def _announced(self, ledger: Ledger, announcing: AnnounceCall) -> None:
        record = ledger.tx.call(announcing.tenant_id, announcing.call_id)
        if record is not None:
            self._desk.changes.announced(ledger, record)

    async def voice_call_created(self, tenant_id: str, call_id: str, voice_call_id: str) -> None:
        """Write down a VoiceCall's id and tell it to the agents on the call."""

        def work(ledger: Ledger) -> None:
            record = ledger.tx.call(tenant_id, call_id)
            if record is not None:
                self._desk.changes.voice_call_created(ledger, record, voice_call_id)

        await self._desk.write(work)

    # ---- whom to offer to ----------------------------------------------------------------------

    async def route(self, tenant_id: str) -> None:
        """Offer every waiting call to somebody who is able, the longest available first."""
        desk = self._desk
        async with self._locks.setdefault(tenant_id, asyncio.Lock()):
            since = desk.now() - timedelta(seconds=desk.settings.link_grace_seconds)
            taken = frozenset(desk.reserved)
            offered = frozenset(self._offering)
            found = await desk.parts.store.run(
                lambda tx: match_calls(
                    [one for one in tx.waiting_calls(tenant_id) if one.call_id not in offered],
                    [
                        one
                        for one in tx.agents(tenant_id)
                        if one.key not in taken and is_routable(one, since)
                    ],
                )
            )
            for offer in found:
                if offer.agent not in desk.reserved and offer.call_id not in self._offering:
                    desk.reserved.add(offer.agent)
                    self._offering.add(offer.call_id)
                    desk.background.start(self._offer(offer), name="offer call")

    # ---- offering ------------------------------------------------------------------------------

    async def _offer(self, offer: Offer) -> None:
        desk = self._desk
        try:
            async with desk.lanes.hold(offer.call_id) as lane:
                if not await desk.parts.store.run(lambda tx: _still_fits(tx, offer)):
                    return
                await desk.switch(
                    desk.parts.pbx.offer(
                        offer.call_id, offer.agent, participant_id=desk.parts.ids.new_id()
                    )
                )
                async with desk.effect(
                    lane,
                    lambda event: (
                        isinstance(event, AgentRinging)
                        and event.participant.agent_id == offer.agent.agent_id
                    ),
                ) as event:
                    await desk.write(lambda ledger: desk.recorder.record(ledger, event))
        except (SwitchError, CommandRefusedError) as error:
            _log.warning("offer_failed", call=offer.call_id, exc_info=error)
            await self._not_reachable(offer)
            if isinstance(error, CommandRefusedError):
                await self._take_back(offer)
        finally:
            desk.reserved.discard(offer.agent)
            self._offering.discard(offer.call_id)
            self.follow(RouteCalls(tenant_id=offer.agent.tenant_id))

    async def _take_back(self, offer: Offer) -> None:
        """An offer that took too long may still come to ring: the agent may get another call."""
        try:
            await self._desk.switch(self._desk.parts.pbx.withdraw_offer(offer.call_id, offer.agent))
        except (SwitchError, CommandRefusedError) as error:
            _log.info("offer_not_withdrawn", call=offer.call_id, exc_info=error)

    async def _not_reachable(self, offer: Offer) -> None:
        def work(ledger: Ledger) -> None:
            record = ledger.tx.call(offer.agent.tenant_id, offer.call_id)
            if record is not None and record.is_waiting:
                self._desk.changes.not_reachable(ledger, record, offer.agent.agent_id)

        await self._desk.write(work)

    # ---- nobody answers ------------------------------------------------------------------------

    async def _watch(self, ringing: WatchRinging) -> None:
        """Take a call back when its deadline has passed and it still rings."""
        desk = self._desk
        seconds = (ringing.deadline - desk.now()).total_seconds()
        await desk.parts.clock.sleep(seconds)
        async with desk.lanes.hold(ringing.call_id) as lane:
            agent = await desk.parts.store.run(lambda tx: _rings_still(tx, ringing))
            if agent is None:
                return
            try:
                await desk.switch(desk.parts.pbx.withdraw_offer(ringing.call_id, agent))
                async with desk.effect(lane, lambda event: is_withdrawn(event, agent)) as event:
                    await desk.write(
                        lambda ledger: desk.recorder.record(
                            ledger, event, withdrawn=HangupStatus.MISSED_AGENT
                        )
                    )
            except (SwitchError, CommandRefusedError) as error:
                # It was answered or ended at the same moment: that comes as an event.
                _log.info("offer_not_withdrawn", call=ringing.call_id, exc_info=error)


def is_withdrawn(event: PbxEvent, agent: AgentKey) -> bool:
    """Whether the event says that a call stopped ringing at the agent."""
    return isinstance(event, AgentWithdrawn) and event.agent_id == agent.agent_id


def is_routable(agent: Agent, linked_after: datetime) -> bool:
    """Whether an agent may get a call.

    Args:
        agent: The agent.
        linked_after: A connector whose line broke before this does not count any more.
    """
    link = agent.link
    if agent.state is not AgentState.AVAILABLE or link is None:
        return False
    return link.is_open or (link.closed_at is not None and link.closed_at >= linked_after)


def match_calls(waiting: Sequence[CallRecord], able: Sequence[Agent]) -> Sequence[Offer]:
    """Return who gets which call: the call that waits longest chooses first.

    A call goes to the agent it is meant for, when able, else to the one available longest; never
    to one who had it already.

    Args:
        waiting: Calls, the one that waits longest first.
        able: Agents who may get a call.
    """
    left = sorted(able, key=lambda agent: (agent.available_since or _NEVER, agent.agent_id))
    offers: list[Offer] = []
    for record in waiting:
        agent = _choose(record, left)
        if agent is not None:
            left.remove(agent)
            offers.append(Offer(call_id=record.call_id, agent=agent.key))
    return offers


def _choose(record: CallRecord, able: Sequence[Agent]) -> Agent | None:
    candidates = [agent for agent in able if record.may_be_offered_to(agent)]
    for agent in candidates:
        if agent.agent_id == record.wanted_agent_id:
            return agent
    return candidates[0] if candidates else None


def _still_fits(tx: Transaction, offer: Offer) -> bool:
    record = tx.call(offer.agent.tenant_id, offer.call_id)
    agent = tx.agent(offer.agent)
    return (
        record is not None
        and agent is not None
        and record.is_waiting
        and agent.state is AgentState.AVAILABLE
        and record.may_be_offered_to(agent)
    )


def _rings_still(tx: Transaction, ringing: WatchRinging) -> AgentKey | None:
    record = tx.call(ringing.tenant_id, ringing.call_id)
    if record is None or record.is_over:
        return None
    for participant in record.agents:
        is_it = participant.participant_id == ringing.participant_id
        if is_it and participant.state is ParticipantState.RINGING and participant.agent_id:
            return AgentKey(tenant_id=ringing.tenant_id, agent_id=participant.agent_id)
    return None
