"""Fakes for the server: a clock that tests move, ids that count, an org with verbs, and a whole
contact center on a temporary file."""

import asyncio
import heapq
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from connector_py.call_model import AgentSession, CallRegistry
from connector_py.call_model.call import changes_a_call
from connector_py.entities import (
    AgentSnapshot,
    AgentStatus,
    AgentStatusInfo,
    CallSnapshot,
    CallStarted,
    Command,
    Notification,
    Reply,
    SetAgentStatus,
    Welcome,
)
from server.contact_center import CenterParts, CenterSettings, ContactCenter, Recordings
from server.entities import Agent, AgentKey, CallRecord, FlowTarget, OutboxEntry, Tenant
from server.event_bus import MemoryEventBus
from server.pbx import PbxListener, SimulatedPbx
from server.store import Store, open_store
from tests.support.patience import PATIENCE

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TENANT_ID = "00D000000000001AAA"
ADA = AgentKey(tenant_id=TENANT_ID, agent_id="005ada")
BEN = AgentKey(tenant_id=TENANT_ID, agent_id="005ben")
CUSTOMER = "+12025550100"
CENTER = "+12025550199"
AVAILABLE = AgentStatusInfo(status_id="0N5000000000001", status_name="Available")


class FakeClock:
    """Time stands still until `advance`. Implements the server's `Clock`."""

    def __init__(self, now: datetime = START) -> None:
        self._now = now
        self._count = itertools.count()
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return self._now

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        due = self._now + timedelta(seconds=seconds)
        heapq.heappush(self._sleepers, (due, next(self._count), woken))
        await woken

    async def advance(self, seconds: float) -> None:
        """Let time pass, waking each sleeper at its own moment."""
        end = self._now + timedelta(seconds=seconds)
        while self._sleepers and self._sleepers[0][0] <= end:
            due, _, woken = heapq.heappop(self._sleepers)
            self._now = max(self._now, due)
            if not woken.done():
                woken.set_result(None)
            for _ in range(10):
                await asyncio.sleep(0)
        self._now = end
        await asyncio.sleep(0)


class SequentialIds:
    """Ids that count. Implements `IdSource`."""

    def __init__(self, prefix: str = "id") -> None:
        self._prefix = prefix
        self._count = itertools.count(1)

    def new_id(self) -> str:
        return f"{self._prefix}{next(self._count):04}"

    def token(self) -> str:
        return f"token-{self._prefix}{next(self._count):04}"


class FakeSalesforce:
    """An org that answers at once, fails, or stays silent. Implements `SalesforcePort`."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.flows_asked: list[tuple[str, str]] = []
        self._flows: dict[str, FlowTarget] = {}
        self._mode = "works"
        self._silence: list[asyncio.Future[str | None]] = []

    def works(self) -> None:
        self._mode = "works"

    def fails(self) -> None:
        self._mode = "fails"

    def is_silent(self) -> None:
        """Every request hangs, beyond its deadline too, until `speaks`."""
        self._mode = "silent"

    def speaks(self) -> None:
        """Answer everything that hangs."""
        self._mode = "works"
        for waiting in self._silence:
            if not waiting.done():
                waiting.set_result("0LQlate")
        self._silence.clear()

    def flow_goes_to(
        self, flow_dev_name: str, *, agent_id: str | None = None, queue_id: str | None = None
    ) -> None:
        """Set what a flow, or the channel of a number, answers; others give no answer."""
        self._flows[flow_dev_name] = FlowTarget(agent_id=agent_id, queue_id=queue_id)

    async def execute_flow(
        self,
        tenant_id: str,
        vendor_call_key: str,
        *,
        flow_dev_name: str | None,
        dialed_number: str | None = None,
        fallback_queue: str | None = None,
        deadline: float,
    ) -> FlowTarget | None:
        name = flow_dev_name or dialed_number or ""
        self.flows_asked.append((vendor_call_key, name))
        if self._mode == "silent":
            waiting: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
            self._silence.append(waiting)
            await waiting
        if self._mode != "works":
            return None
        fallback = None if fallback_queue is None else FlowTarget(queue_id=fallback_queue)
        return self._flows.get(name, fallback)

    async def try_now(self, entry_id: str, *, deadline: float) -> str | None:
        self.asked.append(entry_id)
        if self._mode == "silent":
            waiting: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
            self._silence.append(waiting)
            return await waiting
        return f"0LQ{entry_id}" if self._mode == "works" else None


async def eventually(check: Callable[[], Awaitable[Any]], *, seconds: float = PATIENCE) -> Any:
    """Return what `check` returns as soon as it is true."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while True:
        found = await check()
        if found:
            return found
        if loop.time() > end:
            raise AssertionError(f"it never came: {check}")
        await asyncio.sleep(0.002)


