"""How the parts of a running server fit together, and in which order they start and stop."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from connector_py.entities import CloseCode
from server.api.metrics import Metrics
from server.api.pages import find_web_dir
from server.api.rate_limit import RateLimit
from server.api.services import Demo, DemoOrg, LinkTimes, ReadinessCheck, Services
from server.app.administration import Administration
from server.app.call_figures import CallFigures
from server.app.call_templates import templates_from
from server.app.clock import SystemClock, SystemIds
from server.app.control import control_socket
from server.app.demo import demo_tenant, seed_demo
from server.app.keys import KeyPair
from server.app.recordings import open_recordings
from server.app.switches import make_pbx
from server.app.tenants import save_tenants
from server.contact_center import CenterParts, CenterSettings, ContactCenter
from server.contact_center.salesforce_delivery import DeliveryOptions, SalesforceDelivery
from server.entities import Clock, IdSource, Tenant
from server.event_bus import open_event_bus
from server.logs import get_logger
from server.pbx import SimulatedPbx
from server.salesforce import TelephonyApiClients
from server.settings import Settings
from server.store import Store, StoreError, open_store

log = get_logger(__name__)

_FAILED_SIGN_INS, _TICKETS, _WINDOW_SECONDS = 10, 60, 60
_BACKLOG_LIMIT = 10_000
_FINISH_SECONDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What is chosen before the server runs; tests choose other clocks and shorter times."""

    settings: Settings
    clock: Clock = field(default_factory=SystemClock)
    ids: IdSource = field(default_factory=SystemIds)
    metrics: Metrics = field(default_factory=Metrics)
    link_times: LinkTimes = field(default_factory=LinkTimes)

    @property
    def web_dir(self) -> Path | None:
        """Where the built web assets are."""
        return find_web_dir(self.settings.web_dir)


@asynccontextmanager
async def running_services(
    parts: Parts, demo_keys: KeyPair | None, org: DemoOrg | None = None
) -> AsyncGenerator[Services]:
    """Start everything, and stop it again in the opposite order.

    Args:
        parts: What was chosen before.
        demo_keys: Key pair of the demo's org, in demo mode.
        org: The demo's org itself, in demo mode.

    Raises:
        ServerError: Something cannot be started; the text says what.
    """
    settings = parts.settings
    async with AsyncExitStack() as stack:
        # A new folder is for this user only; `server.cli.main` sees to the files.
        await asyncio.to_thread(settings.data_dir.mkdir, 0o700, True, True)
        store = await open_store(settings.store_url, ids=parts.ids)
        stack.push_async_callback(store.close)
        tenant = await _save_tenants(store, parts.settings, demo_keys)
        services = await _start(stack, store, parts, tenant, org)
        administration = Administration(store, clock=parts.clock, ids=parts.ids)
        await stack.enter_async_context(control_socket(administration, settings.data_dir))
        log.info("server started", demo=settings.demo, tenants=len(settings.tenants))
        try:
            yield services
        finally:
            await services.links.end_all(CloseCode.GOING_AWAY, "the server restarts")
            await services.errands.finish(_FINISH_SECONDS)
    log.info("server stopped")


async def _save_tenants(
    store: Store, settings: Settings, demo_keys: KeyPair | None
) -> Tenant | None:
    """Write the tenants into the store; return the demo's, in demo mode."""
    await save_tenants(store, settings)
    if demo_keys is None:
        return None
    tenant = demo_tenant(settings, demo_keys)
    await seed_demo(store, tenant)
    return tenant


async def _start(
    stack: AsyncExitStack,
    store: Store,
    parts: Parts,
    demo: Tenant | None,
    org: DemoOrg | None,
) -> Services:
    bus = open_event_bus(parts.settings.event_bus_url)
    stack.push_async_callback(bus.close)
    clients = TelephonyApiClients(clock=parts.clock, ids=parts.ids)
    stack.push_async_callback(clients.close)
    simulated = SimulatedPbx(
        store.switch_memory,
        clock=parts.clock,
        ids=parts.ids,
        template_of=templates_from(store),
    )
    name, figures = parts.settings.pbx, CallFigures(parts.metrics)
    pbx = simulated if name is None else make_pbx(name)
    centers: list[ContactCenter] = []

    async def voice_call_created(tenant_id: str, call_id: str, voice_call_id: str) -> None:
        await centers[0].on_voice_call_created(tenant_id, call_id, voice_call_id)

    delivery = SalesforceDelivery(
        store,
        clients.for_tenant,
        parts.clock,
        voice_call_created,
        DeliveryOptions(
            on_request=lambda kind, outcome: parts.metrics.salesforce_requests.labels(
                kind, outcome
            ).inc()
        ),
    )
    recordings = await asyncio.to_thread(open_recordings, parts.settings, parts.ids)
    center = ContactCenter(
        CenterParts(
            store=store,
            pbx=pbx,
            bus=bus,
            salesforce=delivery,
            clock=parts.clock,
            ids=parts.ids,
            recordings=recordings,
            overhear=figures.hear,
        ),
        CenterSettings(no_answer_seconds=parts.settings.no_answer_seconds),
    )
    centers.append(center)
    stack.push_async_callback(center.stop)
    await center.start()
    figures.know(pbx.active_calls())
    delivering = asyncio.create_task(delivery.run(), name="salesforce delivery")
    stack.push_async_callback(_cancel, delivering)
    return Services(
        settings=parts.settings,
        store=store,
        contact_center=center,
        clock=parts.clock,
        ids=parts.ids,
        metrics=parts.metrics,
        sign_in_limit=RateLimit(parts.clock, tries=_FAILED_SIGN_INS, seconds=_WINDOW_SECONDS),
        ticket_limit=RateLimit(parts.clock, tries=_TICKETS, seconds=_WINDOW_SECONDS),
        checks=(_store_check(store, parts.metrics), _task_check(delivering)),
        demo=None
        if demo is None or org is None
        else Demo(tenant_id=demo.tenant_id, pbx=simulated, org=org),
        link_times=parts.link_times,
        recordings=recordings,
    )


def _store_check(store: Store, metrics: Metrics) -> ReadinessCheck:
    """Check that the store can be written; its tables are up to date since it was opened."""

    async def check() -> str | None:
        try:
            # Every transaction takes the write lock, so that this fails where writing would.
            backlog = await store.run(
                lambda transaction: len(
                    transaction.due(datetime.max.replace(tzinfo=UTC), _BACKLOG_LIMIT)
                )
            )
        except StoreError:
            return "the database cannot be written"
        metrics.outbox.set(backlog)
        return None

    return check


def _task_check(delivering: asyncio.Task[None]) -> ReadinessCheck:
    """Check that the delivery to Salesforce runs."""

    async def check() -> str | None:
        return "the delivery to Salesforce has ended" if delivering.done() else None

    return check


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
