"""Which notification tells of a command's own effect.

The base connector publishes a method's effect itself, out of the result (connector-api.md 1.3). So
the notification of that effect must be known among all that happens.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from connector_py.api.changes import Change
from connector_py.call_model import Call, answering_type
from connector_py.entities import (
    AddParticipant,
    AnswerCall,
    BargeIn,
    CallEnded,
    CallStarted,
    Command,
    Conference,
    DeclineCall,
    Dial,
    EndCall,
    Hold,
    Mute,
    Notification,
    ParticipantAdded,
    ParticipantConnected,
    ParticipantHeld,
    ParticipantLeft,
    ParticipantMuted,
    ParticipantResumed,
    ParticipantsConferenced,
    ParticipantSnapshot,
    ParticipantsSwapped,
    ParticipantType,
    ParticipantUnmuted,
    PauseRecording,
    RecordingPaused,
    RecordingResumed,
    RemoveParticipant,
    Resume,
    ResumeRecording,
    StopSupervising,
    SuperviseCall,
    SupervisorBargedIn,
    Swap,
    Unmute,
)

Fits = Callable[[Any, Notification, ParticipantSnapshot | None], bool]
"""Whether a command, sent by the agent with this part in the call, has this effect."""


def is_effect(command: Command, change: Change) -> bool:
    """Tell whether a change is what a command was for.

    It looks at the call and at the party, so that it holds after a snapshot too, which does not
    say what caused what: a call that comes in while a dial is on its way must ring, and a hold of
    somebody else is not the effect of this hold.
    """
    fits = EFFECTS.get(type(command))
    if fits is None or not _is_same_call(command, change):
        return False
    call = change.after or change.before
    own = None if call is None else call.agent(change.agent_id)
    return fits(command, change.notification, own)


def has_effect(command: Command) -> bool:
    """Tell whether a notification tells of what this kind of command does."""
    return type(command) in EFFECTS


def is_another_half(command: Command, effect: Change, change: Change) -> bool:
    """Tell whether a snapshot shows one more part of what a command did in one step.

    Args:
        command: The command.
        effect: What was taken for its effect.
        change: What the same snapshot shows besides.
    """
    halves = _HALVES.get(type(command), ())
    return isinstance(effect.notification, halves) and is_effect(command, change)


def _is_same_call(command: Command, change: Change) -> bool:
    if isinstance(command, SuperviseCall):
        return True  # A leg may have been named; the call has another id.
    wanted: str | None = getattr(command, "call_id", None)
    call: Call | None = change.after or change.before
    return wanted is None or (call is not None and call.call_id == wanted)


def _is(*kinds: type[Notification]) -> Fits:
    def fits(command: Command, notification: Notification, own: ParticipantSnapshot | None) -> bool:
        del command, own
        return isinstance(notification, kinds)

    return fits


def _of_own_part(kind: type[Notification]) -> Fits:
    def fits(command: Command, notification: Notification, own: ParticipantSnapshot | None) -> bool:
        del command
        return isinstance(notification, kind) and _is_about(notification, own)

    return fits


def _of_party(kind: type[Notification]) -> Fits:
    """The party that the command names; the agent's own when it names none."""

    def fits(command: Command, notification: Notification, own: ParticipantSnapshot | None) -> bool:
        named: str | None = getattr(command, "participant_id", None)
        if not isinstance(notification, kind):
            return False
        if named is None:
            return _is_about(notification, own)
        return getattr(notification, "participant_id", None) == named

    return fits


def _is_about(notification: Notification, own: ParticipantSnapshot | None) -> bool:
    return own is not None and getattr(notification, "participant_id", None) == own.participant_id


def _dial(command: Dial, notification: Notification, own: ParticipantSnapshot | None) -> bool:
    if command.is_consult_call:
        return _adds(notification, own, is_consult=True)
    if not isinstance(notification, CallStarted) or own is None:
        return False
    places = answering_type(notification.call.call_type) is ParticipantType.INITIAL_CALLER
    return places and own.participant_type is ParticipantType.AGENT


def _add(
    command: AddParticipant, notification: Notification, own: ParticipantSnapshot | None
) -> bool:
    if command.call_id is None:
        return False  # A contact request is passed on; no call of the agent changes.
    if command.is_blind_transfer:
        return isinstance(notification, CallEnded)
    return _adds(notification, own, is_consult=False)


def _adds(notification: Notification, own: ParticipantSnapshot | None, *, is_consult: bool) -> bool:
    if not isinstance(notification, ParticipantAdded) or own is None:
        return False
    added = notification.participant
    is_party = added.participant_type is ParticipantType.THIRD_PARTY
    return is_party and added.is_consult is is_consult and added.added_by == own.participant_id


def _remove(
    command: RemoveParticipant, notification: Notification, own: ParticipantSnapshot | None
) -> bool:
    # With nobody else left, the call is over instead.
    if isinstance(notification, CallEnded):
        return True
    return _of_party(ParticipantLeft)(command, notification, own)


def _swap(command: Swap, notification: Notification, own: ParticipantSnapshot | None) -> bool:
    del own
    match notification:
        case ParticipantsSwapped(held_id=held, resumed_id=resumed):
            wanted = (command.hold_participant_id, command.resume_participant_id)
            return (held, resumed) == wanted
        # A snapshot shows both halves, not the swap.
        case ParticipantHeld(participant_id=who):
            return who == command.hold_participant_id
        case ParticipantResumed(participant_id=who):
            return who == command.resume_participant_id
        case _:
            return False


_HALVES: Mapping[type[Command], tuple[type[Notification], ...]] = MappingProxyType(
    {Swap: (ParticipantHeld, ParticipantResumed), Conference: (ParticipantResumed,)}
)
"""How a snapshot shows commands that are one step in the stream."""


def _supervise(
    command: SuperviseCall, notification: Notification, own: ParticipantSnapshot | None
) -> bool:
    del command
    listens = own is not None and own.participant_type is ParticipantType.SUPERVISOR
    return isinstance(notification, CallStarted) and listens


EFFECTS: Mapping[type[Command], Fits] = MappingProxyType(
    {
        AnswerCall: _of_own_part(ParticipantConnected),
        DeclineCall: _is(CallEnded),
        EndCall: _is(CallEnded),
        Dial: _dial,
        AddParticipant: _add,
        RemoveParticipant: _remove,
        Hold: _of_party(ParticipantHeld),
        Resume: _of_party(ParticipantResumed),
        Mute: _of_party(ParticipantMuted),
        Unmute: _of_party(ParticipantUnmuted),
        Swap: _swap,
        # A snapshot shows who was taken off hold, not always the conference.
        Conference: _is(ParticipantsConferenced, ParticipantResumed),
        PauseRecording: _is(RecordingPaused),
        ResumeRecording: _is(RecordingResumed),
        SuperviseCall: _supervise,
        StopSupervising: _is(CallEnded),
        BargeIn: _of_own_part(SupervisorBargedIn),
    }
)
"""Commands whose effect the base connector tells out of a method's result."""
