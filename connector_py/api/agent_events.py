"""Events of the agent: status, after-call work, messages (connector-api.md 3.1)."""

from connector_py.api.changes import Change, Events, event
from connector_py.entities import (
    AfterConversationWorkEnded,
    AfterConversationWorkStarted,
    AgentSnapshot,
    AgentStateChanged,
    AgentStatusRequested,
    AgentVendorStatusInfo,
    CallState,
    MessageReceived,
    SharedEventType,
    StateChangeResult,
    TransferViewRequested,
    VoiceEventType,
    WrapUpEnded,
    WrapUpStarted,
)


def vendor_status(agent: AgentSnapshot) -> AgentVendorStatusInfo:
    """Return the agent's status: Salesforce's as it was set last, ours as the type."""
    info = agent.status_info
    return AgentVendorStatusInfo(
        status_id=info.status_id if info else None,
        status_type=agent.state.value,
        status_name=info.status_name if info else None,
    )


def _named_status(agent: AgentSnapshot) -> AgentVendorStatusInfo:
    """As `vendor_status`; a change of state must have a name, so the type is one if need be."""
    status = vendor_status(agent)
    return AgentVendorStatusInfo(
        status_id=status.status_id,
        status_type=status.status_type,
        status_name=status.status_name or status.status_type,
    )


def state_changed(change: Change, notification: AgentStateChanged) -> Events:
    """What the switch may do with the agent changed; the same again is no news."""
    del notification
    old, new = change.old_agent, change.new_agent
    if new is None:
        return ()
    if old is not None and (old.state, old.status_info) == (new.state, new.status_info):
        return ()
    result = StateChangeResult(
        new_vendor_state_info=_named_status(new),
        old_vendor_state_info=None if old is None else _named_status(old),
    )
    return event(SharedEventType.STATE_CHANGE, result)


def status_requested(change: Change, notification: AgentStatusRequested) -> Events:
    """The telephony system wants another presence status."""
    del change
    return event(SharedEventType.SET_AGENT_STATUS, notification.status_info)


def wrap_up_started(change: Change, notification: WrapUpStarted) -> Events:
    """After-call work began, on the call as Salesforce knows this agent's part of it."""
    payload = {"callId": _call_key(change, notification)}
    return event(VoiceEventType.AFTER_CALL_WORK_STARTED, payload)


def wrap_up_ended(change: Change, notification: WrapUpEnded) -> Events:
    """It is over; Sales Engagement goes on by these fields (guide chapter 11)."""
    payload = {"callId": _call_key(change, notification), "callStatus": CallState.ENDED.value}
    if change.ended is not None and change.ended.call_type is not None:
        payload["callType"] = change.ended.call_type.value.lower()
    return event(VoiceEventType.WRAP_UP_ENDED, payload)


def _call_key(change: Change, notification: WrapUpStarted | WrapUpEnded) -> str:
    return notification.call_id if change.ended is None else change.ended.call_key


def conversation_work_started(change: Change, notification: AfterConversationWorkStarted) -> Events:
    """The agent wraps up a conversation, by its work item."""
    del change
    return event(SharedEventType.AFTER_CONVERSATION_WORK_STARTED, notification.acw_info)


def conversation_work_ended(change: Change, notification: AfterConversationWorkEnded) -> Events:
    """That is over."""
    del change
    return event(SharedEventType.AFTER_CONVERSATION_WORK_ENDED, notification.acw_info)


def transfer_view_requested(change: Change, notification: TransferViewRequested) -> Events:
    """Salesforce is to open its transfer view (guide chapter 9)."""
    del change
    return event(VoiceEventType.SHOW_TRANSFER_VIEW, notification.payload)


def message_received(change: Change, notification: MessageReceived) -> Events:
    """The telephony system says something to components of the page."""
    del change
    return event(SharedEventType.MESSAGE, notification.message)
