"""What a switch knows beside its calls: about an agent, or about what belongs to a call.

An adapter says what its telephony system offers, and leaves the rest out. Nothing of it changes a
call in the switch, so `active_calls` and the conformance kit know nothing of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connector_py.entities import ACWInfo, AudioStats, CallInfo, VoiceEventType
from server.entities import AgentKey
from server.pbx.base import SwitchError
from server.pbx.events import PbxEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class PbxReport(PbxEvent):
    """Something that the switch knows, and that changes no call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedReport(PbxReport):
    """Something of a moment that Salesforce is told, however late the report is written down."""

    at: datetime | None = None
    """When it was said, heard or left, with its time zone; without one, when it is reported."""


# ---- about an agent ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentReport(PbxReport):
    """Something about an agent; it is told in the order of that agent's reports."""

    agent_id: str
    call_id: str = ""
    """Empty: it is about no call."""

    @property
    def agent(self) -> AgentKey:
        """About whom it is."""
        return AgentKey(tenant_id=self.tenant_id, agent_id=self.agent_id)

    @property
    def lane(self) -> str:
        """What it must be written down in the order of."""
        return f"reports {self.tenant_id} {self.agent_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMessage(AgentReport):
    """The telephony system says something to components of the agent's page: MESSAGE.

    `message` is made of JSON's values, 32 KiB at most.
    """

    message: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentStatusWanted(AgentReport):
    """The agent is to have another presence status: SET_AGENT_STATUS.

    One of the two: the presence status, or its name in the telephony system. During a call it is
    kept until the agent is off the call.
    """

    status_id: str | None = None
    telephony_status: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskPhoneFailed(AgentReport):
    """Something that the agent began at the desk phone failed.

    `event_type` is what Salesforce would have been told otherwise, such as HOLD_TOGGLE.
    """

    event_type: VoiceEventType
    error: SwitchError


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferViewWanted(AgentReport):
    """Salesforce is to open its transfer view: SHOW_TRANSFER_VIEW (guide chapter 9)."""

    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationWorkChanged(AgentReport):
    """The agent's work after a conversation began, or ended."""

    info: ACWInfo
    has_started: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRequestGiven(AgentReport):
    """Salesforce gives the agent a contact request (guide chapter 9).

    `contact_request_id` is the record's, `work_item_id` how Omni-Channel names it if otherwise.
    """

    contact_request_id: str
    phone_number: str
    name: str | None = None
    work_item_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewProposed(AgentReport):
    """A preview dialer proposes a number; the agent's next call to it is the dialer's."""

    phone_number: str
    name: str | None = None


# ---- about a call --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioMeasured(PbxReport):
    """How a call sounds to an agent who is on it: UPDATE_AUDIO_STATS."""

    agent_id: str
    stats: AudioStats

    @property
    def agent(self) -> AgentKey:
        """Who hears it."""
        return AgentKey(tenant_id=self.tenant_id, agent_id=self.agent_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallInfoChanged(PbxReport):
    """Agents may do other things with a call that goes on: CALL_UPDATED (guide chapter 14).

    `call_info` is all of it, but for hold, mute and recording. With `participant_id` it is about
    one added party only.
    """

    call_info: CallInfo
    participant_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingPublished(PbxReport):
    """Where the recording of a call is, also after its end (guide chapter 11).

    With `participant_id` it is that of an added party. `hold_seconds` is how much of it are holds.
    """

    recording_url: str
    seconds: int
    hold_seconds: int = 0
    participant_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsSpoken(TimedReport):
    """A line of a call's transcript (guide chapter 10).

    `sender` is END_USER, HUMAN_AGENT, SUPERVISOR, VIRTUAL_AGENT or EXTERNAL_USER; `own_id` that of
    an EXTERNAL_USER, or of an agent who is not the one who took the call. With `participant_id` it
    was said to an added party.
    """

    content: str
    sender: str
    own_id: str | None = None
    participant_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalsHeard(TimedReport):
    """Real-time events of a conversation, found by an intelligence service (guide chapter 10).

    `events` are `{type, value, startTime?, score?, participant?}` each, at `at` without
    `startTime`; `persist` says whether Salesforce is to keep them.
    """

    service: str
    events: Sequence[Mapping[str, Any]]
    persist: bool | None = None
    participant_id: str | None = None


# ---- without a call ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class VoicemailLeft(TimedReport):
    """Somebody left a message, and Salesforce is to find an agent for it (guide chapter 9).

    `at` is when the caller was done.
    """

    caller: str
    dialed_number: str
    recording_url: str
    seconds: int
    transcript: str = ""
    call_id: str = ""
    """Empty: it is about no call."""

    @property
    def lane(self) -> str:
        """What it must be written down in the order of."""
        return f"reports {self.tenant_id}"
