"""Bringing somebody into a call: to add, to transfer blind, to consult."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from connector_py.entities import (
    AddParticipant,
    Dial,
    ParticipantHeld,
    ParticipantSnapshot,
    ParticipantType,
    RefusalCode,
    Reply,
)
from connector_py.errors import CommandRefusedError
from server.contact_center.desk import Desk
from server.contact_center.destinations import Target, target_of
from server.contact_center.lanes import Lane
from server.contact_center.ledger import Ledger, RouteCalls, is_talking
from server.contact_center.offers import has_left
from server.contact_center.parties import is_control, talking_part
from server.contact_center.requests import Request, note_desk_phone, read_call, settle
from server.entities import AgentKey, CallRecord
from server.logs import get_logger
from server.pbx import PartyAdded, PbxEvent, SwitchError
from server.store import Transaction

_log = get_logger(__name__)

MAX_OTHERS = 7
"""As many others an agent can have on a call (demo-connector.md 5.20, multi-party)."""


@dataclass(frozen=True, slots=True)
class _Wish:
    """What an agent wants of whom, with the call as it was when they asked."""

    record: CallRecord
    own: ParticipantSnapshot
    result: dict[str, str]
    is_blind: bool = False
    is_consult: bool = False


class Adding:
    """What an agent does to have somebody else on the call.

    Asking for what is so already succeeds and does nothing, as in `call_control`.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def add(self, request: Request[AddParticipant], lane: Lane) -> Reply:
        """Bring somebody into a call; the result is `{"participantId"}`.

        Blind, the agent leaves at the same moment (guide chapter 13, "Perform a Blind Transfer").
        """
        call_id = request.command.call_id
        if call_id is None:
            raise CommandRefusedError(RefusalCode.INVALID_REQUEST, "callId is missing")
        record = await read_call(self._desk, request.agent, call_id)
        participant_id = participant_id_of(request.agent, request.id)
        result = {"participantId": participant_id}
        if _knows(record, participant_id):
            return await settle(self._desk, request, lambda ledger: result)
        own = talking_part(record, request)
        return await self._bring_in(
            request, lane, _Wish(record, own, result, is_blind=request.command.is_blind_transfer)
        )

    async def consult(self, request: Request[Dial]) -> Reply:
        """Call somebody beside the agent's own call, to talk in private until a conference.

        The result is `{"callId", "participantId"}`.
        """
        desk = self._desk
        participant_id = participant_id_of(request.agent, request.id)
        call_id = await desk.parts.store.run(lambda tx: _consulting(tx, request, participant_id))
        result = {"callId": call_id, "participantId": participant_id}
        async with desk.lanes.hold(call_id) as lane:
            record = await read_call(desk, request.agent, call_id)
            if _knows(record, participant_id):
                return await settle(desk, request, lambda ledger: result)
            own = talking_part(record, request)
            return await self._bring_in(request, lane, _Wish(record, own, result, is_consult=True))

    async def _bring_in(
        self, request: Request[AddParticipant] | Request[Dial], lane: Lane, wish: _Wish
    ) -> Reply:
        desk, call_id = self._desk, wish.record.call_id
        if len(wish.record.parties) > MAX_OTHERS:
            raise CommandRefusedError(
                RefusalCode.INVALID_STATE, f"A call has at most {MAX_OTHERS} others"
            )
        contact = request.command.contact
        since = desk.now() - timedelta(seconds=desk.settings.link_grace_seconds)
        target = await desk.parts.store.run(
            lambda tx: target_of(tx, request.agent, contact, linked_after=since)
        )
        keep_free(desk, target, call_id)
        try:
            return await self._added(request, lane, wish, target)
        finally:
            let_go(desk, target, call_id)
            if wish.record.call.is_auto_merge_on and not wish.is_consult:
                await self._merge(request.agent.tenant_id, call_id)

    async def _added(self, request: Request[Any], lane: Lane, wish: _Wish, target: Target) -> Reply:
        """Ask the switch and write what it does: hold, the new party, and who leaves."""
        desk, own = self._desk, wish.own
        participant_id = wish.result["participantId"]
        await desk.switch(
            desk.parts.pbx.add_party(
                wish.record.call_id,
                participant_id=participant_id,
                added_by=own.participant_id,
                destination=target.destination,
                is_consult=wish.is_consult,
                is_blind=wish.is_blind,
            )
        )
        is_added = _is_added(participant_id)
        is_last = has_left(own.participant_id) if wish.is_blind else is_added

        def is_step(event: PbxEvent) -> bool:
            return is_added(event) or is_last(event) or is_control(event, ParticipantHeld)

        while True:
            async with desk.effect(lane, is_step) as event:
                if is_last(event):
                    return await self._settle(request, event, wish.result)
                await self._write(request, event)

    async def _settle(self, request: Request[Any], event: PbxEvent, result: object) -> Reply:
        def work(ledger: Ledger) -> object:
            self._desk.recorder.record(ledger, event)
            return result

        return await settle(self._desk, request, work)

    async def _write(self, request: Request[Any], event: PbxEvent) -> None:
        def work(ledger: Ledger) -> None:
            note_desk_phone(self._desk, ledger, request)
            self._desk.recorder.record(ledger, event)

        await self._desk.write(work, cause=request.cause, desk_phone_of=request.desk_phone_of)

    async def _merge(self, tenant_id: str, call_id: str) -> None:
        """Let everybody talk on a call that merges by itself, should the switch hold somebody."""
        desk = self._desk
        record = await desk.parts.store.run(lambda tx: tx.call(tenant_id, call_id))
        if record is None or record.is_over or not any(one.is_on_hold for one in record.parties):
            return
        try:
            await desk.switch(desk.parts.pbx.conference(call_id))
        except (SwitchError, CommandRefusedError) as error:
            _log.warning("not_merged", call=call_id, exc_info=error)


