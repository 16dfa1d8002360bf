"""What the server tells a connector: the notifications on the link."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, ClassVar

from connector_py.entities.agent import AgentConfigResult, AgentStatusInfo
from connector_py.entities.constants import HangupReason, HangupStatus
from connector_py.entities.phone_call import CallInfo
from connector_py.entities.snapshots import AgentState, CallSnapshot, ParticipantSnapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """Something that happened, as the switch decided it."""

    name: ClassVar[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallStarted(Notification):
    """A call rings at the agent, or the agent's own call rings at the other side."""

    name: ClassVar[str] = "call_started"
    call: CallSnapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class CallUpdated(Notification):
    """Facts beside the live state changed: VoiceCall id, queue, what the agent may do."""

    name: ClassVar[str] = "call_updated"
    call_id: str
    voice_call_id: str | None = None
    call_info: CallInfo | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnded(Notification):
    """The call is over for this agent (guide, "Handling Missed Calls and Call Errors")."""

    name: ClassVar[str] = "call_ended"
    call_id: str
    at: datetime
    reason: HangupReason = HangupReason.PHONE_CALL_ENDED
    agent_status: HangupStatus | None = None
    close_call_on_error: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantAdded(Notification):
    """Somebody new is being brought into the call."""

    name: ClassVar[str] = "participant_added"
    call_id: str
    participant: ParticipantSnapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantConnected(Notification):
    """Somebody answered."""

    name: ClassVar[str] = "participant_connected"
    call_id: str
    participant_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantLeft(Notification):
    """Somebody left while the call goes on."""

    name: ClassVar[str] = "participant_left"
    call_id: str
    participant_id: str
    at: datetime
    reason: HangupReason = HangupReason.PHONE_CALL_ENDED


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantHeld(Notification):
    """Somebody was put on hold."""

    name: ClassVar[str] = "participant_held"
    call_id: str
    participant_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantResumed(Notification):
    """Somebody was taken off hold."""

    name: ClassVar[str] = "participant_resumed"
    call_id: str
    participant_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantMuted(Notification):
    """Nobody hears this participant now."""

    name: ClassVar[str] = "participant_muted"
    call_id: str
    participant_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantUnmuted(Notification):
    """This participant is heard again."""

    name: ClassVar[str] = "participant_unmuted"
    call_id: str
    participant_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingStarted(Notification):
    """The recorder runs from now on."""

    name: ClassVar[str] = "recording_started"
    call_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingPaused(Notification):
    """The recorder stands still."""

    name: ClassVar[str] = "recording_paused"
    call_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingResumed(Notification):
    """The recorder runs again."""

    name: ClassVar[str] = "recording_resumed"
    call_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WrapUpStarted(Notification):
    """After-call work began."""

    name: ClassVar[str] = "wrap_up_started"
    call_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WrapUpEnded(Notification):
    """After-call work is over."""

    name: ClassVar[str] = "wrap_up_ended"
    call_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentStateChanged(Notification):
    """What the switch may do with the agent changed."""

    name: ClassVar[str] = "agent_state_changed"
    state: AgentState
    status_info: AgentStatusInfo | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentStatusRequested(Notification):
    """The telephony system wants another Salesforce status (SET_AGENT_STATUS to Salesforce)."""

    name: ClassVar[str] = "agent_status_requested"
    status_info: AgentStatusInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentConfigChanged(Notification):
    """The agent's phones or devices changed."""

    name: ClassVar[str] = "agent_config_changed"
    agent_config: AgentConfigResult


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReceived(Notification):
    """The telephony system says something to components of the Salesforce page."""

    name: ClassVar[str] = "message_received"
    message: Any


NOTIFICATIONS: Mapping[str, type[Notification]] = MappingProxyType(
    {
        notification.name: notification
        for notification in (
            CallStarted,
            CallUpdated,
            CallEnded,
            ParticipantAdded,
            ParticipantConnected,
            ParticipantLeft,
            ParticipantHeld,
            ParticipantResumed,
            ParticipantMuted,
            ParticipantUnmuted,
            RecordingStarted,
            RecordingPaused,
            RecordingResumed,
            WrapUpStarted,
            WrapUpEnded,
            AgentStateChanged,
            AgentStatusRequested,
            AgentConfigChanged,
            MessageReceived,
        )
    }
)
"""Every notification by its name on the line."""
