"""An agent, as the server keeps it."""

from dataclasses import dataclass, field
from datetime import datetime

from connector_py.call_model import AgentInput
from connector_py.entities import AgentConfigResult, AgentState, AgentStatusInfo


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
    available_since: datetime | None = None
    """Set while AVAILABLE; the earliest gets the next call."""
    agent_config: AgentConfigResult = field(default_factory=AgentConfigResult)
    link: AgentLink | None = None

    @property
    def key(self) -> AgentKey:
        """Who it is."""
        return AgentKey(tenant_id=self.tenant_id, agent_id=self.agent_id)
