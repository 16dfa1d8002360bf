"""How a call changes, inside a transaction: validate, change, record, notify."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from connector_py.call_model import Call
from connector_py.entities import (
    CallEnded,
    CallStarted,
    CallType,
    CallUpdated,
    HangupReason,
    HangupStatus,
    Notification,
    ParticipantAdded,
    ParticipantConnected,
    ParticipantHeld,
    ParticipantResumed,
    ParticipantSnapshot,
    ParticipantState,
    ParticipantType,
)
from server.contact_center import agent_changes
from server.contact_center.ledger import (
    AnnounceCall,
    Ledger,
    WatchRinging,
    agent_key,
    is_talking,
)
from server.contact_center.voice_call_requests import create_entry, update_entry
from server.entities import CallRecord, HoldFacts, Routing, SwitchCall
from server.pbx import EndedBy


@dataclass(frozen=True, slots=True, kw_only=True)
class CallChanges:
    """The steps of a call.

    Args:
        ring_seconds: How long a call rings at an agent.
        new_id: Makes the ids of outbox entries.
    """

    ring_seconds: float
    new_id: Callable[[], str]

    def arrived(self, ledger: Ledger, switch_call: SwitchCall) -> None:
        """Write down a call that came in, together with the order to create its VoiceCall."""
        if ledger.tx.call(switch_call.tenant_id, switch_call.call.call_id) is not None:
            return
        record = CallRecord(
            tenant_id=switch_call.tenant_id,
            call=switch_call.call,
            from_number=switch_call.from_number,
            to_number=switch_call.to_number,
            routing=Routing.ANNOUNCING,
            wanted_agent_id=switch_call.wanted_agent_id,
        )
        entry = create_entry(record, entry_id=self.new_id(), at=ledger.at)
        ledger.save_call(record)
        ledger.tx.enqueue(entry)
        ledger.follow(
            AnnounceCall(
                tenant_id=record.tenant_id, call_id=record.call_id, entry_id=entry.entry_id
            )
        )

    def dial_started(self, ledger: Ledger, switch_call: SwitchCall) -> None:
        """Write down an agent's own call. Its VoiceCall is made by Salesforce itself."""
        if ledger.tx.call(switch_call.tenant_id, switch_call.call.call_id) is not None:
            return
        record = CallRecord(
            tenant_id=switch_call.tenant_id,
            call=switch_call.call,
            from_number=switch_call.from_number,
            to_number=switch_call.to_number,
            routing=Routing.ANSWERED,
        )
        for participant in record.agents:
            if participant.agent_id is not None:
                record = replace(record, answered_by=participant.agent_id)
                agent_changes.call_started(ledger, agent_key(record, participant.agent_id))
        ledger.save_call(record)
        ledger.tell_agents(record, CallStarted(call=record.call))

    def announced(self, ledger: Ledger, record: CallRecord) -> None:
        """Let a call look for an agent."""
        if record.routing is Routing.ANNOUNCING and not record.is_over:
            call = replace(record.call, queued_at=ledger.at)
            ledger.save_call(replace(record, call=call, routing=Routing.WAITING))

    def rings_at(
        self, ledger: Ledger, record: CallRecord, participant: ParticipantSnapshot
    ) -> None:
        """Note that the call rings at an agent."""
        if participant.agent_id is None or record.agent(participant.agent_id) is not None:
            return
        added = ParticipantAdded(call_id=record.call_id, participant=participant)
        deadline = ledger.at + timedelta(seconds=self.ring_seconds)
        record = replace(
            record,
            call=Call(record.call).apply(added).snapshot,
            routing=Routing.OFFERED,
            ring_deadline=deadline,
            is_voice_call_told=record.call.voice_call_id is not None,
        )
        key = agent_key(record, participant.agent_id)
        ledger.save_call(record)
        ledger.tell(key, CallStarted(call=record.call))
        agent_changes.call_started(ledger, key)
        ledger.follow(
            WatchRinging(
                tenant_id=record.tenant_id,
                call_id=record.call_id,
                participant_id=participant.participant_id,
                deadline=deadline,
            )
        )

    def offer_ended(
        self, ledger: Ledger, record: CallRecord, agent_id: str, status: HangupStatus
    ) -> None:
        """Take a call back from an agent at whom it rang; somebody else gets it.

        Guide, "Handling Missed Calls and Call Errors": reason `error`, and the conversation stays
        open.
        """
        key = agent_key(record, agent_id)
        agent = ledger.tx.agent(key)
        if record.agent(agent_id) is None or agent is None:
            return
        left = tuple(one for one in record.call.participants if one.agent_id != agent_id)
        ledger.save_call(
            replace(
                record.with_tried(agent),
                call=replace(record.call, participants=left),
                routing=Routing.WAITING,
                ring_deadline=None,
            )
        )
        ledger.tell(key, _failed(record, status, ledger.at))
        agent_changes.call_ended(ledger, key, record.call_id, with_wrap_up=False)

    def not_reachable(self, ledger: Ledger, record: CallRecord, agent_id: str) -> None:
        """Note that the switch could not let the call ring at an agent."""
        agent = ledger.tx.agent(agent_key(record, agent_id))
        if agent is not None:
            ledger.save_call(record.with_tried(agent))

    def connected(
        self, ledger: Ledger, record: CallRecord, participant_id: str, at: datetime
    ) -> None:
        """Note that somebody answered: an agent a call that came in, or a customer."""
        participant = _participant(record, participant_id)
        if participant is None or participant.state is ParticipantState.CONNECTED:
            return
        record = replace(record, answered_at=at)
        if participant.participant_type is ParticipantType.AGENT:
            record = replace(
                record,
                routing=Routing.ANSWERED,
                ring_deadline=None,
                answered_by=participant.agent_id,
            )
        self.apply(
            ledger,
            record,
            ParticipantConnected(call_id=record.call_id, participant_id=participant_id, at=at),
        )

    def apply(self, ledger: Ledger, record: CallRecord, notification: Notification) -> None:
        """Change a call by a notification, and pass that on to the agents on the call."""
        call = Call(record.call).apply(notification).snapshot
        record = replace(record, call=call, holds=_holds(record, notification))
        ledger.save_call(record)
        ledger.tell_agents(record, notification)

    def voice_call_created(self, ledger: Ledger, record: CallRecord, voice_call_id: str) -> None:
        """Write down the VoiceCall's id, and tell it to the agents who do not know it."""
        is_known = record.call.voice_call_id == voice_call_id
        if record.is_over:
            if not is_known:
                call = replace(record.call, voice_call_id=voice_call_id)
                ledger.save_call(replace(record, call=call))
        elif not is_known or (record.agents and not record.is_voice_call_told):
            updated = CallUpdated(call_id=record.call_id, voice_call_id=voice_call_id)
            self.apply(ledger, replace(record, is_voice_call_told=True), updated)

    def over(self, ledger: Ledger, record: CallRecord, *, at: datetime, ended_by: EndedBy) -> None:
        """End a call for everybody, and order the update of its VoiceCall."""
        if record.is_over:
            return
        for participant in record.agents:
            if participant.agent_id is not None:
                self._end_for(ledger, record, participant.agent_id, at, ended_by)
        ended = Call(record.call).apply(CallEnded(call_id=record.call_id, at=at)).snapshot
        record = replace(record, call=ended, ring_deadline=None, holds=record.holds.ended(at))
        ledger.save_call(record)
        user_name = _user_name(ledger, record)
        ledger.tx.enqueue(
            update_entry(record, user_name=user_name, entry_id=self.new_id(), at=ledger.at)
        )

    def _end_for(
        self, ledger: Ledger, record: CallRecord, agent_id: str, at: datetime, ended_by: EndedBy
    ) -> None:
        """Tell one agent that the call is over.

        A call that never connected ends as failed for a reason that is not the agent's (customer
        gave up, busy, unreachable), and the agent is as before. When the agent gives up an own
        call that still rings, it has simply ended.
        """
        key = agent_key(record, agent_id)
        talked = is_talking(record, agent_id)
        gave_up = ended_by is EndedBy.AGENT and record.call.call_type is not CallType.INBOUND
        if talked or gave_up:
            ledger.tell(key, CallEnded(call_id=record.call_id, at=at))
        else:
            ledger.tell(key, _failed(record, HangupStatus.FAILED_CONNECT_CUSTOMER, at))
        agent_changes.call_ended(ledger, key, record.call_id, with_wrap_up=talked)


def _failed(record: CallRecord, status: HangupStatus, at: datetime) -> CallEnded:
    return CallEnded(
        call_id=record.call_id,
        at=at,
        reason=HangupReason.PHONE_CALL_ERROR,
        agent_status=status,
        close_call_on_error=False,
    )


def _holds(record: CallRecord, notification: Notification) -> HoldFacts:
    """Return the customer's holds after a notification."""
    customer = record.customer
    if (
        not isinstance(notification, ParticipantHeld | ParticipantResumed)
        or customer is None
        or notification.participant_id != customer.participant_id
    ):
        return record.holds
    if isinstance(notification, ParticipantHeld):
        return record.holds.started(notification.at)
    return record.holds.ended(notification.at)


def _participant(record: CallRecord, participant_id: str) -> ParticipantSnapshot | None:
    for participant in record.call.participants:
        if participant.participant_id == participant_id:
            return participant
    return None


def _user_name(ledger: Ledger, record: CallRecord) -> str | None:
    if record.answered_by is None:
        return None
    agent = ledger.tx.agent(agent_key(record, record.answered_by))
    return None if agent is None else agent.user_name
