"""Transcripts and real-time events of the simulated org."""

from pathlib import Path
from typing import Any

import pytest

from server.salesforce_simulator.errors import ApiError
from tests.support.simulated_records import END, END_MS, START_MS, Org

AGENT_ID = "005000000000001AAA"


@pytest.fixture
def org(tmp_path: Path) -> Any:
    org = Org(tmp_path)
    org.create()
    yield org
    org.close()


def test_a_message_is_kept_once_and_in_order_of_time(org: Org) -> None:
    org.say(messageId="m2", startTime=START_MS + 5000, endTime=START_MS + 5000)
    org.say()
    org.say(content="Hello again")
    assert [(one["messageId"], one["content"]) for one in org.transcript()] == [
        ("m1", "Hello again"),
        ("m2", "Hello"),
    ]


@pytest.mark.parametrize(
    ("sender", "given", "kept"),
    [
        ("END_USER", "+14155550123", "call1END_USER"),
        ("SUPERVISOR", "x", "call1SUPERVISOR"),
        ("VIRTUAL_AGENT", "x", "call1VIRTUAL_AGENT"),
        ("HUMAN_AGENT", AGENT_ID, AGENT_ID),
        ("EXTERNAL_USER", "guest-7", "guest-7"),
    ],
)
def test_the_id_of_a_sender_follows_from_the_key(
    org: Org, sender: str, given: str, kept: str
) -> None:
    org.say(senderType=sender, participantId=given)
    assert org.transcript()[0]["participantId"] == kept


def test_every_call_of_a_conversation_shows_all_of_it(org: Org) -> None:
    org.transfer("leg1")
    org.transfer("leg2", parent="leg1")
    org.say()
    assert len(org.transcript("leg2")) == len(org.transcript("leg1")) == 1


def test_a_callback_is_a_conversation_of_its_own(org: Org) -> None:
    org.say()
    org.update("cb1", isActiveCall=True, initiationMethod="CALLBACK")
    assert org.transcript("cb1") == []


