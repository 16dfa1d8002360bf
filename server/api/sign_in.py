"""Signing in, and tickets for the link.

A one-time code makes a session, a session makes tickets, a ticket opens one link. The session is in
a cookie that only our own pages send, also inside Salesforce's page: `__Host-`, HttpOnly, Secure,
SameSite=None and Partitioned. Of all of them the store keeps hashes.
"""

from datetime import datetime, timedelta
from typing import Any

from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response

from connector_py.entities import AgentState, CloseCode
from server.api.body import json_body, optional_text, text_field
from server.api.services import Services, services_of
from server.entities import (
    SESSION_OVERTIME,
    Agent,
    AgentKey,
    Secret,
    SecretKind,
    TenantSettings,
    hash_secret,
)
from server.errors import (
    InvalidRequestError,
    SignInRequiredError,
    SilentSignInRequiredError,
)
from server.store import Transaction

SESSION_COOKIE = "__Host-scv_session"
SESSION_LIFE = timedelta(hours=12)
TICKET_LIFE = timedelta(seconds=30)
CODE_LIFE = timedelta(minutes=10)

_COOKIE_RULES = "Path=/; Secure; HttpOnly; SameSite=None; Partitioned"
_LONGEST_SECRET = 200


async def create_session(request: Request) -> Response:
    """Exchange a one-time code for a session: `POST /api/v1/session {"code"}`."""
    services = services_of(request)
    services.sign_in_limit.check(_address(request))
    code = text_field(await json_body(request), "code")
    now = services.clock.now()
    session = services.ids.token()

    def exchange(transaction: Transaction) -> Agent | None:
        owner = transaction.use_secret(SecretKind.SIGN_IN_CODE, hash_secret(code), now=now)
        agent = transaction.agent(owner) if owner else None
        if agent is not None:
            transaction.save_secret(
                Secret(
                    kind=SecretKind.SESSION,
                    secret_hash=hash_secret(session),
                    agent=agent.key,
                    expires_at=now + SESSION_LIFE,
                )
            )
        return agent

    agent = await services.store.run(exchange)
    if agent is None:
        raise SignInRequiredError("That code is not valid any more. Ask for another one.")
    services.sign_in_limit.forgive(_address(request))
    response = JSONResponse({"userName": agent.user_name, "fullName": agent.full_name})
    _set_cookie(response, session, int((SESSION_LIFE + SESSION_OVERTIME).total_seconds()))
    return response


async def end_session(request: Request) -> Response:
    """Sign out: `DELETE /api/v1/session`. The agent's link ends too."""
    services = services_of(request)
    session = _session_of(request)
    now = services.clock.now()
    if session is not None:
        owner = await services.store.run(
            lambda transaction: transaction.use_secret(
                SecretKind.SESSION, hash_secret(session), now=now - SESSION_OVERTIME
            )
        )
        if owner is not None:
            services.links.end(owner, CloseCode.SIGN_IN_REQUIRED, "signed out")
    response = Response(status_code=204)
    _set_cookie(response, "", 0)
    return response


async def create_ticket(request: Request) -> Response:
    """Give a ticket for one link: `POST /api/v1/link/ticket`.

    In demo mode whoever asks is believed, unless the org's settings want a sign-in. Otherwise the
    session must belong to the user that the connector was started for.
    """
    services = services_of(request)
    body = await json_body(request)
    organization_id = text_field(body, "organizationId")
    user_name = text_field(body, "userName")
    if services.demo is not None and not await wants_sign_in(services, organization_id):
        agent = await _believed(services, organization_id, body)
        if agent in services.demo.signed_out:
            services.demo.signed_out.discard(agent)
            raise SignInRequiredError("You were logged out; load the page to go on.")
    else:
        agent = await _signed_in(services, request, organization_id, user_name)
    services.ticket_limit.check(f"{agent.tenant_id}/{agent.agent_id}")
    ticket = services.ids.token()
    secret = Secret(
        kind=SecretKind.LINK_TICKET,
        secret_hash=hash_secret(ticket),
        agent=agent,
        expires_at=services.clock.now() + TICKET_LIFE,
    )
    await services.store.run(lambda transaction: transaction.save_secret(secret))
    return JSONResponse({"ticket": ticket, "expiresInSeconds": int(TICKET_LIFE.total_seconds())})


