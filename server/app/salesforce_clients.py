"""One client of the telephony API for each tenant, over one HTTP session."""

from pathlib import Path

import aiohttp

from server.entities import Clock, IdSource, Tenant
from server.salesforce import (
    ContactCenterAddress,
    JwtTokens,
    TelephonyApiClient,
    load_private_key,
)


def salesforce_session() -> aiohttp.ClientSession:
    """Return the HTTP session of all clients; the caller closes it."""
    # No cookies: tenants share the session and nothing of one may reach another.
    return aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())


class SalesforceClients:
    """Makes the client of a tenant when it is first needed, and again when the tenant changes.

    Args:
        session: Shared by all of them.
        clock: Time of the tokens.
        ids: Ids of the tokens.
    """

    def __init__(self, session: aiohttp.ClientSession, *, clock: Clock, ids: IdSource) -> None:
        self._session = session
        self._clock = clock
        self._ids = ids
        self._clients: dict[Tenant, TelephonyApiClient] = {}

    def for_tenant(self, tenant: Tenant) -> TelephonyApiClient:
        """Return the client of a tenant.

        Raises:
            ConfigurationError: Its private key or its address cannot be used.
        """
        client = self._clients.get(tenant)
        if client is None:
            client = self._make(tenant)
            self._clients[tenant] = client
        return client

    def _make(self, tenant: Tenant) -> TelephonyApiClient:
        tokens = JwtTokens(
            load_private_key(Path(tenant.private_key_file)),
            organization_id=tenant.tenant_id,
            call_center_api_name=tenant.call_center_api_name,
            clock=self._clock,
            ids=self._ids,
        )
        address = ContactCenterAddress(
            scrt_base_url=tenant.scrt_base_url,
            call_center_api_name=tenant.call_center_api_name,
            telephony_provider_name=tenant.telephony_provider_name,
        )
        return TelephonyApiClient(self._session, address=address, tokens=tokens)
