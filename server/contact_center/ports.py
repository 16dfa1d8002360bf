"""What the contact center needs from outside, beside store, switch and bus."""

from typing import Protocol

from server.entities import FlowTarget


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

    async def execute_flow(
        self,
        tenant_id: str,
        vendor_call_key: str,
        *,
        flow_dev_name: str | None,
        dialed_number: str | None = None,
        fallback_queue: str | None = None,
        deadline: float,
    ) -> FlowTarget | None:
        """Ask an Omni-Channel flow where a call goes, with quick retries (guide chapter 13).

        Args:
            tenant_id: Whose call it is.
            vendor_call_key: Of the VoiceCall, once it was created: a call's id, or a leg's
                participant id.
            flow_dev_name: The flow, with its namespace if it has one; for a call that came in it
                may be found by the dialed number instead.
            dialed_number: Of a call that came in: the number of a channel with a flow.
            fallback_queue: Where the call goes without a flow.
            deadline: Seconds after which the caller goes on without an answer.

        Returns:
            Who gets the call, or None when there is no answer in time or the flow gives none.
            Never raises.
        """
        ...
