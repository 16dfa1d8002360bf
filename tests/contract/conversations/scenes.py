"""What conversations begin with: an agent, calls, and Salesforce's messages."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from connector_py.entities import (
    AgentSnapshot,
    CallSnapshot,
    LinkError,
    ParticipantState,
    ParticipantType,
    RecordingState,
    SharedCapabilitiesResult,
    VoiceCapabilitiesResult,
)
from tests.support.builders import (
    at,
    make_agent_snapshot,
    make_call_snapshot,
    make_connected_call_snapshot,
    make_outbound_call_snapshot,
    make_third_party,
    with_participant,
)
from tests.support.scripted_server import Answer

CUSTOMER: Mapping[str, Any] = {"call_id": "call-1", "participant_id": "customer-1"}
AGENT: Mapping[str, Any] = {"call_id": "call-1", "participant_id": "agent-1"}
THIRD: Mapping[str, Any] = {"call_id": "call-1", "participant_id": "third-1"}
NOW = at(60)

ADA: AgentSnapshot = make_agent_snapshot(
    shared_capabilities=SharedCapabilitiesResult(
        has_contact_search=True, has_agent_availability=True, has_pending_status_change=True
    ),
    voice_capabilities=VoiceCapabilitiesResult(
        has_blind_transfer=True,
        has_signed_recording_url=True,
        has_supervisor_listen_in=True,
        has_supervisor_barge_in=True,
        has_phone_book=True,
        can_consult=True,
    ),
)
RINGING: CallSnapshot = make_call_snapshot(voice_call_id="0LQ1")
CONNECTED: CallSnapshot = make_connected_call_snapshot(
    voice_call_id="0LQ1", recording=RecordingState.RECORDING
)
HELD: CallSnapshot = with_participant(CONNECTED, "customer-1", is_on_hold=True)
OUTBOUND: CallSnapshot = make_outbound_call_snapshot(call_id="call-2")


def with_third(call: CallSnapshot = HELD, **fields: Any) -> CallSnapshot:
    """A call with somebody who was added, and has answered unless said otherwise."""
    third = make_third_party(
        **({"state": ParticipantState.CONNECTED, "state_since": at(30)} | fields)
    )
    return replace(call, participants=(*call.participants, third))


def supervised(**fields: Any) -> CallSnapshot:
    """Ben's call, which Ada listens to."""
    call = with_participant(CONNECTED, "agent-1", agent_id="ben")
    supervisor = make_third_party(
        participant_id="sup-1",
        participant_type=ParticipantType.SUPERVISOR,
        agent_id="ada",
        phone_number=None,
        name="Ada Agent",
        **({"state": ParticipantState.CONNECTED, "state_since": at(30)} | fields),
    )
    return replace(call, participants=(*call.participants, supervisor))


def salesforce_call(call_id: str = "call-1", **fields: Any) -> dict[str, Any]:
    """A call as Salesforce names it in its messages."""
    return {
        "callId": call_id,
        "callType": "Inbound",
        "callAttributes": {"participantType": "Initial_Caller"},
        **fields,
    }


THIRD_CALL = salesforce_call(
    "third-1", callType="AddParticipant", callAttributes={"participantType": "Third_Party"}
)


def message(kind: str, **fields: Any) -> Mapping[str, Any]:
    """A message of Salesforce."""
    return {"type": kind, **fields}


def refusing(code: str, **label: str) -> Answer:
    """The server refuses."""
    return Answer(error=LinkError(code=code, message="It cannot be done", **label))


def error(constant: str) -> tuple[str, Any]:
    """The event of an error constant."""
    return ("ERROR", {"message": constant})


CUSTOM_ERROR: tuple[str, Any] = (
    "ERROR",
    {"customError": {"labelName": "tooLate", "namespace": "acme"}},
)


def refusing_with_label() -> Answer:
    """The server refuses, with a text of its own."""
    return refusing("invalid_state", namespace="acme", label_name="tooLate")
