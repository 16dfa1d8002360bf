"""What the connector does when the line, a message or a file is not as it should be."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.support.demo_server import DemoServer, wait_until
from tests.support.held_replies import HeldReplies
from tests.support.softphone_page import SoftphonePage

pytestmark = pytest.mark.e2e

ADA = "ada@demo.example"
KEEP_PORT = """
(() => {
  const Channel = window.MessageChannel;
  window.MessageChannel = class extends Channel {
    constructor() {
      super();
      window.lastPort = this.port1;
    }
  };
})();
"""
"""Gives a test the port to the connector, to say what the softphone never would."""


def say(page: Page, *messages: dict[str, Any]) -> None:
    """Send messages to the connector as Salesforce would, in one turn."""
    page.evaluate("(all) => all.forEach((one) => window.lastPort.postMessage(one))", messages)


def test_busy_line_is_told_after_the_call_even_when_the_reply_is_slow(
    server: DemoServer, new_page: Callable[[], Page]
):
    page = new_page()
    replies = HeldReplies(page)
    ada = SoftphonePage(page, server.url, ADA).open()
    ada.become("Available")
    ada.event("SET_AGENT_STATUS_RESULT", count=2)
    server.put("/demo/v1/pbx", {"nextDial": "busy"})
    replies.is_holding = True
    ada.dial("+12025550103")
    wait_until("the reply is held", lambda: ada.log() and replies.count)
    page.wait_for_function("(since) => performance.now() - since > 3000", arg=now(page))
    assert ada.events("CALL_STARTED", "HANGUP") == []
    replies.release()
    [hung_up] = ada.event("HANGUP")
    assert hung_up["agentStatus"] == "FailedConnectCustomer"
    names = [name for name, _ in ada.events("CALL_STARTED", "HANGUP")]
    assert names == ["CALL_STARTED", "HANGUP"]
    ada.expect_no_call()


def test_message_that_no_frame_can_carry_leaves_the_line_alone(
    server: DemoServer, new_page: Callable[[], Page]
):
    page = new_page()
    page.add_init_script(KEEP_PORT)
    ada = SoftphonePage(page, server.url, ADA).open()
    contact = {"phoneNumber": "1" * 100_000}
    say(page, {"type": "MESSAGE", "message": "x" * 100_000})
    say(page, {"type": "DIAL", "contact": contact, "params": ""})
    ada.event("CALL_FAILED", seconds=5)
    say(page, {"type": "GET_PHONE_CONTACTS", "filter": {"limit": 1}})
    assert len(ada.event("PHONE_CONTACTS", seconds=5)["contacts"]) == 1
    assert ada.event("ERROR") == {"message": "CAN_NOT_START_THE_CALL"}


def test_start_without_a_whole_python_names_the_stage_and_a_reason(
    server: DemoServer, new_page: Callable[[], Page]
):
    page = new_page()

    def spoil(route: Route) -> None:
        route.fulfill(status=200, body="no archive")

    page.route("**/python_stdlib.zip", spoil)
    ada = SoftphonePage(page, server.url, ADA)
    page.goto(f"{server.url}/softphone.html?user={ADA}")
    assert ada.event("ERROR") == {"message": "CAN_NOT_LOG_IN"}
    status = ada.connector.get_by_test_id("connector-status")
    expect(status).to_contain_text('stage "python" failed: Program terminated with exit(1)')


def test_origin_that_only_the_settings_allow_is_refused_and_said(
    server: DemoServer, new_page: Callable[[], Page]
):
    page = new_page()
    settings = server.get("/api/v1/connector-settings")
    # The base connector wants https and a Salesforce name, whatever the server's settings say.
    settings |= {"allowedHostOrigins": [server.url], "ownOriginIsHost": False}
    page.route("**/connector-settings", lambda route: route.fulfill(json=settings))
    ada = SoftphonePage(page, server.url, ADA)
    page.goto(f"{server.url}/softphone.html?user={ADA}")
    assert ada.event("ERROR") == {"message": "CAN_NOT_LOG_IN"}
    status = ada.connector.get_by_test_id("connector-status")
    expect(status).to_contain_text(f"does not accept the origin {server.url}")


def now(page: Page) -> float:
    """Return the page's clock, in milliseconds."""
    return float(page.evaluate("() => performance.now()"))
