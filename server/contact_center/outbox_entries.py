"""How a request to Salesforce becomes an entry of the outbox."""

from dataclasses import dataclass
from datetime import datetime

from server.entities import OutboxEntry, OutboxKind
from server.salesforce.payloads import TelephonyRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Everything of an entry but what it says."""

    tenant_id: str
    vendor_call_key: str
    """Which VoiceCall it is about; entries of one go out in their order."""
    entry_id: str
    at: datetime
    """When it may be sent."""

    def with_request(
        self, kind: OutboxKind, request: TelephonyRequest, occurrence: str | None = None
    ) -> OutboxEntry:
        """Return the entry.

        Args:
            kind: Which request it is.
            request: Its body.
            occurrence: Tells one request of the kind from the next, where there can be several;
                the same occurrence is written once.
        """
        natural_key = f"{kind}:{self.vendor_call_key}"
        return OutboxEntry(
            entry_id=self.entry_id,
            tenant_id=self.tenant_id,
            call_id=self.vendor_call_key,
            kind=kind,
            payload=request.to_payload(),
            natural_key=natural_key if occurrence is None else f"{natural_key}:{occurrence}",
            next_attempt_at=self.at,
        )
