"""The connectorConfig that Salesforce would send for the demo's contact center.

Keys: guide chapter 7, "Perform Headless SSO", and `connector-api.md` 4.2; presence statuses: guide
chapter 12, "Two-Way Agent Status Syncing".
"""

import json
from typing import Any

from connector_py.entities import PresenceStatus
from server.entities import Agent, Tenant

DEMO_STATUSES = (
    PresenceStatus(status_id="0", status_name="Offline", is_offline=True),
    PresenceStatus(status_id="0N5000000000001AAA", status_name="Available", has_channels=True),
    PresenceStatus(status_id="0N5000000000002AAA", status_name="Away"),
    PresenceStatus(status_id="0N5000000000003AAA", status_name="Busy"),
)
"""The presence statuses of the demo's agents."""


def demo_connector_config(tenant: Tenant, agent: Agent, *, own_origin: str) -> dict[str, Any]:
    """Return the connectorConfig of one agent.

    Args:
        tenant: The demo tenant.
        agent: Whom the connector is started for.
        own_origin: Where this server is.
    """
    return {
        "/displayNameLabel": "Display Name",
        "/internalNameLabel": "Internal Name",
        "/reqGeneralInfo/reqAdapterUrl": f"{own_origin}/connector.html",
        "/reqGeneralInfo/reqDisplayName": tenant.name,
        "/reqGeneralInfo/reqInternalName": tenant.call_center_api_name,
        "/reqGeneralInfo/reqSalesforceCompatibilityMode": "Lightning",
        "/reqGeneralInfo/reqSoftphoneHeight": "300",
        "/reqGeneralInfo/reqSoftphoneWidth": "500",
        "/reqGeneralInfo/reqUseApi": "true",
        "/reqHvcc/reqLongDistPrefix": "+1",
        "/reqHvcc/reqTelephonyProvider": tenant.telephony_provider_name,
        "callCenterId": "04v000000000001AAA",
        "callCenterType": "SCVBYOT",
        "contactCenterChannels": ["phone"],
        "domain": own_origin,
        "embeddedTelephonyEventServletUrl": "/_ui/hvcc/EmbeddedTelephonyEventServlet",
        "isACWAllowed": True,
        "isHVSEnabled": False,
        "orgDomainName": "scvdemo",
        "organizationId": tenant.tenant_id,
        "phoneServiceChannelId": "0N9000000000001AAA",
        "phoneServiceChannelName": "sfdc_phone",
        "scrtUrl": tenant.scrt_base_url,
        "scvVendorLoginUrl": f"{own_origin}/login.html",
        "userFullName": agent.full_name,
        "userId": agent.agent_id,
        "userName": agent.user_name,
        "userPresenceStatuses": json.dumps(_presence_statuses()),
    }


def status_name(status_id: str | None) -> str | None:
    """Return the name of a presence status of the demo org."""
    return next((one.status_name for one in DEMO_STATUSES if one.status_id == status_id), None)


def _presence_statuses() -> dict[str, dict[str, str]]:
    # Booleans are texts in Salesforce's own map.
    return {
        status.status_id: {
            "statusId": status.status_id,
            "statusName": status.status_name,
            "hasChannels": str(status.has_channels).lower(),
            "isOffline": str(status.is_offline).lower(),
        }
        for status in DEMO_STATUSES
    }
