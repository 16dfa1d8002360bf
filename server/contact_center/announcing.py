"""Salesforce is told of a call, or of an added party, before it rings; but never for long."""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from server.contact_center.desk import Desk
from server.contact_center.ledger import AnnounceCall, Ledger, PlaceLeg
from server.contact_center.voice_call_requests import clear_routing_entry
from server.contact_center.waiting import within
from server.entities import CallRecord, FlowOrder, FlowTarget, LegRouting, Routing
from server.logs import get_logger
from server.store import Transaction

T = TypeVar("T")
_log = get_logger(__name__)

_MARGIN_SECONDS = 0.5
"""How much longer than its own deadline the delivery to Salesforce may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """What came of asking a flow."""

    target: FlowTarget | None = None
    is_open: bool = False
    """Whether it was asked and no answer is known, so that it may run all the same."""


_NOT_ASKED = _Answer()


class Announcing:
    """Tells Salesforce, then lets the call ring, at the latest after the time limit.

    Guide chapter 5: three retries, then the call is routed without its VoiceCall.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def announce_call(self, announcing: AnnounceCall) -> None:
        """Tell Salesforce of a call that came in, and ask its flow, if it has one, who gets it.

        Both together take no longer than the time limit.
        """
        desk = self._desk
        tenant_id, call_id = announcing.tenant_id, announcing.call_id
        ends = desk.now() + timedelta(seconds=desk.settings.salesforce_seconds)
        answer = _NOT_ASKED
        try:
            await self._tell(tenant_id, call_id, announcing.entry_id, ends)
            order = await desk.parts.store.run(lambda tx: _flow_of_call(tx, announcing))
            if order is not None:
                answer = _Answer(is_open=True)
                answer = await self._ask_flow(tenant_id, call_id, order, ends)
        except Exception as error:  # noqa: BLE001 - the call must ring whatever is broken here
            _log.error("not_announced", call=call_id, exc_info=error)
        await desk.write_patiently(lambda ledger: self._announced(ledger, announcing, answer))

    def _announced(self, ledger: Ledger, announcing: AnnounceCall, answer: _Answer) -> None:
        record = ledger.tx.call(announcing.tenant_id, announcing.call_id)
        if record is None:
            return
        if record.is_over and answer.is_open:
            self._clear_once_more(ledger, record, record.call_id)
        self._desk.changes.announced(ledger, record, answer.target)

    async def announce_leg(self, placing: PlaceLeg) -> None:
        """Tell Salesforce of an added party, and ask its flow, if it has one, who gets it.

        Both together take no longer than the time limit. A flow that does not answer leaves the
        party to whoever is able.
        """
        desk = self._desk
        ends = desk.now() + timedelta(seconds=desk.settings.salesforce_seconds)
        leg = await desk.parts.store.run(lambda tx: _announced_leg(tx, placing))
        if leg is None:
            return
        answer = _NOT_ASKED
        try:
            if leg.entry_id is not None:
                await self._tell(placing.tenant_id, leg.participant_id, leg.entry_id, ends)
            order = await desk.parts.store.run(lambda tx: _flow_of_leg(tx, placing))
            if order is not None:
                answer = _Answer(is_open=True)
                answer = await self._ask_flow(
                    placing.tenant_id, placing.participant_id, order, ends
                )
        except Exception as error:  # noqa: BLE001 - the party must ring whatever is broken here
            _log.error("not_announced", call=placing.call_id, exc_info=error)
        await desk.write_patiently(lambda ledger: self._placed(ledger, placing, answer))

    def _placed(self, ledger: Ledger, placing: PlaceLeg, answer: _Answer) -> None:
        record = ledger.tx.call(placing.tenant_id, placing.call_id)
        if record is None:
            return
        if record.party(placing.participant_id) is None and answer.is_open:
            self._clear_once_more(ledger, record, placing.participant_id)
        if not record.is_over:
            self._desk.changes.legs.placed(ledger, record, placing.participant_id, answer.target)

    async def voice_call_created(self, tenant_id: str, key: str, voice_call_id: str) -> None:
        """Write down a VoiceCall's id and tell it to the agents on the call.

        Args:
            tenant_id: Whose call it is.
            key: The vendorCallKey: a call's id, or the participant id of an added party. Any
                other, such as that of a voicemail, is nobody's here.
            voice_call_id: Id of the VoiceCall.
        """

        def work(ledger: Ledger) -> None:
            record = ledger.tx.call_by_key(tenant_id, key)
            if record is not None:
                self._desk.changes.voice_call_created(ledger, record, key, voice_call_id)

        await self._desk.write(work)

    # ---- inside --------------------------------------------------------------------------------

    async def _tell(self, tenant_id: str, key: str, entry_id: str, ends: datetime) -> None:
        limit = self._seconds_until(ends)

        async def tell() -> None:
            salesforce = self._desk.parts.salesforce
            voice_call_id = await salesforce.try_now(entry_id, deadline=limit)
            if voice_call_id is not None:
                await self.voice_call_created(tenant_id, key, voice_call_id)

        # What takes too long is not stopped: the id that comes late is told all the same.
        telling = self._desk.background.start(tell(), name="tell Salesforce")
        await self._at_most(limit, key, telling)

    async def _ask_flow(
        self, tenant_id: str, key: str, order: FlowOrder, ends: datetime
    ) -> _Answer:
        limit = self._seconds_until(ends)
        if limit <= 0:
            _log.warning("flow_not_asked", call=key)
            return _NOT_ASKED
        asking = self._desk.parts.salesforce.execute_flow(
            tenant_id,
            key,
            flow_dev_name=order.flow_dev_name,
            dialed_number=order.dialed_number,
            fallback_queue=order.fallback_queue,
            deadline=limit,
        )
        target = await self._at_most(limit, key, asking)
        return _Answer(target=target, is_open=target is None)

    def _clear_once_more(self, ledger: Ledger, record: CallRecord, key: str) -> None:
        """Order the end of the routing that a flow without an answer may still make.

        The end of the call has ordered one, but Salesforce may be slower with the flow than that.
        """
        patience = timedelta(seconds=self._desk.settings.salesforce_seconds)
        ledger.tx.enqueue(
            clear_routing_entry(
                record,
                vendor_call_key=key,
                occurrence="flow",
                entry_id=self._desk.parts.ids.new_id(),
                at=ledger.at + patience,
            )
        )

    async def _at_most(self, limit: float, key: str, work: Awaitable[T]) -> T | None:
        try:
            return await within(self._desk.parts.clock, limit + _MARGIN_SECONDS, work)
        except TimeoutError:
            _log.warning("salesforce_too_slow", call=key)
            return None

    def _seconds_until(self, moment: datetime) -> float:
        return max(0.0, (moment - self._desk.now()).total_seconds())


def _announced_leg(tx: Transaction, placing: PlaceLeg) -> LegRouting | None:
    """Return the leg when Salesforce is to be told of it before it rings."""
    record = tx.call(placing.tenant_id, placing.call_id)
    if record is None or record.party(placing.participant_id) is None:
        return None
    leg = record.leg(placing.participant_id)
    return leg if leg is not None and leg.routing is Routing.ANNOUNCING else None


def _flow_of_leg(tx: Transaction, placing: PlaceLeg) -> FlowOrder | None:
    """Return the flow that is to say who gets a leg; none when it has left meanwhile."""
    leg = _announced_leg(tx, placing)
    if leg is None or leg.flow_dev_name is None:
        return None
    return FlowOrder(flow_dev_name=leg.flow_dev_name)


def _flow_of_call(tx: Transaction, announcing: AnnounceCall) -> FlowOrder | None:
    """Return the flow that is to say who gets a call; none when the caller gave up meanwhile."""
    record = tx.call(announcing.tenant_id, announcing.call_id)
    return None if record is None or record.is_over else record.flow
