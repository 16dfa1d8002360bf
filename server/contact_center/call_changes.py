"""How a call changes, inside a transaction: validate, change, record, notify.

`leg_changes` has the parties that are added to it, `endings` who is told how of its end.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from connector_py.call_model import Call
from connector_py.entities import (
    CallEnded,
    CallSnapshot,
    CallStarted,
    CallType,
    CallUpdated,
    DialerType,
    HangupStatus,
    Notification,
    ParticipantAdded,
    ParticipantConnected,
    ParticipantSnapshot,
    ParticipantState,
    ParticipantType,
)
from server.contact_center import agent_changes
from server.contact_center.endings import NO_ENDING, Ending, Endings, why_not_taken
from server.contact_center.ledger import (
    AnnounceCall,
    Ledger,
    TakeBackOffer,
    WatchRinging,
    agent_key,
)
from server.contact_center.leg_changes import LegChanges
from server.contact_center.record_changes import applied, begun, with_talks
from server.contact_center.voice_call_requests import create_entry
from server.entities import CallRecord, DialFailure, FlowTarget, Routing, SwitchCall
from server.logs import get_logger
from server.pbx import EndedBy
from server.salesforce.payloads import CallOrigin

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallChanges:
    """The steps of a call.

    Args:
        ring_seconds: How long a call rings at an agent.
        new_id: Makes the ids of outbox entries.
    """

    ring_seconds: float
    new_id: Callable[[], str]

    @property
    def endings(self) -> Endings:
        """How calls end."""
        return Endings(new_id=self.new_id)

    @property
    def legs(self) -> LegChanges:
        """The steps of parties that are added."""
        return LegChanges(ring_seconds=self.ring_seconds, new_id=self.new_id, endings=self.endings)

    # ---- how a call begins ---------------------------------------------------------------------

    def arrived(self, ledger: Ledger, switch_call: SwitchCall) -> None:
        """Write down a call that came in, together with the order to create its VoiceCall.

        Salesforce itself makes the VoiceCall of a callback, when an agent hears of it (guide
        chapter 9, "Queued Callbacks").
        """
        if ledger.tx.call(switch_call.tenant_id, switch_call.call.call_id) is not None:
            return
        record = _new_record(ledger, switch_call, Routing.ANNOUNCING)
        if record.call.call_type is CallType.CALLBACK:
            _note_wish(ledger, record)
            self.announced(ledger, record)
            return
        origin = CallOrigin.PROGRESSIVE if switch_call.is_progressive else None
        entry = create_entry(record, entry_id=self.new_id(), at=ledger.at, origin=origin)
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
        record = _new_record(ledger, switch_call, Routing.ANSWERED)
        for participant in record.agents:
            if participant.agent_id is not None:
                record = _placed_by(ledger, record, participant.agent_id)
                agent_changes.call_started(ledger, agent_key(record, participant.agent_id))
        record = with_talks(self.legs.called(ledger, record))
        ledger.save_call(record)
        ledger.tell_agents(record, CallStarted(call=record.call))

    def announced(
        self, ledger: Ledger, record: CallRecord, target: FlowTarget | None = None
    ) -> None:
        """Let a call look for an agent: where the flow said, if one did."""
        if record.routing is Routing.ANNOUNCING and not record.is_over:
            record = _sent_by_flow(ledger, record, target)
            call = replace(record.call, queued_at=ledger.at)
            ledger.save_call(replace(record, call=call, routing=Routing.WAITING))

    # ---- how it is offered and answered --------------------------------------------------------

    def rang(self, ledger: Ledger, record: CallRecord, participant: ParticipantSnapshot) -> None:
        """Note what the switch let ring at an agent; what came too late is taken back.

        An offer that takes the switch too long is given up. When it rings all the same, the call
        may be with somebody else by then, or the agent on another one.
        """
        agent_id = participant.agent_id
        if agent_id is not None and _is_too_late(ledger, record, participant, agent_id):
            _log.warning("rang_too_late", call=record.call_id)
            late = TakeBackOffer(call_id=record.call_id, agent=agent_key(record, agent_id))
            ledger.follow(late)
            return
        self.rings_at(ledger, record, participant)

    def rings_at(
        self, ledger: Ledger, record: CallRecord, participant: ParticipantSnapshot
    ) -> None:
        """Note that a call, or a party that was added to it, rings at an agent."""
        if participant.agent_id is None:
            return
        if record.leg(participant.participant_id) is not None:
            self.legs.rings(ledger, record, participant.participant_id, participant.agent_id)
            return
        key = agent_key(record, participant.agent_id)
        agent = ledger.tx.agent(key)
        if agent is None or record.agent(participant.agent_id) is not None:
            return
        # The others on the call see who it is; the switch knows no names.
        participant = replace(
            participant, name=agent.full_name, is_softphone=ledger.is_at_softphone(agent)
        )
        added = ParticipantAdded(call_id=record.call_id, participant=participant)
        deadline = ledger.at + timedelta(seconds=self.ring_seconds)
        record = replace(
            applied(record, added, at=ledger.at),
            routing=Routing.OFFERED,
            ring_deadline=deadline,
            is_routing_cleared=False,
            is_voice_call_told=record.call.voice_call_id is not None,
        )
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
        self,
        ledger: Ledger,
        record: CallRecord,
        agent_id: str,
        status: HangupStatus | None = None,
    ) -> None:
        """Take a call back from an agent at whom it rang; somebody else gets it, or has it.

        Args:
            ledger: The transaction.
            record: The call.
            agent_id: At whom it rang.
            status: Why it rings no more; None when nobody said it.
        """
        party = record.agent(agent_id)
        if party is None:
            return
        leg = record.leg(party.participant_id)
        deadline = record.ring_deadline if leg is None else leg.ring_deadline
        status = status or why_not_taken(deadline, ledger.at)
        if leg is not None:
            self.legs.not_taken(ledger, record, party.participant_id, status)
            return
        agent = ledger.tx.agent(agent_key(record, agent_id))
        left = tuple(
            one for one in record.call.participants if one.participant_id != party.participant_id
        )
        # Nobody looks for an agent for a call that somebody has, or at whom it rings.
        is_pending = record.routing is Routing.OFFERED and not _is_with_another(record, agent_id)
        rest = replace(
            record if agent is None else record.with_tried(agent),
            call=replace(record.call, participants=left),
        )
        if is_pending:
            rest = replace(
                rest, routing=Routing.WAITING, ring_deadline=None, is_routing_cleared=True
            )
        ledger.save_call(rest)
        self.endings.not_taken(ledger, record, party, status, is_pending=is_pending)

    def connected(
        self, ledger: Ledger, record: CallRecord, participant_id: str, at: datetime
    ) -> None:
        """Note that somebody answered: an agent, a customer, or somebody who was added."""
        participant = record.party(participant_id)
        if participant is None or participant.state is ParticipantState.CONNECTED:
            return
        leg = record.leg(participant_id)
        if leg is not None:
            leg = replace(leg, routing=Routing.ANSWERED, ring_deadline=None, answered_at=at)
            record = record.with_leg(leg)
        if participant.participant_type is ParticipantType.INITIAL_CALLER:
            record = replace(record, answered_at=at)
        elif participant.participant_type is ParticipantType.AGENT:
            record = replace(
                record,
                answered_at=at,
                routing=Routing.ANSWERED,
                ring_deadline=None,
                answered_by=participant.agent_id,
            )
        self.apply(
            ledger,
            record,
            ParticipantConnected(call_id=record.call_id, participant_id=participant_id, at=at),
        )

    # ---- what happens in it --------------------------------------------------------------------

    def apply(self, ledger: Ledger, record: CallRecord, notification: Notification) -> None:
        """Change a call by a notification, and pass that on to the agents on the call."""
        record = applied(record, notification, at=ledger.at)
        ledger.save_call(record)
        ledger.tell_agents(record, notification)

    def voice_call_created(
        self, ledger: Ledger, record: CallRecord, key: str, voice_call_id: str
    ) -> None:
        """Write down a VoiceCall's id, and tell it to the agents who do not know it.

        Args:
            ledger: The transaction.
            record: The call.
            key: The vendorCallKey: the call's id, or the participant id of an added party.
            voice_call_id: Id of the VoiceCall.
        """
        if key != record.call_id:
            self._leg_voice_call_created(ledger, record, key, voice_call_id)
            return
        is_known = record.call.voice_call_id == voice_call_id
        if record.is_over:
            if not is_known:
                call = replace(record.call, voice_call_id=voice_call_id)
                ledger.save_call(replace(record, call=call))
        elif not is_known or (record.agents and not record.is_voice_call_told):
            updated = CallUpdated(call_id=record.call_id, voice_call_id=voice_call_id)
            self.apply(ledger, replace(record, is_voice_call_told=True), updated)

    def _leg_voice_call_created(
        self, ledger: Ledger, record: CallRecord, participant_id: str, voice_call_id: str
    ) -> None:
        known = {one.participant_id: one for one in record.call.participants}.get(participant_id)
        if known is None or known.voice_call_id == voice_call_id:
            return
        if not record.is_over:
            updated = CallUpdated(
                call_id=record.call_id, participant_id=participant_id, voice_call_id=voice_call_id
            )
            self.apply(ledger, record, updated)
            return
        participants = tuple(
            replace(one, voice_call_id=voice_call_id) if one == known else one
            for one in record.call.participants
        )
        ledger.save_call(replace(record, call=replace(record.call, participants=participants)))

    # ---- how it ends ---------------------------------------------------------------------------

    def left(
        self,
        ledger: Ledger,
        record: CallRecord,
        participant_id: str,
        *,
        at: datetime,
        failure: DialFailure | None = None,
        ending: Ending = NO_ENDING,
    ) -> None:
        """Note that somebody left while the call goes on.

        An agent at whom the call itself rang has only not taken it.
        """
        party = record.party(participant_id)
        is_offered = (
            party is not None
            and party.participant_type is ParticipantType.AGENT
            and party.state is ParticipantState.RINGING
        )
        if party is not None and party.agent_id is not None and is_offered:
            self.offer_ended(ledger, record, party.agent_id, ending.status)
            return
        self.legs.left(ledger, record, participant_id, at=at, failure=failure, ending=ending)

    def over(
        self,
        ledger: Ledger,
        record: CallRecord,
        *,
        at: datetime,
        ended_by: EndedBy,
        ending: Ending = NO_ENDING,
    ) -> None:
        """End a call for everybody, and order the updates of its VoiceCalls."""
        if record.is_over:
            return
        self.endings.over(ledger, record, at, ended_by, ending)
        ended = Call(record.call).apply(CallEnded(call_id=record.call_id, at=at)).snapshot
        legs = tuple(replace(leg, ring_deadline=None) for leg in record.legs)
        record = replace(
            record, call=ended, ring_deadline=None, legs=legs, holds=record.holds.ended(at)
        )
        ledger.save_call(record)
        self.endings.call_closed(ledger, record)


def _new_record(ledger: Ledger, switch_call: SwitchCall, routing: Routing) -> CallRecord:
    settings = ledger.tx.tenant_settings(switch_call.tenant_id)
    return CallRecord(
        tenant_id=switch_call.tenant_id,
        call=begun(switch_call.call, settings),
        from_number=switch_call.from_number,
        to_number=switch_call.to_number,
        routing=routing,
        wanted_agent_id=switch_call.wanted_agent_id,
        flow=switch_call.flow,
    )


def _is_too_late(
    ledger: Ledger, record: CallRecord, participant: ParticipantSnapshot, agent_id: str
) -> bool:
    """Whether the call has an agent, or the agent a call, that a new ringing would disturb."""
    own = record.agent(agent_id)
    if own is not None:
        # Nobody has two parts in one call; who listens in leaves before it is offered.
        return own.participant_type is ParticipantType.SUPERVISOR
    is_call_itself = record.leg(participant.participant_id) is None
    is_taken = record.routing is Routing.ANSWERED or _is_with_another(record, agent_id)
    return (is_call_itself and is_taken) or agent_changes.has_other_call(
        ledger, agent_key(record, agent_id), record.call_id
    )


def _is_with_another(record: CallRecord, agent_id: str) -> bool:
    """Whether the call itself rings at another agent, or one is on it."""
    return any(
        one.participant_type is ParticipantType.AGENT and one.agent_id != agent_id
        for one in record.agents
    )


def _sent_by_flow(ledger: Ledger, record: CallRecord, target: FlowTarget | None) -> CallRecord:
    """Take over what the flow of a call that came in answered."""
    if target is None:
        return record
    if target.agent_id is not None:
        if ledger.tx.agent(agent_key(record, target.agent_id)) is None:
            _log.warning("flow_agent_unknown", call=record.call_id)
            return record
        return replace(record, wanted_agent_id=target.agent_id)
    queue_id = target.queue_id
    queue = None if queue_id is None else ledger.tx.contact(record.tenant_id, queue_id)
    name = None if queue is None else queue.name
    return replace(record, call=replace(record.call, queue_id=queue_id, queue_name=name))


def _note_wish(ledger: Ledger, callback: CallRecord) -> None:
    """Note in the call before that it ends with a callback, should it still go on."""
    initial_id = callback.call.initial_call_id
    initial = None if initial_id is None else ledger.tx.call(callback.tenant_id, initial_id)
    if initial is not None and not initial.is_over:
        ledger.save_call(replace(initial, wants_callback=True))


def _placed_by(ledger: Ledger, record: CallRecord, agent_id: str) -> CallRecord:
    """Return the record of an agent's own call: by whom, at which phone, and from which list."""
    key = agent_key(record, agent_id)
    agent = ledger.tx.agent(key)
    is_softphone = agent is None or ledger.is_at_softphone(agent)
    name = None if agent is None else agent.full_name
    participants = tuple(
        replace(one, name=name, is_softphone=is_softphone) if one.agent_id == agent_id else one
        for one in record.call.participants
    )
    call: CallSnapshot = replace(record.call, participants=participants)
    if call.call_type is CallType.OUTBOUND and ledger.tx.use_preview(key, record.to_number):
        call = replace(call, dialer_type=DialerType.OUTBOUND_PREVIEW)
    return replace(record, call=call, answered_by=agent_id)
