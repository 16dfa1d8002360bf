"""Signing in by a one-time code, and what a session is good for."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from connector_py.entities import AgentState, CloseCode, Hello
from server.api.sign_in import SESSION_COOKIE
from server.app.administration import Administration
from server.app.clock import SystemClock, SystemIds
from server.app.control import administer
from server.entities import (
    SESSION_OVERTIME,
    AgentKey,
    Secret,
    SecretKind,
    hash_secret,
)
from server.errors import ServerError
from server.store import Transaction
from tests.support.running_app import (
    ORGANIZATION,
    Link,
    RunningApp,
    close_code,
    error_of,
    running_app,
)

EVE, MALLORY = "eve@acme.example", "mallory@acme.example"


@pytest.fixture
def tenants(tmp_path: Path) -> str:
    key = tmp_path / "key.pem"
    key.write_text("key")
    return f"""
        [[tenants]]
        organization_id = "{ORGANIZATION}"
        name = "Acme"
        call_center_api_name = "AcmeVoice"
        scrt_base_url = "https://acme.my.salesforce-scrt.com"
        private_key_file = "{key}"
        telephony_provider_name = "Acme"
    """


async def code_for(running: RunningApp, user: str) -> str:
    services = running.services
    administration = Administration(services.store, clock=services.clock, ids=services.ids)
    who = {"tenant": ORGANIZATION, "user": user}
    await administration.run("agent add", {**who, "full_name": "Somebody"})
    made = await administration.run("agent sign-in-code", who)
    return str(made["code"])


async def sign_in(running: RunningApp, user: str = EVE) -> httpx2.Response:
    return await running.http.post("/api/v1/session", json={"code": await code_for(running, user)})


def cookie_of(answer: httpx2.Response) -> dict[str, str]:
    # The client itself keeps no Secure cookie of a plain address.
    value = answer.headers["set-cookie"].partition("=")[2].partition(";")[0]
    return {"Cookie": f"{SESSION_COOKIE}={value}"}


async def ticket_status(
    running: RunningApp, headers: dict[str, str], user: str = EVE, organization: str = ORGANIZATION
) -> int:
    body = {"organizationId": organization, "userName": user}
    answer = await running.http.post("/api/v1/link/ticket", json=body, headers=headers)
    if answer.status_code != 200:
        assert error_of(answer) == (401, "sign_in_required")
    return answer.status_code


async def test_a_code_gives_one_session_in_a_safe_cookie(tmp_path: Path, tenants: str) -> None:
    async with running_app(tmp_path, demo=False, tenants=tenants) as running:
        code = await code_for(running, EVE)
        answer = await running.http.post("/api/v1/session", json={"code": code})
        assert answer.json() == {"userName": EVE, "fullName": "Somebody"}
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith(f"{SESSION_COOKIE}=")
        rules = {part.strip() for part in cookie.split(";")[1:]}
        assert {"Path=/", "Secure", "HttpOnly", "SameSite=None", "Partitioned"} <= rules
        assert not any(rule.lower().startswith("domain") for rule in rules)
        assert answer.headers["cache-control"] == "no-store"
        again = await running.http.post("/api/v1/session", json={"code": code})
        assert error_of(again) == (401, "sign_in_required")
        assert "set-cookie" not in again.headers


async def test_a_session_gives_tickets_for_its_own_user_only(tmp_path: Path, tenants: str) -> None:
    async with running_app(tmp_path, demo=False, tenants=tenants) as running:
        headers = cookie_of(await sign_in(running))
        await sign_in(running, MALLORY)
        assert await ticket_status(running, headers) == 200
        assert await ticket_status(running, headers, EVE.upper()) == 200
        assert await ticket_status(running, headers, organization=ORGANIZATION[:15]) == 200
        assert await ticket_status(running, headers, MALLORY) == 401
        assert await ticket_status(running, headers, "nobody@acme.example") == 401
        assert await ticket_status(running, headers, organization="00D000000000009") == 401
        assert await ticket_status(running, {}) == 401
        assert await ticket_status(running, {"Cookie": f"{SESSION_COOKIE}=guess"}) == 401
        twice = {"Cookie": f"{headers['Cookie']}; {SESSION_COOKIE}=other"}
        assert await ticket_status(running, twice) == 401


async def test_signing_out_ends_session_and_link(tmp_path: Path, tenants: str) -> None:
    async with running_app(tmp_path, demo=False, tenants=tenants) as running:
        running.http.headers.update(cookie_of(await sign_in(running)))
        async with running.link(EVE) as link:
            answer = await running.http.delete("/api/v1/session")
            assert answer.status_code == 204
            assert "Max-Age=0" in answer.headers["set-cookie"]
            assert (await close_code(link.socket))[0] == int(CloseCode.SIGN_IN_REQUIRED)
        assert await ticket_status(running, {}) == 401
        assert (await running.http.delete("/api/v1/session")).status_code == 204


async def shift_session(running: RunningApp, headers: dict[str, str], by: timedelta) -> None:
    """Let Eve's only session end so much from now on."""
    eve = AgentKey(tenant_id=ORGANIZATION, agent_id=EVE)
    token = headers["Cookie"].partition("=")[2]

    def work(tx: Transaction) -> None:
        tx.use_secret(SecretKind.SESSION, hash_secret(token), now=running.services.clock.now())
        tx.save_secret(
            Secret(
                kind=SecretKind.SESSION,
                secret_hash=hash_secret(token),
                agent=eve,
                expires_at=running.services.clock.now() + by,
            )
        )

    await running.services.store.run(work)


