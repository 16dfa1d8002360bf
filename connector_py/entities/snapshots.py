"""Calls and agents at one moment, as the server keeps them and the connector mirrors them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from connector_py.entities.agent import AgentConfigResult, AgentStatusInfo
from connector_py.entities.capabilities import SharedCapabilitiesResult, VoiceCapabilitiesResult
from connector_py.entities.constants import CallType, ContactType, DialerType, ParticipantType
from connector_py.entities.phone_call import CallInfo


class ParticipantState(StrEnum):
    """Where one party of a call stands."""

    RINGING = "ringing"
    """Their phone rings; nobody hears anybody."""
    CONNECTED = "connected"
    """They are on the call."""
    ENDED = "ended"
    """They left, declined, missed or were never reached; final."""


class RecordingState(StrEnum):
    """What the recorder of a call does."""

    OFF = "off"
    RECORDING = "recording"
    PAUSED = "paused"


class AgentState(StrEnum):
    """What the switch may do with an agent (guide chapter 12, "Understand Agent Statuses")."""

    OFFLINE = "offline"
    """Not signed in to routing; gets no call."""
    BUSY = "busy"
    """Signed in with a status that has no phone channel; gets no call."""
    AVAILABLE = "available"
    """Gets the next call."""
    ON_CALL = "on_call"
    """A call rings at the agent or is connected; gets no other."""
    AFTER_CALL_WORK = "after_call_work"
    """Wraps up without a time limit; gets no call until made available."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantSnapshot:
    """One party of a call at one moment."""

    participant_id: str
    participant_type: ParticipantType
    state: ParticipantState
    state_since: datetime
    phone_number: str | None = None
    name: str | None = None
    agent_id: str | None = None
    """Whose part it is, when it is an agent's, whatever the type."""
    is_on_hold: bool = False
    is_muted: bool = False
    is_softphone: bool = True
    """False once an agent acts on the call at a desk phone (guide chapter 15)."""
    contact_type: ContactType | None = None
    """What was asked for when the party was added: an agent, a queue, a flow, a number."""
    contact_id: str | None = None
    added_by: str | None = None
    """Participant id of who added the party."""
    is_consult: bool = False
    """Talks with `added_by` alone, until a conference."""
    voice_call_id: str | None = None
    """Of an added agent, who has a VoiceCall of type Transfer; `participant_id` is its key."""
    has_barged_in: bool = False
    """Of a supervisor: whether everybody hears them."""
    call_info: CallInfo | None = None
    """What may be done with an added party; None is what may be done with the call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSnapshot:
    """A call at one moment; `call_id` is Salesforce's vendorCallKey."""

    call_id: str
    call_type: CallType
    participants: tuple[ParticipantSnapshot, ...]
    started_at: datetime
    recording: RecordingState = RecordingState.OFF
    ended_at: datetime | None = None
    voice_call_id: str | None = None
    parent_call_id: str | None = None
    queue_id: str | None = None
    queue_name: str | None = None
    queued_at: datetime | None = None
    initial_call_id: str | None = None
    """Of a callback: the call in which it was asked for."""
    dialer_type: DialerType = DialerType.NONE
    is_auto_merge_on: bool = False
    """Nobody is held when somebody joins, and nobody can be (connector-api.md 2.3)."""
    call_info: CallInfo = field(default_factory=CallInfo)
    """What the agent may do with the call; hold, mute and recording come from the live state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSnapshot:
    """An agent, with what the vendor methods answer from."""

    agent_id: str
    user_name: str
    full_name: str
    state: AgentState = AgentState.OFFLINE
    status_info: AgentStatusInfo | None = None
    """The Salesforce presence status that was set last."""
    wrap_up_call_id: str | None = None
    agent_config: AgentConfigResult = field(default_factory=AgentConfigResult)
    shared_capabilities: SharedCapabilitiesResult = field(default_factory=SharedCapabilitiesResult)
    voice_capabilities: VoiceCapabilitiesResult = field(default_factory=VoiceCapabilitiesResult)
