"""Records that the server keeps, and its ports for time and identity."""

from server.entities.agent import Agent, AgentKey, AgentLink, OpenWork, keeps_calls_away
from server.entities.call_record import (
    CallRecord,
    HoldFacts,
    LegRouting,
    PublishedRecording,
    Routing,
    TriedAgent,
    VoiceQuality,
)
from server.entities.contact_request import ContactRequest
from server.entities.contacts import ContactsFound, ContactsQuery
from server.entities.outbox import OutboxEntry, OutboxKind, OutboxStatus
from server.entities.ports import Clock, IdSource
from server.entities.salesforce import FlowOrder, FlowTarget
from server.entities.sign_in import SESSION_OVERTIME, Secret, SecretKind, hash_secret
from server.entities.statuses import MappedStatus
from server.entities.stored_reply import StoredReply
from server.entities.stream import StreamEntry, StreamHead
from server.entities.switch import DialError, DialFailure, PartyDial, SwitchCall, SwitchMemory
from server.entities.tenant import Tenant
from server.entities.tenant_settings import SimulatedError, TenantSettings

__all__ = [
    "SESSION_OVERTIME",
    "Agent",
    "AgentKey",
    "AgentLink",
    "CallRecord",
    "Clock",
    "ContactRequest",
    "ContactsFound",
    "ContactsQuery",
    "DialError",
    "DialFailure",
    "FlowOrder",
    "FlowTarget",
    "HoldFacts",
    "IdSource",
    "LegRouting",
    "MappedStatus",
    "OpenWork",
    "OutboxEntry",
    "OutboxKind",
    "OutboxStatus",
    "PartyDial",
    "PublishedRecording",
    "Routing",
    "Secret",
    "SecretKind",
    "SimulatedError",
    "StoredReply",
    "StreamEntry",
    "StreamHead",
    "SwitchCall",
    "SwitchMemory",
    "Tenant",
    "TenantSettings",
    "TriedAgent",
    "VoiceQuality",
    "hash_secret",
    "keeps_calls_away",
]
