"""A reload of the softphone page in the middle of a call loses nothing (goal R10)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.demo_server import DemoServer
from tests.support.softphone_page import SoftphonePage

pytestmark = pytest.mark.e2e

ADA = "ada@demo.example"
CUSTOMER = "+14155550123"
SECONDS_AFTER_READY = 2
MakePage = Callable[[], Page]


@pytest.fixture
def ada(server: DemoServer, new_page: MakePage) -> SoftphonePage:
    softphone = SoftphonePage(new_page(), server.url, ADA).open()
    softphone.become("Available")
    server.post("/demo/v1/inbound-calls", {"from": CUSTOMER, "userName": ADA})
    softphone.expect_call("ringing")
    return softphone


def replayed_once(softphone: SoftphonePage, name: str, before: dict[str, object]) -> None:
    """Assert that the call came back by exactly one event, marked as replayed."""
    events = softphone.events("CALL_STARTED", "CALL_CONNECTED", "HANGUP")
    assert [event for event, _ in events] == [name]
    payload = events[0][1]
    assert payload["isReplayedCall"] is True
    assert payload["callId"] == before["callId"]
    assert payload["callAttributes"]["voiceCallId"] == before["callAttributes"]["voiceCallId"]


def test_ringing(ada: SoftphonePage) -> None:
    before = ada.event("CALL_STARTED")

    ada.reload()

    ada.expect_call("ringing", seconds=SECONDS_AFTER_READY)
    replayed_once(ada, "CALL_STARTED", before)
    after = ada.event("CALL_STARTED")
    assert after["callInfo"]["callStateTimestamp"] == before["callInfo"]["callStateTimestamp"]
    ada.press("Accept")
    ada.expect_call("connected")


def test_connected_muted_and_not_recorded(ada: SoftphonePage) -> None:
    ada.press("Accept")
    ada.expect_call("connected")
    before = ada.event("CALL_CONNECTED")
    ada.press("Mute")
    ada.expect_flag("Muted")
    ada.press("Pause Recording")
    ada.expect_flag("Recording paused")

    ada.reload()

    ada.expect_call("connected", seconds=SECONDS_AFTER_READY)
    ada.expect_flag("Muted")
    ada.expect_flag("Recording paused")
    replayed_once(ada, "CALL_CONNECTED", before)
    after = ada.event("CALL_CONNECTED")
    assert after["callInfo"]["callStateTimestamp"] == before["callInfo"]["callStateTimestamp"]
    ada.press("Unmute")
    ada.expect_no_flag("Muted")
    ada.press("End Call")
    ada.expect_no_call()
    assert len(ada.events("HANGUP")) == 1


def test_held(ada: SoftphonePage) -> None:
    ada.press("Accept")
    ada.expect_call("connected")
    before = ada.event("CALL_CONNECTED")
    ada.press("Hold")
    ada.expect_call("held")

    ada.reload()

    ada.expect_call("held", seconds=SECONDS_AFTER_READY)
    replayed_once(ada, "CALL_CONNECTED", before)
    ada.press("Resume")
    ada.expect_call("connected")
    assert ada.event("HOLD_TOGGLE")["isCustomerOnHold"] is False


def test_twice_in_a_row(ada: SoftphonePage) -> None:
    ada.press("Accept")
    ada.expect_call("connected")
    before = ada.event("CALL_CONNECTED")

    ada.reload()
    ada.reload()

    ada.expect_call("connected", seconds=SECONDS_AFTER_READY)
    replayed_once(ada, "CALL_CONNECTED", before)


def test_the_customer_leaves_while_the_page_is_away(server: DemoServer, ada: SoftphonePage) -> None:
    call_id = ada.event("CALL_STARTED")["callId"]
    ada.press("Accept")
    ada.expect_call("connected")
    ada.page.goto("about:blank")
    server.post(f"/demo/v1/calls/{call_id}/customer-leaves")

    ada.open()

    ada.expect_no_call()
    assert ada.events("CALL_STARTED", "CALL_CONNECTED") == []
    expect(ada.page.get_by_test_id("agent-status")).to_contain_text("Available")
