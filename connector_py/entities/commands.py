"""What a connector asks of the server: the commands on the link."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar

from connector_py.entities.agent import AgentConfigResult, AgentStatusInfo
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
    """The agent chose a phone or audio devices."""

    name: ClassVar[str] = "set_agent_config"
    agent_config: AgentConfigResult


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
