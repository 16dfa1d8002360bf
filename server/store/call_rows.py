"""Calls, streams and replies in the database."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from connector_py.entities import (
    Notification,
    ParticipantType,
    Reply,
    notification_from_wire,
    notification_to_wire,
)
from server.entities import (
    SESSION_OVERTIME,
    AgentKey,
    CallRecord,
    IdSource,
    SecretKind,
    StoredReply,
    StreamEntry,
    StreamHead,
)
from server.store.json_text import read_json, write_json
from server.store.tables import (
    call_agents,
    call_keys,
    calls,
    outbox,
    previews,
    replies,
    secrets,
    stream_entries,
    streams,
)

_KEPT_ENTRIES = 1_000
"""So many newest entries of a stream are kept, however old."""
_MOST_ENTRIES = 10_000
"""So many at most, however new."""
_KEPT_FOR = timedelta(hours=48)
_OUTBOX_KEPT_FOR = timedelta(days=7)


class CallRows:
    """Implements `CallTransaction`."""

    _connection: Connection
    _ids: IdSource

    def save_call(self, record: CallRecord) -> None:
        """Add or replace a call."""
        values = {
            "started_at": record.call.started_at,
            "is_over": record.is_over,
            "is_waiting": record.is_waiting,
            "record": write_json(record),
        }
        keys = {"tenant_id": record.tenant_id, "call_id": record.call_id}
        self._connection.execute(
            upsert(calls)
            .values(**keys, **values)
            .on_conflict_do_update(index_elements=list(keys), set_=values)
        )
        self._connection.execute(
            delete(call_agents).where(
                call_agents.c.tenant_id == record.tenant_id,
                call_agents.c.call_id == record.call_id,
            )
        )
        self._save_keys(record)
        present = [] if record.is_over else [agent.agent_id for agent in record.agents]
        if present:
            self._connection.execute(
                insert(call_agents), [{**keys, "agent_id": agent_id} for agent_id in present]
            )

    def call(self, tenant_id: str, call_id: str) -> CallRecord | None:
        """Return a call, over or not."""
        found = self._records(
            select(calls.c.record).where(calls.c.tenant_id == tenant_id, calls.c.call_id == call_id)
        )
        return found[0] if found else None

    def _save_keys(self, record: CallRecord) -> None:
        """Write under which other keys Salesforce may ask for the call; they stay for good."""
        parties = record.call.participants
        keys = {record.call.voice_call_id, *(one.voice_call_id for one in parties)}
        keys.update(
            one.participant_id
            for one in parties
            if one.participant_type is ParticipantType.THIRD_PARTY
        )
        found = [key for key in keys if key]
        if found:
            self._connection.execute(
                upsert(call_keys).on_conflict_do_nothing(),
                [
                    {"tenant_id": record.tenant_id, "call_key": key, "call_id": record.call_id}
                    for key in sorted(found)
                ],
            )

    def call_by_key(self, tenant_id: str, key: str) -> CallRecord | None:
        """Return a call by its id, by the id of an added party, or by a VoiceCall's id."""
        call_id = self._connection.execute(
            select(call_keys.c.call_id).where(
                call_keys.c.tenant_id == tenant_id, call_keys.c.call_key == key
            )
        ).scalar_one_or_none()
        return self.call(tenant_id, key) or (
            None if call_id is None else self.call(tenant_id, call_id)
        )

    def active_calls(self, tenant_id: str | None = None) -> Sequence[CallRecord]:
        """Return the calls that are not over, oldest first."""
        statement = select(calls.c.record).where(calls.c.is_over.is_(False))
        if tenant_id is not None:
            statement = statement.where(calls.c.tenant_id == tenant_id)
        return self._records(statement.order_by(calls.c.started_at, calls.c.call_id))

    def waiting_calls(self, tenant_id: str) -> Sequence[CallRecord]:
        """Return the calls that look for an agent, the oldest first."""
        return self._records(
            select(calls.c.record)
            .where(calls.c.tenant_id == tenant_id, calls.c.is_waiting.is_(True))
            .order_by(calls.c.started_at, calls.c.call_id)
        )

    def agent_calls(self, agent: AgentKey) -> Sequence[CallRecord]:
        """Return the calls that an agent is part of, oldest first."""
        return self._records(
            select(calls.c.record)
            .join(
                call_agents,
                and_(
                    call_agents.c.tenant_id == calls.c.tenant_id,
                    call_agents.c.call_id == calls.c.call_id,
                ),
            )
            .where(
                call_agents.c.tenant_id == agent.tenant_id,
                call_agents.c.agent_id == agent.agent_id,
            )
            .order_by(calls.c.started_at, calls.c.call_id)
        )

    def _records(self, statement: Select[str]) -> list[CallRecord]:
        texts = self._connection.execute(statement).scalars()
        return [read_json(CallRecord, text) for text in texts]

    def append(
        self, agent: AgentKey, notification: Notification, *, cause: str | None, at: datetime
    ) -> int:
        """Add to an agent's stream."""
        offset = self.stream_head(agent).offset + 1
        self._connection.execute(
            update(streams)
            .where(streams.c.tenant_id == agent.tenant_id, streams.c.agent_id == agent.agent_id)
            .values(head=offset)
        )
        self._connection.execute(
            insert(stream_entries).values(
                tenant_id=agent.tenant_id,
                agent_id=agent.agent_id,
                offset=offset,
                notification=json.dumps(
                    notification_to_wire(notification), separators=(",", ":"), ensure_ascii=False
                ),
                cause=cause,
                written_at=at,
            )
        )
        return offset

    def stream_after(self, agent: AgentKey, offset: int, limit: int) -> Sequence[StreamEntry]:
        """Return what follows an offset, oldest first."""
        rows = self._connection.execute(
            select(stream_entries.c.offset, stream_entries.c.notification, stream_entries.c.cause)
            .where(*_of(stream_entries, agent), stream_entries.c.offset > offset)
            .order_by(stream_entries.c.offset)
            .limit(limit)
        )
        return [
            StreamEntry(
                offset=number, notification=notification_from_wire(json.loads(text)), cause=cause
            )
            for number, text, cause in rows
        ]

    def stream_head(self, agent: AgentKey) -> StreamHead:
        """Return where the stream stands; begins one when there is none."""
        row = self._connection.execute(
            select(streams.c.epoch, streams.c.head).where(*_of(streams, agent))
        ).one_or_none()
        if row is not None:
            return StreamHead(epoch=row.epoch, offset=row.head)
        head = StreamHead(epoch=self._ids.new_id(), offset=0)
        self._connection.execute(
            insert(streams).values(
                tenant_id=agent.tenant_id, agent_id=agent.agent_id, epoch=head.epoch, head=0
            )
        )
        return head

    def stream_floor(self, agent: AgentKey) -> int:
        """Return the largest offset before the oldest entry that is kept."""
        oldest = self._connection.execute(
            select(func.min(stream_entries.c.offset)).where(*_of(stream_entries, agent))
        ).scalar_one()
        return self.stream_head(agent).offset if oldest is None else oldest - 1

    def stored_reply(self, agent: AgentKey, key: str) -> StoredReply | None:
        """Return what was answered under an idempotency key."""
        row = self._connection.execute(
            select(replies.c.body_hash, replies.c.reply).where(
                *_of(replies, agent), replies.c.reply_id == key
            )
        ).one_or_none()
        if row is None:
            return None
        return StoredReply(body_hash=row.body_hash, reply=read_json(Reply, row.reply))

    def save_reply(self, agent: AgentKey, body_hash: str, reply: Reply, *, at: datetime) -> None:
        """Keep a reply under its id."""
        self._connection.execute(
            insert(replies).values(
                tenant_id=agent.tenant_id,
                agent_id=agent.agent_id,
                reply_id=reply.id,
                body_hash=body_hash,
                reply=write_json(reply),
                written_at=at,
            )
        )

    def prune(self, *, now: datetime) -> None:
        """Drop what nobody will ask for again."""
        run = self._connection.execute
        run(delete(replies).where(replies.c.written_at < now - _KEPT_FOR))
        is_session = secrets.c.kind == SecretKind.SESSION
        run(delete(secrets).where(~is_session, secrets.c.expires_at <= now))
        run(delete(secrets).where(secrets.c.expires_at <= now - SESSION_OVERTIME))
        run(delete(previews).where(previews.c.pushed_at < now - _KEPT_FOR))
        run(
            delete(outbox).where(
                outbox.c.status == "delivered", outbox.c.next_attempt_at < now - _OUTBOX_KEPT_FOR
            )
        )
        head = (
            select(streams.c.head)
            .where(
                streams.c.tenant_id == stream_entries.c.tenant_id,
                streams.c.agent_id == stream_entries.c.agent_id,
            )
            .scalar_subquery()
        )
        old = and_(
            stream_entries.c.offset <= head - _KEPT_ENTRIES,
            stream_entries.c.written_at < now - _KEPT_FOR,
        )
        run(delete(stream_entries).where(old | (stream_entries.c.offset <= head - _MOST_ENTRIES)))


def _of(table: Table, agent: AgentKey) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return table.c.tenant_id == agent.tenant_id, table.c.agent_id == agent.agent_id
