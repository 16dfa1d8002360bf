"""What a call does not allow: the controls that it shows disabled (guide chapters 14 and 15)."""

from collections.abc import Mapping
from types import MappingProxyType

from connector_py.entities import (
    AddParticipant,
    AnswerCall,
    CallInfo,
    Command,
    Conference,
    DeclineCall,
    EndCall,
    Hold,
    Mute,
    ParticipantSnapshot,
    ParticipantState,
    ParticipantType,
    PauseRecording,
    RemoveParticipant,
    RemoveParticipantVariant,
    Resume,
    ResumeRecording,
    SendDigits,
    Swap,
    Unmute,
)
from server.contact_center.permission_facts import Check, Facts, disabled
from server.entities import CallRecord

_FLAGS: Mapping[type[Command], str] = MappingProxyType(
    {
        AnswerCall: "accept_enabled",
        DeclineCall: "decline_enabled",
        Hold: "hold_enabled",
        Resume: "hold_enabled",
        Mute: "mute_enabled",
        Unmute: "mute_enabled",
        PauseRecording: "record_enabled",
        ResumeRecording: "record_enabled",
        SendDigits: "extension_enabled",
        AddParticipant: "add_caller_enabled",
        Swap: "swap_enabled",
        Conference: "conference_enabled",
    }
)


def _flag(facts: Facts) -> str | None:
    name = _FLAGS.get(type(facts.command))
    if name is None or facts.request.by_desk_phone or facts.own is None or facts.is_supervisor:
        return None
    is_off = any(not getattr(info, name) for info in _infos(facts))
    return disabled(name) if is_off else None


def _ending(facts: Facts) -> str | None:
    """Check the end of a call; while it rings at the agent, to end it is to decline it."""
    if not isinstance(facts.command, EndCall) or facts.request.by_desk_phone:
        return None
    if facts.own is None or facts.record is None:
        return None
    call_info = facts.record.call.call_info
    if call_info.end_call_disabled:
        return "Ending the call is disabled on this call: endCallDisabled is on"
    is_ringing = facts.own.state is ParticipantState.RINGING
    return disabled("decline_enabled") if is_ringing and not call_info.decline_enabled else None


def _removing(facts: Facts) -> str | None:
    command, record = facts.command, facts.record
    if not isinstance(command, RemoveParticipant) or facts.request.by_desk_phone or record is None:
        return None
    party = _party(record, command.participant_id)
    if party is None:
        return None
    variant = _info(record, command.participant_id).remove_participant_variant
    is_held = party.is_on_hold and variant is RemoveParticipantVariant.ALWAYS_EXCEPT_ON_HOLD
    if variant is RemoveParticipantVariant.NEVER or is_held:
        return f"It is disabled on this call: removeParticipantVariant is {variant}"
    return None


def _auto_merge(facts: Facts) -> str | None:
    """Whoever merges by itself holds nobody (connector-api.md 2.3)."""
    record = facts.record
    if record is None or facts.own is None or not record.call.is_auto_merge_on:
        return None
    if isinstance(facts.command, Hold | Swap):
        return "Nobody can be put on hold on a call that merges by itself"
    return None


def _infos(facts: Facts) -> list[CallInfo]:
    """Return the controls that a command uses: of the call, or of the parties that it names."""
    record, command = facts.record, facts.command
    if record is None:
        return []
    match command:
        case Hold() | Resume():
            return [_info(record, command.participant_id)]
        case Mute() | Unmute():
            return [_info(record, command.participant_id)]
        case Swap():
            named = (command.hold_participant_id, command.resume_participant_id)
            return [_info(record, participant_id) for participant_id in named]
        case _:
            return [record.call.call_info]


def _info(record: CallRecord, participant_id: str | None) -> CallInfo:
    """Return what may be done with a party; for those of the beginning, with the call."""
    party = _party(record, participant_id)
    if party is None or party.participant_type is not ParticipantType.THIRD_PARTY:
        return record.call.call_info
    return party.call_info or record.call.call_info


def _party(record: CallRecord, participant_id: str | None) -> ParticipantSnapshot | None:
    for party in record.call.participants:
        if party.participant_id == participant_id:
            return party
    return None


CHECKS: tuple[Check, ...] = (_flag, _ending, _removing, _auto_merge)
