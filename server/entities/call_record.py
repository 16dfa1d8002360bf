"""A call, as the server keeps it: what everybody sees, and the facts of routing."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from connector_py.entities import (
    CallSnapshot,
    ParticipantSnapshot,
    ParticipantState,
    ParticipantType,
)
from server.entities.agent import Agent


class Routing(StrEnum):
    """Where a call stands on its way to an agent."""

    ANNOUNCING = "announcing"
    """Salesforce is being told; the call waits for that, but never long."""
    WAITING = "waiting"
    """Nobody could take it yet."""
    OFFERED = "offered"
    """It rings at an agent."""
    ANSWERED = "answered"
    """An agent took it, or started it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldFacts:
    """How often and how long the customer was on hold, in whole seconds."""

    count: int = 0
    longest_seconds: int = 0
    since: datetime | None = None
    """Set while on hold."""

    def started(self, at: datetime) -> "HoldFacts":
        """Return the facts after a hold began."""
        return replace(self, count=self.count + 1, since=at)

    def ended(self, at: datetime) -> "HoldFacts":
        """Return the facts after the hold, if any, ended."""
        if self.since is None:
            return self
        seconds = max(0, int((at - self.since).total_seconds()))
        return replace(self, longest_seconds=max(self.longest_seconds, seconds), since=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedAgent:
    """Somebody who declined or missed a call, or whose phone could not be reached."""

    agent_id: str
    status_count: int
    """The agent's `status_count` at that time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """One call of a tenant."""

    tenant_id: str
    call: CallSnapshot
    from_number: str
    to_number: str
    routing: Routing
    wanted_agent_id: str | None = None
    """Gets the call first, when able."""
    tried_agents: tuple[TriedAgent, ...] = ()
    """Not asked again until they set a status anew."""
    ring_deadline: datetime | None = None
    """Set while OFFERED: when the call counts as missed."""
    answered_at: datetime | None = None
    answered_by: str | None = None
    """Agent id of who took the call last."""
    is_voice_call_told: bool = False
    """Whether the agents on the call know the VoiceCall id."""
    holds: HoldFacts = field(default_factory=HoldFacts)

    @property
    def call_id(self) -> str:
        """Salesforce's vendorCallKey."""
        return self.call.call_id

    @property
    def is_over(self) -> bool:
        """Whether everybody has left."""
        return self.call.ended_at is not None

    @property
    def is_waiting(self) -> bool:
        """Whether an agent is to be found now."""
        return self.routing is Routing.WAITING and not self.is_over

    def may_be_offered_to(self, agent: Agent) -> bool:
        """Whether the agent was not asked yet, or has set a status since."""
        tried = TriedAgent(agent_id=agent.agent_id, status_count=agent.status_count)
        return tried not in self.tried_agents

    def with_tried(self, agent: Agent) -> "CallRecord":
        """Return the record after the agent was asked in vain."""
        tried = TriedAgent(agent_id=agent.agent_id, status_count=agent.status_count)
        others = tuple(one for one in self.tried_agents if one.agent_id != agent.agent_id)
        return replace(self, tried_agents=(*others, tried))

    def agent(self, agent_id: str) -> ParticipantSnapshot | None:
        """Return the agent's part in the call, unless the agent has left."""
        for participant in self.agents:
            if participant.agent_id == agent_id:
                return participant
        return None

    @property
    def agents(self) -> tuple[ParticipantSnapshot, ...]:
        """Agents whose phone rings or who are on the call."""
        return tuple(
            participant
            for participant in self.call.participants
            if participant.participant_type is ParticipantType.AGENT
            and participant.state is not ParticipantState.ENDED
        )

    @property
    def customer(self) -> ParticipantSnapshot | None:
        """The first customer of the call."""
        for participant in self.call.participants:
            if participant.participant_type is ParticipantType.INITIAL_CALLER:
                return participant
        return None
