"""What the contact center needs from outside, beside store, switch and bus."""

from typing import Protocol


class SalesforcePort(Protocol):
    """Delivery of the outbox to Salesforce; `SalesforceDelivery` is the real one."""

    async def try_now(self, entry_id: str, *, deadline: float) -> str | None:
        """Deliver one entry at once, with quick retries.

        Args:
            entry_id: The outbox entry.
            deadline: Seconds after which the caller goes on without an answer.

        Returns:
            The VoiceCall id, or None when it did not work in time; the entry then stays in the
            outbox and the delivery loop goes on with it. Never raises.
        """
        ...
