"""What a switch says by itself or because it was asked.

Every event of one call comes in the order in which it happened.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from connector_py.entities import Notification, ParticipantSnapshot
from server.entities import DialFailure, SwitchCall


class EndedBy(StrEnum):
    """Who hung up."""

    CUSTOMER = "customer"
    AGENT = "agent"
    SWITCH = "switch"


class WithdrawReason(StrEnum):
    """Why a call rings no more at an agent who did not answer."""

    DECLINED = "declined"
    MISSED = "missed"
    FAILED = "failed"
    """The agent's phone could not be reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PbxEvent:
    """Something that happened to a call."""

    tenant_id: str
    call_id: str

    @property
    def lane(self) -> str:
        """What it must be written down in the order of: its call."""
        return self.call_id


@dataclass(frozen=True, slots=True, kw_only=True)
class CallArrived(PbxEvent):
    """A customer calls; the customer is connected to the switch and waits for an agent.

    Of a callback the customer is not called before an agent answers, and RINGING until then.
    """

    switch_call: SwitchCall


@dataclass(frozen=True, slots=True, kw_only=True)
class DialStarted(PbxEvent):
    """An agent's own call rings at the customer; the agent is connected already.

    In an internal call the INITIAL_CALLER waits until it is offered to the agent who is called.
    """

    switch_call: SwitchCall


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRinging(PbxEvent):
    """An offered call rings at an agent.

    The participant is new, or one who waited and now has the `agent_id`.
    """

    participant: ParticipantSnapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentWithdrawn(PbxEvent):
    """The call does not ring at the agent any more; the customer still waits.

    An AGENT is gone from the call; an added or called party waits again without `agent_id`.
    """

    participant_id: str
    agent_id: str
    at: datetime
    reason: WithdrawReason | None = None
    """Without one the agent declined it, or missed it: it rang until the deadline or too late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentAnswered(PbxEvent):
    """An agent, or a supervisor whose phone rang, is on the call."""

    participant_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerAnswered(PbxEvent):
    """The customer of an agent's own call, or of a callback, is on the call."""

    participant_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyAdded(PbxEvent):
    """Somebody is being brought into the call: rings, waits for an agent, or listens in."""

    participant: ParticipantSnapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyAnswered(PbxEvent):
    """An added party outside the contact center is on the call."""

    participant_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyLeft(PbxEvent):
    """Somebody left or was not reached; the call goes on.

    They stay in the call as ENDED. When the INITIAL_CALLER leaves, no consult is private any more.
    """

    participant_id: str
    at: datetime
    failure: DialFailure | None = None
    """Why somebody was never reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DialFailed(PbxEvent):
    """The customer was not reached; the call is over."""

    failure: DialFailure
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOver(PbxEvent):
    """The call is over for everybody."""

    ended_by: EndedBy
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlChanged(PbxEvent):
    """Hold, mute, recording, swap, conference or barge-in, in the words of the link."""

    notification: Notification