BROKEN: list[tuple[dict[str, Any], int, str]] = [
    *[
        ({name: ...}, 400, f"{name} is required")
        for name in (
            "participantId",
            "messageId",
            "startTime",
            "endTime",
            "content",
            "senderType",
        )
    ],
    ({"callCenterApiName": "demoCenter"}, 400, "callCenterApiName is not a field"),
    ({"content": ""}, 400, "content must be a text"),
    ({"senderType": "CUSTOMER"}, 400, "senderType must be one of"),
    ({"startTime": "2026-03-02T12:00:00Z"}, 400, "startTime must be a whole number"),
    ({"startTime": True}, 400, "startTime must be a whole number"),
    ({"startTime": START_MS // 1000}, 400, "startTime must be a time in epoch milliseconds"),
    ({"endTime": START_MS}, 400, "endTime must not be earlier than startTime"),
    ({"senderType": "HUMAN_AGENT", "participantId": "ada"}, 400, "Salesforce user id"),
    (
        {"startTime": START_MS - 9, "endTime": START_MS - 1},
        400,
        "before the start of the conversation",
    ),
    ({"key": "nobody"}, 404, "no such VoiceCall"),
    ({"key": "leg1"}, 400, "conversation's first call"),
]


@pytest.mark.parametrize(("changes", "status", "text"), BROKEN)
def test_a_broken_message_is_refused_and_not_kept(
    org: Org, changes: dict[str, Any], status: int, text: str
) -> None:
    org.transfer("leg1")
    with pytest.raises(ApiError) as caught:
        org.say(**changes)
    assert caught.value.status == status
    assert text in caught.value.message
    assert org.transcript() == []


def test_a_voice_call_id_is_no_vendor_call_key(org: Org) -> None:
    with pytest.raises(ApiError, match="must not be a VoiceCall id") as caught:
        org.say(org.found().voice_call_id)
    assert caught.value.status == 400


def test_a_transfer_with_its_parents_key_leads_to_the_first_call(org: Org) -> None:
    org.transfer("call1")
    org.say("call1")
    assert len(org.transcript()) == 1


def test_words_may_come_late_but_must_lie_in_the_conversation(org: Org) -> None:
    org.update(endTime=END)
    org.say()
    with pytest.raises(ApiError, match="after the end of the conversation"):
        org.say(messageId="m2", startTime=END_MS + 1, endTime=END_MS + 2)
    assert len(org.transcript()) == 1


def test_an_open_conversation_has_no_end_yet(org: Org) -> None:
    org.update(endTime=END, isActiveCall=True)
    org.say(startTime=END_MS + 1, endTime=END_MS + 2)
    assert len(org.transcript()) == 1


def test_a_transfer_makes_the_conversation_longer(org: Org) -> None:
    org.transfer("leg1")
    org.update(endTime=END)
    org.update("leg1", endTime="2026-03-02T12:05:00Z")
    org.say(startTime=END_MS + 1, endTime=END_MS + 2)
    with pytest.raises(ApiError, match="after the end"):
        org.say(messageId="m2", startTime=END_MS + 300_000, endTime=END_MS + 300_000)


def event(**changes: Any) -> dict[str, Any]:
    body = {
        "type": "IntelligenceSignal__Sentiment",
        "value": "400.13",
        "startTime": START_MS,
        "participant": "CUSTOMER",
    }
    return {name: value for name, value in {**body, **changes}.items() if value is not ...}


def category(**changes: Any) -> dict[str, Any]:
    return event(type="IntelligenceSignal__Category", participant=..., **changes)


def test_batches_of_events_are_kept(org: Org) -> None:
    first = [event(score=900, details={"a": [1]}), category(value="Complaint")]
    org.send_events(service="Ours", persist=False, events=first)
    org.send_events(service="Ours", events=[event()])
    assert org.events() == [
        {"service": "Ours", "persist": False, "events": first},
        {"service": "Ours", "events": [event()]},
    ]


BROKEN_EVENTS: list[tuple[dict[str, Any], str]] = [
    ({"service": None}, "service is required"),
    ({"events": None}, "events is required"),
    ({"events": []}, "events must be a list"),
    ({"events": {}}, "events must be a list"),
    ({"events": [7]}, "events[0] must be an object"),
    ({"events": [event(type="Mood")]}, "events[0].type must be one of"),
    ({"events": [event(value=5)]}, "events[0].value must be a text"),
    ({"events": [event(value="1001")]}, "events[0].value must be a number from -1000 to 1000"),
    ({"events": [event(value="nan")]}, "events[0].value must be a number from"),
    ({"events": [event(value="good")]}, "events[0].value must be a number from"),
    ({"events": [event(startTime=...)]}, "events[0].startTime is required"),
    ({"events": [event(startTime=1_772_452_800)]}, "epoch milliseconds"),
    ({"events": [event(participant=...)]}, "events[0].participant is required"),
    ({"events": [event(participant="BOT")]}, "events[0].participant must be one of"),
    ({"events": [event(score=1001)]}, "events[0].score must be from 0 to 1000"),
    ({"events": [event(score="1")]}, "events[0].score must be a number"),
    ({"events": [event(details="x")]}, "events[0].details must be an object"),
    ({"events": [event(), event(startTime=START_MS - 1)]}, "events[1].startTime must be in asc"),
    ({"persist": "no"}, "persist must be true or false"),
    ({"mood": 1}, "mood is not a field"),
]


@pytest.mark.parametrize(("changes", "text"), BROKEN_EVENTS)
def test_broken_events_are_refused(org: Org, changes: dict[str, Any], text: str) -> None:
    with pytest.raises(ApiError) as caught:
        org.send_events(**{"service": "Ours", "events": [event()], **changes})
    assert caught.value.status == 400
    assert text in caught.value.message
    assert org.events() == []


def test_events_are_for_open_conversations_that_exist(org: Org) -> None:
    with pytest.raises(ApiError) as unknown:
        org.send_events("nobody", service="Ours", events=[event()])
    assert unknown.value.status == 404
    org.update()
    with pytest.raises(ApiError, match="is closed") as closed:
        org.send_events(service="Ours", events=[event()])
    assert closed.value.status == 409


def test_a_conversation_outlives_the_process(tmp_path: Path, org: Org) -> None:
    org.say()
    org.send_events(service="Ours", events=[event()])
    later = Org(tmp_path)
    assert later.transcript() == org.transcript()
    assert later.events() == org.events()
    later.close()
