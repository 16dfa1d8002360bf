"""The calls of the simulated switch: how they begin, and what can be read from them; pure."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from connector_py.call_model import Call
from connector_py.entities import (
    CallInfo,
    CallSnapshot,
    CallType,
    DialerType,
    Notification,
    ParticipantSnapshot,
    ParticipantState,
    ParticipantType,
    RecordingState,
)
from server.entities import AgentKey, FlowOrder, PartyDial, SwitchCall
from server.pbx.base import Destination, SwitchError, UnknownCallError, UnknownParticipantError

PLACED_CALLS = (CallType.OUTBOUND, CallType.DIALED_CALLBACK, CallType.INTERNAL_CALL)
_OFFERED_CALLS = (CallType.INBOUND, CallType.CALLBACK)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTemplate:
    """How a new call begins (guide chapter 6, "Call Initial State")."""

    call_info: CallInfo = field(default_factory=CallInfo)
    """The agent's controls. The switch itself obeys three of them: `is_on_hold` holds the customer
    as soon as connected (not in a call that merges by itself), `is_muted` mutes the agent who
    takes or places the call, and `is_recording_paused` lets the recorder begin paused."""
    added_call_info: CallInfo = field(default_factory=CallInfo)
    """The same of whoever is added. The switch obeys `is_on_hold` and `is_muted`, as soon as they
    are connected."""
    dialer_type: DialerType = DialerType.NONE
    is_auto_merge_on: bool = False
    """Nobody is held when somebody joins, and nobody can be (connector-api.md 2.3)."""
    is_progressive: bool = False
    """Of a call that comes in: a dialer called the customer (guide chapter 9)."""
    flow: FlowOrder | None = None
    """Of a call that comes in: the flow of Salesforce that is to say who gets it."""


# ---- how calls begin ---------------------------------------------------------------------------


def inbound_call(
    *, call_id: str, customer_id: str, from_number: str, template: CallTemplate, at: datetime
) -> CallSnapshot:
    """Return a call whose customer waits. The recorder runs from the first word on."""
    customer = ParticipantSnapshot(
        participant_id=customer_id,
        participant_type=ParticipantType.INITIAL_CALLER,
        state=ParticipantState.CONNECTED,
        state_since=at,
        phone_number=from_number,
        is_on_hold=template.call_info.is_on_hold is True and not template.is_auto_merge_on,
    )
    return _new_call(call_id, CallType.INBOUND, (customer,), template, at)


def callback(
    *, call_id: str, customer_id: str, phone_number: str, template: CallTemplate, at: datetime
) -> CallSnapshot:
    """Return a call whose customer is called when an agent has answered."""
    customer = _ringing_customer(customer_id, Destination(number=phone_number), at)
    return _new_call(call_id, CallType.CALLBACK, (customer,), template, at)


def placed_call(
    call_id: str,
    call_type: CallType,
    *,
    agent: ParticipantSnapshot,
    customer_id: str,
    destination: Destination,
    template: CallTemplate,
) -> CallSnapshot:
    """Return an agent's own call: it rings at the customer, or waits for a called agent."""
    at = agent.state_since
    customer = _ringing_customer(customer_id, destination, at)
    caller = replace(agent, is_muted=template.call_info.is_muted)
    return _new_call(call_id, call_type, (customer, caller), template, at)


def agent_participant(
    agent: AgentKey, participant_id: str, at: datetime, *, is_connected: bool
) -> ParticipantSnapshot:
    """Return the part of the agent who takes or places a call."""
    return ParticipantSnapshot(
        participant_id=participant_id,
        participant_type=ParticipantType.AGENT,
        state=ParticipantState.CONNECTED if is_connected else ParticipantState.RINGING,
        state_since=at,
        agent_id=agent.agent_id,
    )


def _ringing_customer(
    customer_id: str, destination: Destination, at: datetime
) -> ParticipantSnapshot:
    return ParticipantSnapshot(
        participant_id=customer_id,
        participant_type=ParticipantType.INITIAL_CALLER,
        state=ParticipantState.RINGING,
        state_since=at,
        phone_number=destination.number,
        name=destination.name,
        contact_type=destination.contact_type,
        contact_id=destination.contact_id,
    )


def _new_call(
    call_id: str,
    call_type: CallType,
    participants: tuple[ParticipantSnapshot, ...],
    template: CallTemplate,
    at: datetime,
) -> CallSnapshot:
    is_paused = template.call_info.is_recording_paused
    return CallSnapshot(
        call_id=call_id,
        call_type=call_type,
        participants=participants,
        started_at=at,
        recording=RecordingState.PAUSED if is_paused else RecordingState.RECORDING,
        dialer_type=template.dialer_type,
        is_auto_merge_on=template.is_auto_merge_on,
        call_info=template.call_info,
    )


# ---- who is on a call --------------------------------------------------------------------------


def check_tenant(switch_call: SwitchCall, agent: AgentKey) -> None:
    """Let only agents of the call's org near it.

    Raises:
        UnknownCallError: It is another org's call.
    """
    if switch_call.tenant_id != agent.tenant_id:
        raise UnknownCallError("The switch has no such call")


def find(switch_call: SwitchCall, participant_id: str) -> ParticipantSnapshot | None:
    """Return a participant, also one who left; None when there is none with that id."""
    for participant in switch_call.call.participants:
        if participant.participant_id == participant_id:
            return participant
    return None


