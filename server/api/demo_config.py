"""The connectorConfig that Salesforce would send for the demo's contact center.

Keys: guide chapter 7, "Perform Headless SSO", and `connector-api.md` 4.2; presence statuses: guide
chapter 12, "Two-Way Agent Status Syncing".
"""

import json
from typing import Any

from server.entities import Agent, Tenant

_STATUSES = (
    ("0", "Offline", False, True),
    ("0N5000000000001AAA", "Available", True, False),
    ("0N5000000000002AAA", "Away", False, False),
    ("0N5000000000003AAA", "Busy", False, False),
)


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
    return next((name for known, name, _, _ in _STATUSES if known == status_id), None)


def _presence_statuses() -> dict[str, dict[str, str]]:
    # Booleans are texts in Salesforce's own map.
    return {
        status_id: {
            "statusId": status_id,
            "statusName": name,
            "hasChannels": str(has_channels).lower(),
            "isOffline": str(is_offline).lower(),
        }
        for status_id, name, has_channels, is_offline in _STATUSES
    }
