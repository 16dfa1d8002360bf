"""A hint that something was written."""

from dataclasses import dataclass
from enum import StrEnum

from server.entities import AgentKey


class HintKind(StrEnum):
    """What there is to look at."""

    STREAM = "stream"
    """The agent's stream grew."""
    REPLACED = "replaced"
    """Another connector speaks for the agent: `instance_id`. All others close their link."""
    SIGNED_OUT = "signed_out"
    """The agent's session is over: every link of the agent closes."""
    OVERVIEW = "overview"
    """Something of the tenant changed: an agent or a call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """Says where to look; never what is there."""

    topic: str
    kind: HintKind
    instance_id: str | None = None


def agent_topic(agent: AgentKey) -> str:
    """Return the topic of an agent's stream and link."""
    return f"agent/{agent.tenant_id}/{agent.agent_id}"


def tenant_topic(tenant_id: str) -> str:
    """Return the topic of everything that happens in a tenant."""
    return f"tenant/{tenant_id}"
