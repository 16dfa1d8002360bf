"""What connector.html must know before it may answer anybody: `GET /api/v1/connector-settings`."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from server.api.services import services_of
from server.api.version import product_version

LINK_PATH = "/api/v1/link"
COMMAND_SECONDS = 8
"""How long the connector waits for the reply to a command."""


async def connector_settings(request: Request) -> Response:
    """Return the origins that may hold the connector, and how it reaches us."""
    settings = services_of(request).settings
    return JSONResponse(
        {
            "allowedHostOrigins": list(settings.host_origins),
            "demo": settings.demo,
            "ownOriginIsHost": settings.demo,
            "linkPath": LINK_PATH,
            "commandSeconds": COMMAND_SECONDS,
            "version": product_version(),
        },
        headers={"Cache-Control": "no-cache"},
    )
