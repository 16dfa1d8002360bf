"""The real client against the real simulator, and against servers that misbehave."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from server.entities import Tenant
from server.salesforce import (
    AuthenticationError,
    ClientTimeouts,
    ConfigurationError,
    InvalidRequestError,
    KeyFileError,
    MalformedAnswerError,
    PermanentError,
    RateLimitedError,
    RetryableError,
    SalesforceError,
    TelephonyApiClient,
    TelephonyApiClients,
    UnreachableError,
    UpdateVoiceCallRequest,
    encode_call_attributes,
)
from server.salesforce_simulator import Fault, FaultMode
from tests.support.odd_server import http, odd_server
from tests.support.patience import PATIENCE
from tests.support.salesforce_org import (
    NOON,
    CountingIds,
    RealClock,
    RunningSimulator,
    create_request,
    key_pair,
    running_simulator,
    simulated_organization,
    tenant,
    until,
)


@pytest.fixture
async def org(tmp_path: Path) -> AsyncIterator[RunningSimulator]:
    async with running_simulator(tmp_path / "org.sqlite3") as running:
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
    return clients.for_tenant(tenant(tmp_path, org.base_url))


async def records(org: RunningSimulator, key: str | None = None) -> list[dict[str, Any]]:
    """What the softphone page would show."""
    url = f"{org.base_url}/ui/voiceCalls"
    async with (
        aiohttp.ClientSession() as page,
        page.get(url, params={"vendorCallKey": key} if key else {}) as answer,
    ):
        return (await answer.json())["voiceCalls"]


async def page_request(
    org: RunningSimulator, method: str, path: str, body: Any = None
) -> tuple[int, Any]:
    async with (
        aiohttp.ClientSession() as page,
        page.request(method, f"{org.base_url}/ui/{path}", json=body) as answer,
    ):
        return answer.status, await answer.json()


async def test_create_then_update_then_close(
    org: RunningSimulator, client: TelephonyApiClient
) -> None:
    created = await client.create_voice_call(
        create_request(call_attributes=encode_call_attributes({"Reason__c": "billing"}))
    )
    assert created.voice_call_id.startswith("0LQ")
    assert created.errors == ()
    updated = await client.update_voice_call(
        "call1", UpdateVoiceCallRequest(accept_time=NOON, is_active_call=True)
    )
    assert updated.status == "pending"
    await client.update_voice_call(created.voice_call_id, UpdateVoiceCallRequest(end_time=NOON))
    (record,) = await records(org)
    assert record["voiceCallId"] == created.voice_call_id
    assert record["callDisposition"] == "completed"
    assert record["callAttributes"] == {"Reason__c": "billing"}
    assert record["endTime"] == "2026-03-02T12:00:00.000Z"


async def test_create_is_safe_to_repeat(org: RunningSimulator, client: TelephonyApiClient) -> None:
    first, second = await asyncio.gather(
        client.create_voice_call(create_request()), client.create_voice_call(create_request())
    )
    assert first == second
    assert len(await records(org)) == 1


async def test_soft_errors_arrive_as_texts(client: TelephonyApiClient) -> None:
    created = await client.create_voice_call(create_request(call_attributes='{"Nope":1}'))
    assert created.voice_call_id
    assert len(created.errors) == 1
    assert "Nope: no such column" in created.errors[0]


@pytest.mark.parametrize("key", ["a b", "a/b", "../x", "..", "k$$1", "ä?#%2F", "a.b"])
async def test_a_key_travels_as_one_encoded_segment(
    org: RunningSimulator, client: TelephonyApiClient, key: str
) -> None:
    await client.update_voice_call(key, UpdateVoiceCallRequest(is_active_call=True))
    assert [record["vendorCallKey"] for record in await records(org)] == [key]


async def test_a_broken_rule_is_found_before_sending(
    org: RunningSimulator, client: TelephonyApiClient
) -> None:
    org.simulator.faults.set(Fault(mode=FaultMode.FAIL, remaining=1))
    with pytest.raises(InvalidRequestError, match="vendorCallKey must be at most 255"):
        await client.create_voice_call(create_request("k" * 256))
    with pytest.raises(InvalidRequestError, match="call must not be empty"):
        await client.update_voice_call("", UpdateVoiceCallRequest())
    assert org.simulator.faults.fault.remaining == 1


async def test_a_request_that_only_salesforce_can_refuse_is_permanent(
    client: TelephonyApiClient,
) -> None:
    with pytest.raises(PermanentError) as caught:
        await client.update_voice_call("0LQ" + "z" * 15, UpdateVoiceCallRequest())
    assert caught.value.status == 404
    assert "there is no VoiceCall" in caught.value.reason


FAULTS: list[tuple[Fault, type[SalesforceError]]] = [
    (Fault(mode=FaultMode.FAIL, remaining=1), RetryableError),
    (Fault(mode=FaultMode.RATE_LIMIT, remaining=1), RateLimitedError),
    (Fault(mode=FaultMode.TIMEOUT, remaining=1), UnreachableError),
    (Fault(mode=FaultMode.SLOW, delay_seconds=5, remaining=1), UnreachableError),
    (Fault(mode=FaultMode.LOSE_REPLY, remaining=1), UnreachableError),
]


@pytest.mark.parametrize(("fault", "kind"), FAULTS)
async def test_each_fault_becomes_its_error_and_passes(
    org: RunningSimulator, client: TelephonyApiClient, fault: Fault, kind: type[SalesforceError]
) -> None:
    org.simulator.faults.set(fault)
    with pytest.raises(SalesforceError) as caught:
        # The org must have taken the request before its client gives up.
        await client.create_voice_call(create_request(), time_limit=2)
    assert type(caught.value) is kind
    done_before = len(await records(org))
    assert done_before == (1 if fault.mode is FaultMode.LOSE_REPLY else 0)
    await client.create_voice_call(create_request())
    assert len(await records(org)) == 1


@pytest.mark.parametrize("time_limit", [0.0, -0.1])
async def test_a_request_without_time_left_is_not_sent(
    org: RunningSimulator, client: TelephonyApiClient, time_limit: float
) -> None:
    # A library reads 0 as "no limit": a silent org would hold the call up for good.
    org.simulator.faults.set(Fault(mode=FaultMode.LOSE_REPLY, remaining=1))
    async with asyncio.timeout(PATIENCE):
        with pytest.raises(UnreachableError):
            await client.create_voice_call(create_request(), time_limit=time_limit)
    assert org.simulator.faults.fault.remaining == 1
    assert not await records(org)


async def test_slow_is_still_right(org: RunningSimulator, client: TelephonyApiClient) -> None:
    org.simulator.faults.set(Fault(mode=FaultMode.SLOW, delay_seconds=0.05))
    assert (await client.create_voice_call(create_request())).voice_call_id


async def test_a_silent_org_does_not_hold_up_the_end_of_the_server(tmp_path: Path) -> None:
    async with running_simulator(tmp_path / "org.sqlite3") as running:
        running.simulator.faults.set(Fault(mode=FaultMode.TIMEOUT))
        async with aiohttp.ClientSession() as session:
            waiting = asyncio.create_task(
                session.post(f"{running.base_url}/telephony/v1/voiceCalls", json={})
            )
            await until(lambda: running.simulator.faults.waiting == 1)
            running.simulator.faults.release()
            async with asyncio.timeout(PATIENCE):
                answer = await waiting
            assert answer.status == 504
            answer.release()


async def test_a_silent_request_ends_when_its_client_leaves(
    org: RunningSimulator, client: TelephonyApiClient
) -> None:
    org.simulator.faults.set(Fault(mode=FaultMode.TIMEOUT))
    with pytest.raises(UnreachableError):
        await client.create_voice_call(create_request(), time_limit=0.1)
    await until(lambda: org.simulator.faults.waiting == 0)


async def test_a_stranger_is_refused(
    org: RunningSimulator, clients: TelephonyApiClients, tmp_path: Path
) -> None:
    known = tenant(tmp_path, org.base_url)
    foreign = tmp_path / "foreign"
    foreign.write_bytes(key_pair("stranger").key_pem)
    for stranger in (
        replace(known, private_key_file=str(foreign)),
        replace(known, tenant_id="00DXX0000000000AAA"),
        replace(known, call_center_api_name="otherCenter"),
    ):
        with pytest.raises(AuthenticationError) as caught:
            await clients.for_tenant(stranger).create_voice_call(create_request())
        assert caught.value.status == 401
    assert await records(org) == []


async def test_a_token_is_good_for_one_request_only(
    org: RunningSimulator, clients: TelephonyApiClients, tmp_path: Path
) -> None:
    same_ids = TelephonyApiClients(clock=RealClock(), ids=CountingIds("jti"))
    known = tenant(tmp_path, org.base_url)
    await clients.for_tenant(known).create_voice_call(create_request())
    try:
        with pytest.raises(AuthenticationError) as caught:
            await same_ids.for_tenant(known).create_voice_call(create_request())
    finally:
        await same_ids.close()
    assert "jti was used before" in caught.value.detail


async def test_a_used_token_stays_used_after_a_restart(tmp_path: Path) -> None:
    known = None
    for expected in (None, AuthenticationError):
        async with running_simulator(tmp_path / "org.sqlite3") as running:
            known = tenant(tmp_path, running.base_url)
            fresh = TelephonyApiClients(clock=RealClock(), ids=CountingIds("jti"))
            try:
                if expected is None:
                    await fresh.for_tenant(known).create_voice_call(create_request())
                else:
                    with pytest.raises(expected):
                        await fresh.for_tenant(known).create_voice_call(create_request())
            finally:
                await fresh.close()
            assert len(await records(running)) == 1


async def test_replays_can_be_allowed(tmp_path: Path) -> None:
    async with running_simulator(
        tmp_path / "org.sqlite3",
        strict_jti=False,
        organizations=[simulated_organization(certificate=write_certificate(tmp_path))],
    ) as running:
        for _ in range(2):
            fresh = TelephonyApiClients(clock=RealClock(), ids=CountingIds("jti"))
            try:
                await fresh.for_tenant(tenant(tmp_path, running.base_url)).create_voice_call(
                    create_request()
                )
            finally:
                await fresh.close()


def write_certificate(folder: Path) -> Path:
    file = folder / "certificate"
    file.write_text(key_pair().certificate_pem)
    return file


async def test_a_replaced_key_file_is_read_anew(
    org: RunningSimulator, clients: TelephonyApiClients, tmp_path: Path
) -> None:
    known = tenant(tmp_path, org.base_url)
    write_key(known, key_pair("stranger").key_pem)
    with pytest.raises(AuthenticationError):
        await clients.for_tenant(known).create_voice_call(create_request())
    write_key(known, key_pair().key_pem + b"\n")
    assert clients.for_tenant(known) is clients.for_tenant(known)
    await clients.for_tenant(known).create_voice_call(create_request())
    write_key(known, None)
    with pytest.raises(KeyFileError, match="does not exist"):
        clients.for_tenant(known)


def write_key(known: Tenant, content: bytes | None) -> None:
    file = Path(known.private_key_file)
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)


@pytest.mark.parametrize(
    "address",
    [
        "http://example.my.salesforce-scrt.com",
        "ftp://127.0.0.1",
        "https://",
        "",
        "https://[",
        "https://a.example/?x=1",
        "https://user:word@a.example",
    ],
)
async def test_tokens_are_never_sent_to_an_unprotected_address(
    clients: TelephonyApiClients, tmp_path: Path, address: str
) -> None:
    with pytest.raises(ConfigurationError, match="base URL"):
        clients.for_tenant(tenant(tmp_path, address))


async def test_a_provider_name_of_two_lines_is_refused(
    clients: TelephonyApiClients, tmp_path: Path
) -> None:
    known = tenant(tmp_path, "https://a.example", telephony_provider_name="a\r\nX-Evil: b")
    with pytest.raises(ConfigurationError, match="one line"):
        clients.for_tenant(known)


async def test_the_page_makes_the_record_of_an_outbound_call(org: RunningSimulator) -> None:
    body = {
        "vendorCallKey": "out1",
        "callType": "outbound",
        "fromNumber": "+18005550100",
        "toNumber": "+14155550123",
        "ownerUserName": "ada@demo.example",
    }
    status, made = await page_request(org, "POST", "voiceCalls", body)
    assert status == 200
    assert made["callType"] == "Outbound"
    assert (await page_request(org, "POST", "voiceCalls", body))[1] == made
    status, changed = await page_request(
        org, "PATCH", "voiceCalls/out1", {"callDisposition": "in-progress", "qualityScore": 4.2}
    )
    assert (changed["callDisposition"], changed["qualityScore"]) == ("in-progress", 4.2)
    assert await records(org, "out1") == [changed]
    assert await records(org, "nobody") == []
    assert (await page_request(org, "PATCH", "voiceCalls/nobody", {}))[0] == 404
    assert (await page_request(org, "POST", "voiceCalls", {}))[0] == 400


async def test_the_page_completes_a_record_that_an_update_made(
    org: RunningSimulator, client: TelephonyApiClient
) -> None:
    await client.update_voice_call(
        "out1", UpdateVoiceCallRequest(from_number="+18005550100", is_active_call=True)
    )
    body = {"vendorCallKey": "out1", "callType": "Outbound", "ownerUserName": "ada@demo.example"}
    body["fromNumber"] = "+18005550199"
    await page_request(org, "POST", "voiceCalls", body)
    (record,) = await records(org)
    assert record["ownerUserName"] == "ada@demo.example"
    assert record["fromNumber"] == "+18005550100"
    assert record["callDisposition"] == "in-progress"


async def test_the_page_turns_the_switches(
    org: RunningSimulator, client: TelephonyApiClient
) -> None:
    status, set_to = await page_request(
        org, "PUT", "faults", {"mode": "fail", "delaySeconds": 0, "remaining": 1}
    )
    assert (status, set_to) == (200, {"mode": "fail", "delaySeconds": 0.0, "remaining": 1})
    with pytest.raises(RetryableError):
        await client.create_voice_call(create_request())
    assert (await page_request(org, "GET", "faults"))[1] == {
        "mode": "none",
        "delaySeconds": 0.0,
        "remaining": None,
    }
    assert (await page_request(org, "PUT", "faults", {"mode": "explode"}))[0] == 400


async def test_bodies_that_are_no_objects_are_refused(org: RunningSimulator) -> None:
    async with aiohttp.ClientSession() as session:
        for body in (b"", b"[]", b"{", b"\xff", b"[" * 5000):
            async with session.post(f"{org.base_url}/ui/voiceCalls", data=body) as answer:
                assert answer.status == 400
        big = b'{"a":"' + b"a" * 1_100_000 + b'"}'
        async with session.post(f"{org.base_url}/ui/voiceCalls", data=BytesIO(big)) as answer:
            assert answer.status == 413


ODD_ANSWERS: dict[str, tuple[bytes, type[SalesforceError]]] = {
    "empty success": (http(200, b""), MalformedAnswerError),
    "html success": (http(200, b"<html>"), MalformedAnswerError),
    "a list": (http(200, b"[]"), MalformedAnswerError),
    "no id": (http(200, b'{"errors":[]}'), MalformedAnswerError),
    "id is a number": (http(200, b'{"voiceCallId":5}'), MalformedAnswerError),
    "huge": (http(200, b"x" * 1_200_000), MalformedAnswerError),
    "empty refusal": (http(400, b""), PermanentError),
    "html refusal": (http(502, b"<html>bad gateway"), RetryableError),
    "redirect": (http(302, b"", "Location: https://evil.example/\r\n"), ConfigurationError),
    "nothing there": (http(404, b"<html>"), ConfigurationError),
    "no content": (http(204, b""), MalformedAnswerError),
    "rate limit with a wish": (http(429, b"", "Retry-After: 9\r\n"), RateLimitedError),
    "cut in the body": (http(200, b'{"voiceCallId":"0LQ')[:-3] + b"", UnreachableError),
    "cut at once": (b"", UnreachableError),
    "no HTTP": (b"220 mail.example ESMTP\r\n", UnreachableError),
}


@pytest.mark.parametrize("kind", ODD_ANSWERS)
async def test_an_odd_answer_becomes_the_right_error(
    clients: TelephonyApiClients, tmp_path: Path, kind: str
) -> None:
    answer, expected = ODD_ANSWERS[kind]
    async with odd_server(answer) as (address, _):
        client = clients.for_tenant(tenant(tmp_path, address))
        with pytest.raises(SalesforceError) as caught:
            await client.create_voice_call(create_request())
        assert type(caught.value) is expected


@pytest.mark.parametrize(
    ("errors", "texts"),
    [
        (b"[]", ()),
        (b"null", ()),
        (b'""', ()),
        (b'"one"', ("one",)),
        (b'["one","two"]', ("one", "two")),
    ],
)
async def test_every_form_of_soft_errors_is_read(
    clients: TelephonyApiClients, tmp_path: Path, errors: bytes, texts: tuple[str, ...]
) -> None:
    body = b'{"voiceCallId":"0LQRM0000006CSz","errors":' + errors + b"}"
    async with odd_server(http(201, body)) as (address, _):
        client = clients.for_tenant(tenant(tmp_path, address))
        assert (await client.create_voice_call(create_request())).errors == texts


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"status":"pending"}', b"[]", b'{"status":1}'])
async def test_any_success_of_an_update_counts(
    clients: TelephonyApiClients, tmp_path: Path, body: bytes
) -> None:
    async with odd_server(http(202, body)) as (address, _):
        client = clients.for_tenant(tenant(tmp_path, address))
        answer = await client.update_voice_call("call1", UpdateVoiceCallRequest())
        assert answer.status == ("pending" if b"pending" in body else "")


async def test_the_request_is_as_documented(clients: TelephonyApiClients, tmp_path: Path) -> None:
    async with odd_server(http(200, b"{}")) as (address, odd):
        client = clients.for_tenant(tenant(tmp_path, address + "/"))
        await client.update_voice_call("a/b c", UpdateVoiceCallRequest())
    text = odd.requests[0].decode()
    assert text.startswith("PATCH /telephony/v1/voiceCalls/a%2Fb%20c HTTP/1.1\r\n")
    assert "Content-Type: application/json\r\n" in text
    assert "Telephony-Provider-Name: Demo_Telephony\r\n" in text
    assert "Authorization: Bearer ey" in text
    assert "Cookie" not in text
    assert text.endswith('{"callCenterApiName": "demoCenter"}')


async def test_nobody_listening_is_unreachable(
    clients: TelephonyApiClients, tmp_path: Path
) -> None:
    async with odd_server(b"") as (address, _):
        client = clients.for_tenant(tenant(tmp_path, address))
    with pytest.raises(UnreachableError):
        await client.create_voice_call(create_request())
