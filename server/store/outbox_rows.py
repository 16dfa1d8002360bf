"""The outbox in the database."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, exists, func, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from server.entities import OutboxEntry, OutboxKind, OutboxStatus
from server.store.tables import outbox


class OutboxRows:
    """Implements `OutboxTransaction`."""

    _connection: Connection

    def enqueue(self, entry: OutboxEntry) -> bool:
        """Add an entry unless its natural key exists already."""
        added = self._connection.execute(
            upsert(outbox)
            .values(
                entry_id=entry.entry_id,
                tenant_id=entry.tenant_id,
                call_id=entry.call_id,
                kind=entry.kind,
                payload=json.dumps(dict(entry.payload), separators=(",", ":"), ensure_ascii=False),
                natural_key=entry.natural_key,
                status=entry.status,
                attempts=entry.attempts,
                next_attempt_at=entry.next_attempt_at,
                last_error=entry.last_error,
            )
            .on_conflict_do_nothing(index_elements=["tenant_id", "natural_key"])
        )
        return added.rowcount == 1

    def outbox_entry(self, entry_id: str) -> OutboxEntry | None:
        """Return an entry."""
        row = self._connection.execute(
            select(outbox).where(outbox.c.entry_id == entry_id)
        ).one_or_none()
        return None if row is None else _entry(row)

    def outbox_entries(self, tenant_id: str, call_id: str) -> Sequence[OutboxEntry]:
        """Return every entry of a call, oldest first."""
        rows = self._connection.execute(
            select(outbox)
            .where(outbox.c.tenant_id == tenant_id, outbox.c.call_id == call_id)
            .order_by(outbox.c.sequence)
        )
        return [_entry(row) for row in rows]

    def due(
        self, now: datetime, limit: int, *, most_of_tenant: int | None = None
    ) -> Sequence[OutboxEntry]:
        """Return pending entries whose time has come, one for each call at most."""
        earlier = outbox.alias("earlier")
        is_blocked = exists().where(
            earlier.c.tenant_id == outbox.c.tenant_id,
            earlier.c.call_id == outbox.c.call_id,
            earlier.c.status == OutboxStatus.PENDING,
            earlier.c.sequence < outbox.c.sequence,
        )
        is_due = and_(
            outbox.c.status == OutboxStatus.PENDING,
            outbox.c.next_attempt_at <= now,
            ~is_blocked,
        )
        found = select(outbox).order_by(outbox.c.sequence).limit(limit)
        if most_of_tenant is None:
            found = found.where(is_due)
        else:
            place = func.row_number().over(
                partition_by=outbox.c.tenant_id, order_by=outbox.c.sequence
            )
            # Without the payloads, as every entry that is due gets a place.
            line = select(outbox.c.sequence, place.label("place")).where(is_due).subquery()
            found = (
                select(outbox)
                .join(line, line.c.sequence == outbox.c.sequence)
                .where(line.c.place <= most_of_tenant)
                .order_by(line.c.place, outbox.c.sequence)
                .limit(limit)
            )
        return [_entry(row) for row in self._connection.execute(found)]

    def mark_delivered(self, entry_id: str) -> None:
        """Salesforce has it."""
        self._mark(entry_id, status=OutboxStatus.DELIVERED, last_error=None)

    def mark_retry(self, entry_id: str, *, next_attempt_at: datetime, error: str) -> None:
        """It failed; try again later."""
        self._mark(
            entry_id,
            attempts=outbox.c.attempts + 1,
            next_attempt_at=next_attempt_at,
            last_error=error,
        )

    def mark_dead(self, entry_id: str, *, error: str) -> None:
        """It failed for good."""
        self._mark(
            entry_id, attempts=outbox.c.attempts + 1, status=OutboxStatus.DEAD, last_error=error
        )

    def _mark(self, entry_id: str, **values: object) -> None:
        # A delivered entry stays delivered: a late failure of a twin must not open it again.
        self._connection.execute(
            update(outbox)
            .where(outbox.c.entry_id == entry_id, outbox.c.status != OutboxStatus.DELIVERED)
            .values(**values)
        )


def _entry(row: Row[Any]) -> OutboxEntry:
    return OutboxEntry(
        entry_id=row.entry_id,
        tenant_id=row.tenant_id,
        call_id=row.call_id,
        kind=OutboxKind(row.kind),
        payload=json.loads(row.payload),
        natural_key=row.natural_key,
        status=OutboxStatus(row.status),
        attempts=row.attempts,
        next_attempt_at=row.next_attempt_at,
        last_error=row.last_error,
    )
