"""The endpoints that a telephony system calls, with a token (telephony-rest-api.md 3)."""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from server.salesforce_simulator.conversations import add_events, add_message
from server.salesforce_simulator.errors import invalid_field
from server.salesforce_simulator.faults import FaultMode, refusal
from server.salesforce_simulator.organizations import Organization
from server.salesforce_simulator.routing import (
    clear_routing,
    execute_flow,
    request_callback,
    route_voice_call,
)
from server.salesforce_simulator.simulator import Simulator, json_object, read_body
from server.salesforce_simulator.voice_calls import create_voice_call, update_voice_call

Work = Callable[[Simulator, Organization, Request, Mapping[str, Any]], Awaitable[Response]]
"""What one endpoint does after faults, token and body were dealt with."""

_CALLS = "/telephony/v1/voiceCalls"
_CALL = _CALLS + "/{call:path}"


def telephony_routes(simulator: Simulator) -> list[Route]:
    """Return the routes; each path also with a trailing slash, as the real API takes it.

    The update of a call comes last, as a vendorCallKey may hold slashes. Where documents and
    Salesforce's own code differ in method or path, both work (telephony-rest-api.md 3.9).
    """
    endpoints: list[tuple[str, str, Work]] = [
        ("POST", _CALLS, _create),
        ("POST", f"{_CALL}/messages", _message),
        ("POST", f"{_CALL}/realtimeConversationEvents", _events),
        ("PATCH", f"{_CALL}/omniFlow", _flow),
        ("PATCH", f"{_CALL}/clearRouting", _clear),
        ("POST", f"{_CALL}/routeVoiceCall", _route),
        ("PATCH", f"{_CALL}/routeVoiceCall", _route),
        ("PATCH", f"{_CALLS}/route/{{call:path}}", _route),
        ("POST", f"{_CALL}/requestCallback", _callback),
        ("PATCH", _CALL, _update),
    ]
    return [
        Route(path + slash, _Endpoint(simulator, work).answer, methods=[method])
        for method, path, work in endpoints
        for slash in ("/", "")
    ]


class _Endpoint:
    """Puts faults, token check and body reading before the work of an endpoint."""

    def __init__(self, simulator: Simulator, work: Work) -> None:
        self._simulator = simulator
        self._work = work

    async def answer(self, request: Request) -> Response:
        """Answer one request."""
        simulator = self._simulator
        raw = await read_body(request)
        fault = simulator.faults.take()
        refused = refusal(fault.mode)
        if refused is not None:
            return refused
        if fault.mode is FaultMode.TIMEOUT:
            return await simulator.faults.silence(request)
        if fault.mode is FaultMode.SLOW:
            await simulator.faults.pause(request, fault.delay_seconds)
        organization = await simulator.authenticate(request)
        # Salesforce's own code sends clearRouting without any body.
        body = {} if self._work is _clear and raw in (b"", b"null") else json_object(raw)
        center = body.get("callCenterApiName", organization.call_center_api_name)
        if center != organization.call_center_api_name:
            raise invalid_field("callCenterApiName", "is not the contact center of the token")
        response = await self._work(simulator, organization, request, body)
        if fault.mode is FaultMode.LOSE_REPLY:
            return await simulator.faults.silence(request)
        return response


async def _create(
    simulator: Simulator, organization: Organization, _request: Request, body: Mapping[str, Any]
) -> Response:
    new = simulator.new_record()
    record, errors = await simulator.transaction(
        organization.identity,
        lambda book: create_voice_call(book, organization.identity, body, new),
    )
    text = "We created your voice call but there were some errors : " + ", ".join(errors)
    return JSONResponse({"voiceCallId": record.voice_call_id, "errors": text if errors else []})


async def _update(
    simulator: Simulator, organization: Organization, request: Request, body: Mapping[str, Any]
) -> Response:
    """Answer "pending" as the real API does, although the work is done at once."""
    new = simulator.new_record()
    call = _call(request)
    await simulator.transaction(
        organization.identity,
        lambda book: update_voice_call(book, organization.identity, call, body, new),
    )
    return JSONResponse({"status": "pending"})


async def _message(
    simulator: Simulator, organization: Organization, request: Request, body: Mapping[str, Any]
) -> Response:
    key = _call(request)
    await simulator.transaction(organization.identity, lambda book: add_message(book, key, body))
    return JSONResponse({"result": "Accepted"}, status_code=HTTPStatus.ACCEPTED)


async def _events(
    simulator: Simulator, organization: Organization, request: Request, body: Mapping[str, Any]
) -> Response:
    key, unique = _call(request), simulator.new_unique()
    await simulator.transaction(
        organization.identity, lambda book: add_events(book, key, body, unique)
    )
    return JSONResponse({"status": "202 Accepted"}, status_code=HTTPStatus.ACCEPTED)


async def _flow(
    simulator: Simulator, organization: Organization, request: Request, body: Mapping[str, Any]
) -> Response:
    call = _call(request)
    answer = await simulator.work(
        organization.identity, lambda office: execute_flow(office, call, body)
    )
    return JSONResponse(answer)


async def _clear(
    simulator: Simulator, organization: Organization, request: Request, body: Mapping[str, Any]
) -> Response:
    call = _call(request)
    await simulator.transaction(organization.identity, lambda book: clear_routing(book, call, body))
    return JSONResponse({"status": "Success"})


async def _route(
    simulator: Simulator, organization: Organization, request: Request, body: Mapping[str, Any]
) -> Response:
    call = _call(request)
    await simulator.work(organization.identity, lambda office: route_voice_call(office, call, body))
    return JSONResponse({"status": "Success"})


async def _callback(
    simulator: Simulator, organization: Organization, request: Request, body: Mapping[str, Any]
) -> Response:
    call = _call(request)
    record_id = await simulator.work(
        organization.identity, lambda office: request_callback(office, call, body)
    )
    return JSONResponse({"recordId": record_id})


def _call(request: Request) -> str:
    return str(request.path_params["call"]).removesuffix("/")
