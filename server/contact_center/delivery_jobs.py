"""What delivery reads of the outbox before it sends something, and writes afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from server.contact_center.calls_in_hand import CallKey
from server.entities import OutboxEntry, OutboxKind, OutboxStatus, Tenant
from server.store import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryJob:
    """An entry that may be sent now, with its tenant."""

    entry: OutboxEntry
    tenant: Tenant | None
    is_call: bool
    """Whether the key is a call's own, rather than an added leg's or a voicemail's."""
    waits_for_parent: bool
    """Whether the VoiceCall that this one is transferred from was not created yet."""

    @property
    def key(self) -> CallKey:
        """Which call it is about."""
        return call_key(self.entry)


def call_key(entry: OutboxEntry) -> CallKey:
    """Return which call an entry is about."""
    return entry.tenant_id, entry.call_id


def due_jobs(
    transaction: Transaction, now: datetime, *, limit: int, most_of_tenant: int
) -> Sequence[DeliveryJob]:
    """Return what may be sent now, of each tenant the oldest."""
    entries = transaction.due(now, limit, most_of_tenant=most_of_tenant)
    tenants = {entry.tenant_id: transaction.tenant(entry.tenant_id) for entry in entries}
    return [_job(transaction, entry, tenants[entry.tenant_id]) for entry in entries]


def ready_job(transaction: Transaction, entry_id: str) -> tuple[DeliveryJob | None, str | None]:
    """Return the job of an entry that may be sent now, or what its call knows already."""
    entry = transaction.outbox_entry(entry_id)
    if entry is None:
        return None, None
    if entry.status is not OutboxStatus.PENDING:
        record = transaction.call(entry.tenant_id, entry.call_id)
        return None, None if record is None else record.call.voice_call_id
    for earlier in transaction.outbox_entries(entry.tenant_id, entry.call_id):
        if earlier.entry_id == entry_id:
            break
        if earlier.status is OutboxStatus.PENDING:
            return None, None
    return _job(transaction, entry, transaction.tenant(entry.tenant_id)), None


def record_success(transaction: Transaction, entry: OutboxEntry, voice_call_id: str | None) -> None:
    """Write the VoiceCall id and the delivery in one step."""
    transaction.mark_delivered(entry.entry_id)
    if voice_call_id is None:
        return
    record = transaction.call(entry.tenant_id, entry.call_id)
    if record is not None and record.call.voice_call_id != voice_call_id:
        transaction.save_call(
            replace(record, call=replace(record.call, voice_call_id=voice_call_id))
        )


def _job(transaction: Transaction, entry: OutboxEntry, tenant: Tenant | None) -> DeliveryJob:
    return DeliveryJob(
        entry=entry,
        tenant=tenant,
        is_call=transaction.call(entry.tenant_id, entry.call_id) is not None,
        waits_for_parent=_waits_for_parent(transaction, entry),
    )


def _waits_for_parent(transaction: Transaction, entry: OutboxEntry) -> bool:
    """Whether a transfer's parent has no VoiceCall yet; Salesforce would refuse it for good."""
    parent: object = entry.payload.get("parentVoiceCallId")
    if entry.kind is not OutboxKind.CREATE_VOICE_CALL or not isinstance(parent, str):
        return False
    return any(
        other.kind is OutboxKind.CREATE_VOICE_CALL and other.status is OutboxStatus.PENDING
        for other in transaction.outbox_entries(entry.tenant_id, parent)
    )
