"""How an agent changes, inside a transaction (guide chapter 12, "Understand Agent Statuses")."""

from dataclasses import replace

from connector_py.call_model import AgentInput, AgentSession
from connector_py.entities import (
    AgentConfigResult,
    AgentSnapshot,
    AgentState,
    AgentStateChanged,
    AgentStatusInfo,
    AgentStatusRequested,
    ParticipantType,
    PhoneType,
    WrapUpEnded,
    WrapUpStarted,
)
from server.contact_center.ledger import Ledger
from server.entities import Agent, AgentKey, TenantSettings

_PHONES = (PhoneType.SOFT_PHONE.value, PhoneType.DESK_PHONE.value)


def agent_snapshot(agent: Agent, settings: TenantSettings) -> AgentSnapshot:
    """Return the agent as the connector mirrors it.

    Args:
        agent: The agent.
        settings: Those of the agent's org.
    """
    return AgentSnapshot(
        agent_id=agent.agent_id,
        user_name=agent.user_name,
        full_name=agent.full_name,
        state=agent.state,
        status_info=agent.status_info,
        # During a call it is only remembered.
        wrap_up_call_id=None if agent.state is AgentState.ON_CALL else agent.wrap_up_call_id,
        agent_config=offered_config(agent),
        shared_capabilities=settings.shared_capabilities,
        voice_capabilities=settings.voice_capabilities,
    )


def offered_config(agent: Agent) -> AgentConfigResult:
    """Return what the agent chose, with the phones to choose from (guide chapter 15)."""
    return replace(agent.agent_config, phones=_PHONES)


def call_started(ledger: Ledger, key: AgentKey) -> None:
    """Take an agent out of routing: a call rings, or the agent's own call began."""
    agent = ledger.tx.agent(key)
    if agent is not None and agent.state is not AgentState.ON_CALL:
        _change(ledger, _without_wrap_up(ledger, agent), AgentInput.CALL_STARTED)


def call_ended(ledger: Ledger, key: AgentKey, call_id: str, *, with_wrap_up: bool) -> None:
    """Give an agent back: to wrap-up after a talk, else to the status from before.

    A slow switch may have brought the agent into two calls. Then the agent stays on call until the
    last one is over, and the wrap-up waits for that.
    """
    agent = ledger.tx.agent(key)
    if agent is None or agent.state is not AgentState.ON_CALL:
        return
    agent = replace(agent, wrap_up_call_id=call_id if with_wrap_up else agent.wrap_up_call_id)
    if has_other_call(ledger, key, call_id):
        ledger.save_agent(agent)
    elif agent.wrap_up_call_id is None:
        _change(ledger, agent, AgentInput.CALL_ENDED)
    else:
        ledger.tell(key, WrapUpStarted(call_id=agent.wrap_up_call_id))
        _change(ledger, agent, AgentInput.CALL_ENDED_WITH_WRAP_UP)


def has_other_call(ledger: Ledger, key: AgentKey, call_id: str) -> bool:
    """Tell whether an agent has a part in another call, which is not only listening in."""
    parts = [
        record.agent(key.agent_id)
        for record in ledger.tx.agent_calls(key)
        if record.call_id != call_id
    ]
    return any(
        part is not None and part.participant_type is not ParticipantType.SUPERVISOR
        for part in parts
    )


def wrap_up_ended(ledger: Ledger, agent: Agent) -> None:
    """Make an agent able to take calls again, unless another status was set meanwhile.

    A wrap-up that waits for the end of another call does not begin any more.
    """
    if agent.state is AgentState.ON_CALL:
        ledger.save_agent(replace(agent, wrap_up_call_id=None))
        return
    _change(ledger, _without_wrap_up(ledger, agent), AgentInput.WRAP_UP_ENDED)


def status_set(
    ledger: Ledger, agent: Agent, status: AgentInput, info: AgentStatusInfo | None
) -> None:
    """Set a status; during a call it applies afterwards, during wrap-up it ends the wrap-up.

    Setting a status is what lets an agent be asked again for calls declined or missed before. It
    is newer than what the telephony system wanted for after the call. Who goes offline has no
    work any more: should the end of a work item be lost, the agent still gets calls again.
    """
    before = agent if agent.state is AgentState.ON_CALL else _without_wrap_up(ledger, agent)
    changed = replace(
        before,
        status_info=info or before.status_info,
        status_count=before.status_count + 1,
        requested_status=None,
        open_work=() if status is AgentInput.SET_OFFLINE else before.open_work,
    )
    _change(ledger, changed, status, told=agent)


def status_enqueued(
    ledger: Ledger, agent: Agent, status: AgentInput, info: AgentStatusInfo | None
) -> None:
    """Keep a status for after the wrap-up that goes on (`enqueueNextState`)."""
    changed = replace(agent, pending=status, status_info=info or agent.status_info)
    ledger.save_agent(changed)
    if changed.status_info != agent.status_info:
        told = AgentStateChanged(state=agent.state, status_info=changed.status_info)
        ledger.tell(agent.key, told)


def status_requested(ledger: Ledger, agent: Agent, info: AgentStatusInfo) -> None:
    """Ask Salesforce for another status; during a call it is asked after the wrap-up.

    Guide chapter 12, "Two-Way Agent Status Syncing": Omni-Channel ignores it during a call.
    """
    if agent.state is AgentState.ON_CALL:
        ledger.save_agent(replace(agent, requested_status=info))
    else:
        ledger.tell(agent.key, AgentStatusRequested(status_info=info))


def _without_wrap_up(ledger: Ledger, agent: Agent) -> Agent:
    if agent.wrap_up_call_id is None:
        return agent
    ledger.tell(agent.key, WrapUpEnded(call_id=agent.wrap_up_call_id))
    return replace(agent, wrap_up_call_id=None)


def _change(ledger: Ledger, agent: Agent, input: AgentInput, *, told: Agent | None = None) -> None:
    """Apply an input, write the agent and tell the connector.

    Args:
        ledger: The transaction.
        agent: The agent, with whatever changes beside the state.
        input: What happens.
        told: The agent as the connector knows it, when that differs from `agent`.
    """
    known = told or agent
    session = AgentSession(_bare_snapshot(agent), agent.pending).take(input)
    state = session.agent.state
    # Whoever becomes available again waits behind those who were available all the time.
    since = agent.available_since if agent.state is AgentState.AVAILABLE else ledger.at
    changed = replace(
        agent,
        state=state,
        pending=session.pending,
        available_since=since if state is AgentState.AVAILABLE else None,
    )
    # After-call work goes on: another status in Omni-Channel would end it.
    is_busy = state in (AgentState.ON_CALL, AgentState.AFTER_CALL_WORK)
    requested = None if is_busy else changed.requested_status
    ledger.save_agent(changed if requested is None else replace(changed, requested_status=None))
    if (state, changed.status_info) != (known.state, known.status_info):
        ledger.tell(agent.key, AgentStateChanged(state=state, status_info=changed.status_info))
    if requested is not None:
        ledger.tell(agent.key, AgentStatusRequested(status_info=requested))


def _bare_snapshot(agent: Agent) -> AgentSnapshot:
    return AgentSnapshot(
        agent_id=agent.agent_id,
        user_name=agent.user_name,
        full_name=agent.full_name,
        state=agent.state,
    )
