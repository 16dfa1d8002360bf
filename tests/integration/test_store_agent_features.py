"""Settings, statuses, work and keys of calls in the database, and what older databases become."""

import json
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from connector_py.entities import (
    AgentStatusInfo,
    AgentWork,
    CallInfo,
    CallSnapshot,
    CallType,
    ContactType,
    ParticipantSnapshot,
    ParticipantState,
    ParticipantType,
    WorkEvent,
    to_wire,
)
from server.entities import (
    AgentKey,
    CallRecord,
    ContactRequest,
    MappedStatus,
    OpenWork,
    Routing,
    SimulatedError,
    TenantSettings,
)
from server.store import Store, StoreRuleError, open_store
from tests.support.server_fakes import ADA, BEN, START, TENANT_ID, SequentialIds, seed_tenant

OTHER = AgentKey(tenant_id="00D000000000002AAA", agent_id="005ada")
SCRIPTS = Path(__file__).resolve().parents[2] / "server" / "store" / "migrations"
AWAY = MappedStatus(
    status_id="0N5away",
    status_name="Away",
    has_channels=False,
    is_offline=False,
    telephony_status="away",
)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await open_store(f"sqlite:///{tmp_path / 'scv.sqlite3'}", ids=SequentialIds())
    await seed_tenant(store)
    await seed_tenant(store, OTHER.tenant_id, OTHER)
    yield store
    await store.close()


# ---- settings and statuses -----------------------------------------------------------------------


async def test_settings_come_back_as_written(store: Store) -> None:
    chosen = TenantSettings(
        contact_types=(ContactType.FLOW,),
        third_party_call_info=CallInfo(hold_enabled=False, additional_fields='{"a":1}'),
        labels=("c.a",),
        queue_wait_seconds={"q": 5},
        shows_login=True,
        error=SimulatedError(namespace="c", label_name="a", code="TIMEOUT_ERROR"),
    )
    await store.run(lambda tx: tx.save_tenant_settings(TENANT_ID, TenantSettings()))
    await store.run(lambda tx: tx.save_tenant_settings(TENANT_ID, chosen))
    assert await store.run(lambda tx: tx.tenant_settings(TENANT_ID)) == chosen
    assert await store.run(lambda tx: tx.tenant_settings(OTHER.tenant_id)) == TenantSettings()
    with pytest.raises(StoreRuleError):
        await store.run(lambda tx: tx.save_tenant_settings("00D000000000009AAA", chosen))


async def test_statuses_belong_to_one_org(store: Store) -> None:
    renamed = replace(AWAY, status_name="Gone", telephony_status="gone")
    await store.run(lambda tx: tx.save_presence_status(TENANT_ID, AWAY))
    await store.run(lambda tx: tx.save_presence_status(OTHER.tenant_id, AWAY))
    await store.run(lambda tx: tx.save_presence_status(TENANT_ID, renamed))
    assert await store.run(lambda tx: tx.presence_statuses(TENANT_ID)) == [renamed]
    assert await store.run(lambda tx: tx.presence_statuses(OTHER.tenant_id)) == [AWAY]
    twin = replace(renamed, status_id="0N5twin")
    with pytest.raises(StoreRuleError):
        await store.run(lambda tx: tx.save_presence_status(TENANT_ID, twin))


# ---- agents and work -----------------------------------------------------------------------------


async def test_an_agents_work_and_wanted_status_come_back(store: Store) -> None:
    ada = await store.run(lambda tx: tx.agent(ADA))
    assert ada is not None
    work = AgentWork(work_event=WorkEvent.PAUSED, work_id="w1", work_item_id="i1")
    changed = replace(
        ada,
        requested_status=AgentStatusInfo(status_id="0N5away", status_name="Away"),
        open_work=(
            OpenWork(work=work, at=START, takes_capacity=True),
            OpenWork(work=AgentWork(work_event=WorkEvent.ASSIGNED, work_id="w2"), at=START),
        ),
    )
    await store.run(lambda tx: tx.save_agent(changed))
    assert await store.run(lambda tx: tx.agent(ADA)) == changed
    await store.run(lambda tx: tx.save_agent(ada))
    assert await store.run(lambda tx: tx.agent(ADA)) == ada


def contact_request(number: int, **fields: Any) -> ContactRequest:
    defaults: dict[str, Any] = {
        "tenant_id": TENANT_ID,
        "contact_request_id": f"cr{number}",
        "phone_number": "+12025550100",
        "created_at": START + timedelta(seconds=number),
        "agent_id": ADA.agent_id,
    }
    return ContactRequest(**(defaults | fields))


