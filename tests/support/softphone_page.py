"""`softphone.html` with verbs: what an agent does, and what the protocol log holds."""

from typing import Any

from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.support.demo_server import wait_until

READY_SECONDS = 30


class SoftphonePage:
    """The softphone of one agent, open in a page."""

    def __init__(self, page: Page, url: str, user: str) -> None:
        self.page = page
        self.url = url
        self.user = user

    # ------------------------------------------------------------------ the agent's doings

    def open(self) -> "SoftphonePage":
        """Open the page and wait until the connector is ready."""
        self.page.goto(f"{self.url}/softphone.html?user={self.user}")
        return self.wait_ready()

    def reload(self) -> "SoftphonePage":
        """Reload the whole page, as an agent would by F5."""
        self.page.reload()
        return self.wait_ready()

    def wait_ready(self) -> "SoftphonePage":
        """Wait until the base connector said CONNECTOR_READY with capabilities."""
        expect(self.page.get_by_test_id("phone-state")).to_have_attribute(
            "data-phase", "ready", timeout=READY_SECONDS * 1000
        )
        return self

    def become(self, status: str) -> None:
        """Choose a presence status from the menu."""
        self.page.get_by_test_id("agent-status").click()
        self.page.get_by_role("menuitemradio", name=status, exact=True).click()
        expect(self.page.get_by_test_id("agent-status")).to_contain_text(status)

    def press(self, name: str) -> None:
        """Press a button by its visible label."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def dial(self, number: str) -> None:
        """Type a number and call it."""
        self.page.get_by_label("Phone Number", exact=True).fill(number)
        self.press("Call")

    # ------------------------------------------------------------------- what it shows

    @property
    def call(self) -> Locator:
        """The card of the call."""
        return self.page.get_by_test_id("call")

    @property
    def connector(self) -> FrameLocator:
        """Inside of the connector's iframe."""
        return self.page.frame_locator("#connector-frame")

    def expect_call(self, state: str, seconds: float = 10) -> None:
        """Wait until one call is shown in a state: ringing, connected or held."""
        expect(self.call).to_have_count(1, timeout=seconds * 1000)
        expect(self.call).to_have_attribute("data-call-state", state, timeout=seconds * 1000)

    def expect_no_call(self, seconds: float = 10) -> None:
        """Wait until no call is shown."""
        expect(self.call).to_have_count(0, timeout=seconds * 1000)

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

    def event(self, name: str, count: int = 1, seconds: float = 10) -> Any:
        """Wait for the `count`-th event of a type and return its payload."""
        wait_until(
            f"{name} number {count} at {self.user}; so far {self.names()}",
            lambda: len(self.events(name)) >= count,
            seconds,
        )
        return self.events(name)[count - 1][1]
