"""How a call ends: for one agent, for somebody who was added, and for everybody.

Guide chapter 12, "Handling Missed Calls and Call Errors"; the table is in docs/call-model.md.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from connector_py.entities import (
    CallEnded,
    CallType,
    HangupReason,
    HangupStatus,
    ParticipantSnapshot,
    ParticipantState,
    ParticipantType,
)
from server.contact_center import agent_changes
from server.contact_center.ledger import Ledger, agent_key
from server.contact_center.record_changes import key_of
from server.contact_center.voice_call_requests import (
    LegTimes,
    clear_routing_entry,
    transfer_update_entry,
    update_entry,
)
from server.entities import AgentKey, CallRecord, LegRouting
from server.pbx import EndedBy

_OFFERED = (CallType.INBOUND, CallType.CALLBACK)
"""Calls that look for an agent, so that Salesforce may have a pending routing of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What the one who asked the switch for an end knows about it."""

    status: HangupStatus | None = None
    """Why something stops ringing at an agent, when it does; None when nobody asked for it."""
    unreached: str | None = None
    """Participant id of somebody who leaves because nobody took the call there."""


NO_ENDING = Ending()


@dataclass(frozen=True, slots=True, kw_only=True)
class Endings:
    """Tells agents and Salesforce about ends.

    Args:
        new_id: Makes the ids of outbox entries.
    """

    new_id: Callable[[], str]

    # ---- for one agent -------------------------------------------------------------------------

    def not_taken(
        self,
        ledger: Ledger,
        record: CallRecord,
        party: ParticipantSnapshot,
        status: HangupStatus,
        *,
        is_pending: bool = True,
    ) -> None:
        """Tell an agent that a call does not ring there any more, and give the agent back.

        Reason `error`, and the conversation stays open, as somebody else may get it.

        Args:
            ledger: The transaction.
            record: The call, with the agent.
            party: The agent's part.
            status: Why it stops ringing.
            is_pending: Whether Salesforce is to forget the routing: nobody else has the call.
        """
        key = _agent_of(record, party)
        ledger.tell(key, _failed(record, status, ledger.at))
        agent_changes.call_ended(ledger, key, record.call_id, with_wrap_up=False)
        if is_pending:
            self._clear_routing(ledger, record, party, self._offer_id(ledger, record, party))

    def left(
        self, ledger: Ledger, record: CallRecord, party: ParticipantSnapshot, at: datetime
    ) -> None:
        """Tell an agent who was on a call that it is over for them; the call itself goes on."""
        key = _agent_of(record, party)
        ledger.tell(key, CallEnded(call_id=record.call_id, at=at))
        self._give_back(ledger, record, party)

    def _give_back(self, ledger: Ledger, record: CallRecord, party: ParticipantSnapshot) -> None:
        if party.participant_type is not ParticipantType.SUPERVISOR:
            agent_changes.call_ended(
                ledger,
                _agent_of(record, party),
                record.call_id,
                with_wrap_up=party.participant_id in record.talked,
            )

    # ---- for everybody -------------------------------------------------------------------------

    def over(
        self, ledger: Ledger, record: CallRecord, at: datetime, ended_by: EndedBy, ending: Ending
    ) -> None:
        """Tell every agent on a call that it is over.

        A call that never connected ends as failed for a reason that is not the agent's (the
        customer gave up, busy, unreachable), and the agent is as before. When the agent gives up
        an own call that still rings, it has simply ended.
        """
        for party in record.agents:
            if party.participant_type is ParticipantType.SUPERVISOR:
                ledger.tell(_agent_of(record, party), CallEnded(call_id=record.call_id, at=at))
            elif party.participant_id in record.talked or _gave_up(party, ended_by, ending):
                self.left(ledger, record, party, at)
            else:
                failed = _failed(record, HangupStatus.FAILED_CONNECT_CUSTOMER, at)
                ledger.tell(_agent_of(record, party), failed)
                self._give_back(ledger, record, party)

    def call_closed(self, ledger: Ledger, record: CallRecord) -> None:
        """Order what Salesforce is to do with the VoiceCalls of a call that is over now."""
        for leg in record.legs:
            party = _find(record, leg.participant_id)
            if party.state_since == record.call.ended_at:
                self.leg_closed(ledger, record, leg)
        is_abandoned = record.call.call_type in _OFFERED and not record.talked
        if is_abandoned and not record.is_routing_cleared:
            self._clear(ledger, record, record.call_id, "over")
        ledger.tx.enqueue(
            update_entry(
                record,
                user_name=self._user_name(ledger, record, record.answered_by),
                entry_id=self.new_id(),
                at=ledger.at,
                wants_callback=record.wants_callback,
            )
        )

    # ---- for somebody who was added ------------------------------------------------------------

    def leg_closed(self, ledger: Ledger, record: CallRecord, leg: LegRouting) -> None:
        """Order what Salesforce is to do with the VoiceCall of an added party that has left."""
        party = _find(record, leg.participant_id)
        if leg.answered_at is None and not leg.is_routing_cleared:
            self._clear_routing(ledger, record, party, "over")
        if leg.entry_id is None:
            return
        ledger.tx.enqueue(
            transfer_update_entry(
                record,
                party,
                times=LegTimes(added_at=leg.added_at, answered_at=leg.answered_at),
                user_name=self._user_name(ledger, record, party.agent_id),
                entry_id=self.new_id(),
                at=ledger.at,
            )
        )

    # ---- inside --------------------------------------------------------------------------------

    def _clear_routing(
        self, ledger: Ledger, record: CallRecord, party: ParticipantSnapshot, occurrence: str
    ) -> None:
        key = key_of(record, party)
        is_placed = key == record.call_id and record.call.call_type not in (
            *_OFFERED,
            CallType.INTERNAL_CALL,
        )
        if not is_placed:
            self._clear(ledger, record, key, occurrence)

    def _clear(self, ledger: Ledger, record: CallRecord, key: str, occurrence: str) -> None:
        """Order the end of a pending routing; Salesforce itself ends it only when answered."""
        ledger.tx.enqueue(
            clear_routing_entry(
                record,
                vendor_call_key=key,
                occurrence=occurrence,
                entry_id=self.new_id(),
                at=ledger.at,
            )
        )

    def _offer_id(self, ledger: Ledger, record: CallRecord, party: ParticipantSnapshot) -> str:
        """Return what tells one ringing from the next, also of a party that keeps its id."""
        agent = ledger.tx.agent(_agent_of(record, party))
        count = 0 if agent is None else agent.status_count
        return f"{party.participant_id}:{party.agent_id}:{count}"

    def _user_name(self, ledger: Ledger, record: CallRecord, agent_id: str | None) -> str | None:
        agent = None if agent_id is None else ledger.tx.agent(agent_key(record, agent_id))
        return None if agent is None else agent.user_name


def why_not_taken(deadline: datetime | None, at: datetime) -> HangupStatus:
    """Return why something rings no more at an agent when nobody says it.

    Missed when its time was over, else the agent declined.
    """
    is_late = deadline is not None and deadline <= at
    return HangupStatus.MISSED_AGENT if is_late else HangupStatus.DECLINED


def _gave_up(party: ParticipantSnapshot, ended_by: EndedBy, ending: Ending) -> bool:
    """Whether an agent hung up an own call that still rang, and nobody had declined it."""
    is_on_call = party.state is ParticipantState.CONNECTED
    return is_on_call and ended_by is EndedBy.AGENT and ending.unreached is None


def _agent_of(record: CallRecord, party: ParticipantSnapshot) -> AgentKey:
    if party.agent_id is None:
        raise ValueError("the party is no agent")
    return agent_key(record, party.agent_id)


def _find(record: CallRecord, participant_id: str) -> ParticipantSnapshot:
    for party in record.call.participants:
        if party.participant_id == participant_id:
            return party
    raise ValueError("the call never had this party")


def _failed(record: CallRecord, status: HangupStatus, at: datetime) -> CallEnded:
    return CallEnded(
        call_id=record.call_id,
        at=at,
        reason=HangupReason.PHONE_CALL_ERROR,
        agent_status=status,
        close_call_on_error=False,
    )
