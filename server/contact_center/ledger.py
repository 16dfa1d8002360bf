"""One transaction of the contact center, and what follows from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from connector_py.call_model import Call
from connector_py.entities import AgentState, Notification
from server.entities import Agent, AgentKey, CallRecord
from server.event_bus import Hint, HintKind, agent_topic, tenant_topic
from server.store import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteCalls:
    """Somebody may be able to take a waiting call."""

    tenant_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnounceCall:
    """Salesforce is to be told of a new call before it rings."""

    tenant_id: str
    call_id: str
    entry_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchRinging:
    """A call rings at an agent, who has until the deadline."""

    tenant_id: str
    call_id: str
    participant_id: str
    deadline: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceLeg:
    """Somebody was added, or called, who is to be an agent: one is to be found.

    Salesforce is told before, when it is to make a VoiceCall of it or to run a flow.
    """

    tenant_id: str
    call_id: str
    participant_id: str
    wanted_agent_id: str | None = None
    """Kept free until it rings there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBackOffer:
    """The switch let a call ring at an agent when that was not wanted any more."""

    call_id: str
    agent: AgentKey


FollowUp = RouteCalls | AnnounceCall | WatchRinging | PlaceLeg | TakeBackOffer


class Ledger:
    """Writes state and the agents' streams together, and remembers whom to wake.

    Args:
        tx: The transaction.
        at: The moment of all that is written.
        cause: Id of the command that makes it happen.
        desk_phone_of: Who makes it happen at the desk phone, when somebody does.
    """

    def __init__(
        self,
        tx: Transaction,
        *,
        at: datetime,
        cause: str | None = None,
        desk_phone_of: AgentKey | None = None,
    ) -> None:
        self.tx = tx
        self.at = at
        self._cause = cause
        self._desk_phone_of = desk_phone_of
        self._hints: dict[Hint, None] = {}
        self._follow_ups: dict[FollowUp, None] = {}

    @property
    def hints(self) -> Sequence[Hint]:
        """What to publish when everything is written."""
        return tuple(self._hints)

    @property
    def follow_ups(self) -> Sequence[FollowUp]:
        """What to begin when everything is written."""
        return tuple(self._follow_ups)

    def is_at_softphone(self, agent: Agent) -> bool:
        """Whether a call that begins now begins at the agent's softphone (guide chapter 15)."""
        return agent.has_softphone and agent.key != self._desk_phone_of

    def tell(self, agent: AgentKey, notification: Notification) -> None:
        """Add to an agent's stream."""
        self.tx.append(agent, notification, cause=self._cause, at=self.at)
        self._hints[Hint(topic=agent_topic(agent), kind=HintKind.STREAM)] = None

    def tell_agents(
        self, record: CallRecord, notification: Notification, *, but: str | None = None
    ) -> None:
        """Add to the streams of everybody on a call.

        Args:
            record: The call.
            notification: What happened to it.
            but: Id of an agent who is told something else.
        """
        for participant in record.agents:
            if participant.agent_id is not None and participant.agent_id != but:
                self.tell(agent_key(record, participant.agent_id), notification)

    def save_call(self, record: CallRecord) -> None:
        """Write a call."""
        self.tx.save_call(record)
        self._overview_changed(record.tenant_id)
        if record.is_waiting:
            self.follow(RouteCalls(tenant_id=record.tenant_id))

    def save_agent(self, agent: Agent) -> None:
        """Write an agent."""
        self.tx.save_agent(agent)
        self._overview_changed(agent.tenant_id)
        if agent.state is AgentState.AVAILABLE:
            self.follow(RouteCalls(tenant_id=agent.tenant_id))

    def replace_link(self, agent: AgentKey, instance_id: str) -> None:
        """Close every link of the agent but the newest."""
        hint = Hint(topic=agent_topic(agent), kind=HintKind.REPLACED, instance_id=instance_id)
        self._hints[hint] = None

    def end_links(self, agent: AgentKey) -> None:
        """Close every link of the agent: the session is over."""
        self._hints[Hint(topic=agent_topic(agent), kind=HintKind.SIGNED_OUT)] = None

    def follow(self, follow_up: FollowUp) -> None:
        """Begin something when everything is written."""
        self._follow_ups[follow_up] = None

    def _overview_changed(self, tenant_id: str) -> None:
        self._hints[Hint(topic=tenant_topic(tenant_id), kind=HintKind.OVERVIEW)] = None


def agent_key(record: CallRecord, agent_id: str) -> AgentKey:
    """Return who an agent of a call is."""
    return AgentKey(tenant_id=record.tenant_id, agent_id=agent_id)


def is_talking(record: CallRecord, agent_id: str) -> bool:
    """Whether an agent is connected with somebody: the other side, or who is left of the call."""
    return Call(record.call).is_connected(agent_id)
