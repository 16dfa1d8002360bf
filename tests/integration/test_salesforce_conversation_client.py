"""Conversations, flows and routing: the real client against the real simulator and odd servers."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from server.salesforce import (
    ClientTimeouts,
    ConversationEvent,
    ConversationEventType,
    ExecuteFlowRequest,
    InitiationMethod,
    InvalidRequestError,
    JwtTokens,
    MalformedAnswerError,
    PermanentError,
    RateLimitedError,
    RealtimeEventsRequest,
    RequestCallbackRequest,
    RetryableError,
    RouteVoiceCallRequest,
    SenderType,
    TelephonyApiClient,
    TelephonyApiClients,
    TranscriptMessageRequest,
    UpdateVoiceCallRequest,
    epoch_milliseconds,
)
from server.salesforce_simulator import Fault, FaultMode
from tests.support.odd_server import http, odd_server
from tests.support.salesforce_org import (
    CALL_CENTER,
    NOON,
    ORGANIZATION_ID,
    CountingIds,
    RealClock,
    RunningSimulator,
    create_request,
    key_pair,
    running_simulator,
    simulated_organization,
    tenant,
)

ADA, BEN = "ada@demo.example", "ben@demo.example"
AT = epoch_milliseconds(NOON) + 1000


@pytest.fixture
async def org(tmp_path: Path) -> AsyncIterator[RunningSimulator]:
    organization = simulated_organization(users={ADA: "agent-ada", BEN: "agent-ben"})
    async with running_simulator(tmp_path / "org.sqlite3", organizations=[organization]) as running:
        yield running


@pytest.fixture
async def clients() -> AsyncIterator[TelephonyApiClients]:
    clients = TelephonyApiClients(
        clock=RealClock(), ids=CountingIds("jti"), timeouts=ClientTimeouts(total=10.0)
    )
    yield clients
    await clients.close()


@pytest.fixture
async def client(
    org: RunningSimulator, clients: TelephonyApiClients, tmp_path: Path
) -> TelephonyApiClient:
    client = clients.for_tenant(tenant(tmp_path, org.base_url))
    await client.create_voice_call(create_request())
    return client


def message(**changes: Any) -> TranscriptMessageRequest:
    values: dict[str, Any] = {
        "participant_id": "call1END_USER",
        "message_id": "m1",
        "start_time": AT,
        "end_time": AT,
        "content": "Grüße",
        "sender_type": SenderType.END_USER,
    }
    return TranscriptMessageRequest(**{**values, **changes})


def events() -> RealtimeEventsRequest:
    one = ConversationEvent(type=ConversationEventType.CATEGORY, value="Complaint", start_time=AT)
    return RealtimeEventsRequest(service="Ours", events=(one,), persist=True)


async def page(org: RunningSimulator, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    """Ask the org as the softphone page does."""
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, f"{org.base_url}/ui/{path}", json=body) as answer,
    ):
        return answer.status, await answer.json()


async def shown(org: RunningSimulator, call: str = "call1") -> dict[str, Any]:
    """The record with everything that belongs to it."""
    status, record = await page(org, "GET", f"voiceCalls/{call}")
    assert status == 200
    return record


async def test_words_and_events_reach_the_record(
    org: RunningSimulator, client: TelephonyApiClient
) -> None:
    assert (await client.add_transcript("call1", message())).result == "Accepted"
    assert (await client.send_realtime_events("call1", events())).result
    record = await shown(org)
    assert [one["content"] for one in record["transcript"]] == ["Grüße"]
    assert record["conversationEvents"][0]["service"] == "Ours"


async def test_a_transfer_to_a_flow(org: RunningSimulator, client: TelephonyApiClient) -> None:
    transfer = create_request(
        "leg1", initiation_method=InitiationMethod.TRANSFER, parent_voice_call_id="call1"
    )
    await client.create_voice_call(transfer)
    answer = await client.execute_flow("leg1", ExecuteFlowRequest(flow_dev_name="Route_To_Ben"))
    assert (answer.agent, answer.queue) == ("agent-ben", None)
    answer = await client.execute_flow("leg1", ExecuteFlowRequest(flow_dev_name="Route_To_Support"))
    assert (answer.agent, answer.queue) == (None, "queue-support")
    assert (await shown(org, "leg1"))["pendingServiceRouting"]["flow"] == "Route_To_Support"
    await client.clear_routing("leg1")
    assert (await shown(org, "leg1"))["pendingServiceRouting"] is None
    assert (await shown(org))["childCalls"][0]["vendorCallKey"] == "leg1"


@pytest.mark.parametrize(
    "accepted", [{"callDisposition": "in-progress"}, {"acceptTime": "2026-03-02T12:00:09Z"}]
)
async def test_accepting_a_call_on_the_page_clears_its_routing(
    org: RunningSimulator, client: TelephonyApiClient, accepted: dict[str, str]
) -> None:
    await client.execute_flow("call1", ExecuteFlowRequest(flow_dev_name="Route_To_Ben"))
    await page(org, "PATCH", "voiceCalls/call1", {"ownerUserName": BEN})
    assert (await shown(org))["pendingServiceRouting"] is not None
    await page(org, "PATCH", "voiceCalls/call1", accepted)
    assert (await shown(org))["pendingServiceRouting"] is None


async def test_a_failed_flow_says_why_and_is_permanent(client: TelephonyApiClient) -> None:
    with pytest.raises(PermanentError) as caught:
        await client.execute_flow("call1", ExecuteFlowRequest(flow_dev_name="Gone"))
    assert caught.value.status == 400
    assert '{"errors":["there is no active flow Gone"]}' in caught.value.detail


async def test_unified_routing_and_callbacks(
    org: RunningSimulator, client: TelephonyApiClient
) -> None:
    answer = await client.route_voice_call(
        "call1", RouteVoiceCallRequest(routing_target="agent-ben")
    )
    assert answer.status == "Success"
    callback = await client.request_callback(
        "call1", RequestCallbackRequest(callback_number="+14155550123")
    )
    _, items = await page(org, "GET", "workItems")
    assert [item["type"] for item in items] == ["VoiceCall", "ContactRequest"]
    assert items[1]["contactRequestId"] == callback.record_id


async def test_the_page_works_through_an_item(
    org: RunningSimulator, client: TelephonyApiClient
) -> None:
    await client.update_voice_call(
        "call1",
        UpdateVoiceCallRequest.from_payload({"isActiveCall": True, "callOrigin": "Voicemail"}),
    )
    await client.execute_flow("call1", ExecuteFlowRequest(dialed_number="+18005550100"))
    _, (item,) = await page(org, "GET", f"workItems?user={ADA}")
    assert (await page(org, "GET", f"workItems?user={BEN}")) == (200, [])
    path = f"workItems/{item['workId']}"
    assert (await page(org, "POST", f"{path}/accept"))[1]["status"] == "ACCEPTED"
    status, handed_on = await page(org, "POST", f"{path}/transfer", {"userName": BEN})
    assert (status, handed_on["userName"]) == (200, BEN)
    path = f"workItems/{handed_on['workId']}"
    assert (await page(org, "POST", f"{path}/close"))[0] == 409
    assert (await page(org, "POST", f"{path}/decline"))[1]["status"] == "DECLINED"
    made = {"type": "ContactRequest", "userName": ADA, "phoneNumber": "+1"}
    assert (await page(org, "POST", "workItems", made))[1]["status"] == "ASSIGNED"
    assert (await page(org, "POST", "workItems/nobody/accept"))[0] == 404


async def test_the_page_changes_the_flows(org: RunningSimulator) -> None:
    _, flows = await page(org, "GET", "flows")
    assert {flow["name"] for flow in flows} >= {"Route_To_Support", "Route_To_Ben"}
    new = [{"name": "Night", "target": {"queue": "queue-night"}}]
    assert await page(org, "PUT", "flows", new) == (200, new)
    assert (await page(org, "GET", "flows"))[1] == new
    assert (await page(org, "PUT", "flows", {"flows": new}))[0] == 400


async def test_a_callback_is_linked_to_the_call_before(
    org: RunningSimulator, client: TelephonyApiClient
) -> None:
    body = {"vendorCallKey": "cb1", "callType": "Callback", "previousVendorCallKey": "call1"}
    status, made = await page(org, "POST", "voiceCalls", body)
    assert status == 200
    first = await shown(org)
    assert first["nextCall"]["voiceCallId"] == made["voiceCallId"]
    second = await shown(org, "cb1")
    assert second["previousCall"]["voiceCallId"] == first["voiceCallId"]
    assert second["parentCall"] is None
    assert first["childCalls"] == []
    assert (
        await page(
            org,
            "POST",
            "voiceCalls",
            {**body, "vendorCallKey": "cb2", "previousVendorCallKey": "x"},
        )
    )[0] == 400
    assert (await page(org, "GET", "voiceCalls/cb2"))[0] == 404


async def test_the_initial_call_of_a_callback_closes_by_itself(
    org: RunningSimulator, client: TelephonyApiClient
) -> None:
    body = {"vendorCallKey": "cb1", "callType": "Callback", "previousVendorCallKey": "call1"}
    await page(org, "POST", "voiceCalls", body)
    await client.update_voice_call("call1", UpdateVoiceCallRequest())
    assert (await shown(org))["conversationOpen"] is False
    assert (await shown(org, "cb1"))["conversationOpen"] is True


async def test_the_page_marks_a_preview_call(org: RunningSimulator) -> None:
    body = {"vendorCallKey": "out1", "callType": "Outbound", "callOrigin": "Preview"}
    assert (await page(org, "POST", "voiceCalls", body))[1]["callOrigin"] == "Preview"
    body = {"vendorCallKey": "out2", "callType": "Outbound", "callOrigin": "Voicemail"}
    assert (await page(org, "POST", "voiceCalls", body))[0] == 400


Ask = Callable[[TelephonyApiClient], Awaitable[Any]]

ASKS: dict[str, tuple[Ask, str]] = {
    "messages": (
        lambda client: client.add_transcript("a/b c", message()),
        "POST /telephony/v1/voiceCalls/a%2Fb%20c/messages HTTP/1.1\r\n",
    ),
    "events": (
        lambda client: client.send_realtime_events("a/b c", events()),
        "POST /telephony/v1/voiceCalls/a%2Fb%20c/realtimeConversationEvents HTTP/1.1\r\n",
    ),
    "flow": (
        lambda client: client.execute_flow("a/b c", ExecuteFlowRequest(flow_dev_name="F")),
        "PATCH /telephony/v1/voiceCalls/a%2Fb%20c/omniFlow HTTP/1.1\r\n",
    ),
    "clear": (
        lambda client: client.clear_routing("a/b c"),
        "PATCH /telephony/v1/voiceCalls/a%2Fb%20c/clearRouting HTTP/1.1\r\n",
    ),
    "route": (
        lambda client: client.route_voice_call("a/b c", RouteVoiceCallRequest(routing_target="x")),
        "POST /telephony/v1/voiceCalls/a%2Fb%20c/routeVoiceCall HTTP/1.1\r\n",
    ),
    "callback": (
        lambda client: client.request_callback(
            "a/b c", RequestCallbackRequest(callback_number="1")
        ),
        "POST /telephony/v1/voiceCalls/a%2Fb%20c/requestCallback HTTP/1.1\r\n",
    ),
}


@pytest.mark.parametrize("name", ASKS)
async def test_each_request_is_as_documented(
    clients: TelephonyApiClients, tmp_path: Path, name: str
) -> None:
    ask, first_line = ASKS[name]
    async with odd_server(http(202, b'{"recordId":"x"}')) as (address, odd):
        await ask(clients.for_tenant(tenant(tmp_path, address)))
    text = odd.requests[0].decode()
    assert text.startswith(first_line)
    assert "Content-Type: application/json\r\n" in text
    assert "Telephony-Provider-Name: Demo_Telephony\r\n" in text
    assert "Authorization: Bearer ey" in text
    assert "callCenterApiName" not in text


@pytest.mark.parametrize("name", [name for name in ASKS if name != "callback"])
@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"status":1}', b"[" * 100_000])
async def test_any_success_counts(
    clients: TelephonyApiClients, tmp_path: Path, name: str, body: bytes
) -> None:
    async with odd_server(http(202, body)) as (address, _):
        await ASKS[name][0](clients.for_tenant(tenant(tmp_path, address)))


@pytest.mark.parametrize("body", [b"", b"{}", b'{"recordId":5}', b"[" * 100_000])
async def test_a_callback_without_a_record_is_malformed(
    clients: TelephonyApiClients, tmp_path: Path, body: bytes
) -> None:
    async with odd_server(http(200, body)) as (address, _):
        with pytest.raises(MalformedAnswerError):
            await ASKS["callback"][0](clients.for_tenant(tenant(tmp_path, address)))


@pytest.mark.parametrize(
    ("body", "agent", "queue"),
    [
        (b'{"agent":"a","queue":""}', "a", None),
        (b'{"agent":null,"queue":"q"}', None, "q"),
        (b'{"queue":"q"}', None, "q"),
        (b'{"agent":"a","errors":["late"]}', "a", None),
        (b"{}", None, None),
    ],
)
async def test_the_target_that_is_not_used_may_have_any_form(
    clients: TelephonyApiClients,
    tmp_path: Path,
    body: bytes,
    agent: str | None,
    queue: str | None,
) -> None:
    async with odd_server(http(200, body)) as (address, _):
        client = clients.for_tenant(tenant(tmp_path, address))
        answer = await client.execute_flow("call1", ExecuteFlowRequest(flow_dev_name="F"))
    assert (answer.agent, answer.queue) == (agent, queue)


@pytest.mark.parametrize("body", [b'{"errors":["error1","error2"]}', b'{"errors":"error1"}'])
async def test_a_flow_that_failed_with_200_failed(
    clients: TelephonyApiClients, tmp_path: Path, body: bytes
) -> None:
    async with odd_server(http(200, body)) as (address, _):
        client = clients.for_tenant(tenant(tmp_path, address))
        with pytest.raises(PermanentError) as caught:
            await client.execute_flow("call1", ExecuteFlowRequest(flow_dev_name="F"))
    assert "error1" in caught.value.reason


@pytest.mark.parametrize("name", ASKS)
async def test_faults_and_limits_become_their_errors(
    org: RunningSimulator, client: TelephonyApiClient, name: str
) -> None:
    for mode, kind in (
        (FaultMode.FAIL, RetryableError),
        (FaultMode.RATE_LIMIT, RateLimitedError),
    ):
        org.simulator.faults.set(Fault(mode=mode, remaining=1))
        with pytest.raises(kind):
            await ASKS[name][0](client)
    with pytest.raises(PermanentError) as caught:
        await ASKS[name][0](client)
    assert caught.value.status == 404


async def test_a_broken_rule_is_found_before_sending(
    org: RunningSimulator, client: TelephonyApiClient
) -> None:
    org.simulator.faults.set(Fault(mode=FaultMode.FAIL, remaining=1))
    with pytest.raises(InvalidRequestError, match="content must not be empty"):
        await client.add_transcript("call1", message(content=""))
    with pytest.raises(InvalidRequestError, match="dialedNumber is required"):
        await client.execute_flow("call1", ExecuteFlowRequest())
    with pytest.raises(InvalidRequestError, match="call must be at most 255"):
        await client.clear_routing("k" * 256)
    assert org.simulator.faults.fault.remaining == 1


async def test_every_endpoint_wants_a_token(org: RunningSimulator) -> None:
    paths = ("messages", "realtimeConversationEvents", "routeVoiceCall", "requestCallback")
    asked = [("POST", path) for path in paths] + [
        ("PATCH", path) for path in ("omniFlow", "clearRouting", "routeVoiceCall")
    ]
    async with aiohttp.ClientSession() as session:
        for method, path in asked:
            url = f"{org.base_url}/telephony/v1/voiceCalls/call1/{path}"
            async with session.request(method, url, json={}) as answer:
                assert answer.status == 401, path


async def test_slashes_at_the_end_and_other_methods_are_taken(
    org: RunningSimulator, client: TelephonyApiClient
) -> None:
    """As Salesforce's own code sends them (telephony-rest-api.md 1 and 3.9)."""
    tokens = JwtTokens(
        key_pair().key,
        organization_id=ORGANIZATION_ID,
        call_center_api_name=CALL_CENTER,
        clock=RealClock(),
        ids=CountingIds("by-hand"),
    )
    base = f"{org.base_url}/telephony/v1/voiceCalls"
    body = message().to_payload()
    route = {"routingTarget": "agent-ben"}
    asked: list[tuple[str, str, Any, int]] = [
        ("POST", f"{base}/call1/messages/", body, 202),
        ("PATCH", f"{base}/call1/routeVoiceCall", route, 200),
        ("PATCH", f"{base}/route/call1", route, 200),
        ("PATCH", f"{base}/call1/clearRouting/", ..., 200),
        ("PATCH", f"{base}/call1/omniFlow", ..., 400),
    ]
    async with aiohttp.ClientSession() as session:
        for method, url, sent, status in asked:
            headers = {"Authorization": f"Bearer {tokens.token()}"}
            more = {} if sent is ... else {"json": sent}
            async with session.request(method, url, headers=headers, **more) as answer:
                assert answer.status == status, url
    assert len((await shown(org))["transcript"]) == 1
