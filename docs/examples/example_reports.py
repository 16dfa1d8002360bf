"""What the invented switch of `example_adapter.py` reports, in our words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from connector_py import entities as link
from connector_py.entities import CallSnapshot, ParticipantSnapshot, ParticipantState
from server import pbx
from server.entities import DialFailure, SwitchCall

Json = Mapping[str, Any]
Role = link.ParticipantType

_ROLES = {"customer": Role.INITIAL_CALLER, "agent": Role.AGENT, "party": Role.THIRD_PARTY}
_CONTROLS: Mapping[str, type[link.Notification]] = {
    "held": link.ParticipantHeld,
    "resumed": link.ParticipantResumed,
    "muted": link.ParticipantMuted,
    "unmuted": link.ParticipantUnmuted,
    "swapped": link.ParticipantsSwapped,
    "conferenced": link.ParticipantsConferenced,
    "recording_paused": link.RecordingPaused,
    "recording_resumed": link.RecordingResumed,
}


def switch_call_of(call: Json) -> SwitchCall:
    """Return a call of the switch as ours."""
    snapshot = CallSnapshot(
        call_id=call["id"],
        call_type=link.CallType(call["type"]),
        participants=tuple(_participant(part) for part in call["parts"]),
        started_at=datetime.fromisoformat(call["started"]),
        recording=link.RecordingState(call["recording"]),
    )
    return SwitchCall(
        tenant_id=call["tenant"], call=snapshot, from_number=call["from"], to_number=call["to"]
    )


def event_of(report: Json, call: SwitchCall) -> pbx.PbxEvent:
    """Return what a report tells."""
    kind, at = report["kind"], datetime.fromisoformat(report["at"])
    ids: dict[str, Any] = {"tenant_id": call.tenant_id, "call_id": call.call.call_id}
    if kind in _CONTROLS:
        return pbx.ControlChanged(**ids, notification=_control(report, call.call.call_id, at))
    match kind:
        case "arrived":
            return pbx.CallArrived(**ids, switch_call=call)
        case "dialled":
            return pbx.DialStarted(**ids, switch_call=call)
        case "failed":
            return pbx.DialFailed(**ids, failure=DialFailure(report["reason"]), at=at)
        case "over":
            return pbx.CallOver(**ids, ended_by=pbx.EndedBy(report["by"]), at=at)
        case _:
            return _about_somebody(report, call, at)


def page_message_of(report: Json) -> pbx.PageMessage:
    """Return what the switch says to an agent's page."""
    return pbx.PageMessage(
        tenant_id=report["tenant"], agent_id=report["agent"], message=report["message"]
    )


def _about_somebody(report: Json, call: SwitchCall, at: datetime) -> pbx.PbxEvent:
    """Return an event about one participant, who may be gone already."""
    kind, part_id = report["kind"], report["part"]
    ids: dict[str, Any] = {"tenant_id": call.tenant_id, "call_id": call.call.call_id}
    if kind == "withdrawn":
        return _withdrawn(report, ids, at)
    if kind == "left":
        why = None if report["reason"] is None else DialFailure(report["reason"])
        return pbx.PartyLeft(**ids, participant_id=part_id, at=at, failure=why)
    [part] = [one for one in call.call.participants if one.participant_id == part_id]
    if kind == "rings":
        return pbx.AgentRinging(**ids, participant=part)
    if kind == "added":
        return pbx.PartyAdded(**ids, participant=part)
    if part.agent_id is not None:
        return pbx.AgentAnswered(**ids, participant_id=part_id, at=at)
    if part.participant_type is Role.INITIAL_CALLER:
        return pbx.CustomerAnswered(**ids, participant_id=part_id, at=at)
    return pbx.PartyAnswered(**ids, participant_id=part_id, at=at)


def _withdrawn(report: Json, ids: dict[str, Any], at: datetime) -> pbx.PbxEvent:
    """Return what ended a ringing; this switch says no reason when it was asked for it."""
    reason = None if report["reason"] is None else pbx.WithdrawReason(report["reason"])
    return pbx.AgentWithdrawn(
        **ids, participant_id=report["part"], agent_id=report["agent"], at=at, reason=reason
    )


def _control(report: Json, call_id: str, at: datetime) -> link.Notification:
    """Return the notification with as much of this as it has."""
    told = {
        "call_id": call_id,
        "at": at,
        "participant_id": report.get("part"),
        "held_id": report.get("held"),
        "resumed_id": report.get("resumed"),
    }
    known = _CONTROLS[report["kind"]]
    fields = known.__dataclass_fields__
    return known(**{name: value for name, value in told.items() if name in fields})


def _participant(part: Json) -> ParticipantSnapshot:
    contact_type = part["contact_type"]
    return ParticipantSnapshot(
        participant_id=part["id"],
        participant_type=_ROLES[part["role"]],
        state=ParticipantState(part["state"]),
        state_since=datetime.fromisoformat(part["since"]),
        phone_number=part["number"],
        name=part["name"],
        agent_id=part["agent"],
        is_on_hold=part["held"],
        is_muted=part["muted"],
        contact_type=None if contact_type is None else link.ContactType(contact_type),
        contact_id=part["contact"],
        added_by=part["added_by"],
        is_consult=part["consult"],
    )
