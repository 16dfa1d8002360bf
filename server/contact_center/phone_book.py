"""Searching the phone book, and a phone book to try it with."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from connector_py.entities import (
    MOST_CONTACTS,
    Contact,
    ContactsFilterType,
    ContactType,
    RefusalCode,
    SearchContacts,
)
from connector_py.errors import CommandRefusedError
from server.contact_center.values import CenterSettings
from server.entities import AgentKey, ContactsQuery, TenantSettings

_LONGEST_SEARCH = 200


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


def listed(contacts: Sequence[Contact], settings: TenantSettings) -> tuple[Contact, ...]:
    """Return contacts with what an org wants to be shown of them.

    Guide chapter 13: waits and availability are Salesforce's own without the capability.
    """
    shared, waits = settings.shared_capabilities, settings.queue_wait_seconds
    found: list[Contact] = []
    for contact in contacts:
        if contact.type is ContactType.QUEUE:
            seconds = waits.get(contact.id or "") if shared.has_queue_wait_time else None
            wait = None if seconds is None else str(seconds)
            found.append(replace(contact, queue_wait_time=wait))
        elif contact.type is ContactType.AGENT and not shared.has_agent_availability:
            found.append(replace(contact, availability=None))
        else:
            found.append(contact)
    return tuple(found)
