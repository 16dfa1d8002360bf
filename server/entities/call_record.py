"""A call, as the server keeps it: what everybody sees, and the facts of routing."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from connector_py.entities import (
    AudioStatsElement,
    CallSnapshot,
    ContactType,
    ParticipantSnapshot,
    ParticipantState,
    ParticipantType,
    RecordingState,
)
from server.entities.agent import Agent
from server.entities.salesforce import FlowOrder


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
class LegRouting:
    """The way of one added party to an agent: to one in particular, from a queue, by a flow.

    The called side of a call between agents has one too.
    """

    participant_id: str
    routing: Routing
    added_at: datetime
    """When somebody asked for it; it waits since then."""
    name: str | None = None
    """What was asked for: the name of the agent, the queue or the flow."""
    entry_id: str | None = None
    """The order to create its VoiceCall; None when Salesforce makes that itself."""
    wanted_agent_id: str | None = None
    """Gets the leg first, when able."""
    queue_id: str | None = None
    queue_name: str | None = None
    flow_dev_name: str | None = None
    """The Omni-Channel flow that is to say who gets it."""
    tried_agents: tuple[TriedAgent, ...] = ()
    """Not asked again until they set a status anew."""
    ring_deadline: datetime | None = None
    """Set while OFFERED: when it counts as missed."""
    answered_at: datetime | None = None
    is_routing_cleared: bool = False
    """Whether Salesforce was told to forget its routing, and it rang nowhere since."""

    def may_be_offered_to(self, agent: Agent) -> bool:
        """Whether the agent was not asked yet, or has set a status since."""
        return _tried(agent) not in self.tried_agents

    def with_tried(self, agent: Agent) -> "LegRouting":
        """Return the leg after the agent was asked in vain."""
        return replace(self, tried_agents=_with_tried(self.tried_agents, agent))


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceQuality:
    """How the call sounded to one agent (guide chapter 11, "Mean Opinion Score")."""

    agent_id: str
    score: float | None = None
    """By the E-model, from 1 to 5; None without a measurement."""
    samples: tuple[AudioStatsElement, ...] = ()
    """Kept until the last ones have come."""
    is_completed: bool = False
    """Whether the last ones have come; later ones do not count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedRecording:
    """Where Salesforce was told that a recording is."""

    key: str
    """Of the VoiceCall: the call's id, or the participant id of an added party."""
    location: str
    seconds: int


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
    flow: FlowOrder | None = None
    """Set when a flow of Salesforce is to say who gets the call."""
    tried_agents: tuple[TriedAgent, ...] = ()
    """Not asked again until they set a status anew."""
    ring_deadline: datetime | None = None
    """Set while OFFERED: when the call counts as missed."""
    answered_at: datetime | None = None
    answered_by: str | None = None
    """Agent id of who took the call last."""
    is_voice_call_told: bool = False
    """Whether the agents on the call know the VoiceCall id."""
    is_routing_cleared: bool = False
    """Whether Salesforce was told to forget its routing, and it rang nowhere since."""
    wants_callback: bool = False
    """Whether a callback was asked for in it, instead of waiting."""
    holds: HoldFacts = field(default_factory=HoldFacts)
    voice_quality: tuple[VoiceQuality, ...] = ()
    recordings: tuple[PublishedRecording, ...] = ()
    legs: tuple[LegRouting, ...] = ()
    """Added parties that go to agents, also those that have left."""
    talked: tuple[str, ...] = ()
    """Participant ids of the agents who have talked with somebody; they wrap up afterwards."""

    @property
    def call_id(self) -> str:
        """Salesforce's vendorCallKey."""
        return self.call.call_id

    @property
    def is_over(self) -> bool:
        """Whether everybody has left."""
        return self.call.ended_at is not None

    def key_of(self, name: str) -> str:
        """Return the vendorCallKey that an id, a VoiceCall's too, stands for.

        That of an added party, when the id is theirs; else the call's.
        """
        for one in self.call.participants:
            is_added = one.participant_type is ParticipantType.THIRD_PARTY
            if is_added and name in (one.participant_id, one.voice_call_id):
                return one.participant_id
        return self.call_id

    def recording_of(self, key: str) -> PublishedRecording | None:
        """Return the recording of a VoiceCall that was published last, if any; by vendorCallKey."""
        found = [one for one in self.recordings if one.key == key]
        return found[-1] if found else None

    @property
    def was_recorded(self) -> bool:
        """Whether the recorder ran, and the call is over."""
        return self.is_over and self.call.recording is not RecordingState.OFF

    @property
    def is_waiting(self) -> bool:
        """Whether an agent is to be found now, for the call or for somebody who was added."""
        return not self.is_over and (self.routing is Routing.WAITING or bool(self.waiting_legs))

    @property
    def waiting_legs(self) -> tuple[LegRouting, ...]:
        """The added parties for whom an agent is to be found now."""
        return tuple(
            leg
            for leg in self.legs
            if leg.routing is Routing.WAITING and self.party(leg.participant_id) is not None
        )

    def leg(self, participant_id: str) -> LegRouting | None:
        """Return how an added party goes to an agent; None when it does not."""
        for leg in self.legs:
            if leg.participant_id == participant_id:
                return leg
        return None

    def with_leg(self, changed: LegRouting) -> "CallRecord":
        """Return the record with one leg new or changed."""
        others = tuple(leg for leg in self.legs if leg.participant_id != changed.participant_id)
        return replace(self, legs=(*others, changed))

    def is_for_one_agent(self, leg: LegRouting) -> bool:
        """Whether nobody else gets a leg when the agent it is meant for does not take it.

        So it is for a call to an agent, and for an agent who was added by somebody who is still
        there; once that one has left, as in a blind transfer, the customer is not left alone.
        """
        party = self.party(leg.participant_id)
        if party is None or party.contact_type is not ContactType.AGENT:
            return False
        is_called = party.participant_type is ParticipantType.INITIAL_CALLER
        return is_called or (party.added_by is not None and self.party(party.added_by) is not None)

    def may_be_offered_to(self, agent: Agent) -> bool:
        """Whether the agent was not asked yet, or has set a status since."""
        return _tried(agent) not in self.tried_agents

    def with_tried(self, agent: Agent) -> "CallRecord":
        """Return the record after the agent was asked in vain."""
        return replace(self, tried_agents=_with_tried(self.tried_agents, agent))

    def party(self, participant_id: str) -> ParticipantSnapshot | None:
        """Return one party, unless it has left."""
        for participant in self.call.participants:
            if participant.participant_id == participant_id:
                return None if participant.state is ParticipantState.ENDED else participant
        return None

    @property
    def parties(self) -> tuple[ParticipantSnapshot, ...]:
        """Everybody who is there, but supervisors; with fewer than two a call is over."""
        return tuple(
            participant
            for participant in self.call.participants
            if participant.state is not ParticipantState.ENDED
            and participant.participant_type is not ParticipantType.SUPERVISOR
        )

    def agent(self, agent_id: str) -> ParticipantSnapshot | None:
        """Return the agent's part in the call, whatever its type, unless the agent has left."""
        for participant in self.agents:
            if participant.agent_id == agent_id:
                return participant
        return None

    def supervisor(self, agent_id: str) -> ParticipantSnapshot | None:
        """Return the agent's part as one who listens in, unless the agent has left."""
        own = self.agent(agent_id)
        is_supervisor = own is not None and own.participant_type is ParticipantType.SUPERVISOR
        return own if is_supervisor else None

    @property
    def agents(self) -> tuple[ParticipantSnapshot, ...]:
        """Parts of agents whose phone rings or who are on the call, supervisors too."""
        return tuple(
            participant
            for participant in self.call.participants
            if participant.agent_id is not None and participant.state is not ParticipantState.ENDED
        )

    @property
    def customer(self) -> ParticipantSnapshot | None:
        """The first customer of the call."""
        for participant in self.call.participants:
            if participant.participant_type is ParticipantType.INITIAL_CALLER:
                return participant
        return None


def _tried(agent: Agent) -> TriedAgent:
    return TriedAgent(agent_id=agent.agent_id, status_count=agent.status_count)


def _with_tried(tried: tuple[TriedAgent, ...], agent: Agent) -> tuple[TriedAgent, ...]:
    others = tuple(one for one in tried if one.agent_id != agent.agent_id)
    return (*others, _tried(agent))
