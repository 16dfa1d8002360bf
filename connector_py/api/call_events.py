"""Events of calls and their parties: who rings, joins, talks and leaves (connector-api.md 3.1)."""

from dataclasses import replace

from connector_py.api.changes import Change, Events, call_event, event
from connector_py.api.views import (
    ended,
    is_main,
    is_ringing,
    is_supervised,
    main_call_of,
    participant_result,
    phone_call_of,
    phone_calls_of,
)
from connector_py.call_model import Call
from connector_py.entities import (
    CallEnded,
    CallResult,
    CallStarted,
    CallState,
    CallType,
    CallUpdated,
    HangupResult,
    ParticipantAdded,
    ParticipantConnected,
    ParticipantLeft,
    ParticipantType,
    PhoneCall,
    PhoneSwitched,
    SuperviseCallResult,
    SupervisorHangupResult,
    VoiceEventType,
)

_QUEUED = frozenset({CallType.CALLBACK, CallType.DIALED_CALLBACK})


def call_started(change: Change, notification: CallStarted) -> Events:
    """A call rings at the agent, or the agent's own call at the other side.

    A callback is queued: it starts when the agent accepts it (guide chapter 9).
    """
    del notification
    call, agent_id = change.after, change.agent_id
    phone = main_call_of(call, agent_id)
    if call is None or phone is None:
        return ()
    if is_supervised(call, agent_id):
        return _supervisor_event(phone, is_waiting=phone.state == CallState.RINGING)
    is_queued = phone.call_type in _QUEUED
    event_type = VoiceEventType.QUEUED_CALL_STARTED if is_queued else VoiceEventType.CALL_STARTED
    return (*call_event(event_type, phone), *_since_connected(call, agent_id, phone))


def call_updated(change: Change, notification: CallUpdated) -> Events:
    """Facts beside the live state changed: of the call, or of one party."""
    who = notification.participant_id
    if who is None or _is_mine(change, who):
        phone = main_call_of(change.after, change.agent_id)
    else:
        phone = phone_call_of(change.after, who, change.agent_id)
    return call_event(VoiceEventType.CALL_UPDATED, phone)


def phone_switched(change: Change, notification: PhoneSwitched) -> Events:
    """The agent goes on at the desk phone: `isSoftphoneCall` changes (guide chapter 15)."""
    if not _is_mine(change, notification.participant_id):
        return ()
    return call_event(VoiceEventType.CALL_UPDATED, main_call_of(change.after, change.agent_id))


def call_ended(change: Change, notification: CallEnded) -> Events:
    """The call is over for this agent."""
    del notification
    calls = calls_after(change)
    if change.before is not None and is_supervised(change.before, change.agent_id):
        return event(VoiceEventType.SUPERVISOR_HANGUP, SupervisorHangupResult(calls=calls))
    return event(VoiceEventType.HANGUP, HangupResult(calls=calls))


def calls_after(change: Change) -> tuple[PhoneCall, ...]:
    """Return how the call looks to Salesforce after a change.

    A call that ended says why (guide, "Handling Missed Calls and Call Errors"), and names only
    parties that Salesforce knew.
    """
    notification, call = change.notification, change.after
    calls = phone_calls_of(call, change.agent_id)
    if call is None or not isinstance(notification, CallEnded):
        return calls
    known = {one.call_id for one in phone_calls_of(change.before, change.agent_id)}
    known.add(call.call_key_of(change.agent_id))
    return tuple(
        replace(
            ended(one, notification.reason),
            agent_status=notification.agent_status and notification.agent_status.value,
            # The guide wants true or false with every end.
            close_call_on_error=bool(notification.close_call_on_error),
        )
        for one in calls
        if one.call_id in known
    )


def participant_added(change: Change, notification: ParticipantAdded) -> Events:
    """Somebody is brought in; whom this agent consults is a call of its own to Salesforce."""
    phone = _third_phone(change, notification.participant.participant_id)
    if phone is None:
        return ()
    if phone.state in {CallState.CONNECTED, CallState.TRANSFERRED}:
        return (*_joins(phone), *_talks(phone))
    return _joins(phone)


def participant_connected(change: Change, notification: ParticipantConnected) -> Events:
    """Somebody answered."""
    call, agent_id, who = change.after, change.agent_id, notification.participant_id
    if call is None or change.before is None:
        return ()
    if is_supervised(call, agent_id):
        phone = main_call_of(call, agent_id) if _is_mine(change, who) else None
        return () if phone is None else _supervisor_event(phone, is_waiting=False)
    if _is_mine(change, who):
        return _accepted(call, agent_id)
    third = _third_phone(change, who)
    if third is not None:
        return _talks(third)
    is_new = call.is_connected(agent_id) and not change.before.is_connected(agent_id)
    phone = main_call_of(call, agent_id) if is_new else None
    return call_event(VoiceEventType.CALL_CONNECTED, phone)


