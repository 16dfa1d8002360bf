"""What Salesforce is told about a call that comes and goes (telephony-rest-api.md 3.1, 3.2, 3.6).

`conversation_requests` has what is said in it and what is left after it.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from connector_py.entities import CallInfo, CallType, ParticipantSnapshot
from server.contact_center.outbox_entries import Envelope
from server.entities import CallRecord, OutboxEntry, OutboxKind
from server.logs import get_logger
from server.salesforce.payloads import (
    CallOrigin,
    CreateVoiceCallRequest,
    DisconnectReason,
    EndUser,
    InitiationMethod,
    UpdateVoiceCallRequest,
    VoiceCallSubtype,
)
from server.salesforce.routing import ClearRoutingRequest

_log = get_logger(__name__)

ABANDONED = "Abandoned in queue"
"""The customer left before anybody answered."""
CALLBACK = "CALLBACK"
"""The customer left because somebody is to call back; else the call would count as abandoned."""

HIDDEN_NUMBER = "anonymous"
"""Stands for a number that nobody knows, as on a SIP line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LegTimes:
    """When an added leg came into a call."""

    added_at: datetime
    answered_at: datetime | None = None
    """None when nobody answered."""


def create_entry(
    record: CallRecord, *, entry_id: str, at: datetime, origin: CallOrigin | None = None
) -> OutboxEntry:
    """Return the order to create a call's VoiceCall.

    For calls that came in, and for those of a progressive dialer, which are created as inbound
    ones (guide chapter 9, "Progressive Dialer"). Salesforce itself creates the VoiceCall of an
    outbound, internal or consult call and of a callback.

    Args:
        record: The call.
        entry_id: Id of the new entry.
        at: When it may be sent.
        origin: PROGRESSIVE for such a dialer's call.
    """
    customer_number, center_number = _numbers(record)
    request = CreateVoiceCallRequest(
        vendor_call_key=record.call_id,
        to_number=center_number,
        from_number=customer_number,
        initiation_method=InitiationMethod.INBOUND,
        start_time=record.call.started_at,
        participants=(_end_user(record),),
        call_origin=origin,
        call_subtype=VoiceCallSubtype.PSTN,
        call_attributes=_attributes(record.call.call_info),
    )
    return _envelope(record, record.call_id, entry_id, at).with_request(
        OutboxKind.CREATE_VOICE_CALL, request
    )


def transfer_entry(
    record: CallRecord,
    leg: ParticipantSnapshot,
    *,
    parent: str,
    queue: str | None,
    entry_id: str,
    at: datetime,
) -> OutboxEntry:
    """Return the order to create the VoiceCall of an added leg (guide chapter 13).

    Its key, and the entry's `call_id`, is the leg's participant id. Delivery sends it only after
    the parent's own VoiceCall was created, when that still waits.

    Args:
        record: The call.
        leg: Who is added: an agent, a queue or a flow.
        parent: vendorCallKey or VoiceCall id of the call that is transferred.
        queue: Salesforce's or our id of the queue, when it goes to one; a supervisor then sees
            it waiting there.
        entry_id: Id of the new entry.
        at: When it may be sent.
    """
    customer_number, center_number = _numbers(record)
    request = CreateVoiceCallRequest(
        vendor_call_key=leg.participant_id,
        to_number=center_number,
        from_number=customer_number,
        initiation_method=InitiationMethod.TRANSFER,
        parent_voice_call_id=parent,
        queue=queue,
        start_time=leg.state_since,
        participants=(_end_user(record),),
        call_subtype=VoiceCallSubtype.PSTN,
        call_attributes=_leg_attributes(record, leg),
    )
    return _envelope(record, leg.participant_id, entry_id, at).with_request(
        OutboxKind.CREATE_VOICE_CALL, request
    )


