"""What the switch says, written down: one function for each kind of event."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from connector_py.entities import HangupStatus
from server.contact_center.call_changes import CallChanges
from server.contact_center.endings import NO_ENDING, Ending
from server.contact_center.ledger import Ledger
from server.contact_center.supervisors import with_supervisor
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
    PartyAdded,
    PartyAnswered,
    PartyLeft,
    PbxEvent,
    WithdrawReason,
)

_STATUSES: Mapping[WithdrawReason, HangupStatus] = MappingProxyType(
    {
        WithdrawReason.DECLINED: HangupStatus.DECLINED,
        WithdrawReason.MISSED: HangupStatus.MISSED_AGENT,
        WithdrawReason.FAILED: HangupStatus.FAILED_CONNECT_AGENT,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRecorder:
    """Writes events of the switch into the ledger."""

    changes: CallChanges

    def record(self, ledger: Ledger, event: PbxEvent, *, ending: Ending = NO_ENDING) -> None:
        """Write an event.

        Args:
            ledger: The transaction.
            event: What happened.
            ending: What is known about an end that was asked for, when that is the event.
        """
        match event:
            case CallArrived():
                self.changes.arrived(ledger, event.switch_call)
            case DialStarted():
                self.changes.dial_started(ledger, event.switch_call)
            case _:
                record = ledger.tx.call(event.tenant_id, event.call_id)
                if record is not None and not record.is_over:
                    self._change(ledger, record, event, ending)

    def _change(self, ledger: Ledger, record: CallRecord, event: PbxEvent, ending: Ending) -> None:
        match event:
            case AgentRinging():
                self.changes.rang(ledger, record, event.participant)
            case AgentWithdrawn():
                status = ending.status or _status(event.reason)
                self.changes.offer_ended(ledger, record, event.agent_id, status)
            case AgentAnswered() | CustomerAnswered() | PartyAnswered():
                self.changes.connected(ledger, record, event.participant_id, event.at)
            case PartyAdded():
                self.changes.legs.added(ledger, record, event.participant)
            case ControlChanged():
                self.changes.apply(ledger, record, with_supervisor(record, event.notification))
            case PartyLeft() | CallOver() | DialFailed():
                self._end(ledger, record, event, ending)
            case _:
                raise TypeError(f"no rule for the event {type(event).__name__}")

    def _end(
        self,
        ledger: Ledger,
        record: CallRecord,
        event: PartyLeft | CallOver | DialFailed,
        ending: Ending,
    ) -> None:
        match event:
            case PartyLeft():
                self.changes.left(
                    ledger,
                    record,
                    event.participant_id,
                    at=event.at,
                    failure=event.failure,
                    ending=ending,
                )
            case CallOver():
                self.changes.over(
                    ledger, record, at=event.at, ended_by=event.ended_by, ending=ending
                )
            case DialFailed():
                self.changes.over(ledger, record, at=event.at, ended_by=EndedBy.SWITCH)


def _status(reason: WithdrawReason | None) -> HangupStatus | None:
    return None if reason is None else _STATUSES[reason]
