"""The transfer view of the softphone, by the protocol alone: a scripted connector."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.demo_server import DemoServer
from tests.support.scripted_connector import (
    ScriptedConnector,
    call,
    open_scripted,
    third_party,
)
from tests.support.softphone_page import SoftphonePage

pytestmark = pytest.mark.e2e

ADA, MARIA = "ada@demo.example", "Maria Customer"
BEN = {"id": "005B", "type": "Agent", "name": "Ben Agent", "availability": "BUSY"}
SUPPORT = {"id": "q1", "type": "Queue", "name": "Support", "queueWaitTime": "240"}
MakePage = Callable[[], Page]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoServer]:
    running = DemoServer(tmp_path_factory.mktemp("data")).start()
    yield running
    running.stop()


class View:
    """Ada on a call with Maria, with the transfer view at hand."""

    def __init__(self, page: Page, url: str, **changes: Any) -> None:
        self.ada: SoftphonePage
        self.line: ScriptedConnector
        self.ada, self.line = open_scripted(page, url, ADA, **changes)
        self.page = page

    def talk(self, **info: Any) -> "View":
        self.line.event("CALL_CONNECTED", call("c1", MARIA, state="connected", callInfo=info))
        self.ada.expect_card(MARIA, "connected")
        return self

    def opened(self, *contacts: dict[str, Any], types: tuple[str, ...] = ()) -> "View":
        asked = len(self.ada.sent("GET_PHONE_CONTACTS"))
        self.ada.open_transfer_view()
        self.ada.message("GET_PHONE_CONTACTS", count=asked + 1)
        self.answer(*contacts, types=types)
        return self

    def answer(self, *contacts: dict[str, Any], types: tuple[str, ...] = ()) -> None:
        payload = {"contacts": list(contacts), "contactTypes": list(types)}
        self.line.event("PHONE_CONTACTS", payload)

    def filter(self, count: int) -> dict[str, Any]:
        """Return the filter of the `count`-th question."""
        return dict(self.ada.message("GET_PHONE_CONTACTS", count=count)["filter"])

    def button(self, name: str) -> Locator:
        return self.ada.transfer_view.get_by_role("button", name=name, exact=True)

    @property
    def field(self) -> Locator:
        return self.page.get_by_label("Search or Enter a Number")

    @property
    def found(self) -> Locator:
        return self.page.get_by_test_id("destination")


@pytest.fixture
def view(demo: DemoServer, new_page: MakePage) -> View:
    return View(new_page(), demo.url).talk()


def test_a_transfer_by_keyboard_alone(view: View) -> None:
    view.page.get_by_role("button", name="Add Caller / Transfer").focus()
    view.page.keyboard.press("Enter")
    expect(view.field).to_be_focused()
    view.answer(BEN, SUPPORT)
    expect(view.found.filter(has_text="Support").first).to_be_visible()
    view.page.keyboard.press("ArrowDown")
    view.page.keyboard.press("ArrowDown")
    chosen = view.page.locator('[role="option"][aria-selected="true"]')
    expect(chosen).to_contain_text("Support")
    expect(view.field).to_have_attribute("aria-activedescendant", "destination-1")

    view.page.keyboard.press("Enter")

    message = view.ada.message("ADD_PARTICIPANT")
    assert message["contact"]["id"] == "q1"
    assert message["call"]["callId"] == "c1"
    assert message["isBlindTransfer"] is False
    view.line.event("PARTICIPANT_ADDED", third_party("p1", "Support"))
    expect(view.ada.transfer_view).to_be_hidden()
    expect(view.page.get_by_role("button", name="Add Caller / Transfer")).to_be_focused()
    expect(view.page.locator("#polite-announcer")).to_contain_text("Support")


def test_enter_after_typing_never_adds_what_was_not_asked_for(view: View) -> None:
    view.opened(BEN)

    view.field.fill("Zoe")
    view.field.press("Enter")

    assert view.filter(2)["contains"] == "Zoe"
    assert view.ada.sent("ADD_PARTICIPANT") == []
    expect(view.page.locator('[role="option"][aria-selected="true"]')).to_have_count(0)


def test_escape_gives_the_focus_back(view: View) -> None:
    view.opened(BEN)

    view.page.keyboard.press("Escape")

    expect(view.ada.transfer_view).to_be_hidden()
    expect(view.page.get_by_role("button", name="Add Caller / Transfer")).to_be_focused()


def test_availability_and_waiting_times_stand_in_words(view: View) -> None:
    view.opened(BEN, SUPPORT)

    expect(view.found.filter(has_text="Ben Agent")).to_contain_text("Busy")
    expect(view.found.filter(has_text="Support").first).to_contain_text("Wait 4 min")


def test_salesforce_shows_them_only_when_the_vendor_provides_them(
    demo: DemoServer, new_page: MakePage
) -> None:
    off = {"VENDOR_PROVIDED_AVAILABILITY": False, "VENDOR_PROVIDED_QUEUE_WAIT_TIME": False}
    view = View(new_page(), demo.url, **off).talk().opened(BEN, SUPPORT)

    expect(view.found.filter(has_text="Ben Agent")).not_to_contain_text("Busy")
    expect(view.found.filter(has_text="Support").first).not_to_contain_text("Wait")


def test_each_type_asks_for_its_contacts(view: View) -> None:
    view.opened(types=("Agent", "Queue", "PhoneBook"))
    assert view.filter(1) == {"contains": "", "limit": 50, "offset": 0, "types": []}

    for count, (label, types) in enumerate(
        [("Agents", ["AGENT"]), ("Queues", ["QUEUE"]), ("Contacts", ["CONTACT", "DIRECTORY"])],
        start=2,
    ):
        view.ada.transfer_view.get_by_label(label, exact=True).check()
        assert view.filter(count)["types"] == types
        view.answer()
    expect(view.ada.transfer_view.get_by_label("Flows", exact=True)).to_be_hidden()


def test_pages_follow_below_each_other(view: View) -> None:
    first = [{"id": f"a{n}", "type": "Agent", "name": f"Agent {n}"} for n in range(50)]
    view.opened(*first)

    view.button("Load More").click()
    assert view.filter(2)["offset"] == 50
    view.answer({"id": "a50", "type": "Agent", "name": "Agent 50"})

    expect(view.found.filter(has_text="Agent 50")).to_have_count(1)
    expect(view.found.filter(has_text="Agent 49")).to_have_count(1)
    expect(view.button("Load More")).to_be_hidden()


def test_without_a_search_of_the_vendor_the_page_searches(
    demo: DemoServer, new_page: MakePage
) -> None:
    view = View(new_page(), demo.url, CONTACT_SEARCH=False).talk().opened(BEN, SUPPORT)
    assert view.filter(1)["limit"] == 1000

    view.field.fill("supp")

    expect(view.found.filter(has_text="Ben Agent")).to_have_count(0)
    expect(view.found.filter(has_text="Support").first).to_be_visible()
    assert len(view.ada.sent("GET_PHONE_CONTACTS")) == 1, "the phone book is asked for once"


def test_a_number_that_no_contact_has(view: View) -> None:
    view.opened()

    view.field.fill("+1 (415) 555-0177")
    view.field.press("Enter")
    view.field.press("Enter")

    contact = view.ada.message("ADD_PARTICIPANT")["contact"]
    assert contact == {"phoneNumber": "+14155550177", "type": "PhoneNumber"}


def test_a_flow_of_salesforce_is_a_destination(view: View) -> None:
    view.opened()

    view.ada.transfer_view.get_by_label("Flows", exact=True).check()
    view.found.filter(has_text="Route_To_Support").click()
    view.button("Add").click()

    contact = view.ada.message("ADD_PARTICIPANT")["contact"]
    assert contact == {"id": "Route_To_Support", "name": "Route_To_Support", "type": "Flow"}


def test_a_blind_transfer_ends_the_call_here(view: View) -> None:
    view.opened(BEN)
    view.found.first.click()

    view.button("Blind Transfer").click()

    message = view.ada.message("ADD_PARTICIPANT")
    assert message["isBlindTransfer"] is True
    added = third_party("c1", "Ben Agent", initialCallHasEnded=True)
    view.line.event("PARTICIPANT_ADDED", added)
    view.line.event("HANGUP", message["call"])
    view.ada.expect_no_call()
    expect(view.ada.transfer_view).to_be_hidden()


def test_a_consult_is_dialled(view: View) -> None:
    view.opened(BEN)
    view.found.first.click()

    view.button("Consult").click()

    message = view.ada.message("DIAL")
    assert (message["contact"]["id"], message["params"]) == ("005B", "isConsultCall")
    attributes = {"parentId": "c1", "isConsultCall": True}
    consult = call("k1", "Ben Agent", callType="Consult", callAttributes=attributes)
    view.line.event("CALL_STARTED", consult)
    expect(view.ada.transfer_view).to_be_hidden()
    view.ada.expect_party("Ben Agent", "ringing")


def test_a_failure_leaves_the_view_open(view: View) -> None:
    view.opened(BEN)
    view.found.first.click()
    view.button("Add").click()

    view.line.event("PARTICIPANT_REMOVED", {"reason": "error"})
    view.line.error("INVALID_DESTINATION")

    view.ada.expect_notice("This destination")
    expect(view.button("Add")).to_be_enabled()
    view.ada.expect_card(MARIA, "connected")


@pytest.mark.parametrize(
    ("changes", "info", "hidden"),
    [
        ({"BLIND_TRANSFER": False}, {}, "Blind Transfer"),
        ({}, {"showAddBlindTransferButton": False}, "Blind Transfer"),
        ({"CAN_CONSULT": False}, {}, "Consult"),
        ({}, {"showAddCallerButton": False}, "Add"),
    ],
)
def test_what_is_not_offered_is_not_shown(
    demo: DemoServer,
    new_page: MakePage,
    changes: dict[str, bool],
    info: dict[str, bool],
    hidden: str,
) -> None:
    view = View(new_page(), demo.url, **changes).talk(**info).opened(BEN)

    expect(view.button(hidden)).to_be_hidden()
    others = {"Add", "Blind Transfer", "Consult"} - {hidden}
    if hidden == "Add":
        others -= {"Consult"}
    for name in others:
        expect(view.button(name)).to_be_visible()


def test_the_telephony_system_opens_it(demo: DemoServer, new_page: MakePage) -> None:
    view = View(new_page(), demo.url)

    view.line.event("SHOW_TRANSFER_VIEW", {"phoneNumber": "+14155550188"})

    expect(view.ada.transfer_view).to_be_visible()
    expect(view.field).to_have_value("+14155550188")
    expect(view.page.get_by_test_id("transfer-hint")).to_have_text("There is no call to transfer.")


def test_click_to_dial_on_a_call_offers_to_add_or_to_transfer(view: View) -> None:
    view.ada.open_tab("Contacts")
    view.answer(BEN)
    view.page.get_by_role("button", name="Add Ben Agent").click()

    expect(view.page.get_by_test_id("transfer-hint")).to_contain_text("Add to the call")
    expect(view.button("Add")).to_be_focused()
    view.answer()
    view.button("Blind Transfer").click()
    message = view.ada.message("ADD_PARTICIPANT")
    assert (message["contact"]["id"], message["isBlindTransfer"]) == ("005B", True)


def test_click_to_dial_is_off_once_somebody_was_added(view: View) -> None:
    view.line.event("PARTICIPANT_CONNECTED", third_party("p1", "Guest"))
    view.ada.open_tab("Contacts")
    view.answer(BEN)

    expect(view.page.get_by_role("button", name="Add Ben Agent")).to_be_disabled()
