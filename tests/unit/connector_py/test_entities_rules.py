"""Rules of the vendor's classes beyond their fields' types."""

from typing import Any

import pytest

from connector_py.entities import (
    ACWInfo,
    AgentAvailability,
    AgentConfigResult,
    AgentStatusInfo,
    AgentVendorStatusInfo,
    CallInfo,
    Contact,
    ContactType,
    HangupResult,
    HoldToggleResult,
    InitResult,
    ParticipantResult,
    Phone,
    PhoneCall,
    PhoneType,
    SignedRecordingUrlResult,
    StateChangeResult,
    StatsInfo,
    SupervisedCallInfo,
)
from connector_py.errors import ValidationError
from tests.support.builders import make_contact, make_phone_call


def test_connection_id_is_the_call_id_by_default() -> None:
    assert PhoneCall(call_id="c1").connection_id == "c1"
    assert PhoneCall(call_id="c1", connection_id="k1").connection_id == "k1"
    assert PhoneCall().connection_id is None
    assert SupervisedCallInfo(call_id="c1").connection_id == "c1"
    assert SupervisedCallInfo(call_id="c1", connection_id="k1").connection_id == "k1"
    result = ParticipantResult(initial_call_has_ended=False, call_info=CallInfo(), call_id="c1")
    assert result.connection_id == "c1"
    result = ParticipantResult(
        initial_call_has_ended=False, call_info=CallInfo(), call_id="c1", connection_id="k1"
    )
    assert result.connection_id == "k1"


def test_to_contact_is_the_contact_by_default() -> None:
    ada, ben = Contact(name="Ada"), Contact(name="Ben")
    assert PhoneCall(contact=ada).to_contact is ada
    assert PhoneCall(contact=ada, to_contact=ben).to_contact is ben


@pytest.mark.parametrize("contact_type", [None, *ContactType])
def test_availability_is_kept_for_agents_only(contact_type: ContactType | None) -> None:
    contact = Contact(type=contact_type, availability=AgentAvailability.BUSY)
    kept = AgentAvailability.BUSY if contact_type is ContactType.AGENT else None
    assert contact.availability is kept


def test_no_silent_login_beside_the_login_page() -> None:
    assert InitResult(is_silent_login=True).is_silent_login
    assert not InitResult(is_silent_login=True, show_login=True).is_silent_login


def test_a_single_call_becomes_a_list() -> None:
    call: Any = make_phone_call()
    assert HangupResult(calls=call).calls == (call,)
    assert HangupResult(calls=(call,)).calls == (call,)


def test_a_list_becomes_a_tuple() -> None:
    contacts: Any = [make_phone_call()]
    assert HangupResult(calls=contacts).calls == tuple(contacts)


def test_hold_takes_calls_as_list_or_by_id() -> None:
    call = make_phone_call()
    assert HoldToggleResult(calls=(call,)).calls == (call,)
    assert HoldToggleResult(calls={"c1": call}).calls == {"c1": call}
    assert HoldToggleResult().calls is None


@pytest.mark.parametrize("calls", [("c1",), {"c1": "call"}, "c1", [1]])
def test_hold_takes_nothing_else_as_calls(calls: Any) -> None:
    with pytest.raises(ValidationError, match=r"^calls: expected a list of a PhoneCall or a map"):
        HoldToggleResult(calls=calls)


def test_a_recording_that_exists_has_an_address_and_a_call() -> None:
    assert SignedRecordingUrlResult(success=False).url is None
    SignedRecordingUrlResult(success=True, url="https://x", call_id="c1", duration=2.5)
    with pytest.raises(ValidationError, match="url: expected text"):
        SignedRecordingUrlResult(success=True, call_id="c1")
    with pytest.raises(ValidationError, match="call_id: expected text"):
        SignedRecordingUrlResult(success=True, url="https://x")


def test_a_new_state_has_a_name() -> None:
    StateChangeResult(new_vendor_state_info=AgentVendorStatusInfo(status_name="Away"))
    with pytest.raises(ValidationError, match=r"new_vendor_state_info\.status_name"):
        StateChangeResult(new_vendor_state_info=AgentVendorStatusInfo())


def test_ids_that_must_not_be_empty() -> None:
    with pytest.raises(ValidationError, match="status_id"):
        AgentStatusInfo(status_id="")
    with pytest.raises(ValidationError, match="call_id"):
        SupervisedCallInfo(call_id="")
    with pytest.raises(ValidationError, match="agent_work_id or work_item_id"):
        ACWInfo()
    assert ACWInfo(work_item_id="w").work_item_id == "w"
    assert ACWInfo(agent_work_id="a").agent_work_id == "a"


def test_missing_or_negative_measurements_count_as_zero() -> None:
    missing: Any = None
    stats = StatsInfo(packets_count=-1, packets_lost=missing, jitter_buffer_millis=2.5)
    assert (stats.packets_count, stats.packets_lost, stats.jitter_buffer_millis) == (0, 0, 2.5)
    wrong: Any = "7"
    with pytest.raises(ValidationError, match="packets_lost: expected a number"):
        StatsInfo(packets_lost=wrong)


def test_phones_may_be_types_or_phones() -> None:
    phone = Phone(type=PhoneType.DESK_PHONE, number="+12025550100")
    assert AgentConfigResult(phones=(phone, "SOFT_PHONE")).phones == (phone, "SOFT_PHONE")
    assert AgentConfigResult().phones == ("SOFT_PHONE",)
    assert AgentConfigResult().selected_phone == Phone(type=PhoneType.SOFT_PHONE)


@pytest.mark.parametrize(
    ("make", "field", "expected"),
    [
        (lambda value: CallInfo(is_muted=value), "is_muted", "true or false"),
        (lambda value: CallInfo(is_on_hold=value), "is_on_hold", "true or false or nothing"),
        (
            lambda value: CallInfo(call_state_timestamp=value),
            "call_state_timestamp",
            "a time with its time zone or nothing",
        ),
        (lambda value: Phone(type=value), "type", "one of DESK_PHONE, SOFT_PHONE"),
        (lambda value: PhoneCall(contact=value), "contact", "a Contact or nothing"),
        (lambda value: InitResult(login_frame_height=value), "login_frame_height", "a number"),
        (lambda value: HangupResult(calls=value), "calls", "a list of a PhoneCall"),
    ],
)
def test_a_wrong_value_is_named(make: Any, field: str, expected: str) -> None:
    with pytest.raises(ValidationError) as caught:
        make("SOFT_PHONE_2")
    assert (caught.value.field, caught.value.value) == (field, "SOFT_PHONE_2")
    assert caught.value.expected == expected


def test_builders_make_valid_entities() -> None:
    assert make_phone_call().contact == make_contact()
