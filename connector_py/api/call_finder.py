"""Which call, and which of its participants, an argument of Salesforce means."""

from collections.abc import Mapping
from typing import Any

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


def find_call(registry: CallRegistry, argument: CallArgument) -> Call:
    """Return the call that is meant.

    By its id, or a participant's; without ids by the participant's type (weakness B26); without
    anything the only call there is. The agent's own type means the call with the customer.

    Raises:
        CallNotFoundError: No active call fits.
        ValidationError: The participant's type is none.
    """
    given = argument or {}
    named = [str(given[key]) for key in ("callId", "connectionId") if given.get(key)]
    for name in named:
        for call in registry:
            ids = {call.call_id, *(party.participant_id for party in call.snapshot.participants)}
            if name in ids:
                return call
    if named:
        raise CallNotFoundError(named[0])
    wanted = _participant_type(given)
    found = registry.find_by_participant_type(wanted)
    if found is None:
        raise CallNotFoundError(f"with {wanted.value}")
    return found


def find_participant(call: Call, argument: CallArgument) -> ParticipantSnapshot:
    """Return the participant that is meant: by id, else by type, else the customer.

    Raises:
        ParticipantNotFoundError: Nobody on the call fits.
        ValidationError: The participant's type is none.
    """
    given = argument or {}
    named = {str(given[key]) for key in ("callId", "connectionId") if given.get(key)}
    for party in call.snapshot.participants:
        if party.participant_id in named and party.participant_type is not ParticipantType.AGENT:
            return party
    wanted = _participant_type(given)
    parties = call.participants_of_type(wanted)
    for party in parties:
        if party.state is not ParticipantState.ENDED:
            return party
    raise ParticipantNotFoundError(call.call_id, wanted.value)


def means_third_party(call: Call, argument: CallArgument) -> bool:
    """Tell whether one third party is meant, not the call: by id, else by type.

    Raises:
        ValidationError: The participant's type is none.
    """
    given = argument or {}
    named = {str(given[key]) for key in ("callId", "connectionId") if given.get(key)}
    if not named:
        return _participant_type(given) is ParticipantType.THIRD_PARTY
    others = call.participants_of_type(ParticipantType.THIRD_PARTY)
    return any(party.participant_id in named for party in others)


def _participant_type(given: Mapping[str, Any]) -> ParticipantType:
    attributes: Any = given.get("callAttributes") or {}
    named: Any = attributes.get("participantType")
    if not named:
        return ParticipantType.INITIAL_CALLER
    path = "call.callAttributes"
    read = from_wire(PhoneCallAttributes, {"participantType": named}, path=path)
    found = read.participant_type
    if found is None or found is ParticipantType.AGENT:
        return ParticipantType.INITIAL_CALLER
    return found
