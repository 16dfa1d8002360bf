"""Is it alive, is it ready, how does it do."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from server.api.services import services_of


async def alive(request: Request) -> Response:
    """Say that the process answers: `GET /healthz`."""
    del request
    return JSONResponse({"status": "alive"})


async def ready(request: Request) -> Response:
    """Say whether calls can be handled, and if not, why: `GET /readyz`."""
    services = services_of(request)
    reasons = [reason for check in services.checks if (reason := await check()) is not None]
    if reasons:
        return JSONResponse({"status": "not_ready", "reasons": reasons}, 503)
    return JSONResponse({"status": "ready"})


async def metrics(request: Request) -> Response:
    """Return the figures for Prometheus: `GET /metrics`."""
    services = services_of(request)
    for check in services.checks:
        await check()  # it also takes what can only be measured by asking
    return Response(services.metrics.text(), media_type=services.metrics.content_type)
