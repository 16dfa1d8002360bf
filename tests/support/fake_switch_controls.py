"""What the fake switch does for hold, mute, swap, conference, recording and barge-in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from connector_py.call_model import Call
from connector_py.entities import (
    BargeIn,
    Command,
    Conference,
    Hold,
    Mute,
    Notification,
    ParticipantHeld,
    ParticipantMuted,
    ParticipantResumed,
    ParticipantsConferenced,
    ParticipantSnapshot,
    ParticipantsSwapped,
    ParticipantState,
    ParticipantType,
    ParticipantUnmuted,
    PauseRecording,
    RecordingPaused,
    RecordingResumed,
    RecordingState,
    RefusalCode,
    Resume,
    ResumeRecording,
    SupervisorBargedIn,
    Swap,
    Unmute,
)
from connector_py.errors import CommandRefusedError


def is_supervisor(one: ParticipantSnapshot) -> bool:
    """Whether somebody only listens to a call."""
    return one.participant_type is ParticipantType.SUPERVISOR


def changes_of(
    command: Command, call: Call, own: ParticipantSnapshot, now: datetime
) -> Sequence[Notification]:
    """Return what a command changes; nothing where it is so already.

    Raises:
        CommandRefusedError: It does not fit.
    """
    where: dict[str, Any] = {"call_id": call.call_id}
    match command:
        case PauseRecording() | ResumeRecording():
            return _record(command, call)
        case BargeIn() if is_supervisor(own):
            barges_in = SupervisorBargedIn(
                **where, participant_id=own.participant_id, at=now, supervisor_name=own.name
            )
            return () if own.has_barged_in else (barges_in,)
        case Hold() | Resume():
            return _hold(command, _connected(call, own, command.participant_id), now)
        case Mute() | Unmute():
            return _mute(command, _connected(call, own, command.participant_id))
        case Swap():
            return _swap(command, call, own, now)
        case Conference() if _has_company(call, own):
            is_apart = any(one.is_on_hold or one.is_consult for one in call.parties)
            return (ParticipantsConferenced(**where, at=now),) if is_apart else ()
        case _:
            raise CommandRefusedError(RefusalCode.INVALID_STATE, "not now")


def _connected(
    call: Call, own: ParticipantSnapshot, participant_id: str | None
) -> ParticipantSnapshot:
    if not call.is_connected("ada"):
        raise CommandRefusedError(RefusalCode.INVALID_STATE, "the call is not connected")
    wanted = own.participant_id if participant_id is None else participant_id
    for one in call.snapshot.participants:
        if one.participant_id == wanted and one.state is ParticipantState.CONNECTED:
            return one
    raise CommandRefusedError(RefusalCode.INVALID_PARTICIPANT, "nobody like that")


def _has_company(call: Call, own: ParticipantSnapshot) -> bool:
    return call.is_connected("ada") and not is_supervisor(own) and len(call.parties) > 2


def _hold(
    command: Hold | Resume, party: ParticipantSnapshot, now: datetime
) -> Sequence[Notification]:
    where: dict[str, Any] = {"call_id": command.call_id, "participant_id": party.participant_id}
    if isinstance(command, Hold):
        return () if party.is_on_hold else (ParticipantHeld(**where, at=now),)
    return (ParticipantResumed(**where, at=now),) if party.is_on_hold else ()


def _mute(command: Mute | Unmute, party: ParticipantSnapshot) -> Sequence[Notification]:
    where: dict[str, Any] = {"call_id": command.call_id, "participant_id": party.participant_id}
    if isinstance(command, Mute):
        return () if party.is_muted else (ParticipantMuted(**where),)
    return (ParticipantUnmuted(**where),) if party.is_muted else ()


def _swap(
    command: Swap, call: Call, own: ParticipantSnapshot, now: datetime
) -> Sequence[Notification]:
    held = _connected(call, own, command.hold_participant_id)
    resumed = _connected(call, own, command.resume_participant_id)
    if held.is_on_hold and not resumed.is_on_hold:
        return ()
    if held.is_on_hold or not resumed.is_on_hold:
        raise CommandRefusedError(RefusalCode.INVALID_STATE, "they cannot be swapped")
    return (
        ParticipantsSwapped(
            call_id=command.call_id,
            held_id=held.participant_id,
            resumed_id=resumed.participant_id,
            at=now,
        ),
    )


def _record(command: PauseRecording | ResumeRecording, call: Call) -> Sequence[Notification]:
    recording = call.snapshot.recording
    if recording is RecordingState.OFF:
        raise CommandRefusedError(RefusalCode.INVALID_STATE, "nothing is recorded")
    if isinstance(command, PauseRecording):
        is_so = recording is RecordingState.PAUSED
        return () if is_so else (RecordingPaused(call_id=command.call_id),)
    is_so = recording is RecordingState.RECORDING
    return () if is_so else (RecordingResumed(call_id=command.call_id),)
