"""Looking things up: contacts and recordings (connector-api.md 1.3, 1.4)."""

from collections.abc import Mapping
from typing import Any, cast

from connector_py.api.mirror import Mirror
from connector_py.api.requests import Requests
from connector_py.entities import (
    MOST_CONTACTS,
    ContactsFilter,
    ContactsPage,
    ContactsResult,
    PhoneContactsResult,
    SearchContacts,
    SignedRecordingUrlResult,
    SignRecordingUrl,
    from_wire,
)
from connector_py.errors import ValidationError


class ContactMethods:
    """The vendor methods that only ask.

    Args:
        mirror: Knows whether the telephony system searches.
        requests: Sends commands.
    """

    def __init__(self, *, mirror: Mirror, requests: Requests) -> None:
        self._mirror = mirror
        self._requests = requests

    async def get_phone_contacts(
        self, contacts_filter: Mapping[str, Any] | None = None
    ) -> PhoneContactsResult:
        """Search the phone book. Vendor method `getPhoneContacts`.

        Raises:
            ValidationError: The filter does not fit.
        """
        page = await self._search(contacts_filter)
        return PhoneContactsResult(contacts=page.contacts, contact_types=page.contact_types)

    async def get_contacts(
        self, contacts_filter: Mapping[str, Any] | None = None, work_item_id: object = None
    ) -> ContactsResult:
        """Search for whom a work item may go to. Vendor method `getContacts`.

        Args:
            contacts_filter: As for `getPhoneContacts`.
            work_item_id: The work item; everybody in the phone book can take it.

        Raises:
            ValidationError: The filter does not fit.
        """
        del work_item_id
        page = await self._search(contacts_filter)
        return ContactsResult(contacts=page.contacts, contact_types=page.contact_types)

    async def get_signed_recording_url(
        self, recording_url: object = None, vendor_call_key: object = None, call_id: object = None
    ) -> SignedRecordingUrlResult:
        """Return a short-lived address of a recording. Vendor method `getSignedRecordingUrl`.

        Args:
            recording_url: Address that the VoiceCall holds.
            vendor_call_key: Which call.
            call_id: Id of the VoiceCall record.

        Raises:
            ValidationError: None of the three is given, or the answer names no recording.
            CommandRefusedError: There is no such recording.
        """
        given = {
            "recordingUrl": recording_url or None,
            "vendorCallKey": vendor_call_key or None,
            "callId": call_id or None,
        }
        if not any(given.values()):
            raise ValidationError("callId", call_id, "recordingUrl, vendorCallKey or callId")
        command = from_wire(SignRecordingUrl, given)
        _, result = await self._requests.send(command)
        if isinstance(result, Mapping):
            # Salesforce finds its player by the id that it gave.
            named = {"callId": command.call_id or command.vendor_call_key}
            result = named | dict(cast("Mapping[str, Any]", result))
        return from_wire(SignedRecordingUrlResult, result, path="result")

    async def _search(self, contacts_filter: Mapping[str, Any] | None) -> ContactsPage:
        given = contacts_filter or {}
        wanted = from_wire(ContactsFilter, given, path="filter")
        can_search = self._mirror.agent.shared_capabilities.has_contact_search
        limit = wanted.limit if can_search or "limit" in given else MOST_CONTACTS
        command = SearchContacts(
            contains=wanted.contains,
            types=tuple(kind.value for kind in wanted.types),
            limit=limit,
            offset=wanted.offset,
        )
        _, result = await self._requests.send(command)
        return from_wire(ContactsPage, result, path="result")