def participant_left(change: Change, notification: ParticipantLeft) -> Events:
    """Somebody left, the call goes on.

    The base connector turns the customer's leaving into news of the last `AddParticipant` call,
    and breaks without one (weakness B10): then the customer hangs up instead.
    """
    call, agent_id = change.after, change.agent_id
    if change.before is None or call is None or is_supervised(call, agent_id):
        return ()
    phone = phone_call_of(change.before, notification.participant_id, agent_id)
    if phone is None:
        return ()
    now = main_call_of(call, agent_id)
    if is_ringing(call, agent_id) and now is not None:
        # Somebody else is there for the agent who has not answered yet: the call rings on.
        return call_event(VoiceEventType.CALL_UPDATED, now)
    phone = ended(phone, notification.reason)
    if is_main(change.before, phone, agent_id) and phone.call_type is CallType.CONSULT:
        # The consult is over with the customer: for this agent it is a transfer now.
        phone = replace(phone, call_type=CallType.TRANSFER)
    if _breaks_the_base(phone, call, agent_id):
        return event(VoiceEventType.HANGUP, HangupResult(calls=(phone,)))
    return event(VoiceEventType.PARTICIPANT_REMOVED, CallResult(call=phone))


# ---- helpers ---------------------------------------------------------------------------------


def _is_mine(change: Change, participant_id: str) -> bool:
    own = None if change.after is None else change.after.agent(change.agent_id)
    return own is not None and own.participant_id == participant_id


def _third_phone(change: Change, participant_id: str) -> PhoneCall | None:
    """Return a party beside the main one; None for anybody else, and for supervisors."""
    call, agent_id = change.after, change.agent_id
    if call is None or is_supervised(call, agent_id):
        return None
    phone = phone_call_of(call, participant_id, agent_id)
    return None if phone is None or is_main(call, phone, agent_id) else phone


def _accepted(call: Call, agent_id: str | None) -> Events:
    """The agent is on the call: it starts when it is a callback, and shows who else is there."""
    phone = main_call_of(call, agent_id)
    if phone is None:
        return ()
    is_callback = phone.call_type is CallType.CALLBACK
    starts = call_event(VoiceEventType.CALL_STARTED, phone) if is_callback else ()
    return (*starts, *_since_connected(call, agent_id, phone))


def _since_connected(call: Call, agent_id: str | None, phone: PhoneCall) -> Events:
    if is_ringing(call, agent_id):
        return ()
    is_connected = call.is_connected(agent_id)
    connects = call_event(VoiceEventType.CALL_CONNECTED, phone) if is_connected else ()
    thirds = [one for one in phone_calls_of(call, agent_id) if not is_main(call, one, agent_id)]
    return (*connects, *(told for one in thirds for told in _shows(one)))


def _shows(phone: PhoneCall) -> Events:
    is_waiting = phone.state in {CallState.RINGING, CallState.TRANSFERRING}
    return _joins(phone) if is_waiting else _talks(phone)


def _joins(phone: PhoneCall) -> Events:
    if phone.call_type is CallType.CONSULT:
        return call_event(VoiceEventType.CALL_STARTED, phone)
    return _participant_event(VoiceEventType.PARTICIPANT_ADDED, phone)


def _talks(phone: PhoneCall) -> Events:
    if phone.call_type is CallType.CONSULT:
        return call_event(VoiceEventType.CALL_CONNECTED, phone)
    return _participant_event(VoiceEventType.PARTICIPANT_CONNECTED, phone)


def _participant_event(event_type: str, phone: PhoneCall) -> Events:
    result = participant_result(phone)
    return () if result is None else event(event_type, result)


def _supervisor_event(phone: PhoneCall, *, is_waiting: bool) -> Events:
    event_type = (
        VoiceEventType.SUPERVISOR_CALL_STARTED
        if is_waiting
        else VoiceEventType.SUPERVISOR_CALL_CONNECTED
    )
    return event(event_type, SuperviseCallResult(call=phone))


def _breaks_the_base(phone: PhoneCall, after: Call, agent_id: str | None) -> bool:
    attributes = phone.call_attributes
    role = None if attributes is None else attributes.participant_type
    if role is not ParticipantType.INITIAL_CALLER or phone.call_type is CallType.CONSULT:
        return False
    shown = phone_calls_of(after, agent_id)
    return not any(one.call_type is CallType.ADD_PARTICIPANT for one in shown)
