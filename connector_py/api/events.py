"""What Salesforce is told when something happens (connector-api.md 3.1)."""

from dataclasses import dataclass, replace
from typing import Any

from connector_py.call_model import Call, CallRegistry, to_phone_calls
from connector_py.entities import (
    AgentStatusRequested,
    CallEnded,
    CallResult,
    CallStarted,
    CallUpdated,
    HangupResult,
    HoldToggleResult,
    MessageReceived,
    MuteToggleResult,
    Notification,
    ParticipantConnected,
    ParticipantHeld,
    ParticipantMuted,
    ParticipantResumed,
    ParticipantState,
    ParticipantType,
    ParticipantUnmuted,
    PhoneCall,
    RecordingPaused,
    RecordingResumed,
    RecordingState,
    RecordingToggleResult,
    SharedEventType,
    VoiceEventType,
    WrapUpEnded,
    WrapUpStarted,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event for Salesforce: its type, and a result entity or plain JSON."""

    event_type: str
    payload: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A notification with the call before and after it; None where there was or is no call."""

    notification: Notification
    agent_id: str | None
    before: Call | None = None
    after: Call | None = None


def phone_calls_of(call: Call | None, agent_id: str | None) -> tuple[PhoneCall, ...]:
    """Return how a call looks to Salesforce; nothing for no call."""
    return () if call is None else to_phone_calls(call.snapshot, agent_id=agent_id)


def calls_after(change: Change) -> tuple[PhoneCall, ...]:
    """Return how the call looks to Salesforce after a change.

    A call that ended says why (guide, "Handling Missed Calls and Call Errors").
    """
    notification = change.notification
    calls = phone_calls_of(change.after, change.agent_id)
    if not isinstance(notification, CallEnded):
        return calls
    return tuple(
        replace(
            call,
            reason=notification.reason.value,
            agent_status=notification.agent_status and notification.agent_status.value,
            # The guide wants true or false with every end.
            close_call_on_error=bool(notification.close_call_on_error),
        )
        for call in calls
    )


def hold_toggle(registry: CallRegistry, agent_id: str | None) -> HoldToggleResult:
    """Return who is on hold, over all active calls."""
    calls = [phone for call in registry for phone in phone_calls_of(call, agent_id)]
    return HoldToggleResult(
        is_third_party_on_hold=_is_anybody_held(registry, ParticipantType.THIRD_PARTY),
        is_customer_on_hold=_is_anybody_held(registry, ParticipantType.INITIAL_CALLER),
        calls={call.call_id: call for call in calls if call.call_id},
    )


def _is_anybody_held(registry: CallRegistry, participant_type: ParticipantType) -> bool:
    return any(
        party.is_on_hold
        for call in registry
        for party in call.participants_of_type(participant_type)
        if party.state is not ParticipantState.ENDED
    )


def mute_toggle(call: Call, agent_id: str | None) -> MuteToggleResult:
    """Return whether the agent is muted."""
    agent = call.agent(agent_id)
    return MuteToggleResult(is_muted=agent is not None and agent.is_muted)


def recording_toggle(call: Call) -> RecordingToggleResult:
    """Return whether the recorder stands still."""
    return RecordingToggleResult(
        is_recording_paused=call.snapshot.recording is RecordingState.PAUSED
    )


def event_of(change: Change, registry: CallRegistry) -> Event | None:
    """Return the event of a change, or None when Salesforce is not told of it.

    Args:
        change: What happened.
        registry: The active calls after it.
    """
    match change.notification:
        case CallStarted():
            return _call_event(VoiceEventType.CALL_STARTED, change)
        case ParticipantConnected():
            return _connected_event(change)
        case CallUpdated():
            return _call_event(VoiceEventType.CALL_UPDATED, change)
        case CallEnded():
            payload = HangupResult(calls=calls_after(change))
            return Event(event_type=VoiceEventType.HANGUP, payload=payload)
        case _:
            return _toggle_event(change, registry) or _agent_event(change.notification)


def _call_event(event_type: str, change: Change) -> Event | None:
    calls = phone_calls_of(change.after, change.agent_id)
    return Event(event_type=event_type, payload=CallResult(call=calls[0])) if calls else None


def _connected_event(change: Change) -> Event | None:
    """A call is connected once, when the last one of agent and customer answered."""
    if change.before is None or change.after is None:
        return None
    was, is_now = (call.is_connected(change.agent_id) for call in (change.before, change.after))
    return _call_event(VoiceEventType.CALL_CONNECTED, change) if is_now and not was else None


def _toggle_event(change: Change, registry: CallRegistry) -> Event | None:
    if change.after is None:
        return None
    match change.notification:
        case ParticipantHeld() | ParticipantResumed():
            payload: Any = hold_toggle(registry, change.agent_id)
            return Event(event_type=VoiceEventType.HOLD_TOGGLE, payload=payload)
        case ParticipantMuted() | ParticipantUnmuted():
            payload = mute_toggle(change.after, change.agent_id)
            return Event(event_type=VoiceEventType.MUTE_TOGGLE, payload=payload)
        case RecordingPaused() | RecordingResumed():
            payload = recording_toggle(change.after)
            return Event(event_type=VoiceEventType.RECORDING_TOGGLE, payload=payload)
        case _:
            return None


def _agent_event(notification: Notification) -> Event | None:
    match notification:
        case WrapUpStarted(call_id=call_id):
            payload: Any = {"callId": call_id}
            return Event(event_type=VoiceEventType.AFTER_CALL_WORK_STARTED, payload=payload)
        case WrapUpEnded(call_id=call_id):
            return Event(event_type=VoiceEventType.WRAP_UP_ENDED, payload={"callId": call_id})
        case AgentStatusRequested(status_info=info):
            return Event(event_type=SharedEventType.SET_AGENT_STATUS, payload=info)
        case MessageReceived(message=message):
            return Event(event_type=SharedEventType.MESSAGE, payload=message)
        case _:
            return None