def update_entry(
    record: CallRecord,
    *,
    user_name: str | None,
    entry_id: str,
    at: datetime,
    wants_callback: bool = False,
) -> OutboxEntry:
    """Return the order to complete the VoiceCall of a call that is over.

    Once only: a second update would overwrite the figures of the first. What needs a recording's
    location (hold and interaction durations) is left to whoever delivers the recording.

    Args:
        record: The call.
        user_name: Salesforce user name of the agent who answered.
        entry_id: Id of the new entry.
        at: When it may be sent.
        wants_callback: Whether the customer asked to be called back instead of waiting.
    """
    call = record.call
    came_in = call.call_type is CallType.INBOUND
    is_unanswered = record.answered_at is None and came_in
    reason = CALLBACK if wants_callback else ABANDONED if is_unanswered else None
    request = UpdateVoiceCallRequest(
        start_time=call.started_at,
        end_time=call.ended_at,
        enqueue_time=call.queued_at,
        accept_time=record.answered_at,
        longest_hold_duration=record.holds.longest_seconds,
        number_of_holds=record.holds.count,
        queue=call.queue_name,
        agent=user_name,
        # A call that came in brought them when it was created.
        call_attributes=None if came_in else _attributes(call.call_info),
        disconnect_reason=None if reason is None else DisconnectReason(value=reason),
    )
    return _envelope(record, record.call_id, entry_id, at).with_request(
        OutboxKind.UPDATE_VOICE_CALL, request
    )


def transfer_update_entry(
    record: CallRecord,
    leg: ParticipantSnapshot,
    *,
    times: LegTimes,
    user_name: str | None,
    entry_id: str,
    at: datetime,
) -> OutboxEntry:
    """Return the order to complete the VoiceCall of a leg that has left.

    The conversation closes with the last VoiceCall of its chain, so each one needs its own.

    Args:
        record: The call.
        leg: Who left; `state_since` is when.
        times: When they came.
        user_name: Salesforce user name of the agent.
        entry_id: Id of the new entry.
        at: When it may be sent.
    """
    request = UpdateVoiceCallRequest(
        start_time=times.added_at,
        end_time=max(leg.state_since, times.added_at),
        accept_time=times.answered_at,
        agent=user_name,
        disconnect_reason=None if times.answered_at else DisconnectReason(value=ABANDONED),
    )
    return _envelope(record, leg.participant_id, entry_id, at).with_request(
        OutboxKind.UPDATE_VOICE_CALL, request
    )


def clear_routing_entry(
    record: CallRecord, *, vendor_call_key: str, occurrence: str, entry_id: str, at: datetime
) -> OutboxEntry:
    """Return the order to clear the pending routing of a call that was missed or abandoned.

    Guide chapter 12: a telephony system that is not Amazon Connect has to do so itself.

    Args:
        record: The call.
        vendor_call_key: Of the VoiceCall: the call's id, or a leg's participant id.
        occurrence: Tells one missed ringing from the next, such as the offer's participant id.
        entry_id: Id of the new entry.
        at: When it may be sent.
    """
    return _envelope(record, vendor_call_key, entry_id, at).with_request(
        OutboxKind.CLEAR_ROUTING, ClearRoutingRequest(), occurrence
    )


def _envelope(record: CallRecord, vendor_call_key: str, entry_id: str, at: datetime) -> Envelope:
    return Envelope(
        tenant_id=record.tenant_id, vendor_call_key=vendor_call_key, entry_id=entry_id, at=at
    )


def _end_user(record: CallRecord) -> EndUser:
    customer = record.customer
    key = record.call_id if customer is None else customer.participant_id
    return EndUser(participant_key=key)


def _attributes(info: CallInfo) -> str | None:
    """Return the fields that the VoiceCall is to have, as Salesforce takes them (chapter 9).

    A text that is no JSON object would make Salesforce refuse the whole call.
    """
    if info.additional_fields is None:
        return None
    try:
        fields: object = json.loads(info.additional_fields)
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        _log.warning("additional_fields_are_no_object")
        return None
    return info.additional_fields


def _leg_attributes(record: CallRecord, leg: ParticipantSnapshot) -> str | None:
    """Return the leg's own fields, else those of the call (demo-connector.md 5.7).

    What may be done with a leg comes from the org's settings, as a rule without fields.
    """
    has_own = leg.call_info is not None and leg.call_info.additional_fields is not None
    info = leg.call_info if has_own else None
    return _attributes(info or record.call.call_info)


def _numbers(record: CallRecord) -> tuple[str, str | None]:
    """Return the customer's number and the contact center's, as far as the switch knows them.

    A caller may hide the number, and a call between agents has none; Salesforce wants one.
    """
    customer, center = record.from_number, record.to_number
    if record.call.call_type is not CallType.INBOUND:
        customer, center = center, customer
    return customer.strip() or HIDDEN_NUMBER, center.strip() or None
