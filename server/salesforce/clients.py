"""One client for each tenant over one shared HTTP session."""

from dataclasses import dataclass
from pathlib import Path

import aiohttp

from server.entities import Clock, IdSource, Tenant
from server.salesforce.client import ClientTimeouts, ContactCenterAddress, TelephonyApiClient
from server.salesforce.tokens import JwtTokens, load_private_key

_MOST_CONNECTIONS = 100
_USER_AGENT = "scv-connector-py"


@dataclass(frozen=True, slots=True)
class _Made:
    """A client and what it was made from."""

    tenant: Tenant
    key_file_version: tuple[int, int] | None
    client: TelephonyApiClient


class TelephonyApiClients:
    """Makes clients when they are needed and keeps them while the tenant stays the same.

    A key file that was replaced is read anew at the next request.

    Args:
        clock: Time of the tokens.
        ids: Ids of the tokens.
        timeouts: Longest waits of every client.
    """

    def __init__(
        self, *, clock: Clock, ids: IdSource, timeouts: ClientTimeouts | None = None
    ) -> None:
        self._clock = clock
        self._ids = ids
        self._timeouts = timeouts
        self._session: aiohttp.ClientSession | None = None
        self._made: dict[str, _Made] = {}

    def for_tenant(self, tenant: Tenant) -> TelephonyApiClient:
        """Return the tenant's client; to be called while the event loop runs.

        Raises:
            ConfigurationError: The tenant's key file or base URL cannot be used.
        """
        version = _version(Path(tenant.private_key_file))
        made = self._made.get(tenant.tenant_id)
        if made is None or made.tenant != tenant or made.key_file_version != version:
            made = _Made(tenant, version, self._make(tenant))
            self._made[tenant.tenant_id] = made
        return made.client

    async def close(self) -> None:
        """Close every connection."""
        self._made.clear()
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _make(self, tenant: Tenant) -> TelephonyApiClient:
        tokens = JwtTokens(
            load_private_key(Path(tenant.private_key_file)),
            organization_id=tenant.tenant_id,
            call_center_api_name=tenant.call_center_api_name,
            clock=self._clock,
            ids=self._ids,
        )
        if self._session is None:
            self._session = new_session()
        return TelephonyApiClient(
            self._session,
            address=ContactCenterAddress(
                scrt_base_url=tenant.scrt_base_url,
                call_center_api_name=tenant.call_center_api_name,
                telephony_provider_name=tenant.telephony_provider_name,
            ),
            tokens=tokens,
            timeouts=self._timeouts,
        )


def new_session() -> aiohttp.ClientSession:
    """Make an HTTP session that keeps no cookies and asks no proxy of the environment."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=_MOST_CONNECTIONS),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": _USER_AGENT},
        trust_env=False,
    )


def _version(path: Path) -> tuple[int, int] | None:
    """Tell one version of a file from the next; None when it cannot be seen."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
