"""What Salesforce is still to be told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class OutboxKind(StrEnum):
    """Which request it becomes."""

    CREATE_VOICE_CALL = "create_voice_call"
    UPDATE_VOICE_CALL = "update_voice_call"
    CLEAR_ROUTING = "clear_routing"
    ADD_TRANSCRIPT = "add_transcript"
    REALTIME_EVENTS = "realtime_events"
    EXECUTE_FLOW = "execute_flow"


class OutboxStatus(StrEnum):
    """How far the delivery is."""

    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead"
    """Salesforce will never take it; waits for a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxEntry:
    """One request to Salesforce, written together with what it tells."""

    entry_id: str
    tenant_id: str
    call_id: str
    kind: OutboxKind
    payload: Mapping[str, Any]
    """The request's JSON body; the client adds callCenterApiName."""
    natural_key: str
    """Unique in its tenant: what happened once is written once."""
    next_attempt_at: datetime
    status: OutboxStatus = OutboxStatus.PENDING
    attempts: int = 0
    last_error: str | None = None
