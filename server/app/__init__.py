"""Puts the server together; nobody else knows all of its parts."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response

from server.api.errors import error_response
from server.api.guard import Guard
from server.api.headers import SecurityHeaders
from server.api.routes import routes
from server.app.demo import DEMO_AGENTS, DEMO_CALL_CENTER, DEMO_ORGANIZATION, demo_key_pair
from server.app.demo_org import SimulatedOrg
from server.app.keys import KeyPair
from server.app.wiring import Parts, running_services
from server.errors import ServerError
from server.salesforce_simulator import SimulatedOrganization, Simulator, create_simulator
from server.settings import Settings

__all__ = ["Parts", "create_app"]


def create_app(settings: Settings, parts: Parts | None = None) -> Starlette:
    """Return the application.

    `app.state.begin_stop()` ends what would keep the server from stopping soon, and
    `app.state.start_failure` says why it could not start.

    Args:
        settings: What the operator chose.
        parts: Other clocks and times, for tests.

    Raises:
        ServerError: The demo's key pair cannot be made.
        OSError: A file cannot be written.
    """
    chosen = parts or Parts(settings=settings)
    keys = demo_key_pair(settings.data_dir, chosen.clock) if settings.demo else None
    salesforce = None if keys is None else _simulated_salesforce(chosen, keys)
    simulator: Simulator | None = None if salesforce is None else salesforce.state.simulator
    org = None if simulator is None else SimulatedOrg(simulator, DEMO_ORGANIZATION)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncGenerator[None]:
        try:
            async with running_services(chosen, keys, org) as services:
                app.state.services = services
                yield
        except (ServerError, OSError) as error:
            app.state.start_failure = error
            raise
        finally:
            if simulator is not None:
                simulator.close()

    app = Starlette(
        routes=routes(
            web_dir=chosen.web_dir,
            demo_mode=settings.demo,
            simulator=salesforce,
        ),
        middleware=[
            Middleware(SecurityHeaders, settings=settings),
            Middleware(Guard, settings=settings, metrics=chosen.metrics),
        ],
        exception_handlers={HTTPException: _http_exception},
        lifespan=lifespan,
    )
    app.state.start_failure = None
    app.state.begin_stop = simulator.faults.release if simulator else _nothing
    return app


def _simulated_salesforce(parts: Parts, keys: KeyPair) -> Starlette:
    organization = SimulatedOrganization(
        organization_id=DEMO_ORGANIZATION,
        call_center_api_name=DEMO_CALL_CENTER,
        certificate=keys.certificate_file,
        users={user_name: agent_id for agent_id, user_name, _ in DEMO_AGENTS},
    )
    return create_simulator(
        database=parts.settings.data_dir / "salesforce-simulator.sqlite3",
        organizations=[organization],
        clock=parts.clock,
        ids=parts.ids,
    )


async def _http_exception(request: Request, error: Exception) -> Response:
    del request
    return error_response(error)


def _nothing() -> None:
    """Stop nothing: without the simulator no request waits on purpose."""
