"""A page whose place another one took, or whose server is newer: out of use until a reload."""

from typing import Any

import pytest

from connector_py.api import METHOD_ERRORS, LinkEnd, MethodFailed
from connector_py.api.failures import QUIET_METHODS
from connector_py.entities import ActiveCallsResult
from tests.support.api_fakes import Page, open_page
from tests.support.builders import make_connected_call_snapshot

CALL = {"callId": "call-1"}
ENDS = [LinkEnd.REPLACED, LinkEnd.SCHEMA_MISMATCH]
REASONS = {
    LinkEnd.REPLACED: "the connector was opened somewhere else for this agent",
    LinkEnd.SCHEMA_MISMATCH: "the server has another version: reload the page",
}


async def page_out_of_use(end: LinkEnd) -> Page:
    page = await open_page(make_connected_call_snapshot())
    page.link.ends(end)
    return page


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("method", sorted({*METHOD_ERRORS} - QUIET_METHODS - {"getActiveCalls"}))
async def test_every_click_fails_with_the_one_reason(end: LinkEnd, method: str) -> None:
    page = await page_out_of_use(end)
    with pytest.raises(MethodFailed) as failed:
        await page.asks(method, CALL)
    assert failed.value.error_type == METHOD_ERRORS[method]
    assert failed.value.message == REASONS[end]
    assert page.link.requests == []


@pytest.mark.parametrize("arguments", [(CALL,), ()])
async def test_what_is_so_already_is_no_success_any_more(arguments: tuple[Any, ...]) -> None:
    page = await page_out_of_use(LinkEnd.REPLACED)
    assert await page.is_told("unmute", *arguments) == "CAN_NOT_UNMUTE_CALL"


async def test_the_replay_that_nobody_guards_gets_no_calls() -> None:
    page = await page_out_of_use(LinkEnd.REPLACED)
    assert await page.asks("getActiveCalls") == ActiveCallsResult()


@pytest.mark.parametrize("method", sorted(QUIET_METHODS))
async def test_what_nobody_waits_for_is_logged(method: str) -> None:
    page = await page_out_of_use(LinkEnd.REPLACED)
    await page.asks(method, CALL)
    assert page.log.fields_of("method_failed") == [{"method": method, "code": "link_down"}]


async def test_a_sign_in_somewhere_else_does_not_bring_it_back() -> None:
    page = await page_out_of_use(LinkEnd.REPLACED)
    opened = len(page.link.identities)
    await page.api.signed_in()
    await page.api.storage_access_decided(granted=True)
    assert len(page.link.identities) == opened
    assert page.publisher.events == []
