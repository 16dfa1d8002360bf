"""A delivery of the outbox with everything around it, and the fixtures for it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from server.contact_center.salesforce_delivery import DeliveryOptions, SalesforceDelivery
from server.entities import OutboxStatus
from server.store import Store, open_store
from tests.support.salesforce_org import CountingIds, ManualClock, tenant
from tests.support.salesforce_outbox import Announcements, MoodySalesforce, entry_of


@dataclass
class Parts:
    """A delivery with everything around it."""

    store: Store
    clock: ManualClock
    salesforce: MoodySalesforce
    announcements: Announcements
    delivery: SalesforceDelivery
    outcomes: list[tuple[str, str]]

    async def deliver_all(self) -> None:
        """Deliver until nothing is left that may go out at this moment."""
        while await self.delivery.deliver_due():
            pass

    async def status(self, entry_id: str) -> OutboxStatus:
        return (await entry_of(self.store, entry_id)).status


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await open_store(f"sqlite:///{tmp_path / 'server.sqlite3'}", ids=CountingIds())
    yield store
    await store.close()


@pytest.fixture
async def parts(store: Store, tmp_path: Path) -> Parts:
    known = tenant(tmp_path, "https://example.my.salesforce-scrt.com")
    await store.run(lambda transaction: transaction.save_tenant(known))
    clock, salesforce, announcements = ManualClock(), MoodySalesforce(), Announcements()
    outcomes: list[tuple[str, str]] = []
    delivery = SalesforceDelivery(
        store,
        salesforce.for_tenant,
        clock,
        announcements.voice_call_created,
        DeliveryOptions(
            jitter=lambda entry_id, attempts: 1.0,
            on_request=lambda kind, outcome: outcomes.append((kind, outcome)),
        ),
    )
    return Parts(store, clock, salesforce, announcements, delivery, outcomes)
