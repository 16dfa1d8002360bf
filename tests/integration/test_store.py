import asyncio
import sqlite3
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from connector_py.entities import (
    AgentAvailability,
    AgentState,
    Contact,
    ContactsFilterType,
    ContactType,
    Reply,
    WrapUpEnded,
)
from server.entities import (
    Agent,
    AgentKey,
    AgentLink,
    ContactsQuery,
    OutboxEntry,
    OutboxKind,
    OutboxStatus,
    Secret,
    SecretKind,
    hash_secret,
)
from server.store import Store, StoreError, Transaction, open_store
from server.store.tables import metadata
from tests.support.server_fakes import ADA, BEN, START, TENANT_ID, SequentialIds, seed_tenant

OTHER = AgentKey(tenant_id="00D000000000002AAA", agent_id="005ada")
MINUTE = timedelta(minutes=1)


def url_of(folder: Path) -> str:
    return f"sqlite:///{folder / 'deep' / 'er' / 'scv.sqlite3'}"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await open_store(url_of(tmp_path), ids=SequentialIds())
    await seed_tenant(store)
    await seed_tenant(store, OTHER.tenant_id, OTHER)
    yield store
    await store.close()


async def test_the_migrations_make_the_tables(tmp_path: Path) -> None:
    store = await open_store(url_of(tmp_path), ids=SequentialIds())
    await store.close()
    engine = create_engine(url_of(tmp_path))
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


async def test_what_was_written_is_there_after_opening_again(tmp_path: Path) -> None:
    store = await open_store(url_of(tmp_path), ids=SequentialIds())
    await seed_tenant(store)
    head = await store.run(lambda tx: tx.stream_head(ADA))
    await store.close()
    store = await open_store(url_of(tmp_path), ids=SequentialIds("again"))
    tenant = await store.run(lambda tx: tx.tenant(TENANT_ID[:15]))
    assert tenant is not None
    assert tenant.tenant_id == TENANT_ID
    assert await store.run(lambda tx: tx.stream_head(ADA)) == head
    await store.close()
    await store.close()
    with pytest.raises(StoreError, match="closed"):
        await store.run(lambda tx: tx.tenants())


async def test_a_failed_transaction_leaves_nothing(store: Store) -> None:
    def work(tx: Transaction) -> None:
        tx.append(ADA, WrapUpEnded(call_id="c1"), cause=None, at=START)
        raise LookupError("on purpose")

    with pytest.raises(LookupError):
        await store.run(work)
    assert (await store.run(lambda tx: tx.stream_head(ADA))).offset == 0


async def test_transactions_do_not_block_the_event_loop(store: Store) -> None:
    go_on = threading.Event()
    waiting = asyncio.create_task(store.run(lambda tx: go_on.wait(5)))
    await asyncio.sleep(0)
    go_on.set()
    assert await waiting is True


async def test_the_database_keeps_its_promises_to_the_disk(store: Store) -> None:
    def pragmas(tx: Transaction) -> list[object]:
        connection = tx._connection  # type: ignore[attr-defined]
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        return [connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in names]

    assert await store.run(pragmas) == ["wal", 2, 1, 5000]