@dataclass
class Seat:
    """One agent with a connector, and verbs for it."""

    house: "CenterHouse"
    key: AgentKey
    instance_id: str = "page-1"
    epoch: str | None = None
    offset: int = 0
    heard: list[Notification] = field(default_factory=list)
    causes: list[str | None] = field(default_factory=list)

    async def connects(self, instance_id: str | None = None) -> None:
        self.instance_id = instance_id or self.instance_id
        welcome = await self.house.center.open_link(
            self.key, instance_id=self.instance_id, epoch=self.epoch, offset=self.offset
        )
        self.epoch = welcome.epoch
        if welcome.calls is not None:
            self.offset = welcome.offset

    async def disconnects(self) -> None:
        await self.house.center.link_closed(self.key, self.instance_id)

    async def sets(self, status: AgentStatus, info: AgentStatusInfo | None = AVAILABLE) -> Reply:
        return await self.asks(SetAgentStatus(agent_status=status, status_info=info))

    async def goes_online(self) -> None:
        await self.connects()
        reply = await self.sets(AgentStatus.ONLINE)
        assert reply.error is None, reply.error

    async def asks(self, command: Command, command_id: str | None = None) -> Reply:
        return await self.house.center.handle_command(
            self.key, command_id or self.house.command_ids.new_id(), command
        )

    async def listens(self) -> list[Notification]:
        """Read what is new in the stream; return everything heard so far."""
        for frame in await self.house.center.read_stream(self.key, self.offset):
            assert frame.offset == self.offset + 1
            self.offset = frame.offset
            self.heard.append(frame.notification)
            self.causes.append(frame.cause)
        return self.heard

    async def hears(self, kind: type[Notification], count: int = 1) -> Any:
        """Wait until so many notifications of a kind were heard; return the last of them."""

        async def check() -> Any:
            found = [one for one in await self.listens() if isinstance(one, kind)]
            return found[-1] if len(found) >= count else None

        return await eventually(check)

    async def rings(self, count: int = 1) -> CallSnapshot:
        started: CallStarted = await self.hears(CallStarted, count)
        return started.call

    async def agent(self) -> Agent:
        found = await self.house.store.run(lambda tx: tx.agent(self.key))
        assert found is not None
        return found

    async def mirrors_the_server(self) -> Welcome:
        """Check that the stream, applied from the beginning, gives what a snapshot shows."""
        welcome = await self.house.center.open_link(
            self.key, instance_id=self.instance_id, epoch=None, offset=0
        )
        assert welcome.calls is not None
        while self.offset < welcome.offset:
            await self.listens()
        calls = CallRegistry()
        agent = welcome.agent
        session = AgentSession(
            AgentSnapshot(
                agent_id=agent.agent_id, user_name=agent.user_name, full_name=agent.full_name
            )
        )
        for notification in self.heard[: welcome.offset]:
            session = session.apply(notification)
            if isinstance(notification, CallStarted) or changes_a_call(notification):
                calls = calls.apply(notification)
        assert {one.call_id: one for one in calls.snapshots} == {
            one.call_id: one for one in welcome.calls
        }
        assert session.agent.state is agent.state
        assert session.agent.status_info == agent.status_info
        assert session.agent.wrap_up_call_id == agent.wrap_up_call_id
        return welcome

    def names(self) -> list[str]:
        return [one.name for one in self.heard]


