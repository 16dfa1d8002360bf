"""Calls that agents place."""

import hashlib

from connector_py.entities import AgentState, Dial, RefusalCode, Reply
from connector_py.errors import CommandRefusedError
from server.contact_center.desk import Desk
from server.contact_center.ledger import Ledger, RouteCalls
from server.contact_center.requests import Request, settle
from server.entities import Agent, AgentKey
from server.pbx import Destination, DialStarted, UnknownDestinationError
from server.store import Transaction

_ABLE = (AgentState.AVAILABLE, AgentState.BUSY)


class Dialing:
    """Outbound calls: the switch calls, Salesforce's own softphone makes the VoiceCall."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def dial(self, request: Request[Dial]) -> Reply:
        """Call somebody for the agent.

        The id of the call comes from the command's id, so that a command that is sent again
        because its reply was lost never calls twice.
        """
        desk = self._desk
        if request.command.is_callback or request.command.is_consult_call:
            raise CommandRefusedError(
                RefusalCode.NOT_SUPPORTED, "This switch dials neither callbacks nor consults"
            )
        call_id = call_id_of(request.agent, request.id)
        if await desk.parts.store.run(lambda tx: tx.call(request.agent.tenant_id, call_id)):
            return await settle(desk, request, lambda ledger: {"callId": call_id})
        if request.agent in desk.reserved:
            raise CommandRefusedError(RefusalCode.INVALID_STATE, "A call is about to ring")
        desk.reserved.add(request.agent)
        try:
            destination = await desk.parts.store.run(lambda tx: _destination(tx, request))
            return await self._originate(request, call_id, destination)
        except UnknownDestinationError as error:
            raise CommandRefusedError(RefusalCode.INVALID_DESTINATION, error.message) from error
        finally:
            desk.reserved.discard(request.agent)
            desk.follow(RouteCalls(tenant_id=request.agent.tenant_id))

    async def _originate(
        self, request: Request[Dial], call_id: str, destination: Destination
    ) -> Reply:
        desk = self._desk
        async with desk.lanes.hold(call_id) as lane:
            await desk.switch(
                desk.parts.pbx.originate(
                    request.agent,
                    call_id=call_id,
                    participant_id=desk.parts.ids.new_id(),
                    destination=destination,
                )
            )
            async with desk.effect(lane, lambda event: isinstance(event, DialStarted)) as event:

                def work(ledger: Ledger) -> object:
                    desk.recorder.record(ledger, event)
                    return {"callId": call_id}

                return await settle(desk, request, work)


def call_id_of(agent: AgentKey, command_id: str) -> str:
    """Return the id of the call that a dial command starts: a letter and 128 bits."""
    text = "\n".join((agent.tenant_id, agent.agent_id, command_id))
    return "d" + hashlib.sha256(text.encode()).hexdigest()[:32]


def _destination(tx: Transaction, request: Request[Dial]) -> Destination:
    _check_able(tx.agent(request.agent))
    contact = request.command.contact
    known = None if contact.id is None else tx.contact(request.agent.tenant_id, contact.id)
    number = contact.phone_number or (None if known is None else known.phone_number)
    if number is None and contact.id is None:
        raise CommandRefusedError(
            RefusalCode.INVALID_DESTINATION, "The contact has neither a number nor an id"
        )
    name = contact.name or (None if known is None else known.name)
    return Destination(number=number, contact_id=contact.id, name=name)


def _check_able(agent: Agent | None) -> None:
    if agent is None or agent.state not in _ABLE:
        state = AgentState.OFFLINE if agent is None else agent.state
        raise CommandRefusedError(
            RefusalCode.INVALID_STATE,
            f"An agent who is {state.replace('_', ' ')} cannot place a call",
        )
