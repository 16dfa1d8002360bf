"""What an operator can choose of the contact center, and what it tells about itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.contact_center.ports import SalesforcePort
from server.contact_center.recordings import Recordings
from server.entities import Agent, CallRecord, Clock, IdSource
from server.event_bus import EventBus
from server.pbx import Pbx, PbxListener
from server.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class CenterSettings:
    """Times in seconds; what the agents may do is each org's own choice (`TenantSettings`)."""

    no_answer_seconds: float = 20.0
    """How long a call rings at an agent before it counts as missed."""
    salesforce_seconds: float = 3.0
    """How long an arriving call waits for its VoiceCall before it is routed anyway."""
    link_grace_seconds: float = 15.0
    """How long an agent gets calls after the connector's line broke."""
    switch_seconds: float = 5.0
    """How long the switch may take for what it was asked."""
    replay_limit: int = 300
    """Most notifications that a returning connector gets instead of a snapshot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CenterParts:
    """What the contact center is made of; `server.app` puts it together."""

    store: Store
    pbx: Pbx
    bus: EventBus
    salesforce: SalesforcePort
    clock: Clock
    ids: IdSource
    recordings: Recordings | None = None
    """None when this server keeps no recordings."""
    overhear: PbxListener | None = None
    """Hears every event of the switch as well; what it raises is logged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentOverview:
    """An agent as others see it."""

    agent: Agent
    is_connected: bool
    """Whether a connector speaks for the agent now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """All agents and all active calls of a tenant."""

    agents: Sequence[AgentOverview]
    calls: Sequence[CallRecord]