async def redeem_ticket(services: Services, ticket: str) -> AgentKey | None:
    """Return whose ticket this is, once; None when it is used, expired or unknown."""
    if not ticket or len(ticket) > _LONGEST_SECRET:
        return None
    now = services.clock.now()
    return await services.store.run(
        lambda transaction: transaction.use_secret(
            SecretKind.LINK_TICKET, hash_secret(ticket), now=now
        )
    )


async def _believed(services: Services, organization_id: str, body: dict[str, Any]) -> AgentKey:
    user_name = text_field(body, "userName")
    agent_id = optional_text(body, "userId") or user_name
    full_name = optional_text(body, "userFullName") or user_name

    def ensure(transaction: Transaction) -> AgentKey | None:
        tenant = transaction.tenant(organization_id)
        if tenant is None:
            return None
        known = transaction.agent_by_user_name(tenant.tenant_id, user_name)
        if known is not None:
            return known.key
        agent = Agent(
            tenant_id=tenant.tenant_id,
            agent_id=agent_id,
            user_name=user_name,
            full_name=full_name,
        )
        return transaction.ensure_agent(agent).key

    key = await services.store.run(ensure)
    if key is None:
        raise InvalidRequestError("This server does not know the org.", field="organizationId")
    return key


async def _signed_in(
    services: Services, request: Request, organization_id: str, user_name: str
) -> AgentKey:
    session = _session_of(request)
    now = services.clock.now()

    def find(transaction: Transaction) -> AgentKey | None:
        if session is None:
            return None
        agent = _of_session(transaction, hash_secret(session), now)
        tenant = transaction.tenant(organization_id)
        if agent is None or tenant is None or agent.tenant_id != tenant.tenant_id:
            return None
        return agent.key if agent.user_name.casefold() == user_name.casefold() else None

    owner = await services.store.run(find)
    if owner is None:
        is_silent = (await _login_settings(services, organization_id)).is_silent_login
        kind = SilentSignInRequiredError if is_silent else SignInRequiredError
        raise kind("Sign in as this user first.")
    return owner


def _of_session(transaction: Transaction, session_hash: str, now: datetime) -> Agent | None:
    """Return whose session it is. One that is over is still good for a call that goes on."""
    kind = SecretKind.SESSION
    owner = transaction.secret_owner(kind, session_hash, now=now - SESSION_OVERTIME)
    agent = transaction.agent(owner) if owner else None
    if agent is None or agent.state is AgentState.ON_CALL:
        return agent
    return agent if transaction.secret_owner(kind, session_hash, now=now) else None


async def wants_sign_in(services: Services, organization_id: str) -> bool:
    """Return whether the org's settings ask for a sign-in even in demo mode."""
    settings = await _login_settings(services, organization_id)
    return settings.shows_login or settings.is_silent_login


async def _login_settings(services: Services, organization_id: str) -> TenantSettings:
    def read(transaction: Transaction) -> TenantSettings:
        tenant = transaction.tenant(organization_id)
        return transaction.tenant_settings(tenant.tenant_id) if tenant else TenantSettings()

    return await services.store.run(read)


async def make_sign_in_code(services: Services, agent: AgentKey) -> str:
    """Return a code with which an agent signs in once, within `CODE_LIFE`."""
    code = services.ids.token()
    secret = Secret(
        kind=SecretKind.SIGN_IN_CODE,
        secret_hash=hash_secret(code),
        agent=agent,
        expires_at=services.clock.now() + CODE_LIFE,
    )
    await services.store.run(lambda transaction: transaction.save_secret(secret))
    return code


def _address(request: Request) -> str:
    return request.client.host if request.client else "unknown"


def _session_of(connection: HTTPConnection) -> str | None:
    # Two cookies of that name mean that somebody meddles: neither counts.
    found: list[str] = []
    for header in connection.headers.getlist("cookie"):
        for part in header.split(";"):
            name, _, value = part.strip().partition("=")
            if name == SESSION_COOKIE:
                found.append(value)
    if len(found) != 1 or not 0 < len(found[0]) <= _LONGEST_SECRET:
        return None
    return found[0]


def _set_cookie(response: Response, value: str, seconds: int) -> None:
    # By hand: the library knows `Partitioned` only since Python 3.14.
    response.headers.append(
        "Set-Cookie", f"{SESSION_COOKIE}={value}; Max-Age={seconds}; {_COOKIE_RULES}"
    )
