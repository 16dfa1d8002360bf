"""A flow leaves no pending routing of somebody who gave up meanwhile."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from connector_py.entities import RemoveParticipant
from server.contact_center.salesforce_delivery import DeliveryOptions, SalesforceDelivery
from server.entities import CallRecord, FlowOrder, FlowTarget, OutboxKind, Routing
from server.pbx.simulated_calls import CallTemplate
from server.salesforce import (
    ClearRoutingRequest,
    CreateVoiceCallRequest,
    CreateVoiceCallResponse,
    ExecuteFlowRequest,
    ExecuteFlowResponse,
    RoutingResponse,
)
from tests.support.center_verbs import done, talking
from tests.support.outbox_parts import Parts
from tests.support.party_verbs import FLOW, adds, told_salesforce
from tests.support.salesforce_org import ORGANIZATION_ID, until
from tests.support.salesforce_outbox import Mishap, MoodySalesforce, enqueue, entry_for
from tests.support.server_fakes import (
    ADA,
    CENTER,
    CUSTOMER,
    TENANT_ID,
    CenterHouse,
    FakeSalesforce,
    build_center,
    eventually,
)


class RoutingSalesforce(MoodySalesforce):
    """An org whose flows make pending routings, and that can take its time.

    `at_work` holds what was begun, `pending` the calls with a pending routing.
    """

    def __init__(self) -> None:
        super().__init__()
        self.pending: set[str] = set()
        self.at_work: list[tuple[str, str]] = []
        self._held: dict[str, asyncio.Event] = {}

    def hold(self, what: str) -> None:
        """Let requests of a kind wait, until `let_go`."""
        self._held[what] = asyncio.Event()

    def let_go(self, what: str) -> None:
        self._held[what].set()

    async def create_voice_call(
        self, request: CreateVoiceCallRequest, *, time_limit: float | None = None
    ) -> CreateVoiceCallResponse:
        await self._begin("create", request.vendor_call_key)
        return await super().create_voice_call(request, time_limit=time_limit)

    async def execute_flow(
        self, call: str, request: ExecuteFlowRequest, *, time_limit: float | None = None
    ) -> ExecuteFlowResponse:
        await self._begin("flow", call)
        answer = await super().execute_flow(call, request, time_limit=time_limit)
        self.pending.add(call)
        return answer

    async def clear_routing(self, call: str, *, time_limit: float | None = None) -> RoutingResponse:
        answer = await super().clear_routing(call, time_limit=time_limit)
        self.pending.discard(call)
        return answer

    async def _begin(self, what: str, call: str) -> None:
        self.at_work.append((what, call))
        if what in self._held:
            await self._held[what].wait()

    def told_of(self, call: str) -> list[str]:
        return [what for what, key in self.log if key == call]


class WiredSalesforce(FakeSalesforce):
    """Goes on to a real delivery."""

    delivery: SalesforceDelivery

    async def try_now(self, entry_id: str, *, deadline: float) -> str | None:
        return await self.delivery.try_now(entry_id, deadline=deadline)

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
        return await self.delivery.execute_flow(
            tenant_id,
            vendor_call_key,
            flow_dev_name=flow_dev_name,
            dialed_number=dialed_number,
            fallback_queue=fallback_queue,
            deadline=deadline,
        )


@dataclass
class Wired:
    """A contact center with a real delivery to an org."""

    house: CenterHouse
    org: RoutingSalesforce
    delivery: SalesforceDelivery

    async def customer_calls(self) -> str:
        """Let a customer call a number with a flow."""
        return await self.house.pbx.customer_calls(
            TENANT_ID,
            from_number=CUSTOMER,
            to_number=CENTER,
            template=CallTemplate(flow=FlowOrder(flow_dev_name="Route")),
        )

    async def customer_gives_up(self, call_id: str) -> None:
        await self.house.pbx.customer_hangs_up(call_id)
        await self.house.record_when(call_id, lambda one: one.is_over)

    async def begins(self, what: str, call: str) -> None:
        await until(lambda: (what, call) in self.org.at_work)

    async def deliver_all(self) -> None:
        while await self.delivery.deliver_due():
            pass


@asynccontextmanager
async def wired(folder: Path) -> AsyncGenerator[Wired]:
    salesforce, org = WiredSalesforce(), RoutingSalesforce()
    async with build_center(folder, salesforce=salesforce) as house:
        delivery = SalesforceDelivery(
            house.store,
            org.for_tenant,
            house.clock,
            house.center.on_voice_call_created,
            DeliveryOptions(jitter=lambda entry_id, attempts: 0.0),
        )
        salesforce.delivery = delivery
        yield Wired(house, org, delivery)


# ---- a call that came in -----------------------------------------------------------------------


async def test_a_flow_is_not_asked_for_a_caller_who_gave_up_before(tmp_path: Path) -> None:
    async with wired(tmp_path) as one:
        one.org.hold("create")
        call_id = await one.customer_calls()
        await one.begins("create", call_id)
        await one.customer_gives_up(call_id)
        one.org.let_go("create")
        await one.house.record_when(call_id, has_voice_call)
        await one.deliver_all()
        await one.house.clock.advance(4)
        await one.deliver_all()
        assert one.org.told_of(call_id) == ["create", "clear", "update"]
        assert one.org.pending == set()


async def test_a_routing_is_cleared_after_its_flow(tmp_path: Path) -> None:
    async with wired(tmp_path) as one:
        one.org.flow_answer = ExecuteFlowResponse(queue="queue-support")
        one.org.hold("flow")
        call_id = await one.customer_calls()
        await one.begins("flow", call_id)
        await one.customer_gives_up(call_id)
        assert await one.delivery.deliver_due() == 0
        one.org.let_go("flow")
        await eventually(one.delivery.deliver_due)
        await one.deliver_all()
        assert one.org.told_of(call_id) == ["create", "flow", "clear", "update"]
        assert one.org.pending == set()


async def test_a_flow_is_not_asked_again_for_a_caller_who_gave_up_since(tmp_path: Path) -> None:
    async with wired(tmp_path) as one:
        one.org.expect(Mishap.NONE, Mishap.FAILED)
        one.org.hold("flow")
        call_id = await one.customer_calls()
        await one.begins("flow", call_id)
        await one.customer_gives_up(call_id)
        one.org.let_go("flow")
        await until_told(one, call_id, OutboxKind.CLEAR_ROUTING, 2)
        await one.deliver_all()
        assert one.org.at_work.count(("flow", call_id)) == 1
        assert one.org.pending == set()


async def test_a_flow_that_runs_after_all_is_cleared_once_more(tmp_path: Path) -> None:
    async with wired(tmp_path) as one:
        one.org.hold("flow")
        call_id = await one.customer_calls()
        await one.begins("flow", call_id)
        await one.customer_gives_up(call_id)
        await until_told(one, call_id, OutboxKind.CLEAR_ROUTING, 2)
        await one.deliver_all()
        assert one.org.told_of(call_id) == ["create", "clear", "update"]
        # Nobody waits for the flow any more, but the org was only slow.
        one.org.pending.add(call_id)
        await one.house.clock.advance(3)
        await one.deliver_all()
        assert one.org.pending == set()


# ---- an added party ----------------------------------------------------------------------------


async def test_a_flow_is_not_asked_for_a_party_that_has_left(tmp_path: Path) -> None:
    async with wired(tmp_path) as one:
        ada = one.house.seat(ADA)
        call_id = (await talking(one.house, ada)).call_id
        one.org.hold("create")
        leg_id = await adds(ada, call_id, FLOW)
        await one.begins("create", leg_id)
        done(await ada.asks(RemoveParticipant(call_id=call_id, participant_id=leg_id)))
        one.org.let_go("create")
        await one.house.record_when(call_id, lambda found: leg_has_voice_call(found, leg_id))
        await one.deliver_all()
        await one.house.clock.advance(4)
        await one.deliver_all()
        assert one.org.told_of(leg_id) == ["create", "clear", "update"]
        assert one.org.pending == set()


async def test_the_routing_of_a_party_is_cleared_after_its_flow(tmp_path: Path) -> None:
    async with wired(tmp_path) as one:
        ada = one.house.seat(ADA)
        call_id = (await talking(one.house, ada)).call_id
        one.org.hold("flow")
        leg_id = await adds(ada, call_id, FLOW)
        await one.begins("flow", leg_id)
        done(await ada.asks(RemoveParticipant(call_id=call_id, participant_id=leg_id)))
        await one.deliver_all()
        assert "clear" not in one.org.told_of(leg_id)
        one.org.let_go("flow")
        await eventually(one.delivery.deliver_due)
        await one.deliver_all()
        assert one.org.told_of(leg_id)[:4] == ["create", "flow", "clear", "update"]
        assert one.org.pending == set()


async def test_a_flow_in_vain_for_a_party_that_has_left_is_cleared_once_more(
    tmp_path: Path,
) -> None:
    async with wired(tmp_path) as one:
        ada = one.house.seat(ADA)
        call_id = (await talking(one.house, ada)).call_id
        one.org.hold("flow")
        leg_id = await adds(ada, call_id, FLOW)
        await one.begins("flow", leg_id)
        done(await ada.asks(RemoveParticipant(call_id=call_id, participant_id=leg_id)))
        await until_told(one, leg_id, OutboxKind.CLEAR_ROUTING, 2)


async def test_a_call_that_goes_on_without_its_flow_keeps_its_routing(tmp_path: Path) -> None:
    async with wired(tmp_path) as one:
        one.org.hold("flow")
        call_id = await one.customer_calls()
        await one.begins("flow", call_id)
        await advance_until(one, lambda: is_waiting(one, call_id))
        assert OutboxKind.CLEAR_ROUTING not in await told_salesforce(one.house, call_id)


# ---- taking turns ------------------------------------------------------------------------------


async def test_a_flow_that_never_gets_its_turn_is_not_asked(parts: Parts) -> None:
    org = RoutingSalesforce()
    delivery = SalesforceDelivery(
        parts.store, org.for_tenant, parts.clock, parts.announcements.voice_call_created
    )
    flow = entry_for(OutboxKind.EXECUTE_FLOW, "leg1", ExecuteFlowRequest(flow_dev_name="Other"))
    await enqueue(parts.store, flow)
    org.hold("flow")
    sending = asyncio.create_task(delivery.deliver_due())
    await until(lambda: len(org.at_work) == 1)
    target = await delivery.execute_flow(
        ORGANIZATION_ID, "leg1", flow_dev_name="Route", deadline=0.05
    )
    assert target is None
    org.let_go("flow")
    assert await sending == 1
    assert [request.flow_dev_name for _, request in org.flows] == ["Other"]


@pytest.mark.parametrize("mishap", [Mishap.NONE, Mishap.REFUSED, Mishap.CRASH_AFTER])
async def test_a_flow_gives_its_call_free_whatever_happens(parts: Parts, mishap: Mishap) -> None:
    parts.salesforce.expect(mishap)
    asking = parts.delivery.execute_flow(ORGANIZATION_ID, "leg1", flow_dev_name="Route", deadline=3)
    await asyncio.gather(asyncio.create_task(asking), return_exceptions=True)
    clear = entry_for(OutboxKind.CLEAR_ROUTING, "leg1", ClearRoutingRequest())
    await enqueue(parts.store, clear)
    assert await parts.delivery.deliver_due() == 1


# ---- verbs -------------------------------------------------------------------------------------


def has_voice_call(record: CallRecord) -> bool:
    return record.call.voice_call_id is not None


def leg_has_voice_call(record: CallRecord, leg_id: str) -> bool:
    return any(
        one.participant_id == leg_id and one.voice_call_id is not None
        for one in record.call.participants
    )


async def is_waiting(one: Wired, call_id: str) -> bool:
    return (await one.house.record(call_id)).routing is Routing.WAITING


async def advance_until(one: Wired, is_so: Callable[[], Awaitable[bool]]) -> None:
    """Let time pass in small steps: what sleeps begins to do so only in between."""

    async def check() -> bool:
        await one.house.clock.advance(0.1)
        return await is_so()

    await eventually(check)


async def until_told(one: Wired, key: str, kind: OutboxKind, count: int) -> None:
    """Let time pass until Salesforce is to be told something so many times."""

    async def is_told() -> bool:
        return (await told_salesforce(one.house, key)).count(kind) >= count

    await advance_until(one, is_told)
