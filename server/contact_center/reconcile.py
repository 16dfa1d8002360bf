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
    ParticipantOffered,
    ParticipantSnapshot,
    ParticipantState,
    ParticipantType,
)
from server.contact_center.call_changes import CallChanges
from server.contact_center.ledger import Ledger, WatchRinging
from server.contact_center.leg_changes import placing
from server.contact_center.links import close_link
from server.entities import CallRecord, LegRouting, Routing, SwitchCall
from server.pbx import EndedBy

_OFFERED = (CallType.INBOUND, CallType.CALLBACK)


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
        if record is None:
            self._begin(ledger, switch_call)
            record = ledger.tx.call(tenant_id, call_id)
        if record is None or record.is_over:
            return False
        for notification in _missed(record.call, switch_call.call, ledger.at):
            self._apply(ledger, tenant_id, call_id, notification)
        record = ledger.tx.call(tenant_id, call_id)
        return record is not None and not record.is_over

    def _begin(self, ledger: Ledger, switch_call: SwitchCall) -> None:
        """Write a call as it was when it began; what came after that is missed like any other."""
        call = switch_call.call
        if call.call_type in _OFFERED:
            first = tuple(
                _as_it_rang(one) if call.call_type is CallType.CALLBACK else _as_it_came(one)
                for one in call.participants
                if one.participant_type is ParticipantType.INITIAL_CALLER
            )
            self._changes.arrived(
                ledger, replace(switch_call, call=replace(call, participants=first))
            )
            return
        first = tuple(
            _as_it_rang(one)
            if one.participant_type is ParticipantType.INITIAL_CALLER
            else _as_it_came(one)
            for one in call.participants
            if one.participant_type in (ParticipantType.INITIAL_CALLER, ParticipantType.AGENT)
        )
        self._changes.dial_started(
            ledger, replace(switch_call, call=replace(call, participants=first))
        )

    def _apply(
        self, ledger: Ledger, tenant_id: str, call_id: str, notification: Notification
    ) -> None:
        record = ledger.tx.call(tenant_id, call_id)
        if record is None or record.is_over:
            return
        changes = self._changes
        match notification:
            case ParticipantAdded():
                self._added(ledger, record, notification.participant)
            case ParticipantOffered():
                self._offered(ledger, record, notification)
            case ParticipantConnected():
                changes.connected(ledger, record, notification.participant_id, notification.at)
            case ParticipantLeft():
                self._left(ledger, record, notification)
            case CallEnded():
                changes.over(ledger, record, at=notification.at, ended_by=EndedBy.CUSTOMER)
            case _:
                changes.apply(ledger, record, notification)

    def _added(self, ledger: Ledger, record: CallRecord, participant: ParticipantSnapshot) -> None:
        """Somebody is there whom nobody knew: offered, brought in, or listening."""
        if participant.participant_type is ParticipantType.AGENT:
            self._changes.rings_at(ledger, record, participant)
            return
        is_party = participant.participant_type is ParticipantType.THIRD_PARTY
        agent_id = participant.agent_id if is_party else None
        first = replace(participant, agent_id=None) if is_party else participant
        self._changes.legs.added(ledger, record, first)
        if agent_id is not None:
            known = ledger.tx.call(record.tenant_id, record.call_id) or record
            self._changes.legs.rings(ledger, known, participant.participant_id, agent_id)

    def _offered(self, ledger: Ledger, record: CallRecord, offered: ParticipantOffered) -> None:
        """An added party rings somewhere, or nowhere any more."""
        legs, who = self._changes.legs, offered.participant_id
        leg = record.leg(who)
        if offered.agent_id is not None:
            legs.rings(ledger, record, who, offered.agent_id)
        elif leg is not None:
            legs.not_taken(ledger, record, who, _why(leg.ring_deadline, ledger.at))

    def _left(self, ledger: Ledger, record: CallRecord, left: ParticipantLeft) -> None:
        """Somebody left; of a call that rang at an agent, the agent only did not take it."""
        party = record.party(left.participant_id)
        is_agent = party is not None and party.participant_type is ParticipantType.AGENT
        if party is not None and is_agent and party.state is ParticipantState.RINGING:
            status = _why(record.ring_deadline, ledger.at)
            self._changes.offer_ended(ledger, record, party.agent_id or "", status)
        else:
            self._changes.left(ledger, record, left.participant_id, at=left.at)

    def _go_on(self, ledger: Ledger, record: CallRecord) -> None:
        """Go on with what the stop interrupted: telling, waiting and ringing."""
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


def _missed(known: CallSnapshot, switch: CallSnapshot, at: datetime) -> Sequence[Notification]:
    """Return what happened to a call, looking only at what the switch decides."""
    ours = {one.participant_id: one for one in known.participants}
    seen = replace(
        known,
        participants=tuple(
            _with_our_facts(one, ours.get(one.participant_id)) for one in switch.participants
        ),
        recording=switch.recording,
        ended_at=None,
    )
    return [
        notification
        for notification in differences([known], [seen], at)
        if not isinstance(notification, CallUpdated)
    ]


def _with_our_facts(
    seen: ParticipantSnapshot, known: ParticipantSnapshot | None
) -> ParticipantSnapshot:
    """Return a party of the switch with what only we know: at which phone the agent is."""
    return seen if known is None else replace(seen, is_softphone=known.is_softphone)


def _as_it_rang(participant: ParticipantSnapshot) -> ParticipantSnapshot:
    """Return the other side of an own call as it was before anybody answered, or was found."""
    return replace(
        _as_it_came(participant),
        state=ParticipantState.RINGING,
        agent_id=None,
    )


def _as_it_came(participant: ParticipantSnapshot) -> ParticipantSnapshot:
    """Return a party that was there from the beginning on, as it was then."""
    return replace(participant, state=ParticipantState.CONNECTED, is_on_hold=False, is_muted=False)


def _why(deadline: datetime | None, at: datetime) -> HangupStatus:
    """Missed when its time was over, else the agent declined."""
    is_late = deadline is not None and deadline <= at
    return HangupStatus.MISSED_AGENT if is_late else HangupStatus.DECLINED


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
