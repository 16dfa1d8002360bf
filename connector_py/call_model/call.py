"""A call: its snapshot, and the one gate through which it changes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
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
    CallEnded,
    CallSnapshot,
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
    ParticipantType,
    ParticipantUnmuted,
    RecordingPaused,
    RecordingResumed,
    RecordingStarted,
)
from connector_py.errors import CallNotFoundError, ParticipantNotFoundError, UnknownTransitionError


@dataclass(frozen=True, slots=True)
class Call:
    """A call with the rules of how it may change.

    Args:
        snapshot: The call as it is now.
    """

    snapshot: CallSnapshot

    @property
    def call_id(self) -> str:
        """Salesforce's vendorCallKey."""
        return self.snapshot.call_id

    @property
    def is_over(self) -> bool:
        """Whether the call has ended."""
        return self.snapshot.ended_at is not None

    @property
    def customer(self) -> ParticipantSnapshot | None:
        """The other side of the call; one who is still there before one who left."""
        return _liveliest(self.participants_of_type(ParticipantType.INITIAL_CALLER))

    def agent(self, agent_id: str | None = None) -> ParticipantSnapshot | None:
        """Return an agent on the call; one who is still there before one who left.

        Args:
            agent_id: Whose participant; None is any agent's.
        """
        agents = self.participants_of_type(ParticipantType.AGENT)
        return _liveliest([one for one in agents if agent_id in (None, one.agent_id)])

    def participants_of_type(
        self, participant_type: ParticipantType
    ) -> tuple[ParticipantSnapshot, ...]:
        """Return everybody of one role, also who left."""
        return tuple(
            one for one in self.snapshot.participants if one.participant_type is participant_type
        )

    def participant(self, participant_id: str) -> ParticipantSnapshot:
        """Return one party.

        Raises:
            ParticipantNotFoundError: Nobody has this id.
        """
        for one in self.snapshot.participants:
            if one.participant_id == participant_id:
                return one
        raise ParticipantNotFoundError(self.call_id, participant_id)

    def is_connected(self, agent_id: str | None = None) -> bool:
        """Tell whether the agent and the customer talk: what Salesforce calls connected."""
        agent, customer = self.agent(agent_id), self.customer
        return (
            agent is not None
            and customer is not None
            and agent.state is ParticipantState.CONNECTED
            and customer.state is ParticipantState.CONNECTED
        )

    def apply(self, notification: Notification) -> "Call":
        """Return the call as the notification makes it.

        Raises:
            CallNotFoundError: The notification is about another call.
            ParticipantNotFoundError: It is about somebody who is not on the call.
            UnknownTransitionError: The call cannot do that in its state, or it is no
                notification that changes a call.
        """
        change = _CHANGES.get(type(notification))
        if change is None or self.is_over:
            raise UnknownTransitionError(
                "call", "ended" if self.is_over else "active", notification.name
            )
        call_id: str = getattr(notification, "call_id", "")
        if call_id != self.call_id:
            raise CallNotFoundError(call_id)
        return change(self, notification)


def changes_a_call(notification: Notification) -> bool:
    """Tell whether `Call.apply` knows this kind of notification."""
    return type(notification) in _CHANGES


def _liveliest(participants: Sequence[ParticipantSnapshot]) -> ParticipantSnapshot | None:
    alive = [one for one in participants if one.state is not ParticipantState.ENDED]
    candidates = alive or participants
    return candidates[-1] if candidates else None


# ---- one function for each kind of change ----------------------------------------------------


def _with_participant(call: Call, changed: ParticipantSnapshot) -> Call:
    participants = tuple(
        changed if one.participant_id == changed.participant_id else one
        for one in call.snapshot.participants
    )
    return Call(replace(call.snapshot, participants=participants))


def _ended(participant: ParticipantSnapshot, at: datetime) -> ParticipantSnapshot:
    state = next_state(PARTICIPANT, participant.state, ParticipantInput.LEAVE)
    return replace(participant, state=state, state_since=at, is_on_hold=False, is_muted=False)


