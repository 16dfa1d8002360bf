"""What the telephony system can do (connector-api.md 2.5)."""

from dataclasses import dataclass, field

from connector_py.entities.validation import VendorClass, on_wire


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedCapabilitiesResult(VendorClass):
    """Abilities for every channel."""

    debug_enabled: bool = True
    has_contact_search: bool = False
    has_agent_availability: bool = False
    has_queue_wait_time: bool = False
    has_transfer_to_omni_flow: bool = False
    has_pending_status_change: bool = False
    has_sfdc_pending_state: bool = field(default=False, metadata=on_wire("hasSFDCPendingState"))
    has_auto_accept_enabled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceCapabilitiesResult(VendorClass):
    """Abilities for voice."""

    has_mute: bool = True
    has_record: bool = True
    has_merge: bool = True
    has_swap: bool = True
    has_blind_transfer: bool = False
    has_signed_recording_url: bool = False
    supports_mos: bool = False
    has_supervisor_listen_in: bool = False
    has_supervisor_barge_in: bool = False
    has_phone_book: bool = False
    has_get_external_speaker_device_setting: bool = False
    has_set_external_speaker_device_setting: bool = False
    has_get_external_microphone_device_setting: bool = False
    has_set_external_microphone_device_setting: bool = False
    can_consult: bool = False
    is_dial_pad_disabled: bool = False
    is_hid_supported: bool = False
    is_phone_book_disabled: bool = False
