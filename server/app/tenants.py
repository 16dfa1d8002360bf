"""The tenants of the settings, written into the store."""

from server.entities import Tenant
from server.settings import Settings
from server.store import Store, Transaction


async def save_tenants(store: Store, settings: Settings) -> None:
    """Add or renew every tenant that the settings name."""
    tenants = [
        Tenant(
            tenant_id=tenant.organization_id,
            name=tenant.name,
            call_center_api_name=tenant.call_center_api_name,
            scrt_base_url=tenant.scrt_base_url,
            private_key_file=str(tenant.private_key_file.absolute()),
            telephony_provider_name=tenant.telephony_provider_name,
        )
        for tenant in settings.tenants
    ]

    def save(transaction: Transaction) -> None:
        for tenant in tenants:
            transaction.save_tenant(tenant)

    await store.run(save)
