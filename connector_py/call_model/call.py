"""A call: its snapshot, and the one gate through which it changes."""

from collections.abc import Sequence
from dataclasses import dataclass

from connector_py.call_model.call_steps import CHANGES, participant_of
from connector_py.entities import (
    CallSnapshot,
    Notification,
    ParticipantSnapshot,
    ParticipantState,
    ParticipantType,
)
from connector_py.errors import CallNotFoundError, UnknownTransitionError

_ASKED = (ParticipantType.INITIAL_CALLER, ParticipantType.THIRD_PARTY)
"""Parts of agents who were called or added by another one."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call with the rules of how it may change.

    Args:
        snapshot: The call as it is now.
    """

    snapshot: CallSnapshot

    @property
    def call_id(self) -> str:
        """Salesforce's vendorCallKey."""
        return self.snapshot.call_id

    @property
    def is_over(self) -> bool:
        """Whether the call has ended."""
        return self.snapshot.ended_at is not None

    @property
    def customer(self) -> ParticipantSnapshot | None:
        """The other side of the call; one who is still there before one who left.

        In a call between agents it is the one who was called.
        """
        return _liveliest(self.participants_of_type(ParticipantType.INITIAL_CALLER))

    def agent(self, agent_id: str | None = None) -> ParticipantSnapshot | None:
        """Return an agent's part in the call; one who is still there before one who left.

        Args:
            agent_id: Whose, whatever its type: the agent may also have been called or added, or
                listen in. None is the agent who took or placed the call.
        """
        if agent_id is None:
            return _liveliest(self.participants_of_type(ParticipantType.AGENT))
        return _liveliest([one for one in self.snapshot.participants if one.agent_id == agent_id])

    def main_party(self, agent_id: str | None = None) -> ParticipantSnapshot | None:
        """Return whom an agent talks to in the first place.

        The customer; for the one who was called by an agent, that agent. When these left before
        an agent answered who was added or called, it is whoever is there. None when there never
        was anybody.
        """
        own, customer = self.agent(agent_id), self.customer
        first = customer
        if own is not None and own == customer:
            first = _liveliest(self.participants_of_type(ParticipantType.AGENT))
        if own is None or first is None or own.state is ParticipantState.ENDED:
            return first
        is_asked = own.participant_type in _ASKED
        return self._met_by(own, first) if is_asked else first

    def _met_by(self, own: ParticipantSnapshot, first: ParticipantSnapshot) -> ParticipantSnapshot:
        host = [one for one in self.snapshot.participants if one.participant_id == own.added_by]
        for one in (first, *host, *self.snapshot.participants):
            is_party = one.participant_type is not ParticipantType.SUPERVISOR and one != own
            if is_party and not _left_before(one, own):
                return one
        return first

    def others(self, agent_id: str | None = None) -> tuple[ParticipantSnapshot, ...]:
        """Return who else is there for an agent, also who left.

        Not the agent's own part, not the main party, and no supervisors. Nobody for an agent who
        has no part in the call.
        """
        own, main = self.agent(agent_id), self.main_party(agent_id)
        if own is None:
            return ()
        return tuple(
            one
            for one in self.snapshot.participants
            if one not in (own, main)
            and one.participant_type is not ParticipantType.SUPERVISOR
            and (agent_id is None or one.agent_id != agent_id)
        )

    def call_key_of(self, agent_id: str | None = None) -> str:
        """Return the vendorCallKey under which Salesforce knows an agent's part.

        That of the call, or of the Transfer VoiceCall of an agent who was added.
        """
        own = self.agent(agent_id)
        if own is not None and own.participant_type is ParticipantType.THIRD_PARTY:
            return own.participant_id
        return self.call_id

    @property
    def parties(self) -> tuple[ParticipantSnapshot, ...]:
        """Everybody who is still there, but supervisors; with fewer than two the call is over."""
        return tuple(
            one
            for one in self.snapshot.participants
            if one.state is not ParticipantState.ENDED
            and one.participant_type is not ParticipantType.SUPERVISOR
        )

    def participants_of_type(
        self, participant_type: ParticipantType
    ) -> tuple[ParticipantSnapshot, ...]:
        """Return everybody of one role, also who left."""
        return tuple(
            one for one in self.snapshot.participants if one.participant_type is participant_type
        )

    def participant(self, participant_id: str) -> ParticipantSnapshot:
        """Return one party.

        Raises:
            ParticipantNotFoundError: Nobody has this id.
        """
        return participant_of(self.snapshot, participant_id)

    def is_connected(self, agent_id: str | None = None) -> bool:
        """Tell whether an agent talks: what Salesforce calls connected.

        With the main party, or once that has left with anybody who was added.
        """
        own, main = self.agent(agent_id), self.main_party(agent_id)
        if own is None or main is None or own.state is not ParticipantState.CONNECTED:
            return False
        if main.state is ParticipantState.ENDED:
            return any(one.state is ParticipantState.CONNECTED for one in self.others(agent_id))
        return main.state is ParticipantState.CONNECTED

    def apply(self, notification: Notification) -> "Call":
        """Return the call as the notification makes it.

        Raises:
            CallNotFoundError: The notification is about another call.
            ParticipantNotFoundError: It is about somebody who is not on the call.
            UnknownTransitionError: The call cannot do that in its state, or it is no
                notification that changes a call.
        """
        change = CHANGES.get(type(notification))
        if change is None or self.is_over:
            raise UnknownTransitionError(
                "call", "ended" if self.is_over else "active", notification.name
            )
        call_id: str = getattr(notification, "call_id", "")
        if call_id != self.call_id:
            raise CallNotFoundError(call_id)
        return Call(change(self.snapshot, notification))


def changes_a_call(notification: Notification) -> bool:
    """Tell whether `Call.apply` knows this kind of notification."""
    return type(notification) in CHANGES


def _left_before(one: ParticipantSnapshot, own: ParticipantSnapshot) -> bool:
    """Tell whether somebody was gone before an agent was on the call."""
    if one.state is not ParticipantState.ENDED:
        return False
    return own.state is ParticipantState.RINGING or one.state_since <= own.state_since


def _liveliest(participants: Sequence[ParticipantSnapshot]) -> ParticipantSnapshot | None:
    alive = [one for one in participants if one.state is not ParticipantState.ENDED]
    candidates = alive or participants
    return candidates[-1] if candidates else None