@dataclass
class CenterHouse:
    """A contact center on a temporary file, with everything that a test may want to move."""

    store: Store
    pbx: SimulatedPbx
    bus: MemoryEventBus
    salesforce: FakeSalesforce
    clock: FakeClock
    ids: SequentialIds
    center: ContactCenter
    command_ids: SequentialIds
    tenant_id: str = TENANT_ID

    def seat(self, key: AgentKey) -> Seat:
        return Seat(self, key)

    async def customer_calls(self, wanted: AgentKey | None = None) -> str:
        return await self.pbx.customer_calls(
            self.tenant_id,
            from_number=CUSTOMER,
            to_number=CENTER,
            wanted_agent_id=None if wanted is None else wanted.agent_id,
        )

    async def record(self, call_id: str) -> CallRecord:
        async def check() -> CallRecord | None:
            return await self.store.run(lambda tx: tx.call(self.tenant_id, call_id))

        return await eventually(check)

    async def record_when(self, call_id: str, is_so: Callable[[CallRecord], bool]) -> CallRecord:
        """Wait until a call's record is as expected."""

        async def check() -> CallRecord | None:
            found = await self.store.run(lambda tx: tx.call(self.tenant_id, call_id))
            return found if found is not None and is_so(found) else None

        return await eventually(check)

    async def outbox(self, call_id: str) -> list[OutboxEntry]:
        return list(await self.store.run(lambda tx: tx.outbox_entries(self.tenant_id, call_id)))


async def seed_tenant(store: Store, tenant_id: str = TENANT_ID, *keys: AgentKey) -> None:
    """Write a tenant and its agents."""
    tenant = Tenant(
        tenant_id=tenant_id,
        name="Test org",
        call_center_api_name="TestContactCenter",
        scrt_base_url="https://test.my.salesforce-scrt.com",
        private_key_file="key.pem",
        telephony_provider_name="TestTelephony",
    )

    def work(tx: Any) -> None:
        tx.save_tenant(tenant)
        for key in keys or (ADA, BEN):
            name = key.agent_id.removeprefix("005")
            tx.ensure_agent(
                Agent(
                    tenant_id=key.tenant_id,
                    agent_id=key.agent_id,
                    user_name=f"{name}@test.example",
                    full_name=f"{name.title()} Agent",
                )
            )

    await store.run(work)


@asynccontextmanager
async def build_center(
    folder: Path,
    *,
    settings: CenterSettings | None = None,
    clock: FakeClock | None = None,
    salesforce: FakeSalesforce | None = None,
    prefix: str = "id",
    pbx_type: type[SimulatedPbx] = SimulatedPbx,
    recordings: Recordings | None = None,
    overhear: PbxListener | None = None,
) -> AsyncIterator[CenterHouse]:
    """Start a contact center on `folder`; opened again on the same folder it is a restart."""
    clock = clock or FakeClock()
    ids = SequentialIds(prefix)
    store = await open_store(f"sqlite:///{folder / 'center.sqlite3'}", ids=ids)
    pbx = pbx_type(store.switch_memory, clock=clock, ids=ids)
    bus = MemoryEventBus()
    salesforce = salesforce or FakeSalesforce()
    parts = CenterParts(
        store=store,
        pbx=pbx,
        bus=bus,
        salesforce=salesforce,
        clock=clock,
        ids=ids,
        recordings=recordings,
        overhear=overhear,
    )
    center = ContactCenter(parts, settings or CenterSettings())
    house = CenterHouse(
        store=store,
        pbx=pbx,
        bus=bus,
        salesforce=salesforce,
        clock=clock,
        ids=ids,
        center=center,
        command_ids=SequentialIds(f"command-{prefix}"),
    )
    try:
        await seed_tenant(store)
        await center.start()
        yield house
    finally:
        await center.stop()
        await bus.close()
        await store.close()
