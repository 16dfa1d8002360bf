"""From what waits, a call or somebody who was added to one, to an agent's ringing phone."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from server.contact_center.announcing import Announcing
from server.contact_center.desk import Desk
from server.contact_center.ledger import (
    AnnounceCall,
    FollowUp,
    PlaceLeg,
    RouteCalls,
    TakeBackOffer,
    WatchRinging,
)
from server.contact_center.matching import Waiting, is_routable, match, waiting_of
from server.contact_center.offers import Offers
from server.entities import Agent, AgentKey
from server.store import Transaction


class Routing:
    """Begins what follows from a transaction: telling Salesforce, offering, watching."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._offers = Offers(desk)
        self._announcing = Announcing(desk)
        self._locks: dict[str, asyncio.Lock] = {}

    def follow(self, follow_up: FollowUp) -> None:
        """Begin what follows from a transaction."""
        start = self._desk.background.start
        match follow_up:
            case RouteCalls():
                start(self._route(follow_up.tenant_id), name="route calls")
            case AnnounceCall():
                start(self._announcing.announce_call(follow_up), name="announce call")
            case PlaceLeg():
                start(self._place(follow_up, self._keep_free(follow_up)), name="place leg")
            case WatchRinging():
                start(self._offers.watch(follow_up), name="watch ringing")
            case TakeBackOffer():
                start(self._offers.take_back(follow_up), name="take back offer")

    async def voice_call_created(self, tenant_id: str, key: str, voice_call_id: str) -> None:
        """Write down a VoiceCall's id and tell it to the agents on the call."""
        await self._announcing.voice_call_created(tenant_id, key, voice_call_id)

    async def route(self, tenant_id: str) -> None:
        """Offer everything that waits to somebody who is able, the longest available first."""
        async with self._locks.setdefault(tenant_id, asyncio.Lock()):
            going_on, owners = self._offers.going_on, self._desk.reserved.owners
            resting = self._offers.resting
            found = await self._desk.parts.store.run(
                lambda tx: match(*self._waiting_and_able(tx, tenant_id, going_on), owners, resting)
            )
            for offer in found.offers:
                self._offers.begin(offer)
            for hopeless in found.hopeless:
                self._offers.give_up(hopeless)

    async def _route(self, tenant_id: str) -> None:
        """Route, however long the store fails: nobody else may come to ask for it."""
        await self._desk.patiently(lambda: self.route(tenant_id), name="route calls")

    def _waiting_and_able(
        self, tx: Transaction, tenant_id: str, going_on: frozenset[str]
    ) -> tuple[Sequence[Waiting], Sequence[Agent]]:
        desk = self._desk
        since = desk.now() - timedelta(seconds=desk.settings.link_grace_seconds)
        waiting = [
            one
            for record in tx.waiting_calls(tenant_id)
            for one in waiting_of(record)
            if one.waiting_id not in going_on
        ]
        able = [agent for agent in tx.agents(tenant_id) if is_routable(agent, since)]
        return waiting, able

    # ---- an added party ------------------------------------------------------------------------

    def _keep_free(self, placing: PlaceLeg) -> AgentKey | None:
        """Keep whom an added party is for free, until it rings there; None when it cannot be."""
        if placing.wanted_agent_id is None:
            return None
        wanted = AgentKey(tenant_id=placing.tenant_id, agent_id=placing.wanted_agent_id)
        return wanted if self._desk.reserved.take(wanted, placing.call_id) else None

    async def _place(self, placing: PlaceLeg, kept_free: AgentKey | None) -> None:
        try:
            await self._desk.patiently(
                lambda: self._announcing.announce_leg(placing), name="place leg"
            )
            await self._route(placing.tenant_id)
        finally:
            if kept_free is not None:
                self._desk.reserved.release(kept_free, placing.call_id)
                self._desk.follow(RouteCalls(tenant_id=placing.tenant_id))
