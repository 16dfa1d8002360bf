"""What the methods of the Connector API return (connector-api.md 2.6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connector_py.entities.agent import AgentVendorStatusInfo
from connector_py.entities.constants import ContactType
from connector_py.entities.contact import Contact
from connector_py.entities.phone_call import CallInfo, PhoneCall, PhoneCallAttributes
from connector_py.entities.validation import VendorClass
from connector_py.errors import ValidationError

LOGIN_FRAME_HEIGHT = 350
"""Height of the login page in pixels when none is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InitResult(VendorClass):
    """What Salesforce shows first; a silent login is none when the login page shows."""

    show_login: bool = False
    login_frame_height: float = LOGIN_FRAME_HEIGHT
    is_silent_login: bool = False
    show_storage_access: bool = False

    def _check(self) -> None:
        if self.show_login:
            self._set("is_silent_login", False)


@dataclass(frozen=True, slots=True, kw_only=True)
class GenericResult(VendorClass):
    """It worked, or it did not."""

    success: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAgentStateResult(GenericResult):
    """Result of setting the agent's status."""

    is_status_sync_needed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAgentConfigResult(GenericResult):
    """Result of setting the agent's phone or devices."""

    is_system_event: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LogoutResult(VendorClass):
    """Result of logging out."""

    success: bool
    login_frame_height: float = LOGIN_FRAME_HEIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowStorageAccessResult(VendorClass):
    """Whether the browser lets the page use its storage."""

    success: bool = False
    show_login: bool = False
    login_frame_height: float = LOGIN_FRAME_HEIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class CallResult(VendorClass):
    """A call."""

    call: PhoneCall | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HangupResult(VendorClass):
    """The calls that ended; a single call becomes a list of one."""

    calls: tuple[PhoneCall, ...]

    def _complete(self) -> None:
        calls: object = self.calls
        if isinstance(calls, PhoneCall):
            self._set("calls", (calls,))


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisorHangupResult(HangupResult):
    """The calls that the supervisor left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuperviseCallResult(VendorClass):
    """The call that the supervisor is on."""

    call: PhoneCall


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveCallsResult(VendorClass):
    """The agent's calls."""

    active_calls: tuple[PhoneCall, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MuteToggleResult(VendorClass):
    """Who is muted now."""

    is_muted: bool
    call: PhoneCall | None = None
    is_global: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldToggleResult(VendorClass):
    """Who is on hold now; None for a party that does not exist."""

    is_third_party_on_hold: bool | None = None
    is_customer_on_hold: bool | None = None
    calls: tuple[PhoneCall, ...] | Mapping[str, PhoneCall] | None = None
    """All active calls, as a list or by call id."""
    is_call_merged: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingToggleResult(VendorClass):
    """What the recorder does now."""

    is_recording_paused: bool
    contact_id: str | None = None
    initial_contact_id: str | None = None
    instance_id: str | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantResult(VendorClass):
    """Somebody on a call. `connection_id` is `call_id` by default."""

    initial_call_has_ended: bool
    call_info: CallInfo
    call_attributes: PhoneCallAttributes | None = None
    phone_number: str | None = None
    call_id: str | None = None
    contact: Contact | None = None
    connection_id: str | None = None

    def _complete(self) -> None:
        if not self.connection_id:
            self._set("connection_id", self.call_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactsResult(VendorClass):
    """A page of contacts."""

    contacts: tuple[Contact, ...] = ()
    contact_types: tuple[ContactType, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneContactsResult(ContactsResult):
    """A page of contacts of the phone book."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioDevicesResult(VendorClass):
    """Microphones and speakers; the vendor gives no shape for them."""

    audio_devices: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedRecordingUrlResult(VendorClass):
    """Where a recording can be heard; `duration` in seconds."""

    success: bool
    url: str | None = None
    duration: float | None = None
    call_id: str | None = None

    def _check(self) -> None:
        if not self.success:
            return
        for name, value in (("url", self.url), ("call_id", self.call_id)):
            if not value:
                raise ValidationError(name, value, "text, because success is true")


@dataclass(frozen=True, slots=True, kw_only=True)
class StateChangeResult(VendorClass):
    """The agent's status changed in the telephony system; the new one has a name."""

    new_vendor_state_info: AgentVendorStatusInfo
    old_vendor_state_info: AgentVendorStatusInfo | None = None

    def _check(self) -> None:
        if self.new_vendor_state_info.status_name is None:
            raise ValidationError("new_vendor_state_info.status_name", None, "text")
