"""Calls by keyboard alone: nothing is clicked from the first key to the last."""

import pytest
from playwright.sync_api import Locator, expect

from tests.support.floor import CUSTOMER, MARIA, THEO, THEO_SHOWN, Floor
from tests.support.remote_page import RemotePage
from tests.support.softphone_page import SoftphonePage

pytestmark = pytest.mark.e2e

MOST_TABS = 120
WHERE = """(it) => {
  const now = document.activeElement;
  if (it === now) return '';
  const isBefore = now.compareDocumentPosition(it) & Node.DOCUMENT_POSITION_PRECEDING;
  return isBefore && now !== document.body ? 'Shift+Tab' : 'Tab';
}"""
"""Which way it is to an element; nothing when it has the focus."""


class Keys:
    """Somebody with a keyboard and no mouse."""

    def __init__(self, shown: SoftphonePage | RemotePage) -> None:
        self.page = shown.page
        self.press = shown.page.keyboard.press
        self.type = shown.page.keyboard.type

    def tab_to(self, target: Locator) -> None:
        """Press Tab or Shift+Tab until the target has the focus."""
        expect(target).to_be_enabled()
        for _ in range(MOST_TABS):
            key = target.evaluate(WHERE)
            if not key:
                return
            self.press(key)
        raise AssertionError(f"Tab does not reach {target}")

    def button(self, name: str, key: str = "Enter") -> None:
        """Go to a button and press it."""
        self.tab_to(self.page.get_by_role("button", name=name, exact=True))
        self.press(key)

    def has_visible_focus(self) -> None:
        """Assert that the focus can be seen."""
        outline = self.page.evaluate(
            """() => {
              const style = getComputedStyle(document.activeElement);
              return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0
                || style.boxShadow !== 'none';
            }"""
        )
        assert outline, self.page.evaluate("() => document.activeElement.outerHTML")


def available(floor: Floor) -> Keys:
    """Make Ada available by keys."""
    keys = Keys(floor.ada)
    keys.button("Status: Offline")
    keys.press("Home")
    expect(keys.page.get_by_role("menuitemradio", name="Available")).to_be_focused()
    keys.press("Enter")
    expect(keys.page.get_by_test_id("agent-status")).to_contain_text("Available")
    floor.expect_state(floor.ada.user, "available")
    return keys


def answers(floor: Floor, keys: Keys) -> str:
    """Let the customer call, and Ada answer by keys."""
    body = {"from": CUSTOMER, "userName": floor.ada.user}
    call_id = str(floor.demo("inbound-calls", body)["callId"])
    floor.ada.expect_call("ringing")
    keys.tab_to(keys.page.get_by_role("button", name="Accept", exact=True))
    keys.has_visible_focus()
    keys.press("Enter")
    floor.ada.expect_call("connected")
    return call_id


def is_answered(floor: Floor, call_id: str) -> None:
    """Let whom Ada added pick up."""
    added = [one for one in floor.call()["participants"] if one["state"] == "ringing"]
    floor.demo(f"calls/{call_id}/participants/{added[0]['participantId']}/answers")


def test_answer_and_end_a_call(floor: Floor) -> None:
    keys = available(floor)
    answers(floor, keys)

    keys.button("Hold", "Space")
    floor.ada.expect_call("held")
    keys.button("Resume", "Space")
    floor.ada.expect_call("connected")
    keys.button("Dial Pad")
    keys.press("5")
    expect(keys.page.get_by_test_id("sent-digits")).to_have_text("5")
    keys.press("Escape")
    keys.button("End Call")
    floor.ada.expect_no_call()
    keys.button("Close voice call tab")
    expect(keys.page.get_by_test_id("after-call-work")).to_be_hidden()
    floor.expect_state(floor.ada.user, "available")


def test_transfer(floor: Floor) -> None:
    floor.free(floor.ben)
    keys = available(floor)
    answers(floor, keys)

    keys.button("Add Caller / Transfer")
    search = keys.page.get_by_label("Search or Enter a Number")
    expect(search).to_be_focused()
    keys.type("Ben Agent")
    found = keys.page.get_by_test_id("destination")
    expect(found).to_have_count(1)
    expect(found).to_contain_text("Ben Agent")
    keys.press("ArrowDown")
    expect(keys.page.locator('[role="option"][aria-selected="true"]')).to_contain_text("Ben Agent")
    keys.button("Blind Transfer")

    floor.ada.expect_no_call()
    floor.ben.expect_call("ringing")
    ben = Keys(floor.ben)
    ben.button("Accept")
    floor.ben.expect_card(MARIA, "connected")
    ben.button("End Call")
    floor.ben.expect_no_call()


def test_conference(floor: Floor) -> None:
    keys = available(floor)
    ada = floor.ada
    call_id = answers(floor, keys)

    keys.button("Add Caller / Transfer")
    expect(keys.page.get_by_label("Search or Enter a Number")).to_be_focused()
    keys.type(THEO)
    keys.press("Enter")
    keys.press("Enter")
    ada.expect_party(THEO_SHOWN, "ringing")
    is_answered(floor, call_id)
    ada.expect_party(THEO_SHOWN, "connected")
    ada.expect_party(MARIA, "held")
    keys.button("Swap")
    ada.expect_party(MARIA, "connected")
    ada.expect_party(THEO_SHOWN, "held")
    keys.button("Merge")
    ada.expect_party(THEO_SHOWN, "connected")
    keys.button(f"Remove {THEO_SHOWN}")
    ada.expect_parties(0)
    keys.button("End Call")
    ada.expect_no_call()


def test_shortcuts(floor: Floor) -> None:
    keys = available(floor)
    ada = floor.ada
    floor.demo("inbound-calls", {"from": CUSTOMER, "userName": ada.user})
    ada.expect_call("ringing")

    keys.press("Alt+a")
    ada.expect_call("connected")
    keys.press("Alt+w")
    ada.expect_call("held")
    keys.press("Alt+w")
    ada.expect_call("connected")
    keys.press("Alt+t")
    expect(keys.page.get_by_label("Search or Enter a Number")).to_be_focused()
    keys.press("Escape")
    expect(ada.transfer_view).to_be_hidden()
    keys.press("Alt+q")
    ada.expect_no_call()


def test_an_inbound_call_from_the_simulator(floor: Floor) -> None:
    ben, remote = floor.ben, floor.remote
    floor.free(ben)
    keys = Keys(remote)

    agent = keys.page.get_by_label("Select Salesforce User", exact=True)
    keys.tab_to(agent)
    keys.has_visible_focus()
    keys.type("Ben")
    expect(agent).to_have_value(ben.user)
    keys.tab_to(keys.page.get_by_role("tab", selected=True))
    keys.press("Home")
    expect(keys.page.get_by_role("tabpanel", name="Calls", exact=True)).to_be_visible()
    keys.tab_to(keys.page.get_by_label("Phone Number", exact=True))
    keys.press("Control+a")
    keys.type(CUSTOMER)
    keys.button("Inbound Call")
    ben.expect_card(MARIA, "ringing")
    remote.expect_call("Ringing", "Ben Agent")
    keys.tab_to(keys.page.get_by_role("tab", name="Calls", exact=True))
    keys.press("ArrowRight")
    expect(keys.page.get_by_role("tabpanel", name="Desk Phone", exact=True)).to_be_visible()
    keys.button("Accept Call")
    ben.expect_card(MARIA, "connected")
    keys.button("End Call")

    remote.expect_no_call()
    ben.expect_no_call()
