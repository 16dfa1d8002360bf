"""How a call looks to Salesforce: one `PhoneCall` for each party beside the agent who looks."""

from dataclasses import dataclass, replace
from datetime import datetime

from connector_py.call_model.call import Call
from connector_py.entities import (
    CallInfo,
    CallSnapshot,
    CallState,
    CallType,
    Contact,
    ParticipantSnapshot,
    ParticipantState,
    ParticipantType,
    PhoneCall,
    PhoneCallAttributes,
    RecordingState,
)

_AGENT_CALLS = frozenset(
    {CallType.OUTBOUND, CallType.DIALED_CALLBACK, CallType.INTERNAL_CALL, CallType.CONSULT}
)


def answering_type(call_type: CallType) -> ParticipantType:
    """Return who answers last: the called one when an agent placed the call, else the agent."""
    if call_type in _AGENT_CALLS:
        return ParticipantType.INITIAL_CALLER
    return ParticipantType.AGENT


def to_phone_calls(call: CallSnapshot, *, agent_id: str | None) -> tuple[PhoneCall, ...]:
    """Return what Salesforce is told about a call: the main party first, then who was added.

    While the call goes on, whoever left is not in it. When it is over, it holds the main party
    and whoever left with the end of the call. A supervisor sees one `PhoneCall` for all.

    Args:
        call: The call.
        agent_id: Whose view. None is that of the agent who took or placed the call.
    """
    whole = Call(call)
    own = whole.agent(agent_id)
    if own is not None and own.participant_type is ParticipantType.SUPERVISOR:
        return (_supervised(whole, own),)
    view = _View(whole, agent_id, own)
    parties = (whole.main_party(agent_id), *whole.others(agent_id))
    return tuple(
        view.phone_call(one) for one in parties if one is not None and _is_shown(view, one)
    )


def is_own_consult(call: Call, participant: ParticipantSnapshot, agent_id: str | None) -> bool:
    """Tell whether somebody is consulted by this agent: to Salesforce a call of its own."""
    own = call.agent(agent_id)
    return participant.is_consult and own is not None and participant.added_by == own.participant_id


@dataclass(frozen=True, slots=True)
class _View:
    """A call as one agent sees it."""

    call: Call
    agent_id: str | None
    own: ParticipantSnapshot | None

    def phone_call(self, participant: ParticipantSnapshot) -> PhoneCall:
        call = self.call
        is_main = participant == call.main_party(self.agent_id)
        is_consult = is_own_consult(call, participant, self.agent_id)
        state, since = self._state(participant, is_main=is_main, is_consult=is_consult)
        wire_id = call.call_key_of(self.agent_id) if is_main else participant.participant_id
        return PhoneCall(
            call_id=wire_id,
            connection_id=wire_id,
            call_type=self._call_type(is_main=is_main, is_consult=is_consult),
            contact=Contact(
                id=participant.agent_id or participant.contact_id or participant.participant_id,
                type=participant.contact_type,
                phone_number=participant.phone_number,
                name=participant.name,
            ),
            state=state.value,
            phone_number=participant.phone_number,
            call_attributes=self._attributes(participant, is_main=is_main, is_consult=is_consult),
            call_info=self._call_info(participant, since, is_main=is_main),
        )

    def _call_type(self, *, is_main: bool, is_consult: bool) -> CallType:
        if is_consult:
            return CallType.CONSULT
        if not is_main:
            # The base connector looks for a third party by exactly this type (weakness B10).
            return CallType.ADD_PARTICIPANT
        if self.own is not None and self.own.participant_type is ParticipantType.THIRD_PARTY:
            return CallType.CONSULT if self.own.is_consult else CallType.TRANSFER
        if self.own is not None and self.own.participant_type is ParticipantType.INITIAL_CALLER:
            # Called by an agent, by name or from a queue: an Outbound call could not be accepted
            # (weakness B17).
            return CallType.INTERNAL_CALL
        return self.call.snapshot.call_type

    def _attributes(
        self, participant: ParticipantSnapshot, *, is_main: bool, is_consult: bool
    ) -> PhoneCallAttributes:
        snapshot, own = self.call.snapshot, self.own
        is_added = own is not None and own.participant_type is ParticipantType.THIRD_PARTY
        own_voice_call_id = own.voice_call_id if is_added and own else snapshot.voice_call_id
        # Salesforce creates the VoiceCall of a consult when it hears of one without.
        voice_call_id = participant.voice_call_id
        if is_main or not (is_consult or voice_call_id):
            voice_call_id = own_voice_call_id
        role = participant.participant_type
        if is_consult:
            role = ParticipantType.INITIAL_CALLER
        elif not is_main:
            role = ParticipantType.THIRD_PARTY
        parent_id = snapshot.parent_call_id
        if is_added or is_consult:
            parent_id = self.call.call_id
        return PhoneCallAttributes(
            voice_call_id=voice_call_id,
            participant_type=role,
            dialer_type=snapshot.dialer_type,
            parent_id=parent_id,
            is_on_hold=participant.is_on_hold,
            is_auto_merge_on=snapshot.is_auto_merge_on,
            is_consult_call=participant.is_consult or (is_main and self._is_consulted()),
            initial_call_has_ended=None if is_main or is_consult else self._main_has_left(),
        )

    def _main_has_left(self) -> bool:
        main = self.call.main_party(self.agent_id)
        return main is None or main.state is ParticipantState.ENDED

    def _is_consulted(self) -> bool:
        return self.own is not None and self.own.is_consult

    def _state(
        self, participant: ParticipantSnapshot, *, is_main: bool, is_consult: bool
    ) -> tuple[CallState, datetime]:
        """Return the state on Salesforce's wire, and since when it is so."""
        since = participant.state_since
        if participant.state is ParticipantState.ENDED:
            return CallState.ENDED, since
        is_ringing = participant.state is ParticipantState.RINGING
        if not is_main and not is_consult:
            return CallState.TRANSFERRING if is_ringing else CallState.TRANSFERRED, since
        if is_main:
            # The customer waits while the agent's phone rings: to Salesforce the call rings.
            is_ringing = not self.call.is_connected(self.agent_id)
            since = max(since, self.own.state_since) if self.own else since
        return CallState.RINGING if is_ringing else CallState.CONNECTED, since

    def _call_info(
        self, participant: ParticipantSnapshot, since: datetime, *, is_main: bool
    ) -> CallInfo:
        snapshot, own = self.call.snapshot, self.own
        info = snapshot.call_info if is_main else participant.call_info or snapshot.call_info
        is_own_muted = own is not None and own.is_muted
        queued = _queued(own if is_main else participant) or snapshot
        return replace(
            info,
            call_state_timestamp=since,
            is_on_hold=participant.is_on_hold,
            is_muted=participant.is_muted or (is_main and is_own_muted),
            is_recording_paused=snapshot.recording is RecordingState.PAUSED,
            is_softphone_call=info.is_softphone_call and (own is None or own.is_softphone),
            is_external_transfer=_is_external(participant, info),
            # Where the call must not be told again, its parties are not either.
            is_replayable=info.is_replayable and snapshot.call_info.is_replayable,
            initial_call_id=snapshot.initial_call_id or info.initial_call_id,
            queue_id=queued.queue_id or info.queue_id,
            queue_name=queued.queue_name or info.queue_name,
            queue_timestamp=_since(queued) or info.queue_timestamp,
        )


