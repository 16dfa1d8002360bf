"""How the calls of the simulated switch change; pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from connector_py.entities import (
    CallSnapshot,
    CallType,
    Notification,
    ParticipantHeld,
    ParticipantMuted,
    ParticipantResumed,
    ParticipantSnapshot,
    ParticipantState,
    ParticipantType,
    ParticipantUnmuted,
    RecordingPaused,
    RecordingResumed,
    RecordingState,
)
from server.entities import AgentKey, SwitchCall
from server.pbx.base import Destination, SwitchError, UnknownParticipantError
from server.pbx.events import ControlChanged


def inbound_call(*, call_id: str, customer_id: str, from_number: str, at: datetime) -> CallSnapshot:
    """Return a call whose customer waits. The recorder runs from the first word on."""
    customer = ParticipantSnapshot(
        participant_id=customer_id,
        participant_type=ParticipantType.INITIAL_CALLER,
        state=ParticipantState.CONNECTED,
        state_since=at,
        phone_number=from_number,
    )
    return CallSnapshot(
        call_id=call_id,
        call_type=CallType.INBOUND,
        participants=(customer,),
        started_at=at,
        recording=RecordingState.RECORDING,
    )


def outbound_call(
    *,
    call_id: str,
    agent: ParticipantSnapshot,
    customer_id: str,
    destination: Destination,
    at: datetime,
) -> CallSnapshot:
    """Return a call that rings at the customer."""
    customer = ParticipantSnapshot(
        participant_id=customer_id,
        participant_type=ParticipantType.INITIAL_CALLER,
        state=ParticipantState.RINGING,
        state_since=at,
        phone_number=destination.number,
        name=destination.name,
    )
    return CallSnapshot(
        call_id=call_id,
        call_type=CallType.OUTBOUND,
        participants=(customer, agent),
        started_at=at,
        recording=RecordingState.RECORDING,
    )


def agent_participant(
    agent: AgentKey, participant_id: str, at: datetime, *, is_connected: bool
) -> ParticipantSnapshot:
    """Return an agent's part in a call."""
    return ParticipantSnapshot(
        participant_id=participant_id,
        participant_type=ParticipantType.AGENT,
        state=ParticipantState.CONNECTED if is_connected else ParticipantState.RINGING,
        state_since=at,
        agent_id=agent.agent_id,
    )


def customer_of(switch_call: SwitchCall) -> ParticipantSnapshot:
    """Return the customer."""
    for participant in switch_call.call.participants:
        if participant.participant_type is ParticipantType.INITIAL_CALLER:
            return participant
    raise UnknownParticipantError("The call has no customer")


def agent_of(switch_call: SwitchCall, agent_id: str) -> ParticipantSnapshot | None:
    """Return an agent's part in the call."""
    for participant in switch_call.call.participants:
        if participant.agent_id == agent_id:
            return participant
    return None


def participant_of(switch_call: SwitchCall, participant_id: str) -> ParticipantSnapshot:
    """Return a participant.

    Raises:
        UnknownParticipantError: There is none with that id.
    """
    for participant in switch_call.call.participants:
        if participant.participant_id == participant_id:
            return participant
    raise UnknownParticipantError("The call has no such participant")


def connected_participant_of(switch_call: SwitchCall, participant_id: str) -> ParticipantSnapshot:
    """Return a participant who is on the call.

    Raises:
        UnknownParticipantError: There is none with that id.
        SwitchError: The participant's phone still rings.
    """
    participant = participant_of(switch_call, participant_id)
    if participant.state is not ParticipantState.CONNECTED:
        raise SwitchError("The participant is not on the call yet")
    return participant


def joined(call: CallSnapshot, participant: ParticipantSnapshot) -> CallSnapshot:
    """Return the call with one more participant."""
    return replace(call, participants=(*call.participants, participant))


def removed(call: CallSnapshot, participant_id: str) -> CallSnapshot:
    """Return the call without a participant."""
    left = tuple(one for one in call.participants if one.participant_id != participant_id)
    return replace(call, participants=left)


def connected(call: CallSnapshot, participant_id: str, at: datetime) -> CallSnapshot:
    """Return the call after a participant answered."""
    return changed(call, participant_id, state=ParticipantState.CONNECTED, state_since=at)


def changed(
    call: CallSnapshot,
    participant_id: str,
    **values: ParticipantState | datetime | bool,
) -> CallSnapshot:
    """Return the call with other values of one participant."""
    return replace(
        call,
        participants=tuple(
            replace(one, **values) if one.participant_id == participant_id else one
            for one in call.participants
        ),
    )


class Control(Protocol):
    """A change of hold, mute or recording."""

    def apply(
        self, switch_call: SwitchCall, at: datetime
    ) -> tuple[SwitchCall, ControlChanged] | None:
        """Return the changed call and its event; None when it is so already.

        Raises:
            SwitchError: It cannot be done.
        """
        ...


@dataclass(frozen=True, slots=True)
class Held:
    """Hold and retrieve."""

    participant_id: str
    is_on_hold: bool

    def apply(
        self, switch_call: SwitchCall, at: datetime
    ) -> tuple[SwitchCall, ControlChanged] | None:
        """Implements `Control`."""
        participant = connected_participant_of(switch_call, self.participant_id)
        if participant.is_on_hold == self.is_on_hold:
            return None
        kind = ParticipantHeld if self.is_on_hold else ParticipantResumed
        call = changed(switch_call.call, self.participant_id, is_on_hold=self.is_on_hold)
        notification = kind(call_id=call.call_id, participant_id=self.participant_id, at=at)
        return _result(switch_call, call, notification)


@dataclass(frozen=True, slots=True)
class Muted:
    """Mute and unmute."""

    participant_id: str
    is_muted: bool

    def apply(
        self, switch_call: SwitchCall, at: datetime
    ) -> tuple[SwitchCall, ControlChanged] | None:
        """Implements `Control`."""
        participant = connected_participant_of(switch_call, self.participant_id)
        if participant.is_muted == self.is_muted:
            return None
        kind = ParticipantMuted if self.is_muted else ParticipantUnmuted
        call = changed(switch_call.call, self.participant_id, is_muted=self.is_muted)
        notification = kind(call_id=call.call_id, participant_id=self.participant_id)
        return _result(switch_call, call, notification)


@dataclass(frozen=True, slots=True)
class Recorded:
    """Pause and go on with the recording."""

    is_paused: bool

    def apply(
        self, switch_call: SwitchCall, at: datetime
    ) -> tuple[SwitchCall, ControlChanged] | None:
        """Implements `Control`."""
        wanted = RecordingState.PAUSED if self.is_paused else RecordingState.RECORDING
        if switch_call.call.recording is wanted:
            return None
        if switch_call.call.recording is RecordingState.OFF:
            raise SwitchError("The call is not recorded")
        call = replace(switch_call.call, recording=wanted)
        kind = RecordingPaused if self.is_paused else RecordingResumed
        return _result(switch_call, call, kind(call_id=call.call_id))


def _result(
    switch_call: SwitchCall, call: CallSnapshot, notification: Notification
) -> tuple[SwitchCall, ControlChanged]:
    event = ControlChanged(
        tenant_id=switch_call.tenant_id, call_id=call.call_id, notification=notification
    )
    return replace(switch_call, call=call), event
