"""What Salesforce is shown of the calls, and the results that several methods and events share."""

from collections.abc import Iterator
from dataclasses import replace

from connector_py.call_model import Call, CallRegistry, to_phone_calls
from connector_py.entities import (
    CallState,
    CallType,
    HangupReason,
    HoldToggleResult,
    MuteToggleResult,
    ParticipantResult,
    ParticipantSnapshot,
    ParticipantState,
    ParticipantType,
    PhoneCall,
    RecordingState,
    RecordingToggleResult,
    SupervisedCallInfo,
)

_PLACED_BY_AGENTS = frozenset({CallType.OUTBOUND, CallType.DIALED_CALLBACK, CallType.INTERNAL_CALL})


def is_supervised(call: Call, agent_id: str | None) -> bool:
    """Tell whether an agent listens to a call of somebody else."""
    own = call.agent(agent_id)
    return own is not None and own.participant_type is ParticipantType.SUPERVISOR


def is_ringing(call: Call, agent_id: str | None) -> bool:
    """Tell whether the agent's own phone rings."""
    own = call.agent(agent_id)
    return own is not None and own.state is ParticipantState.RINGING


def phone_calls_of(call: Call | None, agent_id: str | None) -> tuple[PhoneCall, ...]:
    """Return how a call looks to Salesforce; nothing for no call.

    The main party first. While the agent's own phone rings there is nobody else: a call that is
    not accepted has no third parties yet.
    """
    if call is None:
        return ()
    calls = to_phone_calls(call.snapshot, agent_id=agent_id)
    if not is_ringing(call, agent_id):
        return calls
    key = call.call_key_of(agent_id)
    return tuple(one for one in calls if one.call_id == key)


def phone_call_of(call: Call | None, participant_id: str, agent_id: str | None) -> PhoneCall | None:
    """Return how one party looks to Salesforce, or None when it is not shown."""
    if call is None:
        return None
    main = call.main_party(agent_id)
    is_main = main is not None and main.participant_id == participant_id
    wanted = call.call_key_of(agent_id) if is_main else participant_id
    return next((one for one in phone_calls_of(call, agent_id) if one.call_id == wanted), None)


def main_call_of(call: Call | None, agent_id: str | None) -> PhoneCall | None:
    """Return what stands for the whole call, or None when nobody is shown."""
    return next(iter(phone_calls_of(call, agent_id)), None)


def is_main(call: Call, phone: PhoneCall, agent_id: str | None) -> bool:
    """Tell whether a `PhoneCall` is that of the main party."""
    return phone.call_id == call.call_key_of(agent_id)


def ended(phone: PhoneCall, reason: HangupReason = HangupReason.PHONE_CALL_ENDED) -> PhoneCall:
    """Return a party's call as it is told when the party left."""
    return replace(phone, state=CallState.ENDED.value, reason=reason.value)


def call_type_of(call: Call, agent_id: str | None) -> CallType:
    """Return the type of a call as Salesforce knows this agent's part of it."""
    own = call.agent(agent_id)
    if own is None or own.participant_type is not ParticipantType.THIRD_PARTY:
        return call.snapshot.call_type
    return CallType.CONSULT if own.is_consult else CallType.TRANSFER


def parties_of(call: Call, agent_id: str | None) -> tuple[ParticipantSnapshot, ...]:
    """Return whom an agent has on a call, the main party first; nobody who left."""
    main, others = call.main_party(agent_id), call.others(agent_id)
    everybody = others if main is None else (main, *others)
    return tuple(one for one in everybody if one.state is not ParticipantState.ENDED)


def participant_result(phone: PhoneCall) -> ParticipantResult | None:
    """Return a third party as Salesforce hears of it; None when the parts for it are missing."""
    attributes, info = phone.call_attributes, phone.call_info
    if attributes is None or info is None:
        return None
    return ParticipantResult(
        initial_call_has_ended=bool(attributes.initial_call_has_ended),
        call_info=info,
        call_attributes=attributes,
        phone_number=phone.phone_number,
        call_id=phone.call_id,
        contact=phone.contact,
        connection_id=phone.connection_id,
    )


def hold_toggle(registry: CallRegistry, agent_id: str | None) -> HoldToggleResult:
    """Return who is on hold, over all active calls of the agent.

    `is_call_merged` is None where there are fewer than two others; else it tells whether
    everybody talks with everybody.
    """
    calls = [call for call in registry if not is_supervised(call, agent_id)]
    shown = [phone for call in calls for phone in phone_calls_of(call, agent_id)]
    mains, thirds = list(_mains(calls, agent_id)), list(_thirds(calls, agent_id))
    parties = [*mains, *thirds]
    is_together = not any(one.is_on_hold or one.is_consult for one in parties)
    return HoldToggleResult(
        is_third_party_on_hold=any(one.is_on_hold for one in thirds),
        is_customer_on_hold=any(one.is_on_hold for one in mains),
        calls={phone.call_id: phone for phone in shown if phone.call_id},
        is_call_merged=is_together if len(parties) > 1 else None,
    )


def _mains(calls: list[Call], agent_id: str | None) -> Iterator[ParticipantSnapshot]:
    for call in calls:
        main = call.main_party(agent_id)
        if main is not None and main.state is not ParticipantState.ENDED:
            yield main


def _thirds(calls: list[Call], agent_id: str | None) -> Iterator[ParticipantSnapshot]:
    for call in calls:
        if not is_ringing(call, agent_id):
            others = call.others(agent_id)
            yield from (one for one in others if one.state is not ParticipantState.ENDED)


def is_merged(call: Call, agent_id: str | None) -> bool:
    """Tell whether everybody on a call talks with everybody already."""
    parties = parties_of(call, agent_id)
    return len(parties) > 1 and not any(one.is_on_hold or one.is_consult for one in parties)


def own_mute_toggle(call: Call, agent_id: str | None) -> MuteToggleResult:
    """Return whether the agent's own microphone is muted; in a multi-party call for everybody."""
    own = call.agent(agent_id)
    return MuteToggleResult(
        is_muted=own is not None and own.is_muted,
        is_global=True if call.snapshot.call_info.is_multi_party else None,
    )


def party_mute_toggle(
    call: Call, participant_id: str, agent_id: str | None
) -> MuteToggleResult | None:
    """Return whether one party is muted, or None when it is not shown."""
    phone = phone_call_of(call, participant_id, agent_id)
    if phone is None:
        return None
    is_muted = call.participant(participant_id).is_muted
    return MuteToggleResult(is_muted=is_muted, call=phone, is_global=False)


def recording_toggle(call: Call) -> RecordingToggleResult:
    """Return whether the recorder stands still."""
    return RecordingToggleResult(
        is_recording_paused=call.snapshot.recording is RecordingState.PAUSED
    )


def supervised_call_info(
    call: Call, agent_id: str | None, supervisor_name: str | None
) -> SupervisedCallInfo:
    """Return what a supervised agent hears when the supervisor barges in."""
    snapshot, customer = call.snapshot, call.customer
    number = None if customer is None else customer.phone_number
    is_placed = snapshot.call_type in _PLACED_BY_AGENTS
    main = main_call_of(call, agent_id)
    attributes = None if main is None else main.call_attributes
    return SupervisedCallInfo(
        call_id=call.call_key_of(agent_id),
        voice_call_id=None if attributes is None else attributes.voice_call_id,
        call_type=call_type_of(call, agent_id).value,
        from_=None if is_placed else number,
        to=number if is_placed else None,
        supervisor_name=supervisor_name,
        is_barged_in=True,
    )
