"""What the switch says, written down: one function for each kind of event."""

from dataclasses import dataclass

from connector_py.entities import HangupStatus
from server.contact_center.call_changes import CallChanges
from server.contact_center.ledger import Ledger
from server.entities import CallRecord
from server.pbx import (
    AgentAnswered,
    AgentRinging,
    AgentWithdrawn,
    CallArrived,
    CallOver,
    ControlChanged,
    CustomerAnswered,
    DialFailed,
    DialStarted,
    EndedBy,
    PbxEvent,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRecorder:
    """Writes events of the switch into the ledger."""

    changes: CallChanges

    def record(
        self,
        ledger: Ledger,
        event: PbxEvent,
        *,
        withdrawn: HangupStatus = HangupStatus.MISSED_AGENT,
    ) -> None:
        """Write an event.

        Args:
            ledger: The transaction.
            event: What happened.
            withdrawn: Why a call stopped ringing at an agent, when that is the event.
        """
        match event:
            case CallArrived():
                self.changes.arrived(ledger, event.switch_call)
            case DialStarted():
                self.changes.dial_started(ledger, event.switch_call)
            case _:
                record = ledger.tx.call(event.tenant_id, event.call_id)
                if record is not None and not record.is_over:
                    self._change(ledger, record, event, withdrawn)

    def _change(
        self, ledger: Ledger, record: CallRecord, event: PbxEvent, withdrawn: HangupStatus
    ) -> None:
        match event:
            case AgentRinging():
                self.changes.rings_at(ledger, record, event.participant)
            case AgentWithdrawn():
                self.changes.offer_ended(ledger, record, event.agent_id, withdrawn)
            case AgentAnswered() | CustomerAnswered():
                self.changes.connected(ledger, record, event.participant_id, event.at)
            case ControlChanged():
                self.changes.apply(ledger, record, event.notification)
            case CallOver():
                self.changes.over(ledger, record, at=event.at, ended_by=event.ended_by)
            case DialFailed():
                self.changes.over(ledger, record, at=event.at, ended_by=EndedBy.SWITCH)
            case _:
                raise TypeError(f"no rule for the event {type(event).__name__}")
