"""Calls that agents place."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

from connector_py.entities import AgentState, CallType, ContactType, Dial, RefusalCode, Reply
from connector_py.errors import CommandRefusedError
from server.contact_center.adding import Adding, keep_free, let_go
from server.contact_center.desk import Desk
from server.contact_center.destinations import Target, target_of
from server.contact_center.ledger import Ledger, RouteCalls
from server.contact_center.patience import persist
from server.contact_center.requests import Request, settle
from server.entities import Agent, AgentKey
from server.pbx import DialStarted, SwitchError, UnknownCallError
from server.store import Transaction

_ABLE = (AgentState.AVAILABLE, AgentState.BUSY)


class Dialing:
    """The switch calls, Salesforce's own softphone makes the VoiceCall.

    A call to an agent is internal: both agents have the same call. One to a queue is outbound,
    and goes to an agent as well (guide chapter 9, "Enable the Phone Book for Outbound Calls").

    Args:
        desk: The tools.
        leave_listening: Lets an agent leave what they listen to as a supervisor.
    """

    def __init__(
        self, desk: Desk, *, leave_listening: Callable[[AgentKey], Awaitable[None]]
    ) -> None:
        self._desk = desk
        self._leave_listening = leave_listening
        self._adding = Adding(desk)

    async def dial(self, request: Request[Dial]) -> Reply:
        """Call somebody for the agent; the result is `{"callId"}`.

        The id of the call comes from the command's id, so that a command that is sent again
        because its reply was lost never calls twice. A consult is a party of the agent's own call.
        """
        desk = self._desk
        if request.command.is_consult_call:
            return await self._adding.consult(request)
        call_id = call_id_of(request.agent, request.id)
        if await desk.parts.store.run(lambda tx: tx.call(request.agent.tenant_id, call_id)):
            return await settle(desk, request, lambda ledger: {"callId": call_id})
        if not desk.reserved.take(request.agent, call_id):
            raise CommandRefusedError(RefusalCode.INVALID_STATE, "A call is about to ring")
        try:
            since = desk.now() - timedelta(seconds=desk.settings.link_grace_seconds)
            target = await desk.parts.store.run(lambda tx: _target(tx, request, linked_after=since))
            return await self._originate(request, call_id, target)
        finally:
            desk.reserved.release(request.agent, call_id)
            desk.follow(RouteCalls(tenant_id=request.agent.tenant_id))

    async def _originate(self, request: Request[Dial], call_id: str, target: Target) -> Reply:
        desk, given_up = self._desk, asyncio.Event()
        keep_free(desk, target, call_id)
        try:
            async with desk.lanes.hold(call_id) as lane, self._undone(call_id, given_up):
                await desk.switch(self._place(request, call_id, target, given_up))
                # Only the switch knows whom it can call: who dials a wrong number listens on.
                # The new call is told afterwards, for its event waits in its lane.
                await self._leave_listening(request.agent)
                async with desk.effect(lane, lambda event: isinstance(event, DialStarted)) as event:

                    def work(ledger: Ledger) -> object:
                        desk.recorder.record(ledger, event)
                        return {"callId": call_id}

                    return await settle(desk, request, work)
        finally:
            let_go(desk, target, call_id)

    async def _place(
        self, request: Request[Dial], call_id: str, target: Target, given_up: asyncio.Event
    ) -> None:
        await self._desk.parts.pbx.originate(
            request.agent,
            call_id=call_id,
            participant_id=self._desk.parts.ids.new_id(),
            destination=target.destination,
            call_type=_call_type(request.command, target),
        )
        if given_up.is_set():
            await self._hang_up(call_id)

    @asynccontextmanager
    async def _undone(self, call_id: str, given_up: asyncio.Event) -> AsyncGenerator[None]:
        """Let a call that the switch was too slow to place be hung up, now or when it is placed.

        The agent was told that there is no such call, and may be on another one soon.
        """
        try:
            yield
        except CommandRefusedError:
            given_up.set()
            self._desk.background.start(self._hang_up(call_id), name="hang up late call")
            raise

    async def _hang_up(self, call_id: str) -> None:
        """Hang up until it works; a call that the switch does not know is not placed, or over."""

        async def hang_up() -> None:
            with suppress(UnknownCallError):
                await self._desk.switch(self._desk.parts.pbx.hang_up(call_id))

        await persist(
            self._desk.parts.clock,
            hang_up,
            failures=(SwitchError, CommandRefusedError),
            name="hang up late call",
        )


def call_id_of(agent: AgentKey, command_id: str) -> str:
    """Return the id of the call that a dial command starts: a letter and 128 bits."""
    text = "\n".join((agent.tenant_id, agent.agent_id, command_id))
    return "d" + hashlib.sha256(text.encode()).hexdigest()[:32]


def _call_type(command: Dial, target: Target) -> CallType:
    if target.agent is not None:
        return CallType.INTERNAL_CALL
    return CallType.DIALED_CALLBACK if command.is_callback else CallType.OUTBOUND


def _target(tx: Transaction, request: Request[Dial], *, linked_after: datetime) -> Target:
    _check_able(tx.agent(request.agent))
    target = target_of(tx, request.agent, request.command.contact, linked_after=linked_after)
    if target.destination.contact_type is ContactType.FLOW:
        raise CommandRefusedError(
            RefusalCode.INVALID_DESTINATION, "A flow gets calls by transfer only"
        )
    return target


def _check_able(agent: Agent | None) -> None:
    if agent is None or agent.state not in _ABLE:
        state = AgentState.OFFLINE if agent is None else agent.state
        raise CommandRefusedError(
            RefusalCode.INVALID_STATE,
            f"An agent who is {state.replace('_', ' ')} cannot place a call",
        )
