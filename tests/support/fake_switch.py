"""A small switch for one agent: commands become the right notifications, and it keeps the truth."""

from collections.abc import Sequence
from typing import Any

from connector_py.call_model import AgentSession, Call, CallRegistry
from connector_py.entities import (
    AnswerCall,
    CallEnded,
    CallStarted,
    Command,
    DeclineCall,
    Dial,
    EndCall,
    EndWrapUp,
    HangupReason,
    HangupStatus,
    Hold,
    Mute,
    Notification,
    ParticipantConnected,
    ParticipantHeld,
    ParticipantMuted,
    ParticipantResumed,
    ParticipantState,
    ParticipantUnmuted,
    PauseRecording,
    RecordingPaused,
    RecordingResumed,
    RecordingStarted,
    RecordingState,
    RefusalCode,
    Resume,
    ResumeRecording,
    Unmute,
    WrapUpEnded,
    WrapUpStarted,
)
from connector_py.errors import CommandRefusedError
from tests.support.builders import (
    at,
    make_agent_snapshot,
    make_call_snapshot,
    make_outbound_call_snapshot,
)

BUSY = "+12025550111"
"""Whoever dials this hears that it is busy."""
_ME = "agent-1"
_CUSTOMER = "customer-1"


class FakeSwitch:
    """Does what fits, answers "done" to what is so already, refuses the rest."""

    def __init__(self) -> None:
        self.registry = CallRegistry()
        self.session = AgentSession(make_agent_snapshot())
        self._count = 0
        self._seconds = 0

    # ---- what happens by itself: each verb returns its notifications ---------------------------

    def customer_calls(self) -> Sequence[Notification]:
        call = make_call_snapshot(call_id=self._new_call_id(), started_at=self._now())
        return self._happens(CallStarted(call=call))

    def customer_answers(self, call_id: str) -> Sequence[Notification]:
        call = self.registry.find(call_id)
        if call is None or call.participant(_CUSTOMER).state is not ParticipantState.RINGING:
            return ()
        return self._happens(self._connects(call_id, _CUSTOMER), RecordingStarted(call_id=call_id))

    def customer_hangs_up(self, call_id: str) -> Sequence[Notification]:
        call = self.registry.find(call_id)
        return () if call is None else self._happens(*self._ends(call))

    def nobody_answers(self, call_id: str) -> Sequence[Notification]:
        call = self.registry.find(call_id)
        if call is None or call.is_connected("ada"):
            return ()
        return self._happens(self._fails(call_id, HangupStatus.MISSED_AGENT))

    # ---- what the agent asks for ---------------------------------------------------------------

    def perform(self, command: Command) -> tuple[Sequence[Notification], Any]:
        """Return what a command causes, and its reply's result.

        Raises:
            CommandRefusedError: It does not fit.
        """
        if isinstance(command, Dial):
            return self._dial(command)
        if isinstance(command, EndWrapUp):
            if command.call_id != self.session.agent.wrap_up_call_id:
                raise CommandRefusedError(RefusalCode.INVALID_STATE, "no such wrap-up")
            return self._happens(WrapUpEnded(call_id=command.call_id)), None
        call = self.registry.find(getattr(command, "call_id", ""))
        if call is None:
            if isinstance(command, DeclineCall | EndCall):
                return (), None
            raise CommandRefusedError(RefusalCode.CALL_NOT_FOUND, "no such call")
        return self._happens(*self._effects(command, call)), None

    def _effects(self, command: Command, call: Call) -> Sequence[Notification]:
        call_id = call.call_id
        rings = call.participant(_ME).state is ParticipantState.RINGING
        if isinstance(command, AnswerCall) and rings:
            return self._connects(call_id, _ME), RecordingStarted(call_id=call_id)
        if isinstance(command, DeclineCall | EndCall) and rings:
            return (self._fails(call_id, HangupStatus.DECLINED),)
        if isinstance(command, EndCall):
            return self._ends(call)
        if not call.is_connected("ada"):
            raise CommandRefusedError(RefusalCode.INVALID_STATE, "the call is not connected")
        return self._toggles(command, call)

    def _toggles(self, command: Command, call: Call) -> Sequence[Notification]:
        where: dict[str, Any] = {"call_id": call.call_id}
        is_held, is_muted = call.participant(_CUSTOMER).is_on_hold, call.participant(_ME).is_muted
        recording = call.snapshot.recording
        match command:
            case Hold() if not is_held:
                return (ParticipantHeld(**where, participant_id=_CUSTOMER, at=self._now()),)
            case Resume() if is_held:
                return (ParticipantResumed(**where, participant_id=_CUSTOMER, at=self._now()),)
            case Mute() if not is_muted:
                return (ParticipantMuted(**where, participant_id=_ME),)
            case Unmute() if is_muted:
                return (ParticipantUnmuted(**where, participant_id=_ME),)
            case PauseRecording() if recording is RecordingState.RECORDING:
                return (RecordingPaused(**where),)
            case ResumeRecording() if recording is RecordingState.PAUSED:
                return (RecordingResumed(**where),)
            case _:
                return ()

    def _dial(self, command: Dial) -> tuple[Sequence[Notification], Any]:
        call_id = self._new_call_id()
        call = make_outbound_call_snapshot(call_id=call_id, started_at=self._now())
        caused: list[Notification] = [CallStarted(call=call)]
        if command.contact.phone_number == BUSY:
            caused.append(self._fails(call_id, HangupStatus.FAILED_CONNECT_CUSTOMER))
        return self._happens(*caused), {"callId": call_id}

    # ---- inside --------------------------------------------------------------------------------

    def _happens(self, *notifications: Notification) -> Sequence[Notification]:
        for notification in notifications:
            self.registry = self.registry.apply(notification)
            self.session = self.session.apply(notification)
        return notifications

    def _ends(self, call: Call) -> Sequence[Notification]:
        end = CallEnded(call_id=call.call_id, at=self._now())
        was_answered = call.is_connected("ada")
        return (end, WrapUpStarted(call_id=call.call_id)) if was_answered else (end,)

    def _fails(self, call_id: str, status: HangupStatus) -> Notification:
        return CallEnded(
            call_id=call_id,
            at=self._now(),
            reason=HangupReason.PHONE_CALL_ERROR,
            agent_status=status,
            close_call_on_error=False,
        )

    def _connects(self, call_id: str, participant_id: str) -> Notification:
        return ParticipantConnected(call_id=call_id, participant_id=participant_id, at=self._now())

    def _new_call_id(self) -> str:
        self._count += 1
        return f"call-{self._count}"

    def _now(self) -> Any:
        self._seconds += 1
        return at(self._seconds)
