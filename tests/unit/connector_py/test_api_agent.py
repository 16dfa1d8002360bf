"""Status, configuration, contacts, wrap-up, messages and logs."""

from typing import Any

import pytest

from connector_py.entities import (
    AgentConfig,
    AgentConfigChanged,
    AgentConfigResult,
    AgentState,
    AgentStateChanged,
    AgentStatus,
    AgentStatusInfo,
    AgentVendorStatusInfo,
    AgentWork,
    AudioDevicesResult,
    ContactsPage,
    ContactsResult,
    ContactType,
    EndWrapUp,
    HidDevice,
    LogLevel,
    Phone,
    PhoneContactsResult,
    PhoneType,
    RefusalCode,
    ReportAgentWork,
    SearchContacts,
    SendMessage,
    SetAgentConfig,
    SetAgentConfigResult,
    SetAgentStateResult,
    SetAgentStatus,
    SharedCapabilitiesResult,
    SignedRecordingUrlResult,
    SignRecordingUrl,
    WorkEvent,
    WrapUpEnded,
    WrapUpStarted,
    to_wire,
)
from connector_py.errors import (
    CommandTimeoutError,
    ConnectorError,
    LinkDownError,
    MicrophoneNotSharedError,
    UnsupportedBrowserError,
)
from tests.support.api_fakes import Page, open_page
from tests.support.builders import make_agent_snapshot, make_contact

INFO = {"statusId": "0N5xx0000004CSO", "statusApiName": "Avail", "statusName": "Available"}

# ---- status ----------------------------------------------------------------------------------


async def test_a_status_is_passed_on_whole() -> None:
    page = await open_page()
    page.link.answers(SetAgentStatus)
    result = await page.asks("setAgentStatus", "Online", INFO, True)
    assert result == SetAgentStateResult(success=True, is_status_sync_needed=True)
    assert page.link.requests == [
        SetAgentStatus(
            agent_status=AgentStatus.ONLINE,
            status_info=AgentStatusInfo(
                status_id="0N5xx0000004CSO", status_api_name="Avail", status_name="Available"
            ),
            enqueue_next_state=True,
        )
    ]


@pytest.mark.parametrize(
    ("answer", "needed"),
    [({"isStatusSyncNeeded": False}, False), ({"isStatusSyncNeeded": True}, True), ({}, True)],
)
async def test_the_server_says_whether_salesforce_has_to_follow(answer: Any, needed: bool) -> None:
    page = await open_page()
    page.link.answers(SetAgentStatus, result=answer)
    result = await page.asks("setAgentStatus", "Online", INFO)
    assert result.is_status_sync_needed is needed


async def test_statuses_are_set_in_the_order_of_the_clicks() -> None:
    page = await open_page()
    gate = page.link.answers_late(SetAgentStatus)
    first = await page.starts_asking("setAgentStatus", "Offline", INFO)
    again = await page.starts_asking("setAgentStatus", "Offline", INFO)
    other = await page.starts_asking("setAgentStatus", "Online", INFO)
    assert len(page.link.requests) == 1
    gate.set()
    assert await first == await again == await other
    asked = [command.agent_status for command in page.link.requests]
    assert asked == [AgentStatus.OFFLINE, AgentStatus.ONLINE]


@pytest.mark.parametrize("arguments", [(), ({},), (None, None), ({}, False)])
async def test_a_status_without_information(arguments: tuple[Any, ...]) -> None:
    page = await open_page()
    page.link.answers(SetAgentStatus)
    await page.asks("setAgentStatus", "Offline", *arguments)
    assert page.link.requests == [SetAgentStatus(agent_status=AgentStatus.OFFLINE)]


@pytest.mark.parametrize(
    "arguments", [("Lunch",), (None,), (3,), ("Online", {"statusName": "x"}), ("Online", "x")]
)
async def test_a_status_that_is_none(arguments: tuple[Any, ...]) -> None:
    page = await open_page()
    assert await page.is_told("setAgentStatus", *arguments) == "INVALID_AGENT_STATUS"
    assert page.link.requests == []


