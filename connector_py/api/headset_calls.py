"""Which of the agent's calls a button of the headset means."""

from connector_py.api.call_finder import is_on_hold
from connector_py.api.mirror import Mirror
from connector_py.call_model import Call
from connector_py.entities import ParticipantSnapshot, ParticipantState, ParticipantType


class HeadsetCalls:
    """The agent's calls at this machine: those at a desk phone have buttons of their own.

    Args:
        mirror: Calls and agent.
    """

    def __init__(self, mirror: Mirror) -> None:
        self._mirror = mirror

    @property
    def ringing(self) -> Call | None:
        """The call that rings at the agent."""
        for call, own in self._parts():
            is_supervisor = own.participant_type is ParticipantType.SUPERVISOR
            if own.state is ParticipantState.RINGING and not is_supervisor:
                return call
        return None

    @property
    def active(self) -> tuple[Call, ParticipantSnapshot] | None:
        """The call that the agent is on, and the agent's part: one on hold only if no other is."""
        found = [part for part in self._parts() if part[1].state is ParticipantState.CONNECTED]
        talking = [part for part in found if not is_on_hold(part[0], self._mirror.agent_id)]
        return next(reversed(talking or found), None)

    def _parts(self) -> list[tuple[Call, ParticipantSnapshot]]:
        agent_id = self._mirror.agent_id
        calls = [(call, call.agent(agent_id)) for call in self._mirror.registry]
        return [(call, own) for call, own in calls if own is not None and own.is_softphone]
