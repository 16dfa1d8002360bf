"""The voice-call simulator itself: it remembers, it says why something was refused, it is live."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.demo_server import DemoServer
from tests.support.remote_page import RemotePage
from tests.support.softphone_page import SoftphonePage

pytestmark = pytest.mark.e2e

ADA, BEN = "ada@demo.example", "ben@demo.example"
CUSTOMER, THIRD_PARTY = "+14155550123", "+14155550177"
MakePage = Callable[[], Page]
TABS = (
    "Calls", "Desk Phone", "Agent", "Call Controls", "Capabilities", "Conversation", "Routing",
    "Messages", "Errors",
)  # fmt: skip


@pytest.fixture
def remote(server: DemoServer, new_page: MakePage) -> RemotePage:
    return RemotePage(new_page(), server.url).open()


def test_a_reload_changes_nothing_that_was_typed(
    server: DemoServer, new_page: MakePage, remote: RemotePage
) -> None:
    remote.choose_agent("Ben Agent")
    remote.fill("Phone Number", "+14155550199")
    remote.show_more()
    remote.fill("Additional Fields", '{"Priority__c": "High"}')
    remote.tab("Messages")
    remote.fill("Message", "before the reload")
    other = RemotePage(new_page(), server.url).open("Ada Agent")

    remote.page.reload()

    expect(remote.page.get_by_role("tab", name="Messages")).to_have_attribute(
        "aria-selected", "true"
    )
    expect(remote.page.get_by_label("Message", exact=True)).to_have_value("before the reload")
    expect(remote.page.get_by_label("Select Salesforce User")).to_have_value(BEN)
    remote.tab("Calls")
    expect(remote.page.get_by_label("Phone Number", exact=True)).to_have_value("+14155550199")
    expect(remote.page.locator("#additional-fields")).to_have_value('{"Priority__c": "High"}')
    expect(other.page.get_by_label("Select Salesforce User")).to_have_value(ADA)


def test_a_link_names_the_agent_until_another_is_chosen(
    server: DemoServer, new_page: MakePage
) -> None:
    page = new_page()
    page.goto(f"{server.url}/remote.html?user={BEN}")
    agent = page.get_by_label("Select Salesforce User")
    expect(agent).to_have_value(BEN)
    agent.select_option(ADA)
    page.reload()
    expect(agent).to_have_value(ADA)


def test_what_is_refused_says_why_where_it_was_pressed(remote: RemotePage) -> None:
    remote.fill("Phone Number", "")
    remote.press("Inbound Call")
    remote.expect_refused("inbound", "Phone Number is missing")
    expect(remote.page.get_by_label("Phone Number", exact=True)).to_be_focused()
    remote.fill("Phone Number", "nobody")
    remote.press("Callback")
    remote.expect_refused("inbound", "invalid_request", "3 to 15 digits")
    remote.tab("Desk Phone")
    remote.press("Mute")
    remote.expect_refused("desk-talking", "Ada Agent has no call")
    remote.tab("Capabilities")
    remote.fill("Wait Times", '{"queue')
    remote.press("Save Wait Times")
    remote.expect_refused("wait-times", "This is not JSON")
    remote.tab("Agent")
    remote.select("Phone Type", "Desk phone (hard phone)")
    remote.fill("Desk Phone Number", "12")
    remote.press("Save Phone")
    remote.expect_refused("agent-phone", "invalid_phone_number")


def test_settings_are_the_same_on_every_page(
    server: DemoServer, new_page: MakePage, remote: RemotePage
) -> None:
    other = RemotePage(new_page(), server.url).open()
    other.tab("Capabilities")
    remote.tab("Capabilities")
    remote.check("Swap", is_on=False)
    expect(other.page.get_by_label("Swap", exact=True).locator("visible=true")).not_to_be_checked()
    remote.controls_of("New transfer participants")
    remote.select("The agent may remove this party", "Never")
    expect(remote.page.get_by_test_id("controls-done")).to_have_text("Saved.")
    told = server.get("/demo/v1/settings")
    assert told["voiceCapabilities"]["hasSwap"] is False
    assert told["thirdPartyCallInfo"]["removeParticipantVariant"] == "NEVER"
    assert told["callInfo"]["removeParticipantVariant"] == "ALWAYS"


def test_tabs_are_used_by_keyboard_and_fit_on_a_narrow_page(remote: RemotePage) -> None:
    remote.page.set_viewport_size({"width": 300, "height": 700})
    remote.page.get_by_role("tab", name="Calls").focus()
    for name in TABS:
        expect(remote.page.get_by_role("tab", name=name, exact=True)).to_be_focused()
        expect(remote.page.get_by_role("tabpanel", name=name)).to_be_visible()
        overflow = remote.page.evaluate(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert overflow <= 0, name
        remote.page.keyboard.press("ArrowRight")


def test_three_parties_at_the_desk_phone(
    server: DemoServer, new_page: MakePage, remote: RemotePage
) -> None:
    ada = SoftphonePage(new_page(), server.url, ADA).open()
    ada.become("Available")
    remote.inbound_call(CUSTOMER, agent="Ada Agent")
    remote.expect_call("Ringing", "Ada Agent")
    remote.at_desk("Accept Call", "desk-ringing")
    remote.expect_call("Connected", "desk phone")

    remote.bring_in("Add", number=THIRD_PARTY)
    remote.answers("Third party")
    expect(remote.party("Third party")).to_have_attribute("data-state", "connected")
    expect(remote.party("Customer")).to_contain_text("on hold")
    remote.at_desk("Swap", "desk-swap")
    expect(remote.party("Third party")).to_contain_text("on hold")
    remote.at_desk("Conference")
    expect(remote.party("Third party")).not_to_contain_text("on hold")
    remote.with_party("Mute", "Third party")
    expect(remote.party("Third party")).to_contain_text("muted")
    remote.end_leg("Third party")
    expect(remote.party("Third party")).to_have_count(0)
    remote.leaves("Customer")

    remote.expect_no_call()
    expect(remote.page.get_by_test_id("ended-call")).to_contain_text("415")


def test_a_double_click_calls_once(server: DemoServer, remote: RemotePage) -> None:
    remote.page.get_by_role("button", name="Inbound Call", exact=True).dblclick()
    expect(remote.page.get_by_test_id("inbound-done")).not_to_be_empty()
    assert len(server.get("/demo/v1/overview")["calls"]) == 1
