"""Which call, and which of its parties, an argument of Salesforce means.

Salesforce knows an agent's part by its vendorCallKey (`Call.call_key_of`), other parties by their
participant ids, and sometimes names only a role (connector-api.md, weakness B26).
"""

from collections.abc import Mapping
from typing import Any

from connector_py.api.views import is_ringing, is_supervised, parties_of
from connector_py.call_model import Call, CallRegistry
from connector_py.entities import (
    ParticipantSnapshot,
    ParticipantState,
    ParticipantType,
    PhoneCallAttributes,
    from_wire,
)
from connector_py.errors import CallNotFoundError, ParticipantNotFoundError

CallArgument = Mapping[str, Any] | None
"""A PhoneCall as Salesforce sends it: whole, or only with its participant's type, or nothing."""


def find_call(registry: CallRegistry, argument: CallArgument, agent_id: str | None) -> Call:
    """Return the call that is meant.

    By the agent's vendorCallKey, the server's id or a party's id; without ids by the role of a
    party; without anything the agent's call.

    Raises:
        CallNotFoundError: No active call fits.
        ValidationError: The participant's type is none.
    """
    named = ids_in(argument)
    for name in named:
        found = _call_named(registry, name, agent_id)
        if found is not None:
            return found
    if named:
        raise CallNotFoundError(named[0])
    return _call_with(registry, role_in(argument), agent_id)


def find_party(call: Call, argument: CallArgument, agent_id: str | None) -> ParticipantSnapshot:
    """Return the party that is meant: by id, else by role, else the main one.

    When the main party has left and one other is there, that one stands for it. The agents'
    own role and id mean the main party too: nobody holds themselves.

    Raises:
        ParticipantNotFoundError: Nobody who is still there fits.
        ValidationError: The participant's type is none.
    """
    there = parties_of(call, agent_id)
    named = set(ids_in(argument))
    for party in there:
        if party.participant_id in named:
            return party
    wanted, main = role_in(argument), call.main_party(agent_id)
    gone = {one.participant_id for one in call.others(agent_id)} & named
    if gone:
        raise ParticipantNotFoundError(call.call_id, gone.pop())
    if wanted in {None, ParticipantType.AGENT, ParticipantType.INITIAL_CALLER}:
        fitting = [one for one in there if one == main] or list(
            there[:1] if len(there) == 1 else ()
        )
    elif wanted is ParticipantType.THIRD_PARTY:
        fitting = list(third_parties_of(call, agent_id))
    else:
        fitting = []
    if not fitting:
        raise ParticipantNotFoundError(call.call_id, "main" if wanted is None else wanted.value)
    return fitting[0]


def party_to_remove(
    call: Call, argument: CallArgument, agent_id: str | None
) -> ParticipantSnapshot | None:
    """Return who is to leave while the others stay, or None when it is the agent.

    It is the agent when nobody is named, when the agents' own role is, when the call still rings,
    and when one other party is there: then the call is over anyway. The call's own id alone is
    the agent too, once the main party has left.

    Raises:
        ParticipantNotFoundError: Somebody is named who is not there, or not any more; to end the
            whole call instead would cut off those who are.
        ValidationError: The participant's type is none.
    """
    if is_ringing(call, agent_id) or _means_me(call, argument, agent_id):
        return None
    main, named = call.main_party(agent_id), set(ids_in(argument))
    if main is None or main.state is ParticipantState.ENDED:
        if main is not None and _names_gone(call, main, argument, agent_id):
            raise ParticipantNotFoundError(call.call_id, main.participant_id)
        if call.call_key_of(agent_id) in named:
            return None
    party = find_party(call, argument, agent_id)
    return party if len(parties_of(call, agent_id)) > 1 else None


def names_third_party(call: Call, argument: CallArgument, agent_id: str | None) -> bool:
    """Tell whether somebody beside the main party is named, by id or by role.

    Raises:
        ValidationError: The participant's type is none.
    """
    named = set(ids_in(argument))
    others = {one.participant_id for one in call.others(agent_id)}
    return bool(named & others) or role_in(argument) is ParticipantType.THIRD_PARTY


