"""Status, configuration, contacts, wrap-up, messages and logs."""

from typing import Any

import pytest

from connector_py.entities import (
    AgentConfigChanged,
    AgentConfigResult,
    AgentState,
    AgentStateChanged,
    AgentStatus,
    AgentStatusInfo,
    AgentVendorStatusInfo,
    ContactsPage,
    ContactType,
    EndWrapUp,
    GenericResult,
    LogLevel,
    Phone,
    PhoneContactsResult,
    PhoneType,
    RefusalCode,
    SearchContacts,
    SendMessage,
    SetAgentConfig,
    SetAgentConfigResult,
    SetAgentStatus,
    WrapUpEnded,
    WrapUpStarted,
    to_wire,
)
from connector_py.errors import CommandTimeoutError
from tests.support.api_fakes import Page, open_page
from tests.support.builders import make_agent_snapshot, make_contact

INFO = {"statusId": "0N5xx0000004CSO", "statusApiName": "Avail", "statusName": "Available"}

# ---- status ----------------------------------------------------------------------------------


async def test_a_status_is_passed_on_whole() -> None:
    page = await open_page()
    page.link.answers(SetAgentStatus)
    assert await page.asks("setAgentStatus", "Online", INFO, True) == GenericResult(success=True)
    assert page.link.requests == [
        SetAgentStatus(
            agent_status=AgentStatus.ONLINE,
            status_info=AgentStatusInfo(
                status_id="0N5xx0000004CSO", status_api_name="Avail", status_name="Available"
            ),
            enqueue_next_state=True,
        )
    ]


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
    assert page.publisher.events == [("WRAP_UP_ENDED", {"callId": "call-1"})]


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


async def test_a_chosen_phone_keeps_the_devices_that_are_not_named() -> None:
    now = AgentConfigResult(
        phones=("DESK_PHONE", "SOFT_PHONE"), speaker_device_id="s1", microphone_device_id="m1"
    )
    page = await open_page(agent=make_agent_snapshot(agent_config=now))
    chosen = AgentConfigResult(
        phones=("DESK_PHONE", "SOFT_PHONE"),
        selected_phone=Phone(type=PhoneType.DESK_PHONE, number="+12025550101"),
        speaker_device_id="s2",
        microphone_device_id="m1",
    )
    page.link.answers(SetAgentConfig, AgentConfigChanged(agent_config=chosen))
    phone = {"type": "DESK_PHONE", "number": "+12025550101"}
    config = {"selectedPhone": phone, "speakerDeviceId": "s2", "isSystemEvent": True}
    assert await page.asks("setAgentConfig", config) == SetAgentConfigResult(success=True)
    assert page.link.requests == [SetAgentConfig(agent_config=chosen)]
    assert await page.asks("getAgentConfig") == chosen


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


async def test_a_search_in_the_phone_book() -> None:
    page = await open_page()
    found = ContactsPage(
        contacts=(make_contact(),), contact_types=(ContactType.PHONENUMBER,), total=7
    )
    page.link.answers(SearchContacts, result=to_wire(found))
    wanted = {"contains": "car", "types": ["AGENT", "QUEUE"], "limit": 5, "offset": 10}
    result = await page.asks("getPhoneContacts", wanted)
    assert type(result) is PhoneContactsResult
    assert result.contacts == (make_contact(),)
    assert result.contact_types == (ContactType.PHONENUMBER,)
    assert page.link.requests == [
        SearchContacts(contains="car", types=("AGENT", "QUEUE"), limit=5, offset=10)
    ]


@pytest.mark.parametrize("arguments", [(), (None,), ({},)])
async def test_a_search_without_a_filter(arguments: tuple[Any, ...]) -> None:
    page = await open_page()
    page.link.answers(SearchContacts, result={})
    assert await page.asks("getPhoneContacts", *arguments) == PhoneContactsResult()
    assert page.link.requests == [SearchContacts()]


@pytest.mark.parametrize("wanted", ["x", {"limit": "many"}, {"types": ["PET"]}])
async def test_a_filter_that_does_not_fit(wanted: Any) -> None:
    page = await open_page()
    assert await page.is_told("getPhoneContacts", wanted) == "CAN_NOT_GET_PHONE_CONTACTS"
    assert page.link.requests == []


@pytest.mark.parametrize("result", [None, "x", {"contacts": [{"type": "Neighbour"}]}])
async def test_an_answer_that_is_no_page_of_contacts(result: Any) -> None:
    page = await open_page()
    page.link.answers(SearchContacts, result=result)
    assert await page.is_told("getPhoneContacts", {}) == "CAN_NOT_GET_PHONE_CONTACTS"


# ---- wrap-up, messages, work, logs: they never fail (weakness B7) ------------------------------


async def test_wrap_up_of_the_call_that_is_named() -> None:
    page = await open_page(agent=make_agent_snapshot(wrap_up_call_id="call-1"))
    page.link.answers(EndWrapUp, WrapUpEnded(call_id="call-1"))
    assert await page.asks("wrapUpCall", {"callId": "call-1"}) is None
    assert page.link.requests == [EndWrapUp(call_id="call-1")]
    assert page.publisher.events == [("WRAP_UP_ENDED", {"callId": "call-1"})]


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


async def test_agent_work_is_logged_without_its_ids() -> None:
    page = await open_page()
    work = {"workItemId": "0WI", "workId": "0WO", "workEvent": "ASSIGNED"}
    assert await page.asks("onAgentWorkEvent", work) is None
    assert page.log.fields_of("agent_work") == [{"event": "ASSIGNED"}]


async def test_logs_are_offered_as_a_file() -> None:
    page = await open_page()
    assert await page.asks("downloadLogs", ["a\n", 5]) is None
    assert page.log.downloads == [["a\n", "5"]]


@pytest.mark.parametrize(
    ("level", "kept"),
    [("ERROR", LogLevel.ERROR), ("error", LogLevel.ERROR), ("INFO", LogLevel.INFO), (None, "INFO")],
)
async def test_of_salesforces_log_only_the_fact_is_kept(level: Any, kept: str) -> None:
    page = await open_page()
    await page.asks("logMessageToVendor", level, "Carla called", {"phoneNumber": "+12025550143"})
    assert page.log.entries == [(kept, "salesforce_log", {})]


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("wrapUpCall", [{"callId": "call-1"}]),
        ("wrapUpCall", ["call-1"]),
        ("handleMessage", ["hello"]),
        ("onAgentWorkEvent", [None]),
        ("onAgentWorkEvent", [{"workEvent": "DANCED"}]),
        ("downloadLogs", [None]),
        ("downloadLogs", []),
        ("logMessageToVendor", []),
    ],
)
async def test_methods_that_nobody_guards_only_log(method: str, arguments: list[Any]) -> None:
    page = await open_page()
    for command in (EndWrapUp, SendMessage):
        page.link.answers(command, fails=CommandTimeoutError("too late"))
    assert await page.asks(method, *arguments) is None
    assert [level for level, _, _ in page.log.entries] == [LogLevel.ERROR]
    assert page.log.fields_of("method_failed")[0]["method"] == method
    assert page.publisher.errors == []
