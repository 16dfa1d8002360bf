"""Requests about what is said and where a call goes, and the limits that are checked before."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from server.salesforce import (
    ClearRoutingRequest,
    ConversationEvent,
    ConversationEventType,
    ConversationParty,
    ExecuteFlowRequest,
    InvalidRequestError,
    RealtimeEventsRequest,
    RequestCallbackRequest,
    RouteVoiceCallRequest,
    SenderType,
    TranscriptMessageRequest,
    epoch_milliseconds,
    sender_id,
)
from server.salesforce.payloads import TelephonyRequest
from tests.support.salesforce_org import NOON

NOON_MS = 1_772_452_800_000
AGENT_ID = "005000000000001AAA"
SECRET = "my card number is 4111"


def message(**changes: Any) -> TranscriptMessageRequest:
    values: dict[str, Any] = {
        "participant_id": "call1END_USER",
        "message_id": "m1",
        "start_time": NOON_MS,
        "end_time": NOON_MS + 900,
        "content": SECRET,
        "sender_type": SenderType.END_USER,
    }
    return TranscriptMessageRequest(**{**values, **changes})


def event(**changes: Any) -> ConversationEvent:
    values: dict[str, Any] = {
        "type": ConversationEventType.SENTIMENT,
        "value": "400.13",
        "start_time": NOON_MS,
        "participant": ConversationParty.CUSTOMER,
    }
    return ConversationEvent(**{**values, **changes})


def events(*some: ConversationEvent, **changes: Any) -> RealtimeEventsRequest:
    return RealtimeEventsRequest(**{"service": "Ours", "events": some or (event(),), **changes})


def test_times_are_epoch_milliseconds() -> None:
    assert epoch_milliseconds(NOON) == NOON_MS
    berlin = timezone(timedelta(hours=1))
    assert epoch_milliseconds(datetime(2026, 3, 2, 13, 0, 0, 999_999, tzinfo=berlin)) == (
        NOON_MS + 999
    )
    assert epoch_milliseconds(datetime(1969, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC)) == -1


@pytest.mark.parametrize(
    ("sender", "own_id", "expected"),
    [
        (SenderType.END_USER, None, "call1END_USER"),
        (SenderType.END_USER, "ignored", "call1END_USER"),
        (SenderType.SUPERVISOR, None, "call1SUPERVISOR"),
        (SenderType.VIRTUAL_AGENT, None, "call1VIRTUAL_AGENT"),
        (SenderType.HUMAN_AGENT, AGENT_ID, AGENT_ID),
        (SenderType.EXTERNAL_USER, "guest-7", "guest-7"),
        (SenderType.HUMAN_AGENT, None, ""),
    ],
)
def test_every_sender_has_its_id(sender: SenderType, own_id: str | None, expected: str) -> None:
    assert sender_id("call1", sender, own_id) == expected


def test_a_message_has_the_names_of_the_documents() -> None:
    message().check()
    assert message().to_payload() == {
        "participantId": "call1END_USER",
        "messageId": "m1",
        "startTime": NOON_MS,
        "endTime": NOON_MS + 900,
        "content": SECRET,
        "senderType": "END_USER",
    }


def test_events_have_the_names_of_the_documents() -> None:
    request = events(
        event(score=900.5, details={"k": [1]}),
        event(type=ConversationEventType.CATEGORY, value="Complaint", participant=None),
        persist=False,
    )
    request.check()
    assert request.to_payload() == {
        "service": "Ours",
        "persist": False,
        "events": [
            {
                "type": "IntelligenceSignal__Sentiment",
                "value": "400.13",
                "startTime": NOON_MS,
                "score": 900.5,
                "participant": "CUSTOMER",
                "details": {"k": [1]},
            },
            {
                "type": "IntelligenceSignal__Category",
                "value": "Complaint",
                "startTime": NOON_MS,
            },
        ],
    }


def test_routing_requests_have_the_names_of_the_documents() -> None:
    flow = ExecuteFlowRequest(
        dialed_number="+18005550100",
        flow_dev_name="acme__Route",
        fallback_queue="Support",
        flow_input_parameters={"language": "de"},
    )
    assert flow.to_payload() == {
        "dialedNumber": "+18005550100",
        "flowDevName": "acme__Route",
        "fallbackQueue": "Support",
        "flowInputParameters": {"language": "de"},
    }
    assert ClearRoutingRequest().to_payload() == {}
    route = RouteVoiceCallRequest(routing_target="00G1", fallback_queue="00G2")
    assert route.to_payload() == {"routingTarget": "00G1", "fallbackQueue": "00G2"}
    callback = RequestCallbackRequest(
        callback_number="+14155550123",
        scheduled_routing_date_time=NOON,
        is_preview_callback=False,
        vendor_call_key="call2",
    )
    assert callback.to_payload() == {
        "callbackNumber": "+14155550123",
        "scheduledRoutingDateTime": "2026-03-02T12:00:00.000Z",
        "isPreviewCallback": False,
        "vendorCallKey": "call2",
    }


REQUESTS: list[TelephonyRequest] = [
    message(),
    events(event(score=1.0, details={"a": 1}), persist=True),
    ExecuteFlowRequest(flow_dev_name="x", flow_input_parameters={"a": 1}),
    RouteVoiceCallRequest(routing_target="x"),
    RequestCallbackRequest(callback_number="1", scheduled_routing_date_time=NOON),
]


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda one: type(one).__name__)
def test_a_payload_reads_back(request_: TelephonyRequest) -> None:
    request_.check()
    assert type(request_).from_payload({**request_.to_payload(), "later": 1}) == request_


BROKEN: list[tuple[TelephonyRequest, str, str]] = [
    (message(participant_id=" "), "participantId", "empty"),
    (message(message_id=""), "messageId", "empty"),
    (message(message_id="m" * 256), "messageId", "at most 255"),
    (message(content=" "), "content", "empty"),
    (message(start_time=NOON_MS // 1000), "startTime", "epoch milliseconds"),
    (message(end_time=NOON_MS * 1000), "endTime", "epoch milliseconds"),
    (message(end_time=NOON_MS - 1), "endTime", "startTime"),
    (message(sender_type=SenderType.HUMAN_AGENT), "participantId", "Salesforce user id"),
    (
        message(sender_type=SenderType.HUMAN_AGENT, participant_id="005ada"),
        "participantId",
        "Salesforce user id",
    ),
    (events(service=""), "service", "empty"),
    (RealtimeEventsRequest(service="Ours", events=()), "events", "one event"),
    (events(event(value="")), "events[0].value", "empty"),
    (events(event(value="very")), "events[0].value", "-1000"),
    (events(event(value="1000.01")), "events[0].value", "-1000"),
    (events(event(value="nan")), "events[0].value", "-1000"),
    (events(event(participant=None)), "events[0].participant", "sentiment"),
    (events(event(), event(score=-1.0)), "events[1].score", "between 0 and 1000"),
    (events(event(), event(start_time=NOON_MS - 1)), "events[1].startTime", "before"),
    (events(event(start_time=5)), "events[0].startTime", "epoch milliseconds"),
    (ExecuteFlowRequest(), "dialedNumber", "required without flowDevName"),
    (ExecuteFlowRequest(fallback_queue="x"), "dialedNumber", "required without flowDevName"),
    (ExecuteFlowRequest(dialed_number=""), "dialedNumber", "empty"),
    (ExecuteFlowRequest(dialed_number="1" * 41), "dialedNumber", "at most 40"),
    (ExecuteFlowRequest(flow_dev_name=""), "flowDevName", "empty"),
    (ExecuteFlowRequest(flow_dev_name="a", fallback_queue=""), "fallbackQueue", "empty"),
    (RouteVoiceCallRequest(routing_target=""), "routingTarget", "empty"),
    (RouteVoiceCallRequest(routing_target="a", fallback_queue=""), "fallbackQueue", "empty"),
    (RequestCallbackRequest(callback_number=""), "callbackNumber", "empty"),
    (RequestCallbackRequest(callback_number="1" * 41), "callbackNumber", "at most 40"),
    (
        RequestCallbackRequest(
            callback_number="1", scheduled_routing_date_time=datetime(2026, 1, 1)
        ),
        "scheduledRoutingDateTime",
        "time zone",
    ),
    (RequestCallbackRequest(callback_number="1", vendor_call_key=""), "vendorCallKey", "empty"),
]


@pytest.mark.parametrize(("request_", "field", "rule"), BROKEN)
def test_a_broken_request_names_field_and_rule(
    request_: TelephonyRequest, field: str, rule: str
) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        request_.check()
    assert caught.value.field == field
    assert rule in caught.value.rule
    assert SECRET not in caught.value.reason


def test_limits_themselves_are_allowed() -> None:
    message(end_time=NOON_MS, message_id="m" * 255).check()
    message(sender_type=SenderType.HUMAN_AGENT, participant_id=AGENT_ID[:15]).check()
    events(event(value="-1000", score=1000.0), event(value="1000", score=0.0)).check()
    ExecuteFlowRequest(dialed_number="1" * 40).check()
    ClearRoutingRequest().check()