def participant_id_of(agent: AgentKey, command_id: str) -> str:
    """Return the id of the party that a command adds: a letter and 128 bits.

    The same command, sent again because its reply was lost, adds nobody a second time.
    """
    text = "\n".join((agent.tenant_id, agent.agent_id, command_id, "participant"))
    return "p" + hashlib.sha256(text.encode()).hexdigest()[:32]


def keep_free(desk: Desk, target: Target, call_id: str) -> None:
    """Let nobody else choose the agent who is to be called.

    Raises:
        CommandRefusedError: Another call is about to ring there.
    """
    if target.agent is None:
        return
    if target.agent in desk.reserved or not desk.reserved.take(target.agent, call_id):
        raise CommandRefusedError(
            RefusalCode.INVALID_DESTINATION, "That agent is about to get another call"
        )


def let_go(desk: Desk, target: Target, call_id: str) -> None:
    """Undo `keep_free`; what follows from the command keeps the agent free by itself."""
    if target.agent is not None:
        desk.reserved.release(target.agent, call_id)
        desk.follow(RouteCalls(tenant_id=target.agent.tenant_id))


def _consulting(tx: Transaction, request: Request[Dial], participant_id: str) -> str:
    """Return the id of the call beside which the agent consults somebody, now or before."""
    known = tx.call_by_key(request.agent.tenant_id, participant_id)
    if known is not None:
        return known.call_id
    for record in tx.agent_calls(request.agent):
        own = record.agent(request.agent.agent_id)
        is_supervisor = own is None or own.participant_type is ParticipantType.SUPERVISOR
        if not is_supervisor and is_talking(record, request.agent.agent_id):
            return record.call_id
    raise CommandRefusedError(RefusalCode.INVALID_STATE, "A consult needs a call that is connected")


def _knows(record: CallRecord, participant_id: str) -> bool:
    return any(one.participant_id == participant_id for one in record.call.participants)


def _is_added(participant_id: str) -> Callable[[PbxEvent], bool]:
    def is_it(event: PbxEvent) -> bool:
        is_added = isinstance(event, PartyAdded)
        return is_added and event.participant.participant_id == participant_id

    return is_it
