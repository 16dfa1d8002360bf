"""The agent: what the switch may do with them, and what they asked for meanwhile."""

from dataclasses import dataclass, replace
from types import MappingProxyType

from connector_py.call_model.states import AGENT, AgentInput, is_status_input, next_state
from connector_py.entities import (
    AgentConfigChanged,
    AgentSnapshot,
    AgentState,
    AgentStateChanged,
    CapabilitiesChanged,
    Notification,
    WrapUpEnded,
    WrapUpStarted,
)
from connector_py.errors import UnknownTransitionError

_STATUS_BEFORE_CALL = MappingProxyType(
    {AgentState.BUSY: AgentInput.SET_BUSY, AgentState.OFFLINE: AgentInput.SET_OFFLINE}
)


@dataclass(frozen=True, slots=True)
class AgentSession:
    """An agent with the rules of how they may change.

    Args:
        agent: The agent as they are now.
        pending: The status that applies once the call, and its wrap-up, are over; None is
            "available".
    """

    agent: AgentSnapshot
    pending: AgentInput | None = None

    def take(self, input: AgentInput) -> "AgentSession":
        """Return the session as an input makes it; the server decides by this.

        A status that is set during a call is remembered and applies afterwards, and so does the
        one in which the agent placed the call. A status that is set during wrap-up ends the
        wrap-up (guide chapter 12, "Understand Agent Statuses").

        Raises:
            UnknownTransitionError: The agent's state does not know this input.
        """
        before = self.agent.state
        if before is AgentState.ON_CALL and is_status_input(input):
            return replace(self, pending=input)
        after = next_state(AGENT, before, input)
        pending = self.pending
        if input is AgentInput.CALL_STARTED:
            pending = _STATUS_BEFORE_CALL.get(before, pending)
        elif after is not AgentState.AFTER_CALL_WORK:
            if pending is not None and not is_status_input(input):
                after = next_state(AGENT, after, pending)
            pending = None
        return AgentSession(replace(self.agent, state=after), pending)

    def apply(self, notification: Notification) -> "AgentSession":
        """Return the session as the server says it is; the connector mirrors by this.

        Notifications about calls change nothing here.

        Raises:
            UnknownTransitionError: The wrap-up of a call ends that is not being wrapped up.
        """
        agent = self.agent
        if isinstance(notification, AgentStateChanged):
            info = notification.status_info or agent.status_info
            agent = replace(agent, state=notification.state, status_info=info)
        elif isinstance(notification, AgentConfigChanged):
            agent = replace(agent, agent_config=notification.agent_config)
        elif isinstance(notification, CapabilitiesChanged):
            agent = replace(
                agent,
                shared_capabilities=notification.shared_capabilities,
                voice_capabilities=notification.voice_capabilities,
            )
        elif isinstance(notification, WrapUpStarted):
            agent = replace(agent, wrap_up_call_id=notification.call_id)
        elif isinstance(notification, WrapUpEnded):
            if notification.call_id != agent.wrap_up_call_id:
                raise UnknownTransitionError(
                    "wrap_up", str(agent.wrap_up_call_id), notification.name
                )
            agent = replace(agent, wrap_up_call_id=None)
        return replace(self, agent=agent)
