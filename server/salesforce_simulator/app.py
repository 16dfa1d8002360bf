"""The simulator as an application of its own, to be mounted in demo mode only."""

from collections.abc import Sequence
from pathlib import Path

from starlette.applications import Starlette

from server.entities.ports import Clock, IdSource
from server.salesforce_simulator.errors import ApiError, answer_api_error
from server.salesforce_simulator.organizations import SimulatedOrganization, load_organizations
from server.salesforce_simulator.page_api import page_routes
from server.salesforce_simulator.page_work import work_routes
from server.salesforce_simulator.records import Records
from server.salesforce_simulator.simulator import Simulator
from server.salesforce_simulator.telephony_api import telephony_routes


def create_simulator(
    *,
    database: Path,
    organizations: Sequence[SimulatedOrganization],
    clock: Clock,
    ids: IdSource,
    strict_jti: bool = True,
) -> Starlette:
    """Make the simulated org.

    `app.state.simulator` is the Simulator: call its `close()` when the server stops, and
    `faults.release()` as soon as it begins to stop, which ends every silent request.

    Args:
        database: SQLite file of the records; made when it does not exist.
        organizations: The orgs to play; the first is the one that pages see by default.
        clock: The time of tokens and records.
        ids: Source of record ids.
        strict_jti: Whether a token's id may be used once only.

    Raises:
        ValueError: An org or its certificate is not usable.
        OSError: A certificate file cannot be read.
    """
    simulator = Simulator(
        organizations=load_organizations(organizations),
        records=Records(database),
        clock=clock,
        ids=ids,
        strict_jti=strict_jti,
    )
    app = Starlette(
        routes=[
            *telephony_routes(simulator),
            *page_routes(simulator),
            *work_routes(simulator),
        ],
        exception_handlers={ApiError: answer_api_error},
    )
    app.state.simulator = simulator
    return app