async def test_contact_requests_belong_to_whoever_has_them(store: Store) -> None:
    one = contact_request(1, name="Carol", work_item_id="item-1")
    two, closed = contact_request(2), contact_request(3, is_closed=True)
    queued = contact_request(4, agent_id=None, queue_id="q")
    foreign = contact_request(5, tenant_id=OTHER.tenant_id, work_item_id="item-1")
    for request in (two, one, closed, queued, foreign):
        await store.run(lambda tx, request=request: tx.save_contact_request(request))

    async def of_item(item: str) -> ContactRequest | None:
        return await store.run(lambda tx: tx.contact_request_of_item(TENANT_ID, item))

    assert await store.run(lambda tx: tx.open_contact_requests(ADA)) == [one, two]
    assert await store.run(lambda tx: tx.open_contact_requests(BEN)) == []
    assert await store.run(lambda tx: tx.open_contact_requests(OTHER)) == [foreign]
    assert await of_item("item-1") == one
    assert await of_item("cr4") == queued
    assert await of_item("cr9") is None
    moved = replace(one, agent_id=BEN.agent_id)
    await store.run(lambda tx: tx.save_contact_request(moved))
    assert await store.run(lambda tx: tx.contact_request(TENANT_ID, "cr1")) == moved
    assert await store.run(lambda tx: tx.open_contact_requests(BEN)) == [moved]


async def test_previews_are_used_once_and_forgotten(store: Store) -> None:
    number = "+12025550100"
    await store.run(lambda tx: tx.save_preview(ADA, number, at=START))
    await store.run(lambda tx: tx.save_preview(ADA, number, at=START))

    async def use(key: AgentKey) -> bool:
        return await store.run(lambda tx: tx.use_preview(key, number))

    assert [await use(key) for key in (BEN, OTHER, ADA, ADA)] == [False, False, True, False]
    await store.run(lambda tx: tx.save_preview(ADA, number, at=START))
    await store.run(lambda tx: tx.prune(now=START + timedelta(hours=47)))
    assert await use(ADA)
    await store.run(lambda tx: tx.save_preview(ADA, number, at=START))
    await store.run(lambda tx: tx.prune(now=START + timedelta(hours=49)))
    assert not await use(ADA)


# ---- calls by every key --------------------------------------------------------------------------


def make_record(call_id: str = "call-1", **fields: Any) -> CallRecord:
    leg = ParticipantSnapshot(
        participant_id=f"{call_id}-leg",
        participant_type=ParticipantType.THIRD_PARTY,
        state=ParticipantState.RINGING,
        state_since=START,
    )
    call = CallSnapshot(
        call_id=call_id, call_type=CallType.INBOUND, participants=(leg,), started_at=START
    )
    return CallRecord(
        tenant_id=TENANT_ID,
        call=replace(call, **fields),
        from_number="",
        to_number="",
        routing=Routing.ANSWERED,
    )


async def test_a_call_is_found_by_every_key(store: Store) -> None:
    record = make_record(voice_call_id="0LQ1")
    leg = replace(record.call.participants[0], voice_call_id="0LQ2")
    record = replace(record, call=replace(record.call, participants=(leg,)))
    await store.run(lambda tx: tx.save_call(record))
    # Whoever has left is still known.
    gone = replace(record, call=replace(record.call, participants=(), ended_at=START))
    await store.run(lambda tx: tx.save_call(gone))

    async def found(key: str, tenant_id: str = TENANT_ID) -> CallRecord | None:
        return await store.run(lambda tx: tx.call_by_key(tenant_id, key))

    for key in ("call-1", "call-1-leg", "0LQ1", "0LQ2"):
        assert await found(key) == gone
        assert await found(key, OTHER.tenant_id) is None
    assert await found("nothing") is None


# ---- older databases -----------------------------------------------------------------------------


def upgrade(path: Path, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


async def test_a_database_of_the_first_version_keeps_what_it_has(tmp_path: Path) -> None:
    path = tmp_path / "scv.sqlite3"
    upgrade(path, "0001")
    record = make_record(voice_call_id="0LQ1")
    with sqlite3.connect(path) as connection:
        connection.execute(
            "INSERT INTO tenants VALUES ('00D000000000001', ?, 'n', 'c', 'u', 'k', 'p')",
            (TENANT_ID,),
        )
        connection.execute(
            "INSERT INTO agents (tenant_id, agent_id, user_name, user_name_key, full_name,"
            " sort_key, state, status_count, agent_config, link_open)"
            " VALUES (?, ?, 'u', 'u', 'A', 'a', 'offline', 0, '{}', 0)",
            (TENANT_ID, ADA.agent_id),
        )
        rows = [
            (TENANT_ID, "call-1", json.dumps(to_wire(record))),
            (TENANT_ID, "call-2", json.dumps(to_wire(make_record("call-2")))),
        ]
        connection.executemany(
            "INSERT INTO calls VALUES (?, ?, '2026-03-02T09:00:00.000000Z', 0, 0, ?)", rows
        )
    connection.close()
    store = await open_store(f"sqlite:///{path}", ids=SequentialIds())
    try:
        ada = await store.run(lambda tx: tx.agent(ADA))
        assert ada is not None
        assert (ada.requested_status, ada.open_work, ada.has_softphone) == (None, (), True)
        assert await store.run(lambda tx: tx.call_by_key(TENANT_ID, "0LQ1")) == record
        assert await store.run(lambda tx: tx.tenant_settings(TENANT_ID)) == TenantSettings()
    finally:
        await store.close()
