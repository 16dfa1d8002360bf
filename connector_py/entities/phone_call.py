"""A party of a call as Salesforce sees it (connector-api.md 2.1, 2.3, 2.4)."""

from dataclasses import dataclass, field
from datetime import datetime

from connector_py.entities.constants import (
    CallSubtype,
    CallType,
    DialerType,
    ParticipantType,
    RemoveParticipantVariant,
)
from connector_py.entities.contact import Contact
from connector_py.entities.validation import VendorClass, on_wire


@dataclass(frozen=True, slots=True, kw_only=True)
class CallInfo(VendorClass):
    """State of a call and what the agent may do with it."""

    call_state_timestamp: datetime | None = None
    is_on_hold: bool | None = None
    is_muted: bool = False
    is_recording_paused: bool = False
    initial_call_id: str | None = None
    queue_id: str | None = None
    queue_name: str | None = None
    queue_timestamp: datetime | None = None
    is_softphone_call: bool = True
    accept_enabled: bool = True
    decline_enabled: bool = True
    mute_enabled: bool = True
    swap_enabled: bool = True
    conference_enabled: bool = True
    hold_enabled: bool = True
    record_enabled: bool = True
    add_caller_enabled: bool = True
    extension_enabled: bool = True
    is_replayable: bool = True
    is_bargeable: bool = False
    is_external_transfer: bool | None = None
    show_mute_button: bool = True
    show_record_button: bool = True
    show_add_caller_button: bool = True
    show_add_blind_transfer_button: bool = True
    show_merge_button: bool = True
    show_swap_button: bool = True
    remove_participant_variant: RemoveParticipantVariant = RemoveParticipantVariant.ALWAYS
    additional_fields: str | None = None
    """JSON text: fields of the VoiceCall record."""
    is_multi_party: bool = False
    is_hid_call: bool = field(default=False, metadata=on_wire("isHIDCall"))
    end_call_disabled: bool = False
    render_contact_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneCallAttributes(VendorClass):
    """Which part a `PhoneCall` plays."""

    voice_call_id: str | None = None
    participant_type: ParticipantType | None = None
    dialer_type: DialerType = DialerType.NONE
    parent_id: str | None = None
    is_on_hold: bool | None = None
    has_supervisor_barged_in: bool = False
    is_auto_merge_on: bool = False
    is_consult_call: bool = False
    initial_call_has_ended: bool | None = None
    """Not declared by the vendor, but its replay of a third party looks for it (4.6)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneCall(VendorClass):
    """One party of a call. `connection_id` is `call_id`, `to_contact` is `contact` by default."""

    call_id: str | None = None
    connection_id: str | None = None
    call_type: CallType | None = None
    call_subtype: CallSubtype | None = None
    contact: Contact | None = None
    to_contact: Contact | None = None
    from_contact: Contact | None = None
    state: str | None = None
    """One of `CallState`; Salesforce's documentation also knows `declined` and `failed`."""
    call_attributes: PhoneCallAttributes | None = None
    phone_number: str | None = None
    call_info: CallInfo | None = None
    reason: str | None = None
    """One of `HangupReason`, or a vendor's own."""
    close_call_on_error: bool | None = None
    agent_status: str | None = None
    """One of `HangupStatus`, or a vendor's own."""
    agent_arn: str | None = field(default=None, metadata=on_wire("agentARN"))
    is_replayed_call: bool | None = None
    """Set by Salesforce's base connector when it replays an active call."""

    def _complete(self) -> None:
        if not self.connection_id:
            self._set("connection_id", self.call_id)
        if self.to_contact is None:
            self._set("to_contact", self.contact)
