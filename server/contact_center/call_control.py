"""Answer, decline, hang up, hold, mute, recording and tones; `other_parties` has who else is there.

Asking for what is so already succeeds and does nothing: a double click has one effect, and so has
a command that is sent again because its reply was lost with the server.
"""

import re
from collections.abc import Callable
from typing import Any

from connector_py.entities import (
    AnswerCall,
    DeclineCall,
    EndCall,
    HangupStatus,
    Hold,
    Mute,
    Notification,
    ParticipantHeld,
    ParticipantMuted,
    ParticipantResumed,
    ParticipantSnapshot,
    ParticipantState,
    ParticipantType,
    ParticipantUnmuted,
    PauseRecording,
    RecordingPaused,
    RecordingResumed,
    RecordingState,
    RefusalCode,
    Reply,
    Resume,
    ResumeRecording,
    SendDigits,
    Unmute,
)
from connector_py.errors import CommandRefusedError
from server.contact_center.desk import Desk
from server.contact_center.lanes import Lane
from server.contact_center.ledger import is_talking
from server.contact_center.offers import Offered, has_left, taken_back
from server.contact_center.requests import (
    Request,
    carry_out,
    read_active_call,
    read_call,
    settle,
)
from server.entities import CallRecord
from server.pbx import (
    AgentAnswered,
    ControlChanged,
    PbxEvent,
    SwitchError,
    UnknownCallError,
    UnknownParticipantError,
)

_DIGITS = re.compile(r"[0-9*#A-D,]{1,64}")