@pytest.mark.parametrize(
    ("code", "constant"),
    [
        (RefusalCode.INVALID_AGENT_STATUS, "INVALID_AGENT_STATUS"),
        (RefusalCode.SWITCH_FAILED, "CAN_NOT_SET_AGENT_STATUS"),
    ],
)
async def test_a_status_that_is_refused(code: str, constant: str) -> None:
    page = await open_page()
    page.link.answers(SetAgentStatus, refuses=code)
    assert await page.is_told("setAgentStatus", "Online", INFO) == constant


async def test_a_status_that_ends_wrap_up_says_so_after_the_result() -> None:
    page = await open_page(agent=make_agent_snapshot(wrap_up_call_id="call-1"))
    page.link.answers(
        SetAgentStatus,
        WrapUpEnded(call_id="call-1"),
        AgentStateChanged(state=AgentState.AVAILABLE),
    )
    await page.api.dispatch("setAgentStatus", ["Online", INFO, False])
    assert page.publisher.events == []
    page.publisher.result_is_handed_over()
    ended = ("WRAP_UP_ENDED", {"callId": "call-1", "callStatus": "ended"})
    assert page.publisher.events == [ended]


async def test_the_agents_status() -> None:
    page = await open_page()
    assert await page.asks("getAgentStatus") == AgentVendorStatusInfo(status_type="available")
    info = AgentStatusInfo(status_id="0N5", status_name="Lunch")
    page.link.delivers(AgentStateChanged(state=AgentState.BUSY, status_info=info))
    assert await page.asks("getAgentStatus") == AgentVendorStatusInfo(
        status_id="0N5", status_type="busy", status_name="Lunch"
    )


async def test_the_agents_status_before_the_first_snapshot() -> None:
    assert await Page().is_told("getAgentStatus") == "CAN_NOT_GET_AGENT_STATUS"


# ---- configuration ---------------------------------------------------------------------------


async def test_what_the_agent_chose_is_passed_on_and_nothing_else() -> None:
    """What is not named stays as it was: that is for the server to know."""
    page = await open_page()
    chosen = AgentConfigResult(
        phones=("DESK_PHONE", "SOFT_PHONE"),
        selected_phone=Phone(type=PhoneType.DESK_PHONE, number="+12025550101"),
        speaker_device_id="s2",
        microphone_device_id="m1",
        hid_device_info=HidDevice(product_id=2, vendor_id=1),
    )
    page.link.answers(SetAgentConfig, AgentConfigChanged(agent_config=chosen))
    phone = {"type": "DESK_PHONE", "number": "+12025550101"}
    config = {
        "selectedPhone": phone,
        "speakerDeviceId": "s2",
        "hidDeviceInfo": {"productId": 2, "vendorId": 1},
    }
    assert await page.asks("setAgentConfig", config) == SetAgentConfigResult(success=True)
    assert page.link.requests == [
        SetAgentConfig(
            agent_config=AgentConfig(
                selected_phone=Phone(type=PhoneType.DESK_PHONE, number="+12025550101"),
                speaker_device_id="s2",
                hid_device_info=HidDevice(product_id=2, vendor_id=1),
            )
        )
    ]
    assert await page.asks("getAgentConfig") == chosen
    assert page.publisher.events == []


@pytest.mark.parametrize(
    ("given", "said"), [(True, True), (1, True), (False, False), (None, False)]
)
async def test_a_configuration_that_the_system_chose(given: Any, said: bool) -> None:
    page = await open_page()
    page.link.answers(SetAgentConfig)
    config = {"selectedPhone": {"type": "SOFT_PHONE"}, "isSystemEvent": given}
    result = await page.asks("setAgentConfig", config)
    assert result == SetAgentConfigResult(success=True, is_system_event=said)


@pytest.mark.parametrize("config", [None, {}, {"selectedPhone": {"type": "PAGER"}}, "x"])
async def test_a_configuration_that_does_not_fit(config: Any) -> None:
    page = await open_page()
    assert await page.is_told("setAgentConfig", config) == "CAN_NOT_SET_AGENT_CONFIG"
    assert page.link.requests == []


