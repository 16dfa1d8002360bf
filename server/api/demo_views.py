"""Agents, calls and settings of the demo as its pages see them."""

from collections.abc import Mapping
from typing import Any

from connector_py.entities import ParticipantType, to_wire
from server.api.demo_config import status_name
from server.contact_center import AgentOverview, Overview
from server.entities import CallRecord, SimulatedError, TenantSettings
from server.pbx import SimulatedPbx


def overview_json(
    overview: Overview, *, voice_call_ids: Mapping[str, str], pbx: SimulatedPbx
) -> dict[str, Any]:
    """Return all agents and active calls.

    Args:
        overview: What the contact center knows.
        voice_call_ids: Of the VoiceCalls that Salesforce made by itself, by vendorCallKey.
        pbx: Knows the digits that it got.
    """
    return {
        "agents": [_agent_json(seen) for seen in overview.agents],
        "calls": [_call_json(record, voice_call_ids, pbx) for record in overview.calls],
    }


def keys_without_voice_call(overview: Overview) -> list[str]:
    """Return the vendorCallKeys of which the contact center knows no VoiceCall.

    Salesforce makes that of a call that an agent places, of a callback and of whoever is
    consulted, and tells nobody.
    """
    keys: list[str] = []
    for record in overview.calls:
        if record.call.voice_call_id is None:
            keys.append(record.call_id)
        keys.extend(
            party.participant_id
            for party in record.call.participants
            if party.participant_type is ParticipantType.THIRD_PARTY and party.voice_call_id is None
        )
    return keys


def settings_json(settings: TenantSettings) -> dict[str, Any]:
    """Return an org's settings in the form in which they can be sent back."""
    wire: dict[str, Any] = to_wire(settings)
    return {
        **wire,
        # Null says something too: everybody may.
        "supervisors": wire.get("supervisors"),
        "error": _error_json(settings.error),
    }


def _agent_json(seen: AgentOverview) -> dict[str, Any]:
    agent = seen.agent
    info = agent.status_info
    return {
        "userName": agent.user_name,
        "agentId": agent.agent_id,
        "fullName": agent.full_name,
        "state": agent.state.value,
        "connected": seen.is_connected,
        "statusId": info.status_id if info else None,
        "statusName": (info.status_name or status_name(info.status_id)) if info else None,
        "wrapUpCallId": agent.wrap_up_call_id,
        "selectedPhone": to_wire(agent.agent_config.selected_phone),
    }


def _call_json(
    record: CallRecord, voice_call_ids: Mapping[str, str], pbx: SimulatedPbx
) -> dict[str, Any]:
    call: dict[str, Any] = to_wire(record.call)
    _note_voice_call(call, voice_call_ids.get(record.call_id))
    digits = pbx.digits_of(record.call_id)
    for party in call["participants"]:
        participant_id = party["participantId"]
        _note_voice_call(party, voice_call_ids.get(participant_id))
        if participant_id in digits:
            party["digits"] = digits[participant_id]
    return {**call, "fromNumber": record.from_number, "toNumber": record.to_number}


def _note_voice_call(wire: dict[str, Any], voice_call_id: str | None) -> None:
    if voice_call_id is not None and wire.get("voiceCallId") is None:
        wire["voiceCallId"] = voice_call_id


def _error_json(error: SimulatedError | None) -> dict[str, str] | None:
    """Return the error as `PUT /demo/v1/settings` takes it: a label in one text."""
    if error is None:
        return None
    told: dict[str, str] = {}
    if error.namespace is not None and error.label_name is not None:
        told["label"] = f"{error.namespace}.{error.label_name}"
    if error.code is not None:
        told["code"] = error.code
    return told