class CallControl:
    """What an agent does with a call."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def answer(self, request: Request[AnswerCall], lane: Lane) -> Reply:
        """Connect the agent at whom the call rings."""
        record = await read_active_call(self._desk, request.agent, request.command.call_id)
        agent = _own_part(record, request)
        if agent.state is ParticipantState.CONNECTED:
            return await settle(self._desk, request)
        return await carry_out(
            self._desk,
            request,
            lane,
            self._desk.parts.pbx.answer(record.call_id, agent.participant_id),
            lambda event: (
                isinstance(event, AgentAnswered) and event.participant_id == agent.participant_id
            ),
        )

    async def decline(self, request: Request[DeclineCall], lane: Lane) -> Reply:
        """Take the ringing call back from the agent; it goes to somebody else, or to nobody."""
        record = await read_call(self._desk, request.agent, request.command.call_id)
        agent = record.agent(request.agent.agent_id)
        if agent is None or record.is_over:
            # What was asked for has happened; the call may ring at somebody else by now.
            return await settle(self._desk, request)
        if agent.state is not ParticipantState.RINGING:
            raise CommandRefusedError(
                RefusalCode.INVALID_STATE, "The call is answered already; end it instead"
            )
        return await self._withdraw(request, lane, agent)

    async def end(self, request: Request[EndCall], lane: Lane) -> Reply:
        """Hang up for the agent; for others the call goes on, when there are any.

        A call that still rings at the agent is declined.
        """
        record = await read_call(self._desk, request.agent, request.command.call_id)
        agent = record.agent(request.agent.agent_id)
        if agent is None or record.is_over:
            # What was asked for has happened; the call may ring at somebody else by now.
            return await settle(self._desk, request)
        if agent.state is ParticipantState.RINGING:
            return await self._withdraw(request, lane, agent)
        asking = self._desk.parts.pbx.hang_up(record.call_id, agent.participant_id)
        try:
            return await carry_out(
                self._desk, request, lane, asking, has_left(agent.participant_id)
            )
        except (UnknownCallError, UnknownParticipantError) as error:
            return await over_meanwhile(self._desk, request, lane, error)

    async def hold(self, request: Request[Hold], lane: Lane) -> Reply:
        """Put a participant on hold."""
        participant = await self._other_party(request, request.command.participant_id)
        if participant.is_on_hold:
            return await settle(self._desk, request)
        asking = self._desk.parts.pbx.hold(request.command.call_id, participant.participant_id)
        return await carry_out(
            self._desk, request, lane, asking, _is_control(ParticipantHeld, participant)
        )

    async def resume(self, request: Request[Resume], lane: Lane) -> Reply:
        """Take a participant off hold."""
        participant = await self._other_party(request, request.command.participant_id)
        if not participant.is_on_hold:
            return await settle(self._desk, request)
        asking = self._desk.parts.pbx.retrieve(request.command.call_id, participant.participant_id)
        return await carry_out(
            self._desk, request, lane, asking, _is_control(ParticipantResumed, participant)
        )

    async def mute(self, request: Request[Mute], lane: Lane) -> Reply:
        """Mute the agent, or somebody else on the call."""
        participant = await self._party(request, request.command.participant_id)
        if participant.is_muted:
            return await settle(self._desk, request)
        asking = self._desk.parts.pbx.mute(request.command.call_id, participant.participant_id)
        return await carry_out(
            self._desk, request, lane, asking, _is_control(ParticipantMuted, participant)
        )

    async def unmute(self, request: Request[Unmute], lane: Lane) -> Reply:
        """Undo `mute`."""
        participant = await self._party(request, request.command.participant_id)
        if not participant.is_muted:
            return await settle(self._desk, request)
        asking = self._desk.parts.pbx.unmute(request.command.call_id, participant.participant_id)
        return await carry_out(
            self._desk, request, lane, asking, _is_control(ParticipantUnmuted, participant)
        )

    async def pause_recording(self, request: Request[PauseRecording], lane: Lane) -> Reply:
        """Pause the recorder."""
        record = await self._connected_call(request, request.command.call_id)
        if record.call.recording is RecordingState.PAUSED:
            return await settle(self._desk, request)
        asking = self._desk.parts.pbx.pause_recording(record.call_id)
        return await carry_out(self._desk, request, lane, asking, _is_control(RecordingPaused))

    async def resume_recording(self, request: Request[ResumeRecording], lane: Lane) -> Reply:
        """Let the recorder go on."""
        record = await self._connected_call(request, request.command.call_id)
        if record.call.recording is RecordingState.RECORDING:
            return await settle(self._desk, request)
        asking = self._desk.parts.pbx.resume_recording(record.call_id)
        return await carry_out(self._desk, request, lane, asking, _is_control(RecordingResumed))

    async def send_digits(self, request: Request[SendDigits], lane: Lane) -> Reply:
        """Send tones. They are written nowhere: they can be card numbers and PINs."""
        del lane
        digits = request.command.digits
        if not _DIGITS.fullmatch(digits):
            raise CommandRefusedError(
                RefusalCode.INVALID_REQUEST, "Digits are 1 to 64 of 0-9, *, #, A-D and comma"
            )
        record = await self._connected_call(request, request.command.call_id)
        agent = _own_part(record, request)
        await self._desk.switch(
            self._desk.parts.pbx.send_digits(record.call_id, agent.participant_id, digits)
        )
        return await settle(self._desk, request)

    # ---- inside ----------------------------------------------------------------------------

    async def _withdraw(self, request: Request[Any], lane: Lane, own: ParticipantSnapshot) -> Reply:
        offered = Offered(
            call_id=request.command.call_id,
            agent=request.agent,
            participant_id=own.participant_id,
        )
        try:
            async with taken_back(self._desk, lane, offered, HangupStatus.DECLINED) as work:
                return await settle(self._desk, request, work)
        except UnknownCallError as error:
            return await over_meanwhile(self._desk, request, lane, error)

    async def _connected_call(self, request: Request[Any], call_id: str) -> CallRecord:
        record = await read_active_call(self._desk, request.agent, call_id)
        if not is_talking(record, request.agent.agent_id):
            raise CommandRefusedError(RefusalCode.INVALID_STATE, "The call is not connected yet")
        return record

    async def _party(
        self, request: Request[Any], participant_id: str | None
    ) -> ParticipantSnapshot:
        """Return a connected participant; the agent's own part without an id."""
        record = await read_active_call(self._desk, request.agent, request.command.call_id)
        if participant_id is None:
            found: ParticipantSnapshot | None = _own_part(record, request)
        else:
            found = next(
                (
                    one
                    for one in record.call.participants
                    if one.participant_id == participant_id
                    and one.state is not ParticipantState.ENDED
                    and one.participant_type is not ParticipantType.SUPERVISOR
                ),
                None,
            )
        if found is None:
            raise CommandRefusedError(
                RefusalCode.INVALID_PARTICIPANT, "Nobody on the call has this id"
            )
        is_there = found.state is ParticipantState.CONNECTED
        if not is_there or not is_talking(record, request.agent.agent_id):
            raise CommandRefusedError(RefusalCode.INVALID_STATE, "The call is not connected yet")
        return found

    async def _other_party(self, request: Request[Any], participant_id: str) -> ParticipantSnapshot:
        participant = await self._party(request, participant_id)
        if participant.agent_id == request.agent.agent_id:
            raise CommandRefusedError(
                RefusalCode.INVALID_PARTICIPANT, "Agents cannot put themselves on hold"
            )
        return participant


async def over_meanwhile(
    desk: Desk, request: Request[Any], lane: Lane, error: SwitchError
) -> Reply:
    """Answer what has happened already, as when both sides hang up at the same moment.

    The record says so too afterwards, even when the switch never told.
    """
    await lane.drain()
    call_id = request.command.call_id
    return await settle(desk, request, desk.catching_up(request.agent.tenant_id, call_id, error))


def _own_part(record: CallRecord, request: Request[Any]) -> ParticipantSnapshot:
    participant = record.agent(request.agent.agent_id)
    if participant is None:
        raise CommandRefusedError(RefusalCode.CALL_NOT_FOUND, "The call is over")
    return participant


def _is_control(
    kind: type[Notification], participant: ParticipantSnapshot | None = None
) -> Callable[[PbxEvent], bool]:
    """Return what tells a command's own effect from others, as of a desk phone meanwhile."""
    participant_id = participant and participant.participant_id

    def is_effect(event: PbxEvent) -> bool:
        if not isinstance(event, ControlChanged) or not isinstance(event.notification, kind):
            return False
        return getattr(event.notification, "participant_id", None) == participant_id

    return is_effect