@pytest.mark.parametrize(
    ("code", "constant"),
    [
        (RefusalCode.INVALID_PHONE_NUMBER, "CAN_NOT_UPDATE_PHONE_NUMBER"),
        (RefusalCode.INVALID_REQUEST, "CAN_NOT_SET_AGENT_CONFIG"),
    ],
)
async def test_a_configuration_that_is_refused(code: str, constant: str) -> None:
    page = await open_page()
    page.link.answers(SetAgentConfig, refuses=code)
    config = {"selectedPhone": {"type": "DESK_PHONE", "number": "1"}}
    assert await page.is_told("setAgentConfig", config) == constant


# ---- contacts --------------------------------------------------------------------------------

SEARCHING = make_agent_snapshot(
    shared_capabilities=SharedCapabilitiesResult(has_contact_search=True)
)
SEARCHES = pytest.mark.parametrize(
    ("method", "result_class"),
    [("getPhoneContacts", PhoneContactsResult), ("getContacts", ContactsResult)],
)


@SEARCHES
async def test_a_search_in_the_phone_book(method: str, result_class: type) -> None:
    page = await open_page()
    found = ContactsPage(
        contacts=(make_contact(),), contact_types=(ContactType.PHONENUMBER,), total=7
    )
    page.link.answers(SearchContacts, result=to_wire(found))
    wanted = {"contains": "car", "types": ["AGENT", "QUEUE"], "limit": 5, "offset": 10}
    result = await page.asks(method, wanted)
    assert type(result) is result_class
    assert result.contacts == (make_contact(),)
    assert result.contact_types == (ContactType.PHONENUMBER,)
    assert page.link.requests == [
        SearchContacts(contains="car", types=("AGENT", "QUEUE"), limit=5, offset=10)
    ]


@SEARCHES
@pytest.mark.parametrize("arguments", [(), (None,), ({},)])
async def test_a_search_without_a_filter(
    method: str, result_class: type, arguments: tuple[Any, ...]
) -> None:
    page = await open_page(agent=SEARCHING)
    page.link.answers(SearchContacts, result={})
    assert await page.asks(method, *arguments) == result_class()
    assert page.link.requests == [SearchContacts()]


async def test_without_the_capability_salesforce_gets_as_much_as_it_keeps() -> None:
    """Guide chapter 13: it searches in the first 1000 itself."""
    page = await open_page()
    page.link.answers(SearchContacts, result={})
    await page.asks("getPhoneContacts")
    await page.asks("getPhoneContacts", {"limit": 7})
    assert [request.limit for request in page.link.requests] == [1000, 7]


async def test_a_search_for_a_work_item_finds_everybody() -> None:
    page = await open_page(agent=SEARCHING)
    page.link.answers(SearchContacts, result={})
    assert await page.asks("getContacts", {"contains": "ben"}, "0WI1") == ContactsResult()
    assert page.link.requests == [SearchContacts(contains="ben")]


@pytest.mark.parametrize("wanted", ["x", {"limit": "many"}, {"types": ["PET"]}])
async def test_a_filter_that_does_not_fit(wanted: Any) -> None:
    page = await open_page()
    assert await page.is_told("getPhoneContacts", wanted) == "CAN_NOT_GET_PHONE_CONTACTS"
    assert await page.is_told("getContacts", wanted) == "GENERIC_ERROR"
    assert page.link.requests == []


@pytest.mark.parametrize("result", [None, "x", {"contacts": [{"type": "Neighbour"}]}])
async def test_an_answer_that_is_no_page_of_contacts(result: Any) -> None:
    page = await open_page()
    page.link.answers(SearchContacts, result=result)
    assert await page.is_told("getPhoneContacts", {}) == "CAN_NOT_GET_PHONE_CONTACTS"


# ---- recordings, audio devices ---------------------------------------------------------------


async def test_a_recording_gets_a_short_lived_address() -> None:
    page = await open_page()
    signed = {"success": True, "url": "https://a.example/r?sig=1", "duration": 60}
    page.link.answers(SignRecordingUrl, result=signed)
    result = await page.asks("getSignedRecordingUrl", "https://a.example/r", "call-1", "0LQ1")
    assert page.link.requests == [
        SignRecordingUrl(
            recording_url="https://a.example/r", vendor_call_key="call-1", call_id="0LQ1"
        )
    ]
    assert result == SignedRecordingUrlResult(
        success=True, url="https://a.example/r?sig=1", duration=60, call_id="0LQ1"
    )


