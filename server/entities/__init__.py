"""Records that the server keeps, and its ports for time and identity."""

from server.entities.agent import Agent, AgentKey, AgentLink
from server.entities.call_record import CallRecord, HoldFacts, Routing, TriedAgent
from server.entities.contacts import ContactsFound, ContactsQuery
from server.entities.outbox import OutboxEntry, OutboxKind, OutboxStatus
from server.entities.ports import Clock, IdSource
from server.entities.sign_in import Secret, SecretKind, hash_secret
from server.entities.stored_reply import StoredReply
from server.entities.stream import StreamEntry, StreamHead
from server.entities.switch import DialFailure, SwitchCall, SwitchMemory
from server.entities.tenant import Tenant

__all__ = [
    "Agent",
    "AgentKey",
    "AgentLink",
    "CallRecord",
    "Clock",
    "ContactsFound",
    "ContactsQuery",
    "DialFailure",
    "HoldFacts",
    "IdSource",
    "OutboxEntry",
    "OutboxKind",
    "OutboxStatus",
    "Routing",
    "Secret",
    "SecretKind",
    "StoredReply",
    "StreamEntry",
    "StreamHead",
    "SwitchCall",
    "SwitchMemory",
    "Tenant",
    "TriedAgent",
    "hash_secret",
]
