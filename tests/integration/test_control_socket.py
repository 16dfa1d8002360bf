"""Commands of the command line that reach a running server: large ones, and those that fail."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from connector_py.entities import PresenceStatus
from server.app import administration, control
from server.app.clock import SystemClock, SystemIds
from server.entities import ContactsQuery, MappedStatus
from server.errors import InvalidRequestError, ServerError
from server.store import Transaction
from tests.support.patience import PATIENCE
from tests.support.running_app import ORGANIZATION, RunningApp, running_app


async def ask(running: RunningApp, command: str, **arguments: str) -> Any:
    settings = running.services.settings
    return await control.administer(
        settings, command, arguments, clock=SystemClock(), ids=SystemIds()
    )


async def import_book(running: RunningApp, contacts: object) -> Any:
    text = json.dumps(contacts)
    return await ask(running, "contacts import", tenant=ORGANIZATION, contacts=text)


def person(number: int, **more: str) -> dict[str, str]:
    return {
        "id": f"new-{number:05}",
        "type": "PhoneBook",
        "name": f"New Person {number}",
        "phoneNumber": f"+120255{number:05}",
        **more,
    }


async def new_people(running: RunningApp) -> int:
    (tenant,) = await running.services.store.run(lambda tx: tx.tenants())
    query = ContactsQuery(contains="new person", types=(), limit=1, offset=0)
    found = await running.services.store.run(lambda tx: tx.search_contacts(tenant.tenant_id, query))
    return found.total


async def test_a_large_phone_book_goes_as_one(tmp_path: Path) -> None:
    # 5 MB: more than a line of the socket had before.
    book = [person(number, description="d" * 1000) for number in range(5000)]
    async with running_app(tmp_path) as running:
        assert await import_book(running, book) == {"imported": 5000}
        assert await new_people(running) == 5000
        # Again: those with a known id are replaced.
        assert await import_book(running, [person(0, name="Renamed")]) == {"imported": 1}
        assert await new_people(running) == 4999


async def test_a_phone_book_is_not_there_in_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    async with running_app(tmp_path) as running:
        store = running.services.store
        run = store.run

        async def failing(work: Any) -> Any:
            seen.append(await new_people_by(run))
            if len(seen) == 3:
                raise ServerError("The disk is full.")
            return await run(work)

        monkeypatch.setattr(administration, "_STEP", 10)
        monkeypatch.setattr(store, "run", failing)
        with pytest.raises(ServerError, match="disk is full"):
            await import_book(running, [person(number) for number in range(40)])
        monkeypatch.setattr(store, "run", run)
        assert set(seen) == {0}
        assert await new_people(running) == 0
        assert await import_book(running, [person(1), person(1, name="New Person twice")])
        assert await new_people(running) == 1


async def new_people_by(run: Any) -> int:
    def count(transaction: Transaction) -> int:
        (tenant,) = transaction.tenants()
        query = ContactsQuery(contains="new person", types=(), limit=1, offset=0)
        return transaction.search_contacts(tenant.tenant_id, query).total

    return await run(count)


async def test_what_is_too_large_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running_app(tmp_path) as running:
        monkeypatch.setattr(control, "LONGEST_LINE", 1024 * 1024)
        with pytest.raises(InvalidRequestError, match="1 MiB at most"):
            await import_book(running, "x" * 1024 * 1024)
        # The server says so as well, when somebody asks all the same.
        path = running.services.settings.data_dir / "control.sock"
        reader, writer = await asyncio.open_unix_connection(path)
        writer.write(b'"' + b"x" * 3 * 1024 * 1024 + b'"\n')
        async with asyncio.timeout(PATIENCE):
            await writer.drain()
            answer = json.loads(await reader.readline())
        writer.close()
        assert "1 MiB at most" in answer["error"]


async def test_long_answers_arrive(tmp_path: Path) -> None:
    labels = [f"{'n' * 70}.label_{number:04}" for number in range(1000)]
    async with running_app(tmp_path) as running:
        text = json.dumps({"labels": labels})
        changed = await ask(running, "settings set", tenant=ORGANIZATION, settings=text)
        shown = await ask(running, "settings show", tenant=ORGANIZATION)
        assert changed == shown
        assert shown["labels"] == labels
        (tenant,) = await running.services.store.run(lambda tx: tx.tenants())
        await running.services.store.run(lambda tx: fill_statuses(tx, tenant.tenant_id))
        assert len(await ask(running, "status list", tenant=ORGANIZATION)) >= 500


def fill_statuses(transaction: Transaction, tenant_id: str) -> None:
    for number in range(500):
        one = PresenceStatus(status_id=f"s{number}", status_name="ü" * 255)
        transaction.save_presence_status(
            tenant_id,
            MappedStatus(
                status_id=one.status_id,
                status_name=one.status_name,
                has_channels=False,
                is_offline=False,
                telephony_status=f"{number}",
            ),
        )


@pytest.mark.parametrize(
    ("command", "arguments", "told"),
    [
        ("settings set", {"settings": "{"}, "settings is no JSON"),
        ("settings set", {"settings": "[" * 5000}, "settings is no JSON"),
        ("settings set", {"settings": r'{"queueWaitSeconds": {"\ud800": 1}}'}, "queueWaitSeconds"),
        ("contacts import", {"contacts": "["}, "contacts is no JSON"),
        ("contacts import", {"contacts": '[{"id": 1}]'}, "expected text"),
        ("contacts import", {"contacts": '[{"name": "x"}]'}, "server failed"),
        ("agent add", {"user": "eve", "full_name": "E\udcff"}, "full_name is no Unicode text"),
    ],
)
async def test_every_failure_is_an_answer(
    tmp_path: Path, command: str, arguments: dict[str, str], told: str
) -> None:
    async with running_app(tmp_path) as running:
        with pytest.raises(ServerError, match=told):
            await ask(running, command, tenant=ORGANIZATION, **arguments)


@pytest.mark.parametrize("line", [b"\n", b"[]\n", b"{}\n", b"\xff\n", b"[" * 5000 + b"\n"])
async def test_nonsense_is_answered_too(tmp_path: Path, line: bytes) -> None:
    async with running_app(tmp_path) as running:
        path = running.services.settings.data_dir / "control.sock"
        reader, writer = await asyncio.open_unix_connection(path)
        writer.write(line)
        async with asyncio.timeout(PATIENCE):
            answer = json.loads(await reader.readline())
        writer.close()
        assert set(answer) == {"error"}


async def test_a_server_that_hangs_up_is_told(tmp_path: Path) -> None:
    async with running_app(tmp_path) as running:
        path = running.services.settings.data_dir / "control.sock"

        async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.close()

        path.unlink()
        async with await asyncio.start_unix_server(hang_up, path):
            with pytest.raises(ServerError, match="did not answer"):
                await ask(running, "tenant list")
