"""Declined, missed and abandoned calls (guide, "Handling Missed Calls and Call Errors")."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.demo_server import DemoServer, wait_until
from tests.support.softphone_page import SoftphonePage

pytestmark = pytest.mark.e2e

ADA, BEN = "ada@demo.example", "ben@demo.example"
CUSTOMER = "+14155550123"
MakePage = Callable[[], Page]


@pytest.fixture
def quick_server(tmp_path: Path) -> Iterator[DemoServer]:
    """A server that gives an agent three seconds to answer."""
    running = DemoServer(tmp_path / "data", environment={"SCV_NO_ANSWER_SECONDS": "3"}).start()
    yield running
    running.stop()


def agent(server: DemoServer, user: str) -> dict[str, Any]:
    agents = server.get("/demo/v1/overview")["agents"]
    return dict(next(entry for entry in agents if entry["userName"] == user))


def test_a_declined_call_goes_to_the_next_agent(server: DemoServer, new_page: MakePage) -> None:
    ada = SoftphonePage(new_page(), server.url, ADA).open()
    ben = SoftphonePage(new_page(), server.url, BEN).open()
    ada.become("Available")
    ben.become("Available")
    call_id = server.post("/demo/v1/inbound-calls", {"from": CUSTOMER, "userName": ADA})["callId"]
    ada.expect_call("ringing")

    ada.press("Decline")

    ada.expect_no_call()
    declined = ada.event("HANGUP")
    assert not isinstance(declined, list), "a declined call is a single call, not a list"
    assert declined["callId"] == call_id
    assert declined["reason"] == "error"
    assert declined["closeCallOnError"] is False
    assert declined["agentStatus"] == "DeclinedByAgent"
    ben.expect_call("ringing")
    assert ben.event("CALL_STARTED")["callId"] == call_id
    assert agent(server, ADA)["state"] == "available", "the guide: routable after a decline"
    assert ada.events("AFTER_CALL_WORK_STARTED") == []
    ben.press("Accept")
    ben.expect_call("connected")
    assert len(ada.events("CALL_STARTED")) == 1


def test_a_missed_call_is_reported_and_the_agent_set_busy(
    quick_server: DemoServer, new_page: MakePage
) -> None:
    ada = SoftphonePage(new_page(), quick_server.url, ADA).open()
    ada.become("Available")
    call_id = quick_server.post("/demo/v1/inbound-calls", {"from": CUSTOMER})["callId"]
    ada.expect_call("ringing")

    ada.expect_no_call()

    (missed,) = ada.event("HANGUP")
    assert missed["callId"] == call_id
    assert missed["reason"] == "error"
    assert missed["closeCallOnError"] is False
    assert missed["agentStatus"] == "MissedCallAgent"
    # "Update Status on Push Time-Out" is Salesforce's setting; the softphone plays it.
    expect(ada.page.get_by_test_id("agent-status")).to_contain_text("Busy")
    wait_until("Ada is not routable", lambda: agent(quick_server, ADA)["state"] == "busy")
    assert len(ada.events("CALL_STARTED")) == 1


def test_a_callback_that_the_agent_does_not_take_is_missed(
    quick_server: DemoServer, new_page: MakePage
) -> None:
    ada = SoftphonePage(new_page(), quick_server.url, ADA).open()
    ada.become("Available")
    callback = {"phoneNumber": CUSTOMER, "userName": ADA}
    call_id = quick_server.post("/demo/v1/callbacks", callback)["callId"]
    ada.event("QUEUED_CALL_STARTED")

    ada.expect_no_call()

    (missed,) = ada.event("HANGUP")
    assert (missed["callId"], missed["reason"]) == (call_id, "error")
    assert missed["agentStatus"] == "MissedCallAgent"
    expect(ada.page.get_by_test_id("agent-status")).to_contain_text("Busy")


def test_a_caller_who_gives_up_while_it_rings(server: DemoServer, new_page: MakePage) -> None:
    ada = SoftphonePage(new_page(), server.url, ADA).open()
    ada.become("Available")
    call_id = server.post("/demo/v1/inbound-calls", {"from": CUSTOMER})["callId"]
    ada.expect_call("ringing")

    server.post(f"/demo/v1/calls/{call_id}/customer-leaves")

    ada.expect_no_call()
    (left,) = ada.event("HANGUP")
    assert left["callId"] == call_id
    assert left["agentStatus"] == "FailedConnectCustomer"
    assert ada.events("AFTER_CALL_WORK_STARTED") == []
    # The guide: any error but a decline is followed by "Update Status on Push Time-Out".
    expect(ada.page.get_by_test_id("agent-status")).to_contain_text("Busy")
    wait_until("Ada is not routable", lambda: agent(server, ADA)["state"] == "busy")
