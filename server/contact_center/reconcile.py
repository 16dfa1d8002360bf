"""After a restart: what happened in the switch meanwhile is written down as if it were heard."""

from collections.abc import Sequence
from datetime import datetime

from connector_py.entities import ParticipantType
from server.contact_center.call_changes import CallChanges
from server.contact_center.ledger import AnnounceCall, Ledger, WatchRinging
from server.contact_center.leg_changes import placing
from server.contact_center.links import close_link
from server.contact_center.missed_events import MissedEvents
from server.entities import CallRecord, LegRouting, OutboxKind, Routing, SwitchCall
from server.pbx import EndedBy


class Reconciler:
    """Brings the records and the switch together."""

    def __init__(self, changes: CallChanges) -> None:
        self._changes = changes
        self._missed = MissedEvents(changes)

    def reconcile(self, ledger: Ledger, active: Sequence[SwitchCall]) -> Sequence[str]:
        """Write down what was missed.

        Args:
            ledger: The transaction.
            active: The calls that go on in the switch.

        Returns:
            Ids of calls that go on in the switch although their record says that they are over;
            the switch is to end them.
        """
        for tenant in ledger.tx.tenants():
            for agent in ledger.tx.agents(tenant.tenant_id):
                close_link(ledger, agent)
        in_switch = {call.call.call_id: call for call in active}
        for record in ledger.tx.active_calls():
            if record.call_id not in in_switch:
                self._changes.over(ledger, record, at=ledger.at, ended_by=EndedBy.CUSTOMER)
        leftover = [
            call_id for call_id, call in in_switch.items() if not self._missed.one(ledger, call)
        ]
        for record in ledger.tx.active_calls():
            self._go_on(ledger, record)
        return leftover

    def _go_on(self, ledger: Ledger, record: CallRecord) -> None:
        """Go on with what the stop interrupted: telling, waiting and ringing."""
        if not _asks_flow(ledger, record):
            self._changes.announced(ledger, record)
        record = ledger.tx.call(record.tenant_id, record.call_id) or record
        if record.call.voice_call_id is not None:
            self._changes.voice_call_created(
                ledger, record, record.call_id, record.call.voice_call_id
            )
        if record.routing is Routing.OFFERED:
            for participant in record.agents:
                if participant.participant_type is ParticipantType.AGENT:
                    _watch(ledger, record, participant.participant_id, record.ring_deadline)
        self._changes.legs.watch_supervisors(ledger, record)
        for leg in record.legs:
            if record.party(leg.participant_id) is not None:
                self._go_on_with_leg(ledger, record, leg)
        now = ledger.tx.call(record.tenant_id, record.call_id)
        if now is not None and now.is_waiting:
            ledger.save_call(now)

    def _go_on_with_leg(self, ledger: Ledger, record: CallRecord, leg: LegRouting) -> None:
        """Go on with an added party: only what a flow says is worth telling Salesforce again."""
        if leg.routing is Routing.OFFERED:
            _watch(ledger, record, leg.participant_id, leg.ring_deadline)
        elif leg.routing is Routing.ANNOUNCING and leg.flow_dev_name is not None:
            ledger.follow(placing(record, leg))
        elif leg.routing is Routing.ANNOUNCING:
            known = ledger.tx.call(record.tenant_id, record.call_id) or record
            self._changes.legs.placed(ledger, known, leg.participant_id, None)


def _asks_flow(ledger: Ledger, record: CallRecord) -> bool:
    """Ask the flow of a call that came in who gets it, when that was interrupted."""
    if record.flow is None or record.routing is not Routing.ANNOUNCING:
        return False
    for entry in ledger.tx.outbox_entries(record.tenant_id, record.call_id):
        if entry.kind is OutboxKind.CREATE_VOICE_CALL:
            ledger.follow(
                AnnounceCall(
                    tenant_id=record.tenant_id, call_id=record.call_id, entry_id=entry.entry_id
                )
            )
            return True
    return False


def _watch(
    ledger: Ledger, record: CallRecord, participant_id: str, deadline: datetime | None
) -> None:
    if deadline is not None:
        ledger.follow(
            WatchRinging(
                tenant_id=record.tenant_id,
                call_id=record.call_id,
                participant_id=participant_id,
                deadline=deadline,
            )
        )
