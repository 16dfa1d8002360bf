"""What goes into the outbox for every moment of a call."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from connector_py.entities import (
    CallInfo,
    CallSnapshot,
    CallType,
    ContactType,
    ParticipantSnapshot,
    ParticipantState,
    ParticipantType,
)
from server.contact_center.conversation_requests import (
    Recording,
    Utterance,
    Voicemail,
    realtime_events_entry,
    recording_entry,
    transcript_entry,
    voicemail_entries,
)
from server.contact_center.voice_call_requests import (
    LegTimes,
    clear_routing_entry,
    create_entry,
    transfer_entry,
    transfer_update_entry,
    update_entry,
)
from server.entities import CallRecord, HoldFacts, OutboxEntry, OutboxKind, Routing
from server.salesforce import (
    CallOrigin,
    ConversationEvent,
    ConversationEventType,
    CreateVoiceCallRequest,
    ExecuteFlowRequest,
    RealtimeEventsRequest,
    SenderType,
    TranscriptMessageRequest,
    UpdateVoiceCallRequest,
)
from tests.support.salesforce_org import NOON, ORGANIZATION_ID, CountingIds

CUSTOMER, CENTER = "+14155550123", "+18005550100"
ONE_MINUTE = timedelta(minutes=1)


def record(call_type: CallType = CallType.INBOUND, **changes: Any) -> CallRecord:
    customer = ParticipantSnapshot(
        participant_id="customer1",
        participant_type=ParticipantType.INITIAL_CALLER,
        state=ParticipantState.CONNECTED,
        state_since=NOON,
    )
    values: dict[str, Any] = {
        "tenant_id": ORGANIZATION_ID,
        "call": CallSnapshot(
            call_id="call1", call_type=call_type, participants=(customer,), started_at=NOON
        ),
        "from_number": CUSTOMER if call_type is CallType.INBOUND else CENTER,
        "to_number": CENTER if call_type is CallType.INBOUND else CUSTOMER,
        "routing": Routing.ANSWERED,
        "holds": HoldFacts(count=2, longest_seconds=7),
    }
    return CallRecord(**{**values, **changes})


def leg(**changes: Any) -> ParticipantSnapshot:
    values: dict[str, Any] = {
        "participant_id": "leg1",
        "participant_type": ParticipantType.THIRD_PARTY,
        "state": ParticipantState.RINGING,
        "state_since": NOON + ONE_MINUTE,
        "contact_type": ContactType.QUEUE,
    }
    return ParticipantSnapshot(**{**values, **changes})


def over(found: CallRecord, at: datetime = NOON + ONE_MINUTE) -> CallRecord:
    return replace(found, call=replace(found.call, ended_at=at))


def head(entry: OutboxEntry) -> tuple[str, OutboxKind, str]:
    return entry.call_id, entry.kind, entry.natural_key


def test_a_call_that_came_in_is_created() -> None:
    entry = create_entry(record(), entry_id="e1", at=NOON)
    assert head(entry) == ("call1", OutboxKind.CREATE_VOICE_CALL, "create_voice_call:call1")
    assert (entry.entry_id, entry.tenant_id, entry.next_attempt_at) == (
        "e1",
        ORGANIZATION_ID,
        NOON,
    )
    request = CreateVoiceCallRequest.from_payload(entry.payload)
    request.check()
    assert (request.from_number, request.to_number) == (CUSTOMER, CENTER)
    assert request.participants[0].participant_key == "customer1"
    assert request.call_origin is None


def test_a_progressive_call_is_created_as_an_inbound_one() -> None:
    entry = create_entry(
        record(CallType.OUTBOUND), entry_id="e1", at=NOON, origin=CallOrigin.PROGRESSIVE
    )
    request = CreateVoiceCallRequest.from_payload(entry.payload)
    assert entry.payload["initiationMethod"] == "Inbound"
    assert entry.payload["callOrigin"] == "Progressive"
    assert (request.from_number, request.to_number) == (CUSTOMER, CENTER)


def test_a_number_that_nobody_knows_does_not_stop_the_create() -> None:
    hidden = create_entry(record(from_number=" "), entry_id="e1", at=NOON)
    assert hidden.payload["from"] == "anonymous"
    internal = record(CallType.INTERNAL_CALL, from_number="", to_number="")
    entry = transfer_entry(internal, leg(), parent="call1", queue=None, entry_id="e1", at=NOON)
    assert entry.payload["from"] == "anonymous"
    assert "to" not in entry.payload
    CreateVoiceCallRequest.from_payload(entry.payload).check()


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ('{"Reason__c":"billing"}', '{"Reason__c":"billing"}'),
        (None, None),
        ("Reason", None),
        ("[1]", None),
        ("[" * 100_000, None),
    ],
)
def test_fields_of_the_record_go_with_the_create(text: str | None, sent: str | None) -> None:
    info = CallInfo(additional_fields=text)
    found = record()
    found = replace(found, call=replace(found.call, call_info=info))
    entry = create_entry(found, entry_id="e1", at=NOON)
    assert entry.payload.get("callAttributes") == sent
    CreateVoiceCallRequest.from_payload(entry.payload).check()
    plain = leg(call_info=CallInfo())
    added = transfer_entry(found, plain, parent="call1", queue=None, entry_id="e1", at=NOON)
    assert added.payload.get("callAttributes") == sent
    own = leg(call_info=CallInfo(additional_fields='{"Reason__c":"transfer"}'))
    added = transfer_entry(found, own, parent="call1", queue=None, entry_id="e1", at=NOON)
    assert added.payload["callAttributes"] == '{"Reason__c":"transfer"}'


@pytest.mark.parametrize("call_type", [CallType.INBOUND, CallType.OUTBOUND])
def test_an_added_leg_gets_a_transfer_of_its_own(call_type: CallType) -> None:
    entry = transfer_entry(
        record(call_type), leg(), parent="call1", queue="queue-support", entry_id="e1", at=NOON
    )
    assert head(entry) == ("leg1", OutboxKind.CREATE_VOICE_CALL, "create_voice_call:leg1")
    CreateVoiceCallRequest.from_payload(entry.payload).check()
    assert entry.payload == {
        "vendorCallKey": "leg1",
        "initiationMethod": "Transfer",
        "parentVoiceCallId": "call1",
        "queue": "queue-support",
        "from": CUSTOMER,
        "to": CENTER,
        "startTime": "2026-03-02T12:01:00.000Z",
        "participants": [{"participantKey": "customer1", "type": "END_USER"}],
        "callSubtype": "PSTN",
    }


def test_a_leg_that_left_is_completed() -> None:
    gone = leg(state=ParticipantState.ENDED, state_since=NOON + 3 * ONE_MINUTE)
    times = LegTimes(added_at=NOON + ONE_MINUTE, answered_at=NOON + 2 * ONE_MINUTE)
    entry = transfer_update_entry(
        record(), gone, times=times, user_name="ben@demo.example", entry_id="e1", at=NOON
    )
    assert head(entry) == ("leg1", OutboxKind.UPDATE_VOICE_CALL, "update_voice_call:leg1")
    UpdateVoiceCallRequest.from_payload(entry.payload).check()
    assert entry.payload == {
        "startTime": "2026-03-02T12:01:00.000Z",
        "acceptTime": "2026-03-02T12:02:00.000Z",
        "endTime": "2026-03-02T12:03:00.000Z",
        "agent": "ben@demo.example",
    }


def test_a_leg_that_nobody_answered_was_abandoned() -> None:
    times = LegTimes(added_at=NOON + 2 * ONE_MINUTE)
    entry = transfer_update_entry(
        record(), leg(), times=times, user_name=None, entry_id="e1", at=NOON
    )
    update = UpdateVoiceCallRequest.from_payload(entry.payload)
    update.check()
    assert update.end_time == NOON + 2 * ONE_MINUTE
    assert entry.payload["disconnectReason"] == {"value": "Abandoned in queue", "isError": True}


def test_the_reason_of_an_unanswered_end_is_told() -> None:
    def reason(found: CallRecord, **more: Any) -> Any:
        entry = update_entry(over(found), user_name=None, entry_id="e1", at=NOON, **more)
        UpdateVoiceCallRequest.from_payload(entry.payload).check()
        return entry.payload.get("disconnectReason", {}).get("value")

    assert reason(record()) == "Abandoned in queue"
    assert reason(record(), wants_callback=True) == "CALLBACK"
    assert reason(record(answered_at=NOON)) is None
    assert reason(record(CallType.OUTBOUND)) is None


@pytest.mark.parametrize(
    ("call_type", "is_sent"),
    [(CallType.OUTBOUND, True), (CallType.CALLBACK, True), (CallType.INBOUND, False)],
)
def test_fields_go_with_the_update_where_salesforce_made_the_record(
    call_type: CallType, is_sent: bool
) -> None:
    text = '{"Reason__c":"billing"}'
    found = record(call_type)
    found = over(
        replace(found, call=replace(found.call, call_info=CallInfo(additional_fields=text)))
    )
    entry = update_entry(found, user_name=None, entry_id="e1", at=NOON)
    UpdateVoiceCallRequest.from_payload(entry.payload).check()
    assert entry.payload.get("callAttributes") == (text if is_sent else None)


def test_routing_is_cleared_once_for_each_missed_ringing() -> None:
    first, again, second = (
        clear_routing_entry(
            record(), vendor_call_key="leg1", occurrence=occurrence, entry_id="e", at=NOON
        )
        for occurrence in ("offer1", "offer1", "offer2")
    )
    assert first.natural_key == again.natural_key != second.natural_key
    assert (first.call_id, first.kind, first.payload) == ("leg1", OutboxKind.CLEAR_ROUTING, {})


def utterance(**changes: Any) -> Utterance:
    values: dict[str, Any] = {
        "message_id": "m1",
        "sender": SenderType.END_USER,
        "content": "Hello",
        "started_at": NOON,
        "ended_at": NOON + timedelta(seconds=2),
    }
    return Utterance(**{**values, **changes})


def test_words_belong_to_the_first_call() -> None:
    entry = transcript_entry(record(), utterance(), entry_id="e1", at=NOON)
    assert head(entry) == ("call1", OutboxKind.ADD_TRANSCRIPT, "add_transcript:call1:m1")
    message = TranscriptMessageRequest.from_payload(entry.payload)
    message.check()
    assert message.participant_id == "call1END_USER"
    assert message.end_time - message.start_time == 2000


def test_an_agent_speaks_with_the_user_id_and_a_consult_under_its_own_key() -> None:
    said = utterance(sender=SenderType.HUMAN_AGENT, own_id="005000000000001AAA")
    entry = transcript_entry(record(), said, entry_id="e1", at=NOON, vendor_call_key="leg1")
    assert entry.call_id == "leg1"
    assert entry.payload["participantId"] == "005000000000001AAA"


def test_events_are_told_in_batches() -> None:
    one = ConversationEvent(
        type=ConversationEventType.CATEGORY, value="Complaint", start_time=1_772_452_800_000
    )
    request = RealtimeEventsRequest(service="Ours", events=(one,))
    entry = realtime_events_entry(record(), request, occurrence="b1", entry_id="e1", at=NOON)
    assert head(entry) == ("call1", OutboxKind.REALTIME_EVENTS, "realtime_events:call1:b1")
    assert RealtimeEventsRequest.from_payload(entry.payload) == request


RECORDING = Recording(
    location="https://recordings.example/1.wav", interaction_seconds=50, hold_seconds=9
)


def test_a_recording_keeps_the_figures_of_the_call() -> None:
    entry = recording_entry(over(record()), RECORDING, occurrence="r1", entry_id="e1", at=NOON)
    assert head(entry) == (
        "call1",
        OutboxKind.UPDATE_VOICE_CALL,
        "update_voice_call:call1:recording:r1",
    )
    UpdateVoiceCallRequest.from_payload(entry.payload).check()
    assert entry.payload == {
        "recordingLocation": "https://recordings.example/1.wav",
        "totalHoldDuration": 9,
        "agentInteractionDuration": 50,
        "longestHoldDuration": 7,
        "numberOfHolds": 2,
    }


def test_a_recording_does_not_close_a_call_that_goes_on() -> None:
    entry = recording_entry(record(), RECORDING, occurrence="r1", entry_id="e1", at=NOON)
    assert entry.payload["isActiveCall"] is True


@pytest.mark.parametrize("has_left", [True, False])
def test_the_recording_of_a_leg_knows_no_holds(has_left: bool) -> None:
    state = ParticipantState.ENDED if has_left else ParticipantState.CONNECTED
    found = record()
    participants = (*found.call.participants, leg(state=state))
    found = replace(found, call=replace(found.call, participants=participants))
    entry = recording_entry(
        found, RECORDING, occurrence="r1", entry_id="e1", at=NOON, vendor_call_key="leg1"
    )
    assert entry.call_id == "leg1"
    assert "numberOfHolds" not in entry.payload
    assert ("isActiveCall" in entry.payload) is not has_left


def voicemail(**changes: Any) -> Voicemail:
    values: dict[str, Any] = {
        "tenant_id": ORGANIZATION_ID,
        "vendor_call_key": "vm1",
        "caller": CUSTOMER,
        "dialed_number": CENTER,
        "started_at": NOON,
        "seconds": 42,
        "recording_location": "https://recordings.example/vm.wav",
        "transcript": "Please call me",
    }
    return Voicemail(**{**values, **changes})


def entries_of(found: Voicemail) -> list[OutboxEntry]:
    entries = list(voicemail_entries(found, new_id=CountingIds().new_id, at=NOON))
    assert {entry.call_id for entry in entries} == {"vm1"}
    assert len({entry.natural_key for entry in entries}) == len(entries)
    assert len({entry.entry_id for entry in entries}) == len(entries)
    return entries


def test_a_voicemail_takes_the_steps_of_the_guide() -> None:
    create, said, flow, close = entries_of(voicemail())
    assert create.kind is OutboxKind.CREATE_VOICE_CALL
    CreateVoiceCallRequest.from_payload(create.payload).check()
    assert create.payload["callOrigin"] == "Voicemail"
    assert create.payload["initiationMethod"] == "Inbound"
    message = TranscriptMessageRequest.from_payload(said.payload)
    message.check()
    assert message.content == "Please call me"
    assert message.participant_id == "vm1END_USER"
    assert flow.kind is OutboxKind.EXECUTE_FLOW
    assert ExecuteFlowRequest.from_payload(flow.payload).dialed_number == CENTER
    assert flow.payload == {"dialedNumber": CENTER}
    UpdateVoiceCallRequest.from_payload(close.payload).check()
    assert close.payload == {
        "startTime": "2026-03-02T12:00:00.000Z",
        "endTime": "2026-03-02T12:00:42.000Z",
        "callOrigin": "Voicemail",
        "recordingLocation": "https://recordings.example/vm.wav",
        "totalRecordingDuration": 42,
        "isActiveCall": False,
    }


def test_a_caller_who_waited_has_a_voice_call_already() -> None:
    mark, _, _, close = entries_of(voicemail(call_started_at=NOON - ONE_MINUTE))
    assert mark.kind is OutboxKind.UPDATE_VOICE_CALL
    assert mark.payload == {"isActiveCall": True, "callOrigin": "Voicemail"}
    assert close.payload["startTime"] == "2026-03-02T11:59:00.000Z"


def test_a_voicemail_without_words_has_no_transcript() -> None:
    kinds = [entry.kind for entry in entries_of(voicemail(transcript=" ", caller=""))]
    assert kinds == [
        OutboxKind.CREATE_VOICE_CALL,
        OutboxKind.EXECUTE_FLOW,
        OutboxKind.UPDATE_VOICE_CALL,
    ]
