"""How a call looks to Salesforce: one `PhoneCall` for each party beside the agents."""

from dataclasses import replace
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
    """Return who answers last: the customer when the agent placed the call, else the agent."""
    if call_type in _AGENT_CALLS:
        return ParticipantType.INITIAL_CALLER
    return ParticipantType.AGENT


def to_phone_calls(call: CallSnapshot, *, agent_id: str | None) -> tuple[PhoneCall, ...]:
    """Return what Salesforce is told about a call.

    While the call goes on, whoever left is not in it. When it is over, it holds the customer and
    whoever left with the end of the call.

    Args:
        call: The call.
        agent_id: Whose view: the mute flag, and the answer that makes the call connected, are
            this agent's. None is any agent's.
    """
    whole = Call(call)
    return tuple(
        _phone_call(whole, participant, agent_id)
        for participant in call.participants
        if participant.participant_type is not ParticipantType.AGENT
        and _is_shown(whole, participant)
    )


def _is_shown(call: Call, participant: ParticipantSnapshot) -> bool:
    if participant.state is not ParticipantState.ENDED:
        return True
    ended_at = call.snapshot.ended_at
    if ended_at is None:
        return False
    return participant is call.customer or participant.state_since >= ended_at


def _phone_call(call: Call, participant: ParticipantSnapshot, agent_id: str | None) -> PhoneCall:
    is_customer = participant.participant_type is ParticipantType.INITIAL_CALLER
    is_third_party = participant.participant_type is ParticipantType.THIRD_PARTY
    state, since = _state(call, participant, agent_id)
    wire_id = call.call_id if is_customer else participant.participant_id
    return PhoneCall(
        call_id=wire_id,
        connection_id=wire_id,
        # The base connector looks for a third party by exactly this type (weakness B10).
        call_type=CallType.ADD_PARTICIPANT if is_third_party else call.snapshot.call_type,
        contact=Contact(
            id=participant.agent_id or participant.participant_id,
            phone_number=participant.phone_number,
            name=participant.name,
        ),
        state=state.value,
        phone_number=participant.phone_number,
        call_attributes=PhoneCallAttributes(
            voice_call_id=call.snapshot.voice_call_id,
            participant_type=participant.participant_type,
            parent_id=call.snapshot.parent_call_id,
            is_on_hold=participant.is_on_hold,
        ),
        call_info=_call_info(call, participant, agent_id, since),
    )


def _state(
    call: Call, participant: ParticipantSnapshot, agent_id: str | None
) -> tuple[CallState, datetime]:
    """Return the state on Salesforce's wire, and since when it is so."""
    if participant.state is ParticipantState.ENDED:
        return CallState.ENDED, participant.state_since
    is_ringing = participant.state is ParticipantState.RINGING
    if participant.participant_type is ParticipantType.THIRD_PARTY:
        state = CallState.TRANSFERRING if is_ringing else CallState.TRANSFERRED
        return state, participant.state_since
    since = participant.state_since
    if participant.participant_type is ParticipantType.INITIAL_CALLER:
        # The customer waits while the agent's phone rings: to Salesforce the call rings.
        is_ringing = not call.is_connected(agent_id)
        agent = call.agent(agent_id)
        since = max(since, agent.state_since) if agent else since
    return CallState.RINGING if is_ringing else CallState.CONNECTED, since


def _call_info(
    call: Call, participant: ParticipantSnapshot, agent_id: str | None, since: datetime
) -> CallInfo:
    snapshot, info = call.snapshot, call.snapshot.call_info
    agent = call.agent(agent_id)
    return replace(
        info,
        call_state_timestamp=since,
        is_on_hold=participant.is_on_hold,
        is_muted=agent is not None and agent.is_muted,
        is_recording_paused=snapshot.recording is RecordingState.PAUSED,
        queue_id=snapshot.queue_id or info.queue_id,
        queue_name=snapshot.queue_name or info.queue_name,
        queue_timestamp=snapshot.queued_at or info.queue_timestamp,
    )