def _update(call: Call, notification: CallUpdated) -> Call:
    snapshot = call.snapshot
    return Call(
        replace(
            snapshot,
            voice_call_id=notification.voice_call_id or snapshot.voice_call_id,
            call_info=notification.call_info or snapshot.call_info,
        )
    )


def _end(call: Call, notification: CallEnded) -> Call:
    participants = tuple(
        one if one.state is ParticipantState.ENDED else _ended(one, notification.at)
        for one in call.snapshot.participants
    )
    return Call(replace(call.snapshot, participants=participants, ended_at=notification.at))


def _add_participant(call: Call, notification: ParticipantAdded) -> Call:
    added = notification.participant
    if any(one.participant_id == added.participant_id for one in call.snapshot.participants):
        raise UnknownTransitionError("participants", "on the call", notification.name)
    return Call(
        replace(call.snapshot, participants=(*call.snapshot.participants, added)),
    )


def _connect_participant(call: Call, notification: ParticipantConnected) -> Call:
    participant = call.participant(notification.participant_id)
    state = next_state(PARTICIPANT, participant.state, ParticipantInput.CONNECT)
    return _with_participant(call, replace(participant, state=state, state_since=notification.at))


def _remove_participant(call: Call, notification: ParticipantLeft) -> Call:
    participant = call.participant(notification.participant_id)
    return _with_participant(call, _ended(participant, notification.at))


def _connected_participant(
    call: Call, machine: str, notification: "_AboutTalking"
) -> ParticipantSnapshot:
    """Return the party; only who is connected can be held or muted."""
    participant = call.participant(notification.participant_id)
    if participant.state is not ParticipantState.CONNECTED:
        raise UnknownTransitionError(machine, participant.state, notification.name)
    return participant


def _change_hold(call: Call, notification: ParticipantHeld | ParticipantResumed) -> Call:
    participant = _connected_participant(call, HOLD.name, notification)
    before = HoldState.ON_HOLD if participant.is_on_hold else HoldState.TALKING
    input = HoldInput.HOLD if isinstance(notification, ParticipantHeld) else HoldInput.RESUME
    after = next_state(HOLD, before, input)
    return _with_participant(call, replace(participant, is_on_hold=after is HoldState.ON_HOLD))


def _change_mute(call: Call, notification: ParticipantMuted | ParticipantUnmuted) -> Call:
    participant = _connected_participant(call, MUTE.name, notification)
    before = MuteState.MUTED if participant.is_muted else MuteState.UNMUTED
    input = MuteInput.MUTE if isinstance(notification, ParticipantMuted) else MuteInput.UNMUTE
    after = next_state(MUTE, before, input)
    return _with_participant(call, replace(participant, is_muted=after is MuteState.MUTED))


def _change_recording(call: Call, notification: Notification) -> Call:
    input = _RECORDING_INPUTS[type(notification)]
    recording = next_state(RECORDING, call.snapshot.recording, input)
    return Call(replace(call.snapshot, recording=recording))


_AboutTalking = ParticipantHeld | ParticipantResumed | ParticipantMuted | ParticipantUnmuted

_RECORDING_INPUTS: Mapping[type[Notification], RecordingInput] = MappingProxyType(
    {
        RecordingStarted: RecordingInput.START,
        RecordingPaused: RecordingInput.PAUSE,
        RecordingResumed: RecordingInput.RESUME,
    }
)

_CHANGES: Mapping[type[Notification], Callable[[Call, Any], Call]] = MappingProxyType(
    {
        CallUpdated: _update,
        CallEnded: _end,
        ParticipantAdded: _add_participant,
        ParticipantConnected: _connect_participant,
        ParticipantLeft: _remove_participant,
        ParticipantHeld: _change_hold,
        ParticipantResumed: _change_hold,
        ParticipantMuted: _change_mute,
        ParticipantUnmuted: _change_mute,
        RecordingStarted: _change_recording,
        RecordingPaused: _change_recording,
        RecordingResumed: _change_recording,
    }
)
