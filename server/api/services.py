"""What the endpoints work with, put together by `server.app`."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

from starlette.requests import HTTPConnection

from server.api.links import Links
from server.api.metrics import Metrics
from server.api.rate_limit import RateLimit
from server.contact_center import ContactCenter, Recordings
from server.entities import AgentKey, Clock, IdSource
from server.pbx import SimulatedPbx
from server.settings import Settings
from server.store import Store

ReadinessCheck = Callable[[], Awaitable[str | None]]
"""Returns why the server is not ready, or None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkTimes:
    """Limits of a link, in seconds and bytes."""

    hello_seconds: float = 5
    """A connector says hello within this time."""
    heartbeat_seconds: float = 3
    """How often the connector hears that the line lives: more than once while a command waits."""
    poll_seconds: float = 1
    """How often the stream is looked at when no hint comes."""
    stalled_seconds: float = 5
    """How long a connector may read nothing."""
    queue_bytes: int = 2 * 1024 * 1024
    """How much may wait for a connector; a page of 1000 contacts can have half of it."""
    commands_at_once: int = 32
    """How many commands of a connector may run at once; then no more are read."""


class Errands:
    """Work that goes on when the connection that asked for it is gone."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Start a piece of work; it must not raise."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self, seconds: float) -> None:
        """Wait for what runs, at most so long; then stop it."""
        tasks = list(self._tasks)
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedWork:
    """A contact request that Salesforce gave to an agent, by its ids."""

    contact_request_id: str
    work_item_id: str


class DemoOrg(Protocol):
    """The simulated Salesforce, as far as the outside world of the demo makes it act."""

    async def offer_contact_request(
        self, user_name: str, *, phone_number: str, name: str | None
    ) -> OfferedWork:
        """Make a ContactRequest record, and a work item of it for a user."""
        ...

    async def voice_call_ids(self, keys: Collection[str]) -> Mapping[str, str]:
        """Return the ids of the VoiceCalls that have these vendorCallKeys, by key."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """What exists in demo mode only."""

    tenant_id: str
    pbx: SimulatedPbx
    org: DemoOrg
    settings_lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while settings are read and written again."""
    signed_out: set[AgentKey] = field(default_factory=set[AgentKey])
    """Agents who were logged out: they are believed again when their page asks once more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything that an endpoint may use."""

    settings: Settings
    store: Store
    contact_center: ContactCenter
    clock: Clock
    ids: IdSource
    metrics: Metrics
    sign_in_limit: RateLimit
    ticket_limit: RateLimit
    checks: tuple[ReadinessCheck, ...] = ()
    demo: Demo | None = None
    recordings: Recordings | None = None
    links: Links = field(default_factory=Links)
    link_times: LinkTimes = field(default_factory=LinkTimes)
    errands: Errands = field(default_factory=Errands)


def services_of(connection: HTTPConnection) -> Services:
    """Return the services of the application that a request or socket belongs to."""
    return cast("Services", connection.app.state.services)


def demo_of(services: Services) -> Demo:
    """Return the demo parts; routes that need them exist in demo mode only."""
    if services.demo is None:
        raise RuntimeError("this endpoint exists in demo mode only")
    return services.demo
