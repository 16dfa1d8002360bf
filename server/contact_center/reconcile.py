"""After a restart: what happened in the switch meanwhile is written down as if it were heard."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from connector_py.call_model import differences
from connector_py.entities import (
    CallEnded,
    CallSnapshot,
    CallType,
    CallUpdated,
    HangupStatus,
    Notification,
    ParticipantAdded,
    ParticipantConnected,
    ParticipantLeft,
    ParticipantType,
)
from server.contact_center.call_changes import CallChanges
from server.contact_center.ledger import Ledger, WatchRinging
from server.contact_center.links import close_link
from server.entities import CallRecord, Routing, SwitchCall
from server.pbx import EndedBy


class Reconciler:
    """Brings the records and the switch together."""

    def __init__(self, changes: CallChanges) -> None:
        self._changes = changes

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
        leftover = [call_id for call_id, call in in_switch.items() if not self._one(ledger, call)]
        for record in ledger.tx.active_calls():
            self._go_on(ledger, record)
        return leftover

    def _one(self, ledger: Ledger, switch_call: SwitchCall) -> bool:
        """Bring one call up to date; False when its record says that it is over."""
        tenant_id, call_id = switch_call.tenant_id, switch_call.call.call_id
        record = ledger.tx.call(tenant_id, call_id)
        if record is not None and record.is_over:
            return False
        if record is None:
            self._begin(ledger, switch_call)
            record = ledger.tx.call(tenant_id, call_id)
        if record is not None:
            missed = _missed(record.call, switch_call.call, ledger.at)
            for notification in missed:
                self._apply(ledger, tenant_id, call_id, notification)
        return True

    def _begin(self, ledger: Ledger, switch_call: SwitchCall) -> None:
        if switch_call.call.call_type is CallType.INBOUND:
            alone = tuple(
                one
                for one in switch_call.call.participants
                if one.participant_type is not ParticipantType.AGENT
            )
            call = replace(switch_call.call, participants=alone)
            self._changes.arrived(ledger, replace(switch_call, call=call))
        else:
            self._changes.dial_started(ledger, switch_call)

    def _apply(
        self, ledger: Ledger, tenant_id: str, call_id: str, notification: Notification
    ) -> None:
        record = ledger.tx.call(tenant_id, call_id)
        if record is None or record.is_over:
            return
        match notification:
            case ParticipantAdded():
                self._changes.rings_at(ledger, record, notification.participant)
            case ParticipantConnected():
                self._changes.connected(
                    ledger, record, notification.participant_id, notification.at
                )
            case ParticipantLeft():
                self._left(ledger, record, notification)
            case CallEnded():
                self._changes.over(ledger, record, at=notification.at, ended_by=EndedBy.CUSTOMER)
            case _:
                self._changes.apply(ledger, record, notification)

    def _left(self, ledger: Ledger, record: CallRecord, left: ParticipantLeft) -> None:
        """An offer was withdrawn: missed when its time was over, else the agent declined."""
        for participant in record.agents:
            if participant.participant_id == left.participant_id and participant.agent_id:
                is_late = record.ring_deadline is not None and record.ring_deadline <= ledger.at
                status = HangupStatus.MISSED_AGENT if is_late else HangupStatus.DECLINED
                self._changes.offer_ended(ledger, record, participant.agent_id, status)

    def _go_on(self, ledger: Ledger, record: CallRecord) -> None:
        """Go on with what the stop interrupted: telling, waiting and ringing."""
        self._changes.announced(ledger, record)
        if record.is_waiting:
            ledger.save_call(record)
        if record.call.voice_call_id is not None:
            self._changes.voice_call_created(ledger, record, record.call.voice_call_id)
        if record.routing is Routing.OFFERED and record.ring_deadline is not None:
            for participant in record.agents:
                ledger.follow(
                    WatchRinging(
                        tenant_id=record.tenant_id,
                        call_id=record.call_id,
                        participant_id=participant.participant_id,
                        deadline=record.ring_deadline,
                    )
                )


def _missed(known: CallSnapshot, switch: CallSnapshot, at: datetime) -> Sequence[Notification]:
    """Return what happened to a call, looking only at what the switch decides."""
    seen = replace(
        known, participants=switch.participants, recording=switch.recording, ended_at=None
    )
    return [
        notification
        for notification in differences([known], [seen], at)
        if not isinstance(notification, CallUpdated)
    ]
