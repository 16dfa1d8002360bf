"""Contact requests and previews in the database."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, or_, select
from sqlalchemy.dialects.sqlite import insert as upsert

from server.entities import AgentKey, ContactRequest
from server.store.tables import contact_requests, previews


class WorkRows:
    """Implements `WorkTransaction`."""

    _connection: Connection

    def save_contact_request(self, request: ContactRequest) -> None:
        """Add or replace a contact request."""
        values = {
            "phone_number": request.phone_number,
            "name": request.name,
            "work_item_id": request.work_item_id,
            "agent_id": request.agent_id,
            "queue_id": request.queue_id,
            "is_closed": request.is_closed,
            "created_at": request.created_at,
        }
        keys = {
            "tenant_id": request.tenant_id,
            "contact_request_id": request.contact_request_id,
        }
        self._connection.execute(
            upsert(contact_requests)
            .values(**keys, **values)
            .on_conflict_do_update(index_elements=list(keys), set_=values)
        )

    def contact_request(self, tenant_id: str, contact_request_id: str) -> ContactRequest | None:
        """Return a contact request."""
        row = self._connection.execute(
            select(contact_requests).where(
                contact_requests.c.tenant_id == tenant_id,
                contact_requests.c.contact_request_id == contact_request_id,
            )
        ).one_or_none()
        return None if row is None else _contact_request(row)

    def contact_request_of_item(self, tenant_id: str, item_id: str) -> ContactRequest | None:
        """Return a contact request by its id, or by that of its work item."""
        row = self._connection.execute(
            select(contact_requests)
            .where(
                contact_requests.c.tenant_id == tenant_id,
                or_(
                    contact_requests.c.contact_request_id == item_id,
                    contact_requests.c.work_item_id == item_id,
                ),
            )
            .order_by(contact_requests.c.created_at.desc())
            .limit(1)
        ).one_or_none()
        return None if row is None else _contact_request(row)

    def open_contact_requests(self, agent: AgentKey) -> Sequence[ContactRequest]:
        """Return the contact requests that an agent has, oldest first."""
        rows = self._connection.execute(
            select(contact_requests)
            .where(
                contact_requests.c.tenant_id == agent.tenant_id,
                contact_requests.c.agent_id == agent.agent_id,
                contact_requests.c.is_closed.is_(False),
            )
            .order_by(contact_requests.c.created_at, contact_requests.c.contact_request_id)
        )
        return [_contact_request(row) for row in rows]

    def save_preview(self, agent: AgentKey, phone_number: str, *, at: datetime) -> None:
        """Remember that a dialer proposed a number to an agent."""
        self._connection.execute(
            upsert(previews)
            .values(
                tenant_id=agent.tenant_id,
                agent_id=agent.agent_id,
                phone_number=phone_number,
                pushed_at=at,
            )
            .on_conflict_do_update(
                index_elements=["tenant_id", "agent_id", "phone_number"], set_={"pushed_at": at}
            )
        )

    def use_preview(self, agent: AgentKey, phone_number: str) -> bool:
        """Tell whether the number was proposed to the agent; it is not any more afterwards."""
        taken = self._connection.execute(
            delete(previews).where(
                previews.c.tenant_id == agent.tenant_id,
                previews.c.agent_id == agent.agent_id,
                previews.c.phone_number == phone_number,
            )
        )
        return taken.rowcount > 0


def _contact_request(row: Row[Any]) -> ContactRequest:
    return ContactRequest(
        tenant_id=row.tenant_id,
        contact_request_id=row.contact_request_id,
        phone_number=row.phone_number,
        created_at=row.created_at,
        name=row.name,
        work_item_id=row.work_item_id,
        agent_id=row.agent_id,
        queue_id=row.queue_id,
        is_closed=row.is_closed,
    )
