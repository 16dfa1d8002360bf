"""Searching the phone book, and a phone book to try it with."""

from datetime import datetime, timedelta

from connector_py.entities import ContactsFilterType, ContactType, RefusalCode, SearchContacts
from connector_py.errors import CommandRefusedError
from server.contact_center.values import CenterSettings
from server.entities import AgentKey, ContactsQuery

MOST_CONTACTS = 200
"""Most contacts of one page."""

_LONGEST_SEARCH = 200

_TYPES = {
    ContactsFilterType.AGENT: ContactType.AGENT,
    ContactsFilterType.AVAILABLE: ContactType.AGENT,
    ContactsFilterType.QUEUE: ContactType.QUEUE,
    ContactsFilterType.CONTACT: ContactType.PHONENUMBER,
    ContactsFilterType.DIRECTORY: ContactType.PHONEBOOK,
    ContactsFilterType.FLOW: ContactType.FLOW,
}


def contacts_query(
    agent: AgentKey, command: SearchContacts, settings: CenterSettings, now: datetime
) -> ContactsQuery:
    """Check a search and complete it.

    Raises:
        CommandRefusedError: A type is unknown, limit or offset are out of range, or the text is
            too long.
    """
    if command.limit < 1 or command.offset < 0:
        raise CommandRefusedError(
            RefusalCode.INVALID_REQUEST, "limit must be at least 1, offset at least 0"
        )
    if command.contains is not None and len(command.contains) > _LONGEST_SEARCH:
        raise CommandRefusedError(
            RefusalCode.INVALID_REQUEST, f"contains must have at most {_LONGEST_SEARCH} characters"
        )
    try:
        types = tuple(ContactsFilterType(kind.upper()) for kind in command.types)
    except ValueError:
        known = ", ".join(ContactsFilterType)
        raise CommandRefusedError(
            RefusalCode.INVALID_REQUEST, f"types must be of: {known}"
        ) from None
    return ContactsQuery(
        contains=command.contains,
        types=types,
        limit=min(command.limit, MOST_CONTACTS),
        offset=command.offset,
        except_agent_id=agent.agent_id,
        linked_after=now - timedelta(seconds=settings.link_grace_seconds),
    )


def contact_types(types: tuple[ContactsFilterType, ...]) -> tuple[ContactType, ...]:
    """Return the kinds of contacts that a search looks at, each once; all without a filter."""
    wanted = types or tuple(_TYPES)
    return tuple(dict.fromkeys(_TYPES[kind] for kind in wanted))
