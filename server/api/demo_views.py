"""Agents, calls and settings of the demo as its pages see them."""

from typing import Any

from connector_py.entities import to_wire
from server.api.demo_config import status_name
from server.contact_center import AgentOverview, Overview
from server.entities import CallRecord, SimulatedError, TenantSettings


def overview_json(overview: Overview) -> dict[str, Any]:
    """Return all agents and active calls."""
    return {
        "agents": [_agent_json(seen) for seen in overview.agents],
        "calls": [_call_json(record) for record in overview.calls],
    }


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


def _call_json(record: CallRecord) -> dict[str, Any]:
    call: dict[str, Any] = to_wire(record.call)
    return {**call, "fromNumber": record.from_number, "toNumber": record.to_number}


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
