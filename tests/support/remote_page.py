"""`remote.html` with verbs: the outside world of callers."""

from playwright.sync_api import Locator, Page, expect


class RemotePage:
    """The voice-call simulator, open in a page."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    def open(self) -> "RemotePage":
        """Open the page and wait for its first overview."""
        self.page.goto(f"{self.url}/remote.html")
        expect(self.page.get_by_role("heading", name="Active Calls")).to_be_visible()
        return self

    def press(self, name: str) -> None:
        """Press a button by its visible label."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def inbound_call(self, number: str, agent: str | None = None) -> None:
        """Let a customer call, one agent or whoever is free for longest."""
        if agent is not None:
            self.page.get_by_label("Select Salesforce User", exact=True).select_option(label=agent)
        self.page.get_by_label("Phone Number", exact=True).fill(number)
        self.press("Inbound Call")

    @property
    def calls(self) -> Locator:
        """The list of active calls."""
        return self.page.get_by_test_id("active-call")

    def expect_call(self, *words: str) -> None:
        """Wait until the one active call shows these words."""
        expect(self.calls).to_have_count(1)
        for word in words:
            expect(self.calls).to_contain_text(word)

    def expect_no_call(self) -> None:
        """Wait until no call is active."""
        expect(self.calls).to_have_count(0)
