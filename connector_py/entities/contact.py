"""Contacts, phones and how to search and dial them (connector-api.md 2.2, 2.7)."""

from dataclasses import dataclass, field

from connector_py.entities.constants import (
    AgentAvailability,
    ContactListType,
    ContactsFilterType,
    ContactType,
    PhoneType,
)
from connector_py.entities.validation import VendorClass, on_wire

MOST_CONTACTS = 1000
"""Most contacts of one page; so many Salesforce keeps to search them itself (guide chapter 13)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact(VendorClass):
    """Somebody, or something, that can be called.

    `availability` is kept for contacts of type Agent only, as the vendor does.
    """

    phone_number: str | None = None
    id: str | None = None
    type: ContactType | None = None
    name: str | None = None
    list_type: ContactListType | None = None
    prefix: str | None = None
    extension: str | None = None
    endpoint_arn: str | None = field(default=None, metadata=on_wire("endpointARN"))
    queue: str | None = None
    availability: AgentAvailability | None = None
    queue_wait_time: str | None = None
    record_id: str | None = None
    description: str | None = None

    def _check(self) -> None:
        if self.type is not ContactType.AGENT:
            self._set("availability", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone(VendorClass):
    """A phone that the agent may choose; a desk phone has a number."""

    type: PhoneType
    number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DialOptions(VendorClass):
    """How to place a call."""

    is_callback: bool = False
    is_consult_call: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactsFilter(VendorClass):
    """A search in the phone book."""

    contains: str | None = None
    limit: int = 50
    offset: int = 0
    types: tuple[ContactsFilterType, ...] = ()
