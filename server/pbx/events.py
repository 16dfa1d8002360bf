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


@dataclass(frozen=True, slots=True, kw_only=True)
class PbxEvent:
    """Something that happened to a call."""

    tenant_id: str
    call_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallArrived(PbxEvent):
    """A customer calls; the customer is connected to the switch and waits for an agent."""

    switch_call: SwitchCall


@dataclass(frozen=True, slots=True, kw_only=True)
class DialStarted(PbxEvent):
    """An agent's own call rings at the customer; the agent is connected already."""

    switch_call: SwitchCall


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRinging(PbxEvent):
    """An offered call rings at an agent."""

    participant: ParticipantSnapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentWithdrawn(PbxEvent):
    """The call does not ring at the agent any more; the customer still waits."""

    participant_id: str
    agent_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentAnswered(PbxEvent):
    """The agent is on the call."""

    participant_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerAnswered(PbxEvent):
    """The customer of an outbound call is on the call."""

    participant_id: str
    at: datetime


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
    """Hold, mute or recording changed, in the words of the link."""

    notification: Notification
