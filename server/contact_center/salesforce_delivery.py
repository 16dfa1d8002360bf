"""Delivery of the outbox to Salesforce: at least once, in order for each call.

An effect happens once although a request may be sent twice: a VoiceCall is found by its
vendorCallKey, a message of a transcript by its id, and an update or a cleared routing says the
same each time. So whatever was interrupted, by a time-out or by the end of the process, is simply
sent again.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar

from server.contact_center.calls_in_hand import CallKey, CallsInHand
from server.contact_center.salesforce_requests import VoiceCallClient, final_error, send_entry
from server.entities import Clock, FlowTarget, OutboxEntry, OutboxKind, OutboxStatus, Tenant
from server.logs import get_logger
from server.salesforce import (
    ConfigurationError,
    ExecuteFlowRequest,
    RetryableError,
    RetryPolicy,
    SalesforceError,
    jitter_of,
)
from server.store import Store, StoreError, Transaction

T = TypeVar("T")

_log = get_logger(__name__)

_MOST_IN_FLIGHT = 32
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """An entry that may be sent now, with its tenant."""

    entry: OutboxEntry
    tenant: Tenant | None
    is_call: bool
    """Whether the key is a call's own, rather than an added leg's or a voicemail's."""
    waits_for_parent: bool
    """Whether the VoiceCall that this one is transferred from was not created yet."""


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
        self._client_for_tenant = client_for_tenant
        self._clock = clock
        self._on_voice_call_created = on_voice_call_created
        self._options = options or DeliveryOptions()
        self._in_hand = CallsInHand()
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
            return await self._execute_flow(tenant_id, vendor_call_key, request, ends)
        except SalesforceError as error:
            _log.warning(
                "flow_failed", call=vendor_call_key, outcome=error.outcome, status=error.status
            )
        except Exception as error:  # noqa: BLE001 - the transfer goes on without the flow
            _log.error("flow_broke", call=vendor_call_key, exc_info=error)
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
        key = _call_key(entry)
        if not await self._in_hand.wait_until_free(key, self._seconds_until(ends)):
            return None
        with self._in_hand.take(key):
            job, voice_call_id = await self._store.run(lambda found: _ready(found, entry_id))
            if job is None:
                return voice_call_id
            return await self._try_quickly(job, ends)

    async def _try_quickly(self, job: _Job, ends: datetime) -> str | None:
        if job.waits_for_parent:
            return None
        try:
            voice_call_id = await self._quickly(lambda limit: self._send(job, limit), ends)
        except SalesforceError as error:
            await self._failed(job.entry, error)
            return None
        if voice_call_id is not None and not job.is_call:
            await self._announce(job.entry, voice_call_id)
        await self._succeeded(job.entry, voice_call_id)
        return voice_call_id

    async def _execute_flow(
        self, tenant_id: str, vendor_call_key: str, request: ExecuteFlowRequest, ends: datetime
    ) -> FlowTarget | None:
        tenant = await self._store.run(lambda transaction: transaction.tenant(tenant_id))

        async def ask(time_limit: float) -> FlowTarget | None:
            client = self._client_of(tenant)
            answer = await client.execute_flow(vendor_call_key, request, time_limit=time_limit)
            if answer.agent is None and answer.queue is None:
                _log.warning("flow_without_target", call=vendor_call_key)
                return None
            return FlowTarget(agent_id=answer.agent, queue_id=answer.queue)

        return await self._quickly(
            lambda limit: self._counted(OutboxKind.EXECUTE_FLOW, ask(limit)), ends
        )

    async def _quickly(self, ask: Callable[[float], Awaitable[T]], ends: datetime) -> T:
        """Ask, and ask again soon while that makes sense; gives the time limit of each try.

        Raises:
            SalesforceError: Why the last try failed.
        """
        policy = self._options.policy
        retries = 0
        while True:
            left = self._seconds_until(ends)
            try:
                return await ask(policy.quick_time_limit(retries_done=retries, time_left=left))
            except SalesforceError as error:
                left = self._seconds_until(ends)
                pause = policy.quick_pause(error, retries_done=retries, time_left=left)
                if pause is None:
                    raise
                retries += 1
                await self._clock.sleep(pause)

    async def _due(self) -> list[_Job]:
        """Take what may be sent now; the caller must hand each job to `_deliver`."""
        self._woken.clear()
        free = _MOST_IN_FLIGHT - len(self._in_hand)
        if free <= 0:
            return []
        now = self._clock.now()
        limit = _MOST_IN_FLIGHT + len(self._in_hand)
        try:
            found = await self._store.run(lambda transaction: _due_jobs(transaction, now, limit))
        except StoreError as error:
            _log.error("outbox_unusable", exc_info=error)
            return []
        jobs: list[_Job] = []
        for job in found:
            key = _call_key(job.entry)
            if len(jobs) < free and self._in_hand.may_take(key, _MOST_OF_TENANT):
                self._in_hand.add(key)
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

    async def _deliver(self, job: _Job) -> None:
        """Send one entry that was taken, and give its call free again."""
        try:
            await self._deliver_once(job)
        except StoreError as error:
            _log.error("outbox_unusable", entry=job.entry.entry_id, exc_info=error)
            # The entry still looks due: without a pause the same request would go out at once.
            await self._clock.sleep(self._options.policy.first_wait)
        finally:
            self._in_hand.remove(_call_key(job.entry))
            self.wake()

    async def _deliver_once(self, job: _Job) -> None:
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

    async def _send(self, job: _Job, time_limit: float | None) -> str | None:
        """Send one request; return the VoiceCall id when it was a create."""

        async def send() -> str | None:
            client = self._client_of(job.tenant)
            return await send_entry(client, job.entry, time_limit=time_limit)

        return await self._counted(job.entry.kind, send())

    def _client_of(self, tenant: Tenant | None) -> VoiceCallClient:
        if tenant is None:
            raise ConfigurationError("the tenant does not exist")
        return self._client_for_tenant(tenant)

    async def _counted(self, kind: OutboxKind, request: Awaitable[T]) -> T:
        """Wait for a request and count its outcome."""
        try:
            answer = await request
        except SalesforceError as error:
            self._count(kind, error.outcome)
            raise
        self._count(kind, "ok")
        return answer

    def _count(self, kind: OutboxKind, outcome: str) -> None:
        if self._options.on_request is not None:
            self._options.on_request(kind, outcome)

    async def _succeeded(self, entry: OutboxEntry, voice_call_id: str | None) -> None:
        await self._store.run(
            lambda transaction: _record_success(transaction, entry, voice_call_id)
        )

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

    def _seconds_until(self, moment: datetime) -> float:
        return max(0.0, (moment - self._clock.now()).total_seconds())


