"""Commands that a vendor method waits for, and what they caused so far.

The base connector publishes a method's effect itself, out of the result. So the notification that
tells of that effect must not be published again; what else happens to the call meanwhile is
published after the result (connector-api.md 1.3).
"""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType

from connector_py.call_model import answering_type
from connector_py.entities import (
    AnswerCall,
    CallEnded,
    CallStarted,
    Command,
    DeclineCall,
    Dial,
    EndCall,
    Hold,
    Mute,
    Notification,
    ParticipantConnected,
    ParticipantHeld,
    ParticipantMuted,
    ParticipantResumed,
    ParticipantType,
    ParticipantUnmuted,
    PauseRecording,
    PhoneCall,
    RecordingPaused,
    RecordingResumed,
    Resume,
    ResumeRecording,
    Unmute,
)

EFFECTS: Mapping[type[Command], type[Notification]] = MappingProxyType(
    {
        AnswerCall: ParticipantConnected,
        DeclineCall: CallEnded,
        EndCall: CallEnded,
        Dial: CallStarted,
        Hold: ParticipantHeld,
        Resume: ParticipantResumed,
        Mute: ParticipantMuted,
        Unmute: ParticipantUnmuted,
        PauseRecording: RecordingPaused,
        ResumeRecording: RecordingResumed,
    }
)
"""Which notification tells of a command's own effect."""


@dataclass(slots=True)
class Awaited:
    """A command on its way.

    Args:
        command_id: Its idempotency key.
        command: The command.
        call_id: The call that it is about; of a dialled call, as soon as it is known.
    """

    command_id: str
    command: Command
    call_id: str | None
    calls: tuple[PhoneCall, ...] = ()
    """The call as it was right after the effect."""
    is_done: bool = False
    """Whether the effect was seen."""


class AwaitedCommands:
    """The commands on their way, in the order in which they were sent."""

    def __init__(self) -> None:
        self._awaited: dict[str, Awaited] = {}

    @contextmanager
    def waiting(self, command_id: str, command: Command) -> Generator[Awaited]:
        """Keep a command for as long as its method waits."""
        call_id: str | None = getattr(command, "call_id", None)
        awaited = Awaited(command_id, command, call_id)
        self._awaited[command_id] = awaited
        try:
            yield awaited
        finally:
            del self._awaited[command_id]

    def effect_of(
        self, notification: Notification, call_id: str | None, cause: str | None
    ) -> Awaited | None:
        """Return the command whose own effect this is, or None.

        Args:
            notification: What happened.
            call_id: The call that it is about.
            cause: Which command caused it. None when it is not known, as after a snapshot: then
                the oldest command that would have this effect counts as the cause.
        """
        for awaited in self._awaited.values():
            is_cause = (
                cause == awaited.command_id
                if cause is not None
                else _may_have_caused(awaited.command, notification)
            )
            is_effect = isinstance(notification, EFFECTS.get(type(awaited.command), ()))
            is_call = awaited.call_id in (None, call_id)
            if is_cause and is_effect and is_call and not awaited.is_done:
                return awaited
        return None

    def concerns(self, call_id: str | None, cause: str | None) -> bool:
        """Tell whether an event has to wait for the result of a method.

        Args:
            call_id: The call that the event is about.
            cause: Which command caused it.
        """
        return any(
            awaited.command_id == cause or (awaited.is_done and awaited.call_id == call_id)
            for awaited in self._awaited.values()
            if call_id is not None or cause is not None
        )


def _may_have_caused(command: Command, notification: Notification) -> bool:
    """Tell whether a notification without a cause could be the command's effect.

    A call that starts at the agent while a dial is on its way must ring, not pass for the dialled
    one; and a hold of somebody else is not the effect of this hold.
    """
    if isinstance(command, Dial) and isinstance(notification, CallStarted):
        return answering_type(notification.call.call_type) is ParticipantType.INITIAL_CALLER
    if isinstance(command, Hold | Resume):
        return command.participant_id == getattr(notification, "participant_id", None)
    return True
