"""Text of Salesforce that the server would refuse with the whole line: it is never sent."""

from tests.support.api_fakes import open_page
from tests.support.builders import make_connected_call_snapshot

LONE_SURROGATE = "\ud800"


async def test_wrap_up_of_a_call_with_a_broken_id_is_only_logged() -> None:
    page = await open_page()
    assert await page.asks("wrapUpCall", {"callId": LONE_SURROGATE}) is None
    assert page.link.requests == []
    logged = {"method": "wrapUpCall", "code": "validation_error"}
    assert page.log.fields_of("method_failed") == [logged]


async def test_end_of_a_call_with_a_broken_wish_for_afterwards_fails() -> None:
    page = await open_page(make_connected_call_snapshot())
    told = await page.is_told("endCall", {"callId": "call-1"}, LONE_SURROGATE)
    assert told == "CAN_NOT_END_THE_CALL"
    assert page.link.requests == []