def names_anybody(argument: CallArgument) -> bool:
    """Tell whether a party is named at all, and not the agents themselves.

    Raises:
        ValidationError: The participant's type is none.
    """
    role = role_in(argument)
    return role is not ParticipantType.AGENT and (role is not None or bool(ids_in(argument)))


def wish(method: str, argument: CallArgument) -> str:
    """Return what a click asks for, in Salesforce's own names: the same for a double click.

    Raises:
        ValidationError: The participant's type is none.
    """
    return f"{method} {ids_in(argument)} {role_in(argument)}"


def ids_in(argument: CallArgument) -> list[str]:
    """Return the ids that an argument names."""
    given = argument or {}
    return [str(given[key]) for key in ("callId", "connectionId") if given.get(key)]


def role_in(argument: CallArgument) -> ParticipantType | None:
    """Return the role that an argument names, or None.

    Raises:
        ValidationError: It is none of Salesforce's.
    """
    attributes: Any = (argument or {}).get("callAttributes") or {}
    named: Any = attributes.get("participantType")
    if not named:
        return None
    path = "call.callAttributes"
    return from_wire(PhoneCallAttributes, {"participantType": named}, path=path).participant_type


def supervised_call(registry: CallRegistry, agent_id: str | None) -> Call | None:
    """Return the call that the agent listens to, or None."""
    return next((call for call in registry if is_supervised(call, agent_id)), None)


def is_on_hold(call: Call, agent_id: str | None) -> bool:
    """Whether the main party of a call is on hold."""
    main = call.main_party(agent_id)
    return main is not None and main.is_on_hold


def third_parties_of(call: Call, agent_id: str | None) -> tuple[ParticipantSnapshot, ...]:
    """Return who is there beside the main party."""
    main = call.main_party(agent_id)
    return tuple(one for one in parties_of(call, agent_id) if one != main)


def own_calls(registry: CallRegistry, agent_id: str | None) -> list[Call]:
    """Return the calls on which the agent talks, not those that are listened to."""
    return [call for call in registry if not is_supervised(call, agent_id)]


def _call_named(registry: CallRegistry, name: str, agent_id: str | None) -> Call | None:
    for call in registry:
        if name in {call.call_key_of(agent_id), call.call_id}:
            return call
    for call in registry:
        if any(party.participant_id == name for party in call.snapshot.participants):
            return call
    return None


def _call_with(registry: CallRegistry, role: ParticipantType | None, agent_id: str | None) -> Call:
    if role is ParticipantType.SUPERVISOR:
        found = supervised_call(registry, agent_id)
        candidates = [] if found is None else [found]
    elif role is ParticipantType.THIRD_PARTY:
        calls = own_calls(registry, agent_id)
        candidates = [call for call in calls if third_parties_of(call, agent_id)]
    else:
        # One with somebody to talk to before one without.
        calls = own_calls(registry, agent_id)
        candidates = [call for call in calls if parties_of(call, agent_id)] or calls
    if not candidates:
        raise CallNotFoundError("active" if role is None else f"with {role.value}")
    return candidates[0]


def _names_gone(
    call: Call, main: ParticipantSnapshot, argument: CallArgument, agent_id: str | None
) -> bool:
    """Tell whether the main party, which has left, is named by its role or by its own id."""
    named = set(ids_in(argument))
    if named & {one.participant_id for one in parties_of(call, agent_id)}:
        return False
    is_own_id = main.participant_id in named
    return is_own_id or role_in(argument) is ParticipantType.INITIAL_CALLER


def _means_me(call: Call, argument: CallArgument, agent_id: str | None) -> bool:
    role, named, own = role_in(argument), ids_in(argument), call.agent(agent_id)
    is_own_id = own is not None and own.participant_id in named
    if is_own_id and call.call_key_of(agent_id) not in named:
        return True
    if role is not ParticipantType.AGENT:
        return role is None and not named
    # To an agent who was called by another one, that one's whole PhoneCall has this role too.
    main = call.main_party(agent_id)
    is_called = main is not None and main.participant_type is ParticipantType.AGENT
    return not (is_called and named)
