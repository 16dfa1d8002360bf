"""Calls with more than two parties, as agent `ada` has them, and Salesforce's names for them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from connector_py.entities import (
    CallSnapshot,
    Contact,
    ContactType,
    ParticipantAdded,
    ParticipantHeld,
    ParticipantSnapshot,
    ParticipantState,
)
from tests.support.builders import (
    at,
    make_connected_call_snapshot,
    make_third_party,
    with_participant,
)

CALL = {"callId": "call-1", "callAttributes": {"participantType": "Initial_Caller"}}
THIRD_CALL = {"callId": "third-1", "callAttributes": {"participantType": "Third_Party"}}
AGENT = {"callAttributes": {"participantType": "Agent"}}
CONTACT = {"phoneNumber": "+12025550199", "type": "PhoneNumber", "name": "Theo"}
WHOM = Contact(phone_number="+12025550199", type=ContactType.PHONENUMBER, name="Theo")
CUSTOMER: Mapping[str, Any] = {"call_id": "call-1", "participant_id": "customer-1"}
THIRD: Mapping[str, Any] = {"call_id": "call-1", "participant_id": "third-1"}
ME: Mapping[str, Any] = {"call_id": "call-1", "participant_id": "agent-1"}
NOW = at(60)

talking = make_connected_call_snapshot(voice_call_id="0LQ1")
held = with_participant(talking, "customer-1", is_on_hold=True)
HELD = ParticipantHeld(**CUSTOMER, at=NOW)


def third(**fields: Any) -> ParticipantSnapshot:
    """Somebody whom ada added, and who answered."""
    return make_third_party(
        **({"state": ParticipantState.CONNECTED, "added_by": "agent-1"} | fields)
    )


def call_with(*added: ParticipantSnapshot, of: CallSnapshot = held) -> CallSnapshot:
    """The call with who was added; a third party by default."""
    return replace(of, participants=(*of.participants, *(added or (third(),))))


RINGS = ParticipantAdded(call_id="call-1", participant=third(state=ParticipantState.RINGING))
