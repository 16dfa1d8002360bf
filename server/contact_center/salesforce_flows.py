"""Omni-Channel flows that say who gets a call; asked at once and never kept in the outbox."""

from dataclasses import dataclass
from datetime import datetime

from server.contact_center.calls_in_hand import CallsInHand
from server.contact_center.salesforce_sending import Sending
from server.entities import CallRecord, FlowTarget, OutboxKind, Tenant
from server.logs import get_logger
from server.salesforce import ExecuteFlowRequest
from server.store import Store, Transaction

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flows:
    """Asks flows.

    A flow leaves a pending routing, which the end of the call clears. So the call is in hand
    until the flow has answered: what clears the routing waits for that. And a flow is not asked
    for who has left, as the routing was cleared by then.

    Args:
        store: Holds tenants and calls.
        in_hand: Shared with the loop.
        sending: Sends the requests.
    """

    store: Store
    in_hand: CallsInHand
    sending: Sending

    async def ask(
        self, tenant_id: str, vendor_call_key: str, request: ExecuteFlowRequest, ends: datetime
    ) -> FlowTarget | None:
        """Return who gets a call; None when the flow does not say, or nobody wants to know.

        Raises:
            SalesforceError: Why the last try failed.
            StoreError: The store cannot be read.
        """
        key = tenant_id, vendor_call_key
        if not await self.in_hand.wait_until_free(key, self.sending.seconds_until(ends)):
            _log.warning("flow_not_asked", call=vendor_call_key)
            return None

        async def ask(time_limit: float) -> FlowTarget | None:
            # Read for each try: the caller may have given up since the last one.
            tenant, is_wanted = await self.store.run(
                lambda found: _tenant_of_wanted(found, tenant_id, vendor_call_key)
            )
            if not is_wanted:
                _log.info("flow_not_wanted", call=vendor_call_key)
                return None
            sent = self._send(tenant, vendor_call_key, request, time_limit)
            return await self.sending.counted(OutboxKind.EXECUTE_FLOW, sent)

        with self.in_hand.take(key):
            return await self.sending.quickly(ask, ends)

    async def _send(
        self,
        tenant: Tenant | None,
        vendor_call_key: str,
        request: ExecuteFlowRequest,
        time_limit: float,
    ) -> FlowTarget | None:
        client = self.sending.client_of(tenant)
        answer = await client.execute_flow(vendor_call_key, request, time_limit=time_limit)
        if answer.agent is None and answer.queue is None:
            _log.warning("flow_without_target", call=vendor_call_key)
            return None
        return FlowTarget(agent_id=answer.agent, queue_id=answer.queue)


def _is_there(record: CallRecord, key: str) -> bool:
    """Whether who waits under a vendorCallKey has not left: the caller, or an added party."""
    return not record.is_over and (key == record.call_id or record.party(key) is not None)


def _tenant_of_wanted(
    transaction: Transaction, tenant_id: str, vendor_call_key: str
) -> tuple[Tenant | None, bool]:
    record = transaction.call_by_key(tenant_id, vendor_call_key)
    return transaction.tenant(tenant_id), record is None or _is_there(record, vendor_call_key)
