"""An agent, as the server keeps it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from connector_py.call_model import AgentInput
from connector_py.entities import (
    AgentConfigResult,
    AgentState,
    AgentStatusInfo,
    AgentWork,
    PhoneType,
    WorkEvent,
)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class AgentKey:
    """Who it is, everywhere. An agent id means nothing without its tenant."""

    tenant_id: str
    agent_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentLink:
    """The connector that speaks for an agent."""

    instance_id: str
    """Changes with every load of the connector's page; only the newest counts."""
    is_open: bool
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWork:
    """An item of an agent's work in Omni-Channel that is not closed yet."""

    work: AgentWork
    """Which item, and what happened to it last."""
    at: datetime
    """When that happened."""
    takes_capacity: bool = False
    """Whether the agent gets no call before it is closed: a contact request that was accepted
    (guide chapter 9, "Let Agents Control the Callback Experience")."""

    @property
    def is_in_hand(self) -> bool:
        """Whether the agent works on it now: accepted, and not put aside."""
        return self.work.work_event not in (WorkEvent.ASSIGNED, WorkEvent.PAUSED)

    def is_about(self, work: AgentWork) -> bool:
        """Tell whether it is the same item."""
        known = self.work
        if work.work_id and known.work_id:
            return work.work_id == known.work_id
        return work.work_item_id is not None and work.work_item_id == known.work_item_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """One agent of a tenant."""

    tenant_id: str
    agent_id: str
    """Salesforce user id when it is known, else the user name."""
    user_name: str
    full_name: str
    state: AgentState = AgentState.OFFLINE
    status_info: AgentStatusInfo | None = None
    """The Salesforce presence status that was set last."""
    pending: AgentInput | None = None
    """The status that applies when the call, and its wrap-up, is over; None is "available"."""
    status_count: int = 0
    """How often a status was set; whoever sets one may be asked again for a call that failed."""
    wrap_up_call_id: str | None = None
    """The call that is wrapped up; during a call, one that is wrapped up when that is over."""
    available_since: datetime | None = None
    """Set while AVAILABLE; the earliest gets the next call."""
    agent_config: AgentConfigResult = field(default_factory=AgentConfigResult)
    requested_status: AgentStatusInfo | None = None
    """What the telephony system wants Salesforce to set once the agent is off the call."""
    open_work: tuple[OpenWork, ...] = ()
    """The agent's work in Omni-Channel, as far as Salesforce told."""
    link: AgentLink | None = None

    @property
    def key(self) -> AgentKey:
        """Who it is."""
        return AgentKey(tenant_id=self.tenant_id, agent_id=self.agent_id)

    @property
    def has_softphone(self) -> bool:
        """Whether the agent talks in the browser, not at the desk phone."""
        return self.agent_config.selected_phone.type is PhoneType.SOFT_PHONE

    @property
    def has_capacity(self) -> bool:
        """Whether no other work keeps calls away."""
        return not keeps_calls_away(self.open_work)


def keeps_calls_away(work: Iterable[OpenWork]) -> bool:
    """Whether an agent with this open work gets no call before some of it is closed."""
    return any(one.takes_capacity and one.is_in_hand for one in work)
