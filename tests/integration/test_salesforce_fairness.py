"""An org that hangs does not hold up what others are to be told."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

import pytest

from server.contact_center.salesforce_delivery import DeliveryOptions, SalesforceDelivery
from server.entities import OutboxEntry, OutboxKind, OutboxStatus, Tenant
from server.salesforce import (
    ClearRoutingRequest,
    ExecuteFlowRequest,
    ExecuteFlowResponse,
    RetryableError,
    RoutingResponse,
)
from server.store import Store
from tests.support.patience import PATIENCE
from tests.support.running_app import eventually
from tests.support.salesforce_org import NOON, ManualClock, tenant, until
from tests.support.salesforce_outbox import (
    Announcements,
    MoodySalesforce,
    enqueue,
    entry_for,
    entry_of,
)

HUNG = tuple(f"00D00000000000{number}AAA" for number in range(1, 6))
WELL = "00D000000000009AAA"


class HangingSalesforce(MoodySalesforce):
    """One org that says nothing until it fails; `hangs` counts what waits for it."""

    def __init__(self) -> None:
        super().__init__()
        self._silence: list[asyncio.Future[None]] = []

    @property
    def hangs(self) -> int:
        return sum(not one.done() for one in self._silence)

    def fails(self, count: int) -> None:
        """Let what waits longest fail."""
        for one in [one for one in self._silence if not one.done()][:count]:
            one.set_result(None)

    async def clear_routing(self, call: str, *, time_limit: float | None = None) -> RoutingResponse:
        await self._say_nothing()

    async def execute_flow(
        self, call: str, request: ExecuteFlowRequest, *, time_limit: float | None = None
    ) -> ExecuteFlowResponse:
        await self._say_nothing()

    async def _say_nothing(self) -> NoReturn:
        silence = asyncio.get_running_loop().create_future()
        self._silence.append(silence)
        await silence
        raise RetryableError("no answer in time")


class PatientClock(ManualClock):
    """Time that moves only when told, but whoever sleeps does so in real time."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@dataclass
