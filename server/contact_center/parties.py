"""Who is on a call, as the handlers of commands need to know it."""

from typing import Any

from connector_py.entities import (
    Notification,
    ParticipantSnapshot,
    ParticipantState,
    ParticipantType,
    RefusalCode,
)
from connector_py.errors import CommandRefusedError
from server.contact_center.ledger import is_talking
from server.contact_center.requests import Request
from server.entities import CallRecord
from server.pbx import ControlChanged, PbxEvent


def connected_part(record: CallRecord, request: Request[Any]) -> ParticipantSnapshot:
    """Return the part of an agent who is on the call.

    Raises:
        CommandRefusedError: The agent is not, or not yet.
    """
    own = record.agent(request.agent.agent_id)
    if own is None or record.is_over:
        raise CommandRefusedError(RefusalCode.CALL_NOT_FOUND, "The call is over")
    if own.state is not ParticipantState.CONNECTED:
        raise CommandRefusedError(RefusalCode.INVALID_STATE, "Answer the call first")
    return own


def talking_part(record: CallRecord, request: Request[Any]) -> ParticipantSnapshot:
    """Return the part of an agent who talks with somebody.

    Raises:
        CommandRefusedError: There is nobody to talk with, or not yet.
    """
    own = connected_part(record, request)
    if not is_talking(record, request.agent.agent_id):
        raise CommandRefusedError(RefusalCode.INVALID_STATE, "The call is not connected yet")
    return own


def other_party(record: CallRecord, participant_id: str) -> ParticipantSnapshot:
    """Return somebody on the call, also who has left; supervisors come and go by themselves.

    Raises:
        CommandRefusedError: Nobody has this id.
    """
    for one in record.call.participants:
        is_supervisor = one.participant_type is ParticipantType.SUPERVISOR
        if one.participant_id == participant_id and not is_supervisor:
            return one
    raise CommandRefusedError(RefusalCode.INVALID_PARTICIPANT, "Nobody on the call has this id")


def holdable(
    record: CallRecord, own: ParticipantSnapshot, participant_id: str
) -> ParticipantSnapshot:
    """Return somebody else who is on the call, and so can be on hold.

    Raises:
        CommandRefusedError: It is nobody, the agent, or somebody who is not there yet.
    """
    party = other_party(record, participant_id)
    if party.participant_id == own.participant_id:
        raise CommandRefusedError(
            RefusalCode.INVALID_PARTICIPANT, "Agents cannot put themselves on hold"
        )
    if party.state is not ParticipantState.CONNECTED:
        raise CommandRefusedError(
            RefusalCode.INVALID_STATE, "Only who is on the call can be on hold"
        )
    return party


def is_control(
    event: PbxEvent, kind: type[Notification], participant_id: str | None = None
) -> bool:
    """Tell whether an event says that something of a kind was changed, for somebody if named."""
    if not isinstance(event, ControlChanged) or not isinstance(event.notification, kind):
        return False
    whose = getattr(event.notification, "participant_id", None)
    return participant_id is None or whose == participant_id
