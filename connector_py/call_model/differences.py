"""The notifications that lead from one picture of the calls to another.

Used where only pictures are known: by a connector that got a snapshot instead of what it missed,
and by the server that finds the switch changed after a restart.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from connector_py.call_model.call import Call
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
    ParticipantOffered,
    ParticipantResumed,
    ParticipantsConferenced,
    ParticipantSnapshot,
    ParticipantState,
    ParticipantType,
    ParticipantUnmuted,
    PhoneSwitched,
    RecordingPaused,
    RecordingResumed,
    RecordingStarted,
    RecordingState,
    SupervisorBargedIn,
)

_ADDED = (ParticipantType.THIRD_PARTY, ParticipantType.SUPERVISOR)
_ORDER = (ParticipantState.RINGING, ParticipantState.CONNECTED, ParticipantState.ENDED)


def differences(
    old: Sequence[CallSnapshot],
    new: Sequence[CallSnapshot],
    at: datetime,
    *,
    agent_id: str | None = None,
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
        agent_id: Who looks; a call that this agent was added to rings at them first, too.
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
            first = _as_it_rang(call, agent_id)
            found.append(CallStarted(call=first))
            found.extend(_changes(first, call, at))
    return found


def _can_become(old: CallSnapshot, new: CallSnapshot) -> bool:
    """Tell whether the tables lead from one to the other."""
    later = {one.participant_id: one for one in new.participants}
    goes_on = all(_can_follow(one, later.get(one.participant_id, one)) for one in old.participants)
    recorder_stopped = new.recording is RecordingState.OFF and old.recording is not new.recording
    return goes_on and not recorder_stopped and old.call_type is new.call_type


def _can_follow(old: ParticipantSnapshot, new: ParticipantSnapshot) -> bool:
    is_forward = _ORDER.index(new.state) >= _ORDER.index(old.state)
    is_silent_again = old.has_barged_in and not new.has_barged_in
    is_private_again = new.is_consult and not old.is_consult
    has_other_agent = old.agent_id != new.agent_id and old.state is not ParticipantState.RINGING
    return is_forward and not (is_silent_again or is_private_again or has_other_agent)


def _as_it_rang(call: CallSnapshot, agent_id: str | None) -> CallSnapshot:
    """Return a call as it was before it was answered, held, muted and recorded."""
    answering = answering_type(call.call_type)
    was_added = any(_is_added(one, agent_id) for one in call.participants)
    main = Call(call).main_party(agent_id)

    def first(one: ParticipantSnapshot) -> ParticipantSnapshot:
        is_it = _is_added(one, agent_id) if was_added else one.participant_type is answering
        # Whom the agent talked to in the first place was there when it rang.
        is_gone = one == main and one.state is ParticipantState.ENDED
        quiet = _ringing(one, call.started_at)
        if is_it and (is_gone or one.state is ParticipantState.CONNECTED):
            return quiet
        if is_gone:
            return replace(quiet, state=ParticipantState.CONNECTED)
        return replace(one, is_on_hold=False, is_muted=False, has_barged_in=False)

    # Whoever is consulted although the customer left was asked afterwards.
    is_customer_gone = (
        main is not None
        and main.participant_type is ParticipantType.INITIAL_CALLER
        and main.state is ParticipantState.ENDED
    )
    return replace(
        call,
        recording=RecordingState.OFF,
        participants=tuple(
            first(one) for one in call.participants if not (is_customer_gone and one.is_consult)
        ),
    )


def _is_added(participant: ParticipantSnapshot, agent_id: str | None) -> bool:
    is_own = agent_id is not None and participant.agent_id == agent_id
    return is_own and participant.participant_type in _ADDED


def _ringing(participant: ParticipantSnapshot, since: datetime) -> ParticipantSnapshot:
    return replace(
        participant,
        state=ParticipantState.RINGING,
        state_since=since,
        is_on_hold=False,
        is_muted=False,
        has_barged_in=False,
    )


class _Steps:
    """A call on its way from one picture to the next, with what has happened so far."""

    def __init__(self, call: CallSnapshot) -> None:
        self.call = Call(call)
        self.taken: list[Notification] = []

    def take(self, notification: Notification) -> None:
        self.call = self.call.apply(notification)
        self.taken.append(notification)

    def now(self, participant_id: str) -> ParticipantSnapshot:
        return self.call.participant(participant_id)


def _changes(old: CallSnapshot, new: CallSnapshot, at: datetime) -> Sequence[Notification]:
    """Return who came, answered and left, then what they do, then the rest."""
    steps = _Steps(old)
    _take_parties(steps, old, new, at)
    if _was_conferenced(steps, new):
        steps.take(ParticipantsConferenced(call_id=new.call_id, at=at))
    for participant in new.participants:
        if participant.state is ParticipantState.CONNECTED:
            _take_flags(steps, participant, at)
        _take_facts(steps, participant)
    for notification in _recording_changes(new.call_id, old.recording, new.recording):
        steps.take(notification)
    for notification in _updates(old, new):
        steps.take(notification)
    return steps.taken


def _take_parties(steps: _Steps, old: CallSnapshot, new: CallSnapshot, at: datetime) -> None:
    """Take who answered and left, in the order in which it happened, then who came.

    Who left before an agent answered was never theirs; whoever is consulted after the customer
    left stays that.
    """
    known = {one.participant_id for one in old.participants}
    was_there = [one for one in new.participants if one.participant_id in known]
    for participant in sorted(was_there, key=lambda one: one.state_since):
        _take_presence(steps, participant)
    for participant in new.participants:
        if participant.participant_id not in known:
            first = _ringing(participant, participant.state_since)
            steps.take(ParticipantAdded(call_id=new.call_id, participant=first))
            _take_presence(steps, participant)
    present = {one.participant_id for one in new.participants}
    for one in old.participants:
        is_gone = one.participant_id not in present and one.state is not ParticipantState.ENDED
        if is_gone:
            who = one.participant_id
            steps.take(ParticipantLeft(call_id=new.call_id, participant_id=who, at=at))


def _take_presence(steps: _Steps, new: ParticipantSnapshot) -> None:
    call_id, who, since = steps.call.call_id, new.participant_id, new.state_since
    old = steps.now(who)
    if old.agent_id != new.agent_id:
        steps.take(
            ParticipantOffered(
                call_id=call_id,
                participant_id=who,
                at=since,
                agent_id=new.agent_id,
                agent_name=new.name,
                is_softphone=new.is_softphone,
            )
        )
    if new.state is old.state:
        return
    if new.state is ParticipantState.CONNECTED:
        steps.take(ParticipantConnected(call_id=call_id, participant_id=who, at=since))
    else:
        steps.take(ParticipantLeft(call_id=call_id, participant_id=who, at=since))


def _was_conferenced(steps: _Steps, new: CallSnapshot) -> bool:
    consulted = {one.participant_id for one in steps.call.snapshot.participants if one.is_consult}
    return any(one.participant_id in consulted and not one.is_consult for one in new.participants)


def _take_flags(steps: _Steps, new: ParticipantSnapshot, at: datetime) -> None:
    call_id, who = steps.call.call_id, new.participant_id
    old = steps.now(who)
    if new.is_on_hold and not old.is_on_hold:
        steps.take(ParticipantHeld(call_id=call_id, participant_id=who, at=at))
    if old.is_on_hold and not new.is_on_hold:
        steps.take(ParticipantResumed(call_id=call_id, participant_id=who, at=at))
    if new.is_muted and not old.is_muted:
        steps.take(ParticipantMuted(call_id=call_id, participant_id=who))
    if old.is_muted and not new.is_muted:
        steps.take(ParticipantUnmuted(call_id=call_id, participant_id=who))
    if new.has_barged_in and not old.has_barged_in:
        steps.take(
            SupervisorBargedIn(call_id=call_id, participant_id=who, at=at, supervisor_name=new.name)
        )


def _take_facts(steps: _Steps, new: ParticipantSnapshot) -> None:
    call_id, who = steps.call.call_id, new.participant_id
    old = steps.now(who)
    if new.state is not ParticipantState.ENDED and new.is_softphone is not old.is_softphone:
        switched = PhoneSwitched(call_id=call_id, participant_id=who, is_softphone=new.is_softphone)
        steps.take(switched)
    voice_call_id = new.voice_call_id if new.voice_call_id != old.voice_call_id else None
    call_info = new.call_info if new.call_info != old.call_info else None
    if voice_call_id is not None or call_info is not None:
        steps.take(
            CallUpdated(
                call_id=call_id,
                participant_id=who,
                voice_call_id=voice_call_id,
                call_info=call_info,
            )
        )


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
