"""Calls as the switch knows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from connector_py.entities import CallSnapshot
from server.entities.salesforce import FlowOrder


class DialError(StrEnum):
    """Why a call cannot be placed, by names of their own (connector-api.md section 0)."""

    AREA_CODE_NOT_IN_DIALABLE_LIST = "AREA_CODE_NOT_IN_DIALABLE_LIST"
    PHONE_NUMBER_NOT_VALID = "PHONE_NUMBER_NOT_VALID"
    PHONE_NUMBER_NOT_VALID_E164_FORMAT = "PHONE_NUMBER_NOT_VALID_E164_FORMAT"
    UNAUTHORIZED_SERVICE_CALL = "UNAUTHORIZED_SERVICE_CALL"
    AGENT_AT_MAXIMUM_CAPACITY = "AGENT_AT_MAXIMUM_CAPACITY"
    OUTBOUND_QUEUE_MISCONFIGURED = "OUTBOUND_QUEUE_MISCONFIGURED"
    CALL_THROTTLED = "CALL_THROTTLED"
    TIMEOUT_ERROR = "TIMEOUT_ERROR"
    UNABLE_TO_CONNECT_TO_AGENT = "UNABLE_TO_CONNECT_TO_AGENT"
    AGENT_NOT_INITIALIZED = "AGENT_NOT_INITIALIZED"


class DialFailure(StrEnum):
    """Why a customer was not reached."""

    BUSY = "busy"
    UNREACHABLE = "unreachable"
    NO_ANSWER = "no_answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyDial:
    """An added party outside the contact center whose phone rings."""

    participant_id: str
    fails_at: datetime
    """When the switch gives up."""
    failure: DialFailure
    """How it fails then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchCall:
    """A call that is going on in the switch.

    The snapshot holds what a switch knows: participants, hold, mute, recording. It knows nothing
    of Salesforce's records.
    """

    tenant_id: str
    call: CallSnapshot
    from_number: str
    to_number: str
    wanted_agent_id: str | None = None
    is_progressive: bool = False
    """A dialer called the customer, who has answered (guide chapter 9, "Progressive Dialer")."""
    flow: FlowOrder | None = None
    """Set when a flow of Salesforce is to say who gets the call."""
    fails_at: datetime | None = None
    """When the switch gives up reaching the customer; set while the customer's phone rings."""
    failure: DialFailure | None = None
    """How it fails then."""
    party_dials: tuple[PartyDial, ...] = ()
    """The added parties whose phones ring."""


class SwitchMemory(Protocol):
    """Where the simulated switch keeps its calls, so that no crash of ours ends one."""

    async def load(self) -> Sequence[SwitchCall]:
        """Return every call."""
        ...

    async def save(self, call: SwitchCall) -> None:
        """Write one call."""
        ...

    async def forget(self, call_id: str) -> bool:
        """Drop a call that is over; False when there was none."""
        ...

    async def knows_contact(self, tenant_id: str, contact_id: str) -> bool:
        """Whether the switch's directory has this agent, queue or contact."""
        ...
