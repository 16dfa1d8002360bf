"""Supervisors listen in, barge in and leave (guide chapter 10, connector-api.md 1.6).

A supervisor who listens stays as they are: `available`, if they were. A call that they answer, or
place, ends the listening first; Salesforce's base connector does the same.
"""

from collections.abc import Awaitable
from typing import Any

from connector_py.entities import (
    AgentState,
    BargeIn,
    ParticipantSnapshot,
    ParticipantState,
    ParticipantType,
    RefusalCode,
    Reply,
    StopSupervising,
    SuperviseCall,
    SupervisorBargedIn,
)
from connector_py.errors import CommandRefusedError
from server.contact_center.call_control import over_meanwhile
from server.contact_center.desk import Desk
from server.contact_center.lanes import Lane
from server.contact_center.ledger import Ledger, RouteCalls
from server.contact_center.requests import Request, settle
from server.contact_center.waiting import within
from server.entities import AgentKey, CallRecord
from server.logs import get_logger
from server.pbx import (
    CallOver,
    ControlChanged,
    PartyAdded,
    PartyLeft,
    PbxEvent,
    SwitchError,
    UnknownCallError,
    UnknownParticipantError,
)
from server.store import Transaction

_log = get_logger(__name__)

_BUSY = "Agent is not available to supervise a call"


