"""The other parties of a call: let go, swap, conference; `adding` brings them in.

Asking for what is so already succeeds and does nothing, as in `call_control`.
"""

from collections.abc import Coroutine
from typing import Any

from connector_py.entities import (
    Conference,
    Notification,
    ParticipantHeld,
    ParticipantResumed,
    ParticipantsConferenced,
    ParticipantsSwapped,
    ParticipantState,
    RefusalCode,
    RemoveParticipant,
    Reply,
    Swap,
)
from connector_py.errors import CommandRefusedError
from server.contact_center.call_control import over_meanwhile
from server.contact_center.desk import Desk
from server.contact_center.lanes import Lane
from server.contact_center.offers import has_left
from server.contact_center.parties import (
    connected_part,
    holdable,
    is_control,
    other_party,
    talking_part,
)
from server.contact_center.requests import Request, carry_out, read_active_call, settle
from server.pbx import UnknownCallError, UnknownParticipantError


class OtherParties:
    """What an agent does with the other parties of a call."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def remove(self, request: Request[RemoveParticipant], lane: Lane) -> Reply:
        """Hang up for somebody else; who has left already has left."""
        call_id, who = request.command.call_id, request.command.participant_id
        record = await read_active_call(self._desk, request.agent, call_id)
        own = connected_part(record, request)
        if who == own.participant_id:
            raise CommandRefusedError(
                RefusalCode.INVALID_PARTICIPANT, "Agents end the call to leave it themselves"
            )
        party = other_party(record, who)
        if party.state is ParticipantState.ENDED:
            return await settle(self._desk, request)
        asking = self._desk.parts.pbx.hang_up(call_id, who)
        try:
            return await carry_out(self._desk, request, lane, asking, has_left(who))
        except (UnknownCallError, UnknownParticipantError) as error:
            return await over_meanwhile(self._desk, request, lane, error)

    async def swap(self, request: Request[Swap], lane: Lane) -> Reply:
        """Put one party on hold and take another off it."""
        command, pbx = request.command, self._desk.parts.pbx
        record = await read_active_call(self._desk, request.agent, command.call_id)
        own = talking_part(record, request)
        held = holdable(record, own, command.hold_participant_id)
        resumed = holdable(record, own, command.resume_participant_id)
        if held.participant_id == resumed.participant_id:
            raise CommandRefusedError(
                RefusalCode.INVALID_PARTICIPANT, "Two different participants can be swapped"
            )
        if not held.is_on_hold and resumed.is_on_hold:
            asking = pbx.swap(
                record.call_id, hold_id=held.participant_id, resume_id=resumed.participant_id
            )
            return await self._control(request, lane, asking, ParticipantsSwapped)
        if resumed.is_on_hold:
            who = resumed.participant_id
            asking = pbx.retrieve(record.call_id, who)
            return await self._control(request, lane, asking, ParticipantResumed, who)
        if not held.is_on_hold:
            who = held.participant_id
            asking = pbx.hold(record.call_id, who)
            return await self._control(request, lane, asking, ParticipantHeld, who)
        return await settle(self._desk, request)

    async def conference(self, request: Request[Conference], lane: Lane) -> Reply:
        """Let everybody talk with everybody: nobody on hold, no consult apart."""
        record = await read_active_call(self._desk, request.agent, request.command.call_id)
        talking_part(record, request)
        if not any(one.is_on_hold or one.is_consult for one in record.parties):
            return await settle(self._desk, request)
        asking = self._desk.parts.pbx.conference(record.call_id)
        return await self._control(request, lane, asking, ParticipantsConferenced)

    async def _control(
        self,
        request: Request[Any],
        lane: Lane,
        asking: Coroutine[Any, Any, None],
        kind: type[Notification],
        who: str | None = None,
    ) -> Reply:
        return await carry_out(
            self._desk, request, lane, asking, lambda event: is_control(event, kind, who)
        )
