"""Delivery of the outbox to Salesforce: at least once, in order for each call.

An effect happens once although a request may be sent twice: a VoiceCall is found by its
vendorCallKey, a message of a transcript by its id, and an update or a cleared routing says the
same each time. So whatever was interrupted, by a time-out or by the end of the process, is simply
sent again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from server.contact_center.calls_in_hand import CallsInHand
from server.contact_center.delivery_jobs import (
    DeliveryJob,
    call_key,
    due_jobs,
    ready_job,
    record_success,
)
from server.contact_center.salesforce_flows import Flows
from server.contact_center.salesforce_requests import VoiceCallClient, final_error, send_entry
from server.contact_center.salesforce_sending import Sending
from server.entities import Clock, FlowTarget, OutboxEntry, Tenant
from server.logs import get_logger
from server.salesforce import (
    ExecuteFlowRequest,
    RetryableError,
    RetryPolicy,
    SalesforceError,
    jitter_of,
)
from server.store import Store, StoreError

_log = get_logger(__name__)

_MOST_IN_FLIGHT = 32
"""How many requests the loop has under way."""
_MOST_OF_TENANT = 8

VoiceCallCreated = Callable[[str, str, str], Awaitable[None]]
"""Told tenant id, vendorCallKey and VoiceCall id; may be told twice.

The key is a call's id, an added leg's participant id, or that of a voicemail.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryOptions:
    """How delivery behaves.

    Args:
        policy: When a failed request is sent again.
        jitter: Gets entry id and number of tries; returns a fraction in [0, 1).
        poll_seconds: How often the loop looks for entries that nobody woke it for.
        on_request: Told the kind and the outcome of every request, for figures.
    """

    policy: RetryPolicy = field(default_factory=RetryPolicy)
    jitter: Callable[[str, int], float] = jitter_of
    poll_seconds: float = 0.5
    on_request: Callable[[str, str], None] | None = None


