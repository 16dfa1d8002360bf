"""How added parties change a call, inside a transaction: agents, queues, flows, numbers.

A party that is to become an agent has a `LegRouting` beside its part in the call. The called side
of a call between agents is such a party too.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from connector_py.entities import (
    CallInfo,
    CallStarted,
    CallUpdated,
    ContactType,
    HangupReason,
    HangupStatus,
    ParticipantAdded,
    ParticipantLeft,
    ParticipantOffered,
    ParticipantSnapshot,
    ParticipantState,
    ParticipantType,
)
from server.contact_center import agent_changes
from server.contact_center.endings import Ending, Endings
from server.contact_center.ledger import Ledger, PlaceLeg, WatchRinging, agent_key
from server.contact_center.record_changes import applied, key_of
from server.contact_center.supervisors import named_supervisor
from server.contact_center.voice_call_requests import transfer_entry
from server.entities import CallRecord, DialFailure, FlowTarget, LegRouting, Routing
from server.logs import get_logger

_log = get_logger(__name__)

_ROUTED = (ContactType.AGENT, ContactType.QUEUE, ContactType.FLOW)
"""Whoever is asked for like this becomes an agent; everybody else is outside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LegChanges:
    """The steps of a party that was added.

    Args:
        ring_seconds: How long it rings at an agent.
        new_id: Makes the ids of outbox entries.
        endings: Tells about ends.
    """

    ring_seconds: float
    new_id: Callable[[], str]
    endings: Endings

    def added(self, ledger: Ledger, record: CallRecord, participant: ParticipantSnapshot) -> None:
        """Write down who is being brought in, and order the VoiceCall of who becomes an agent.

        Salesforce itself makes the VoiceCall of a consult.
        """
        if _is_known(record, participant.participant_id):
            return
        if participant.participant_type is ParticipantType.SUPERVISOR:
            self._listens_in(ledger, record, participant)
            return
        leg = None
        if participant.contact_type in _ROUTED:
            leg = _not_back_to(ledger, record, _new_leg(ledger, participant), participant)
        template = ledger.tx.tenant_settings(record.tenant_id).third_party_call_info
        participant = replace(participant, call_info=_info(template, leg))
        added = ParticipantAdded(call_id=record.call_id, participant=participant)
        record = applied(record, added, at=ledger.at)
        if leg is not None:
            record = record.with_leg(self._announced(ledger, record, participant, leg))
        ledger.save_call(record)
        ledger.tell_agents(record, added)
        if leg is not None:
            ledger.follow(placing(record, leg))

    def _announced(
        self, ledger: Ledger, record: CallRecord, participant: ParticipantSnapshot, leg: LegRouting
    ) -> LegRouting:
        """Return a new leg with its order to Salesforce, if there is one, written."""
        if participant.is_consult:
            is_told = leg.flow_dev_name is not None
            return replace(leg, routing=Routing.ANNOUNCING if is_told else Routing.WAITING)
        entry = transfer_entry(
            record,
            participant,
            parent=_parent_key(record, participant),
            queue=leg.queue_id,
            entry_id=self.new_id(),
            at=ledger.at,
        )
        ledger.tx.enqueue(entry)
        return replace(leg, routing=Routing.ANNOUNCING, entry_id=entry.entry_id)

    def called(self, ledger: Ledger, record: CallRecord) -> CallRecord:
        """Return the record of an agent's own call with the agent whom it goes to still to find.

        A call to a number outside stays as it is.
        """
        customer = record.customer
        if (
            customer is None
            or customer.contact_type not in _ROUTED
            or customer.state is not ParticipantState.RINGING
        ):
            return record
        leg = _new_leg(ledger, customer)
        ledger.follow(placing(record, leg))
        return record.with_leg(replace(leg, routing=Routing.WAITING))

    def _listens_in(
        self, ledger: Ledger, record: CallRecord, supervisor: ParticipantSnapshot
    ) -> None:
        """Note that a supervisor listens; the agents on the call know, Salesforce does not.

        A supervisor's state stays as it is: they are called as before, and to answer ends the
        listening (`Supervision`).
        """
        supervisor = named_supervisor(ledger, record, supervisor)
        added = ParticipantAdded(call_id=record.call_id, participant=supervisor)
        record = applied(record, added, at=ledger.at)
        ledger.save_call(record)
        ledger.tell_agents(record, added, but=supervisor.agent_id)
        if supervisor.agent_id is not None:
            ledger.tell(agent_key(record, supervisor.agent_id), CallStarted(call=record.call))
        self.watch_supervisors(ledger, record)

    def watch_supervisors(self, ledger: Ledger, record: CallRecord) -> None:
        """Let no desk phone of somebody who is to listen ring for longer than others do."""
        for one in record.agents:
            is_supervisor = one.participant_type is ParticipantType.SUPERVISOR
            if is_supervisor and one.state is ParticipantState.RINGING:
                ledger.follow(
                    WatchRinging(
                        tenant_id=record.tenant_id,
                        call_id=record.call_id,
                        participant_id=one.participant_id,
                        deadline=one.state_since + timedelta(seconds=self.ring_seconds),
                    )
                )

    def placed(
        self, ledger: Ledger, record: CallRecord, participant_id: str, target: FlowTarget | None
    ) -> None:
        """Let a party that was announced look for its agent: where the flow said, if one did."""
        leg = record.leg(participant_id)
        if leg is None or leg.routing is not Routing.ANNOUNCING or not _is_alive(record, leg):
            return
        waiting = replace(leg, routing=Routing.WAITING)
        if target is not None:
            record, waiting = self._sent_by_flow(ledger, record, waiting, target)
        ledger.save_call(record.with_leg(waiting))

    def _sent_by_flow(
        self, ledger: Ledger, record: CallRecord, leg: LegRouting, target: FlowTarget
    ) -> tuple[CallRecord, LegRouting]:
        """Take over what the flow answered, and tell the queue, as Salesforce shows it."""
        if target.agent_id is not None:
            if ledger.tx.agent(agent_key(record, target.agent_id)) is None:
                _log.warning("flow_agent_unknown", call=record.call_id)
                return record, leg
            return record, replace(leg, wanted_agent_id=target.agent_id)
        if target.queue_id is None:
            return record, leg
        queue = ledger.tx.contact(record.tenant_id, target.queue_id)
        name = None if queue is None else queue.name
        leg = replace(leg, queue_id=target.queue_id, queue_name=name)
        party = record.party(leg.participant_id)
        info = _info((party and party.call_info) or CallInfo(), leg)
        updated = CallUpdated(
            call_id=record.call_id, participant_id=leg.participant_id, call_info=info
        )
        record = applied(record, updated, at=ledger.at)
        ledger.tell_agents(record, updated)
        return record, leg

    # ---- ringing -------------------------------------------------------------------------------

    def rings(self, ledger: Ledger, record: CallRecord, participant_id: str, agent_id: str) -> None:
        """Note that an added party rings at an agent, whose call begins with that."""
        party, leg = record.party(participant_id), record.leg(participant_id)
        if party is None or leg is None or party.state is not ParticipantState.RINGING:
            return
        agent = ledger.tx.agent(agent_key(record, agent_id))
        if agent is None or party.agent_id == agent_id:
            return
        if party.agent_id is not None:
            self.not_taken(ledger, record, participant_id, HangupStatus.MISSED_AGENT)
            record = ledger.tx.call(record.tenant_id, record.call_id) or record
            leg = record.leg(participant_id) or leg
        offered = ParticipantOffered(
            call_id=record.call_id,
            participant_id=participant_id,
            at=ledger.at,
            agent_id=agent_id,
            agent_name=agent.full_name,
            is_softphone=ledger.is_at_softphone(agent),
        )
        deadline = ledger.at + timedelta(seconds=self.ring_seconds)
        record = applied(record, offered, at=ledger.at).with_leg(
            replace(leg, routing=Routing.OFFERED, ring_deadline=deadline, is_routing_cleared=False)
        )
        ledger.save_call(record)
        ledger.tell_agents(record, offered, but=agent_id)
        ledger.tell(agent.key, CallStarted(call=record.call))
        agent_changes.call_started(ledger, agent.key)
        ledger.follow(
            WatchRinging(
                tenant_id=record.tenant_id,
                call_id=record.call_id,
                participant_id=participant_id,
                deadline=deadline,
            )
        )

    def not_taken(
        self, ledger: Ledger, record: CallRecord, participant_id: str, status: HangupStatus
    ) -> None:
        """Take an added party back from the agent at whom it rang; it waits for another one."""
        party, leg = record.party(participant_id), record.leg(participant_id)
        if party is None or leg is None or party.agent_id is None:
            return
        agent = ledger.tx.agent(agent_key(record, party.agent_id))
        self.endings.not_taken(ledger, record, party, status)
        waits = ParticipantOffered(
            call_id=record.call_id, participant_id=participant_id, at=ledger.at, agent_name=leg.name
        )
        leg = replace(leg, routing=Routing.WAITING, ring_deadline=None, is_routing_cleared=True)
        record = applied(record, waits, at=ledger.at)
        record = record.with_leg(leg if agent is None else leg.with_tried(agent))
        ledger.save_call(record)
        ledger.tell_agents(record, waits)

    # ---- who leaves ----------------------------------------------------------------------------

    def left(
        self,
        ledger: Ledger,
        record: CallRecord,
        participant_id: str,
        *,
        at: datetime,
        failure: DialFailure | None,
        ending: Ending,
    ) -> None:
        """Note that somebody left, whoever it is, while the call goes on.

        An agent hears of the end of the own call, the others of who left.
        """
        party = record.party(participant_id)
        if party is None:
            return
        is_ringing = party.state is ParticipantState.RINGING
        was_in_vain = is_ringing and (failure is not None or ending.unreached == participant_id)
        is_supervisor = party.participant_type is ParticipantType.SUPERVISOR
        was_offered = is_ringing and party.agent_id is not None and not is_supervisor
        if was_offered:
            status = HangupStatus.FAILED_CONNECT_CUSTOMER
            self.endings.not_taken(ledger, record, party, status)
        elif party.agent_id is not None:
            self.endings.left(ledger, record, party, at)
        told = ParticipantLeft(
            call_id=record.call_id,
            participant_id=participant_id,
            at=at,
            reason=HangupReason.PHONE_CALL_ERROR if was_in_vain else HangupReason.PHONE_CALL_ENDED,
        )
        record = applied(record, told, at=at)
        leg = record.leg(participant_id)
        if leg is not None:
            is_cleared = leg.is_routing_cleared or was_offered
            leg = replace(leg, ring_deadline=None, is_routing_cleared=is_cleared)
            record = record.with_leg(leg)
        ledger.save_call(record)
        ledger.tell_agents(record, told)
        if leg is not None:
            self.endings.leg_closed(ledger, record, leg)


