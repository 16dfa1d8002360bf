"""From Salesforce's configuration to a connected page, and how it ends again."""

import asyncio
import json
from typing import Any

import pytest

from connector_py.api import AgentIdentity, LinkEnd
from connector_py.entities import (
    AgentConfigResult,
    GenericResult,
    InitResult,
    LogLevel,
    LogOut,
    LogoutResult,
    PresenceStatus,
    RefusalCode,
    ReportPresenceStatuses,
    SharedCapabilitiesResult,
    ShowStorageAccessResult,
    VoiceCapabilitiesResult,
)
from connector_py.errors import LinkDownError, SignInRequiredError
from tests.support.api_fakes import CONFIG, Page, open_page, settled
from tests.support.builders import (
    make_agent_snapshot,
    make_call_snapshot,
    make_connected_call_snapshot,
)

ADA = AgentIdentity(
    organization_id="00D000000000001AAA",
    user_name="ada@demo.example",
    user_id="005000000000001AAA",
    user_full_name="Ada Agent",
    call_center_name="Demo_Center",
)


async def test_init_opens_the_link_as_the_agent_of_the_configuration() -> None:
    page = Page()
    assert await page.asks("init", {**CONFIG, "scrtUrl": "https://x", "userPresenceStatuses": "{}"})
    assert page.link.identities == [ADA]
    assert page.publisher.events == []


async def test_init_without_a_wish_for_the_login_page_makes_salesforce_ready() -> None:
    assert await Page().asks("init", CONFIG) == InitResult(show_login=False, is_silent_login=False)


async def test_only_organization_and_user_name_are_needed() -> None:
    page = Page()
    few = {"organizationId": "00D1", "userName": "ada", "userId": "", "userFullName": 7}
    await page.asks("init", few)
    assert page.link.identities == [AgentIdentity(organization_id="00D1", user_name="ada")]


@pytest.mark.parametrize(
    "config",
    [
        {**CONFIG, "organizationId": ""},
        {**CONFIG, "userName": None},
        {**CONFIG, "userName": 5},
        {},
    ],
)
async def test_a_configuration_without_the_agent(config: dict[str, Any]) -> None:
    page = Page()
    assert await page.is_told("init", config) == "INVALID_PARAMS"
    assert page.link.identities == []


async def test_a_server_that_is_not_reached() -> None:
    page = Page()
    page.link.refuses_to_open(LinkDownError("no server"))
    assert await page.is_told("init", CONFIG) == "CAN_NOT_LOG_IN"


async def test_what_salesforce_reads_when_the_page_is_ready() -> None:
    config = AgentConfigResult(speaker_device_id="speaker-1")
    shared = SharedCapabilitiesResult(has_contact_search=True)
    voice = VoiceCapabilitiesResult(has_mute=True)
    agent = make_agent_snapshot(
        agent_config=config, shared_capabilities=shared, voice_capabilities=voice
    )
    page = await open_page(make_call_snapshot(), agent=agent)
    assert await page.asks("getTelephonyConnector") is None
    assert await page.asks("getAgentConfig") == config
    assert await page.asks("getSharedCapabilities") == shared
    assert await page.asks("getVoiceCapabilities") == voice
    assert await page.sees_calls() == [("call-1", "ringing")]


async def test_the_first_snapshot_is_no_news() -> None:
    """Salesforce asks for active calls itself."""
    page = await open_page(make_connected_call_snapshot())
    assert page.publisher.events == []
    assert await page.sees_calls() == [("call-1", "connected")]


async def test_active_calls_before_the_first_snapshot_are_none() -> None:
    assert await Page().sees_calls() == []


# ---- presence statuses (guide chapter 12) ------------------------------------------------------

STATUSES = {
    "0": {"statusName": "Offline", "hasChannels": "false", "isOffline": "true", "statusId": "0"},
    "0N5xx0000004CSO": {
        "statusName": "Available",
        "hasChannels": "true",
        "isOffline": "false",
        "statusId": "0N5xx0000004CSO",
    },
    "0N5xx0000004D56": {"statusName": "Away", "hasChannels": False},
}
READ = (
    PresenceStatus(status_id="0", status_name="Offline", is_offline=True),
    PresenceStatus(status_id="0N5xx0000004CSO", status_name="Available", has_channels=True),
    PresenceStatus(status_id="0N5xx0000004D56", status_name="Away"),
)


@pytest.mark.parametrize("given", [json.dumps(STATUSES), STATUSES], ids=["text", "read"])
async def test_the_statuses_are_reported_once_the_link_is_open(given: Any) -> None:
    page = Page()
    page.link.answers(ReportPresenceStatuses)
    assert await page.asks("init", {**CONFIG, "userPresenceStatuses": given}) == InitResult()
    await settled()
    assert page.link.requests == [ReportPresenceStatuses(statuses=READ)]
    assert page.log.entries == []


