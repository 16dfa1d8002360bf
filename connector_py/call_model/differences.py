"""The notifications that lead from one picture of the calls to another.

Used where only pictures are known: by a connector that got a snapshot instead of what it missed,
and by the server that finds the switch changed after a restart.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from connector_py.call_model.phone_calls import answering_type
from connector_py.entities import (
    CallEnded,
    CallSnapshot,
    CallStarted,
    CallUpdated,
    Notification,
    ParticipantAdded,
    ParticipantConnected,
    ParticipantHeld,
    ParticipantLeft,
    ParticipantMuted,
    ParticipantResumed,
    ParticipantSnapshot,
    ParticipantState,
    ParticipantUnmuted,
    RecordingPaused,
    RecordingResumed,
    RecordingStarted,
    RecordingState,
)

_ORDER = (ParticipantState.RINGING, ParticipantState.CONNECTED, ParticipantState.ENDED)


def differences(
    old: Sequence[CallSnapshot], new: Sequence[CallSnapshot], at: datetime
) -> list[Notification]:
    """Return what happened between two pictures of the same agent's calls.

    Applied to a registry of `old` they give the active calls of `new`, except that who is no
    longer mentioned stays as somebody who left, and that facts without a notification of their own
    (names, numbers, queue, parent, times of unchanged states) stay as they were. A `None` where
    there was a VoiceCall id is no change.

    A call that was already answered when it is first seen rings first, then is answered. A call
    that cannot have become what it is (somebody rings again, the recorder is off again, another
    type) ends and starts anew.

    Args:
        old: The earlier picture.
        new: The later one; calls in it that are over are as good as missing, but for their time.
        at: When to say that something happened whose time the pictures do not tell.
    """
    before = {call.call_id: call for call in old if call.ended_at is None}
    after = {call.call_id: call for call in new if call.ended_at is None}
    ended_at = {call.call_id: call.ended_at for call in new if call.ended_at is not None}
    ends: list[Notification] = [
        CallEnded(call_id=call_id, at=ended_at.get(call_id, at))
        for call_id, call in before.items()
        if call_id not in after or not _can_become(call, after[call_id])
    ]
    gone = {end.call_id for end in ends if isinstance(end, CallEnded)}
    found = list(ends)
    for call_id, call in after.items():
        if call_id in before and call_id not in gone:
            found.extend(_changes(before[call_id], call, at))
        else:
            first = _as_it_rang(call)
            found.append(CallStarted(call=first))
            found.extend(_changes(first, call, at))
    return found


def _can_become(old: CallSnapshot, new: CallSnapshot) -> bool:
    """Tell whether the tables lead from one to the other."""
    later = {one.participant_id: one.state for one in new.participants}
    goes_on = all(
        _ORDER.index(later.get(one.participant_id, one.state)) >= _ORDER.index(one.state)
        for one in old.participants
    )
    recorder_stopped = new.recording is RecordingState.OFF and old.recording is not new.recording
    return goes_on and not recorder_stopped and old.call_type is new.call_type


def _as_it_rang(call: CallSnapshot) -> CallSnapshot:
    """Return a call as it was before it was answered, held, muted and recorded."""
    answering = answering_type(call.call_type)
    return replace(
        call,
        recording=RecordingState.OFF,
        participants=tuple(
            _ringing(one, call.started_at)
            if one.participant_type is answering and one.state is ParticipantState.CONNECTED
            else replace(one, is_on_hold=False, is_muted=False)
            for one in call.participants
        ),
    )


def _ringing(participant: ParticipantSnapshot, since: datetime) -> ParticipantSnapshot:
    return replace(
        participant,
        state=ParticipantState.RINGING,
        state_since=since,
        is_on_hold=False,
        is_muted=False,
    )


def _changes(old: CallSnapshot, new: CallSnapshot, at: datetime) -> Iterator[Notification]:
    """Yield who came, answered and left, then what they do, then the rest."""
    call_id = new.call_id
    known = {one.participant_id: one for one in old.participants}
    for participant in new.participants:
        before = known.get(participant.participant_id)
        if before is None:
            before = known[participant.participant_id] = _ringing(
                participant, participant.state_since
            )
            yield ParticipantAdded(call_id=call_id, participant=before)
        yield from _presence_changes(call_id, before, participant)
    present = {one.participant_id for one in new.participants}
    for who, participant in known.items():
        if who not in present and participant.state is not ParticipantState.ENDED:
            yield ParticipantLeft(call_id=call_id, participant_id=who, at=at)
    for participant in new.participants:
        if participant.state is ParticipantState.CONNECTED:
            yield from _flag_changes(call_id, known[participant.participant_id], participant, at)
    yield from _recording_changes(call_id, old.recording, new.recording)
    yield from _updates(old, new)


def _presence_changes(
    call_id: str, old: ParticipantSnapshot, new: ParticipantSnapshot
) -> Iterator[Notification]:
    who, since = new.participant_id, new.state_since
    if new.state is old.state:
        return
    if new.state is ParticipantState.CONNECTED:
        yield ParticipantConnected(call_id=call_id, participant_id=who, at=since)
    else:
        yield ParticipantLeft(call_id=call_id, participant_id=who, at=since)


def _flag_changes(
    call_id: str, old: ParticipantSnapshot, new: ParticipantSnapshot, at: datetime
) -> Iterator[Notification]:
    who = new.participant_id
    if new.is_on_hold and not old.is_on_hold:
        yield ParticipantHeld(call_id=call_id, participant_id=who, at=at)
    if old.is_on_hold and not new.is_on_hold:
        yield ParticipantResumed(call_id=call_id, participant_id=who, at=at)
    if new.is_muted and not old.is_muted:
        yield ParticipantMuted(call_id=call_id, participant_id=who)
    if old.is_muted and not new.is_muted:
        yield ParticipantUnmuted(call_id=call_id, participant_id=who)


def _recording_changes(
    call_id: str, old: RecordingState, new: RecordingState
) -> Iterable[Notification]:
    if old is new:
        return ()
    if new is RecordingState.PAUSED and old is RecordingState.OFF:
        return RecordingStarted(call_id=call_id), RecordingPaused(call_id=call_id)
    if new is RecordingState.PAUSED:
        return (RecordingPaused(call_id=call_id),)
    if old is RecordingState.PAUSED:
        return (RecordingResumed(call_id=call_id),)
    return (RecordingStarted(call_id=call_id),)


def _updates(old: CallSnapshot, new: CallSnapshot) -> Iterator[Notification]:
    voice_call_id = new.voice_call_id if new.voice_call_id != old.voice_call_id else None
    call_info = new.call_info if new.call_info != old.call_info else None
    if voice_call_id is not None or call_info is not None:
        yield CallUpdated(call_id=new.call_id, voice_call_id=voice_call_id, call_info=call_info)