def _call_key(entry: OutboxEntry) -> CallKey:
    return entry.tenant_id, entry.call_id


def _due_jobs(transaction: Transaction, now: datetime, limit: int) -> list[_Job]:
    entries = transaction.due(now, limit)
    tenants = {entry.tenant_id: transaction.tenant(entry.tenant_id) for entry in entries}
    return [_job(transaction, entry, tenants[entry.tenant_id]) for entry in entries]


def _job(transaction: Transaction, entry: OutboxEntry, tenant: Tenant | None) -> _Job:
    return _Job(
        entry=entry,
        tenant=tenant,
        is_call=transaction.call(entry.tenant_id, entry.call_id) is not None,
        waits_for_parent=_waits_for_parent(transaction, entry),
    )


def _waits_for_parent(transaction: Transaction, entry: OutboxEntry) -> bool:
    """Whether a transfer's parent has no VoiceCall yet; Salesforce would refuse it for good."""
    parent: object = entry.payload.get("parentVoiceCallId")
    if entry.kind is not OutboxKind.CREATE_VOICE_CALL or not isinstance(parent, str):
        return False
    return any(
        other.kind is OutboxKind.CREATE_VOICE_CALL and other.status is OutboxStatus.PENDING
        for other in transaction.outbox_entries(entry.tenant_id, parent)
    )


def _ready(transaction: Transaction, entry_id: str) -> tuple[_Job | None, str | None]:
    """Return the job of an entry that may be sent now, or what its call knows already."""
    entry = transaction.outbox_entry(entry_id)
    if entry is None:
        return None, None
    if entry.status is not OutboxStatus.PENDING:
        record = transaction.call(entry.tenant_id, entry.call_id)
        return None, None if record is None else record.call.voice_call_id
    for earlier in transaction.outbox_entries(entry.tenant_id, entry.call_id):
        if earlier.entry_id == entry_id:
            break
        if earlier.status is OutboxStatus.PENDING:
            return None, None
    return _job(transaction, entry, transaction.tenant(entry.tenant_id)), None


def _record_success(
    transaction: Transaction, entry: OutboxEntry, voice_call_id: str | None
) -> None:
    """Write the VoiceCall id and the delivery in one step."""
    transaction.mark_delivered(entry.entry_id)
    if voice_call_id is None:
        return
    record = transaction.call(entry.tenant_id, entry.call_id)
    if record is not None and record.call.voice_call_id != voice_call_id:
        transaction.save_call(
            replace(record, call=replace(record.call, voice_call_id=voice_call_id))
        )
