"""What the server tells a connector: the notifications on the link."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, ClassVar

from connector_py.entities.agent import ACWInfo, AgentConfigResult, AgentStatusInfo
from connector_py.entities.audio import AudioStats
from connector_py.entities.capabilities import SharedCapabilitiesResult, VoiceCapabilitiesResult
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
    """Facts beside the live state changed: VoiceCall id, queue, what the agent may do.

    With `participant_id` they are those of one added party.
    """

    name: ClassVar[str] = "call_updated"
    call_id: str
    participant_id: str | None = None
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
class ParticipantOffered(Notification):
    """An added party that waits for an agent rings at one; without one it waits again."""

    name: ClassVar[str] = "participant_offered"
    call_id: str
    participant_id: str
    at: datetime
    agent_id: str | None = None
    agent_name: str | None = None
    is_softphone: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantConnected(Notification):
    """Somebody answered."""

    name: ClassVar[str] = "participant_connected"
    call_id: str
    participant_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneSwitched(Notification):
    """An agent goes on with the call at the desk phone, or at the softphone again."""

    name: ClassVar[str] = "phone_switched"
    call_id: str
    participant_id: str
    is_softphone: bool


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
class ParticipantsSwapped(Notification):
    """One party was put on hold and another taken off it, in one step."""

    name: ClassVar[str] = "participants_swapped"
    call_id: str
    held_id: str
    resumed_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantsConferenced(Notification):
    """Everybody who is connected talks with everybody."""

    name: ClassVar[str] = "participants_conferenced"
    call_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisorBargedIn(Notification):
    """A supervisor who listened is heard by everybody from now on."""

    name: ClassVar[str] = "supervisor_barged_in"
    call_id: str
    participant_id: str
    at: datetime
    supervisor_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioStatsReported(Notification):
    """The switch measured the audio of a call (guide chapter 11, "Mean Opinion Score")."""

    name: ClassVar[str] = "audio_stats_reported"
    call_id: str
    audio_stats: AudioStats


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
class CapabilitiesChanged(Notification):
    """What works changed; Salesforce reads it when the connector gets ready the next time."""

    name: ClassVar[str] = "capabilities_changed"
    shared_capabilities: SharedCapabilitiesResult
    voice_capabilities: VoiceCapabilitiesResult


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterConversationWorkStarted(Notification):
    """The agent wraps up a conversation, by its work item."""

    name: ClassVar[str] = "after_conversation_work_started"
    acw_info: ACWInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterConversationWorkEnded(Notification):
    """That is over."""

    name: ClassVar[str] = "after_conversation_work_ended"
    acw_info: ACWInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferViewRequested(Notification):
    """Salesforce is to open its transfer view, as for a callback request (guide chapter 9)."""

    name: ClassVar[str] = "transfer_view_requested"
    payload: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionFailed(Notification):
    """Something that the agent began at the desk phone failed.

    `event_type` is the event that Salesforce would have got (connector-api.md 3.2). A label, with
    its namespace, is a text of its own.
    """

    name: ClassVar[str] = "action_failed"
    event_type: str
    code: str
    message: str
    namespace: str | None = None
    label_name: str | None = None


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
            ParticipantOffered,
            ParticipantConnected,
            ParticipantLeft,
            PhoneSwitched,
            ParticipantHeld,
            ParticipantResumed,
            ParticipantMuted,
            ParticipantUnmuted,
            ParticipantsSwapped,
            ParticipantsConferenced,
            SupervisorBargedIn,
            AudioStatsReported,
            RecordingStarted,
            RecordingPaused,
            RecordingResumed,
            WrapUpStarted,
            WrapUpEnded,
            AgentStateChanged,
            AgentStatusRequested,
            AgentConfigChanged,
            CapabilitiesChanged,
            AfterConversationWorkStarted,
            AfterConversationWorkEnded,
            TransferViewRequested,
            ActionFailed,
            MessageReceived,
        )
    }
)
"""Every notification by its name on the line."""
