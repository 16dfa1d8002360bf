"""What an org does not allow: its capabilities (guide chapters 10, 13 and 14)."""

from collections.abc import Mapping
from types import MappingProxyType

from connector_py.entities import (
    AddParticipant,
    BargeIn,
    Command,
    Conference,
    ContactType,
    Dial,
    Mute,
    PauseRecording,
    ResumeRecording,
    SendDigits,
    SetAgentConfig,
    SetAgentStatus,
    SignRecordingUrl,
    SuperviseCall,
    Swap,
    Unmute,
)
from server.contact_center.permission_facts import Check, Facts, not_allowed

_PHONE_BOOK = (ContactType.AGENT, ContactType.QUEUE, ContactType.PHONEBOOK)
_VOICE_CAPABILITIES: Mapping[type[Command], str] = MappingProxyType(
    {
        Mute: "has_mute",
        Unmute: "has_mute",
        PauseRecording: "has_record",
        ResumeRecording: "has_record",
        Swap: "has_swap",
        Conference: "has_merge",
        SuperviseCall: "has_supervisor_listen_in",
        BargeIn: "has_supervisor_barge_in",
        SignRecordingUrl: "has_signed_recording_url",
    }
)

_DEVICES = (
    ("has_set_external_speaker_device_setting", "speaker_device_id"),
    ("has_set_external_microphone_device_setting", "microphone_device_id"),
    ("is_hid_supported", "hid_device_info"),
)


def _capability(facts: Facts) -> str | None:
    name = _VOICE_CAPABILITIES.get(type(facts.command))
    if name is not None and not getattr(facts.voice, name):
        return not_allowed(name)
    return None


def _adding(facts: Facts) -> str | None:
    command = facts.command
    if not isinstance(command, AddParticipant):
        return None
    if command.is_blind_transfer and not facts.voice.has_blind_transfer:
        return not_allowed("has_blind_transfer")
    is_flow = command.contact.type is ContactType.FLOW
    if is_flow and not facts.shared.has_transfer_to_omni_flow:
        return not_allowed("has_transfer_to_omni_flow")
    return None


def _dialing(facts: Facts) -> str | None:
    command = facts.command
    if not isinstance(command, Dial):
        return None
    if command.is_consult_call:
        return None if facts.voice.can_consult else not_allowed("can_consult")
    if command.contact.type not in _PHONE_BOOK:
        return None
    if not facts.voice.has_phone_book:
        return not_allowed("has_phone_book")
    if facts.voice.is_phone_book_disabled and not facts.request.by_desk_phone:
        return "The org does not allow it: the phone book is disabled"
    return None


def _dial_pad(facts: Facts) -> str | None:
    is_softphone = not facts.request.by_desk_phone
    if isinstance(facts.command, SendDigits) and facts.voice.is_dial_pad_disabled and is_softphone:
        return "The org does not allow it: the dial pad is disabled"
    return None


def _agent_settings(facts: Facts) -> str | None:
    command = facts.command
    if isinstance(command, SetAgentStatus):
        if command.enqueue_next_state and not facts.shared.has_pending_status_change:
            return not_allowed("has_pending_status_change")
        return None
    if not isinstance(command, SetAgentConfig) or facts.agent is None:
        return None
    wanted, known = command.agent_config, facts.agent.agent_config
    for name, field in _DEVICES:
        device = getattr(wanted, field) or None
        is_new = device is not None and device != getattr(known, field)
        if is_new and not getattr(facts.voice, name):
            return not_allowed(name)
    return None


CHECKS: tuple[Check, ...] = (_capability, _adding, _dialing, _dial_pad, _agent_settings)
