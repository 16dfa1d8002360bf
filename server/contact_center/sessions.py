"""The end of an agent's session by the telephony system: time is over, or an operator ends it."""

from connector_py.call_model import AgentInput
from connector_py.entities import AgentState
from server.contact_center import agent_changes
from server.contact_center.desk import Desk
from server.contact_center.ledger import Ledger
from server.contact_center.supervision import Supervision
from server.entities import Agent, AgentKey
from server.errors import NotFoundError

_STEP = 2.0
"""How often it is looked whether a call that outlasts its agent's session is over."""
_LONGEST = 3600.0
"""How long who has no session is left alone."""


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
            _end(ledger, known)

        await self._desk.write(work)
        await Supervision(self._desk).leave_all(agent)

    async def end_in_time(self, agent: AgentKey) -> None:
        """Wait for the end of an agent's session; see `ContactCenter.end_session_in_time`."""
        desk = self._desk
        while True:
            ends_at = await desk.patiently(
                lambda: desk.parts.store.run(lambda tx: tx.session_end(agent)), name="session end"
            )
            left = _LONGEST if ends_at is None else (ends_at - desk.now()).total_seconds()
            if left <= 0 and await desk.write_patiently(lambda ledger: _time_out(ledger, agent)):
                break
            await desk.parts.clock.sleep(left if left > 0 else _STEP)
        await Supervision(desk).leave_all(agent)


def _time_out(ledger: Ledger, agent: AgentKey) -> bool:
    """Sign an agent out whose time is over, unless they are on a call; whether they are."""
    known, ends_at = ledger.tx.agent(agent), ledger.tx.session_end(agent)
    is_over = ends_at is not None and ends_at <= ledger.at
    if known is None or not is_over or known.state is AgentState.ON_CALL:
        return False
    _end(ledger, known)
    return True


def _end(ledger: Ledger, agent: Agent) -> None:
    agent_changes.status_set(ledger, agent, AgentInput.SET_OFFLINE, None)
    ledger.tx.drop_secrets(agent.key)
    ledger.end_links(agent.key)
