"""The simulated Salesforce, as the outside world of the demo makes it act."""

from collections.abc import Collection, Mapping
from typing import Any

from server.api.services import OfferedWork
from server.errors import InvalidRequestError
from server.salesforce_simulator import Simulator
from server.salesforce_simulator.errors import ApiError
from server.salesforce_simulator.organizations import IDENTITY_LENGTH
from server.salesforce_simulator.records import RecordBook


class SimulatedOrg:
    """Implements `DemoOrg`.

    Args:
        simulator: The simulated Salesforce.
        organization: Which of its orgs is the demo's.
    """

    def __init__(self, simulator: Simulator, organization: str) -> None:
        self._simulator = simulator
        self._organization = organization[:IDENTITY_LENGTH]

    async def voice_call_ids(self, keys: Collection[str]) -> Mapping[str, str]:
        """Return the ids of the VoiceCalls that have these vendorCallKeys, by key."""

        def work(book: RecordBook) -> dict[str, str]:
            found = ((key, book.by_key(key)) for key in keys)
            return {key: record.voice_call_id for key, record in found if record is not None}

        if not keys:
            return {}
        return await self._simulator.transaction(self._organization, work)

    async def offer_contact_request(
        self, user_name: str, *, phone_number: str, name: str | None
    ) -> OfferedWork:
        """Make a ContactRequest record, and a work item of it for a user.

        Raises:
            InvalidRequestError: Salesforce refuses it; its sentence names the field.
        """
        body: dict[str, Any] = {
            "type": "ContactRequest",
            "userName": user_name,
            "phoneNumber": phone_number,
        }
        if name is not None:
            body["name"] = name
        try:
            item = await self._simulator.work(
                self._organization, lambda office: office.create(body)
            )
        except ApiError as error:
            raise InvalidRequestError(f"Salesforce: {error}.") from None
        return OfferedWork(
            contact_request_id=item["contactRequestId"], work_item_id=item["workItemId"]
        )
