"""Whatever goes wrong, in whatever order: one VoiceCall for each call and each added leg, a leg's
after that of its call, and everything else about a call after it, in its order.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.contact_center.salesforce_delivery import SalesforceDelivery
from server.entities import OutboxEntry, OutboxKind, OutboxStatus
from server.salesforce import (
    ClearRoutingRequest,
    ExecuteFlowRequest,
    SenderType,
    TranscriptMessageRequest,
)
from server.salesforce.payloads import TelephonyRequest
from server.store import Store, open_store
from tests.support.salesforce_org import NOON, CountingIds, ManualClock, tenant
from tests.support.salesforce_outbox import (
    Announcements,
    Crash,
    CrashingStore,
    Mishap,
    MoodySalesforce,
    create_entry,
    enqueue,
    entry_for,
    entry_of,
    store_call,
    transfer_of,
    update_entry,
    voice_call_id_of,
)

PASSING = [mishap for mishap in Mishap if mishap not in (Mishap.REFUSED, Mishap.FORBIDDEN)]


@dataclass(frozen=True)
class Plan:
    """One run: how many calls and updates, what happens to requests, when the process ends."""

    calls: int
    updates: int
    mishaps: list[Mishap]
    crashes: list[tuple[int, bool]]
    """For each life of the process: the run of the store where it ends, and whether after it."""
    quick: list[bool]
    """For each call: whether it is tried at once first."""
    legs: list[bool]
    """For each call: whether it is transferred."""
    between: list[OutboxKind]
    """What else each call has to tell, between its create and its updates."""


plans = st.builds(
    Plan,
    calls=st.integers(1, 3),
    updates=st.integers(0, 2),
    mishaps=st.lists(st.sampled_from(PASSING), max_size=12),
    crashes=st.lists(st.tuples(st.integers(0, 8), st.booleans()), max_size=4),
    quick=st.lists(st.booleans(), min_size=3, max_size=3),
    legs=st.lists(st.booleans(), min_size=3, max_size=3),
    between=st.lists(
        st.sampled_from(
            [OutboxKind.ADD_TRANSCRIPT, OutboxKind.CLEAR_ROUTING, OutboxKind.EXECUTE_FLOW]
        ),
        max_size=3,
    ),
)

REQUESTS: dict[OutboxKind, tuple[str, TelephonyRequest]] = {
    OutboxKind.ADD_TRANSCRIPT: (
        "transcript",
        TranscriptMessageRequest(
            participant_id="c",
            message_id="m1",
            start_time=1_772_452_800_000,
            end_time=1_772_452_800_000,
            content="Hello",
            sender_type=SenderType.EXTERNAL_USER,
        ),
    ),
    OutboxKind.CLEAR_ROUTING: ("clear", ClearRoutingRequest()),
    OutboxKind.EXECUTE_FLOW: ("flow", ExecuteFlowRequest(flow_dev_name="Route")),
}
"""What the fake logs for each kind, and a request of it."""


@dataclass(frozen=True)
class Server:
    """What outlives every process: the database, and a way to run things."""

    runner: asyncio.Runner
    store: Store
    numbers: "count[int]"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("delivery")
    with asyncio.Runner() as runner:
        store = runner.run(open_store(f"sqlite:///{folder / 'db.sqlite3'}", ids=CountingIds()))
        known = tenant(folder, "https://example.my.salesforce-scrt.com")
        runner.run(store.run(lambda transaction: transaction.save_tenant(known)))
        yield Server(runner, store, count())
        runner.run(store.close())


def leg_of(call_id: str) -> str:
    return f"{call_id}-leg"


def entries_of(plan: Plan, call_id: str) -> list[OutboxEntry]:
    """What Salesforce is told about one call, in its order."""
    between = [
        entry_for(kind, call_id, REQUESTS[kind][1], number)
        for number, kind in enumerate(plan.between, start=1)
    ]
    updates = [update_entry(call_id, n + 1) for n in range(plan.updates)]
    return [create_entry(call_id), *between, *updates]


def without_repeats(done: list[str]) -> list[str]:
    return [what for index, what in enumerate(done) if index == 0 or what != done[index - 1]]


async def one_life(delivery: SalesforceDelivery, call_ids: list[str], quick: list[bool]) -> None:
    """One process, from its start to its end or to a crash."""
    try:
        for call_id, at_once in zip(call_ids, quick, strict=False):
            if at_once:
                await delivery.try_now(f"create-{call_id}", deadline=3)
                await delivery.try_now(f"create-{leg_of(call_id)}", deadline=3)
        for _ in range(3):
            await delivery.deliver_due()
    except Crash:
        return
    except BaseExceptionGroup as group:
        _, other = group.split(Crash)
        if other is not None:
            raise other from None


async def run_plan(server: Server, plan: Plan) -> tuple[MoodySalesforce, Announcements, list[str]]:
    number = next(server.numbers)
    call_ids = [f"call{number}x{index}" for index in range(plan.calls)]
    for call_id in call_ids:
        await store_call(server.store, call_id, *entries_of(plan, call_id))
        if plan.legs[call_ids.index(call_id)]:
            await enqueue(server.store, transfer_of(leg_of(call_id), call_id))
    salesforce, announcements, clock = MoodySalesforce(plan.mishaps), Announcements(), ManualClock()
    crashing = CrashingStore(server.store)

    def start() -> SalesforceDelivery:
        return SalesforceDelivery(
            crashing, salesforce.for_tenant, clock, announcements.voice_call_created
        )

    for run, after in plan.crashes:
        crashing.crash_at(run, after=after)
        await one_life(start(), call_ids, plan.quick)
        clock.advance(20)
    crashing.crash_at(10_000, after=False)
    for _ in range(40):
        await one_life(start(), call_ids, [])
        clock.advance(70)
    return salesforce, announcements, call_ids


@settings(
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(plan=plans)
def test_every_call_gets_one_voice_call_and_then_its_updates(server: Server, plan: Plan) -> None:
    salesforce, announcements, call_ids = server.runner.run(run_plan(server, plan))

    legs = [
        leg_of(call_id) for call_id, has_one in zip(call_ids, plan.legs, strict=False) if has_one
    ]
    assert sorted(salesforce.voice_calls) == sorted(call_ids + legs)
    assert salesforce.made == len(call_ids) + len(legs)
    for call_id in call_ids:
        wanted = [REQUESTS[kind][0] for kind in plan.between] + ["update"] * plan.updates
        done = [what for what, key in salesforce.log if key == call_id]
        assert without_repeats(done) == without_repeats(["create", *wanted])
        known = server.runner.run(voice_call_id_of(server.store, call_id))
        assert known == salesforce.voice_calls[call_id]
        if plan.updates:
            last = salesforce.updates[call_id]
            assert last.accept_time == NOON + timedelta(seconds=plan.updates)
        for entry in entries_of(plan, call_id):
            found = server.runner.run(entry_of(server.store, entry.entry_id))
            assert found.status is OutboxStatus.DELIVERED
    for leg in legs:
        log = salesforce.log
        assert log.index(("create", leg)) > log.index(("create", leg.removesuffix("-leg")))
    told = {key for _, key, _ in announcements.told}
    assert told >= set(legs)
    if not any(plan.quick[: plan.calls]):
        assert told == set(call_ids + legs)
    for _, key, voice_call_id in announcements.told:
        assert voice_call_id == salesforce.voice_calls[key]
