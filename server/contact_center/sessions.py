"""The end of an agent's session by the telephony system: time is over, or an operator ends it."""

import asyncio
from datetime import datetime

from connector_py.call_model import AgentInput
from connector_py.entities import AgentState
from server.contact_center import agent_changes
from server.contact_center.desk import Desk
from server.contact_center.ledger import Ledger
from server.contact_center.supervision import Supervision
from server.entities import Agent, AgentKey, SecretKind
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
            _end(ledger, known, *SecretKind)

        await self._desk.write(work)
        await Supervision(self._desk).leave_all(agent)

    async def end_in_time(self, agent: AgentKey) -> None:
        """Wait for the end of an agent's session; see `ContactCenter.end_session_in_time`."""
        desk = self._desk
        last: datetime | None = None
        while True:
            ends_at = await desk.patiently(
                lambda: desk.parts.store.run(lambda tx: tx.session_end(agent)), name="session end"
            )
            # One that is gone, because it was ended or is too old to be kept, was the last.
            last = ends_at or last
            left = _LONGEST if last is None else (last - desk.now()).total_seconds()
            if last is not None and (ends_at is None or left <= 0):
                # The agent's link is ended by it, and with the link who waits here.
                ending = self._time_out(agent)
                task = desk.background.start(ending, name="session end", is_awaited=True)
                if await asyncio.shield(task):
                    return
                left = _STEP
            await desk.parts.clock.sleep(left)

    async def _time_out(self, agent: AgentKey) -> bool:
        """Sign an agent out whose time is over, unless a call is there or about to be."""

        def work(ledger: Ledger) -> bool:
            known, ends_at = ledger.tx.agent(agent), ledger.tx.session_end(agent)
            is_over = ends_at is None or ends_at <= ledger.at
            is_free = agent not in self._desk.reserved
            if known is None or known.state is AgentState.ON_CALL or not (is_over and is_free):
                return False
            # A code that was given out already is for the next session.
            _end(ledger, known, SecretKind.SESSION, SecretKind.LINK_TICKET)
            return True

        is_out = await self._desk.write_patiently(work)
        if is_out:
            await Supervision(self._desk).leave_all(agent)
        return is_out


def _end(ledger: Ledger, agent: Agent, *kinds: SecretKind) -> None:
    agent_changes.status_set(ledger, agent, AgentInput.SET_OFFLINE, None)
    ledger.tx.drop_secrets(agent.key, *kinds)
    ledger.end_links(agent.key)
