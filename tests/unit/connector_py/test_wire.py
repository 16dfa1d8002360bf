from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from connector_py.entities import (
    AgentConfigResult,
    AgentSnapshot,
    AgentStatusInfo,
    AgentWork,
    CallInfo,
    CallResult,
    CallType,
    Contact,
    ContactsFilter,
    ContactsFilterType,
    ContactType,
    Dial,
    HoldToggleResult,
    MessageReceived,
    Phone,
    PhoneCall,
    PhoneCallAttributes,
    PhoneType,
    SendMessage,
    SignedRecordingUrlResult,
    StateChangeResult,
    SupervisedCallInfo,
    WorkEvent,
    from_wire,
    to_tagged,
    to_wire,
)
from connector_py.entities.wire import wire_name_of
from connector_py.errors import ValidationError
from tests.support.builders import START, make_call_snapshot, make_phone_call

NAIVE = datetime(2024, 5, 6)


def test_names_on_the_wire() -> None:
    assert wire_name_of("call_state_timestamp") == "callStateTimestamp"
    assert wire_name_of("to") == "to"
    assert wire_name_of("from_") == "from"
    assert wire_name_of("new_vendor_state_info") == "newVendorStateInfo"


def test_writing() -> None:
    call = PhoneCall(
        call_id="c1",
        call_type=CallType.ADD_PARTICIPANT,
        contact=Contact(endpoint_arn="arn:x"),
        agent_arn="arn:y",
        call_attributes=PhoneCallAttributes(),
    )
    assert to_wire(CallResult(call=call)) == {
        "call": {
            "callId": "c1",
            "connectionId": "c1",
            "callType": "AddParticipant",
            "contact": {"endpointARN": "arn:x"},
            "toContact": {"endpointARN": "arn:x"},
            "agentARN": "arn:y",
            "callAttributes": {
                "dialerType": "None",
                "hasSupervisorBargedIn": False,
                "isAutoMergeOn": False,
                "isConsultCall": False,
            },
        }
    }


def test_times_are_utc_with_milliseconds() -> None:
    east = timezone(timedelta(hours=2))
    assert to_wire(datetime(2024, 5, 6, 1, 2, 3, 4999, tzinfo=east)) == "2024-05-05T23:02:03.004Z"
    assert to_wire(datetime(2024, 5, 6, tzinfo=UTC)) == "2024-05-06T00:00:00.000Z"


def test_maps_and_lists_are_kept() -> None:
    call = PhoneCall(call_id="c1")
    written = to_wire(HoldToggleResult(calls={"c1": call}))
    assert written == {"calls": {"c1": {"callId": "c1", "connectionId": "c1"}}}
    assert to_wire((1, [None, {"a": ("x", True, 1.5)}])) == [1, [None, {"a": ["x", True, 1.5]}]]


@pytest.mark.parametrize("value", [object(), float("nan"), b"x", {1, 2}, NAIVE, CallInfo])
def test_what_json_cannot_hold(value: object) -> None:
    with pytest.raises(ValidationError):
        to_wire({"x": [value]})


def test_tags_for_the_bridge() -> None:
    call = PhoneCall(call_id="c1", call_info=CallInfo(call_state_timestamp=START))
    tagged = to_tagged(CallResult(call=call))
    assert tagged["$class"] == "CallResult"
    assert tagged["call"]["$class"] == "PhoneCall"
    assert tagged["call"]["callInfo"]["$class"] == "CallInfo"
    assert tagged["call"]["callInfo"]["callStateTimestamp"] == {"$date": "2024-05-06T07:08:09.123Z"}
    assert to_tagged(None) is None
    assert to_tagged({"callId": "c1"}) == {"callId": "c1"}


def test_what_is_not_the_vendor_s_carries_no_tag() -> None:
    tagged = to_tagged(make_call_snapshot())
    assert "$class" not in tagged
    assert tagged["startedAt"] == {"$date": "2024-05-06T07:08:09.123Z"}
    assert tagged["callInfo"]["$class"] == "CallInfo"


def test_reading() -> None:
    call = make_phone_call()
    assert from_wire(PhoneCall, to_wire(call)) == call


def test_unknown_keys_are_ignored_and_null_is_not_given() -> None:
    data = {"isMuted": None, "isReplayable": False, "parentCallId": "x", "queueId": None}
    assert from_wire(CallInfo, data) == CallInfo(is_replayable=False)


@pytest.mark.parametrize("text", ["Inbound", "inbound", "INBOUND"])
def test_values_of_enumerations_in_any_case(text: str) -> None:
    assert from_wire(PhoneCall, {"callType": text}).call_type is CallType.INBOUND


@pytest.mark.parametrize("text", ["preInboundpost", "In", "", 1, ["Inbound"]])
def test_but_nothing_else(text: object) -> None:
    with pytest.raises(ValidationError, match="callType: expected one of Inbound, Outbound"):
        from_wire(PhoneCall, {"callType": text})


def test_every_item_of_a_filter_is_looked_at() -> None:
    read = from_wire(ContactsFilter, {"types": ["agent", "QUEUE"], "limit": 10})
    assert read.types == (ContactsFilterType.AGENT, ContactsFilterType.QUEUE)
    with pytest.raises(ValidationError, match=r"^types\[1\]: expected one of AGENT"):
        from_wire(ContactsFilter, {"types": ["AGENT", "BOGUS"]})


