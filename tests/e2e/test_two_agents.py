"""Two agents at once: no event of one ever reaches the other."""

from collections.abc import Callable, Iterable
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

    for button, state in (
        ("Accept", "connected"),
        ("Hold", "held"),
        ("Resume", "connected"),
        ("Mute", "connected"),
    ):
        press_on_all(phones.values(), button, state)
    for phone in phones.values():
        phone.press("End Call")
    for phone in phones.values():
        phone.event("AFTER_CALL_WORK_STARTED")

    for user, phone in phones.items():
        assert_heard_only(phone, calls[user])


def press_on_all(phones: Iterable[SoftphonePage], button: str, state: str) -> None:
    """Press a button in every softphone at once, then wait for all of them."""
    for phone in phones:
        phone.press(button)
    for phone in phones:
        phone.expect_call(state)


def assert_heard_only(phone: SoftphonePage, call_id: str) -> None:
    heard: set[str] = set()
    for _, payload in phone.events(*CALL_EVENTS):
        heard |= call_ids(payload)
    assert heard == {call_id}
    assert phone.events("MUTE_TOGGLE")
    for name in ("CALL_STARTED", "CALL_CONNECTED", "HANGUP", "AFTER_CALL_WORK_STARTED"):
        assert len(phone.events(name)) == 1, name
