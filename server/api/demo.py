"""Who there is in the demo, and what they do just now. Demo mode only."""

import asyncio
from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.websockets import WebSocket

from connector_py.entities import Contact, ContactsFilterType
from server.api.addresses import check_host, check_origin, own_origin
from server.api.demo_config import demo_connector_config
from server.api.demo_parts import agent_named
from server.api.demo_views import keys_without_voice_call, overview_json, settings_json
from server.api.services import Services, demo_of, services_of
from server.api.waking import Waking
from server.contact_center import Overview
from server.entities import ContactsQuery
from server.errors import NotFoundError, ServerError
from server.logs import get_logger

log = get_logger(__name__)

_LIVE_SECONDS = 1.0
_MOST_CONTACTS = 200


async def users(request: Request) -> Response:
    """List the demo's agents: `GET /demo/v1/users`."""
    overview = await _overview(services_of(request))
    return JSONResponse(
        [
            {"userName": seen.agent.user_name, "fullName": seen.agent.full_name}
            for seen in overview.agents
        ]
    )


async def queues(request: Request) -> Response:
    """List the queues of the phone book: `GET /demo/v1/queues`."""
    found = await _contacts(services_of(request), ContactsFilterType.QUEUE)
    return JSONResponse([{"queueId": one.id, "queueName": one.name} for one in found])


async def phone_book(request: Request) -> Response:
    """List the first contacts of the phone book: `GET /demo/v1/phone-book`."""
    found = await _contacts(services_of(request), ContactsFilterType.DIRECTORY)
    return JSONResponse([{"contactId": one.id, "name": one.name} for one in found])


async def _contacts(services: Services, kind: ContactsFilterType) -> Sequence[Contact]:
    tenant_id = demo_of(services).tenant_id
    query = ContactsQuery(types=(kind,), limit=_MOST_CONTACTS)
    page = await services.store.run(lambda tx: tx.search_contacts(tenant_id, query))
    return page.contacts


async def connector_config(request: Request) -> Response:
    """Return what Salesforce sends to the connector: `GET /demo/v1/connector-config?user=`."""
    services = services_of(request)
    tenant_id = demo_of(services).tenant_id
    tenant = await services.store.run(lambda transaction: transaction.tenant(tenant_id))
    agent = await agent_named(services, request.query_params.get("user", ""), field="user")
    if tenant is None:
        raise NotFoundError("The demo's org is missing from the store.")
    origin = own_origin(request, services.settings)
    return JSONResponse(demo_connector_config(tenant, agent, own_origin=origin))


async def overview(request: Request) -> Response:
    """Return all agents and active calls: `GET /demo/v1/overview`."""
    return JSONResponse(await _overview_json(services_of(request)))


async def live(websocket: WebSocket) -> None:
    """Send overview and settings now and after each change: `WebSocket /demo/v1/live`."""
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


async def _until_left(websocket: WebSocket) -> None:
    """Wait until the page is gone; what it says does not matter."""
    while (await websocket.receive())["type"] != "websocket.disconnect":
        continue


async def _send_overviews(websocket: WebSocket, services: Services) -> None:
    tenant_id = demo_of(services).tenant_id
    sent: dict[str, Any] | None = None
    async with (
        services.contact_center.subscribe_overview(tenant_id) as hints,
        Waking(hints) as waking,
    ):
        while True:
            settings = await services.contact_center.tenant_settings(tenant_id)
            seen = {
                **await _overview_json(services),
                "settings": settings_json(settings),
            }
            if seen != sent:
                await websocket.send_json({"type": "overview", **seen})
                sent = seen
            await waking.wait(_LIVE_SECONDS)


async def _overview_json(services: Services) -> dict[str, Any]:
    demo, overview = demo_of(services), await _overview(services)
    ids = await demo.org.voice_call_ids(keys_without_voice_call(overview))
    return {
        **overview_json(overview, voice_call_ids=ids, pbx=demo.pbx),
        # The switch forgets it with a call that may be over before anybody sees it.
        "nextDial": demo.pbx.next_dial.value,
        # So that there is something new to tell when it was used at once.
        "dialed": demo.pbx.dialed,
    }


async def _overview(services: Services) -> Overview:
    return await services.contact_center.overview(demo_of(services).tenant_id)
