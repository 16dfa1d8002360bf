"""Callbacks that customers asked for, as work of agents."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRequest:
    """A ContactRequest record of Salesforce, and who has it.

    Guide chapter 9, "Let Agents Control the Callback Experience".
    """

    tenant_id: str
    contact_request_id: str
    """Id of the record."""
    phone_number: str
    """Where the customer wants to be called."""
    created_at: datetime
    name: str | None = None
    """The customer's."""
    work_item_id: str | None = None
    """Under which Omni-Channel knows it, when that is not the record's id."""
    agent_id: str | None = None
    """Whose it is now; None when it waits in a queue."""
    queue_id: str | None = None
    is_closed: bool = False

    def is_item(self, work_item_id: str | None) -> bool:
        """Tell whether Omni-Channel means it."""
        return work_item_id in (self.contact_request_id, self.work_item_id) and bool(work_item_id)
