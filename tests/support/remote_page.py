"""`remote.html` with verbs: the outside world of callers, and agents' desk phones."""

from playwright.sync_api import Locator, Page, expect


class RemotePage:
    """The voice-call simulator, open in a page."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    def open(self, agent: str | None = None) -> "RemotePage":
        """Open the page and wait for its first overview; drive the agent with that full name."""
        self.page.goto(f"{self.url}/remote.html")
        expect(self.page.get_by_role("heading", name="Active Calls")).to_be_visible()
        expect(self.page.get_by_test_id("line-state")).to_have_attribute("data-line", "open")
        if agent is not None:
            self.choose_agent(agent)
        return self

    # ---- the page's own parts ------------------------------------------------------------------

    def choose_agent(self, full_name: str) -> None:
        """Choose whom this page drives."""
        self.page.get_by_label("Select Salesforce User", exact=True).select_option(label=full_name)

    def tab(self, name: str) -> None:
        """Show a tab."""
        self.page.get_by_role("tab", name=name, exact=True).click()

    def press(self, name: str) -> None:
        """Press a button by its visible label; its tab must be shown."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def press_until_done(self, name: str, card: str) -> None:
        """Press a button and wait until the card with that id says that it is done."""
        self.press(name)
        expect(self.page.get_by_test_id(f"{card}-done")).not_to_be_empty()

    def expect_refused(self, card: str, *words: str) -> None:
        """Wait until the card with that id shows why something was refused."""
        problem = self.page.locator(f"#{card}-card .field-error:not(:empty)")
        expect(problem.first).to_be_visible()
        for word in words:
            expect(problem.first).to_contain_text(word)

    def fill(self, label: str, text: str) -> None:
        """Type into a field of the tab that is shown."""
        self._field(label).fill(text)

    def show_more(self) -> None:
        """Open the first "More Options" of the tab that is shown."""
        self.page.get_by_text("More Options").locator("visible=true").first.click()

    def select(self, label: str, choice: str) -> None:
        """Choose an entry of a list by its text, in the tab that is shown."""
        self._field(label).select_option(label=choice)

    def check(self, label: str, is_on: bool = True) -> None:
        """Tick a box of the tab that is shown, and wait until the server has it.

        Of several boxes with this label the one is meant whose group stands first.
        """
        box = self._field(label).first
        box.set_checked(is_on)
        expect(self.page.locator(".done:not(:empty)")).to_have_text("Saved.")
        expect(box).to_be_checked(checked=is_on)

    def check_box(self, label: str, is_on: bool = True) -> None:
        """Tick a box of a form, which is sent with the form."""
        self._field(label).set_checked(is_on)

    def _field(self, label: str) -> Locator:
        panel = self.page.get_by_role("tabpanel")
        return panel.get_by_label(label, exact=True).locator("visible=true")

    # ---- calls ---------------------------------------------------------------------------------

    def inbound_call(self, number: str, agent: str | None = None) -> None:
        """Let a customer call, one agent or whoever is free for longest."""
        if agent is not None:
            self.choose_agent(agent)
        self.tab("Calls")
        who = self.page.get_by_label("Who Gets the Call", exact=True)
        who.select_option("longest" if agent is None else "agent")
        self.page.get_by_label("Phone Number", exact=True).fill(number)
        self.press("Inbound Call")

    def start(self, button: str, number: str) -> None:
        """Begin something with a number by a button of the tab Calls: Callback, Outbound Call …"""
        self.tab("Calls")
        self.page.get_by_label("Phone Number", exact=True).fill(number)
        self.press_until_done(button, "inbound")

    def next_dial(self, outcome: str) -> None:
        """Choose what becomes of the next dialed call: Rings, Busy or Unreachable."""
        self.tab("Calls")
        self.page.get_by_role("radio", name=outcome, exact=True).check()

    @property
    def calls(self) -> Locator:
        """The list of active calls."""
        return self.page.get_by_test_id("active-call")

    def party(self, *words: str) -> Locator:
        """Return the line of the party of an active call that shows these words."""
        found = self.calls.get_by_test_id("participant")
        for word in words:
            found = found.filter(has_text=word)
        return found

    def answers(self, *words: str) -> None:
        """Let the customer, a third party or a supervisor pick up: who shows these words."""
        self.party(*words).get_by_role("button", name="Answers").click()

    def leaves(self, *words: str) -> None:
        """Let the customer, a third party or a supervisor leave: who shows these words."""
        self.party(*words).get_by_role("button", name="Leaves").click()

    def expect_call(self, *words: str) -> None:
        """Wait until the one active call shows these words."""
        expect(self.calls).to_have_count(1)
        for word in words:
            expect(self.calls).to_contain_text(word)

    def expect_no_call(self) -> None:
        """Wait until no call is active."""
        expect(self.calls).to_have_count(0)

    # ---- the desk phone ------------------------------------------------------------------------

    def at_desk(self, button: str, card: str = "desk-talking") -> None:
        """Press a button of the tab Desk Phone and wait until it is done.

        Args:
            button: Its visible label.
            card: Where it stands: desk-ringing, desk-talking, desk-add, desk-supervise …
        """
        self.tab("Desk Phone")
        self.press_until_done(button, card)

    def with_party(self, verb: str, *words: str) -> None:
        """Hold, Resume, Mute, Unmute or Remove, at the desk phone, the party with these words."""
        self.tab("Desk Phone")
        found = self.page.get_by_test_id("desk-party")
        for word in words:
            found = found.filter(has_text=word)
        found.get_by_role("button", name=f"{verb}:").click()
        expect(self.page.get_by_test_id("desk-parties-done")).not_to_be_empty()

    def end_leg(self, *words: str) -> None:
        """End, at the desk phone, one party's leg by the menu of "End Call"."""
        self.tab("Desk Phone")
        self.press("More ways to end")
        entry = self.page.get_by_role("menuitem")
        for word in words:
            entry = entry.filter(has_text=word)
        entry.click()
        expect(self.page.get_by_test_id("desk-talking-done")).not_to_be_empty()

    def bring_in(self, how: str, *, number: str | None = None, contact: str | None = None) -> None:
        """Bring somebody into the call at the desk phone.

        Args:
            how: Add, Consult, Blind Transfer or Dial.
            number: Whom, by a phone number.
            contact: Or by the name of an agent, a queue or a flow.
        """
        self.tab("Desk Phone")
        kind = self.page.get_by_label("Whom", exact=True)
        if number is not None:
            kind.select_option("PhoneNumber")
            self.page.get_by_label("Number", exact=True).fill(number)
        else:
            self._choose_contact(kind, contact or "")
        self.press_until_done(how, "desk-add")

    def _choose_contact(self, kind: Locator, name: str) -> None:
        names = self.page.locator("#add-contact")
        for value in ("Agent", "PhoneBook", "Queue", "Flow"):
            kind.select_option(value)
            if name in names.locator("option").all_inner_texts():
                names.select_option(label=name)
                return
        raise AssertionError(f"nobody is called {name!r}")

    # ---- settings ------------------------------------------------------------------------------

    def controls_of(self, choice: str) -> None:
        """Choose whose controls the tab Call Controls shows, by words of the entry."""
        self.tab("Call Controls")
        select = self.page.get_by_label("Whose Controls", exact=True)
        option = select.locator("option").filter(has_text=choice).first
        select.select_option(value=option.get_attribute("value"))

    def set_status(self, name: str, kind: str = "Salesforce") -> None:
        """Let the telephony system change the status: a Salesforce or a Telephony one."""
        self.tab("Agent")
        self.select(f"{kind} Status", name)
        self.press_until_done(f"Set {kind} Status", "agent-status")

    def use_desk_phone(self, number: str) -> None:
        """Let the agent hear calls at the desk phone."""
        self._save_phone("Desk phone (hard phone)", number)

    def use_softphone(self) -> None:
        """Let the agent hear calls in the browser again."""
        self._save_phone("Soft phone", None)

    def _save_phone(self, kind: str, number: str | None) -> None:
        self.tab("Agent")
        self.select("Phone Type", kind)
        if number is not None:
            self.fill("Desk Phone Number", number)
        self.press_until_done("Save Phone", "agent-phone")

    def display_error(self, label: str | None = None) -> None:
        """Let everything that agents' pages ask be refused: with a custom label, or as usual."""
        self.tab("Errors")
        kind = self.page.get_by_label("Which Error", exact=True)
        kind.select_option("usual" if label is None else "label")
        if label is not None:
            self.fill("Custom Label", label)
        self.press_until_done("Display an Error", "simulated-error")

    def stop_errors(self) -> None:
        """Let requests work again."""
        self.tab("Errors")
        self.press_until_done("Stop Errors", "simulated-error")
