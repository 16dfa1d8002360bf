"""Recordings at their short-lived addresses."""

import asyncio

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from server.api.services import services_of
from server.errors import NotFoundError


async def recording(request: Request) -> Response:
    """Serve a recording, in parts when asked: `GET /api/v1/recordings/{call_id}?…`.

    The address itself is the permission: the player in Salesforce's page sends no cookie of ours.
    """
    services = services_of(request)
    if services.recordings is None:
        raise NotFoundError("This server keeps no recordings.")
    file = await asyncio.to_thread(
        services.recordings.open,
        request.path_params["call_id"],
        dict(request.query_params),
        services.clock.now(),
    )
    return FileResponse(file.path, media_type=file.content_type)