@pytest.mark.parametrize("given", [None, "", "{}", {}])
async def test_without_statuses_nothing_is_reported(given: Any) -> None:
    page = Page()
    await page.asks("init", {**CONFIG, "userPresenceStatuses": given})
    await settled()
    assert page.link.requests == []
    assert page.log.entries == []


@pytest.mark.parametrize(
    "given",
    [
        "{",
        "[]",
        "5",
        5,
        '{"0N5": "Available"}',
        '{"0N5": {"statusName": ""}}',
        '{"0N5": {"statusName": 5}}',
    ],
)
async def test_statuses_that_cannot_be_read_are_logged_and_nothing_else(given: Any) -> None:
    page = Page()
    assert await page.asks("init", {**CONFIG, "userPresenceStatuses": given}) == InitResult()
    await settled()
    assert page.link.requests == []
    ((level, event, fields),) = page.log.entries
    assert (level, event) == (LogLevel.ERROR, "presence_statuses_unreadable")
    assert str(fields["field"]).startswith("connectorConfig.userPresenceStatuses")


async def test_statuses_that_the_server_does_not_take_are_logged() -> None:
    page = Page()
    page.link.answers(ReportPresenceStatuses, refuses=RefusalCode.INVALID_REQUEST)
    assert await page.asks("init", {**CONFIG, "userPresenceStatuses": STATUSES}) == InitResult()
    await settled()
    assert page.log.fields_of("presence_statuses_not_reported") == [{"code": "invalid_request"}]


async def test_the_start_does_not_wait_for_the_statuses() -> None:
    page = Page()
    gate = page.link.answers_late(ReportPresenceStatuses)
    await page.asks("init", {**CONFIG, "userPresenceStatuses": STATUSES})
    assert await page.asks("getAgentConfig")
    gate.set()
    await settled()


async def test_who_signs_in_later_reports_them_then() -> None:
    page = Page()
    page.link.answers(ReportPresenceStatuses)
    page.link.refuses_to_open(SignInRequiredError())
    await page.asks("init", {**CONFIG, "userPresenceStatuses": STATUSES})
    await settled()
    assert page.link.requests == []
    page.link.lets_in()
    await page.api.signed_in()
    await settled()
    assert page.link.requests == [ReportPresenceStatuses(statuses=READ)]


# ---- silent login, storage access --------------------------------------------------------------


async def test_a_sign_in_that_goes_on_by_itself_shows_no_login() -> None:
    page = Page()
    page.link.refuses_to_open(SignInRequiredError(is_silent=True))
    result = await page.asks("init", CONFIG)
    assert result == InitResult(is_silent_login=True)
    page.link.lets_in()
    await page.api.signed_in()
    assert page.publisher.events == [("LOGIN_RESULT", GenericResult(success=True))]


@pytest.mark.parametrize("is_silent", [False, True])
async def test_a_browser_that_keeps_no_sign_in_is_asked_first(is_silent: bool) -> None:
    page = Page()
    page.link.refuses_to_open(SignInRequiredError(is_silent=is_silent))
    page.storage.is_free = False
    assert await page.asks("init", CONFIG) == InitResult(show_storage_access=True)


async def test_who_is_signed_in_is_not_asked_about_storage() -> None:
    page = Page()
    page.storage.is_free = False
    assert await page.asks("init", CONFIG) == InitResult()


async def test_a_browser_that_does_not_say_shows_the_login() -> None:
    page = Page()
    page.link.refuses_to_open(SignInRequiredError())
    page.storage.fails(LinkDownError("no answer"))
    assert await page.asks("init", CONFIG) == InitResult(show_login=True)
    assert page.log.fields_of("storage_access_unknown") == [{"code": "link_down"}]


async def page_that_asks_for_storage() -> Page:
    page = Page()
    page.link.refuses_to_open(SignInRequiredError())
    page.storage.is_free = False
    await page.asks("init", CONFIG)
    return page


async def test_with_the_storage_comes_the_sign_in_that_was_there() -> None:
    page = await page_that_asks_for_storage()
    page.link.lets_in()
    await page.api.storage_access_decided(True)
    assert page.publisher.events == [
        ("STORAGE_ACCESS_RESULT", ShowStorageAccessResult(success=True, show_login=False))
    ]
    assert await page.asks("getAgentConfig")


async def test_with_the_storage_the_login_may_still_be_needed() -> None:
    page = await page_that_asks_for_storage()
    await page.api.storage_access_decided(True)
    assert page.publisher.events == [
        ("STORAGE_ACCESS_RESULT", ShowStorageAccessResult(success=True, show_login=True))
    ]
    page.link.lets_in()
    await page.api.signed_in()
    assert page.publisher.types == ["STORAGE_ACCESS_RESULT", "LOGIN_RESULT"]


async def test_a_server_that_is_gone_after_the_storage_was_granted() -> None:
    page = await page_that_asks_for_storage()
    error = LinkDownError("no server")
    page.link.refuses_to_open(error)
    await page.api.storage_access_decided(True)
    assert page.publisher.types == ["STORAGE_ACCESS_RESULT"]
    assert page.publisher.events[0][1].success is False
    assert page.publisher.errors == [("LOGIN_RESULT", error)]


