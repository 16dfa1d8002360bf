"""What happens to a call: one function for each kind of notification, pure."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from connector_py.call_model.states import (
    HOLD,
    MUTE,
    PARTICIPANT,
    RECORDING,
    HoldInput,
    HoldState,
    MuteInput,
    MuteState,
    ParticipantInput,
    RecordingInput,
    next_state,
)
from connector_py.entities import (
    AudioStatsReported,
    CallEnded,
    CallSnapshot,
    CallUpdated,
    Notification,
    ParticipantAdded,
    ParticipantConnected,
    ParticipantHeld,
    ParticipantLeft,
    ParticipantMuted,
    ParticipantOffered,
    ParticipantResumed,
    ParticipantsConferenced,
    ParticipantSnapshot,
    ParticipantsSwapped,
    ParticipantState,
    ParticipantType,
    ParticipantUnmuted,
    PhoneSwitched,
    RecordingPaused,
    RecordingResumed,
    RecordingStarted,
    SupervisorBargedIn,
)
from connector_py.errors import ParticipantNotFoundError, UnknownTransitionError


def participant_of(call: CallSnapshot, participant_id: str) -> ParticipantSnapshot:
    """Return one party.

    Raises:
        ParticipantNotFoundError: Nobody has this id.
    """
    for one in call.participants:
        if one.participant_id == participant_id:
            return one
    raise ParticipantNotFoundError(call.call_id, participant_id)


def _with_participant(call: CallSnapshot, changed: ParticipantSnapshot) -> CallSnapshot:
    participants = tuple(
        changed if one.participant_id == changed.participant_id else one
        for one in call.participants
    )
    return replace(call, participants=participants)


def _ended(participant: ParticipantSnapshot, at: datetime) -> ParticipantSnapshot:
    state = next_state(PARTICIPANT, participant.state, ParticipantInput.LEAVE)
    return replace(participant, state=state, state_since=at, is_on_hold=False, is_muted=False)


def _update(call: CallSnapshot, notification: CallUpdated) -> CallSnapshot:
    if notification.participant_id is not None:
        return _update_participant(call, notification, notification.participant_id)
    return replace(
        call,
        voice_call_id=notification.voice_call_id or call.voice_call_id,
        call_info=notification.call_info or call.call_info,
    )


def _update_participant(
    call: CallSnapshot, notification: CallUpdated, participant_id: str
) -> CallSnapshot:
    participant = participant_of(call, participant_id)
    return _with_participant(
        call,
        replace(
            participant,
            voice_call_id=notification.voice_call_id or participant.voice_call_id,
            call_info=notification.call_info or participant.call_info,
        ),
    )


def _end(call: CallSnapshot, notification: CallEnded) -> CallSnapshot:
    participants = tuple(
        one if one.state is ParticipantState.ENDED else _ended(one, notification.at)
        for one in call.participants
    )
    return replace(call, participants=participants, ended_at=notification.at)


def _add_participant(call: CallSnapshot, notification: ParticipantAdded) -> CallSnapshot:
    added = notification.participant
    if any(one.participant_id == added.participant_id for one in call.participants):
        raise UnknownTransitionError("participants", "on the call", notification.name)
    return replace(call, participants=(*call.participants, added))


def _connect_participant(call: CallSnapshot, notification: ParticipantConnected) -> CallSnapshot:
    participant = participant_of(call, notification.participant_id)
    state = next_state(PARTICIPANT, participant.state, ParticipantInput.CONNECT)
    return _with_participant(call, replace(participant, state=state, state_since=notification.at))


def _offer_participant(call: CallSnapshot, notification: ParticipantOffered) -> CallSnapshot:
    participant = participant_of(call, notification.participant_id)
    if participant.state is not ParticipantState.RINGING:
        raise UnknownTransitionError(PARTICIPANT.name, participant.state, notification.name)
    return _with_participant(
        call,
        replace(
            participant,
            agent_id=notification.agent_id,
            name=notification.agent_name or participant.name,
            is_softphone=notification.is_softphone,
        ),
    )


def _switch_phone(call: CallSnapshot, notification: PhoneSwitched) -> CallSnapshot:
    participant = participant_of(call, notification.participant_id)
    if participant.state is ParticipantState.ENDED:
        raise UnknownTransitionError("phone", participant.state, notification.name)
    return _with_participant(call, replace(participant, is_softphone=notification.is_softphone))


def _remove_participant(call: CallSnapshot, notification: ParticipantLeft) -> CallSnapshot:
    participant = participant_of(call, notification.participant_id)
    left = _with_participant(call, _ended(participant, notification.at))
    if participant.participant_type is ParticipantType.INITIAL_CALLER:
        # Salesforce goes on with a party that was added, never with a consult (weakness B10).
        return _without_consults(left)
    return left


def _without_consults(call: CallSnapshot) -> CallSnapshot:
    participants = tuple(replace(one, is_consult=False) for one in call.participants)
    return replace(call, participants=participants)


def _connected_participant(
    call: CallSnapshot, machine: str, notification: "_AboutTalking"
) -> ParticipantSnapshot:
    """Return the party; only who is connected can be held or muted."""
    participant = participant_of(call, notification.participant_id)
    if participant.state is not ParticipantState.CONNECTED:
        raise UnknownTransitionError(machine, participant.state, notification.name)
    return participant


def _change_hold(
    call: CallSnapshot, notification: ParticipantHeld | ParticipantResumed
) -> CallSnapshot:
    participant = _connected_participant(call, HOLD.name, notification)
    before = HoldState.ON_HOLD if participant.is_on_hold else HoldState.TALKING
    input = HoldInput.HOLD if isinstance(notification, ParticipantHeld) else HoldInput.RESUME
    after = next_state(HOLD, before, input)
    return _with_participant(call, replace(participant, is_on_hold=after is HoldState.ON_HOLD))


def _swap(call: CallSnapshot, notification: ParticipantsSwapped) -> CallSnapshot:
    call_id, at = call.call_id, notification.at
    if notification.held_id == notification.resumed_id:
        raise UnknownTransitionError(HOLD.name, HoldState.TALKING, notification.name)
    held = ParticipantHeld(call_id=call_id, participant_id=notification.held_id, at=at)
    resumed = ParticipantResumed(call_id=call_id, participant_id=notification.resumed_id, at=at)
    return _change_hold(_change_hold(call, held), resumed)


def _conference(call: CallSnapshot, notification: ParticipantsConferenced) -> CallSnapshot:
    del notification
    together = tuple(replace(one, is_on_hold=False) for one in call.participants)
    return _without_consults(replace(call, participants=together))


def _barge_in(call: CallSnapshot, notification: SupervisorBargedIn) -> CallSnapshot:
    participant = _connected_participant(call, "barge_in", notification)
    is_listening = participant.participant_type is ParticipantType.SUPERVISOR
    if not is_listening or participant.has_barged_in:
        state = "barged_in" if is_listening else participant.participant_type
        raise UnknownTransitionError("barge_in", state, notification.name)
    return _with_participant(call, replace(participant, has_barged_in=True))


def _change_nothing(call: CallSnapshot, notification: Notification) -> CallSnapshot:
    del notification
    return call


def _change_mute(
    call: CallSnapshot, notification: ParticipantMuted | ParticipantUnmuted
) -> CallSnapshot:
    participant = _connected_participant(call, MUTE.name, notification)
    before = MuteState.MUTED if participant.is_muted else MuteState.UNMUTED
    input = MuteInput.MUTE if isinstance(notification, ParticipantMuted) else MuteInput.UNMUTE
    after = next_state(MUTE, before, input)
    return _with_participant(call, replace(participant, is_muted=after is MuteState.MUTED))


def _change_recording(call: CallSnapshot, notification: Notification) -> CallSnapshot:
    input = _RECORDING_INPUTS[type(notification)]
    recording = next_state(RECORDING, call.recording, input)
    return replace(call, recording=recording)


_AboutTalking = (
    ParticipantHeld
    | ParticipantResumed
    | ParticipantMuted
    | ParticipantUnmuted
    | SupervisorBargedIn
)

_RECORDING_INPUTS: Mapping[type[Notification], RecordingInput] = MappingProxyType(
    {
        RecordingStarted: RecordingInput.START,
        RecordingPaused: RecordingInput.PAUSE,
        RecordingResumed: RecordingInput.RESUME,
    }
)

CHANGES: Mapping[type[Notification], Callable[[CallSnapshot, Any], CallSnapshot]] = (
    MappingProxyType(
        {
            CallUpdated: _update,
            CallEnded: _end,
            ParticipantAdded: _add_participant,
            ParticipantOffered: _offer_participant,
            ParticipantConnected: _connect_participant,
            ParticipantLeft: _remove_participant,
            PhoneSwitched: _switch_phone,
            ParticipantHeld: _change_hold,
            ParticipantResumed: _change_hold,
            ParticipantMuted: _change_mute,
            ParticipantUnmuted: _change_mute,
            ParticipantsSwapped: _swap,
            ParticipantsConferenced: _conference,
            SupervisorBargedIn: _barge_in,
            AudioStatsReported: _change_nothing,
            RecordingStarted: _change_recording,
            RecordingPaused: _change_recording,
            RecordingResumed: _change_recording,
        }
    )
)
"""What each notification does to a call."""
