"""Calls and agents for tests: everything has a default, name only what the test is about."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from connector_py.entities import (
    AgentSnapshot,
    AgentState,
    CallInfo,
    CallSnapshot,
    CallType,
    Contact,
    ContactType,
    ParticipantSnapshot,
    ParticipantState,
    ParticipantType,
    PhoneCall,
    PhoneCallAttributes,
)

START = datetime(2024, 5, 6, 7, 8, 9, 123_000, tzinfo=UTC)


def at(seconds: float) -> datetime:
    """The moment this many seconds after `START`."""
    return START + timedelta(seconds=seconds)


def make_customer(**fields: Any) -> ParticipantSnapshot:
    defaults: dict[str, Any] = {
        "participant_id": "customer-1",
        "participant_type": ParticipantType.INITIAL_CALLER,
        "state": ParticipantState.CONNECTED,
        "state_since": START,
        "phone_number": "+12025550143",
        "name": "Carla Customer",
    }
    return ParticipantSnapshot(**(defaults | fields))


def make_agent_participant(**fields: Any) -> ParticipantSnapshot:
    defaults: dict[str, Any] = {
        "participant_id": "agent-1",
        "participant_type": ParticipantType.AGENT,
        "state": ParticipantState.RINGING,
        "state_since": START,
        "agent_id": "ada",
    }
    return ParticipantSnapshot(**(defaults | fields))


def make_third_party(**fields: Any) -> ParticipantSnapshot:
    defaults: dict[str, Any] = {
        "participant_id": "third-1",
        "participant_type": ParticipantType.THIRD_PARTY,
        "state": ParticipantState.RINGING,
        "state_since": START,
        "phone_number": "+12025550199",
        "name": "Theo Third",
    }
    return ParticipantSnapshot(**(defaults | fields))


def make_call_snapshot(
    *, participants: Sequence[ParticipantSnapshot] | None = None, **fields: Any
) -> CallSnapshot:
    """An inbound call that rings at agent `ada`."""
    if participants is None:
        participants = (make_customer(), make_agent_participant())
    defaults: dict[str, Any] = {
        "call_id": "call-1",
        "call_type": CallType.INBOUND,
        "started_at": START,
    }
    return CallSnapshot(participants=tuple(participants), **(defaults | fields))


def make_connected_call_snapshot(**fields: Any) -> CallSnapshot:
    """An inbound call that agent `ada` answered ten seconds after it came."""
    agent = make_agent_participant(state=ParticipantState.CONNECTED, state_since=at(10))
    return make_call_snapshot(**({"participants": (make_customer(), agent)} | fields))


def make_outbound_call_snapshot(**fields: Any) -> CallSnapshot:
    """A call that agent `ada` placed and that rings at the customer."""
    defaults: dict[str, Any] = {
        "call_type": CallType.OUTBOUND,
        "participants": (
            make_agent_participant(state=ParticipantState.CONNECTED),
            make_customer(state=ParticipantState.RINGING),
        ),
    }
    return make_call_snapshot(**(defaults | fields))


def make_supervisor(**fields: Any) -> ParticipantSnapshot:
    """Agent `ada`, who listens to somebody else's call."""
    defaults: dict[str, Any] = {
        "participant_id": "sup-1",
        "participant_type": ParticipantType.SUPERVISOR,
        "state": ParticipantState.CONNECTED,
        "agent_id": "ada",
        "phone_number": None,
        "name": "Ada Agent",
    }
    return make_third_party(**(defaults | fields))


def make_supervised_call_snapshot(**fields: Any) -> CallSnapshot:
    """Agent Ben's call, to which agent `ada` listens."""
    ben = make_agent_participant(agent_id="ben", state=ParticipantState.CONNECTED)
    participants = (make_customer(), ben, make_supervisor(**fields))
    return make_call_snapshot(participants=participants)


def with_participant(call: CallSnapshot, participant_id: str, **changes: Any) -> CallSnapshot:
    """The call with one participant changed."""
    return replace(
        call,
        participants=tuple(
            replace(one, **changes) if one.participant_id == participant_id else one
            for one in call.participants
        ),
    )


def make_agent_snapshot(**fields: Any) -> AgentSnapshot:
    defaults: dict[str, Any] = {
        "agent_id": "ada",
        "user_name": "ada@demo.example",
        "full_name": "Ada Agent",
        "state": AgentState.AVAILABLE,
    }
    return AgentSnapshot(**(defaults | fields))


def make_contact(**fields: Any) -> Contact:
    defaults: dict[str, Any] = {
        "id": "contact-1",
        "type": ContactType.PHONENUMBER,
        "name": "Carla Customer",
        "phone_number": "+12025550143",
    }
    return Contact(**(defaults | fields))


def make_phone_call(**fields: Any) -> PhoneCall:
    """A `PhoneCall` as Salesforce gets it for a connected inbound call."""
    defaults: dict[str, Any] = {
        "call_id": "call-1",
        "call_type": CallType.INBOUND,
        "contact": make_contact(),
        "state": "connected",
        "phone_number": "+12025550143",
        "call_attributes": PhoneCallAttributes(participant_type=ParticipantType.INITIAL_CALLER),
        "call_info": CallInfo(call_state_timestamp=START),
    }
    return PhoneCall(**(defaults | fields))
