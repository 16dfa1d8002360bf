"""How calls of the simulated switch begin: as each org's settings say."""

from server.pbx import CallTemplate, TemplateSource
from server.store import Store


def templates_from(store: Store) -> TemplateSource:
    """Return what reads an org's settings anew for every call.

    The switch has to know them too: whether calls merge by themselves decides whom it holds.

    Args:
        store: Where the settings are.
    """

    async def template_of(tenant_id: str) -> CallTemplate:
        settings = await store.run(lambda tx: tx.tenant_settings(tenant_id))
        return CallTemplate(
            call_info=settings.call_info,
            added_call_info=settings.third_party_call_info,
            is_auto_merge_on=settings.is_auto_merge_on,
        )

    return template_of
