"""Agents whom the switch is being asked to connect: nobody else may choose them meanwhile."""

from collections.abc import Mapping

from server.entities import AgentKey


class Reservations:
    """Who is kept free for which call; nothing of it outlives the process."""

    def __init__(self) -> None:
        self._taken: dict[AgentKey, tuple[str, int]] = {}

    def __contains__(self, agent: AgentKey) -> bool:
        return agent in self._taken

    @property
    def owners(self) -> Mapping[AgentKey, str]:
        """For which call, by its id, each agent is kept free now."""
        return {agent: call_id for agent, (call_id, _) in self._taken.items()}

    def take(self, agent: AgentKey, call_id: str) -> bool:
        """Keep an agent free for a call, as often as somebody asks for the same call.

        Returns:
            Whether the agent is now; not, when it is for another call.
        """
        owner, count = self._taken.get(agent, (call_id, 0))
        if owner != call_id:
            return False
        self._taken[agent] = (call_id, count + 1)
        return True

    def release(self, agent: AgentKey, call_id: str) -> None:
        """Undo one `take`; what another call has stays."""
        owner, count = self._taken.get(agent, ("", 0))
        if owner != call_id:
            return
        if count > 1:
            self._taken[agent] = (owner, count - 1)
        else:
            del self._taken[agent]
