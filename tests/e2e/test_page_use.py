"""The pages without a mouse, and in a narrow frame."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.demo_server import DemoServer
from tests.support.softphone_page import SoftphonePage

pytestmark = pytest.mark.e2e

ADA = "ada@demo.example"
MakePage = Callable[[], Page]


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the button with this name has the focus."""
    target = page.get_by_role("button", name=name, exact=True)
    for _ in range(60):
        if target.count() == 1 and target.evaluate("(it) => it === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {name}")


def test_a_call_answered_and_ended_by_keyboard_alone(
    server: DemoServer, new_page: MakePage
) -> None:
    phone = SoftphonePage(new_page(), server.url, ADA).open()
    tab_to(phone.page, "Status: Offline")
    phone.page.keyboard.press("Enter")
    phone.page.keyboard.press("Home")
    expect(phone.page.get_by_role("menuitemradio", name="Available")).to_be_focused()
    phone.page.keyboard.press("Enter")
    expect(phone.page.get_by_test_id("agent-status")).to_contain_text("Available")
    server.post("/demo/v1/inbound-calls", {"from": "+14155550123", "userName": ADA})
    phone.expect_call("ringing")

    tab_to(phone.page, "Accept")
    phone.page.keyboard.press("Enter")
    phone.expect_call("connected")
    tab_to(phone.page, "Hold")
    phone.page.keyboard.press("Space")
    phone.expect_call("held")
    phone.page.keyboard.press("Alt+w")
    phone.expect_call("connected")
    tab_to(phone.page, "End Call")
    phone.page.keyboard.press("Enter")
    phone.expect_no_call()
    tab_to(phone.page, "Close voice call tab")
    phone.page.keyboard.press("Enter")
    expect(phone.page.get_by_test_id("after-call-work")).to_be_hidden()


def test_the_ring_is_announced(server: DemoServer, new_page: MakePage) -> None:
    phone = SoftphonePage(new_page(), server.url, ADA).open()
    phone.become("Available")
    title = phone.page.title()

    server.post("/demo/v1/inbound-calls", {"from": "+14155550123", "userName": ADA})
    phone.expect_call("ringing")

    expect(phone.page.locator("#urgent-announcer")).to_contain_text("555-0123")
    expect(phone.page.get_by_test_id("call-badge")).to_have_text("1")
    assert phone.page.title() != title


@pytest.mark.parametrize("path", ["softphone.html?user=ada@demo.example", "remote.html", ""])
def test_nothing_is_cut_off_at_300_pixels(
    server: DemoServer, new_page: MakePage, path: str
) -> None:
    page = new_page()
    page.set_viewport_size({"width": 300, "height": 700})
    page.goto(f"{server.url}/{path}")
    expect(page.locator("main:visible").first).to_be_visible()

    overflow = page.evaluate(
        "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )

    assert overflow <= 0
