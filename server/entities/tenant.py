"""A Salesforce org that the server works for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """One org. `tenant_id` is its organization id as Salesforce writes it, 15 or 18 characters."""

    tenant_id: str
    name: str
    call_center_api_name: str
    """`reqInternalName` of the contact center; the subject of the JWT."""
    scrt_base_url: str
    """Where the org's Telephony Integration REST API is."""
    private_key_file: str
    telephony_provider_name: str
    """Developer name of the ConversationVendorInfo record."""
