"""Hold, mute, recording, swap, conference and barge-in in the simulated switch; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from connector_py.entities import (
    Notification,
    ParticipantHeld,
    ParticipantMuted,
    ParticipantResumed,
    ParticipantsConferenced,
    ParticipantsSwapped,
    ParticipantType,
    ParticipantUnmuted,
    RecordingPaused,
    RecordingResumed,
    RecordingState,
    SupervisorBargedIn,
)
from server.entities import SwitchCall
from server.pbx import simulated_calls as calls
from server.pbx.base import SwitchError
from server.pbx.events import ControlChanged, PbxEvent

Step = tuple[SwitchCall | None, PbxEvent]
"""An event, and the call as it is after it; None when it is over."""
Steps = Sequence[Step]
"""What one command or verb does to a call; empty when nothing changes."""


class Control(Protocol):
    """A change that has its words on the link."""

    def apply(self, switch_call: SwitchCall, at: datetime) -> Steps:
        """Return what it does; nothing when it is so already.

        Raises:
            SwitchError: It cannot be done.
        """
        ...


def changed(
    switch_call: SwitchCall, notification: Notification
) -> tuple[SwitchCall, ControlChanged]:
    """Return the step that a notification of the link describes."""
    event = ControlChanged(
        tenant_id=switch_call.tenant_id,
        call_id=switch_call.call.call_id,
        notification=notification,
    )
    return calls.applied(switch_call, notification), event


def _check_holdable(switch_call: SwitchCall) -> None:
    if switch_call.call.is_auto_merge_on:
        raise SwitchError("Nobody can be on hold: the call merges by itself")


@dataclass(frozen=True, slots=True)
class Held:
    """Hold and retrieve."""

    participant_id: str
    is_on_hold: bool

    def apply(self, switch_call: SwitchCall, at: datetime) -> Steps:
        """Implements `Control`."""
        participant = calls.connected(switch_call, self.participant_id)
        if participant.is_on_hold == self.is_on_hold:
            return ()
        if self.is_on_hold:
            _check_holdable(switch_call)
        kind = ParticipantHeld if self.is_on_hold else ParticipantResumed
        told = kind(call_id=switch_call.call.call_id, participant_id=self.participant_id, at=at)
        return (changed(switch_call, told),)


@dataclass(frozen=True, slots=True)
class Muted:
    """Mute and unmute."""

    participant_id: str
    is_muted: bool

    def apply(self, switch_call: SwitchCall, at: datetime) -> Steps:
        """Implements `Control`."""
        participant = calls.connected(switch_call, self.participant_id)
        if participant.is_muted == self.is_muted:
            return ()
        kind = ParticipantMuted if self.is_muted else ParticipantUnmuted
        told = kind(call_id=switch_call.call.call_id, participant_id=self.participant_id)
        return (changed(switch_call, told),)


@dataclass(frozen=True, slots=True)
class Recorded:
    """Pause and go on with the recording."""

    is_paused: bool

    def apply(self, switch_call: SwitchCall, at: datetime) -> Steps:
        """Implements `Control`."""
        wanted = RecordingState.PAUSED if self.is_paused else RecordingState.RECORDING
        if switch_call.call.recording is wanted:
            return ()
        if switch_call.call.recording is RecordingState.OFF:
            raise SwitchError("The call is not recorded")
        kind = RecordingPaused if self.is_paused else RecordingResumed
        return (changed(switch_call, kind(call_id=switch_call.call.call_id)),)


@dataclass(frozen=True, slots=True)
class Swapped:
    """Hold one and retrieve another in one step."""

    hold_id: str
    resume_id: str

    def apply(self, switch_call: SwitchCall, at: datetime) -> Steps:
        """Implements `Control`."""
        to_hold = calls.connected(switch_call, self.hold_id)
        to_resume = calls.connected(switch_call, self.resume_id)
        _check_holdable(switch_call)
        if to_hold.is_on_hold and not to_resume.is_on_hold:
            return ()
        if to_hold.is_on_hold or not to_resume.is_on_hold:
            raise SwitchError("Only one who talks and one on hold can be swapped")
        told = ParticipantsSwapped(
            call_id=switch_call.call.call_id,
            held_id=self.hold_id,
            resumed_id=self.resume_id,
            at=at,
        )
        return (changed(switch_call, told),)


@dataclass(frozen=True, slots=True)
class Conferenced:
    """Everybody talks with everybody: nobody on hold, no consult apart."""

    def apply(self, switch_call: SwitchCall, at: datetime) -> Steps:
        """Implements `Control`."""
        if not any(one.is_on_hold or one.is_consult for one in calls.alive(switch_call)):
            return ()
        told = ParticipantsConferenced(call_id=switch_call.call.call_id, at=at)
        return (changed(switch_call, told),)


@dataclass(frozen=True, slots=True)
class BargedIn:
    """A supervisor is heard."""

    participant_id: str

    def apply(self, switch_call: SwitchCall, at: datetime) -> Steps:
        """Implements `Control`."""
        supervisor = calls.connected(switch_call, self.participant_id)
        if supervisor.participant_type is not ParticipantType.SUPERVISOR:
            raise SwitchError("Only a supervisor can barge in")
        if supervisor.has_barged_in:
            return ()
        told = SupervisorBargedIn(
            call_id=switch_call.call.call_id, participant_id=self.participant_id, at=at
        )
        return (changed(switch_call, told),)
