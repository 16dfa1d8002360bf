"""Delivery of the outbox to Salesforce: at least once, in order for each call.

An effect happens once although a request may be sent twice: a VoiceCall is found by its
vendorCallKey, and an update says the same each time. So whatever was interrupted, by a time-out
or by the end of the process, is simply sent again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from server.entities import Clock, OutboxEntry, OutboxKind, OutboxStatus, Tenant
from server.logs import get_logger
from server.salesforce import (
    ConfigurationError,
    CreateVoiceCallRequest,
    CreateVoiceCallResponse,
    RetryPolicy,
    SalesforceError,
    UpdateVoiceCallRequest,
    UpdateVoiceCallResponse,
    jitter_of,
)
from server.store import Store, StoreError, Transaction

_log = get_logger(__name__)

_MOST_IN_FLIGHT = 32
_MOST_OF_TENANT = 8

CallKey = tuple[str, str]
"""Tenant id and call id."""


class VoiceCallClient(Protocol):
    """What delivery needs of a client; `TelephonyApiClient` is the real one."""

    async def create_voice_call(
        self, request: CreateVoiceCallRequest, *, time_limit: float | None = None
    ) -> CreateVoiceCallResponse:
        """Create a VoiceCall."""
        ...

    async def update_voice_call(
        self, call: str, request: UpdateVoiceCallRequest, *, time_limit: float | None = None
    ) -> UpdateVoiceCallResponse:
        """Update a VoiceCall."""
        ...


VoiceCallCreated = Callable[[str, str, str], Awaitable[None]]
"""Told tenant id, call id and VoiceCall id; may be told twice."""


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


@dataclass(frozen=True, slots=True)
class _Job:
    """An entry that may be sent now, with its tenant."""

    entry: OutboxEntry
    tenant: Tenant | None


class SalesforceDelivery:
    """Sends outbox entries, at once for a call that is about to ring and in a loop otherwise.

    Args:
        store: Holds outbox, tenants and calls.
        client_for_tenant: Returns a tenant's client, or raises ConfigurationError.
        clock: Time of the retries.
        on_voice_call_created: Called by the loop (not by `try_now`, whose caller gets the id)
            before the entry counts as delivered, so that no crash can swallow the news.
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
        self._in_hand = _CallsInHand()
        self._woken = asyncio.Event()

    async def try_now(self, entry_id: str, *, deadline: float) -> str | None:
        """Deliver one entry at once, with quick retries (guide chapter 5).

        Args:
            entry_id: The outbox entry.
            deadline: Seconds after which the caller goes on without an answer.

        Returns:
            The VoiceCall id, stored with the call as well; or None when it did not work in time
            and the loop goes on with the entry. Never raises.
        """
        ends = self._clock.now() + timedelta(seconds=deadline)
        try:
            return await self._try_now(entry_id, ends)
        except StoreError as error:
            _log.error("outbox_unusable", entry=entry_id, exc_info=error)
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
        policy = self._options.policy
        retries = 0
        while True:
            limit = policy.quick_time_limit(
                retries_done=retries, time_left=self._seconds_until(ends)
            )
            try:
                voice_call_id = await self._send(job, time_limit=limit)
            except SalesforceError as error:
                pause = policy.quick_pause(
                    error, retries_done=retries, time_left=self._seconds_until(ends)
                )
                if pause is None:
                    await self._failed(job.entry, error)
                    return None
                retries += 1
                await self._clock.sleep(pause)
            else:
                await self._succeeded(job.entry, voice_call_id)
                return voice_call_id

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
            voice_call_id = await self._send(job, time_limit=None)
            if voice_call_id is not None:
                await self._on_voice_call_created(entry.tenant_id, entry.call_id, voice_call_id)
        except SalesforceError as error:
            await self._failed(entry, error)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - one broken entry must not stop the others
            _log.error("delivery_broke", entry=entry.entry_id, kind=entry.kind, exc_info=error)
            await self._failed(entry, SalesforceError(f"delivery broke: {type(error).__name__}"))
        else:
            await self._succeeded(entry, voice_call_id)

    async def _send(self, job: _Job, *, time_limit: float | None) -> str | None:
        """Send one request and count its outcome.

        Returns:
            The VoiceCall id when it was a create.
        """
        try:
            voice_call_id = await self._request(job, time_limit)
        except SalesforceError as error:
            self._count(job.entry, error.outcome)
            raise
        self._count(job.entry, "ok")
        return voice_call_id

    async def _request(self, job: _Job, time_limit: float | None) -> str | None:
        entry = job.entry
        if job.tenant is None:
            raise ConfigurationError("the entry's tenant does not exist")
        client = self._client_for_tenant(job.tenant)
        if entry.kind is OutboxKind.UPDATE_VOICE_CALL:
            update = UpdateVoiceCallRequest.from_payload(entry.payload)
            await client.update_voice_call(entry.call_id, update, time_limit=time_limit)
            return None
        create = CreateVoiceCallRequest.from_payload(entry.payload)
        created = await client.create_voice_call(create, time_limit=time_limit)
        if created.errors:
            _log.warning(
                "voice_call_has_soft_errors", entry=entry.entry_id, errors=len(created.errors)
            )
        return created.voice_call_id

    def _count(self, entry: OutboxEntry, outcome: str) -> None:
        if self._options.on_request is not None:
            self._options.on_request(entry.kind, outcome)

    async def _succeeded(self, entry: OutboxEntry, voice_call_id: str | None) -> None:
        await self._store.run(
            lambda transaction: _record_success(transaction, entry, voice_call_id)
        )

    async def _failed(self, entry: OutboxEntry, error: SalesforceError) -> None:
        """Write down when to try again, or that the entry is dead and why."""
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


class _CallsInHand:
    """Calls that something is being sent about; of one call only one thing at a time."""

    def __init__(self) -> None:
        self._freed: dict[CallKey, asyncio.Event] = {}

    def __len__(self) -> int:
        return len(self._freed)

    def may_take(self, key: CallKey, most_of_tenant: int) -> bool:
        """Whether the call is free, and its tenant does not fill the line alone."""
        return (
            key not in self._freed
            and sum(taken[0] == key[0] for taken in self._freed) < most_of_tenant
        )

    def add(self, key: CallKey) -> None:
        self._freed[key] = asyncio.Event()

    def remove(self, key: CallKey) -> None:
        self._freed.pop(key).set()

    @contextmanager
    def take(self, key: CallKey) -> Generator[None, None, None]:
        """Hold the call during the block."""
        self.add(key)
        try:
            yield
        finally:
            self.remove(key)

    async def wait_until_free(self, key: CallKey, seconds: float) -> bool:
        """Wait for the call; False when it took too long."""
        try:
            async with asyncio.timeout(seconds):
                while (freed := self._freed.get(key)) is not None:
                    await freed.wait()
        except TimeoutError:
            return False
        return True


def _call_key(entry: OutboxEntry) -> CallKey:
    return entry.tenant_id, entry.call_id


def _due_jobs(transaction: Transaction, now: datetime, limit: int) -> list[_Job]:
    entries = transaction.due(now, limit)
    tenants = {entry.tenant_id: transaction.tenant(entry.tenant_id) for entry in entries}
    return [_Job(entry, tenants[entry.tenant_id]) for entry in entries]


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
    return _Job(entry, transaction.tenant(entry.tenant_id)), None


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
