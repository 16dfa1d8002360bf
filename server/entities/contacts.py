"""The phone book of a tenant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from connector_py.entities import Contact, ContactsFilterType


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactsQuery:
    """What to look for.

    A contact matches when it is of any of `types` (none: of all) and its name or number contains
    `contains`, whatever the case.
    """

    contains: str | None = None
    types: tuple[ContactsFilterType, ...] = ()
    limit: int = 50
    offset: int = 0
    except_agent_id: str | None = None
    """The one who asks, who is not listed."""
    linked_after: datetime | None = None
    """Agents whose connector was lost before this count as offline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactsFound:
    """A page of what matched, by name; `total` counts all matches."""

    contacts: Sequence[Contact]
    total: int
