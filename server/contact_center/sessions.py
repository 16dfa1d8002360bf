"""The end of an agent's session by the telephony system: time is over, or an operator ends it."""

from connector_py.call_model import AgentInput
from server.contact_center import agent_changes
from server.contact_center.desk import Desk
from server.contact_center.ledger import Ledger
from server.contact_center.supervision import Supervision
from server.entities import AgentKey
from server.errors import NotFoundError


class Sessions:
    """Ends sessions."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def sign_out(self, agent: AgentKey) -> None:
        """End an agent's session; see `ContactCenter.sign_out`."""

        def work(ledger: Ledger) -> None:
            known = ledger.tx.agent(agent)
            if known is None:
                raise NotFoundError("There is no such agent.")
            agent_changes.status_set(ledger, known, AgentInput.SET_OFFLINE, None)
            ledger.tx.drop_secrets(agent)
            ledger.end_links(agent)

        await self._desk.write(work)
        await Supervision(self._desk).leave_all(agent)
