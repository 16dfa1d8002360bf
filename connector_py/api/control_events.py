"""Events of what is done on a call: hold, mute, recording, swap (connector-api.md 3.1)."""

from dataclasses import replace

from connector_py.api.changes import Change, Events, call_event, event
from connector_py.api.views import (
    hold_toggle,
    is_ringing,
    is_supervised,
    main_call_of,
    own_mute_toggle,
    party_mute_toggle,
    phone_call_of,
    recording_toggle,
    supervised_call_info,
)
from connector_py.entities import (
    AudioStatsReported,
    MuteToggleResult,
    ParticipantHeld,
    ParticipantMuted,
    ParticipantResumed,
    ParticipantsConferenced,
    ParticipantsSwapped,
    ParticipantUnmuted,
    RecordingPaused,
    RecordingResumed,
    SuperviseCallResult,
    SupervisorBargedIn,
    VoiceEventType,
)


def hold_toggled(change: Change, notification: ParticipantHeld | ParticipantResumed) -> Events:
    """Somebody was put on hold or taken off it."""
    is_shown = phone_call_of(change.after, notification.participant_id, change.agent_id)
    return _hold_event(VoiceEventType.HOLD_TOGGLE, change) if is_shown else ()


def swapped(change: Change, notification: ParticipantsSwapped) -> Events:
    """Two parties changed places.

    The base connector drops `isCallMerged` here (weakness B12); somebody is on hold then, so it
    is false.
    """
    del notification
    return _hold_event(VoiceEventType.PARTICIPANTS_SWAPPED, change)


def conferenced(change: Change, notification: ParticipantsConferenced) -> Events:
    """Everybody talks with everybody."""
    del notification
    return _hold_event(VoiceEventType.PARTICIPANTS_CONFERENCED, change)


def _hold_event(event_type: str, change: Change) -> Events:
    call, agent_id = change.after, change.agent_id
    if call is not None and is_ringing(call, agent_id):
        # Nobody is on hold for an agent who has not answered; but the call looks different.
        before, now = main_call_of(change.before, agent_id), main_call_of(call, agent_id)
        return call_event(VoiceEventType.CALL_UPDATED, None if before == now else now)
    if not _is_on_the_call(change):
        return ()
    return event(event_type, hold_toggle(change.registry, change.agent_id))


def mute_toggled(change: Change, notification: ParticipantMuted | ParticipantUnmuted) -> Events:
    """Somebody is muted, or heard again: the agent, or one party for everybody."""
    call, agent_id, who = change.after, change.agent_id, notification.participant_id
    own = None if call is None else call.agent(agent_id)
    payload: MuteToggleResult | None = None
    if call is not None and own is not None and own.participant_id == who:
        payload = own_mute_toggle(call, agent_id)
    elif call is not None and _is_on_the_call(change):
        payload = party_mute_toggle(call, who, agent_id)
    return () if payload is None else event(VoiceEventType.MUTE_TOGGLE, payload)


def recording_toggled(change: Change, notification: RecordingPaused | RecordingResumed) -> Events:
    """The recorder stands still, or runs again; a supervisor hears it too (guide chapter 10)."""
    del notification
    call = change.after
    if call is None or is_ringing(call, change.agent_id):
        return ()
    return event(VoiceEventType.RECORDING_TOGGLE, recording_toggle(call))


def barged_in(change: Change, notification: SupervisorBargedIn) -> Events:
    """A supervisor is heard: told to them as theirs, to everybody else as news."""
    call, agent_id = change.after, change.agent_id
    if call is None or is_ringing(call, agent_id):
        return ()
    own, phone = call.agent(agent_id), main_call_of(call, agent_id)
    if own is not None and phone and own.participant_id == notification.participant_id:
        return event(VoiceEventType.SUPERVISOR_BARGED_IN, SuperviseCallResult(call=phone))
    name = notification.supervisor_name or call.participant(notification.participant_id).name
    info = supervised_call_info(call, agent_id, name)
    return event(VoiceEventType.CALL_BARGED_IN, info)


def audio_measured(change: Change, notification: AudioStatsReported) -> Events:
    """The switch measured the audio; the base connector makes the score of it."""
    call = change.after
    if call is None or not _is_on_the_call(change):
        return ()
    stats = replace(notification.audio_stats, call_id=call.call_key_of(change.agent_id))
    return event(VoiceEventType.UPDATE_AUDIO_STATS, stats)


def _is_on_the_call(change: Change) -> bool:
    """Tell whether the agent talks: neither listens in, nor has still to answer."""
    call, agent_id = change.after, change.agent_id
    if call is None:
        return False
    return not is_supervised(call, agent_id) and not is_ringing(call, agent_id)
