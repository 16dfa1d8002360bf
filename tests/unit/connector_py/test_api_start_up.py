"""From Salesforce's configuration to a connected page, and how it ends again."""

import asyncio
from typing import Any

import pytest

from connector_py.api import AgentIdentity, LinkEnd
from connector_py.entities import (
    AgentConfigResult,
    GenericResult,
    InitResult,
    LogOut,
    LogoutResult,
    SharedCapabilitiesResult,
    VoiceCapabilitiesResult,
)
from connector_py.errors import LinkDownError, SignInRequiredError
from tests.support.api_fakes import CONFIG, Page, open_page
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
