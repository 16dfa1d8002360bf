"""Whom a contact means: an agent, a queue, a flow, or a number outside the contact center."""

from dataclasses import dataclass
from datetime import datetime

from connector_py.entities import AgentState, Contact, ContactType, RefusalCode
from connector_py.errors import CommandRefusedError
from server.contact_center.matching import is_routable
from server.entities import Agent, AgentKey
from server.pbx import Destination
from server.store import Transaction

_NOT_ABLE = {
    AgentState.OFFLINE: "That agent is offline",
    AgentState.BUSY: "That agent has set a status without calls",
    AgentState.ON_CALL: "That agent is on a call",
    AgentState.AFTER_CALL_WORK: "That agent is still in after-call work",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Whom the switch is asked to call."""

    destination: Destination
    agent: AgentKey | None = None
    """Who it is, when it is one agent in particular; able at the moment of asking."""


def target_of(
    tx: Transaction, asking: AgentKey, contact: Contact, *, linked_after: datetime
) -> Target:
    """Return whom a contact means.

    Args:
        tx: Knows agents and phone book.
        asking: Who wants to call them.
        contact: What was chosen or typed.
        linked_after: Whose connector was lost before this gets no call.

    Raises:
        CommandRefusedError: The contact means nobody, or an agent who is not able now.
    """
    known = None if contact.id is None else tx.contact(asking.tenant_id, contact.id)
    kind = contact.type or (None if known is None else known.type)
    name = contact.name or (None if known is None else known.name)
    match kind:
        case ContactType.AGENT:
            return _agent(tx, asking, contact, linked_after)
        case ContactType.QUEUE:
            queue_id = contact.id or contact.queue
            queue = None if queue_id is None else tx.contact(asking.tenant_id, queue_id)
            if queue is None or queue.type is not ContactType.QUEUE:
                raise _nobody("There is no such queue")
            return _routed(kind, queue_id, name or queue.name)
        case ContactType.FLOW:
            flow = contact.id or contact.name
            if flow is None:
                raise _nobody("The contact does not name its flow")
            return _routed(kind, flow, name or flow)
        case _:
            number = contact.phone_number or (None if known is None else known.phone_number)
            if number is None and contact.id is None:
                raise _nobody("The contact has neither a number nor an id")
            outside = Destination(
                number=number, contact_id=contact.id, contact_type=kind, name=name
            )
            return Target(destination=outside)


def _agent(tx: Transaction, asking: AgentKey, contact: Contact, linked_after: datetime) -> Target:
    key = AgentKey(tenant_id=asking.tenant_id, agent_id=contact.id or "")
    agent = tx.agent(key)
    if agent is None:
        raise _nobody("There is no such agent")
    if key == asking:
        raise _nobody("Agents cannot call themselves")
    _check_able(agent, linked_after)
    found = _routed(ContactType.AGENT, agent.agent_id, agent.full_name)
    return Target(destination=found.destination, agent=key)


def _check_able(agent: Agent, linked_after: datetime) -> None:
    if is_routable(agent, linked_after):
        return
    if agent.state in _NOT_ABLE:
        raise _nobody(_NOT_ABLE[agent.state])
    if not agent.has_capacity:
        raise _nobody("That agent works on something else")
    raise _nobody("That agent is not connected")


def _routed(kind: ContactType, contact_id: str | None, name: str | None) -> Target:
    destination = Destination(contact_id=contact_id, contact_type=kind, name=name, is_routed=True)
    return Target(destination=destination)


def _nobody(message: str) -> CommandRefusedError:
    return CommandRefusedError(RefusalCode.INVALID_DESTINATION, message)
