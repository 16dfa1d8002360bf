"""How the record of a call changes with what happens to it; pure."""

from dataclasses import fields, replace
from datetime import datetime

from connector_py.call_model import Call
from connector_py.entities import (
    CallInfo,
    CallSnapshot,
    Notification,
    ParticipantSnapshot,
    ParticipantType,
)
from server.entities import CallRecord, HoldFacts, TenantSettings

_USUAL = CallInfo()


def applied(record: CallRecord, notification: Notification, *, at: datetime) -> CallRecord:
    """Return the record after a notification, with the facts that follow from it.

    Args:
        record: The call.
        notification: What happened; one that `Call.apply` knows.
        at: When it is written down, for what the notification does not date.

    Raises:
        UnknownTransitionError: The call cannot do that in its state.
        ParticipantNotFoundError: It is about somebody who is not on the call.
    """
    before, after = record.call, Call(record.call).apply(notification).snapshot
    moment = getattr(notification, "at", at)
    return with_talks(
        replace(record, call=after, holds=_holds(record.holds, before, after, moment))
    )


def with_talks(record: CallRecord) -> CallRecord:
    """Return the record with everybody noted who talks now.

    Whoever has talked once wraps up when the call is over for them, also when the others were
    gone by then.
    """
    call = Call(record.call)
    talking = {
        one.participant_id
        for one in record.agents
        if one.participant_type is not ParticipantType.SUPERVISOR
        and call.is_connected(one.agent_id)
    }
    new = sorted(talking.difference(record.talked))
    return replace(record, talked=(*record.talked, *new)) if new else record


def begun(call: CallSnapshot, settings: TenantSettings) -> CallSnapshot:
    """Return a new call as the org wants its calls to begin.

    What the switch says of this one call counts more than the org's template.
    """
    return replace(
        call,
        call_info=merged(call.call_info, settings.call_info),
        is_auto_merge_on=call.is_auto_merge_on or settings.is_auto_merge_on,
    )


def merged(chosen: CallInfo, template: CallInfo) -> CallInfo:
    """Return a template with what was chosen otherwise than is usual."""
    if template == _USUAL:
        return chosen
    changed = {
        field.name: getattr(chosen, field.name)
        for field in fields(CallInfo)
        if getattr(chosen, field.name) != getattr(_USUAL, field.name)
    }
    return replace(template, **changed)


def key_of(record: CallRecord, participant: ParticipantSnapshot) -> str:
    """Return the vendorCallKey under which Salesforce knows a party's call.

    That of the call; of an added party it is the id of the party.
    """
    is_added = participant.participant_type is ParticipantType.THIRD_PARTY
    return participant.participant_id if is_added else record.call_id


def _holds(holds: HoldFacts, before: CallSnapshot, after: CallSnapshot, at: datetime) -> HoldFacts:
    """Return the customer's holds: by hold, swap or conference, or because somebody left."""
    was, is_now = _is_held(before), _is_held(after)
    if was == is_now:
        return holds
    return holds.started(at) if is_now else holds.ended(at)


def _is_held(call: CallSnapshot) -> bool:
    return any(
        one.participant_type is ParticipantType.INITIAL_CALLER and one.is_on_hold
        for one in call.participants
    )
