"""Calls as the switch knows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from connector_py.entities import CallSnapshot


class DialFailure(StrEnum):
    """Why a customer was not reached."""

    BUSY = "busy"
    UNREACHABLE = "unreachable"
    NO_ANSWER = "no_answer"


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
    fails_at: datetime | None = None
    """When the switch gives up reaching the customer of an outbound call."""
    failure: DialFailure | None = None
    """How it fails then."""


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
