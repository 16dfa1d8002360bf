"""The outside world of the demo: callers, their phones, and who sees what. Demo mode only."""

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.websockets import WebSocket

from connector_py.entities import to_wire
from server.api.addresses import check_host, check_origin, own_origin
from server.api.body import json_body, optional_number, optional_text, text_field
from server.api.demo_config import demo_connector_config, status_name
from server.api.services import Services, demo_of, services_of
from server.api.waking import Waking
from server.contact_center import AgentOverview, Overview
from server.entities import Agent, CallRecord
from server.errors import InvalidRequestError, NotFoundError, ServerError
from server.logs import get_logger
from server.pbx import NextDial, UnknownCallError

log = get_logger(__name__)

DEMO_NUMBER = "+12025550199"
"""The contact center's own number, when a caller names none."""
_LIVE_SECONDS = 1.0
_LONGEST_RING = 300


async def users(request: Request) -> Response:
    """List the demo's agents: `GET /demo/v1/users`."""
    services = services_of(request)
    overview = await _overview(services)
    return JSONResponse(
        [
            {"userName": seen.agent.user_name, "fullName": seen.agent.full_name}
            for seen in overview.agents
        ]
    )


async def connector_config(request: Request) -> Response:
    """Return what Salesforce sends to the connector: `GET /demo/v1/connector-config?user=`."""
    services = services_of(request)
    tenant_id = demo_of(services).tenant_id
    tenant = await services.store.run(lambda transaction: transaction.tenant(tenant_id))
    agent = await _agent(services, request.query_params.get("user", ""))
    if tenant is None:
        raise NotFoundError("The demo's org is missing from the store.")
    origin = own_origin(request, services.settings)
    return JSONResponse(demo_connector_config(tenant, agent, own_origin=origin))


async def overview(request: Request) -> Response:
    """Return all agents and active calls: `GET /demo/v1/overview`."""
    return JSONResponse(_overview_json(await _overview(services_of(request))))


async def live(websocket: WebSocket) -> None:
    """Send the overview now and after each change: `WebSocket /demo/v1/live`."""
    services = services_of(websocket)
    try:
        check_host(websocket, services.settings)
        check_origin(websocket, services.settings, required=True)
    except ServerError as error:
        log.warning("live view refused", reason=error.code)
        await websocket.close()
        return
    await websocket.accept()
    sending = asyncio.create_task(_send_overviews(websocket, services))
    leaving = asyncio.create_task(_until_left(websocket))
    try:
        await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (sending, leaving):
            task.cancel()
        await asyncio.gather(sending, leaving, return_exceptions=True)
    log.debug("live view closed")


async def inbound_call(request: Request) -> Response:
    """Let somebody call: `POST /demo/v1/inbound-calls {"from", "to"?, "userName"?}`."""
    services = services_of(request)
    demo = demo_of(services)
    body = await json_body(request)
    user_name = optional_text(body, "userName")
    wanted = await _agent(services, user_name) if user_name else None
    call_id = await demo.pbx.customer_calls(
        demo.tenant_id,
        from_number=text_field(body, "from"),
        to_number=optional_text(body, "to") or DEMO_NUMBER,
        wanted_agent_id=wanted.agent_id if wanted else None,
    )
    return JSONResponse({"callId": call_id}, 201)


async def customer_answers(request: Request) -> Response:
    """Let the customer pick up: `POST /demo/v1/calls/{id}/customer-answers`."""
    try:
        await demo_of(services_of(request)).pbx.customer_answers(request.path_params["call_id"])
    except UnknownCallError as error:
        raise NotFoundError(error.message) from None
    return JSONResponse({})


async def customer_leaves(request: Request) -> Response:
    """Let the customer hang up: `POST /demo/v1/calls/{id}/customer-leaves`."""
    try:
        await demo_of(services_of(request)).pbx.customer_hangs_up(request.path_params["call_id"])
    except UnknownCallError as error:
        raise NotFoundError(error.message) from None
    return JSONResponse({})


async def switch(request: Request) -> Response:
    """Say how the next outbound call goes: `GET /demo/v1/pbx`."""
    return JSONResponse(_switch_json(services_of(request)))


async def set_switch(request: Request) -> Response:
    """Choose it: `PUT /demo/v1/pbx {"nextDial", "ringSeconds"?}`."""
    services = services_of(request)
    body = await json_body(request)
    name = text_field(body, "nextDial")
    if name not in [dial.value for dial in NextDial]:
        expected = ", ".join(NextDial)
        raise InvalidRequestError(f"nextDial must be one of: {expected}.", field="nextDial")
    seconds = optional_number(body, "ringSeconds", least=0, most=_LONGEST_RING)
    demo_of(services).pbx.set_next_dial(NextDial(name), ring_seconds=seconds)
    return JSONResponse(_switch_json(services))


async def _until_left(websocket: WebSocket) -> None:
    """Wait until the page is gone; what it says does not matter."""
    while (await websocket.receive())["type"] != "websocket.disconnect":
        continue


async def _send_overviews(websocket: WebSocket, services: Services) -> None:
    changes = services.contact_center.subscribe_overview(demo_of(services).tenant_id)
    sent: dict[str, Any] | None = None
    async with changes as hints, Waking(hints) as waking:
        while True:
            seen = _overview_json(await _overview(services))
            if seen != sent:
                await websocket.send_json({"type": "overview", **seen})
                sent = seen
            await waking.wait(_LIVE_SECONDS)


async def _overview(services: Services) -> Overview:
    return await services.contact_center.overview(demo_of(services).tenant_id)


async def _agent(services: Services, user_name: str) -> Agent:
    tenant_id = demo_of(services).tenant_id
    agent = await services.store.run(
        lambda transaction: transaction.agent_by_user_name(tenant_id, user_name)
    )
    if agent is None:
        raise NotFoundError("There is no such agent.", field="user")
    return agent


def _overview_json(overview: Overview) -> dict[str, Any]:
    return {
        "agents": [_agent_json(seen) for seen in overview.agents],
        "calls": [_call_json(record) for record in overview.calls],
    }


def _agent_json(seen: AgentOverview) -> dict[str, Any]:
    agent = seen.agent
    info = agent.status_info
    return {
        "userName": agent.user_name,
        "agentId": agent.agent_id,
        "fullName": agent.full_name,
        "state": agent.state.value,
        "connected": seen.is_connected,
        "statusName": (info.status_name or status_name(info.status_id)) if info else None,
    }


def _call_json(record: CallRecord) -> dict[str, Any]:
    call: dict[str, Any] = to_wire(record.call)
    return {**call, "fromNumber": record.from_number, "toNumber": record.to_number}


def _switch_json(services: Services) -> dict[str, Any]:
    pbx = demo_of(services).pbx
    return {"nextDial": pbx.next_dial.value, "ringSeconds": pbx.ring_seconds}
