"""What a decision about a command looks at, and how it is put into words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from connector_py.entities import (
    Command,
    ParticipantSnapshot,
    ParticipantType,
    SharedCapabilitiesResult,
    VoiceCapabilitiesResult,
)
from connector_py.entities.wire import wire_name_of
from server.contact_center.requests import Request
from server.entities import Agent, CallRecord, TenantSettings


@dataclass(frozen=True, slots=True)
class Facts:
    """What a decision needs."""

    request: Request[Any]
    settings: TenantSettings
    agent: Agent | None
    record: CallRecord | None
    """The call that the command names, when it goes on."""

    @property
    def command(self) -> Command:
        """What is asked."""
        return self.request.command

    @property
    def shared(self) -> SharedCapabilitiesResult:
        """The org's capabilities for every channel."""
        return self.settings.shared_capabilities

    @property
    def voice(self) -> VoiceCapabilitiesResult:
        """Those for voice."""
        return self.settings.voice_capabilities

    @property
    def own(self) -> ParticipantSnapshot | None:
        """The agent's part in the call, unless they have left."""
        return None if self.record is None else self.record.agent(self.request.agent.agent_id)

    @property
    def is_supervisor(self) -> bool:
        """Whether the agent listens to the call."""
        return self.own is not None and self.own.participant_type is ParticipantType.SUPERVISOR


def not_allowed(name: str) -> str:
    """Say that an org does not have a capability, by its name in Python."""
    return f"The org does not allow it: {wire_name_of(name)} is off"


def disabled(name: str) -> str:
    """Say that a control is off, by its name in Python."""
    return f"It is disabled on this call: {wire_name_of(name)} is off"


Check = Callable[[Facts], str | None]
"""Returns why a command must not be done, or None."""