class SalesforceDelivery:
    """Sends outbox entries, at once for a call that is about to ring and in a loop otherwise.

    Args:
        store: Holds outbox, tenants and calls.
        client_for_tenant: Returns a tenant's client, or raises ConfigurationError.
        clock: Time of the retries.
        on_voice_call_created: Called before an entry counts as delivered, so that no crash can
            swallow the news; not by `try_now` for a call's own VoiceCall, as its caller gets the
            id, which is stored with the call.
        options: How delivery behaves.
    """

    def __init__(
        self,
        store: Store,
        client_for_tenant: Callable[[Tenant], VoiceCallClient],
        clock: Clock,
        on_voice_call_created: VoiceCallCreated,
        options: DeliveryOptions | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._on_voice_call_created = on_voice_call_created
        self._options = options or DeliveryOptions()
        self._in_hand = CallsInHand()
        self._sending = Sending(
            client_for_tenant=client_for_tenant,
            clock=clock,
            policy=self._options.policy,
            on_request=self._options.on_request,
        )
        self._flows = Flows(store=store, in_hand=self._in_hand, sending=self._sending)
        self._woken = asyncio.Event()

    async def try_now(self, entry_id: str, *, deadline: float) -> str | None:
        """Deliver one entry at once, with quick retries (guide chapter 5).

        Args:
            entry_id: The outbox entry.
            deadline: Seconds after which the caller goes on without an answer.

        Returns:
            The VoiceCall id, stored with the call as well; or None when it did not work in time
            and the loop goes on with the entry, or when the loop was quicker with an added leg.
            Never raises.
        """
        ends = self._clock.now() + timedelta(seconds=deadline)
        try:
            return await self._try_now(entry_id, ends)
        except StoreError as error:
            _log.error("outbox_unusable", entry=entry_id, exc_info=error)
        except Exception as error:  # noqa: BLE001 - the call must ring whatever is broken here
            _log.error("delivery_broke", entry=entry_id, exc_info=error)
        return None

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
            vendor_call_key: Of the VoiceCall, which exists already.
            flow_dev_name: The flow, with its namespace if it has one; None to find it by the
                dialed number.
            dialed_number: The number of a channel with a flow.
            fallback_queue: Where the call goes without a flow.
            deadline: Seconds after which the caller goes on without an answer.

        Returns:
            Who gets the call, or None when there is no answer in time or the flow gives none.
            Never raises.
        """
        ends = self._clock.now() + timedelta(seconds=deadline)
        request = ExecuteFlowRequest(
            flow_dev_name=flow_dev_name,
            dialed_number=dialed_number,
            fallback_queue=fallback_queue,
        )
        try:
            return await self._flows.ask(tenant_id, vendor_call_key, request, ends)
        except SalesforceError as error:
            _log.warning(
                "flow_failed", call=vendor_call_key, outcome=error.outcome, status=error.status
            )
        except Exception as error:  # noqa: BLE001 - the transfer goes on without the flow
            _log.error("flow_broke", call=vendor_call_key, exc_info=error)
        finally:
            # What clears the routing may have waited for the flow.
            self.wake()
        return None

    async def run(self) -> None:
        """Deliver what is due, until cancelled."""
        async with asyncio.TaskGroup() as group:
            while True:
                for job in await self._due():
                    group.create_task(self._deliver(job))
                await self._pause()

    async def deliver_due(self) -> int:
        """Deliver what is due now, wait for the outcomes and return how many were tried."""
        jobs = await self._due()
        async with asyncio.TaskGroup() as group:
            for job in jobs:
                group.create_task(self._deliver(job))
        return len(jobs)

    def wake(self) -> None:
        """Make the loop look at once; a hint after something was written."""
        self._woken.set()

    async def _try_now(self, entry_id: str, ends: datetime) -> str | None:
        entry = await self._store.run(lambda transaction: transaction.outbox_entry(entry_id))
        if entry is None:
            return None
        key = call_key(entry)
        if not await self._in_hand.wait_until_free(key, self._sending.seconds_until(ends)):
            return None
        with self._in_hand.take(key):
            job, voice_call_id = await self._store.run(lambda found: ready_job(found, entry_id))
            if job is None:
                return voice_call_id
            return await self._try_quickly(job, ends)

    async def _try_quickly(self, job: DeliveryJob, ends: datetime) -> str | None:
        if job.waits_for_parent:
            return None
        try:
            voice_call_id = await self._sending.quickly(lambda limit: self._send(job, limit), ends)
        except SalesforceError as error:
            await self._failed(job.entry, error)
            return None
        if voice_call_id is not None and not job.is_call:
            await self._announce(job.entry, voice_call_id)
        await self._succeeded(job.entry, voice_call_id)
        return voice_call_id

    async def _due(self) -> list[DeliveryJob]:
        """Take what may be sent now; the caller must hand each job to `_deliver`."""
        self._woken.clear()
        free = _MOST_IN_FLIGHT - self._in_hand.in_line
        if free <= 0:
            return []
        now = self._clock.now()
        # What is in hand still looks due: more is read by as much as that may hide.
        limit = _MOST_IN_FLIGHT + len(self._in_hand)
        most_of_tenant = _MOST_OF_TENANT + self._in_hand.at_once
        try:
            found = await self._store.run(
                lambda transaction: due_jobs(
                    transaction, now, limit=limit, most_of_tenant=most_of_tenant
                )
            )
        except StoreError as error:
            _log.error("outbox_unusable", exc_info=error)
            return []
        return self._take(found, free)

    def _take(self, found: Sequence[DeliveryJob], most: int) -> list[DeliveryJob]:
        """Take jobs, of the tenant with the fewest in hand first: one that hangs has many."""
        jobs: list[DeliveryJob] = []
        while len(jobs) < most:
            free = [job for job in found if self._in_hand.may_take(job.key, _MOST_OF_TENANT)]
            if not free:
                break
            job = min(free, key=lambda one: self._in_hand.in_line_of(one.entry.tenant_id))
            self._in_hand.add(job.key)
            jobs.append(job)
        return jobs

    async def _pause(self) -> None:
        """Wait for the next look: until woken, or for the poll time."""
        waits = [
            asyncio.create_task(self._until_woken()),
            asyncio.create_task(self._clock.sleep(self._options.poll_seconds)),
        ]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)

    async def _until_woken(self) -> None:
        await self._woken.wait()

    async def _deliver(self, job: DeliveryJob) -> None:
        """Send one entry that was taken, and give its call free again."""
        try:
            await self._deliver_once(job)
        except StoreError as error:
            _log.error("outbox_unusable", entry=job.entry.entry_id, exc_info=error)
            # The entry still looks due: without a pause the same request would go out at once.
            await self._clock.sleep(self._options.policy.first_wait)
        finally:
            self._in_hand.remove(job.key)
            self.wake()

    async def _deliver_once(self, job: DeliveryJob) -> None:
        entry = job.entry
        try:
            if job.waits_for_parent:
                raise RetryableError("the VoiceCall that it is transferred from is not there yet")
            voice_call_id = await self._send(job, None)
            if voice_call_id is not None:
                await self._announce(entry, voice_call_id)
        except SalesforceError as error:
            await self._failed(entry, error)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - one broken entry must not stop the others
            _log.error("delivery_broke", entry=entry.entry_id, kind=entry.kind, exc_info=error)
            await self._failed(entry, SalesforceError(f"delivery broke: {type(error).__name__}"))
        else:
            await self._succeeded(entry, voice_call_id)

    async def _announce(self, entry: OutboxEntry, voice_call_id: str) -> None:
        await self._on_voice_call_created(entry.tenant_id, entry.call_id, voice_call_id)

    async def _send(self, job: DeliveryJob, time_limit: float | None) -> str | None:
        """Send one request; return the VoiceCall id when it was a create."""

        async def send() -> str | None:
            client = self._sending.client_of(job.tenant)
            return await send_entry(client, job.entry, time_limit=time_limit)

        return await self._sending.counted(job.entry.kind, send())

    async def _succeeded(self, entry: OutboxEntry, voice_call_id: str | None) -> None:
        await self._store.run(lambda transaction: record_success(transaction, entry, voice_call_id))

    async def _failed(self, entry: OutboxEntry, error: SalesforceError) -> None:
        """Write down when to try again, or that the entry is dead and why."""
        error = final_error(entry, error)
        attempts = entry.attempts + 1
        wait = self._options.policy.wait(
            error, attempts=attempts, jitter=self._options.jitter(entry.entry_id, attempts)
        )
        _log.warning(
            "delivery_failed",
            entry=entry.entry_id,
            kind=entry.kind,
            outcome=error.outcome,
            status=error.status,
            attempts=attempts,
            dead=wait is None,
        )
        if wait is None:
            await self._store.run(
                lambda transaction: transaction.mark_dead(entry.entry_id, error=error.reason)
            )
            return
        next_attempt_at = self._clock.now() + timedelta(seconds=wait)
        await self._store.run(
            lambda transaction: transaction.mark_retry(
                entry.entry_id, next_attempt_at=next_attempt_at, error=error.reason
            )
        )
