"""`softphone.html` with verbs: what an agent does, and what the protocol log holds."""

from typing import Any

from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.support.demo_server import wait_until
from tests.support.patience import PATIENCE
from tests.support.softphone_desk import DeskVerbs


class SoftphonePage(DeskVerbs):
    """The softphone of one agent, open in a page."""

    def __init__(self, page: Page, url: str, user: str) -> None:
        self.page = page
        self.url = url
        self.user = user

    # ------------------------------------------------------------------ the agent's doings

    def load(self) -> None:
        """Open the page without waiting for the connector."""
        self.page.goto(f"{self.url}/softphone.html?user={self.user}")

    def open(self) -> "SoftphonePage":
        """Open the page and wait until the connector is ready."""
        self.load()
        return self.wait_ready()

    def reload(self) -> "SoftphonePage":
        """Reload the whole page, as an agent would by F5."""
        self.page.reload()
        return self.wait_ready()

    def wait_ready(self) -> "SoftphonePage":
        """Wait until the base connector said CONNECTOR_READY with capabilities."""
        expect(self.page.get_by_test_id("phone-state")).to_have_attribute(
            "data-phase", "ready", timeout=PATIENCE * 1000
        )
        return self

    def become(self, status: str) -> None:
        """Choose a presence status from the menu; on a call it only follows."""
        self.page.get_by_test_id("agent-status").click()
        self.page.get_by_role("menuitemradio", name=status, exact=True).click()
        expect(self.page.get_by_test_id("agent-status")).to_contain_text(status)

    def press(self, name: str) -> None:
        """Press a button by its visible label."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def dial(self, number: str) -> None:
        """Type a number and call it."""
        self.open_tab("Call")
        self.page.get_by_label("Phone Number", exact=True).fill(number)
        self.press("Call")

    def call_contact(self, name: str) -> None:
        """Find a contact in the phone book and call it; on a call this opens the transfer view."""
        self.open_tab("Contacts")
        self.page.get_by_label("Search Contacts").fill(name)
        contact = self.page.get_by_test_id("contact").filter(has_text=name)
        contact.first.get_by_role("button").click()

    # --------------------------------------------------------------- transfer and parties

    @property
    def transfer_view(self) -> Locator:
        """The transfer view."""
        return self.page.get_by_test_id("transfer-view")

    def open_transfer_view(self) -> None:
        """Open it from the call's card, unless it is open."""
        self.open_tab("Call")
        if not self.transfer_view.is_visible():
            self.press("Add Caller / Transfer")

    def choose_destination(self, name: str, kind: str = "All") -> None:
        """Choose a destination, by its name or as a number, in the transfer view.

        Args:
            name: What to search for and choose.
            kind: All, Agents, Contacts, Queues or Flows.
        """
        self.open_transfer_view()
        self.transfer_view.get_by_label(kind, exact=True).check()
        self.page.get_by_label("Search or Enter a Number").fill(name)
        found = self.page.get_by_test_id("destination")
        is_number = name.lstrip("+").isdigit()
        (found if is_number else found.filter(has_text=name)).first.click()

    def add_participant(self, name: str, kind: str = "All") -> None:
        """Add somebody to the call."""
        self.choose_destination(name, kind)
        self.press("Add")

    def blind_transfer(self, name: str, kind: str = "All") -> None:
        """Hand the call over and leave it."""
        self.choose_destination(name, kind)
        self.press("Blind Transfer")

    def consult(self, name: str, kind: str = "All") -> None:
        """Talk to somebody in private, beside the call."""
        self.choose_destination(name, kind)
        self.press("Consult")

    def pass_on(self, name: str, kind: str = "All") -> None:
        """Pass the contact request on that the transfer view was opened for."""
        self.choose_destination(name, kind)
        self.press("Transfer Request")

    def merge(self) -> None:
        """Let everybody talk with everybody."""
        self.press("Merge")

    def swap(self) -> None:
        """Put on hold who talks, and talk to who is on hold."""
        self.press("Swap")

    def hold(self, name: str) -> None:
        """Put one party on hold."""
        self.press(f"Hold {name}")

    def resume(self, name: str) -> None:
        """Take one party off hold."""
        self.press(f"Resume {name}")

    def mute(self, name: str) -> None:
        """Mute one party for everybody."""
        self.press(f"Mute {name}")

    def unmute(self, name: str) -> None:
        """Let one party be heard again."""
        self.press(f"Unmute {name}")

    def remove(self, name: str) -> None:
        """Take one party off the call."""
        self.press(f"Remove {name}")

    def end_consult(self, name: str) -> None:
        """End a consultation; the call goes on."""
        self.press(f"End Consult with {name}")

    # ------------------------------------------------------------------- what it shows

    @property
    def call(self) -> Locator:
        """The card of the call; with several conversations all their cards."""
        return self.page.get_by_test_id("call")

    def card(self, name: str) -> Locator:
        """Return the card of the conversation with somebody."""
        return self.call.filter(has_text=name)

    def party(self, name: str) -> Locator:
        """Return the row of a party in the participants panel."""
        return self.page.get_by_test_id("party").filter(has_text=name)

    @property
    def connector(self) -> FrameLocator:
        """Inside of the connector's iframe."""
        return self.page.frame_locator("#connector-frame")

    def expect_call(self, state: str, seconds: float = PATIENCE) -> None:
        """Wait until one call is shown in a state: ringing, connected or held."""
        expect(self.call).to_have_count(1, timeout=seconds * 1000)
        expect(self.call).to_have_attribute("data-call-state", state, timeout=seconds * 1000)

    def expect_card(self, name: str, state: str, seconds: float = PATIENCE) -> None:
        """Wait until the conversation with somebody is shown in a state."""
        expect(self.card(name)).to_have_attribute("data-call-state", state, timeout=seconds * 1000)

    def expect_no_call(self, seconds: float = PATIENCE) -> None:
        """Wait until no call is shown."""
        expect(self.call).to_have_count(0, timeout=seconds * 1000)

    def expect_party(self, name: str, state: str, seconds: float = PATIENCE) -> None:
        """Wait until a party is shown in a state: ringing, connected or held."""
        expect(self.party(name)).to_have_attribute("data-call-state", state, timeout=seconds * 1000)

    def expect_parties(self, count: int, seconds: float = PATIENCE) -> None:
        """Wait until the participants panel lists this many; it is there for two or more."""
        shown = self.page.get_by_test_id("party").locator("visible=true")
        expect(shown).to_have_count(count, timeout=seconds * 1000)

    def expect_flag(self, text: str) -> None:
        """Wait until the call's card says this (Muted, On hold, Recording paused)."""
        expect(self.page.get_by_test_id("call-flags")).to_contain_text(text)

    def expect_no_flag(self, text: str) -> None:
        """Wait until the call's card does not say this."""
        expect(self.page.get_by_test_id("call-flags")).not_to_contain_text(text)

    # ------------------------------------------------------------------- protocol log

    def log(self) -> list[dict[str, Any]]:
        """Return every message so far, both ways."""
        entries: list[dict[str, Any]] = self.page.evaluate("() => window.scvProtocolLog")
        return entries

    def sent(self, message_type: str) -> list[dict[str, Any]]:
        """Return the messages of a type that Salesforce's side sent."""
        return [
            entry["message"]
            for entry in self.log()
            if entry["direction"] == "to connector" and entry["message"].get("type") == message_type
        ]

    def events(self, *names: str) -> list[tuple[str, Any]]:
        """Return (event type, payload) of what the connector dispatched, all or some types."""
        found = [
            (
                entry["message"]["payload"]["telephonyEventType"],
                entry["message"]["payload"].get("telephonyEventPayload"),
            )
            for entry in self.log()
            if entry["direction"] == "from connector"
            and entry["message"].get("type") == "TELEPHONY_EVENT_DISPATCHED"
        ]
        return [event for event in found if not names or event[0] in names]

    def names(self) -> list[str]:
        """Return the types of all dispatched events, in order."""
        return [name for name, _ in self.events()]

    def event(self, name: str, count: int = 1, seconds: float = PATIENCE) -> Any:
        """Wait for the `count`-th event of a type and return its payload."""
        wait_until(
            f"{name} number {count} at {self.user}; so far {self.names()}",
            lambda: len(self.events(name)) >= count,
            seconds,
        )
        return self.events(name)[count - 1][1]

    def message(
        self, message_type: str, count: int = 1, seconds: float = PATIENCE
    ) -> dict[str, Any]:
        """Wait for the `count`-th message of a type that Salesforce's side sent."""
        wait_until(
            f"{message_type} number {count} from {self.user}",
            lambda: len(self.sent(message_type)) >= count,
            seconds,
        )
        return self.sent(message_type)[count - 1]
