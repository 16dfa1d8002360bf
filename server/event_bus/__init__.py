"""Hints between the parts of the server, and between nodes when it is scaled."""

from server.event_bus.base import EventBus, Subscription
from server.event_bus.factory import UnknownBusError, open_event_bus
from server.event_bus.memory import MemoryEventBus
from server.event_bus.message import Hint, HintKind, agent_topic, tenant_topic

__all__ = [
    "EventBus",
    "Hint",
    "HintKind",
    "MemoryEventBus",
    "Subscription",
    "UnknownBusError",
    "agent_topic",
    "open_event_bus",
    "tenant_topic",
]
