"""Every path of the server, on one page."""

from pathlib import Path

from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.types import ASGIApp

from server.api import demo, health, sign_in
from server.api.connector_settings import LINK_PATH, connector_settings
from server.api.link import serve_link
from server.api.pages import Pages

SIMULATOR_PATH = "/salesforce-simulator"


def routes(
    *, web_dir: Path | None, demo_mode: bool, simulator: ASGIApp | None = None
) -> list[BaseRoute]:
    """Return the routes.

    Args:
        web_dir: Folder of the built web assets.
        demo_mode: Whether the demo's paths exist; otherwise they answer 404 as any unknown path.
        simulator: The Salesforce simulator, in demo mode.
    """
    always: list[BaseRoute] = [
        Route("/healthz", health.alive),
        Route("/readyz", health.ready),
        Route("/metrics", health.metrics),
        Route("/api/v1/connector-settings", connector_settings),
        Route("/api/v1/session", sign_in.create_session, methods=["POST"]),
        Route("/api/v1/session", sign_in.end_session, methods=["DELETE"]),
        Route("/api/v1/link/ticket", sign_in.create_ticket, methods=["POST"]),
        WebSocketRoute(LINK_PATH, serve_link),
    ]
    pages = Pages(web_dir, demo=demo_mode)
    everything = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
    rest = Route("/{path:path}", pages.serve, methods=everything)
    return [*always, *(_demo_routes(simulator) if demo_mode else []), rest]


def _demo_routes(simulator: ASGIApp | None) -> list[BaseRoute]:
    found: list[BaseRoute] = [
        Route("/demo/v1/users", demo.users),
        Route("/demo/v1/connector-config", demo.connector_config),
        Route("/demo/v1/overview", demo.overview),
        WebSocketRoute("/demo/v1/live", demo.live),
        Route("/demo/v1/inbound-calls", demo.inbound_call, methods=["POST"]),
        Route("/demo/v1/calls/{call_id}/customer-answers", demo.customer_answers, methods=["POST"]),
        Route("/demo/v1/calls/{call_id}/customer-leaves", demo.customer_leaves, methods=["POST"]),
        Route("/demo/v1/pbx", demo.switch, methods=["GET"]),
        Route("/demo/v1/pbx", demo.set_switch, methods=["PUT"]),
    ]
    if simulator is not None:
        found.append(Mount(SIMULATOR_PATH, simulator))
    return found