def _is_shown(view: _View, participant: ParticipantSnapshot) -> bool:
    if participant.state is not ParticipantState.ENDED:
        return True
    ended_at = view.call.snapshot.ended_at
    if ended_at is None:
        return False
    is_main = participant == view.call.main_party(view.agent_id)
    return is_main or participant.state_since >= ended_at


def _queued(participant: ParticipantSnapshot | None) -> CallInfo | None:
    """Return the queue that an added party came through, which is not that of the call."""
    if participant is None or participant.participant_type is not ParticipantType.THIRD_PARTY:
        return None
    info = participant.call_info
    return info if info is not None and info.queue_id is not None else None


def _since(queued: CallInfo | CallSnapshot) -> datetime | None:
    return queued.queue_timestamp if isinstance(queued, CallInfo) else queued.queued_at


def _is_external(participant: ParticipantSnapshot, info: CallInfo) -> bool | None:
    """Tell it as wished; without a wish, an added party outside the contact center is one."""
    is_added = participant.participant_type is ParticipantType.THIRD_PARTY
    own = participant.call_info if is_added else info
    if not is_added or (own is not None and own.is_external_transfer is not None):
        return None if own is None else own.is_external_transfer
    return participant.agent_id is None and participant.phone_number is not None


def _supervised(call: Call, own: ParticipantSnapshot) -> PhoneCall:
    """Return a call for the supervisor who listens (connector-api.md 1.6, 4.6)."""
    snapshot = call.snapshot
    customer = call.customer
    number = None if customer is None else customer.phone_number
    states = {
        ParticipantState.RINGING: CallState.RINGING,
        ParticipantState.CONNECTED: CallState.CONNECTED,
        ParticipantState.ENDED: CallState.ENDED,
    }
    return PhoneCall(
        call_id=call.call_id,
        connection_id=own.participant_id,
        call_type=snapshot.call_type,
        contact=Contact(id=own.participant_id, phone_number=number),
        state=states[own.state].value,
        phone_number=number,
        call_attributes=PhoneCallAttributes(
            voice_call_id=snapshot.voice_call_id,
            participant_type=ParticipantType.SUPERVISOR,
            has_supervisor_barged_in=own.has_barged_in,
        ),
        call_info=replace(
            snapshot.call_info,
            call_state_timestamp=own.state_since,
            is_muted=own.is_muted,
            is_recording_paused=snapshot.recording is RecordingState.PAUSED,
            is_softphone_call=own.is_softphone,
            is_bargeable=not own.has_barged_in,
        ),
    )
