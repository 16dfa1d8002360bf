"""`kill -9` of the server in the middle of a call, and what the agent sees afterwards."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from connector_py.transport import COMMAND_SECONDS
from tests.support.demo_server import DemoServer, wait_until
from tests.support.softphone_page import SoftphonePage

pytestmark = pytest.mark.e2e

ADA = "ada@demo.example"
CUSTOMER = "+14155550123"
TRIES = 3
"""A loaded machine may need longer to start a server than a command waits."""
MakePage = Callable[[], Page]


@pytest.fixture
def ada(server: DemoServer, new_page: MakePage) -> SoftphonePage:
    softphone = SoftphonePage(new_page(), server.url, ADA).open()
    softphone.become("Available")
    server.post("/demo/v1/inbound-calls", {"from": CUSTOMER, "userName": ADA})
    softphone.expect_call("ringing")
    softphone.press("Accept")
    softphone.expect_call("connected")
    softphone.press("Hold")
    softphone.expect_call("held")
    return softphone


def reconnected(server: DemoServer) -> bool:
    agents = server.get("/demo/v1/overview")["agents"]
    return any(agent["userName"] == ADA and agent["connected"] for agent in agents)


def test_the_call_is_as_it_was(server: DemoServer, ada: SoftphonePage) -> None:
    before = ada.names()

    server.kill()
    server.start()

    wait_until("the page is connected again", lambda: reconnected(server))
    ada.expect_call("held")
    (call,) = server.get("/demo/v1/overview")["calls"]
    assert [p["isOnHold"] for p in call["participants"]].count(True) == 1
    ada.press("Resume")
    ada.expect_call("connected")
    assert [name for name in ada.names()[len(before) :]] == ["HOLD_TOGGLE"]
    ada.press("End Call")
    ada.expect_no_call()
    assert len(ada.events("HANGUP")) == 1


def test_a_hang_up_that_happened_meanwhile_arrives_once(
    server: DemoServer, ada: SoftphonePage
) -> None:
    call_id = ada.event("CALL_STARTED")["callId"]

    server.kill()
    server.run("pbx", "hang-up", call_id)
    server.start()

    wait_until("the page is connected again", lambda: reconnected(server))
    ada.expect_no_call()
    (ended,) = ada.event("HANGUP")
    assert ended["callId"] == call_id
    assert ended["reason"] == "ended"
    ada.event("AFTER_CALL_WORK_STARTED")
    ada.reload()
    assert ada.events("HANGUP", "CALL_STARTED", "CALL_CONNECTED") == []
    wait_until("one completed VoiceCall", lambda: completed(server, call_id))


def test_a_command_sent_while_the_server_is_away_is_carried_out_once(
    server: DemoServer, ada: SoftphonePage
) -> None:
    failures = 0
    for _ in range(TRIES):
        server.kill()
        ada.press("Resume")
        begun = time.monotonic()
        server.start()
        is_slow = time.monotonic() - begun > COMMAND_SECONDS / 2
        if carried_out(ada, failures):
            break
        assert is_slow, "the server was back long before the command's time was over"
        failures += 1

    ada.expect_call("connected")
    assert len(ada.events("HOLD_TOGGLE")) == 2
    assert len(ada.events("ERROR")) == failures


def test_a_command_that_waits_too_long_fails_with_its_error(
    server: DemoServer, ada: SoftphonePage
) -> None:
    server.kill()
    ada.press("Resume")

    assert ada.event("ERROR")["message"] == "CAN_NOT_RESUME_CALL"
    ada.expect_call("held")
    server.start()


def carried_out(ada: SoftphonePage, failures: int) -> bool:
    """Wait until the newest command worked, or has failed as all before it."""

    def is_decided() -> bool:
        return len(ada.events("HOLD_TOGGLE")) > 1 or len(ada.events("ERROR")) > failures

    wait_until("the command worked or failed", is_decided)
    return len(ada.events("ERROR")) == failures


def completed(server: DemoServer, call_id: str) -> bool:
    (record,) = server.voice_calls(call_id)
    return bool(record["callDisposition"] == "completed")


def test_the_log_names_nobody(server: DemoServer, ada: SoftphonePage, tmp_path: Path) -> None:
    ada.press("Resume")
    ada.expect_call("connected")
    log = server.log.read_text()
    for secret in (CUSTOMER, CUSTOMER[1:], "Ada Agent"):
        lines = [line for line in log.splitlines() if secret in line and "softphone" not in line]
        assert lines == []
