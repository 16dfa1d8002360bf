"""Salesforce failing or silent: the call rings all the same (guide chapter 5)."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.demo_server import DemoServer, wait_until
from tests.support.softphone_page import SoftphonePage

pytestmark = pytest.mark.e2e

ADA = "ada@demo.example"
CUSTOMER = "+14155550123"
RING_SECONDS = 8
"""Salesforce gets three of them; one request alone would take 10 where nothing limits it."""
MakePage = Callable[[], Page]


@pytest.mark.parametrize("fault", ["fail", "timeout", "rate_limit"])
def test_the_call_rings_and_its_record_follows(
    server: DemoServer, new_page: MakePage, fault: str
) -> None:
    ada = SoftphonePage(new_page(), server.url, ADA).open()
    ada.become("Available")
    server.put("/salesforce-simulator/ui/faults", {"mode": fault})

    arrived = time.monotonic()
    call_id = server.post("/demo/v1/inbound-calls", {"from": CUSTOMER})["callId"]
    ada.expect_call("ringing", seconds=RING_SECONDS - (time.monotonic() - arrived))
    started = ada.event("CALL_STARTED")
    assert started["callAttributes"].get("voiceCallId") is None
    ada.press("Accept")
    ada.expect_call("connected")
    assert server.voice_calls(call_id) == []

    server.put("/salesforce-simulator/ui/faults", {"mode": "none"})

    # After a rate limit the next try comes 5, 10 or 20 s later.
    wait_until("the VoiceCall exists", lambda: server.voice_calls(call_id), seconds=60)
    updated = ada.event("CALL_UPDATED")["call"]
    (record,) = server.voice_calls(call_id)
    assert updated["callAttributes"]["voiceCallId"] == record["voiceCallId"]
    expect(ada.page.get_by_test_id("voice-call-record")).to_contain_text(record["voiceCallId"])
    ada.press("End Call")
    ada.expect_no_call()
    wait_until(
        "the one VoiceCall is completed",
        lambda: [r["callDisposition"] for r in server.voice_calls(call_id)] == ["completed"],
    )
