"""VoiceCall records in one small SQLite file, so that they outlive the process."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, RowMapping

from server.salesforce_simulator.documents import Documents
from server.salesforce_simulator.record_ids import ID_IDENTITY_LENGTH, is_voice_call_id
from server.salesforce_simulator.tables import METADATA, USED_TOKENS, VOICE_CALLS

TRANSFER: Final = "Transfer"
_MOST_TRANSFERS: Final = 1000

_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA busy_timeout=5000",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceCallRecord:
    """One VoiceCall. `fields` holds what requests set, by the names of the API."""

    voice_call_id: str
    organization: str
    vendor_call_key: str
    call_type: str
    created_at: str
    call_disposition: str = "new"
    conversation_open: bool = True
    previous_call_id: str | None = None
    next_call_id: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def with_fields(self, values: Mapping[str, Any]) -> "VoiceCallRecord":
        """Return the record with some fields set anew."""
        return replace(self, fields={**self.fields, **values})

    @property
    def is_voicemail(self) -> bool:
        """Whether it is a message rather than a call that goes on."""
        return self.fields.get("callOrigin") == "Voicemail"

    def to_wire(self) -> dict[str, Any]:
        """Return the record as the pages show it."""
        return {
            **self.fields,
            "voiceCallId": self.voice_call_id,
            "vendorCallKey": self.vendor_call_key,
            "callType": self.call_type,
            "callDisposition": self.call_disposition,
            "conversationOpen": self.conversation_open,
            "previousCallId": self.previous_call_id,
            "nextCallId": self.next_call_id,
            "createdAt": self.created_at,
        }


class RecordBook:
    """What one transaction can do with the records of one org."""

    def __init__(self, connection: Connection, organization: str) -> None:
        self._connection = connection
        self._organization = organization
        self.documents = Documents(connection, organization)

    def add(self, record: VoiceCallRecord) -> None:
        """Add a record."""
        self._connection.execute(sa.insert(VOICE_CALLS).values(**_columns(record)))

    def save(self, record: VoiceCallRecord) -> None:
        """Write all of a record that exists."""
        where = VOICE_CALLS.c.voice_call_id == record.voice_call_id
        self._connection.execute(sa.update(VOICE_CALLS).where(where).values(**_columns(record)))

    def find(self, call: str) -> VoiceCallRecord | None:
        """Return a record by its id, in 15 or 18 characters, or by its vendorCallKey.

        A key that several records share means the latest (telephony-rest-api.md 3.1.1).
        """
        return (self._by_id(call) if is_voice_call_id(call) else None) or self.by_key(call)

    def by_key(self, vendor_call_key: str) -> VoiceCallRecord | None:
        """Return the latest record with a vendorCallKey."""
        found = self._select(VOICE_CALLS.c.vendor_call_key == vendor_call_key, limit=1)
        return found[0] if found else None

    def latest(self, limit: int) -> list[VoiceCallRecord]:
        """Return the newest records, newest first."""
        return self._select(sa.true(), limit=limit)

    def all_by_key(self, vendor_call_key: str, limit: int) -> list[VoiceCallRecord]:
        """Return the records that share a vendorCallKey, newest first."""
        return self._select(VOICE_CALLS.c.vendor_call_key == vendor_call_key, limit=limit)

    def transferred_from(self, voice_call_id: str) -> list[VoiceCallRecord]:
        """Return the calls that were transferred from a call, oldest first."""
        columns = VOICE_CALLS.c
        where = sa.and_(columns.previous_call_id == voice_call_id, columns.call_type == TRANSFER)
        return list(reversed(self._select(where, limit=_MOST_TRANSFERS)))

    def use_token(self, jti: str, *, expires_at: int, now: float) -> bool:
        """Remember a token's id; False when it was used before."""
        tokens = USED_TOKENS
        self._connection.execute(sa.delete(tokens).where(tokens.c.expires_at < now))
        same = sa.and_(tokens.c.organization == self._organization, tokens.c.jti == jti)
        if self._connection.execute(sa.select(tokens.c.jti).where(same)).first() is not None:
            return False
        self._connection.execute(
            sa.insert(tokens).values(
                organization=self._organization, jti=jti, expires_at=expires_at
            )
        )
        return True

    def _by_id(self, voice_call_id: str) -> VoiceCallRecord | None:
        identity = voice_call_id[:ID_IDENTITY_LENGTH]
        column = sa.func.substr(VOICE_CALLS.c.voice_call_id, 1, ID_IDENTITY_LENGTH)
        found = self._select(column == identity, limit=1)
        return found[0] if found else None

    def _select(self, where: sa.ColumnElement[bool], *, limit: int) -> list[VoiceCallRecord]:
        statement = (
            sa.select(VOICE_CALLS)
            .where(VOICE_CALLS.c.organization == self._organization, where)
            .order_by(VOICE_CALLS.c.sequence.desc())
            .limit(limit)
        )
        return [_record(row) for row in self._connection.execute(statement).mappings()]


class Records:
    """The file.

    Args:
        path: The SQLite file; made when it does not exist.
    """

    def __init__(self, path: Path) -> None:
        self._engine = sa.create_engine(f"sqlite:///{path}", pool_size=1, max_overflow=0)
        event.listen(self._engine, "connect", _prepare)
        event.listen(self._engine, "begin", _begin_immediate)
        METADATA.create_all(self._engine)

    @contextmanager
    def book(self, organization: str) -> Generator[RecordBook, None, None]:
        """Give one transaction: committed at the end, taken back when the block raises."""
        with self._engine.begin() as connection:
            yield RecordBook(connection, organization)

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()


def _columns(record: VoiceCallRecord) -> dict[str, Any]:
    return {
        "organization": record.organization,
        "voice_call_id": record.voice_call_id,
        "vendor_call_key": record.vendor_call_key,
        "call_type": record.call_type,
        "call_disposition": record.call_disposition,
        "conversation_open": record.conversation_open,
        "previous_call_id": record.previous_call_id,
        "next_call_id": record.next_call_id,
        "created_at": record.created_at,
        "fields": dict(record.fields),
    }


def _record(row: RowMapping) -> VoiceCallRecord:
    values = {name: value for name, value in row.items() if name != "sequence"}
    return VoiceCallRecord(**values)


def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own type
    """Turn the driver's own transactions off and make every commit durable."""
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin_immediate(connection: Connection) -> None:
    """Take the write lock at once, so that read-then-write is one step."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
