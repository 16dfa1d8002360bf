"""What Salesforce is told about a call (telephony-rest-api.md 3.1 and 3.2)."""

from datetime import datetime
from typing import Any

from connector_py.entities import CallType
from server.entities import CallRecord, OutboxEntry, OutboxKind
from server.salesforce.payloads import (
    CreateVoiceCallRequest,
    DisconnectReason,
    EndUser,
    InitiationMethod,
    UpdateVoiceCallRequest,
    VoiceCallSubtype,
)

ABANDONED = "Abandoned in queue"
"""The customer left before anybody answered."""


def create_entry(record: CallRecord, *, entry_id: str, at: datetime) -> OutboxEntry:
    """Return the order to create a call's VoiceCall; for calls that came in only."""
    customer = record.customer
    customer_key = record.call_id if customer is None else customer.participant_id
    request = CreateVoiceCallRequest(
        vendor_call_key=record.call_id,
        to_number=record.to_number,
        from_number=record.from_number,
        initiation_method=InitiationMethod.INBOUND,
        start_time=record.call.started_at,
        participants=(EndUser(participant_key=customer_key),),
        call_subtype=VoiceCallSubtype.PSTN,
    )
    return _entry(record, OutboxKind.CREATE_VOICE_CALL, request.to_payload(), entry_id, at)


def update_entry(
    record: CallRecord, *, user_name: str | None, entry_id: str, at: datetime
) -> OutboxEntry:
    """Return the order to complete the VoiceCall of a call that is over.

    Once only: a second update would overwrite the figures of the first. What needs a recording's
    location (hold and interaction durations) is left to whoever delivers the recording.

    Args:
        record: The call.
        user_name: Salesforce user name of the agent who answered.
        entry_id: Id of the new entry.
        at: When it may be sent.
    """
    call = record.call
    is_abandoned = record.answered_at is None and call.call_type is CallType.INBOUND
    request = UpdateVoiceCallRequest(
        start_time=call.started_at,
        end_time=call.ended_at,
        enqueue_time=call.queued_at,
        accept_time=record.answered_at,
        longest_hold_duration=record.holds.longest_seconds,
        number_of_holds=record.holds.count,
        queue=call.queue_name,
        agent=user_name,
        disconnect_reason=DisconnectReason(value=ABANDONED) if is_abandoned else None,
    )
    return _entry(record, OutboxKind.UPDATE_VOICE_CALL, request.to_payload(), entry_id, at)


def _entry(
    record: CallRecord, kind: OutboxKind, payload: dict[str, Any], entry_id: str, at: datetime
) -> OutboxEntry:
    return OutboxEntry(
        entry_id=entry_id,
        tenant_id=record.tenant_id,
        call_id=record.call_id,
        kind=kind,
        payload=payload,
        natural_key=f"{kind}:{record.call_id}",
        next_attempt_at=at,
    )
