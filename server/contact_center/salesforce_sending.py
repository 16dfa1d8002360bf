"""How a request goes out, whoever wants it: by a tenant's client, counted, repeated quickly."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from server.contact_center.salesforce_requests import VoiceCallClient
from server.entities import Clock, OutboxKind, Tenant
from server.salesforce import ConfigurationError, RetryPolicy, SalesforceError

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """The tools for requests to Salesforce.

    Args:
        client_for_tenant: Returns a tenant's client, or raises ConfigurationError.
        clock: Time of the retries.
        policy: When a failed request is sent again.
        on_request: Told the kind and the outcome of every request, for figures.
    """

    client_for_tenant: Callable[[Tenant], VoiceCallClient]
    clock: Clock
    policy: RetryPolicy
    on_request: Callable[[str, str], None] | None = None

    def client_of(self, tenant: Tenant | None) -> VoiceCallClient:
        """Return a tenant's client.

        Raises:
            ConfigurationError: There is no such tenant, or its settings do not fit.
        """
        if tenant is None:
            raise ConfigurationError("the tenant does not exist")
        return self.client_for_tenant(tenant)

    async def counted(self, kind: OutboxKind, request: Awaitable[T]) -> T:
        """Wait for a request and count its outcome."""
        try:
            answer = await request
        except SalesforceError as error:
            self._count(kind, error.outcome)
            raise
        self._count(kind, "ok")
        return answer

    async def quickly(self, ask: Callable[[float], Awaitable[T]], ends: datetime) -> T:
        """Ask, and ask again soon while that makes sense; gives the time limit of each try.

        Raises:
            SalesforceError: Why the last try failed.
        """
        retries = 0
        while True:
            left = self.seconds_until(ends)
            try:
                return await ask(self.policy.quick_time_limit(retries_done=retries, time_left=left))
            except SalesforceError as error:
                left = self.seconds_until(ends)
                pause = self.policy.quick_pause(error, retries_done=retries, time_left=left)
                if pause is None:
                    raise
                retries += 1
                await self.clock.sleep(pause)

    def seconds_until(self, moment: datetime) -> float:
        """Return how long it is until then; 0 when it is past."""
        return max(0.0, (moment - self.clock.now()).total_seconds())

    def _count(self, kind: OutboxKind, outcome: str) -> None:
        if self.on_request is not None:
            self.on_request(kind, outcome)
