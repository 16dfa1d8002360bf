"""Delivery of every kind of request: legs after their parents, flows, words, voicemails."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from structlog.testing import capture_logs

from server.contact_center.conversation_requests import Voicemail, voicemail_entries
from server.contact_center.salesforce_delivery import DeliveryOptions, SalesforceDelivery
from server.entities import FlowTarget, OutboxKind, OutboxStatus
from server.salesforce import (
    ClearRoutingRequest,
    ClientTimeouts,
    ConversationEvent,
    ConversationEventType,
    ExecuteFlowRequest,
    ExecuteFlowResponse,
    RealtimeEventsRequest,
    SenderType,
    TelephonyApiClients,
    TranscriptMessageRequest,
    epoch_milliseconds,
)
from server.salesforce_simulator import Fault, FaultMode
from server.store import Store
from tests.support.outbox_parts import Parts
from tests.support.patience import PATIENCE
from tests.support.salesforce_org import (
    NOON,
    ORGANIZATION_ID,
    CountingIds,
    RealClock,
    RunningSimulator,
    running_simulator,
    simulated_organization,
    tenant,
)
from tests.support.salesforce_outbox import (
    Announcements,
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

AT = epoch_milliseconds(NOON) + 1000
WORDS = TranscriptMessageRequest(
    participant_id="call1END_USER",
    message_id="m1",
    start_time=AT,
    end_time=AT,
    content="+14155550123 is my number",
    sender_type=SenderType.END_USER,
)
EVENTS = RealtimeEventsRequest(
    service="Ours",
    events=(
        ConversationEvent(type=ConversationEventType.CATEGORY, value="Complaint", start_time=AT),
    ),
)
TRANSCRIPT, CLEAR = OutboxKind.ADD_TRANSCRIPT, OutboxKind.CLEAR_ROUTING
FLOW, REALTIME = OutboxKind.EXECUTE_FLOW, OutboxKind.REALTIME_EVENTS


# ---- every kind --------------------------------------------------------------------------------


async def test_every_kind_becomes_its_request_in_the_order_of_the_call(parts: Parts) -> None:
    await store_call(
        parts.store,
        "call1",
        create_entry("call1"),
        entry_for(TRANSCRIPT, "call1", WORDS),
        entry_for(REALTIME, "call1", EVENTS),
        entry_for(FLOW, "call1", ExecuteFlowRequest(dialed_number="+18005550100")),
        entry_for(CLEAR, "call1", ClearRoutingRequest()),
        update_entry("call1"),
    )
    await parts.deliver_all()
    assert [what for what, _ in parts.salesforce.log] == [
        "create",
        "transcript",
        "events",
        "flow",
        "clear",
        "update",
    ]
    assert parts.salesforce.messages["call1"] == {"m1": WORDS}
    assert parts.salesforce.events["call1"] == [EVENTS]
    assert parts.salesforce.flows[0][1].dialed_number == "+18005550100"
    assert parts.outcomes[1:5] == [
        ("add_transcript", "ok"),
        ("realtime_events", "ok"),
        ("execute_flow", "ok"),
        ("clear_routing", "ok"),
    ]
    assert len(parts.announcements.told) == 1


@pytest.mark.parametrize(
    ("kind", "payload", "field"),
    [
        (TRANSCRIPT, {}, "participantId"),
        (TRANSCRIPT, {**WORDS.to_payload(), "startTime": "noon"}, "startTime"),
        (TRANSCRIPT, {**WORDS.to_payload(), "senderType": "CUSTOMER"}, "senderType"),
        (REALTIME, {"service": "Ours"}, "events"),
        (FLOW, {"dialedNumber": 5}, "dialedNumber"),
    ],
)
async def test_a_payload_that_cannot_be_read_is_dead_and_holds_up_nothing(
    parts: Parts, kind: OutboxKind, payload: dict[str, Any], field: str
) -> None:
    broken = entry_for(kind, "call1", WORDS, payload=payload)
    await store_call(parts.store, "call1", broken, update_entry("call1"))
    await parts.deliver_all()
    entry = await entry_of(parts.store, broken.entry_id)
    assert entry.status is OutboxStatus.DEAD
    assert field in (entry.last_error or "")
    assert parts.salesforce.log == [("update", "call1")]


# ---- added legs --------------------------------------------------------------------------------


async def test_the_voice_call_of_a_leg_is_handed_over_before_it_counts(parts: Parts) -> None:
    await store_call(parts.store, "call1")
    parts.salesforce.has_voice_call("call1")
    await enqueue(parts.store, transfer_of("leg1", "call1"))
    made = await parts.delivery.try_now("create-leg1", deadline=3)
    assert made == parts.salesforce.voice_calls["leg1"]
    assert parts.announcements.told == [(ORGANIZATION_ID, "leg1", made)]
    assert await parts.status("create-leg1") is OutboxStatus.DELIVERED
    assert await voice_call_id_of(parts.store, "call1") is None
    assert await parts.delivery.try_now("create-leg1", deadline=3) is None
    assert parts.salesforce.made == 1


async def test_the_loop_hands_over_the_voice_call_of_a_leg_too(parts: Parts) -> None:
    parts.salesforce.has_voice_call("call1")
    await enqueue(parts.store, transfer_of("leg1", "call1"))
    await parts.deliver_all()
    made = parts.salesforce.voice_calls["leg1"]
    assert parts.announcements.told == [(ORGANIZATION_ID, "leg1", made)]


async def test_news_of_a_leg_that_cannot_be_told_are_told_again(parts: Parts) -> None:
    told: list[str] = []

    async def fail_first(_tenant_id: str, key: str, _voice_call_id: str) -> None:
        told.append(key)
        if len(told) == 1:
            raise ValueError("not yet")

    delivery = SalesforceDelivery(parts.store, parts.salesforce.for_tenant, parts.clock, fail_first)
    parts.salesforce.has_voice_call("call1")
    await enqueue(parts.store, transfer_of("leg1", "call1"))
    assert await delivery.try_now("create-leg1", deadline=3) is None
    assert await parts.status("create-leg1") is OutboxStatus.PENDING
    await delivery.deliver_due()
    assert told == ["leg1", "leg1"]
    assert await parts.status("create-leg1") is OutboxStatus.DELIVERED
    assert parts.salesforce.made == 1


async def test_a_leg_waits_until_its_parent_is_there(parts: Parts) -> None:
    await store_call(parts.store, "call1", create_entry("call1"))
    await enqueue(parts.store, transfer_of("leg1", "call1"), transfer_of("leg2", "leg1"))
    parts.salesforce.expect(*[Mishap.UNREACHABLE] * 7)
    assert await parts.delivery.try_now("create-call1", deadline=3) is None
    assert await parts.delivery.try_now("create-leg1", deadline=3) is None
    assert await parts.delivery.deliver_due() == 2
    assert parts.salesforce.requests == 4
    for _ in range(14):
        parts.clock.advance(60)
        await parts.deliver_all()
    assert parts.salesforce.log == [("create", "call1"), ("create", "leg1"), ("create", "leg2")]
    assert parts.outcomes.count(("create_voice_call", "ok")) == 3


async def test_a_leg_does_not_wait_for_a_parent_that_will_never_come(parts: Parts) -> None:
    await store_call(parts.store, "call1", create_entry("call1"))
    await enqueue(parts.store, transfer_of("leg1", "call1"))
    parts.salesforce.expect(Mishap.REFUSED)
    await parts.delivery.try_now("create-call1", deadline=3)
    assert await parts.delivery.try_now("create-leg1", deadline=3) is None
    assert await parts.status("create-leg1") is OutboxStatus.DEAD


# ---- what an org does not have -----------------------------------------------------------------


@pytest.mark.parametrize(("kind", "request_"), [(TRANSCRIPT, WORDS), (REALTIME, EVENTS)])
async def test_an_org_without_conversations_still_hears_of_the_end(
    parts: Parts, kind: OutboxKind, request_: Any
) -> None:
    entry = entry_for(kind, "call1", request_)
    await store_call(parts.store, "call1", entry, update_entry("call1"))
    parts.salesforce.expect(Mishap.FORBIDDEN)
    await parts.deliver_all()
    assert await parts.status(entry.entry_id) is OutboxStatus.DEAD
    assert parts.salesforce.log == [("update", "call1")]


@pytest.mark.parametrize("kind", [CLEAR, FLOW])
async def test_everything_else_waits_for_an_admin(parts: Parts, kind: OutboxKind) -> None:
    request = ClearRoutingRequest() if kind is CLEAR else ExecuteFlowRequest(flow_dev_name="F")
    entry = entry_for(kind, "call1", request)
    await store_call(parts.store, "call1", entry, update_entry("call1"))
    parts.salesforce.expect(Mishap.FORBIDDEN)
    await parts.deliver_all()
    assert await parts.status(entry.entry_id) is OutboxStatus.PENDING
    assert parts.salesforce.log == []


# ---- flows -------------------------------------------------------------------------------------


async def test_a_flow_says_who_gets_the_call(parts: Parts) -> None:
    parts.salesforce.flow_answer = ExecuteFlowResponse(agent="agent-ben")
    target = await ask_flow(parts)
    assert target == FlowTarget(agent_id="agent-ben")
    parts.salesforce.flow_answer = ExecuteFlowResponse(queue="queue-support")
    assert await ask_flow(parts) == FlowTarget(queue_id="queue-support")
    assert parts.salesforce.flows[0] == ("leg1", ExecuteFlowRequest(flow_dev_name="Route"))
    assert parts.outcomes == [("execute_flow", "ok")] * 2


async def test_a_flow_is_asked_again_quickly(parts: Parts) -> None:
    parts.salesforce.flow_answer = ExecuteFlowResponse(agent="agent-ben")
    parts.salesforce.expect(Mishap.FAILED, Mishap.LOST_REPLY, Mishap.UNREACHABLE)
    assert await ask_flow(parts) == FlowTarget(agent_id="agent-ben")
    assert parts.clock.slept == [0.05, 0.1, 0.2]
    limits = [limit for limit in parts.salesforce.time_limits if limit is not None]
    assert limits == pytest.approx([1.5, 1.475, 1.425, 2.65])


@pytest.mark.parametrize(
    ("mishap", "requests"),
    [
        (Mishap.FAILED, 4),
        (Mishap.UNREACHABLE, 4),
        (Mishap.REFUSED, 1),
        (Mishap.RATE_LIMITED, 1),
        (Mishap.FORBIDDEN, 1),
    ],
)
async def test_a_flow_that_cannot_be_asked_gives_nothing(
    parts: Parts, mishap: Mishap, requests: int
) -> None:
    parts.salesforce.flow_answer = ExecuteFlowResponse(agent="agent-ben")
    parts.salesforce.expect(*[mishap] * 4)
    with capture_logs() as lines:
        assert await ask_flow(parts) is None
    assert parts.salesforce.requests == requests
    assert [line["event"] for line in lines] == ["flow_failed"]


async def test_a_flow_without_a_target_gives_nothing(parts: Parts) -> None:
    assert await ask_flow(parts) is None


async def test_a_flow_never_raises(parts: Parts) -> None:
    assert await ask_flow(parts, tenant_id="00Dnobody") is None
    assert await ask_flow(parts, flow_dev_name="") is None

    def broken(_tenant: object) -> MoodySalesforce:
        raise ValueError("a bug")

    delivery = SalesforceDelivery(
        parts.store, broken, parts.clock, parts.announcements.voice_call_created
    )
    assert (
        await delivery.execute_flow(ORGANIZATION_ID, "leg1", flow_dev_name="Route", deadline=3)
        is None
    )
    await parts.store.close()
    assert await ask_flow(parts) is None


async def test_trying_now_never_raises_either(parts: Parts) -> None:
    def broken(_tenant: object) -> MoodySalesforce:
        raise ValueError("a bug")

    delivery = SalesforceDelivery(
        parts.store, broken, parts.clock, parts.announcements.voice_call_created
    )
    await store_call(parts.store, "call1", create_entry("call1"))
    assert await delivery.try_now("create-call1", deadline=3) is None
    assert await parts.status("create-call1") is OutboxStatus.PENDING


async def ask_flow(
    parts: Parts, *, tenant_id: str = ORGANIZATION_ID, flow_dev_name: str = "Route"
) -> FlowTarget | None:
    return await parts.delivery.execute_flow(
        tenant_id, "leg1", flow_dev_name=flow_dev_name, deadline=3
    )


# ---- end to end with the simulated org ---------------------------------------------------------


@dataclass
class Live:
    """Everything real: store, clock, client, simulator."""

    store: Store
    org: RunningSimulator
    delivery: SalesforceDelivery
    announcements: Announcements

    async def deliver_all(self) -> None:
        while await self.delivery.deliver_due():
            pass

    async def ui(self, path: str) -> Any:
        url = f"{self.org.base_url}/ui/{path}"
        async with aiohttp.ClientSession() as page, page.get(url) as answer:
            assert answer.status == 200
            return await answer.json()


@pytest.fixture
async def live(store: Store, tmp_path: Path) -> AsyncIterator[Live]:
    organization = simulated_organization(users={"ben@demo.example": "agent-ben"})
    async with running_simulator(tmp_path / "org.sqlite3", organizations=[organization]) as running:
        known = tenant(tmp_path, running.base_url)
        await store.run(lambda transaction: transaction.save_tenant(known))
        clients = TelephonyApiClients(
            clock=RealClock(), ids=CountingIds("jti"), timeouts=ClientTimeouts(total=3.0)
        )
        announcements = Announcements()
        delivery = SalesforceDelivery(
            store,
            clients.for_tenant,
            RealClock(),
            announcements.voice_call_created,
            DeliveryOptions(jitter=lambda entry_id, attempts: 0.0),
        )
        yield Live(store, running, delivery, announcements)
        await clients.close()


async def test_a_voicemail_becomes_work_of_an_agent(live: Live) -> None:
    voicemail = Voicemail(
        tenant_id=ORGANIZATION_ID,
        vendor_call_key="vm1",
        caller="+14155550123",
        dialed_number="+18005550100",
        started_at=NOON,
        seconds=42,
        recording_location="https://recordings.example/vm.wav",
        transcript="Please call me",
    )
    entries = voicemail_entries(voicemail, new_id=CountingIds("entry").new_id, at=NOON)
    await enqueue(live.store, *entries)
    live.org.simulator.faults.set(Fault(mode=FaultMode.LOSE_REPLY, remaining=1))
    await live.deliver_all()
    for entry in entries:
        await live.store.run(
            lambda transaction, entry=entry: transaction.mark_retry(
                entry.entry_id, next_attempt_at=NOON, error=""
            )
        )
    await live.deliver_all()
    (item,) = await live.ui("workItems?user=ben@demo.example")
    assert (item["type"], item["status"]) == ("Voicemail", "ASSIGNED")
    record = await live.ui("voiceCalls/vm1")
    assert item["voiceCallId"] == record["voiceCallId"]
    assert record["callOrigin"] == "Voicemail"
    assert record["callDisposition"] == "completed"
    assert record["callDurationInSeconds"] == 42
    assert [one["content"] for one in record["transcript"]] == ["Please call me"]
    assert record["recording"]["seconds"] == 42
    for entry in entries:
        assert (await entry_of(live.store, entry.entry_id)).status is OutboxStatus.DELIVERED
    assert live.announcements.told[-1][1:] == ("vm1", record["voiceCallId"])


async def test_a_transfer_to_a_flow_and_its_end(live: Live) -> None:
    await store_call(live.store, "call1", create_entry("call1"))
    await live.deliver_all()
    await enqueue(live.store, transfer_of("leg1", "call1"))
    voice_call_id = await live.delivery.try_now("create-leg1", deadline=PATIENCE)
    assert voice_call_id is not None
    target = await live.delivery.execute_flow(
        ORGANIZATION_ID, "leg1", flow_dev_name="Route_To_Ben", deadline=PATIENCE
    )
    assert target == FlowTarget(agent_id="agent-ben")
    assert (await live.ui("voiceCalls/leg1"))["pendingServiceRouting"] is not None
    await enqueue(live.store, entry_for(CLEAR, "leg1", ClearRoutingRequest()))
    await live.deliver_all()
    record = await live.ui("voiceCalls/leg1")
    assert record["pendingServiceRouting"] is None
    assert record["voiceCallId"] == voice_call_id
    assert record["parentCall"]["vendorCallKey"] == "call1"


async def test_what_breaks_a_rule_is_dead_and_was_not_sent(live: Live) -> None:
    broken = entry_for(FLOW, "call1", ExecuteFlowRequest(fallback_queue="Q"))
    await store_call(live.store, "call1", create_entry("call1"), broken, update_entry("call1"))
    await live.deliver_all()
    entry = await entry_of(live.store, broken.entry_id)
    assert entry.status is OutboxStatus.DEAD
    assert entry.last_error == "dialedNumber is required without flowDevName"
    assert (await live.ui("voiceCalls/call1"))["callDisposition"] == "in-progress"


async def test_a_silent_org_holds_a_transfer_up_no_longer_than_told(live: Live) -> None:
    live.org.simulator.faults.set(Fault(mode=FaultMode.TIMEOUT))
    begun = asyncio.get_running_loop().time()
    target = await live.delivery.execute_flow(
        ORGANIZATION_ID, "leg1", flow_dev_name="Route_To_Ben", deadline=0.4
    )
    assert target is None
    assert asyncio.get_running_loop().time() - begun < 5, "the client itself waits for 10 s"
