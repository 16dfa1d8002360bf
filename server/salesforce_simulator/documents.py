"""What an org keeps beside its VoiceCalls: transcripts, events, routings, work items, flows."""

from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.engine import Connection

from server.salesforce_simulator.tables import DOCUMENTS


class DocumentKind(StrEnum):
    """What a document is; the text says what its owner and its id are."""

    MESSAGE = "message"
    """A message of a transcript; owner: the first call's VoiceCall id, id: messageId."""
    EVENTS = "events"
    """A batch of real-time events; owner: the first call's VoiceCall id, id: any."""
    ROUTING = "routing"
    """A PendingServiceRouting; owner and id: its VoiceCall id."""
    WORK = "work"
    """An AgentWork; owner: none, id: its id."""
    FLOWS = "flows"
    """The org's flows in one list; owner and id: none."""


class Documents:
    """The documents of one org, within one transaction; each a JSON value, in order of creation."""

    def __init__(self, connection: Connection, organization: str) -> None:
        self._connection = connection
        self._organization = organization

    def put(
        self,
        kind: DocumentKind,
        document_id: str,
        value: object,
        *,
        owner: str = "",
    ) -> None:
        """Add a document, or write it anew in its old place."""
        statement = upsert(DOCUMENTS).values(
            organization=self._organization,
            kind=kind,
            owner=owner,
            document_id=document_id,
            value=value,
        )
        same = ["organization", "kind", "owner", "document_id"]
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=same, set_={"value": value})
        )

    def get(self, kind: DocumentKind, document_id: str, *, owner: str = "") -> Any:  # noqa: ANN401
        """Return a document's value, or None."""
        where = sa.and_(
            self._all(kind), DOCUMENTS.c.owner == owner, DOCUMENTS.c.document_id == document_id
        )
        return self._connection.execute(sa.select(DOCUMENTS.c.value).where(where)).scalar()

    def all(self, kind: DocumentKind, *, owner: str = "") -> list[Any]:
        """Return every value of a kind and an owner, oldest first."""
        where = sa.and_(self._all(kind), DOCUMENTS.c.owner == owner)
        statement = sa.select(DOCUMENTS.c.value).where(where).order_by(DOCUMENTS.c.sequence)
        return list(self._connection.execute(statement).scalars())

    def remove(self, kind: DocumentKind, document_id: str, *, owner: str = "") -> None:
        """Remove a document, if there is one."""
        where = sa.and_(
            self._all(kind), DOCUMENTS.c.owner == owner, DOCUMENTS.c.document_id == document_id
        )
        self._connection.execute(sa.delete(DOCUMENTS).where(where))

    def _all(self, kind: DocumentKind) -> sa.ColumnElement[bool]:
        return sa.and_(DOCUMENTS.c.organization == self._organization, DOCUMENTS.c.kind == kind)
