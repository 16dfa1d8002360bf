"""A small switch, and the server before it, as agent `ada` sees them: she has up to two calls.

Commands become the right notifications of ada's stream, and the switch keeps the truth. A call
may have anybody on it: a customer, third parties, other agents, supervisors.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from connector_py.call_model import AgentSession, Call, CallRegistry
from connector_py.entities import (
    AddParticipant,
    AgentState,
    AgentStateChanged,
    CallEnded,
    CallSnapshot,
    CallStarted,
    CallType,
    Command,
    Dial,
    EndWrapUp,
    HangupReason,
    HangupStatus,
    Notification,
    ParticipantAdded,
    ParticipantConnected,
    ParticipantHeld,
    ParticipantLeft,
    ParticipantSnapshot,
    ParticipantState,
    ParticipantType,
    RecordingStarted,
    RecordingState,
    RefusalCode,
    SuperviseCall,
    SupervisorBargedIn,
    WrapUpEnded,
    WrapUpStarted,
)
from connector_py.errors import CommandRefusedError
from tests.support.builders import at, make_agent_snapshot
from tests.support.fake_switch_controls import changes_of, is_supervisor

BUSY = "+12025550111"
"""Whoever dials this hears that it is busy."""
UNKNOWN = "nowhere"
"""Nobody has this number."""
OTHERS_CALL = "call-of-ben"
"""A call on which ada is not: she may listen to it."""
MAX_OTHERS = 4
"""Enough to be several; the server allows seven."""

_CONNECTED, _RINGING = ParticipantState.CONNECTED, ParticipantState.RINGING


class FakeSwitch:
    """Does what fits, answers "done" to what is so already, refuses the rest."""

    def __init__(self) -> None:
        self.registry = CallRegistry()
        self.session = AgentSession(make_agent_snapshot())
        self._count = 0
        self._seconds = 0

    # ---- what happens by itself: each verb returns its notifications ---------------------------

    def customer_calls(self) -> Sequence[Notification]:
        """A customer calls, and it rings at ada."""
        return self._starts(CallType.INBOUND, self._customer(_CONNECTED), self._me(_RINGING))

    def callback_is_due(self) -> Sequence[Notification]:
        """A callback rings at ada; its customer is called when she accepts it."""
        return self._starts(CallType.CALLBACK, self._customer(_RINGING), self._me(_RINGING))

    def colleague_calls(self) -> Sequence[Notification]:
        """Ben calls ada by the phone book: she is whom he calls."""
        ben = self._part(ParticipantType.AGENT, _CONNECTED, agent_id="ben")
        return self._starts(
            CallType.INTERNAL_CALL, ben, self._me(_RINGING, ParticipantType.INITIAL_CALLER)
        )

    def colleague_transfers(self, *, is_consult: bool = False) -> Sequence[Notification]:
        """Ben adds ada to a call of his."""
        ben = self._part(ParticipantType.AGENT, _CONNECTED, agent_id="ben")
        me = replace(
            self._me(_RINGING, ParticipantType.THIRD_PARTY),
            added_by=ben.participant_id,
            is_consult=is_consult,
        )
        customer = replace(self._customer(_CONNECTED), is_on_hold=True)
        return self._starts(CallType.INBOUND, customer, ben, me)

    def somebody_answers(self, call_id: str, which: int) -> Sequence[Notification]:
        """One of those who ring, but not ada, answers."""
        ringing = [one for one in self._others(call_id) if one.state is _RINGING]
        if not ringing or self._waits_for_me(call_id):
            return ()
        call = self.registry.get(call_id)
        answers = self._connects(call_id, ringing[which % len(ringing)].participant_id)
        is_first = call.snapshot.recording is RecordingState.OFF
        return self._happens(answers, *([RecordingStarted(call_id=call_id)] if is_first else []))

    def somebody_leaves(self, call_id: str, which: int) -> Sequence[Notification]:
        """One of the others leaves: the call goes on without them, or is over."""
        others = self._others(call_id)
        if not others:
            return ()
        return self._leave(self.registry.get(call_id), others[which % len(others)].participant_id)

    def nobody_answers(self, call_id: str) -> Sequence[Notification]:
        """The call rings too long at ada and goes to somebody else."""
        call = self.registry.find(call_id)
        own = None if call is None else call.agent("ada")
        if own is None or own.state is not _RINGING or is_supervisor(own):
            return ()
        return self._happens(self._fails(call_id, HangupStatus.MISSED_AGENT), *self._is_free())

    def colleague_adds(self, call_id: str) -> Sequence[Notification]:
        """Another agent on the call brings somebody in."""
        colleagues = [one for one in self._others(call_id) if one.agent_id and self._talks(one)]
        if not colleagues or len(self._others(call_id)) >= MAX_OTHERS:
            return ()
        guest = self._part(ParticipantType.THIRD_PARTY, _RINGING)
        guest = replace(guest, added_by=colleagues[0].participant_id)
        return self._happens(ParticipantAdded(call_id=call_id, participant=guest))

    def supervisor_comes(self, call_id: str) -> Sequence[Notification]:
        """Sue listens in, or barges in when she listens already."""
        call = self.registry.find(call_id)
        if call is None or not call.is_connected("ada"):
            return ()
        sue = call.agent("sue")
        if sue is None or sue.state is ParticipantState.ENDED:
            sue = self._part(ParticipantType.SUPERVISOR, _CONNECTED, agent_id="sue")
            return self._happens(ParticipantAdded(call_id=call_id, participant=sue))
        if sue.has_barged_in:
            return ()
        who = sue.participant_id
        return self._happens(
            SupervisorBargedIn(call_id=call_id, participant_id=who, at=self._now())
        )

    def own_calls(self) -> list[Call]:
        """The calls on which ada talks, or that ring at her."""
        return [call for call in self.registry if not is_supervisor(self._own(call))]

    # ---- what the agent asks for ---------------------------------------------------------------

    def perform(self, command: Command) -> tuple[Sequence[Notification], Any]:
        """Return what a command causes, and its reply's result.

        Raises:
            CommandRefusedError: It does not fit.
        """
        match command:
            case Dial(is_consult_call=False):
                return self._dial(command)
            case SuperviseCall():
                return self._supervise(command)
            case EndWrapUp():
                return self._end_wrap_up(command), None
            case Dial() | AddParticipant():
                return self._bring_in(command)
            case _:
                return self._change(command), None

    def _change(self, command: Command) -> Sequence[Notification]:
        call = self.registry.find(getattr(command, "call_id", ""))
        if call is None:
            if command.name in {"decline_call", "end_call", "stop_supervising"}:
                return ()
            raise CommandRefusedError(RefusalCode.CALL_NOT_FOUND, "no such call")
        own = self._own(call)
        match command.name:
            case "answer_call" if own.state is _RINGING:
                return self._answer(call, own)
            case "answer_call":
                return ()
            case "decline_call" | "end_call" if own.state is _RINGING:
                failed = self._fails(call.call_id, HangupStatus.DECLINED)
                return self._happens(failed, *self._is_free())
            case "decline_call":
                raise CommandRefusedError(RefusalCode.INVALID_STATE, "it does not ring")
            case "end_call" | "stop_supervising":
                return self._leave(call, own.participant_id)
            case "remove_participant":
                return self._remove(call, str(getattr(command, "participant_id", "")))
            case _:
                return self._happens(*changes_of(command, call, own, self._now()))

    def _answer(self, call: Call, own: ParticipantSnapshot) -> Sequence[Notification]:
        told = self._happens(self._connects(call.call_id, own.participant_id))
        now = self.registry.get(call.call_id)
        if now.is_connected("ada") and now.snapshot.recording is RecordingState.OFF:
            told = (*told, *self._happens(RecordingStarted(call_id=call.call_id)))
        return told

    def _remove(self, call: Call, participant_id: str) -> Sequence[Notification]:
        others = {one.participant_id: one for one in self._others(call.call_id)}
        if participant_id not in others:
            known = {one.participant_id for one in call.snapshot.participants}
            if participant_id in known:
                return ()
            raise CommandRefusedError(RefusalCode.INVALID_PARTICIPANT, "nobody like that")
        return self._leave(call, participant_id)

    def _dial(self, command: Dial) -> tuple[Sequence[Notification], Any]:
        if self.own_calls():
            raise CommandRefusedError(RefusalCode.INVALID_STATE, "the agent is on a call")
        number = command.contact.phone_number
        if number == UNKNOWN:
            raise CommandRefusedError(RefusalCode.INVALID_DESTINATION, "nobody has it")
        is_callback = command.is_callback
        call_type = CallType.DIALED_CALLBACK if is_callback else CallType.OUTBOUND
        told = self._starts(call_type, self._me(_CONNECTED), self._customer(_RINGING))
        call_id = self.registry.calls[-1].call_id
        if number == BUSY:
            failed = self._fails(call_id, HangupStatus.FAILED_CONNECT_CUSTOMER)
            told = (*told, *self._happens(failed, *self._is_free()))
        return told, {"callId": call_id}

    def _bring_in(self, command: Dial | AddParticipant) -> tuple[Sequence[Notification], Any]:
        call = self._call_to_add_to(command)
        own = self._own(call)
        is_blind = isinstance(command, AddParticipant) and command.is_blind_transfer
        if command.contact.phone_number == UNKNOWN:
            raise CommandRefusedError(RefusalCode.INVALID_DESTINATION, "nobody has it")
        if len(self._others(call.call_id)) >= MAX_OTHERS:
            raise CommandRefusedError(RefusalCode.INVALID_STATE, "nobody else fits")
        added = replace(
            self._part(ParticipantType.THIRD_PARTY, _RINGING),
            added_by=own.participant_id,
            is_consult=isinstance(command, Dial),
        )
        told = () if is_blind else self._happens(*self._holds(call))
        rings = ParticipantAdded(call_id=call.call_id, participant=added)
        told = (*told, *self._happens(rings))
        if is_blind:
            told = (*told, *self._leave(self.registry.get(call.call_id), own.participant_id))
        elif command.contact.phone_number == BUSY:
            gone = self._leave(self.registry.get(call.call_id), added.participant_id)
            told = (*told, *gone)
        return told, {"callId": call.call_id, "participantId": added.participant_id}

    def _call_to_add_to(self, command: Dial | AddParticipant) -> Call:
        if isinstance(command, AddParticipant) and command.call_id is not None:
            call = self.registry.find(command.call_id)
        else:
            own_calls = self.own_calls()
            call = own_calls[0] if own_calls else None
        if call is None or not call.is_connected("ada") or is_supervisor(self._own(call)):
            raise CommandRefusedError(RefusalCode.INVALID_STATE, "no connected call")
        return call

    def _holds(self, call: Call) -> Sequence[Notification]:
        main = call.main_party("ada")
        if main is None or main.state is not _CONNECTED or main.is_on_hold:
            return ()
        who = main.participant_id
        return (ParticipantHeld(call_id=call.call_id, participant_id=who, at=self._now()),)

    def _supervise(self, command: SuperviseCall) -> tuple[Sequence[Notification], Any]:
        if command.call_id != OTHERS_CALL or self.registry.calls:
            raise CommandRefusedError(RefusalCode.INVALID_STATE, "not this one, or not now")
        ben = self._part(ParticipantType.AGENT, _CONNECTED, agent_id="ben")
        me = self._me(_CONNECTED, ParticipantType.SUPERVISOR)
        call = self._call(CallType.INBOUND, self._customer(_CONNECTED), ben, me)
        call = replace(call, call_id=OTHERS_CALL, recording=RecordingState.RECORDING)
        return self._happens(CallStarted(call=call)), {"callId": OTHERS_CALL}

    def _end_wrap_up(self, command: EndWrapUp) -> Sequence[Notification]:
        if command.call_id != self.session.agent.wrap_up_call_id:
            raise CommandRefusedError(RefusalCode.INVALID_STATE, "no such wrap-up")
        return self._happens(
            WrapUpEnded(call_id=command.call_id), AgentStateChanged(state=AgentState.AVAILABLE)
        )

    # ---- inside --------------------------------------------------------------------------------

    def _happens(self, *notifications: Notification) -> Sequence[Notification]:
        for notification in notifications:
            self.registry = self.registry.apply(notification)
            self.session = self.session.apply(notification)
        return notifications

    def _starts(self, call_type: CallType, *parts: ParticipantSnapshot) -> Sequence[Notification]:
        call = self._call(call_type, *parts)
        told: list[Notification] = [CallStarted(call=call)]
        if self.session.agent.state is not AgentState.ON_CALL:
            told.append(AgentStateChanged(state=AgentState.ON_CALL))
        wrap_up = self.session.agent.wrap_up_call_id
        if wrap_up is not None:
            told.insert(0, WrapUpEnded(call_id=wrap_up))
        return self._happens(*told)

    def _leave(self, call: Call, participant_id: str) -> Sequence[Notification]:
        """Let somebody leave: ada's call ends with her own part, or with too few others."""
        own, call_id = self._own(call), call.call_id
        staying = [one for one in call.parties if one.participant_id != participant_id]
        if participant_id != own.participant_id and len(staying) > 1:
            return self._happens(
                ParticipantLeft(call_id=call_id, participant_id=participant_id, at=self._now())
            )
        ended = CallEnded(call_id=call_id, at=self._now())
        if is_supervisor(own):
            return self._happens(ended)
        if own.state is _RINGING:
            failed = self._fails(call_id, HangupStatus.FAILED_CONNECT_CUSTOMER)
            return self._happens(failed, *self._is_free())
        if not call.is_connected("ada"):
            return self._happens(ended, *self._is_free())
        return self._happens(ended, *self._wraps_up(call_id))

    def _wraps_up(self, call_id: str) -> Sequence[Notification]:
        if len(self.own_calls()) > 1:
            return ()
        return (
            WrapUpStarted(call_id=call_id),
            AgentStateChanged(state=AgentState.AFTER_CALL_WORK),
        )

    def _is_free(self) -> Sequence[Notification]:
        """Return that ada takes calls again, once this call was her last."""
        is_last = len(self.own_calls()) < 2
        return (AgentStateChanged(state=AgentState.AVAILABLE),) if is_last else ()

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

    def _call(self, call_type: CallType, *parts: ParticipantSnapshot) -> CallSnapshot:
        return CallSnapshot(
            call_id=f"call-{self._new_number()}",
            call_type=call_type,
            participants=parts,
            started_at=self._now(),
        )

    def _me(
        self, state: ParticipantState, kind: ParticipantType = ParticipantType.AGENT
    ) -> ParticipantSnapshot:
        return self._part(kind, state, agent_id="ada")

    def _customer(self, state: ParticipantState) -> ParticipantSnapshot:
        return self._part(ParticipantType.INITIAL_CALLER, state)

    def _part(
        self, kind: ParticipantType, state: ParticipantState, *, agent_id: str | None = None
    ) -> ParticipantSnapshot:
        number = self._new_number()
        return ParticipantSnapshot(
            participant_id=f"part-{number}",
            participant_type=kind,
            state=state,
            state_since=self._now(),
            agent_id=agent_id,
            phone_number=None if agent_id else f"+1202555{number:04}",
            name=agent_id and agent_id.title(),
        )

    def _own(self, call: Call) -> ParticipantSnapshot:
        own = call.agent("ada")
        assert own is not None, "ada's stream is about her calls"
        return own

    def _others(self, call_id: str) -> list[ParticipantSnapshot]:
        """Return who else is there, the main party first; no supervisors."""
        call = self.registry.find(call_id)
        own = None if call is None else call.agent("ada")
        return [] if call is None else [one for one in call.parties if one != own]

    def _talks(self, one: ParticipantSnapshot) -> bool:
        return one.state is _CONNECTED

    def _waits_for_me(self, call_id: str) -> bool:
        """Whether the customer of a callback is not called before ada accepts it."""
        call = self.registry.get(call_id)
        is_callback = call.snapshot.call_type is CallType.CALLBACK
        return is_callback and self._own(call).state is _RINGING

    def _new_number(self) -> int:
        self._count += 1
        return self._count

    def _now(self) -> Any:
        self._seconds += 1
        return at(self._seconds)
