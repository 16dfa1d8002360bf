"""Requests as they go to Salesforce, and the limits that are checked before."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest

from server.salesforce import (
    CallOrigin,
    CreateVoiceCallRequest,
    DisconnectReason,
    EndUser,
    InitiationMethod,
    InvalidRequestError,
    UpdateVoiceCallRequest,
    VoiceCallSubtype,
    encode_call_attributes,
)
from tests.support.salesforce_org import NOON, create_request


def test_a_full_create_has_the_names_of_the_documents() -> None:
    request = create_request(
        initiation_method=InitiationMethod.TRANSFER,
        parent_voice_call_id="0LQRM0000006CSz",
        queue="Support",
        call_origin=CallOrigin.PREVIEW,
        call_subtype=VoiceCallSubtype.WEB_RTC,
        call_attributes=encode_call_attributes({"MyField__c": "abc"}),
        start_time=datetime(2019, 7, 2, 19, 32, 28, 123456, tzinfo=timezone(timedelta(hours=2))),
    )
    request.check()
    assert request.to_payload() == {
        "vendorCallKey": "call1",
        "to": "+18005550100",
        "from": "+14155550123",
        "initiationMethod": "Transfer",
        "parentVoiceCallId": "0LQRM0000006CSz",
        "queue": "Support",
        "callOrigin": "Preview",
        "callSubtype": "WebRTC",
        "callAttributes": '{"MyField__c":"abc"}',
        "startTime": "2019-07-02T17:32:28.123Z",
        "participants": [{"participantKey": "customer1", "type": "END_USER"}],
    }


def test_absent_fields_are_not_sent() -> None:
    assert UpdateVoiceCallRequest(is_active_call=False).to_payload() == {"isActiveCall": False}
    assert UpdateVoiceCallRequest().to_payload() == {}


def test_a_full_update_has_the_names_of_the_documents() -> None:
    request = UpdateVoiceCallRequest(
        start_time=NOON,
        end_time=NOON + timedelta(minutes=1),
        enqueue_time=NOON,
        accept_time=NOON,
        from_number="+14155550123",
        to_number="+18005550100",
        total_hold_duration=1,
        longest_hold_duration=1,
        number_of_holds=2,
        queue="Support",
        agent="ada@demo.example",
        agent_interaction_duration=50,
        call_origin=CallOrigin.VOICEMAIL,
        recording_location="https://recordings.example/1.wav",
        total_recording_duration=51,
        call_attributes="{}",
        is_active_call=True,
        disconnect_reason=DisconnectReason(value="CALLBACK"),
        parent_call_identifier="call0",
        initiation_method="INBOUND",
        call_sub_type=VoiceCallSubtype.PSTN,
    )
    request.check()
    payload = request.to_payload()
    assert payload["disconnectReason"] == {"value": "CALLBACK", "isError": True}
    assert payload["callSubType"] == "PSTN"
    assert payload["endTime"] == "2026-03-02T12:01:00.000Z"
    assert len(payload) == 21
    assert UpdateVoiceCallRequest.from_payload(payload) == request


def test_a_payload_reads_back_and_unknown_fields_are_ignored() -> None:
    request = create_request()
    payload = {**request.to_payload(), "callCenterApiName": "x", "later": 1}
    assert CreateVoiceCallRequest.from_payload(payload) == request


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        ({"from": 5}, "from"),
        ({"startTime": "yesterday"}, "startTime"),
        ({"initiationMethod": "Outbound"}, "initiationMethod"),
        ({"participants": [{"type": "END_USER"}]}, "participants[0]"),
    ],
)
def test_a_stored_payload_that_does_not_fit_names_its_field(
    payload: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        CreateVoiceCallRequest.from_payload({**create_request().to_payload(), **payload})
    assert caught.value.field.startswith(field.split("[", maxsplit=1)[0])


SECRET = "+4917012345678"

BROKEN_CREATES: list[tuple[dict[str, Any], str, str]] = [
    ({"vendor_call_key": ""}, "vendorCallKey", "must not be empty"),
    ({"vendor_call_key": "k" * 256}, "vendorCallKey", "at most 255"),
    ({"to_number": " "}, "to", "must not be empty"),
    ({"to_number": SECRET * 4}, "to", "at most 40"),
    ({"from_number": SECRET * 4}, "from", "at most 40"),
    ({"start_time": datetime(2026, 1, 1)}, "startTime", "time zone"),
    ({"participants": ()}, "participants", "one end user"),
    ({"participants": (EndUser(participant_key=""),)}, "participants[0].participantKey", "empty"),
    (
        {"participants": (EndUser(participant_key="a", type="HUMAN_AGENT"),)},
        "participants[0].type",
        "must be END_USER",
    ),
    ({"initiation_method": InitiationMethod.TRANSFER}, "parentVoiceCallId", "is required"),
    ({"parent_voice_call_id": "call0"}, "parentVoiceCallId", "for a Transfer only"),
    ({"queue": ""}, "queue", "must not be empty"),
    ({"call_attributes": "not json"}, "callAttributes", "JSON object"),
    ({"call_attributes": "[1]"}, "callAttributes", "JSON object"),
]


@pytest.mark.parametrize(("changes", "field", "rule"), BROKEN_CREATES)
def test_a_broken_create_names_field_and_rule(
    changes: dict[str, Any], field: str, rule: str
) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        create_request(**changes).check()
    assert caught.value.field == field
    assert rule in caught.value.rule
    assert SECRET not in caught.value.reason


BROKEN_UPDATES: list[tuple[dict[str, Any], str, str]] = [
    ({"start_time": NOON, "end_time": NOON - timedelta(seconds=1)}, "endTime", "startTime"),
    ({"accept_time": datetime(2026, 1, 1)}, "acceptTime", "time zone"),
    ({"total_hold_duration": 1}, "totalHoldDuration", "needs recordingLocation"),
    ({"agent_interaction_duration": 1}, "agentInteractionDuration", "needs recordingLocation"),
    ({"total_recording_duration": 1}, "totalRecordingDuration", "needs recordingLocation"),
    ({"number_of_holds": -1}, "numberOfHolds", "between 0"),
    ({"longest_hold_duration": 2**31}, "longestHoldDuration", "between 0"),
    ({"recording_location": "/files/1.wav"}, "recordingLocation", "fully qualified"),
    ({"recording_location": "https://[x"}, "recordingLocation", "fully qualified"),
    ({"recording_location": "https://r.example/" + "a" * 1000}, "recordingLocation", "1000"),
    ({"from_number": ""}, "fromNumber", "empty"),
    ({"to_number": "1" * 41}, "toNumber", "at most 40"),
    ({"agent": ""}, "agent", "empty"),
    ({"parent_call_identifier": "k" * 256}, "parentCallIdentifier", "at most 255"),
    ({"disconnect_reason": DisconnectReason(value="")}, "disconnectReason.value", "empty"),
    ({"call_attributes": "5"}, "callAttributes", "JSON object"),
]


@pytest.mark.parametrize(("values", "field", "rule"), BROKEN_UPDATES)
def test_a_broken_update_names_field_and_rule(
    values: dict[str, Any], field: str, rule: str
) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        UpdateVoiceCallRequest(**values).check()
    assert caught.value.field == field
    assert rule in caught.value.rule


def test_limits_themselves_are_allowed() -> None:
    create_request(vendor_call_key="k" * 255, to_number="1" * 40).check()
    UpdateVoiceCallRequest(
        number_of_holds=2**31 - 1,
        total_hold_duration=0,
        recording_location="https://r.example/" + "a" * 982,
    ).check()


def test_requests_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        create_request().queue = "other"  # type: ignore[misc] - frozen
    assert msgspec.structs.fields(EndUser)[0].encode_name == "participantKey"
    assert NOON.tzinfo is UTC
