"""The phone book in the database, and the agents beside it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    case,
    false,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from connector_py.entities import (
    AgentAvailability,
    AgentState,
    Contact,
    ContactsFilterType,
    ContactType,
)
from server.entities import ContactsFound, ContactsQuery, OpenWork, keeps_calls_away
from server.store.json_text import read_json, read_list, write_json
from server.store.tables import agents
from server.store.tables import contacts as book

_BOOK_TYPES = {
    ContactsFilterType.QUEUE: ContactType.QUEUE,
    ContactsFilterType.CONTACT: ContactType.PHONENUMBER,
    ContactsFilterType.DIRECTORY: ContactType.PHONEBOOK,
    ContactsFilterType.FLOW: ContactType.FLOW,
}
_SHORTEST_NUMBER = 3


class ContactRows:
    """Implements `ContactTransaction`."""

    _connection: Connection

    def save_contacts(self, tenant_id: str, contacts: Sequence[Contact]) -> None:
        """Add contacts, or replace those with the same id."""
        rows = [{"tenant_id": tenant_id, **contact_values(contact)} for contact in contacts]
        if not rows:
            return
        statement = upsert(book)
        replaced = ("contact_type", "sort_key", "search_text", "contact")
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["tenant_id", "contact_id"],
                set_={name: statement.excluded[name] for name in replaced},
            ),
            rows,
        )

    def contact(self, tenant_id: str, contact_id: str) -> Contact | None:
        """Return an entry of the phone book."""
        text = self._connection.execute(
            select(book.c.contact).where(
                book.c.tenant_id == tenant_id, book.c.contact_id == contact_id
            )
        ).scalar_one_or_none()
        return None if text is None else read_json(Contact, text)

    def search_contacts(self, tenant_id: str, query: ContactsQuery) -> ContactsFound:
        """Search phone book and agents together, by name.

        Only narrow columns are searched, so that an index alone answers; the entries themselves
        are read for the page only.
        """
        agents_found = _agents(tenant_id, query, self._occupied(tenant_id))
        book_found = _book(tenant_id, query)
        page = self._connection.execute(
            union_all(book_found, agents_found)
            .order_by("sort_key", "id")
            .limit(query.limit)
            .offset(query.offset)
        ).all()
        total = sum(
            self._connection.execute(select(func.count()).select_from(part.subquery())).scalar_one()
            for part in (book_found, agents_found)
        )
        entries = self._entries(tenant_id, [row.id for row in page if row.full_name is None])
        return ContactsFound(contacts=[_contact(row, entries) for row in page], total=total)

    def _occupied(self, tenant_id: str) -> Sequence[str]:
        """Return who seems able to take a call, and has accepted other work instead."""
        rows = self._connection.execute(
            select(agents.c.agent_id, agents.c.open_work).where(
                agents.c.tenant_id == tenant_id,
                agents.c.state == AgentState.AVAILABLE,
                agents.c.open_work.is_not(None),
            )
        )
        return [agent_id for agent_id, text in rows if keeps_calls_away(read_list(OpenWork, text))]

    def _entries(self, tenant_id: str, contact_ids: Sequence[str]) -> Mapping[str, Contact]:
        rows = self._connection.execute(
            select(book.c.contact_id, book.c.contact).where(
                book.c.tenant_id == tenant_id, book.c.contact_id.in_(contact_ids)
            )
        )
        return {contact_id: read_json(Contact, text) for contact_id, text in rows}


def _book(tenant_id: str, query: ContactsQuery) -> Select[Any, Any, None, None]:
    columns = select(
        book.c.contact_id.label("id"),
        book.c.sort_key.label("sort_key"),
        null().label("full_name"),
        null().label("availability"),
    )
    where = [book.c.tenant_id == tenant_id]
    if query.types:
        wanted = [_BOOK_TYPES[kind] for kind in query.types if kind in _BOOK_TYPES]
        where.append(book.c.contact_type.in_(wanted) if wanted else false())
    needle = _needle(query.contains)
    if needle:
        where.append(
            or_(
                book.c.search_text.contains(needle, autoescape=True),
                _has_digits(book.c.search_text, query.contains),
            )
        )
    return columns.where(*where)


def _agents(
    tenant_id: str, query: ContactsQuery, occupied: Sequence[str]
) -> Select[Any, Any, Any, str]:
    availability = _availability(query, occupied)
    columns = select(
        agents.c.agent_id.label("id"),
        agents.c.sort_key.label("sort_key"),
        agents.c.full_name.label("full_name"),
        availability.label("availability"),
    )
    where: list[ColumnElement[bool]] = [agents.c.tenant_id == tenant_id]
    if query.except_agent_id is not None:
        where.append(agents.c.agent_id != query.except_agent_id)
    if ContactsFilterType.AVAILABLE in query.types:
        where.append(availability == AgentAvailability.AVAILABLE.value)
    elif query.types and ContactsFilterType.AGENT not in query.types:
        where.append(false())
    needle = _needle(query.contains)
    if needle:
        where.append(agents.c.sort_key.contains(needle, autoescape=True))
    return columns.where(*where)


def _availability(query: ContactsQuery, occupied: Sequence[str]) -> ColumnElement[str]:
    """Return the column that says who can be called: whom the contact center lets call too."""
    is_linked: ColumnElement[bool] = agents.c.link_open.is_(True)
    if query.linked_after is not None:
        is_linked = or_(is_linked, agents.c.link_closed_at >= query.linked_after)
    is_able = and_(
        agents.c.state == AgentState.AVAILABLE, agents.c.agent_id.not_in(occupied), is_linked
    )
    # In this order, because "linked" is neither true nor false for who was never linked.
    return case(
        (agents.c.state == AgentState.OFFLINE, literal(AgentAvailability.OFFLINE.value)),
        (is_able, literal(AgentAvailability.AVAILABLE.value)),
        (is_linked, literal(AgentAvailability.BUSY.value)),
        else_=literal(AgentAvailability.OFFLINE.value),
    )


def _needle(contains: str | None) -> str:
    return "" if contains is None else contains.strip().casefold()


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())


def _has_digits(column: Column[Any], contains: str | None) -> ColumnElement[bool]:
    """A number is found however it is spelled: "(415) 555" in "+1415555…"."""
    text = contains or ""
    digits = _digits(text)
    if len(digits) < _SHORTEST_NUMBER or any(character.isalpha() for character in text):
        return false()
    return column.contains("#" + digits) | column.contains(digits)


def contact_values(contact: Contact) -> dict[str, Any]:
    """Return the columns of an entry of the phone book, but for the tenant.

    Raises:
        ValueError: It has no id or no type.
    """
    if not contact.id or contact.type is None:
        raise ValueError("a contact of the phone book needs an id and a type")
    name = contact.name or ""
    number = contact.phone_number or contact.extension or ""
    return {
        "contact_id": contact.id,
        "contact_type": contact.type,
        "sort_key": name.casefold(),
        "search_text": f"{name.casefold()} {number} #{_digits(number)}",
        "contact": write_json(contact),
    }


def _contact(row: Row[Any, Any, Any, Any], entries: Mapping[str, Contact]) -> Contact:
    if row.full_name is None:
        return entries[row.id]
    return Contact(
        id=row.id,
        type=ContactType.AGENT,
        name=row.full_name,
        availability=AgentAvailability(row.availability),
    )
