"""What an agent does in the softphone beside calls: supervise, write, work, settings, records."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.support.patience import PATIENCE


class DeskVerbs:
    """Verbs for every tab but Call, and for the VoiceCall's record."""

    page: Page

    def open_tab(self, name: str) -> None:
        """Bring a tab to the front: Call, Contacts, Supervisor, Messages, Work or Settings."""
        self.page.get_by_role("tab", name=name).click()

    def _click(self, name: str | re.Pattern[str]) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def expect_notice(self, text: str) -> None:
        """Wait until an error or a note says this."""
        notices = self.page.get_by_role("region", name="Notifications")
        expect(notices.get_by_test_id("toast").filter(has_text=text).first).to_be_visible()

    # --------------------------------------------------------------------- supervisor

    @property
    def supervised(self) -> Locator:
        """The card of the call that is listened to."""
        return self.page.get_by_test_id("supervised")

    def listen_in(self, agent: str) -> None:
        """Listen to the call of an agent, by the full name."""
        self.open_tab("Supervisor")
        self._click(re.compile(f"^Listen in: {re.escape(agent)} with "))

    def barge_in(self) -> None:
        """Be heard on the call that is listened to."""
        self.open_tab("Supervisor")
        self._click("Barge In")

    def stop_listening(self) -> None:
        """Leave the call that is listened to."""
        self.open_tab("Supervisor")
        self._click("Disconnect")

    def expect_supervising(self, state: str, seconds: float = PATIENCE) -> None:
        """Wait for a supervised call: ringing, connected or barged-in."""
        expect(self.supervised).to_have_attribute("data-call-state", state, timeout=seconds * 1000)
        expect(self.supervised).not_to_have_attribute("hidden", "")

    def expect_not_supervising(self) -> None:
        """Wait until no call is listened to."""
        expect(self.supervised).to_have_attribute("hidden", "")

    # ----------------------------------------------------------------------- messages

    def send_message(self, text: str) -> None:
        """Say something to the telephony system, as a component of the page would."""
        self.open_tab("Messages")
        self.page.get_by_label("Message to the telephony system").fill(text)
        self._click("Send Message")

    def expect_message(self, text: str) -> None:
        """Wait until the telephony system said this."""
        self.open_tab("Messages")
        expect(self.page.get_by_test_id("message").filter(has_text=text).first).to_be_visible()

    def call_preview(self, who: str) -> None:
        """Call whom a preview dialer proposes."""
        self.preview(who).get_by_role("button", name="Call").click()

    def skip_preview(self, who: str) -> None:
        """Do not call them."""
        self.preview(who).get_by_role("button", name="Skip").click()

    def preview(self, who: str) -> Locator:
        """Return the proposal with this name or number."""
        return self.page.get_by_test_id("preview").filter(has_text=who)

    # --------------------------------------------------------------------------- work

    def work(self, title: str) -> Locator:
        """Return a work item, as "Voicemail" or "Contact request from …"."""
        return self.page.get_by_test_id("work-item").filter(has_text=title)

    def expect_work(self, title: str, status: str = "ASSIGNED") -> None:
        """Wait for a work item in a status."""
        self.open_tab("Work")
        expect(self.work(title).first).to_have_attribute("data-status", status)

    def expect_no_work(self) -> None:
        """Wait until there is no work item."""
        self.open_tab("Work")
        expect(self.page.get_by_test_id("work-item")).to_have_count(0)

    def do_work(self, step: str, title: str) -> None:
        """Press a button of a work item: Accept, Decline, Close, Call Back or Transfer."""
        self.open_tab("Work")
        self.work(title).get_by_role("button", name=f"{step} ").click()

    # ----------------------------------------------------------------------- settings

    def choose_phone(self, phone: str, number: str | None = None) -> None:
        """Choose "Soft Phone" or "Desk Phone", this one with a number."""
        self.open_tab("Settings")
        self.page.get_by_label(phone, exact=True).check()
        if number is not None:
            self.page.get_by_label("Desk Phone Number").fill(number)
        self._click("Save Phone")

    def choose_audio_devices(self, *, speaker: str | None, microphone: str | None) -> None:
        """Choose audio devices by their labels."""
        self.open_tab("Settings")
        for name, label in (("Speaker", speaker), ("Microphone", microphone)):
            if label is not None:
                self.page.get_by_label(name, exact=True).select_option(label=label)
        self._click("Save Audio Devices")

    def ask_vendor_status(self) -> str:
        """Ask the telephony system for the agent's status, and return what the page shows."""
        self.open_tab("Settings")
        self._click("Ask for the Status")
        shown = self.page.get_by_test_id("vendor-status")
        expect(shown).not_to_have_text("not asked yet")
        return shown.inner_text()

    def download_logs(self, folder: Path) -> str:
        """Download the agent's debug information, and return its text."""
        self.open_tab("Settings")
        with self.page.expect_download() as waiting:
            self._click("Download agent debug information")
        file = folder / waiting.value.suggested_filename
        waiting.value.save_as(file)
        return file.read_text(encoding="utf-8")

    def log_out(self) -> None:
        """Sign out of the telephony system."""
        self.open_tab("Settings")
        self._click("Log Out")

    # ----------------------------------------------------------------- VoiceCall record

    @property
    def record(self) -> Locator:
        """The record page of the VoiceCall."""
        return self.page.get_by_test_id("voice-call-record")

    def expect_record(self, **fields: str) -> None:
        """Wait until the record shows these values, by the names of the API."""
        for name, value in fields.items():
            expect(self.record.locator(f'[data-field="{name}"]')).to_have_text(value)

    def expect_conversation(self, *sentences: str) -> None:
        """Wait until the transcript holds these sentences, in this order."""
        said = self.record.get_by_test_id("conversation").get_by_role("listitem")
        expect(said).to_contain_text(list(sentences))

    def expect_recording(self, note: str) -> None:
        """Wait until the recording says this: its length, or what is wrong."""
        expect(self.record.get_by_test_id("recording-note")).to_contain_text(note)

    def click_number(self, number: str) -> None:
        """Click a phone number of the record: call, or add it to the call."""
        self.record.get_by_test_id("click-to-dial").filter(has_text=number).first.click()
