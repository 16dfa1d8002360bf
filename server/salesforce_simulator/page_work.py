"""What pages ask of the org beside its VoiceCalls: work items of the agents, and flows."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from server.salesforce_simulator.flows import flows_of, set_flows
from server.salesforce_simulator.simulator import Simulator, json_object, json_value, read_body
from server.salesforce_simulator.work_items import Office

Step = Callable[[Office, str], dict[str, Any]]
"""Gets the org's work and the id of an item; returns the item as it is then."""


def work_routes(simulator: Simulator) -> list[Route]:
    """Return the routes of work items and flows."""
    page = _WorkPage(simulator)
    item = "/ui/workItems/{item}"
    return [
        Route("/ui/workItems", page.list_items, methods=["GET"]),
        Route("/ui/workItems", page.create_item, methods=["POST"]),
        Route(f"{item}/accept", page.step(Office.accept), methods=["POST"]),
        Route(f"{item}/decline", page.step(Office.decline), methods=["POST"]),
        Route(f"{item}/close", page.step(Office.close), methods=["POST"]),
        Route(f"{item}/transfer", page.transfer_item, methods=["POST"]),
        Route("/ui/flows", page.list_flows, methods=["GET"]),
        Route("/ui/flows", page.set_flows, methods=["PUT"]),
    ]


class _WorkPage:
    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    async def list_items(self, request: Request) -> Response:
        """Return every work item, or those of `user`, oldest first."""
        user_name = request.query_params.get("user")
        return await self._answer(request, lambda office: office.items(user_name))

    async def create_item(self, request: Request) -> Response:
        """Offer work to a user."""
        body = json_object(await read_body(request))
        return await self._answer(request, lambda office: office.create(body))

    def step(self, step: Step) -> Callable[[Request], Any]:
        """Return the endpoint that takes one item a step further; it reads no body."""

        async def endpoint(request: Request) -> Response:
            await read_body(request)
            item: str = request.path_params["item"]
            return await self._answer(request, lambda office: step(office, item))

        return endpoint

    async def transfer_item(self, request: Request) -> Response:
        """Hand work on; returns the new item."""
        body = json_object(await read_body(request))
        item: str = request.path_params["item"]
        return await self._answer(request, lambda office: office.transfer(item, body))

    async def list_flows(self, request: Request) -> Response:
        """Return the org's flows."""
        return await self._answer(request, lambda office: flows_of(office.book))

    async def set_flows(self, request: Request) -> Response:
        """Write the org's flows anew."""
        body = json_value(await read_body(request))
        return await self._answer(request, lambda office: set_flows(office.book, body))

    async def _answer(self, request: Request, work: Callable[[Office], object]) -> Response:
        organization = self._simulator.organization_of_page(request)
        return JSONResponse(await self._simulator.work(organization, work))
