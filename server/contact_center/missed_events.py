"""What happened to a call in the switch unheard is written down as if it were heard."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from connector_py.call_model import differences
from connector_py.entities import (
    CallEnded,
    CallSnapshot,
    CallType,
    CallUpdated,
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
from server.contact_center.endings import why_not_taken
from server.contact_center.ledger import Ledger
from server.entities import CallRecord, SwitchCall
from server.pbx import EndedBy

_OFFERED = (CallType.INBOUND, CallType.CALLBACK)


class MissedEvents:
    """Brings the record of one call to what the switch knows of it."""

    def __init__(self, changes: CallChanges) -> None:
        self._changes = changes

    def catch_up(
        self, ledger: Ledger, tenant_id: str, call_id: str, switch_call: SwitchCall | None
    ) -> None:
        """Write down what was missed of one call, while everything else goes on.

        Args:
            ledger: The transaction.
            tenant_id: Whose call it is.
            call_id: The call.
            switch_call: As it is in the switch; None when it is not there any more.
        """
        if switch_call is not None:
            self.one(ledger, switch_call)
            return
        record = ledger.tx.call(tenant_id, call_id)
        if record is not None:
            self._changes.over(ledger, record, at=ledger.at, ended_by=EndedBy.CUSTOMER)

    def one(self, ledger: Ledger, switch_call: SwitchCall) -> bool:
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
            legs.not_taken(ledger, record, who, why_not_taken(leg.ring_deadline, ledger.at))

    def _left(self, ledger: Ledger, record: CallRecord, left: ParticipantLeft) -> None:
        """Somebody left; of a call that rang at an agent, the agent only did not take it."""
        party = record.party(left.participant_id)
        is_agent = party is not None and party.participant_type is ParticipantType.AGENT
        if party is not None and is_agent and party.state is ParticipantState.RINGING:
            self._changes.offer_ended(ledger, record, party.agent_id or "")
        else:
            self._changes.left(ledger, record, left.participant_id, at=left.at)


def _missed(known: CallSnapshot, switch: CallSnapshot, at: datetime) -> Sequence[Notification]:
    """Return what happened to a call, looking only at what the switch decides."""
    ours = {one.participant_id: one for one in known.participants}
    talked = _talked_unheard(ours, switch)
    seen = replace(
        known,
        participants=tuple(
            _with_our_facts(one, ours.get(one.participant_id))
            for one in switch.participants
            if one.participant_id in ours
            or one.participant_id == talked
            or not _is_ended_agent(one)
        ),
        recording=switch.recording,
        ended_at=None,
    )
    missed: list[Notification] = []
    for notification in differences([known], [seen], at):
        match notification:
            case ParticipantLeft(participant_id=who) if who == talked:
                answered = ParticipantConnected(call_id=known.call_id, participant_id=who, at=at)
                missed += [answered, notification]
            case CallUpdated():
                pass
            case _:
                missed.append(notification)
    return missed


def _talked_unheard(ours: Mapping[str, ParticipantSnapshot], switch: CallSnapshot) -> str | None:
    """Return the agent's part that was answered and ended unheard.

    Only who is on a call brings somebody else into it: without that, an agent who rang here, and
    is gone there, did not take the call. One who never rang here is none of our business.
    """
    is_brought_in = any(
        one.participant_type is ParticipantType.THIRD_PARTY
        and one.state is not ParticipantState.ENDED
        and one.participant_id not in ours
        for one in switch.participants
    )
    gone = [
        one.participant_id
        for one in switch.participants
        if _is_ended_agent(one)
        and _state_of(ours.get(one.participant_id)) in (None, ParticipantState.RINGING)
    ]
    return gone[-1] if is_brought_in and gone else None


def _is_ended_agent(participant: ParticipantSnapshot) -> bool:
    is_agent = participant.participant_type is ParticipantType.AGENT
    return is_agent and participant.state is ParticipantState.ENDED


def _state_of(participant: ParticipantSnapshot | None) -> ParticipantState | None:
    return None if participant is None else participant.state


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
