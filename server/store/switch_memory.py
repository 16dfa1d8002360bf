"""Where the simulated switch keeps its calls."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from server.entities import SwitchCall
from server.store.json_text import read_json, write_json
from server.store.tables import agents, contacts, switch_calls

T = TypeVar("T")


class ConnectionRunner(Protocol):
    """Runs a function with the connection, in a transaction of its own."""

    async def run_with_connection(self, work: Callable[[Connection], T]) -> T:
        """Run it on the database's thread."""
        ...


class StoredSwitchMemory:
    """Implements `SwitchMemory`. Apart from `Transaction`: a switch is another system."""

    def __init__(self, runner: ConnectionRunner) -> None:
        self._runner = runner

    async def load(self) -> Sequence[SwitchCall]:
        """Return every call."""
        return await self._runner.run_with_connection(
            lambda connection: [
                read_json(SwitchCall, text)
                for text in connection.execute(
                    select(switch_calls.c.switch_call).order_by(switch_calls.c.call_id)
                ).scalars()
            ]
        )

    async def save(self, call: SwitchCall) -> None:
        """Write one call."""
        values = {"tenant_id": call.tenant_id, "switch_call": write_json(call)}

        def work(connection: Connection) -> None:
            connection.execute(
                upsert(switch_calls)
                .values(call_id=call.call.call_id, **values)
                .on_conflict_do_update(index_elements=["call_id"], set_=values)
            )

        await self._runner.run_with_connection(work)

    async def forget(self, call_id: str) -> bool:
        """Drop a call that is over."""
        statement = delete(switch_calls).where(switch_calls.c.call_id == call_id)
        return await self._runner.run_with_connection(
            lambda connection: connection.execute(statement).rowcount == 1
        )

    async def knows_contact(self, tenant_id: str, contact_id: str) -> bool:
        """Whether an agent or a contact of the tenant has this id."""
        is_agent = select(agents.c.agent_id).where(
            agents.c.tenant_id == tenant_id, agents.c.agent_id == contact_id
        )
        is_contact = select(contacts.c.contact_id).where(
            contacts.c.tenant_id == tenant_id, contacts.c.contact_id == contact_id
        )
        return await self._runner.run_with_connection(
            lambda connection: any(
                connection.execute(statement).first() is not None
                for statement in (is_agent, is_contact)
            )
        )