@pytest.mark.parametrize(
    ("arguments", "command", "call_id"),
    [
        ((None, "call-1"), SignRecordingUrl(vendor_call_key="call-1"), "call-1"),
        (("", "", "0LQ1"), SignRecordingUrl(call_id="0LQ1"), "0LQ1"),
    ],
)
async def test_one_name_of_a_recording_is_enough(
    arguments: tuple[Any, ...], command: SignRecordingUrl, call_id: str
) -> None:
    page = await open_page()
    page.link.answers(SignRecordingUrl, result={"success": True, "url": "https://a.example/r"})
    assert (await page.asks("getSignedRecordingUrl", *arguments)).call_id == call_id
    assert page.link.requests == [command]


@pytest.mark.parametrize("arguments", [(), (None, None, None), ("", "", ""), (5,)])
async def test_a_recording_that_nobody_named(arguments: tuple[Any, ...]) -> None:
    page = await open_page()
    told = await page.is_told("getSignedRecordingUrl", *arguments)
    assert told == "CAN_NOT_GET_SIGNED_RECORDING_URL"
    assert page.link.requests == []


@pytest.mark.parametrize("result", [None, "x", {"success": True}])
async def test_an_answer_that_is_no_address(result: Any) -> None:
    page = await open_page()
    page.link.answers(SignRecordingUrl, result=result)
    told = await page.is_told("getSignedRecordingUrl", "https://a.example/r")
    assert told == "CAN_NOT_GET_SIGNED_RECORDING_URL"


async def test_audio_devices_are_those_of_the_machine() -> None:
    page = await open_page()
    page.audio.devices = [{"deviceId": "m1", "kind": "audioinput", "label": "Microphone"}]
    result = await page.asks("getAudioDevices")
    assert result == AudioDevicesResult(audio_devices=tuple(page.audio.devices))
    assert page.link.requests == []


async def test_a_browser_that_does_not_tell_its_devices() -> None:
    page = await open_page()
    page.audio.fails(LinkDownError("not allowed"))
    assert await page.is_told("getAudioDevices") == "CAN_NOT_GET_AUDIO_DEVICES"
    assert page.publisher.errors == []


@pytest.mark.parametrize(
    ("failure", "constant"),
    [
        (MicrophoneNotSharedError("no"), "MICROPHONE_NOT_SHARED"),
        (UnsupportedBrowserError("no"), "UNSUPPORTED_BROWSER"),
    ],
)
async def test_a_softphone_that_cannot_hear_says_so_besides(
    failure: ConnectorError, constant: str
) -> None:
    page = await open_page()
    page.audio.fails(failure)
    assert await page.is_told("getAudioDevices") == "CAN_NOT_GET_AUDIO_DEVICES"
    ((event_type, error),) = page.publisher.errors
    assert (event_type, error.error_type) == ("SOFTPHONE_ERROR", constant)


# ---- wrap-up, messages, work, logs: they never fail (weakness B7) ------------------------------


async def test_wrap_up_of_the_call_that_is_named() -> None:
    page = await open_page(agent=make_agent_snapshot(wrap_up_call_id="call-1"))
    page.link.answers(EndWrapUp, WrapUpEnded(call_id="call-1"))
    assert await page.asks("wrapUpCall", {"callId": "call-1"}) is None
    assert page.link.requests == [EndWrapUp(call_id="call-1")]
    ended = ("WRAP_UP_ENDED", {"callId": "call-1", "callStatus": "ended"})
    assert page.publisher.events == [ended]


async def test_wrap_up_without_a_name_is_of_the_call_that_is_being_wrapped_up() -> None:
    page = await open_page()
    page.link.delivers(WrapUpStarted(call_id="call-4"))
    page.link.answers(EndWrapUp)
    await page.asks("wrapUpCall", None)
    assert page.link.requests == [EndWrapUp(call_id="call-4")]


