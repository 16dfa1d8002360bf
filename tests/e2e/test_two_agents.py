"""Two agents at once: no event of one ever reaches the other."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.support.demo_server import DemoServer
from tests.support.softphone_page import SoftphonePage

pytestmark = pytest.mark.e2e

MakePage = Callable[[], Page]
CALL_EVENTS = (
    "CALL_STARTED",
    "CALL_CONNECTED",
    "HOLD_TOGGLE",
    "MUTE_TOGGLE",
    "CALL_UPDATED",
    "HANGUP",
    "AFTER_CALL_WORK_STARTED",
)


def call_ids(payload: Any) -> set[str]:
    """Collect every callId anywhere in a payload."""
    if isinstance(payload, list):
        return set().union(*map(call_ids, payload)) if payload else set()
    if isinstance(payload, dict):
        own = {payload["callId"]} if payload.get("callId") else set()
        return own.union(*map(call_ids, payload.values()))
    return set()


def test_each_agent_hears_only_the_own_calls(server: DemoServer, new_page: MakePage) -> None:
    phones: dict[str, SoftphonePage] = {}
    calls: dict[str, str] = {}
    for user in ("ada@demo.example", "ben@demo.example"):
        phones[user] = SoftphonePage(new_page(), server.url, user).open()
        phones[user].become("Available")
    for number, (user, phone) in enumerate(phones.items()):
        body = {"from": f"+1415555010{number}", "userName": user}
        calls[user] = server.post("/demo/v1/inbound-calls", body)["callId"]
        phone.expect_call("ringing")
    for phone in phones.values():
        phone.press("Accept")
    for phone in phones.values():
        phone.expect_call("connected")
        phone.press("Hold")
    for phone in phones.values():
        phone.expect_call("held")
        phone.press("Resume")
    for phone in phones.values():
        phone.expect_call("connected")
        phone.press("Mute")
    for phone in phones.values():
        phone.expect_flag("Muted")
        phone.press("End Call")
    for phone in phones.values():
        phone.event("AFTER_CALL_WORK_STARTED")

    for user, phone in phones.items():
        heard = set().union(*(call_ids(payload) for _, payload in phone.events(*CALL_EVENTS)))
        assert heard == {calls[user]}
        for name in ("CALL_STARTED", "CALL_CONNECTED", "HANGUP", "AFTER_CALL_WORK_STARTED"):
            assert len(phone.events(name)) == 1, (user, name)
