"""Delivery of the outbox: with the real store, and end to end with the real simulator."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from structlog.testing import capture_logs

from server.contact_center.salesforce_delivery import DeliveryOptions, SalesforceDelivery
from server.entities import OutboxStatus
from server.salesforce import ClientTimeouts, ConfigurationError, TelephonyApiClients
from server.salesforce_simulator import Fault, FaultMode
from server.store import Store
from tests.support.outbox_parts import Parts
from tests.support.patience import PATIENCE
from tests.support.running_app import eventually
from tests.support.salesforce_org import (
    NOON,
    ORGANIZATION_ID,
    CountingIds,
    ManualClock,
    RealClock,
    RunningSimulator,
    running_simulator,
    tenant,
    until,
)
from tests.support.salesforce_outbox import (
    Announcements,
    Mishap,
    MoodySalesforce,
    create_entry,
    entry_of,
    store_call,
    update_entry,
    voice_call_id_of,
)


async def test_a_ringing_call_gets_its_voice_call_at_once(parts: Parts) -> None:
    await store_call(parts.store, "call1", create_entry("call1"))
    voice_call_id = await parts.delivery.try_now("create-call1", deadline=3)
    assert voice_call_id == parts.salesforce.voice_calls["call1"]
    assert await voice_call_id_of(parts.store, "call1") == voice_call_id
    assert (await entry_of(parts.store, "create-call1")).status is OutboxStatus.DELIVERED
    assert parts.announcements.told == []
    assert await parts.delivery.try_now("create-call1", deadline=3) == voice_call_id
    assert parts.salesforce.requests == 1
    assert parts.outcomes == [("create_voice_call", "ok")]


@pytest.mark.parametrize("mishap", [Mishap.FAILED, Mishap.UNREACHABLE, Mishap.LOST_REPLY])
async def test_three_quick_retries_then_the_loop(parts: Parts, mishap: Mishap) -> None:
    await store_call(parts.store, "call1", create_entry("call1"))
    parts.salesforce.expect(*[mishap] * 4)
    assert await parts.delivery.try_now("create-call1", deadline=3) is None
    assert parts.salesforce.requests == 4
    assert parts.clock.slept == [0.05, 0.1, 0.2]
    entry = await entry_of(parts.store, "create-call1")
    assert (entry.status, entry.attempts) == (OutboxStatus.PENDING, 1)
    assert entry.next_attempt_at == parts.clock.now() + timedelta(seconds=1)
    assert await parts.delivery.deliver_due() == 0
    parts.clock.advance(1)
    assert await parts.delivery.deliver_due() == 1
    made = parts.salesforce.voice_calls["call1"]
    assert parts.announcements.told == [(ORGANIZATION_ID, "call1", made)]
    assert await voice_call_id_of(parts.store, "call1") == made
    assert parts.salesforce.made == 1


async def test_the_third_quick_retry_may_succeed(parts: Parts) -> None:
    await store_call(parts.store, "call1", create_entry("call1"))
    parts.salesforce.expect(Mishap.FAILED, Mishap.LOST_REPLY, Mishap.UNREACHABLE)
    assert await parts.delivery.try_now("create-call1", deadline=3) is not None
    assert parts.salesforce.requests == 4


async def test_quick_tries_share_the_time_of_the_deadline(parts: Parts) -> None:
    await store_call(parts.store, "call1", create_entry("call1"))
    parts.salesforce.expect(*[Mishap.FAILED] * 4)
    await parts.delivery.try_now("create-call1", deadline=2)
    limits = [limit for limit in parts.salesforce.time_limits if limit is not None]
    assert limits == pytest.approx([1.0, 0.975, 0.925, 1.65])


async def test_a_rate_limit_is_left_to_the_loop_and_waits_5_10_20(parts: Parts) -> None:
    await store_call(parts.store, "call1", create_entry("call1"))
    parts.salesforce.expect(*[Mishap.RATE_LIMITED] * 4)
    assert await parts.delivery.try_now("create-call1", deadline=3) is None
    assert parts.salesforce.requests == 1
    for wait in (5, 10, 20, 20):
        entry = await entry_of(parts.store, "create-call1")
        assert entry.next_attempt_at == parts.clock.now() + timedelta(seconds=wait * 1.1)
        parts.clock.advance(wait * 1.1)
        assert await parts.delivery.deliver_due() == 1
    assert (await entry_of(parts.store, "create-call1")).status is OutboxStatus.DELIVERED


async def test_a_refusal_for_good_is_dead_with_its_reason(parts: Parts) -> None:
    await store_call(parts.store, "call1", create_entry("call1"), update_entry("call1"))
    parts.salesforce.expect(Mishap.REFUSED)
    assert await parts.delivery.try_now("create-call1", deadline=3) is None
    entry = await entry_of(parts.store, "create-call1")
    assert (entry.status, entry.last_error) == (OutboxStatus.DEAD, "refused: for the test")
    assert await parts.delivery.try_now("create-call1", deadline=3) is None
    assert await parts.delivery.deliver_due() == 1
    assert parts.salesforce.log == [("update", "call1")]


async def test_a_payload_that_breaks_a_rule_is_dead(parts: Parts) -> None:
    await store_call(parts.store, "call1", create_entry("call1", payload={"from": "x"}))
    await parts.delivery.deliver_due()
    entry = await entry_of(parts.store, "create-call1")
    assert entry.status is OutboxStatus.DEAD
    assert "vendorCallKey" in (entry.last_error or "")


async def test_updates_wait_for_the_create_of_their_call(parts: Parts) -> None:
    await store_call(
        parts.store,
        "call1",
        create_entry("call1"),
        update_entry("call1", 1),
        update_entry("call1", 2),
    )
    await store_call(parts.store, "call2", create_entry("call2"))
    parts.salesforce.expect(Mishap.FAILED)
    assert await parts.delivery.deliver_due() == 2
    assert parts.salesforce.log == [("create", "call2")]
    assert await parts.delivery.try_now("update-call1-1", deadline=3) is None
    assert await parts.delivery.deliver_due() == 0
    parts.clock.advance(1)
    while await parts.delivery.deliver_due():
        pass
    assert parts.salesforce.log[1:] == [
        ("create", "call1"),
        ("update", "call1"),
        ("update", "call1"),
    ]
    assert parts.salesforce.updates["call1"].accept_time == NOON + timedelta(seconds=2)


async def test_nobody_sends_twice_what_is_in_hand(live: "Live") -> None:
    await store_call(live.store, "call1", create_entry("call1"))
    live.org.simulator.faults.set(Fault(mode=FaultMode.SLOW, delay_seconds=0.1, remaining=1))
    first = asyncio.create_task(live.delivery.deliver_due())
    await until(lambda: live.org.simulator.faults.waiting == 1)
    assert await live.delivery.deliver_due() == 0
    assert await first == 1


async def test_one_tenant_does_not_fill_the_line(parts: Parts) -> None:
    for number in range(12):
        await store_call(parts.store, f"call{number}", create_entry(f"call{number}"))
    assert [await parts.delivery.deliver_due() for _ in range(3)] == [8, 4, 0]


async def test_logs_hold_nothing_personal(parts: Parts) -> None:
    await store_call(parts.store, "call1", create_entry("call1"))
    parts.salesforce.expect(Mishap.FAILED, Mishap.REFUSED)
    with capture_logs() as lines:
        await parts.delivery.try_now("create-call1", deadline=3)
    assert [line["event"] for line in lines] == ["delivery_failed"]
    assert "+1" not in str(lines)
    assert "for the test" not in str(lines)


async def test_settings_that_do_not_fit_wait_for_an_admin(store: Store, tmp_path: Path) -> None:
    def refuse(_tenant: object) -> MoodySalesforce:
        raise ConfigurationError("the private key file does not exist")

    known = tenant(tmp_path, "https://example.my.salesforce-scrt.com")
    await store.run(lambda transaction: transaction.save_tenant(known))
    await store_call(store, "call1", create_entry("call1"))
    delivery = SalesforceDelivery(store, refuse, ManualClock(), Announcements().voice_call_created)
    assert await delivery.try_now("create-call1", deadline=3) is None
    entry = await entry_of(store, "create-call1")
    assert entry.status is OutboxStatus.PENDING
    assert entry.last_error == "the private key file does not exist"


async def test_an_unknown_entry_breaks_nothing(parts: Parts) -> None:
    assert await parts.delivery.try_now("nobody", deadline=3) is None
    assert parts.salesforce.requests == 0


async def test_news_that_cannot_be_told_are_told_again(store: Store, parts: Parts) -> None:
    told: list[str] = []

    async def fail_first(_tenant_id: str, call_id: str, _voice_call_id: str) -> None:
        told.append(call_id)
        if len(told) == 1:
            raise ValueError("not yet")

    delivery = SalesforceDelivery(store, parts.salesforce.for_tenant, parts.clock, fail_first)
    await store_call(store, "call1", create_entry("call1"))
    await delivery.deliver_due()
    assert (await entry_of(store, "create-call1")).status is OutboxStatus.PENDING
    parts.clock.advance(2)
    await delivery.deliver_due()
    assert told == ["call1", "call1"]
    assert (await entry_of(store, "create-call1")).status is OutboxStatus.DELIVERED
    assert parts.salesforce.made == 1


async def test_a_broken_store_makes_try_now_give_up_quietly(parts: Parts) -> None:
    await store_call(parts.store, "call1", create_entry("call1"))
    await parts.store.close()
    assert await parts.delivery.try_now("create-call1", deadline=3) is None
    assert await parts.delivery.deliver_due() == 0


@pytest.fixture
async def org(tmp_path: Path) -> AsyncIterator[RunningSimulator]:
    async with running_simulator(tmp_path / "org.sqlite3") as running:
        yield running


@dataclass
class Live:
    """Everything real: store, clock, client, simulator."""

    store: Store
    org: RunningSimulator
    delivery: SalesforceDelivery
    announcements: Announcements

    async def keys(self) -> list[str]:
        """The vendorCallKeys of the org's records, oldest first."""
        url = f"{self.org.base_url}/ui/voiceCalls"
        async with aiohttp.ClientSession() as page, page.get(url) as answer:
            found = (await answer.json())["voiceCalls"]
        return [record["vendorCallKey"] for record in reversed(found)]


