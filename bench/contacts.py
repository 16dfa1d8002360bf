"""How long a search in a phone book of 100 000 takes, beside one of 1 000, in the same run.

.venv/bin/python bench/contacts.py
"""

import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from typing import Any

from connector_py.entities import Contact, ContactsFilterType, ContactType
from server.app.clock import SystemIds
from server.entities import ContactsQuery, Tenant
from server.store import Store, open_store

_SYLLABLES = ("ka", "ri", "mo", "ten", "bel", "sor", "van", "lin", "de", "gra", "pau", "zi")
_KINDS = (*(ContactType.PHONEBOOK,) * 8, ContactType.PHONENUMBER, ContactType.QUEUE)
_AT_ONCE = 5_000
_ROUNDS = 9
_SEARCHES: dict[str, dict[str, Any]] = {
    "first page": {},
    "a name": {"contains": "kari"},
    "a name that nobody has": {"contains": "zizizi zizizi"},
    "digits": {"contains": "555 12"},
    "queues only": {"types": (ContactsFilterType.QUEUE,)},
    "the last page": {"offset": 900},
}


def make_book(size: int) -> list[Contact]:
    """Return contacts with names of six syllables; the same ones each time."""
    chance = random.Random(1)

    def name() -> str:
        return "".join(chance.choice(_SYLLABLES) for _ in range(3)).title()

    return [
        Contact(
            id=f"c{number}",
            type=_KINDS[number % len(_KINDS)],
            name=f"{name()} {name()}",
            phone_number=f"+1{chance.randrange(2_000_000_000, 9_999_999_999)}",
        )
        for number in range(size)
    ]


async def fill(store: Store, tenant: Tenant, book: Sequence[Contact]) -> None:
    """Write a tenant with its phone book."""
    await store.run(lambda tx: tx.save_tenant(tenant))
    for start in range(0, len(book), _AT_ONCE):
        part = book[start : start + _AT_ONCE]
        await store.run(lambda tx, part=part: tx.save_contacts(tenant.tenant_id, part))


async def seconds_of(store: Store, tenant: Tenant, query: ContactsQuery) -> float:
    """Return how long one search takes."""
    began = time.perf_counter()
    await store.run(lambda tx: tx.search_contacts(tenant.tenant_id, query))
    return time.perf_counter() - began


async def main() -> None:
    """Fill both phone books, search them in turn, and print medians and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        store = await open_store(f"sqlite:///{folder}/bench.sqlite3", ids=SystemIds())
        tenants = [_tenant(number) for number in (1, 2)]
        for tenant, size in zip(tenants, (1_000, 100_000), strict=True):
            await fill(store, tenant, make_book(size))
        print(f"{'milliseconds, medians':26}{'1 000':>8}{'100 000':>9}{'ratio':>8}")
        for title, fields in _SEARCHES.items():
            query = ContactsQuery(limit=50, **fields)
            taken: list[list[float]] = [[], []]
            for _ in range(_ROUNDS):
                for tenant, seconds in zip(tenants, taken, strict=True):
                    seconds.append(await seconds_of(store, tenant, query))
            few, many = (statistics.median(one) * 1000 for one in taken)
            print(f"{title:26}{few:8.1f}{many:9.1f}{many / few:8.1f}")
        await store.close()


def _tenant(number: int) -> Tenant:
    return Tenant(
        tenant_id=f"00D00000000000{number}AAA",
        name="Bench",
        call_center_api_name="Bench",
        scrt_base_url="https://bench.invalid",
        private_key_file="none",
        telephony_provider_name="Bench",
    )


if __name__ == "__main__":
    asyncio.run(main())