def placing(record: CallRecord, leg: LegRouting) -> PlaceLeg:
    """Return the order to find an agent for a leg."""
    return PlaceLeg(
        tenant_id=record.tenant_id,
        call_id=record.call_id,
        participant_id=leg.participant_id,
        wanted_agent_id=leg.wanted_agent_id,
    )


def _new_leg(ledger: Ledger, participant: ParticipantSnapshot) -> LegRouting:
    kind, contact_id = participant.contact_type, participant.contact_id
    is_queue = kind is ContactType.QUEUE
    return LegRouting(
        participant_id=participant.participant_id,
        routing=Routing.ANNOUNCING,
        added_at=ledger.at,
        name=participant.name,
        wanted_agent_id=contact_id if kind is ContactType.AGENT else None,
        queue_id=contact_id if is_queue else None,
        queue_name=participant.name if is_queue else None,
        flow_dev_name=contact_id if kind is ContactType.FLOW else None,
    )


def _not_back_to(
    ledger: Ledger, record: CallRecord, leg: LegRouting, participant: ParticipantSnapshot
) -> LegRouting:
    """Return the leg so that it does not ring at once at whoever asked for it."""
    for one in record.call.participants:
        if one.participant_id == participant.added_by and one.agent_id is not None:
            agent = ledger.tx.agent(agent_key(record, one.agent_id))
            return leg if agent is None else leg.with_tried(agent)
    return leg


def _info(template: CallInfo, leg: LegRouting | None) -> CallInfo:
    """Return what may be done with an added party, and the queue that it waits in.

    Guide chapter 13, "Configure Estimated Wait Times for Queues".
    """
    if leg is None or leg.queue_id is None:
        return template
    return replace(
        template,
        queue_id=leg.queue_id,
        queue_name=leg.queue_name,
        queue_timestamp=leg.added_at,
    )


def _parent_key(record: CallRecord, participant: ParticipantSnapshot) -> str:
    """Return the vendorCallKey of the call that is transferred: that of who asked for it."""
    for one in record.call.participants:
        if one.participant_id == participant.added_by:
            return key_of(record, one)
    return record.call_id


def _is_known(record: CallRecord, participant_id: str) -> bool:
    return any(one.participant_id == participant_id for one in record.call.participants)


def _is_alive(record: CallRecord, leg: LegRouting) -> bool:
    return record.party(leg.participant_id) is not None