@pytest.mark.parametrize(
    ("cls", "data", "field", "value"),
    [
        (CallResult, {"call": {"callInfo": {"isMuted": "yes"}}}, "call.callInfo.isMuted", "yes"),
        (CallResult, {"call": 5}, "call", 5),
        (CallResult, "x", "CallResult", "x"),
        (CallResult, None, "CallResult", None),
        (HoldToggleResult, {"calls": [{}, {"callId": 1}]}, "calls[1].callId", 1),
        (HoldToggleResult, {"calls": {"c1": {"callId": 1}}}, "calls.c1.callId", 1),
        (HoldToggleResult, {"calls": "c1"}, "calls", "c1"),
        (AgentConfigResult, {"phones": [{"type": "PHONE"}]}, "phones[0].type", "PHONE"),
        (AgentConfigResult, {"phones": {}}, "phones", {}),
        (AgentWork, {"workId": "w"}, "workEvent", None),
        (AgentStatusInfo, {"statusId": ""}, "statusId", ""),
        (
            StateChangeResult,
            {"newVendorStateInfo": {}},
            "newVendorStateInfo.statusName",
            None,
        ),
        (SignedRecordingUrlResult, {"success": True, "url": "u"}, "callId", None),
        (SignedRecordingUrlResult, {"success": False, "duration": "3"}, "duration", "3"),
        (SupervisedCallInfo, {"callId": "c", "from": 5}, "from", 5),
        (Dial, {"contact": {"phoneNumber": "\ud800"}}, "contact.phoneNumber", "\ud800"),
        (ContactsFilter, {"limit": 2**53}, "limit", 2**53),
        (ContactsFilter, {"limit": True}, "limit", True),
        (ContactsFilter, {"limit": 1.5}, "limit", 1.5),
        (CallInfo, {"queueTimestamp": 5}, "queueTimestamp", 5),
        (CallInfo, {"queueTimestamp": "soon"}, "queueTimestamp", "soon"),
        (CallInfo, {"queueTimestamp": "2024-05-06T00:00:00"}, "queueTimestamp", None),
        (CallInfo, {"queueTimestamp": "0001-01-01T00:00:00+23:59"}, "queueTimestamp", None),
        (AgentSnapshot, {"agentId": "a", "userName": "u"}, "fullName", None),
    ],
)
def test_errors_name_the_whole_path(
    cls: type[Any], data: object, field: str, value: object
) -> None:
    with pytest.raises(ValidationError) as caught:
        from_wire(cls, data)
    assert caught.value.field == field
    if value is not None:
        assert caught.value.value == value


def test_a_path_before_it_all() -> None:
    with pytest.raises(ValidationError, match=r"^args\.call\.state: "):
        from_wire(CallResult, {"call": {"state": 1}}, path="args")
    with pytest.raises(ValidationError, match=r"^args: expected a CallResult, got 1$"):
        from_wire(CallResult, 1, path="args")


def test_text_beyond_ascii() -> None:
    assert from_wire(Contact, {"name": "Zoë 😀"}).name == "Zoë 😀"


def test_times_with_any_offset_are_read_as_utc() -> None:
    read = from_wire(CallInfo, {"queueTimestamp": "2024-05-06T02:00:00.5+02:00"})
    assert read.queue_timestamp == datetime(2024, 5, 6, 0, 0, 0, 500_000, tzinfo=UTC)
    assert read.queue_timestamp is not None
    assert read.queue_timestamp.tzinfo is UTC


def test_members_of_unions() -> None:
    read = from_wire(AgentConfigResult, {"phones": ["SOFT_PHONE", {"type": "desk_phone"}]})
    assert read.phones == ("SOFT_PHONE", Phone(type=PhoneType.DESK_PHONE))
    call = PhoneCall(call_id="c1")
    wire_call = {"callId": "c1"}
    assert from_wire(HoldToggleResult, {"calls": [wire_call]}).calls == (call,)
    assert from_wire(HoldToggleResult, {"calls": {"c1": wire_call}}).calls == {"c1": call}


def test_anything_stays_as_it_is() -> None:
    message = {"a": [1, None, {"b_c": 2}]}
    assert from_wire(MessageReceived, {"message": message}).message == message
    assert from_wire(SendMessage, {"message": None}) == SendMessage(message=None)
    assert from_wire(SendMessage, {}) == SendMessage(message=None)


def test_contact_type_in_lower_case_keeps_the_availability() -> None:
    contact = from_wire(Contact, {"type": "agent", "availability": "busy"})
    assert contact.type is ContactType.AGENT
    assert contact.availability is not None


def test_work_event() -> None:
    assert from_wire(AgentWork, {"workEvent": "CLOSED"}).work_event is WorkEvent.CLOSED


@dataclass(frozen=True, kw_only=True)
class Counts:
    by_name: Mapping[str, int]


def test_maps_alone() -> None:
    assert from_wire(Counts, {"byName": {"a": 1}}) == Counts(by_name={"a": 1})
    for wrong, field in (([], "byName"), ({"a": "x"}, "byName.a"), (None, "byName")):
        with pytest.raises(ValidationError) as caught:
            from_wire(Counts, {"byName": wrong})
        assert caught.value.field == field