class Supervision:
    """What supervisors do."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def supervise(self, request: Request[SuperviseCall]) -> Reply:
        """Let the agent hear a call: at once at the softphone, else their desk phone rings.

        Salesforce may name the call by the VoiceCall of an agent who was added; the result
        `{"callId"}` is the call's own id.
        """
        desk = self._desk
        record = await desk.parts.store.run(lambda tx: _supervisable(tx, request))
        result = {"callId": record.call_id}
        if record.agent(request.agent.agent_id) is not None:
            return await settle(desk, request, lambda ledger: result)
        if request.agent in desk.reserved:
            raise CommandRefusedError(RefusalCode.INVALID_STATE, _BUSY)
        desk.reserved.take(request.agent, record.call_id)
        try:
            return await self._listen_in(request, record.call_id)
        finally:
            desk.reserved.release(request.agent, record.call_id)
            desk.follow(RouteCalls(tenant_id=request.agent.tenant_id))

    async def _listen_in(self, request: Request[SuperviseCall], call_id: str) -> Reply:
        desk, participant_id = self._desk, self._desk.parts.ids.new_id()
        agent = await desk.parts.store.run(lambda tx: tx.agent(request.agent))
        is_softphone = agent is None or agent.has_softphone
        async with desk.lanes.hold(call_id) as lane:
            await desk.switch(
                desk.parts.pbx.listen_in(
                    call_id,
                    request.agent,
                    participant_id=participant_id,
                    is_ringing=request.by_desk_phone or not is_softphone,
                )
            )

            def is_it(event: PbxEvent) -> bool:
                is_added = isinstance(event, PartyAdded)
                return is_added and event.participant.participant_id == participant_id

            async with desk.effect(lane, is_it) as event:

                def work(ledger: Ledger) -> object:
                    desk.recorder.record(ledger, event)
                    return {"callId": call_id}

                return await settle(desk, request, work)

    async def barge_in(self, request: Request[BargeIn], lane: Lane) -> Reply:
        """Let everybody on the call hear the supervisor."""
        record, own = await self._supervised(request, request.command.call_id)
        if own.has_barged_in:
            return await settle(self._desk, request)
        if own.state is not ParticipantState.CONNECTED:
            raise CommandRefusedError(
                RefusalCode.INVALID_STATE, "Answer the desk phone before barging in"
            )
        asking = self._desk.parts.pbx.barge_in(record.call_id, own.participant_id)
        await self._desk.switch(asking)

        def is_it(event: PbxEvent) -> bool:
            told = event.notification if isinstance(event, ControlChanged) else None
            is_barge_in = isinstance(told, SupervisorBargedIn)
            return is_barge_in and told.participant_id == own.participant_id

        return await self._write_effect(request, lane, is_it)

    async def stop(self, request: Request[StopSupervising], lane: Lane) -> Reply:
        """Let the supervisor leave; who has left already has what they asked for."""
        desk = self._desk
        tenant_id, call_id = request.agent.tenant_id, request.command.call_id
        record = await desk.parts.store.run(lambda tx: tx.call(tenant_id, call_id))
        own = None if record is None else record.supervisor(request.agent.agent_id)
        if own is None:
            return await settle(desk, request)
        try:
            await desk.switch(desk.parts.pbx.hang_up(call_id, own.participant_id))
        except (UnknownCallError, UnknownParticipantError) as error:
            return await over_meanwhile(desk, request, lane, error)

        def is_it(event: PbxEvent) -> bool:
            is_left = isinstance(event, PartyLeft) and event.participant_id == own.participant_id
            return is_left or isinstance(event, CallOver)

        return await self._write_effect(request, lane, is_it)

    async def leave_before_answer(self, agent: AgentKey, call_id: str) -> None:
        """Let an agent leave what they listen to, before they answer a call.

        Nothing happens when they cannot answer it, or answer to listen in.
        """
        if await self._desk.parts.store.run(lambda tx: _can_answer(tx, agent, call_id)):
            await self.leave_all(agent)

    async def leave_before_log_out(self, agent: AgentKey) -> None:
        """Let an agent leave what they listen to, unless a call keeps them from logging out."""
        known = await self._desk.parts.store.run(lambda tx: tx.agent(agent))
        if known is not None and known.state is not AgentState.ON_CALL:
            await self.leave_all(agent)

    async def leave_all(self, agent: AgentKey) -> None:
        """Let an agent leave what they listen to; what fails is logged.

        It belongs to no command: Salesforce is told of it as of anything that happened by itself.
        Not waiting for ever: whatever the switch does late is written down when it does it.
        """
        for record, own in await self._desk.parts.store.run(lambda tx: _listened_to(tx, agent)):
            await self._leave(record.call_id, own.participant_id)

    async def _leave(self, call_id: str, participant_id: str) -> None:
        desk = self._desk
        try:
            await desk.switch(desk.parts.pbx.hang_up(call_id, participant_id))
            await self._until_written(desk.lanes.settle(call_id))
        except (SwitchError, CommandRefusedError, TimeoutError) as error:
            _log.warning("supervision_not_ended", call=call_id, exc_info=error)

    async def _until_written(self, settling: Awaitable[None]) -> None:
        """Wait for the turn of a call, but not for ever: its turn may wait for ours."""
        desk = self._desk

        async def settle_it() -> None:
            await settling

        task = desk.background.start(settle_it(), name="supervision ends")
        await within(desk.parts.clock, desk.settings.switch_seconds, task)

    # ---- inside --------------------------------------------------------------------------------

    async def _write_effect(self, request: Request[Any], lane: Lane, is_it: Any) -> Reply:  # noqa: ANN401
        desk = self._desk
        async with desk.effect(lane, is_it) as event:
            return await settle(desk, request, lambda ledger: desk.recorder.record(ledger, event))

    async def _supervised(
        self, request: Request[Any], call_id: str
    ) -> tuple[CallRecord, ParticipantSnapshot]:
        tenant_id = request.agent.tenant_id
        record = await self._desk.parts.store.run(lambda tx: tx.call(tenant_id, call_id))
        own = None if record is None else record.supervisor(request.agent.agent_id)
        if record is None or own is None:
            raise CommandRefusedError(
                RefusalCode.CALL_NOT_FOUND, "The agent supervises no such call"
            )
        return record, own


def _supervisable(tx: Transaction, request: Request[SuperviseCall]) -> CallRecord:
    """Return the call that is meant, when the agent may listen to it now."""
    record = tx.call_by_key(request.agent.tenant_id, request.command.call_id)
    if record is None or record.is_over:
        raise CommandRefusedError(RefusalCode.CALL_NOT_FOUND, "There is no such call")
    if record.supervisor(request.agent.agent_id) is not None:
        return record
    if tx.agent_calls(request.agent):
        raise CommandRefusedError(RefusalCode.INVALID_STATE, _BUSY)
    is_served = any(
        one.state is ParticipantState.CONNECTED
        and one.participant_type is not ParticipantType.SUPERVISOR
        for one in record.agents
    )
    if not is_served:
        raise CommandRefusedError(RefusalCode.INVALID_STATE, "No agent is on the call yet")
    return record


def _can_answer(tx: Transaction, agent: AgentKey, call_id: str) -> bool:
    record = tx.call(agent.tenant_id, call_id)
    own = None if record is None else record.agent(agent.agent_id)
    return (
        own is not None
        and own.state is ParticipantState.RINGING
        and own.participant_type is not ParticipantType.SUPERVISOR
    )


def _listened_to(tx: Transaction, agent: AgentKey) -> list[tuple[CallRecord, ParticipantSnapshot]]:
    found = [(record, record.supervisor(agent.agent_id)) for record in tx.agent_calls(agent)]
    return [(record, own) for record, own in found if own is not None]