@pytest.fixture
async def live(store: Store, org: RunningSimulator, tmp_path: Path) -> AsyncIterator[Live]:
    async with wired(store, org, tmp_path, client_seconds=PATIENCE) as live:
        yield live


@pytest.fixture
async def hasty(store: Store, org: RunningSimulator, tmp_path: Path) -> AsyncIterator[Live]:
    """With a client that soon gives up."""
    async with wired(store, org, tmp_path, client_seconds=0.5) as live:
        yield live


@asynccontextmanager
async def wired(
    store: Store, org: RunningSimulator, folder: Path, *, client_seconds: float
) -> AsyncGenerator[Live]:
    known = tenant(folder, org.base_url)
    await store.run(lambda transaction: transaction.save_tenant(known))
    clients = TelephonyApiClients(
        clock=RealClock(), ids=CountingIds("jti"), timeouts=ClientTimeouts(total=client_seconds)
    )
    announcements = Announcements()
    delivery = SalesforceDelivery(
        store,
        clients.for_tenant,
        RealClock(),
        announcements.voice_call_created,
        DeliveryOptions(poll_seconds=0.02, jitter=lambda entry_id, attempts: 0.0),
    )
    yield Live(store, org, delivery, announcements)
    await clients.close()


async def test_a_call_and_its_updates_reach_the_org(live: Live) -> None:
    await store_call(live.store, "call1", create_entry("call1"), update_entry("call1"))
    loop = asyncio.create_task(live.delivery.run())
    try:
        await until(lambda: bool(live.announcements.told))

        async def is_updated() -> bool:
            entry = await entry_of(live.store, "update-call1-1")
            return entry.status is OutboxStatus.DELIVERED

        await eventually("the update is delivered", is_updated)
        await store_call(live.store, "call2", create_entry("call2"))
        live.delivery.wake()
        await until(lambda: len(live.announcements.told) == 2)
    finally:
        loop.cancel()
        await asyncio.gather(loop, return_exceptions=True)
    assert await live.keys() == ["call1", "call2"]
    assert await voice_call_id_of(live.store, "call1") == live.announcements.told[0][2]