async def test_the_end_of_a_session_ends_the_open_link(tmp_path: Path, tenants: str) -> None:
    async with running_app(tmp_path, demo=False, tenants=tenants) as running:
        headers = cookie_of(await sign_in(running))
        running.http.headers.update(headers)
        ticket = await running.ticket(EVE)
        await shift_session(running, headers, timedelta(seconds=-1))
        async with running.socket() as socket:
            await Link(socket).send(Hello(ticket=ticket, instance_id="page-1"))
            assert await close_code(socket) == (int(CloseCode.SIGN_IN_REQUIRED), "signed out")
        assert await ticket_status(running, headers) == 401


async def test_a_session_that_is_over_still_serves_a_call(tmp_path: Path, tenants: str) -> None:
    async with running_app(tmp_path, demo=False, tenants=tenants) as running:
        answer = await sign_in(running)
        headers = cookie_of(answer)
        # The browser keeps the cookie for as long as it may be of use.
        assert f"Max-Age={24 * 3600}" in answer.headers["set-cookie"]
        await shift_session(running, headers, timedelta(seconds=-1))
        assert await ticket_status(running, headers) == 401
        await is_on_call(running, True)
        assert await ticket_status(running, headers) == 200
        running.http.headers.update(headers)
        async with running.link(EVE) as link:
            await is_on_call(running, False)
            assert (await close_code(link.socket))[0] == int(CloseCode.SIGN_IN_REQUIRED)
        await is_on_call(running, True)
        await shift_session(running, headers, -SESSION_OVERTIME)
        assert await ticket_status(running, headers) == 401


async def test_who_signs_out_after_the_session_is_over_has_no_link(
    tmp_path: Path, tenants: str
) -> None:
    async with running_app(tmp_path, demo=False, tenants=tenants) as running:
        headers = cookie_of(await sign_in(running))
        running.http.headers.update(headers)
        await is_on_call(running, True)
        await shift_session(running, headers, timedelta(seconds=-1))
        async with running.link(EVE) as link:
            assert (await running.http.delete("/api/v1/session")).status_code == 204
            assert (await close_code(link.socket))[0] == int(CloseCode.SIGN_IN_REQUIRED)


async def is_on_call(running: RunningApp, is_so: bool) -> None:
    """Let Eve's state be as during a call, or not."""
    eve = AgentKey(tenant_id=ORGANIZATION, agent_id=EVE)

    def work(tx: Transaction) -> None:
        agent = tx.agent(eve)
        assert agent is not None
        state = AgentState.ON_CALL if is_so else AgentState.AVAILABLE
        tx.save_agent(replace(agent, state=state))

    await running.services.store.run(work)


async def test_guessing_codes_is_slowed_down(tmp_path: Path, tenants: str) -> None:
    async with running_app(tmp_path, demo=False, tenants=tenants) as running:
        for _ in range(12):
            assert (await sign_in(running)).status_code == 200
        for _ in range(10):
            answer = await running.http.post("/api/v1/session", json={"code": "guess"})
            assert error_of(answer) == (401, "sign_in_required")
        answer = await running.http.post("/api/v1/session", json={"code": "guess"})
        assert error_of(answer) == (429, "too_many_requests")
        assert 0 < int(answer.headers["retry-after"]) <= 61
        assert (await sign_in(running)).status_code == 429


async def test_the_command_line_reaches_the_running_server(tmp_path: Path, tenants: str) -> None:
    async with running_app(tmp_path, demo=False, tenants=tenants) as running:
        settings = running.services.settings

        async def ask(command: str, **arguments: str) -> object:
            return await administer(
                settings, command, arguments, clock=SystemClock(), ids=SystemIds()
            )

        assert (settings.data_dir / "control.sock").stat().st_mode & 0o777 == 0o600
        (tenant,) = await ask("tenant list")
        assert tenant["organizationId"] == ORGANIZATION
        with pytest.raises(ServerError, match="no tenant"):
            await ask("agent sign-in-code", tenant="00D000000000009", user=EVE)
        await ask("agent add", tenant=ORGANIZATION, user=EVE, full_name="Eve Agent")
        made = await ask("agent sign-in-code", tenant=ORGANIZATION, user=EVE)
        answer = await running.http.post("/api/v1/session", json={"code": made["code"]})
        assert answer.json()["fullName"] == "Eve Agent"
        with pytest.raises(ServerError, match="no command"):
            await ask("dance")


async def test_tickets_are_limited_for_each_agent(tmp_path: Path) -> None:
    async with running_app(tmp_path) as running:
        for _ in range(60):
            await running.ticket()
        body = {"organizationId": ORGANIZATION, "userName": "ada@demo.example"}
        answer = await running.http.post("/api/v1/link/ticket", json=body)
        assert error_of(answer) == (429, "too_many_requests")
        await running.ticket("ben@demo.example")