class Orgs:
    """A delivery to an org that works and to others that hang."""

    store: Store
    clock: PatientClock
    delivery: SalesforceDelivery
    hung: dict[str, HangingSalesforce]

    async def is_to_be_told(self, tenant_id: str, count: int) -> None:
        """Write something about so many calls, older than what comes later."""
        entries = [clear(tenant_id, f"{tenant_id}-{number}") for number in range(count)]
        await enqueue(self.store, *entries)

    async def is_delivered(self, entry_id: str) -> bool:
        return (await entry_of(self.store, entry_id)).status is OutboxStatus.DELIVERED

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Deliver during the block."""
        loop = asyncio.create_task(self.delivery.run())
        try:
            yield
        finally:
            loop.cancel()
            await asyncio.gather(loop, return_exceptions=True)


@pytest.fixture
async def orgs(store: Store, tmp_path: Path) -> Orgs:
    hung = {tenant_id: HangingSalesforce() for tenant_id in HUNG}
    well = MoodySalesforce()
    for tenant_id in (*HUNG, WELL):
        known = tenant(tmp_path, "https://example.my.salesforce-scrt.com", tenant_id=tenant_id)
        await store.run(lambda transaction, known=known: transaction.save_tenant(known))

    def client_of(one: Tenant) -> MoodySalesforce:
        return hung.get(one.tenant_id, well)

    clock = PatientClock()
    delivery = SalesforceDelivery(
        store,
        client_of,
        clock,
        Announcements().voice_call_created,
        DeliveryOptions(jitter=lambda entry_id, attempts: 0.0, poll_seconds=0.05),
    )
    return Orgs(store, clock, delivery, hung)


async def test_an_org_that_hangs_does_not_hide_another_one(orgs: Orgs) -> None:
    await orgs.is_to_be_told(HUNG[0], 100)
    await enqueue(orgs.store, clear(WELL, "call1"))
    async with orgs.running():
        await delivered(orgs, "call1")
        assert orgs.hung[HUNG[0]].hangs == 8


async def test_a_free_place_goes_to_who_has_the_fewest(orgs: Orgs) -> None:
    for tenant_id in HUNG:
        await orgs.is_to_be_told(tenant_id, 20)
    async with asyncio.TaskGroup() as group:
        line = group.create_task(orgs.delivery.deliver_due())
        await until(lambda: sum(one.hangs for one in orgs.hung.values()) == 32)
        assert await orgs.delivery.deliver_due() == 0
        orgs.hung[HUNG[0]].fails(1)
        await has_failed(orgs, HUNG[0])
        # What failed is due again, and older than what the other org is to be told.
        orgs.clock.advance(60)
        await enqueue(orgs.store, clear(WELL, "call1"))
        async with asyncio.timeout(PATIENCE):
            assert await orgs.delivery.deliver_due() == 1
        assert await orgs.is_delivered("clear_routing-call1-1")
        for one in orgs.hung.values():
            one.fails(32)
    assert line.result() == 32


async def test_what_is_asked_at_once_takes_no_place_in_the_line(orgs: Orgs) -> None:
    hung = HUNG[0]
    flows = [
        asyncio.create_task(
            orgs.delivery.execute_flow(hung, f"leg{number}", flow_dev_name="Route", deadline=60)
        )
        for number in range(40)
    ]
    await until(lambda: orgs.hung[hung].hangs == 40)
    await enqueue(orgs.store, clear(WELL, "call1"))
    assert await orgs.delivery.deliver_due() == 1
    assert await orgs.is_delivered("clear_routing-call1-1")
    # What is held up by it does not hide the other calls of its own org either.
    await enqueue(orgs.store, *[clear(hung, f"leg{number}") for number in range(40)])
    await enqueue(orgs.store, clear(hung, "call2"))
    async with orgs.running():
        await until(lambda: orgs.hung[hung].hangs == 41)
    for flow in flows:
        flow.cancel()
    await asyncio.gather(*flows, return_exceptions=True)


async def test_the_oldest_of_every_org_come_first(orgs: Orgs) -> None:
    first, second = HUNG[:2]
    await enqueue(
        orgs.store,
        clear(first, "a"),
        clear(first, "a", 2),
        clear(first, "b"),
        clear(first, "c", next_attempt_at=NOON + timedelta(seconds=1)),
        clear(first, "d"),
        clear(first, "e"),
        clear(second, "f"),
        clear(second, "g"),
    )
    assert await due(orgs, limit=10, most_of_tenant=3) == ["a", "f", "b", "g", "d"]
    assert await due(orgs, limit=3, most_of_tenant=3) == ["a", "f", "b"]
    assert await due(orgs, limit=10) == ["a", "b", "d", "e", "f", "g"]
    await orgs.store.run(
        lambda tx: tx.mark_retry(
            "clear_routing-a-1", next_attempt_at=NOON + timedelta(seconds=1), error="no"
        )
    )
    # The second request about a call waits for the first one, in whatever place it is.
    assert await due(orgs, limit=10, most_of_tenant=3) == ["b", "f", "d", "g", "e"]


def clear(tenant_id: str, call_id: str, number: int = 1, **changes: Any) -> OutboxEntry:
    return entry_for(
        OutboxKind.CLEAR_ROUTING,
        call_id,
        ClearRoutingRequest(),
        number,
        tenant_id=tenant_id,
        **changes,
    )


async def due(orgs: Orgs, *, limit: int, most_of_tenant: int | None = None) -> list[str]:
    found = await orgs.store.run(lambda tx: tx.due(NOON, limit, most_of_tenant=most_of_tenant))
    assert all(one.entry_id == f"clear_routing-{one.call_id}-1" for one in found)
    return [one.call_id for one in found]


async def has_failed(orgs: Orgs, tenant_id: str) -> None:
    """Wait until the first request of an org has failed."""

    async def is_so() -> bool:
        return (await entry_of(orgs.store, f"clear_routing-{tenant_id}-0-1")).attempts == 1

    await eventually("a request fails", is_so)


async def delivered(orgs: Orgs, call_id: str) -> None:
    """Wait until an org was told of a call."""
    await eventually("it is delivered", lambda: orgs.is_delivered(f"clear_routing-{call_id}-1"))