async def test_a_second_process_is_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="Another process uses the database"):
        await open_store(url_of(tmp_path), ids=SequentialIds())
    program = (
        "import asyncio, sys\n"
        "from server.store import StoreError, open_store\n"
        "try:\n"
        "    asyncio.run(open_store(sys.argv[1], ids=None))\n"
        "except StoreError as error:\n"
        "    print(error.message)\n"
    )
    done = subprocess.run(  # noqa: ASYNC221 - nothing else runs
        [sys.executable, "-c", program, url_of(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Another process uses the database" in done.stdout
    # A refusal must not take the lock away from the first.
    await store.run(lambda tx: tx.tenants())


@pytest.mark.parametrize(
    "url", ["postgresql://host/db", "mysql://host/db", "nonsense", "sqlite://"]
)
async def test_other_databases_are_refused_by_name(url: str) -> None:
    with pytest.raises(StoreError, match="sqlite:///path/to/file"):
        await open_store(url, ids=SequentialIds())


async def test_files_that_cannot_be_used_are_refused(tmp_path: Path) -> None:
    broken = tmp_path / "broken.sqlite3"
    broken.write_bytes(b"this is no database, but it is long enough to look at" * 100)
    with pytest.raises(StoreError, match="cannot be used"):
        await open_store(f"sqlite:///{broken}", ids=SequentialIds())
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot be written"):
        await open_store(f"sqlite:///{tmp_path / 'file' / 'x.sqlite3'}", ids=SequentialIds())


async def test_a_database_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    store = await open_store(url_of(tmp_path), ids=SequentialIds())
    await store.close()
    with sqlite3.connect(url_of(tmp_path).removeprefix("sqlite:///")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(StoreError, match="9999"):
        await open_store(url_of(tmp_path), ids=SequentialIds())


async def test_agents_are_known_by_their_user_name(store: Store) -> None:
    renamed = Agent(
        tenant_id=TENANT_ID, agent_id="other-id", user_name="ADA@test.example", full_name="Ada A."
    )
    stored = await store.run(lambda tx: tx.ensure_agent(renamed))
    assert (stored.key, stored.full_name) == (ADA, "Ada A.")
    names = await store.run(lambda tx: [one.full_name for one in tx.agents(TENANT_ID)])
    assert names == ["Ada A.", "Ben Agent"]
    elsewhere = await store.run(
        lambda tx: tx.agent_by_user_name(OTHER.tenant_id, "ada@test.example")
    )
    assert elsewhere is not None
    assert elsewhere.key == OTHER


async def test_an_agent_comes_back_as_written(store: Store) -> None:
    agent = await store.run(lambda tx: tx.agent(ADA))
    assert agent is not None
    changed = replace(
        agent,
        state=AgentState.AVAILABLE,
        available_since=START,
        status_count=3,
        wrap_up_call_id="c1",
        link=AgentLink(instance_id="p1", is_open=False, closed_at=START),
    )
    await store.run(lambda tx: tx.save_agent(changed))
    assert await store.run(lambda tx: tx.agent(ADA)) == changed
    with pytest.raises(LookupError):
        await store.run(lambda tx: tx.save_agent(replace(changed, agent_id="nobody")))


async def test_secrets_work_once_and_not_too_late(store: Store) -> None:
    def give(kind: SecretKind, text: str) -> Secret:
        return Secret(
            kind=kind, secret_hash=hash_secret(text), agent=ADA, expires_at=START + MINUTE
        )

    ticket, code = SecretKind.LINK_TICKET, SecretKind.SIGN_IN_CODE

    def work(tx: Transaction) -> list[AgentKey | None]:
        for text in ("one", "two", "three"):
            tx.save_secret(give(ticket, text))
        tx.save_secret(give(code, "one"))
        return [
            tx.secret_owner(ticket, hash_secret("one"), now=START),
            tx.use_secret(ticket, hash_secret("one"), now=START),
            tx.use_secret(ticket, hash_secret("one"), now=START),
            tx.use_secret(ticket, hash_secret("two"), now=START + MINUTE),
            tx.use_secret(ticket, hash_secret("unknown"), now=START),
            tx.secret_owner(code, hash_secret("one"), now=START),
        ]

    assert await store.run(work) == [ADA, ADA, None, None, None, ADA]
    await store.run(lambda tx: tx.drop_secrets(ADA, *SecretKind))
    owner = await store.run(lambda tx: tx.secret_owner(code, hash_secret("one"), now=START))
    assert owner is None


async def test_streams_count_for_each_agent_and_tenant(store: Store) -> None:
    def work(tx: Transaction) -> list[int]:
        note = WrapUpEnded(call_id="c1")
        return [
            tx.append(agent, note, cause="k", at=START) for agent in (ADA, ADA, BEN, OTHER, ADA)
        ]

    assert await store.run(work) == [1, 2, 1, 1, 3]
    entries = await store.run(lambda tx: tx.stream_after(ADA, 1, 1))
    assert [(one.offset, one.cause, one.notification) for one in entries] == [
        (2, "k", WrapUpEnded(call_id="c1"))
    ]


async def test_pruning_keeps_the_newest_entries_and_the_offsets(store: Store) -> None:
    def fill(tx: Transaction) -> None:
        for _ in range(1005):
            tx.append(ADA, WrapUpEnded(call_id="c"), cause=None, at=START)
        tx.save_reply(ADA, "hash", Reply(id="k", offset=1), at=START)

    await store.run(fill)
    await store.run(lambda tx: tx.prune(now=START + timedelta(hours=47)))
    assert await store.run(lambda tx: tx.stream_floor(ADA)) == 0
    assert await store.run(lambda tx: tx.stored_reply(ADA, "k")) is not None
    await store.run(lambda tx: tx.prune(now=START + timedelta(hours=49)))
    assert await store.run(lambda tx: tx.stream_floor(ADA)) == 5
    assert await store.run(lambda tx: tx.stored_reply(ADA, "k")) is None
    assert (await store.run(lambda tx: tx.stream_head(ADA))).offset == 1005


async def test_replies_belong_to_one_agent(store: Store) -> None:
    reply = Reply(id="k", offset=7, result={"callId": "c1"})
    await store.run(lambda tx: tx.save_reply(ADA, "hash", reply, at=START))
    stored = await store.run(lambda tx: tx.stored_reply(ADA, "k"))
    assert stored is not None
    assert (stored.body_hash, stored.reply) == ("hash", reply)
    for stranger in (BEN, OTHER):
        assert await store.run(lambda tx, key=stranger: tx.stored_reply(key, "k")) is None


def entry(entry_id: str, call_id: str = "c1", tenant_id: str = TENANT_ID) -> OutboxEntry:
    return OutboxEntry(
        entry_id=entry_id,
        tenant_id=tenant_id,
        call_id=call_id,
        kind=OutboxKind.CREATE_VOICE_CALL,
        payload={"a": ["ü", 1]},
        natural_key=f"{entry_id}-key",
        next_attempt_at=START,
    )


async def test_the_outbox_keeps_the_order_of_each_call(store: Store) -> None:
    async def due() -> list[str]:
        found = await store.run(lambda tx: tx.due(START, 10))
        return [one.entry_id for one in found]

    def fill(tx: Transaction) -> list[bool]:
        return [
            tx.enqueue(one)
            for one in (
                entry("e1"),
                entry("e2"),
                entry("e3", "c2"),
                entry("e4", tenant_id=OTHER.tenant_id),
                replace(entry("e9"), natural_key="e1-key"),
            )
        ]

    assert await store.run(fill) == [True, True, True, True, False]
    assert await due() == ["e1", "e3", "e4"]
    later = START + MINUTE
    await store.run(lambda tx: tx.mark_retry("e1", next_attempt_at=later, error="no"))
    assert await due() == ["e3", "e4"]
    stored = await store.run(lambda tx: tx.outbox_entry("e1"))
    assert stored == replace(entry("e1"), attempts=1, next_attempt_at=later, last_error="no")
    await store.run(lambda tx: tx.mark_delivered("e1"))
    await store.run(lambda tx: tx.mark_retry("e1", next_attempt_at=START, error="late twin"))
    assert await due() == ["e2", "e3", "e4"]
    await store.run(lambda tx: tx.mark_dead("e3", error="never"))
    assert await due() == ["e2", "e4"]
    of_call = await store.run(lambda tx: tx.outbox_entries(TENANT_ID, "c1"))
    assert [one.status for one in of_call] == [OutboxStatus.DELIVERED, OutboxStatus.PENDING]


BOOK = [
    Contact(id="q1", type=ContactType.QUEUE, name="Billing", phone_number="+12025550190"),
    Contact(id="n1", type=ContactType.PHONENUMBER, name="Änne", phone_number="+12025550111"),
    Contact(id="b1", type=ContactType.PHONEBOOK, name="100% Zed", phone_number="+49301234567"),
    Contact(id="f1", type=ContactType.FLOW, name="Refunds"),
]


@pytest.mark.parametrize(
    ("contains", "types", "names"),
    [
        (None, (), ["100% Zed", "Ada Agent", "Ben Agent", "Billing", "Refunds", "Änne"]),
        ("BILL", (), ["Billing"]),
        ("änNE", (), ["Änne"]),
        ("0%", (), ["100% Zed"]),
        ("_", (), []),
        ("(202) 555-01", (), ["Billing", "Änne"]),
        ("+1202", (), ["Billing", "Änne"]),
        ("agent", (), ["Ada Agent", "Ben Agent"]),
        (None, ("QUEUE",), ["Billing"]),
        (None, ("CONTACT", "DIRECTORY"), ["100% Zed", "Änne"]),
        (None, ("FLOW", "AGENT"), ["Ada Agent", "Ben Agent", "Refunds"]),
        (None, ("AVAILABLE",), ["Ada Agent"]),
        (None, ("AVAILABLE", "AGENT"), ["Ada Agent"]),
    ],
)
async def test_contacts_are_found(
    store: Store, contains: str | None, types: tuple[str, ...], names: list[str]
) -> None:
    def fill(tx: Transaction) -> None:
        tx.save_contacts(TENANT_ID, BOOK)
        tx.save_contacts(TENANT_ID, BOOK)
        tx.save_contacts(OTHER.tenant_id, [replace(BOOK[0], name="Billing elsewhere")])
        ada = tx.agent(ADA)
        assert ada is not None
        link = AgentLink(instance_id="p", is_open=True)
        tx.save_agent(replace(ada, state=AgentState.AVAILABLE, link=link))

    await store.run(fill)
    query = ContactsQuery(
        contains=contains, types=tuple(ContactsFilterType(kind) for kind in types)
    )
    found = await store.run(lambda tx: tx.search_contacts(TENANT_ID, query))
    assert [one.name for one in found.contacts] == names
    assert found.total == len(names)
    paged = [
        (await store.run(lambda tx, at=at: tx.search_contacts(TENANT_ID, at))).contacts
        for at in (replace(query, limit=2, offset=offset) for offset in range(0, 8, 2))
    ]
    assert [one.name for page in paged for one in page] == names


async def test_availability_follows_state_and_line(store: Store) -> None:
    async def availability(**changes: object) -> AgentAvailability | None:
        def work(tx: Transaction) -> AgentAvailability | None:
            ada = tx.agent(ADA)
            assert ada is not None
            tx.save_agent(replace(ada, **changes))  # type: ignore[arg-type]
            query = ContactsQuery(contains="ada", linked_after=START)
            return tx.search_contacts(TENANT_ID, query).contacts[0].availability

        return await store.run(work)

    is_open = AgentLink(instance_id="p", is_open=True)
    just_lost = AgentLink(instance_id="p", is_open=False, closed_at=START)
    lost = AgentLink(instance_id="p", is_open=False, closed_at=START - MINUTE)
    available, on_call = AgentState.AVAILABLE, AgentState.ON_CALL
    assert await availability(state=available, link=None) is AgentAvailability.OFFLINE
    assert await availability(state=available, link=is_open) is AgentAvailability.AVAILABLE
    assert await availability(state=available, link=just_lost) is AgentAvailability.AVAILABLE
    assert await availability(state=available, link=lost) is AgentAvailability.OFFLINE
    assert await availability(state=on_call, link=is_open) is AgentAvailability.BUSY
    assert await availability(state=AgentState.OFFLINE) is AgentAvailability.OFFLINE


async def test_contacts_need_an_id_and_a_type(store: Store) -> None:
    for contact in (Contact(id="x"), Contact(type=ContactType.QUEUE)):
        with pytest.raises(ValueError, match="id and a type"):
            await store.run(lambda tx, one=contact: tx.save_contacts(TENANT_ID, [one]))
