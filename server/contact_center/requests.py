"""A command on its way, and what every handler of commands needs."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from connector_py.entities import (
    Command,
    LinkError,
    ParticipantSnapshot,
    PhoneSwitched,
    RefusalCode,
    Reply,
    to_wire,
)
from connector_py.errors import CommandRefusedError
from server.contact_center.desk import Desk
from server.contact_center.lanes import Lane
from server.contact_center.ledger import Ledger
from server.entities import AgentKey, CallRecord
from server.pbx import PbxEvent
from server.store import Transaction

C = TypeVar("C", bound=Command)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Generic[C]):
    """A command with its sender and its idempotency key."""

    agent: AgentKey
    id: str
    body_hash: str
    command: C
    by_desk_phone: bool = False
    """Begun at the agent's desk phone: no connector waits for the reply."""

    @property
    def cause(self) -> str | None:
        """What the connector knows it by, when it was the connector that asked."""
        return None if self.by_desk_phone else self.id

    @property
    def desk_phone_of(self) -> AgentKey | None:
        """Who acts at the desk phone, when somebody does."""
        return self.agent if self.by_desk_phone else None


async def settle(
    desk: Desk, request: Request[Any], work: Callable[[Ledger], object] | None = None
) -> Reply:
    """Write what a command did, together with its reply; return the reply.

    Args:
        desk: The tools.
        request: The command.
        work: Writes what happened; what it returns is the reply's result.
    """

    def run(ledger: Ledger) -> Reply:
        note_desk_phone(desk, ledger, request)
        result = None if work is None else work(ledger)
        reply = Reply(
            id=request.id,
            offset=ledger.tx.stream_head(request.agent).offset,
            result=to_wire(result),
        )
        ledger.tx.save_reply(request.agent, request.body_hash, reply, at=ledger.at)
        return reply

    return await desk.write(run, cause=request.cause, desk_phone_of=request.desk_phone_of)


def own_part(record: CallRecord | None, agent: AgentKey) -> ParticipantSnapshot | None:
    """Return the agent's part in a call, unless they have left."""
    return None if record is None or record.is_over else record.agent(agent.agent_id)


def note_desk_phone(desk: Desk, ledger: Ledger, request: Request[Any]) -> None:
    """Note, before what an action did, that the agent goes on with the call at the desk phone.

    Together with the effect: an action that is refused leaves the agent where they are.
    """
    call_id = getattr(request.command, "call_id", None)
    if not request.by_desk_phone or not isinstance(call_id, str):
        return
    record = ledger.tx.call(request.agent.tenant_id, call_id)
    own = own_part(record, request.agent)
    if record is not None and own is not None and own.is_softphone:
        switched = PhoneSwitched(
            call_id=call_id, participant_id=own.participant_id, is_softphone=False
        )
        desk.changes.apply(ledger, record, switched)


async def carry_out(
    desk: Desk,
    request: Request[Any],
    lane: Lane,
    asking: Coroutine[Any, Any, None],
    is_effect: Callable[[PbxEvent], bool],
) -> Reply:
    """Ask the switch, wait for the effect, and write it together with the reply.

    Raises:
        SwitchError: The switch cannot do it.
        CommandRefusedError: The switch did not do it in time.
    """
    await desk.switch(asking)
    async with desk.effect(lane, is_effect) as event:
        return await settle(desk, request, lambda ledger: desk.recorder.record(ledger, event))


async def refuse(desk: Desk, request: Request[Any], error: LinkError) -> Reply:
    """Write a refusal, so that the same command gets it again; return it."""

    def run(ledger: Ledger) -> Reply:
        reply = refusal(ledger.tx, request, error)
        ledger.tx.save_reply(request.agent, request.body_hash, reply, at=ledger.at)
        return reply

    return await desk.write(run)


def refusal(tx: Transaction, request: Request[Any], error: LinkError) -> Reply:
    """Return a refusal that is not kept."""
    return Reply(id=request.id, offset=tx.stream_head(request.agent).offset, error=error)


async def read_call(desk: Desk, agent: AgentKey, call_id: str) -> CallRecord:
    """Return a call of the agent, also when it is over or not the agent's any more.

    Raises:
        CommandRefusedError: The agent never had such a call.
    """
    record = await desk.parts.store.run(lambda tx: tx.call(agent.tenant_id, call_id))
    if record is None or not _had_part(record, agent):
        raise CommandRefusedError(RefusalCode.CALL_NOT_FOUND, "There is no such call")
    return record


async def read_active_call(desk: Desk, agent: AgentKey, call_id: str) -> CallRecord:
    """Return a call that rings at the agent or that the agent is on.

    Raises:
        CommandRefusedError: There is none.
    """
    record = await read_call(desk, agent, call_id)
    if record.is_over or record.agent(agent.agent_id) is None:
        raise CommandRefusedError(RefusalCode.CALL_NOT_FOUND, "The call is over")
    return record


def _had_part(record: CallRecord, agent: AgentKey) -> bool:
    had = {one.agent_id for one in record.call.participants}
    had.update(one.agent_id for one in record.tried_agents)
    had.update(one.agent_id for leg in record.legs for one in leg.tried_agents)
    had.add(record.answered_by)
    return agent.agent_id in had