def participant_of(switch_call: SwitchCall, participant_id: str) -> ParticipantSnapshot:
    """Return a participant, also one who left.

    Raises:
        UnknownParticipantError: There is none with that id.
    """
    participant = find(switch_call, participant_id)
    if participant is None:
        raise UnknownParticipantError("The call has no such participant")
    return participant


def present(switch_call: SwitchCall, participant_id: str) -> ParticipantSnapshot:
    """Return a participant whose phone rings or who is on the call.

    Raises:
        UnknownParticipantError: There is none with that id, or not any more.
    """
    participant = participant_of(switch_call, participant_id)
    if participant.state is ParticipantState.ENDED:
        raise UnknownParticipantError("The participant has left the call")
    return participant


def connected(switch_call: SwitchCall, participant_id: str) -> ParticipantSnapshot:
    """Return a participant who is on the call.

    Raises:
        UnknownParticipantError: There is none with that id, or not any more.
        SwitchError: The participant's phone still rings.
    """
    participant = present(switch_call, participant_id)
    if participant.state is not ParticipantState.CONNECTED:
        raise SwitchError("The participant is not on the call yet")
    return participant


def customer_of(switch_call: SwitchCall) -> ParticipantSnapshot:
    """Return the customer, or in a call between agents the one who was called.

    Raises:
        UnknownParticipantError: The customer has left.
    """
    for participant in alive(switch_call):
        if participant.participant_type is ParticipantType.INITIAL_CALLER:
            return participant
    raise UnknownParticipantError("The customer has left the call")


def agent_of(switch_call: SwitchCall, agent_id: str) -> ParticipantSnapshot | None:
    """Return an agent's part in the call, of any type; None when not there, or not any more."""
    for participant in alive(switch_call):
        if participant.agent_id == agent_id:
            return participant
    return None


def alive(switch_call: SwitchCall) -> tuple[ParticipantSnapshot, ...]:
    """Return who has not left, supervisors too."""
    return tuple(
        one for one in switch_call.call.participants if one.state is not ParticipantState.ENDED
    )


def talking_agents(switch_call: SwitchCall) -> tuple[ParticipantSnapshot, ...]:
    """Return the agents who are on the call, but supervisors."""
    return tuple(
        one
        for one in alive(switch_call)
        if one.agent_id is not None
        and one.participant_type is not ParticipantType.SUPERVISOR
        and one.state is ParticipantState.CONNECTED
    )


def waits_for_offers(switch_call: SwitchCall) -> bool:
    """Whether the call came in, or is a callback, and no agent took it yet."""
    return switch_call.call.call_type in _OFFERED_CALLS and not any(
        one.participant_type is ParticipantType.THIRD_PARTY
        or (one.participant_type is ParticipantType.AGENT and _is_connected(one))
        for one in alive(switch_call)
    )


def _is_connected(participant: ParticipantSnapshot) -> bool:
    return participant.state is ParticipantState.CONNECTED


# ---- phones outside the contact center that ring -----------------------------------------------


def dials_of(switch_call: SwitchCall) -> tuple[PartyDial, ...]:
    """Return everybody outside the contact center whose phone rings, the customer too."""
    if switch_call.fails_at is None or switch_call.failure is None:
        return switch_call.party_dials
    customer = PartyDial(
        participant_id=customer_of(switch_call).participant_id,
        fails_at=switch_call.fails_at,
        failure=switch_call.failure,
    )
    return (customer, *switch_call.party_dials)


def rings_outside(switch_call: SwitchCall, participant_id: str) -> bool:
    """Whether a phone outside the contact center rings."""
    return any(dial.participant_id == participant_id for dial in dials_of(switch_call))


def without_dial(switch_call: SwitchCall, participant_id: str) -> SwitchCall:
    """Return the call after a phone outside stopped ringing."""
    party = participant_of(switch_call, participant_id)
    if party.participant_type is ParticipantType.INITIAL_CALLER:
        return replace(switch_call, fails_at=None, failure=None)
    left = tuple(one for one in switch_call.party_dials if one.participant_id != participant_id)
    return replace(switch_call, party_dials=left)


def waits_for_agent(switch_call: SwitchCall, party: ParticipantSnapshot) -> bool:
    """Whether a party is to become an agent, and none was found yet."""
    if party.participant_type is ParticipantType.INITIAL_CALLER:
        can_be_agent = switch_call.call.call_type in PLACED_CALLS
    else:
        can_be_agent = party.participant_type is ParticipantType.THIRD_PARTY
    return (
        can_be_agent
        and party.state is ParticipantState.RINGING
        and party.agent_id is None
        and not rings_outside(switch_call, party.participant_id)
    )


# ---- how they change ---------------------------------------------------------------------------


def applied(switch_call: SwitchCall, notification: Notification) -> SwitchCall:
    """Return the call as everybody who hears the notification has it."""
    return replace(switch_call, call=Call(switch_call.call).apply(notification).snapshot)


def with_participant(switch_call: SwitchCall, changed: ParticipantSnapshot) -> SwitchCall:
    """Return the call with another picture of somebody who is in it."""
    participants = tuple(
        changed if one.participant_id == changed.participant_id else one
        for one in switch_call.call.participants
    )
    return replace(switch_call, call=replace(switch_call.call, participants=participants))


def without(switch_call: SwitchCall, participant_id: str) -> SwitchCall:
    """Return the call as if somebody never had been in it."""
    left = tuple(
        one for one in switch_call.call.participants if one.participant_id != participant_id
    )
    return replace(switch_call, call=replace(switch_call.call, participants=left))
