"""The endpoints that a telephony system calls, with a token (telephony-rest-api.md 3)."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from server.salesforce_simulator.errors import invalid_field
from server.salesforce_simulator.faults import FaultMode, refusal
from server.salesforce_simulator.organizations import Organization
from server.salesforce_simulator.simulator import Simulator, json_object, read_body
from server.salesforce_simulator.voice_calls import create_voice_call, update_voice_call

Work = Callable[[Simulator, Organization, Request, Mapping[str, Any]], Awaitable[Response]]
"""What one endpoint does after faults, token and body were dealt with."""


def telephony_routes(simulator: Simulator) -> list[Route]:
    """Return the routes; each path also with a trailing slash, as the real API takes it."""
    endpoints: list[tuple[str, str, Work]] = [
        ("POST", "/telephony/v1/voiceCalls", _create),
        ("POST", "/telephony/v1/voiceCalls/", _create),
        ("PATCH", "/telephony/v1/voiceCalls/{call:path}", _update),
    ]
    return [
        Route(path, _Endpoint(simulator, work).answer, methods=[method])
        for method, path, work in endpoints
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
        body = json_object(raw)
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
    call = str(request.path_params["call"]).removesuffix("/")
    await simulator.transaction(
        organization.identity,
        lambda book: update_voice_call(book, organization.identity, call, body, new),
    )
    return JSONResponse({"status": "pending"})
