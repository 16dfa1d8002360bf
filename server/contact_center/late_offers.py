"""Offers that the switch was too slow for: when such a one stops ringing, nobody declined it."""

from datetime import datetime, timedelta

from connector_py.entities import HangupStatus
from server.contact_center.endings import NO_ENDING, Ending
from server.entities import AgentKey
from server.pbx import AgentWithdrawn, PbxEvent

_REMEMBERED = timedelta(minutes=1)
"""How late the switch may tell what became of it."""


class LateOffers:
    """Which offers the switch was asked to withdraw, unheard that they rang."""

    def __init__(self) -> None:
        self._until: dict[tuple[str, AgentKey], datetime] = {}

    def add(self, call_id: str, agent: AgentKey, now: datetime) -> None:
        """Remember that the switch is being asked; what is too old is forgotten."""
        self._until = {one: until for one, until in self._until.items() if until > now}
        self._until[call_id, agent] = now + _REMEMBERED

    def discard(self, call_id: str, agent: AgentKey) -> None:
        """Forget it: it was told, or the call is offered there again."""
        self._until.pop((call_id, agent), None)

    def ending(self, event: PbxEvent, now: datetime) -> Ending:
        """Return what is known about an event that no command waits for.

        The agent may have had no time to answer, so that it counts as missed, unless the switch
        itself says why it rings no more.
        """
        if not isinstance(event, AgentWithdrawn) or event.reason is not None:
            return NO_ENDING
        until = self._until.get((event.call_id, _agent_of(event)))
        is_late = until is not None and now < until
        return Ending(status=HangupStatus.MISSED_AGENT) if is_late else NO_ENDING

    def heard(self, event: PbxEvent) -> None:
        """Forget an offer of which the switch has told the end."""
        if isinstance(event, AgentWithdrawn):
            self.discard(event.call_id, _agent_of(event))


def _agent_of(event: AgentWithdrawn) -> AgentKey:
    return AgentKey(tenant_id=event.tenant_id, agent_id=event.agent_id)