async def test_wrap_up_when_nothing_is_being_wrapped_up() -> None:
    page = await open_page()
    assert await page.asks("wrapUpCall") is None
    assert await Page().asks("wrapUpCall", {}) is None
    assert page.link.requests == []


@pytest.mark.parametrize("message", [{"a": [1, None]}, "text", None, 5])
async def test_a_message_is_passed_on(message: Any) -> None:
    page = await open_page()
    page.link.answers(SendMessage)
    assert await page.asks("handleMessage", message) is None
    assert page.link.requests == [SendMessage(message=message)]


async def test_agent_work_is_passed_on_and_logged_without_its_ids() -> None:
    page = await open_page()
    page.link.answers(ReportAgentWork)
    work = {"workItemId": "0WI", "workId": "0WO", "workEvent": "ASSIGNED"}
    assert await page.asks("onAgentWorkEvent", work) is None
    assert page.link.requests == [
        ReportAgentWork(
            agent_work=AgentWork(work_event=WorkEvent.ASSIGNED, work_item_id="0WI", work_id="0WO")
        )
    ]
    assert page.log.fields_of("agent_work") == [{"event": "ASSIGNED"}]


async def test_logs_are_offered_as_a_file_without_personal_data() -> None:
    page = await open_page()
    line = '2026-03-02T09:00:31.120Z|INFO|SYSTEM|{"phoneNumber":"+12025550143","callId":"c1"}\n'
    assert await page.asks("downloadLogs", [line, 5]) is None
    ((first, second),) = page.log.downloads
    assert "12025550143" not in first
    assert '"callId":"c1"' in first
    assert second == "5"


@pytest.mark.parametrize(
    ("level", "kept"), [("ERROR", "ERROR"), ("error", "ERROR"), ("INFO", "INFO"), (None, "")]
)
async def test_of_salesforces_log_a_message_without_personal_data_is_kept(
    level: Any, kept: str
) -> None:
    page = await open_page()
    message = "+1 202 555 0143 called, token=abc"
    await page.asks("logMessageToVendor", level, message, {"phoneNumber": "+12025550143"})
    ((written, event, fields),) = page.log.entries
    # Our errors go to Salesforce's log: its own would come back for ever.
    assert (written, event, fields["level"]) == (LogLevel.INFO, "salesforce_log", kept)
    assert "called" in fields["message"]
    assert "555" not in str(fields)
    assert "abc" not in str(fields)


async def test_a_long_log_is_made_ready_while_other_things_go_on() -> None:
    page = await open_page()
    done = await page.starts_asking("downloadLogs", ["line"] * 100_000)
    assert not done.done()
    await done
    ((lines,),) = (page.log.downloads,)
    assert len(lines) == 100_000


async def test_a_long_message_of_salesforces_log_is_cut() -> None:
    page = await open_page()
    await page.asks("logMessageToVendor", "INFO", "word " * 1000)
    (fields,) = page.log.fields_of("salesforce_log")
    assert len(fields["message"]) == 500


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("wrapUpCall", [{"callId": "call-1"}]),
        ("wrapUpCall", ["call-1"]),
        ("handleMessage", ["hello"]),
        ("onAgentWorkEvent", [None]),
        ("onAgentWorkEvent", [{"workEvent": "DANCED"}]),
        ("onAgentWorkEvent", [{"workEvent": "CLOSED"}]),
        ("downloadLogs", [None]),
        ("downloadLogs", []),
        ("logMessageToVendor", []),
    ],
)
async def test_methods_that_nobody_guards_only_log(method: str, arguments: list[Any]) -> None:
    page = await open_page()
    for command in (EndWrapUp, SendMessage, ReportAgentWork):
        page.link.answers(command, fails=CommandTimeoutError("too late"))
    assert await page.asks(method, *arguments) is None
    failures = [event for level, event, _ in page.log.entries if level is LogLevel.ERROR]
    assert failures == ["method_failed"]
    assert page.log.fields_of("method_failed")[0]["method"] == method
    assert page.publisher.errors == []
