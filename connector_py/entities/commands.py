"""What a connector asks of the server: the commands on the link."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar

from connector_py.entities.agent import AgentConfig, AgentStatusInfo, AgentWork
from connector_py.entities.constants import AgentStatus, ContactType
from connector_py.entities.contact import Contact


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Something that the agent asks of the switch."""

    name: ClassVar[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCall(Command):
    """Answer the call that rings at the agent."""

    name: ClassVar[str] = "answer_call"
    call_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineCall(Command):
    """Refuse the call that rings at the agent; it goes to somebody else."""

    name: ClassVar[str] = "decline_call"
    call_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndCall(Command):
    """Hang up for the agent."""

    name: ClassVar[str] = "end_call"
    call_id: str
    agent_status: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold(Command):
    """Put one participant on hold."""

    name: ClassVar[str] = "hold"
    call_id: str
    participant_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume(Command):
    """Take one participant off hold."""

    name: ClassVar[str] = "resume"
    call_id: str
    participant_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute(Command):
    """Mute one participant: the agent, when `participant_id` is None."""

    name: ClassVar[str] = "mute"
    call_id: str
    participant_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmute(Command):
    """Undo `Mute`."""

    name: ClassVar[str] = "unmute"
    call_id: str
    participant_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseRecording(Command):
    """Pause the recorder."""

    name: ClassVar[str] = "pause_recording"
    call_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeRecording(Command):
    """Let the recorder go on."""

    name: ClassVar[str] = "resume_recording"
    call_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendDigits(Command):
    """Send DTMF tones: 0-9, *, #, A-D, and `,` for a pause."""

    name: ClassVar[str] = "send_digits"
    call_id: str
    digits: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dial(Command):
    """Call a contact. The reply's result is `{"callId": …}`."""

    name: ClassVar[str] = "dial"
    contact: Contact
    is_callback: bool = False
    is_consult_call: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AddParticipant(Command):
    """Bring somebody into the call; blind, the agent leaves it at the same moment.

    The reply's result is `{"participantId": …}`. Without a call it passes on the agent's contact
    request (guide chapter 9, "Let Agents Control the Callback Experience"), blind only; the
    result is then `{"contactRequestId": …}`.
    """

    name: ClassVar[str] = "add_participant"
    contact: Contact
    call_id: str | None = None
    is_blind_transfer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveParticipant(Command):
    """Hang up for somebody else; the call goes on."""

    name: ClassVar[str] = "remove_participant"
    call_id: str
    participant_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap(Command):
    """Put one party on hold and take another off it, in one step."""

    name: ClassVar[str] = "swap"
    call_id: str
    hold_participant_id: str
    resume_participant_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conference(Command):
    """Let everybody on the call talk with everybody."""

    name: ClassVar[str] = "conference"
    call_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SuperviseCall(Command):
    """Listen in to a call of another agent, unheard."""

    name: ClassVar[str] = "supervise_call"
    call_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StopSupervising(Command):
    """Leave a call that was listened to."""

    name: ClassVar[str] = "stop_supervising"
    call_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BargeIn(Command):
    """Be heard by everybody on a call that was listened to."""

    name: ClassVar[str] = "barge_in"
    call_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignRecordingUrl(Command):
    """Ask for a short-lived address of a recording; the result is a `SignedRecordingUrlResult`.

    At least one of the three says which.
    """

    name: ClassVar[str] = "sign_recording_url"
    recording_url: str | None = None
    vendor_call_key: str | None = None
    call_id: str | None = None
    """Id of the VoiceCall record; it is what `SignedRecordingUrlResult.call_id` repeats."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceStatus:
    """One entry of Salesforce's `userPresenceStatuses` (guide chapter 12)."""

    status_id: str
    status_name: str
    has_channels: bool = False
    is_offline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPresenceStatuses(Command):
    """Salesforce told which presence statuses the agent has; the server maps them."""

    name: ClassVar[str] = "report_presence_statuses"
    statuses: tuple[PresenceStatus, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportAgentWork(Command):
    """Something happened to an item of the agent's work; closing it frees the agent for more."""

    name: ClassVar[str] = "report_agent_work"
    agent_work: AgentWork


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchContacts(Command):
    """Search the phone book. The reply's result is a `ContactsPage`."""

    name: ClassVar[str] = "search_contacts"
    contains: str | None = None
    types: tuple[str, ...] = ()
    limit: int = 50
    offset: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactsPage:
    """A page of the phone book; `total` counts all matches."""

    contacts: tuple[Contact, ...] = ()
    contact_types: tuple[ContactType, ...] = ()
    total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAgentStatus(Command):
    """Salesforce's presence status of the agent changed."""

    name: ClassVar[str] = "set_agent_status"
    agent_status: AgentStatus
    status_info: AgentStatusInfo | None = None
    enqueue_next_state: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAgentConfig(Command):
    """The agent chose a phone, audio devices or a headset; what is None stays as it was."""

    name: ClassVar[str] = "set_agent_config"
    agent_config: AgentConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class EndWrapUp(Command):
    """The agent finished after-call work."""

    name: ClassVar[str] = "end_wrap_up"
    call_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendMessage(Command):
    """A component of the Salesforce page says something to the telephony system."""

    name: ClassVar[str] = "send_message"
    message: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class LogOut(Command):
    """The agent leaves the telephony system; the sign-in ends."""

    name: ClassVar[str] = "log_out"


COMMANDS: Mapping[str, type[Command]] = MappingProxyType(
    {
        command.name: command
        for command in (
            AnswerCall,
            DeclineCall,
            EndCall,
            Hold,
            Resume,
            Mute,
            Unmute,
            PauseRecording,
            ResumeRecording,
            SendDigits,
            Dial,
            AddParticipant,
            RemoveParticipant,
            Swap,
            Conference,
            SuperviseCall,
            StopSupervising,
            BargeIn,
            SignRecordingUrl,
            ReportPresenceStatuses,
            ReportAgentWork,
            SearchContacts,
            SetAgentStatus,
            SetAgentConfig,
            EndWrapUp,
            SendMessage,
            LogOut,
        )
    }
)
"""Every command by its name on the line."""