@pytest.mark.parametrize(
    "mode", [FaultMode.FAIL, FaultMode.TIMEOUT, FaultMode.LOSE_REPLY, FaultMode.RATE_LIMIT]
)
async def test_a_bad_org_delays_no_call_and_gets_each_once(live: Live, mode: FaultMode) -> None:
    await store_call(live.store, "call1", create_entry("call1"))
    live.org.simulator.faults.set(Fault(mode=mode))
    begun = asyncio.get_running_loop().time()
    assert await live.delivery.try_now("create-call1", deadline=0.6) is None
    assert asyncio.get_running_loop().time() - begun < 5, "the client itself waits for 10 s"
    live.org.simulator.faults.set(Fault())
    entry = await entry_of(live.store, "create-call1")
    assert entry.status is OutboxStatus.PENDING
    await live.store.run(
        lambda transaction: transaction.mark_retry("create-call1", next_attempt_at=NOON, error="")
    )
    assert await live.delivery.deliver_due() == 1
    assert await live.keys() == ["call1"]
    assert len(live.announcements.told) == 1


async def test_a_loop_that_has_the_call_in_hand_shares_its_result(live: Live) -> None:
    await store_call(live.store, "call1", create_entry("call1"))
    live.org.simulator.faults.set(Fault(mode=FaultMode.SLOW, delay_seconds=0.1, remaining=1))
    at_work = asyncio.create_task(live.delivery.deliver_due())
    await until(lambda: live.org.simulator.faults.waiting == 1)
    voice_call_id = await live.delivery.try_now("create-call1", deadline=PATIENCE)
    assert await at_work == 1
    assert voice_call_id == live.announcements.told[0][2]


async def test_a_loop_that_has_the_call_in_hand_cannot_hold_it_up(hasty: Live) -> None:
    await store_call(hasty.store, "call1", create_entry("call1"))
    hasty.org.simulator.faults.set(Fault(mode=FaultMode.TIMEOUT))
    at_work = asyncio.create_task(hasty.delivery.deliver_due())
    await until(lambda: hasty.org.simulator.faults.waiting == 1)
    assert await hasty.delivery.try_now("create-call1", deadline=0.05) is None
    assert await at_work == 1
