"""Work of agents in Omni-Channel: items of other channels, contact requests, previews.

A contact request is a callback that the agent makes, passes on, or leaves for later (guide chapter
9, "Let Agents Control the Callback Experience"). From when it is accepted until it is closed the
agent gets no call.
"""

import re
from collections.abc import Callable
from dataclasses import replace

from connector_py.entities import (
    AddParticipant,
    AgentWork,
    Contact,
    ContactType,
    MessageReceived,
    RefusalCode,
    Reply,
    ReportAgentWork,
    WorkEvent,
)
from connector_py.errors import CommandRefusedError
from server.contact_center.desk import Desk
from server.contact_center.ledger import Ledger
from server.contact_center.requests import Request, settle
from server.entities import Agent, AgentKey, ContactRequest, OpenWork
from server.errors import ConflictError, InvalidRequestError, NotFoundError
from server.store import Transaction

_ENDS = (WorkEvent.DECLINED, WorkEvent.CLOSED)
"""Completed work is still being wrapped up; its end is that it is closed."""
_MOST_ITEMS = 100
_SPELLING = re.compile(r"[\s().\-/]")


class Work:
    """Hears of work, and hands contact requests and previews out."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def report(self, request: Request[ReportAgentWork]) -> Reply:
        """Take over what happened to an item of the agent's work."""

        def work(ledger: Ledger) -> None:
            agent = ledger.tx.agent(request.agent)
            if agent is not None:
                _take_over(ledger, agent, request.command.agent_work)

        return await settle(self._desk, request, work)

    async def pass_on(self, request: Request[AddParticipant]) -> Reply:
        """Give the agent's contact request to another agent, or to a queue.

        The result is `{"contactRequestId"}`.
        """
        command = request.command
        if not command.is_blind_transfer:
            raise CommandRefusedError(
                RefusalCode.INVALID_REQUEST,
                "There is no call to add somebody to; a contact request is passed on as a whole",
            )

        def work(ledger: Ledger) -> object:
            mine = _in_hand(ledger.tx, request.agent)
            if mine is None:
                raise CommandRefusedError(
                    RefusalCode.INVALID_STATE, "The agent has neither a call nor a contact request"
                )
            given = _given_to(ledger.tx, mine, command.contact)
            ledger.tx.save_contact_request(given)
            return {"contactRequestId": given.contact_request_id}

        return await settle(self._desk, request, work)

    def add_contact_request(
        self,
        agent: AgentKey,
        *,
        contact_request_id: str,
        phone_number: str,
        name: str | None,
        work_item_id: str | None,
    ) -> Callable[[Ledger], None]:
        """Return what notes who got a contact request; see `ContactCenter.add_contact_request`."""
        if not contact_request_id or not phone_number:
            raise InvalidRequestError("A contact request has an id and a number.")

        def work(ledger: Ledger) -> None:
            if ledger.tx.agent(agent) is None:
                raise NotFoundError("There is no such agent.")
            known = ledger.tx.contact_request(agent.tenant_id, contact_request_id)
            if known is not None and known.is_closed:
                raise ConflictError("The contact request is closed.")
            ledger.tx.save_contact_request(
                ContactRequest(
                    tenant_id=agent.tenant_id,
                    contact_request_id=contact_request_id,
                    phone_number=phone_number,
                    created_at=ledger.at,
                    name=name,
                    work_item_id=work_item_id,
                    agent_id=agent.agent_id,
                )
            )

        return work

    def push_preview(
        self, agent: AgentKey, phone_number: str, name: str | None
    ) -> Callable[[Ledger], None]:
        """Return what proposes a number to an agent; see `ContactCenter.push_preview`."""
        message = {"type": "PREVIEW_CALL", "phoneNumber": phone_number}
        if name is not None:
            message["name"] = name
        number = _plain(phone_number)
        if not number:
            raise InvalidRequestError("A preview has a number.", field="phoneNumber")

        def work(ledger: Ledger) -> None:
            if ledger.tx.agent(agent) is None:
                raise NotFoundError("There is no such agent.")
            ledger.tx.save_preview(agent, number, at=ledger.at)
            ledger.tell(agent, MessageReceived(message=message))

        return work


def _take_over(ledger: Ledger, agent: Agent, work: AgentWork) -> None:
    contact_request = _contact_request(ledger, agent, work)
    is_over = work.work_event in _ENDS
    others = tuple(one for one in agent.open_work if not one.is_about(work))
    item = OpenWork(work=work, at=ledger.at, takes_capacity=contact_request is not None)
    kept = others if is_over else (*others, item)
    if contact_request is not None and work.work_event is WorkEvent.CLOSED:
        ledger.tx.save_contact_request(replace(contact_request, is_closed=True))
    # Saving the agent lets waiting calls look for somebody again.
    ledger.save_agent(replace(agent, open_work=kept[-_MOST_ITEMS:]))


def _contact_request(ledger: Ledger, agent: Agent, work: AgentWork) -> ContactRequest | None:
    """Return the agent's contact request that an item of work is, if it is one.

    One that waited in a queue is the agent's as soon as they accept it.
    """
    if not work.work_item_id:
        return None
    found = ledger.tx.contact_request_of_item(agent.tenant_id, work.work_item_id)
    if found is None or found.is_closed:
        return None
    if found.agent_id is None and work.work_event is WorkEvent.ACCEPTED:
        found = replace(found, agent_id=agent.agent_id, queue_id=None)
        ledger.tx.save_contact_request(found)
    return found if found.agent_id == agent.agent_id else None


def _in_hand(tx: Transaction, key: AgentKey) -> ContactRequest | None:
    """Return the contact request that the agent works on; the newest, when there are several."""
    agent = tx.agent(key)
    mine = tx.open_contact_requests(key)
    accepted = [
        one
        for one in mine
        if agent is not None
        and any(item.is_in_hand and one.is_item(item.work.work_item_id) for item in agent.open_work)
    ]
    found = accepted or mine
    return found[-1] if found else None


def _given_to(tx: Transaction, request: ContactRequest, contact: Contact) -> ContactRequest:
    if contact.id and contact.type is ContactType.AGENT and contact.id != request.agent_id:
        if tx.agent(AgentKey(tenant_id=request.tenant_id, agent_id=contact.id)) is not None:
            return replace(request, agent_id=contact.id, queue_id=None)
    elif contact.id and contact.type is ContactType.QUEUE:
        known = tx.contact(request.tenant_id, contact.id)
        if known is not None and known.type is ContactType.QUEUE:
            return replace(request, agent_id=None, queue_id=contact.id)
    raise CommandRefusedError(
        RefusalCode.INVALID_DESTINATION,
        "A contact request goes to another agent or to a queue of the phone book",
    )


def _plain(number: str) -> str:
    return _SPELLING.sub("", number)