@pytest.mark.parametrize("is_connected", [False, True])
async def test_storage_that_nobody_asked_for_changes_nothing(is_connected: bool) -> None:
    page = await open_page() if is_connected else Page()
    await page.api.storage_access_decided(True)
    assert page.publisher.events == []


# ---- signing in ------------------------------------------------------------------------------


async def page_that_shows_the_login() -> Page:
    page = Page()
    page.link.refuses_to_open(SignInRequiredError())
    result = await page.asks("init", CONFIG)
    assert result == InitResult(show_login=True, login_frame_height=350)
    return page


async def test_the_login_page_opens_the_link_and_salesforce_hears_of_it() -> None:
    page = await page_that_shows_the_login()
    page.link.lets_in()
    await page.api.signed_in()
    assert page.link.identities == [ADA, ADA]
    assert page.publisher.events == [("LOGIN_RESULT", GenericResult(success=True))]


async def test_a_failure_after_signing_in_goes_to_salesforce() -> None:
    page = await page_that_shows_the_login()
    error = LinkDownError("no server")
    page.link.refuses_to_open(error)
    await page.api.signed_in()
    assert page.publisher.events == []
    assert page.publisher.errors == [("LOGIN_RESULT", error)]
    assert page.log.fields_of("login_failed") == [{"code": "link_down"}]


async def test_signing_in_before_init_does_nothing() -> None:
    page = Page()
    await page.api.signed_in()
    assert page.link.identities == []
    assert page.publisher.events == []


async def test_signing_in_while_connected_does_nothing() -> None:
    page = await open_page()
    await page.api.signed_in()
    assert page.link.identities == [ADA]
    assert page.publisher.events == []


# ---- the end ---------------------------------------------------------------------------------


async def test_a_sign_in_that_ended_shows_the_login_and_the_next_one_connects_again() -> None:
    page = await open_page(make_call_snapshot())
    page.link.ends(LinkEnd.SIGN_IN_REQUIRED)
    assert page.publisher.events == [("LOGOUT_RESULT", LogoutResult(success=True))]
    assert await page.sees_calls() == []
    await page.api.signed_in()
    assert page.link.identities == [ADA, ADA]
    assert page.publisher.types == ["LOGOUT_RESULT", "LOGIN_RESULT"]
    assert await page.sees_calls() == [("call-1", "ringing")]


@pytest.mark.parametrize("end", [LinkEnd.REPLACED, LinkEnd.SCHEMA_MISMATCH])
async def test_other_ends_of_the_link_are_the_agents_error(end: LinkEnd) -> None:
    page = await open_page()
    page.link.ends(end)
    (told,) = page.publisher.errors
    assert told[0] == "AGENT_ERROR"
    assert isinstance(told[1], LinkDownError)
    assert page.log.fields_of("link_ended") == [{"reason": end.value}]
    assert page.publisher.events == []


async def test_each_end_has_a_text_of_its_own() -> None:
    page = await open_page()
    page.link.ends(LinkEnd.REPLACED)
    page.link.ends(LinkEnd.SCHEMA_MISMATCH)
    first, second = (str(error) for _, error in page.publisher.errors)
    assert first != second


async def test_logout_ends_the_sign_in_and_forgets_everything() -> None:
    page = await open_page(make_call_snapshot())
    page.link.answers(LogOut)
    assert await page.asks("logout") == LogoutResult(success=True)
    assert page.link.requests == [LogOut()]
    assert page.link.is_closed
    assert await page.sees_calls() == []
    assert await page.is_told("getAgentConfig") == "CAN_NOT_LOG_IN"
    assert page.publisher.events == []


async def test_after_logout_the_agent_can_sign_in_again() -> None:
    page = await open_page()
    page.link.answers(LogOut)
    await page.asks("logout")
    page.link.has(make_call_snapshot())
    await page.api.signed_in()
    assert page.publisher.types == ["LOGIN_RESULT"]
    assert await page.sees_calls() == [("call-1", "ringing")]


async def test_a_logout_that_fails_changes_nothing() -> None:
    page = await open_page(make_call_snapshot())
    page.link.goes_down()
    assert await page.is_told("logout") == "CAN_NOT_LOG_OUT"
    assert not page.link.is_closed
    assert await page.sees_calls() == [("call-1", "ringing")]


async def test_a_second_login_message_while_the_first_connects_changes_nothing() -> None:
    page = await page_that_shows_the_login()
    page.link.lets_in()
    await asyncio.gather(page.api.signed_in(), page.api.signed_in())
    await page.api.signed_in()
    assert page.link.identities == [ADA, ADA]
    assert page.publisher.types == ["LOGIN_RESULT"]


async def test_the_network_is_back() -> None:
    page = await open_page()
    page.api.network_is_back()
    assert page.link.hurries == 1
