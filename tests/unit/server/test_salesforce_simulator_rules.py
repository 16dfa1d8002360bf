"""What the simulated org accepts, refuses and does with its records."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from server.salesforce_simulator.errors import ApiError
from server.salesforce_simulator.fields import number
from server.salesforce_simulator.record_ids import check_letters, is_voice_call_id, voice_call_id
from tests.support.simulated_records import END, START, Org


@pytest.fixture
def org(tmp_path: Path) -> Any:
    org = Org(tmp_path)
    yield org
    org.close()


def test_create_makes_a_record(org: Org) -> None:
    record, errors = org.create(callAttributes='{"Reason__c":"billing","SourceType":"Service"}')
    assert errors == []
    assert record.to_wire() == {
        "voiceCallId": record.voice_call_id,
        "vendorCallKey": "call1",
        "callType": "Inbound",
        "callDisposition": "new",
        "conversationOpen": True,
        "previousCallId": None,
        "nextCallId": None,
        "createdAt": START,
        "fromNumber": "+14155550123",
        "toNumber": "+18005550100",
        "startTime": START,
        "callSubtype": "PSTN",
        "callAttributes": {"Reason__c": "billing", "SourceType": "Service"},
    }
    assert org.find("call1") == record


BROKEN_CREATES: list[tuple[dict[str, Any], str]] = [
    ({"callCenterApiName": ...}, "callCenterApiName is required"),
    ({"vendorCallKey": ...}, "vendorCallKey is required"),
    ({"vendorCallKey": ""}, "vendorCallKey must be a text"),
    ({"vendorCallKey": "k" * 256}, "vendorCallKey must have at most 255"),
    ({"vendorCallKey": 7}, "vendorCallKey must be a text"),
    ({"from": ...}, "from is required"),
    ({"from": None}, "from is required"),
    ({"from": "1" * 41}, "from must have at most 40"),
    ({"to": "1" * 41}, "to must have at most 40"),
    ({"initiationMethod": ...}, "initiationMethod is required"),
    ({"initiationMethod": "Outbound"}, "initiationMethod must be one of"),
    ({"initiationMethod": "inbound"}, "initiationMethod must be one of"),
    ({"initiationMethod": "Transfer"}, "parentVoiceCallId is required"),
    (
        {"initiationMethod": "Transfer", "parentVoiceCallId": "nobody"},
        "parentVoiceCallId is not a known",
    ),
    ({"parentVoiceCallId": "call1"}, "parentVoiceCallId is for a Transfer"),
    ({"startTime": ...}, "startTime is required"),
    ({"startTime": "2026-03-02T12:00:00"}, "startTime must be an ISO 8601"),
    ({"startTime": "2026-03-02T12:00:00+01:00"}, "startTime must be an ISO 8601"),
    ({"startTime": "noon"}, "startTime must be an ISO 8601"),
    ({"startTime": 1}, "startTime must be an ISO 8601"),
    ({"callOrigin": "Dream"}, "callOrigin must be one of"),
    ({"callSubtype": "Radio"}, "callSubtype must be one of"),
    ({"participants": ...}, "participants is required"),
    ({"participants": []}, "participants must be a list"),
    ({"participants": {}}, "participants must be a list"),
    ({"participants": ["x"]}, "participants[0] must be an object"),
    ({"participants": [{"type": "END_USER"}]}, "participants[0].participantKey is required"),
    (
        {"participants": [{"participantKey": "a", "type": "HUMAN_AGENT"}]},
        "participants[0].type must be one of",
    ),
    ({"callAttributes": {"A__c": 1}}, "callAttributes must be a JSON object encoded"),
    ({"callAttributes": "[]"}, "callAttributes must be a JSON object encoded"),
    ({"vendorCallkey": "x"}, "vendorCallkey is not a field"),
]


@pytest.mark.parametrize(("changes", "message"), BROKEN_CREATES)
def test_a_broken_create_is_refused_and_makes_nothing(
    org: Org, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(ApiError) as caught:
        org.create(**changes)
    assert caught.value.status == 400
    assert message in caught.value.message
    assert org.count() == 0


def test_the_same_inbound_key_finds_the_same_record(org: Org) -> None:
    first, _ = org.create()
    second, _ = org.create(**{"from": "+14155550199"})
    assert second == first
    assert org.count() == 1


def test_what_does_not_fit_into_fields_is_a_soft_error(org: Org) -> None:
    record, errors = org.create(
        callAttributes='{"Nope":"a","Text__c":"%s","Ok__c":1,"SourceType":"x","L__c":[]}'
        % ("a" * 256)
    )
    assert [error.split(":")[0] for error in errors] == ["Nope", "Text__c", "SourceType", "L__c"]
    assert record.fields["callAttributes"] == {"Ok__c": 1}


def test_a_missing_number_defaults_and_the_spelling_of_the_line_is_lenient(org: Org) -> None:
    record, _ = org.create(to=..., callSubtype="webRTC", callOrigin="Voicemail")
    assert record.fields["toNumber"] == "WEBRTC_DEFAULT"
    assert record.fields["callSubtype"] == "WebRTC"
    assert record.fields["callOrigin"] == "Voicemail"


@pytest.mark.parametrize("by", ["key", "id", "short id"])
def test_a_transfer_links_both_records(org: Org, by: str) -> None:
    parent, _ = org.create(queue="ignored")
    reference = {"key": "call1", "id": parent.voice_call_id, "short id": parent.voice_call_id[:15]}
    child, _ = org.create(
        vendorCallKey="call2",
        initiationMethod="Transfer",
        parentVoiceCallId=reference[by],
        queue="Support",
    )
    assert child.previous_call_id == parent.voice_call_id
    assert child.call_type == "Transfer"
    assert child.fields["queue"] == "Support"
    assert "queue" not in parent.fields
    assert org.find(parent.voice_call_id).next_call_id == child.voice_call_id  # type: ignore[union-attr] - it exists


def test_a_transfer_with_the_key_of_its_parent_makes_a_second_record(org: Org) -> None:
    parent, _ = org.create()
    child, _ = org.create(initiationMethod="Transfer", parentVoiceCallId="call1")
    assert child.voice_call_id != parent.voice_call_id
    assert org.find("call1") == child


def test_the_same_transfer_finds_the_same_record(org: Org) -> None:
    org.create()
    first = org.transfer("leg1")
    assert org.transfer("leg1") == first
    assert org.count() == 2
    second = org.transfer("leg1", parent="leg1")
    assert second.previous_call_id == first.voice_call_id


def test_an_active_update_keeps_the_call_open(org: Org) -> None:
    org.create()
    record = org.update(isActiveCall=True, acceptTime=START, queue="Support")
    assert (record.call_disposition, record.conversation_open) == ("in-progress", True)
    assert record.fields["acceptTime"] == START
    assert record.fields["fromNumber"] == "+14155550123"


def test_a_bare_update_closes_the_call_and_zeroes_its_holds(org: Org) -> None:
    org.create()
    org.update(isActiveCall=True, numberOfHolds=3)
    record = org.update()
    assert (record.call_disposition, record.conversation_open) == ("completed", False)
    assert record.fields["numberOfHolds"] == 0
    assert record.fields["totalHoldDuration"] == 0


def test_a_closing_update_keeps_what_it_brings(org: Org) -> None:
    org.create()
    record = org.update(
        startTime=START,
        endTime=END,
        numberOfHolds=2,
        totalHoldDuration=9,
        recordingLocation="https://recordings.example/1.wav",
        disconnectReason={"value": "CALLBACK", "isError": True},
        callAttributes='{"After__c":"x"}',
    )
    assert record.fields["callDurationInSeconds"] == 90
    assert record.fields["numberOfHolds"] == 2
    assert record.fields["totalHoldDuration"] == 9
    assert record.fields["disconnectReason"] == {"value": "CALLBACK", "isError": True}
    assert record.fields["callAttributes"] == {"After__c": "x"}


def test_one_time_alone_sets_no_duration(org: Org) -> None:
    org.create()
    assert "callDurationInSeconds" not in org.update(endTime=END).fields


def test_a_conversation_closes_with_the_last_call_of_the_chain(org: Org) -> None:
    parent, _ = org.create()
    child, _ = org.create(
        vendorCallKey="call2", initiationMethod="Transfer", parentVoiceCallId="call1"
    )
    first = org.update("call1")
    assert (first.call_disposition, first.conversation_open) == ("completed", True)
    org.update(child.voice_call_id)
    closed = org.find(parent.voice_call_id)
    assert closed is not None
    assert not closed.conversation_open


@pytest.mark.parametrize("order", [("call1", "leg1", "leg2"), ("leg2", "leg1", "call1")])
def test_a_conversation_stays_open_while_anybody_talks(org: Org, order: tuple[str, ...]) -> None:
    org.create()
    org.transfer("leg1")
    org.transfer("leg2")
    for call in order[:-1]:
        org.update(call)
        assert org.found(call).call_disposition == "completed"
        assert org.found("call1").conversation_open
    org.update(order[-1])
    assert not any(org.found(call).conversation_open for call in order)


def test_a_late_active_update_does_not_open_a_closed_call(org: Org) -> None:
    org.create()
    org.update()
    record = org.update(isActiveCall=True)
    assert (record.call_disposition, record.conversation_open) == ("completed", False)


def test_an_update_makes_the_record_that_is_missing(org: Org) -> None:
    record = org.update("late1", initiationMethod="OUTBOUND", fromNumber="+18005550100")
    assert record.vendor_call_key == "late1"
    assert record.call_type == "Outbound"
    assert record.call_disposition == "completed"
    assert org.create(vendorCallKey="late1")[0].voice_call_id == record.voice_call_id


BROKEN_UPDATES: list[tuple[dict[str, Any], str]] = [
    ({"startTime": "x"}, "startTime must be"),
    ({"acceptTime": "x"}, "acceptTime must be"),
    ({"startTime": END, "endTime": START}, "endTime must not be earlier"),
    ({"totalHoldDuration": 1}, "totalHoldDuration needs recordingLocation"),
    ({"agentInteractionDuration": 1}, "agentInteractionDuration needs recordingLocation"),
    ({"totalRecordingDuration": 1}, "totalRecordingDuration needs recordingLocation"),
    ({"numberOfHolds": -1}, "numberOfHolds must be a whole number"),
    ({"numberOfHolds": 2**31}, "numberOfHolds must be a whole number"),
    ({"numberOfHolds": 1.5}, "numberOfHolds must be a whole number"),
    ({"numberOfHolds": True}, "numberOfHolds must be a whole number"),
    ({"recordingLocation": "1.wav"}, "recordingLocation must be a fully"),
    ({"recordingLocation": "https://r.example/" + "a" * 1000}, "at most 1000"),
    ({"isActiveCall": "true"}, "isActiveCall must be true or false"),
    ({"disconnectReason": "CALLBACK"}, "disconnectReason must be an object"),
    ({"disconnectReason": {"value": "x"}}, "disconnectReason.isError is required"),
    ({"disconnectReason": {"isError": True}}, "disconnectReason.value is required"),
    ({"callAttributes": "x"}, "callAttributes must be"),
    ({"initiationMethod": "Dream"}, "initiationMethod must be one of"),
    ({"fromNumber": "1" * 41}, "fromNumber must have at most 40"),
    ({"fromNumber": "+1\ud800"}, "fromNumber must be Unicode text"),
    ({"surprise": 1}, "surprise is not a field"),
]


@pytest.mark.parametrize(("body", "message"), BROKEN_UPDATES)
def test_a_broken_update_is_refused_and_changes_nothing(
    org: Org, body: dict[str, Any], message: str
) -> None:
    before, _ = org.create()
    with pytest.raises(ApiError) as caught:
        org.update(**body)
    assert caught.value.status == 400
    assert message in caught.value.message
    assert org.find("call1") == before


def test_an_unknown_id_is_not_found(org: Org) -> None:
    with pytest.raises(ApiError) as caught:
        org.update(voice_call_id("nobody"))
    assert caught.value.status == 404


def test_what_salesforces_own_code_sends_is_taken(org: Org) -> None:
    record = org.update(
        acceptTime="", callSubType="WebRTC", parentCallIdentifier="x", callCenterApiName="y"
    )
    assert record.fields["acceptTime"] == ""
    assert record.fields["callSubtype"] == "WebRTC"


def test_orgs_do_not_see_each_others_records(org: Org) -> None:
    record, _ = org.create()
    assert org.find(record.voice_call_id, "00DZZ00000Other") is None
    assert org.find("call1", "00DZZ00000Other") is None


def test_records_outlive_the_process(tmp_path: Path) -> None:
    first = Org(tmp_path)
    record, _ = first.create()
    second = Org(tmp_path)
    assert second.find("call1") == record
    first.close()
    second.close()


def test_a_file_from_before_gets_the_tables_that_it_lacks(tmp_path: Path) -> None:
    first = Org(tmp_path)
    record, _ = first.create()
    first.close()
    with closing(sqlite3.connect(tmp_path / "org.sqlite3")) as file:
        file.execute("DROP TABLE simulated_documents")
    later = Org(tmp_path)
    later.say()
    assert later.find("call1") == record
    assert len(later.transcript()) == 1
    later.close()


def test_ids_have_salesforces_form() -> None:
    made = voice_call_id("x")
    assert made.startswith("0LQ")
    assert len(made) == 18
    assert is_voice_call_id(made)
    assert is_voice_call_id(made[:15])
    assert voice_call_id("x") == made
    assert not is_voice_call_id("0LQ-not-an-id-0000")
    assert check_letters("001D000000IqhSL") == "IAZ"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 10**400, True, "1"])
def test_only_numbers_that_can_be_kept_are_numbers(value: object) -> None:
    with pytest.raises(ApiError) as caught:
        number("delaySeconds", value)
    assert caught.value.status == 400
