"""Who comes into a call of the simulated switch, answers and leaves; pure.

Each function returns the steps of one command or verb: () when nothing changes.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from connector_py.call_model import Call
from connector_py.entities import (
    CallType,
    ParticipantAdded,
    ParticipantConnected,
    ParticipantHeld,
    ParticipantLeft,
    ParticipantSnapshot,
    ParticipantState,
    ParticipantType,
)
from server.entities import AgentKey, DialFailure, PartyDial, SwitchCall
from server.pbx import simulated_calls as calls
from server.pbx.base import SwitchError, UnknownParticipantError
from server.pbx.events import (
    AgentAnswered,
    AgentRinging,
    AgentWithdrawn,
    CallOver,
    CustomerAnswered,
    DialFailed,
    EndedBy,
    PartyAdded,
    PartyAnswered,
    PartyLeft,
    PbxEvent,
    WithdrawReason,
)
from server.pbx.simulated_controls import Conferenced, Held, Muted, Step, Steps, changed
from server.pbx.simulated_dialing import Outcome

# ---- offers ------------------------------------------------------------------------------------


def offered(switch_call: SwitchCall, agent: AgentKey, participant_id: str, at: datetime) -> Steps:
    """Let a call that waits, or a party that waits, ring at an agent.

    Raises:
        SwitchError: Nothing waits, it rings at somebody else, or the agent is on the call already.
    """
    calls.check_tenant(switch_call, agent)
    own = calls.agent_of(switch_call, agent.agent_id)
    party = calls.find(switch_call, participant_id)
    if party is not None and party.state is ParticipantState.ENDED:
        raise UnknownParticipantError("The participant has left the call")
    if own is not None:
        is_taking = own.participant_type is ParticipantType.AGENT
        if own == party or (party is None and is_taking):
            return ()
        raise SwitchError("The agent is on the call already")
    if party is None:
        if not calls.waits_for_offers(switch_call):
            raise SwitchError("Only a call that waits for an agent can be offered")
        if any(one.participant_type is ParticipantType.AGENT for one in calls.alive(switch_call)):
            raise SwitchError("The call rings at another agent")
        rings = calls.agent_participant(agent, participant_id, at, is_connected=False)
        return (_joined(switch_call, rings, AgentRinging),)
    if not calls.waits_for_agent(switch_call, party):
        raise SwitchError("The participant does not wait for an agent")
    rings = replace(party, agent_id=agent.agent_id)
    return (
        (
            calls.with_participant(switch_call, rings),
            AgentRinging(**_ids(switch_call), participant=rings),
        ),
    )


def withdrawn(
    switch_call: SwitchCall, agent: AgentKey, at: datetime, reason: WithdrawReason | None = None
) -> Steps:
    """Stop the ringing at an agent; a party that waited waits again.

    Raises:
        SwitchError: The agent is on the call already, or listens in.
    """
    calls.check_tenant(switch_call, agent)
    party = calls.agent_of(switch_call, agent.agent_id)
    if party is None:
        return ()
    if party.state is not ParticipantState.RINGING:
        raise SwitchError("The agent is on the call already")
    if party.participant_type is ParticipantType.SUPERVISOR:
        raise SwitchError("The call was not offered to the agent, who only listens in")
    if party.participant_type is ParticipantType.AGENT:
        after = calls.without(switch_call, party.participant_id)
    else:
        after = calls.with_participant(switch_call, replace(party, agent_id=None))
    event = AgentWithdrawn(
        **_ids(switch_call),
        participant_id=party.participant_id,
        agent_id=agent.agent_id,
        at=at,
        reason=reason,
    )
    return ((after, event),)


# ---- answers -----------------------------------------------------------------------------------


def agent_answers(
    switch_call: SwitchCall,
    participant_id: str,
    at: datetime,
    outcome: Callable[[datetime], Outcome],
) -> Steps:
    """Connect an agent or a supervisor; the customer of a callback rings from then on.

    Raises:
        SwitchError: The phone that rings is no agent's.
    """
    party = calls.present(switch_call, participant_id)
    if party.state is ParticipantState.CONNECTED:
        return ()
    if party.agent_id is None:
        raise SwitchError("It rings at no agent")
    is_first = party.participant_type is ParticipantType.AGENT
    after = calls.applied(switch_call, _connecting(switch_call, participant_id, at))
    if _calls_back(switch_call):
        chosen = outcome(at)
        after = replace(after, fails_at=chosen.fails_at, failure=chosen.failure)
    event = AgentAnswered(**_ids(switch_call), participant_id=participant_id, at=at)
    if is_first and switch_call.call.call_info.is_muted:
        return ((after, event), *Muted(participant_id, is_muted=True).apply(after, at))
    return ((after, event), *_begins(after, party, at))


def outside_answers(switch_call: SwitchCall, party: ParticipantSnapshot, at: datetime) -> Steps:
    """Connect the customer, or an added party outside the contact center.

    Raises:
        SwitchError: No phone outside rings for the party.
    """
    is_customer = party.participant_type is ParticipantType.INITIAL_CALLER
    party_id = party.participant_id
    if not calls.rings_outside(switch_call, party_id):
        whose = "customer" if is_customer else "participant"
        raise SwitchError(f"The {whose}'s phone does not ring")
    kind = CustomerAnswered if is_customer else PartyAnswered
    after = calls.applied(
        calls.without_dial(switch_call, party_id), _connecting(switch_call, party_id, at)
    )
    answers: Step = (after, kind(**_ids(switch_call), participant_id=party_id, at=at))
    call = switch_call.call
    if is_customer and call.call_info.is_on_hold and not call.is_auto_merge_on:
        return (answers, *Held(party_id, is_on_hold=True).apply(after, at))
    return (answers, *_begins(after, party, at))


def _begins(after: SwitchCall, party: ParticipantSnapshot, at: datetime) -> Steps:
    """Mute and hold an added party who answered, as the org wants (guide chapter 6).

    Whoever took the place of the agent who asked for them is not held: nobody could resume it.
    """
    info = party.call_info
    if info is None:
        return ()
    muted = Muted(party.participant_id, is_muted=True).apply(after, at) if info.is_muted else ()
    now = (muted[-1][0] if muted else None) or after
    is_asked_for = any(one.participant_id == party.added_by for one in calls.talking_agents(now))
    if not info.is_on_hold or now.call.is_auto_merge_on or not is_asked_for:
        return muted
    return (*muted, *Held(party.participant_id, is_on_hold=True).apply(now, at))


def _calls_back(switch_call: SwitchCall) -> bool:
    """Whether the customer waits to be called when an agent has answered; not who has left."""
    is_waiting = any(
        one.participant_type is ParticipantType.INITIAL_CALLER
        and one.state is ParticipantState.RINGING
        for one in calls.alive(switch_call)
    )
    is_callback = switch_call.call.call_type is CallType.CALLBACK
    return is_callback and is_waiting and switch_call.fails_at is None


# ---- who is brought in -------------------------------------------------------------------------


def check_can_add(switch_call: SwitchCall, participant_id: str) -> None:
    """Let only agents who are on the call bring somebody in.

    Raises:
        UnknownParticipantError: There is no such participant.
        SwitchError: It is somebody else.
    """
    if calls.connected(switch_call, participant_id) not in calls.talking_agents(switch_call):
        raise SwitchError("Only an agent who is on the call can bring somebody in")


def added(
    switch_call: SwitchCall, party: ParticipantSnapshot, dialled: Outcome | None, *, is_blind: bool
) -> Steps:
    """Bring somebody in, for the agent `party.added_by`.

    Args:
        switch_call: The call.
        party: Who comes.
        dialled: What becomes of their phone when it is outside the contact center.
        is_blind: The agent leaves at the same moment.
    """
    at = party.state_since
    steps: list[Step] = []
    adder = calls.participant_of(switch_call, party.added_by or "")
    before = switch_call
    main = Call(switch_call.call).main_party(adder.agent_id)
    if main is not None and _is_to_be_held(switch_call, main, is_blind=is_blind):
        held = _held(switch_call, main.participant_id, at)
        steps.append(held)
        before = held[0]
    if dialled is not None:
        dial = PartyDial(
            participant_id=party.participant_id,
            fails_at=dialled.fails_at,
            failure=dialled.failure,
        )
        before = replace(before, party_dials=(*before.party_dials, dial))
    joined = _joined(before, party, PartyAdded)
    steps.append(joined)
    if is_blind:
        steps.extend(left(joined[0], adder, at, ended_by=EndedBy.AGENT))
    return tuple(steps)


def listening(
    switch_call: SwitchCall, supervisor: AgentKey, participant_id: str, at: datetime
) -> ParticipantSnapshot | None:
    """Return a supervisor whose phone rings; None when they are there already.

    Raises:
        SwitchError: The agent is on the call already, or no agent talks on it.
    """
    calls.check_tenant(switch_call, supervisor)
    if calls.find(switch_call, participant_id) is not None:
        return None
    if calls.agent_of(switch_call, supervisor.agent_id) is not None:
        raise SwitchError("The agent is on the call already")
    if not calls.talking_agents(switch_call):
        raise SwitchError("No agent is on the call yet")
    return ParticipantSnapshot(
        participant_id=participant_id,
        participant_type=ParticipantType.SUPERVISOR,
        state=ParticipantState.RINGING,
        state_since=at,
        agent_id=supervisor.agent_id,
    )


def joins(switch_call: SwitchCall, party: ParticipantSnapshot) -> Steps:
    """Bring somebody in, and nothing else."""
    return (_joined(switch_call, party, PartyAdded),)


def _is_to_be_held(switch_call: SwitchCall, main: ParticipantSnapshot, *, is_blind: bool) -> bool:
    is_free = is_blind or switch_call.call.is_auto_merge_on or main.is_on_hold
    return main.state is ParticipantState.CONNECTED and not is_free


# ---- who leaves --------------------------------------------------------------------------------


def left(
    switch_call: SwitchCall,
    party: ParticipantSnapshot,
    at: datetime,
    *,
    ended_by: EndedBy,
    failure: DialFailure | None = None,
) -> Steps:
    """Let somebody leave; the call is over when fewer than two would be left.

    Args:
        switch_call: The call.
        party: Who leaves.
        at: When.
        ended_by: Who ends the call, if that is its end.
        failure: Why the party was never reached, when that is so.
    """
    if _is_last_but_one(switch_call, party):
        return over(switch_call, ended_by, at)
    party_id = party.participant_id
    after = calls.applied(
        calls.without_dial(switch_call, party_id),
        ParticipantLeft(call_id=switch_call.call.call_id, participant_id=party_id, at=at),
    )
    event = PartyLeft(**_ids(switch_call), participant_id=party_id, at=at, failure=failure)
    return ((after, event), *_handed_over(after, party, at))


def not_reached(
    switch_call: SwitchCall, party: ParticipantSnapshot, failure: DialFailure, at: datetime
) -> Steps:
    """Give up somebody outside whose phone rings."""
    is_customer = party.participant_type is ParticipantType.INITIAL_CALLER
    if is_customer and _is_last_but_one(switch_call, party):
        return ((None, DialFailed(**_ids(switch_call), failure=failure, at=at)),)
    return left(switch_call, party, at, ended_by=EndedBy.SWITCH, failure=failure)


def over(switch_call: SwitchCall, ended_by: EndedBy, at: datetime) -> Steps:
    """End the call for everybody."""
    return ((None, CallOver(**_ids(switch_call), ended_by=ended_by, at=at)),)


def _is_last_but_one(switch_call: SwitchCall, party: ParticipantSnapshot) -> bool:
    """Whether fewer than two are left without the party. Supervisors never count."""
    return len([one for one in Call(switch_call.call).parties if one != party]) < 2


def _handed_over(after: SwitchCall, who_left: ParticipantSnapshot, at: datetime) -> Steps:
    """Let those talk whom an agent leaves behind.

    When the agent had brought one of them in, that was a transfer, and it is done. When there is
    no agent any more, nobody could take them off hold.
    """
    is_agent = who_left.agent_id is not None and who_left.state is ParticipantState.CONNECTED
    was_transfer = any(one.added_by == who_left.participant_id for one in calls.alive(after))
    if is_agent and (was_transfer or not calls.talking_agents(after)):
        return Conferenced().apply(after, at)
    return ()


# ---- events ------------------------------------------------------------------------------------


def _joined(
    switch_call: SwitchCall,
    party: ParticipantSnapshot,
    kind: type[AgentRinging] | type[PartyAdded],
) -> tuple[SwitchCall, PbxEvent]:
    told = ParticipantAdded(call_id=switch_call.call.call_id, participant=party)
    return calls.applied(switch_call, told), kind(**_ids(switch_call), participant=party)


def _held(switch_call: SwitchCall, party_id: str, at: datetime) -> tuple[SwitchCall, PbxEvent]:
    told = ParticipantHeld(call_id=switch_call.call.call_id, participant_id=party_id, at=at)
    return changed(switch_call, told)


def _connecting(switch_call: SwitchCall, party_id: str, at: datetime) -> ParticipantConnected:
    return ParticipantConnected(call_id=switch_call.call.call_id, participant_id=party_id, at=at)


def _ids(switch_call: SwitchCall) -> dict[str, str]:
    return {"tenant_id": switch_call.tenant_id, "call_id": switch_call.call.call_id}
