"""Who gets which call: pure."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime

from connector_py.entities import AgentState
from server.entities import Agent, AgentKey, CallRecord, LegRouting, Routing

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A call, or somebody who was added to it, that is to ring at an agent."""

    call_id: str
    agent: AgentKey
    leg_id: str | None = None
    """Participant id of who was added."""

    @property
    def waiting_id(self) -> str:
        """What waits: the call, or the added party."""
        return self.leg_id or self.call_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Hopeless:
    """Somebody was asked for by name, and cannot take the call now."""

    tenant_id: str
    call_id: str
    leg_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A call that came in, or an added party, for whom an agent is to be found."""

    record: CallRecord
    leg: LegRouting | None = None

    @property
    def waiting_id(self) -> str:
        """What waits: the call, or the added party."""
        return self.record.call_id if self.leg is None else self.leg.participant_id

    @property
    def since(self) -> datetime:
        """Since when it waits."""
        call = self.record.call
        return (call.queued_at or call.started_at) if self.leg is None else self.leg.added_at

    @property
    def wanted_agent_id(self) -> str | None:
        """Who gets it first."""
        return self.record.wanted_agent_id if self.leg is None else self.leg.wanted_agent_id

    @property
    def is_for_one_agent(self) -> bool:
        """Whether nobody else gets it: who was asked for by name, or chosen by Salesforce alone."""
        if self.leg is not None:
            return self.record.is_for_one_agent(self.leg)
        flow = self.record.flow
        return flow is not None and flow.is_binding and self.wanted_agent_id is not None

    def may_be_offered_to(self, agent: Agent) -> bool:
        """Whether an agent who is able may get it: not asked yet, and not on the call.

        Who listens to it gets it when asked for by name, and leaves it as a supervisor first.
        """
        asked = self.record if self.leg is None else self.leg
        is_wanted = agent.agent_id == self.wanted_agent_id
        is_meant = is_wanted or not self.is_for_one_agent
        can_leave = is_wanted and self.record.supervisor(agent.agent_id) is not None
        is_there = self.record.agent(agent.agent_id) is not None and not can_leave
        return is_meant and not is_there and asked.may_be_offered_to(agent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """Who gets what, and who is not going to be reached."""

    offers: Sequence[Offer]
    hopeless: Sequence[Hopeless]


def waiting_of(record: CallRecord) -> Iterator[Waiting]:
    """Yield everything of a call that waits for an agent."""
    if record.routing is Routing.WAITING and not record.is_over:
        yield Waiting(record=record)
    for leg in record.waiting_legs:
        yield Waiting(record=record, leg=leg)


def find_waiting(record: CallRecord, offer: Offer) -> Waiting | None:
    """Return what an offer is about; None when that does not wait any more."""
    for waiting in waiting_of(record):
        if waiting.waiting_id == offer.waiting_id:
            return waiting
    return None


def is_routable(agent: Agent, linked_after: datetime) -> bool:
    """Whether an agent may get a call.

    Args:
        agent: The agent.
        linked_after: A connector whose line broke before this does not count any more.
    """
    link = agent.link
    if not is_free(agent) or link is None:
        return False
    return link.is_open or (link.closed_at is not None and link.closed_at >= linked_after)


def is_free(agent: Agent) -> bool:
    """Whether an agent, as far as status and work go, may get a call."""
    return agent.state is AgentState.AVAILABLE and agent.has_capacity


def match(
    waiting: Sequence[Waiting],
    able: Sequence[Agent],
    owners: Mapping[AgentKey, str],
    resting: AbstractSet[tuple[str, AgentKey]] = frozenset(),
) -> Matches:
    """Return who gets which call: what waits longest chooses first.

    A call goes to the agent it is meant for, when able, else to the one available longest; never
    to one who had it already.

    Args:
        waiting: What waits.
        able: Agents who may get a call.
        owners: For which call an agent is kept free, if for any.
        resting: By `waiting_id`, which agents the switch could not reach for it just now.
    """
    left = sorted(able, key=lambda agent: (agent.available_since or _NEVER, agent.agent_id))
    offers: list[Offer] = []
    hopeless: list[Hopeless] = []
    for one in sorted(waiting, key=lambda found: (found.since, found.waiting_id)):
        rested = [agent for agent in left if (one.waiting_id, agent.key) not in resting]
        agent = _choose(one, rested, owners)
        leg_id = None if one.leg is None else one.leg.participant_id
        if agent is not None:
            left.remove(agent)
            offers.append(Offer(call_id=one.record.call_id, leg_id=leg_id, agent=agent.key))
        elif one.is_for_one_agent and leg_id is not None and not _is_undecided(one, owners):
            record = one.record
            hopeless.append(
                Hopeless(tenant_id=record.tenant_id, call_id=record.call_id, leg_id=leg_id)
            )
    return Matches(offers=offers, hopeless=hopeless)


def _choose(
    waiting: Waiting, able: Sequence[Agent], owners: Mapping[AgentKey, str]
) -> Agent | None:
    candidates = [agent for agent in able if waiting.may_be_offered_to(agent)]
    for agent in candidates:
        is_wanted = agent.agent_id == waiting.wanted_agent_id
        if is_wanted and owners.get(agent.key) in (None, waiting.record.call_id):
            return agent
    return next((agent for agent in candidates if owners.get(agent.key) is None), None)


def _is_undecided(waiting: Waiting, owners: Mapping[AgentKey, str]) -> bool:
    """Whether the wanted agent is being asked about another call, which may come to nothing."""
    if waiting.wanted_agent_id is None:
        return False
    wanted = AgentKey(tenant_id=waiting.record.tenant_id, agent_id=waiting.wanted_agent_id)
    return owners.get(wanted) not in (None, waiting.record.call_id)
