"""A contact center with two agents at their softphones and the world outside, for a whole file.

Opening a softphone loads Python in the browser; so the pages stay open, and each test begins
with agents who are free, without calls and with the org's first settings.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.support.demo_server import DemoServer, wait_until
from tests.support.remote_page import RemotePage
from tests.support.softphone_page import SoftphonePage

ADA, BEN = "ada@demo.example", "ben@demo.example"
CUSTOMER, THEO = "+14155550123", "+14155550188"
MARIA, THEO_SHOWN = "+1 (415) 555-0123", "+1 (415) 555-0188"
"""How the pages show the customer and an outside expert."""

_FLOWS = "/salesforce-simulator/ui/flows"
_OPEN_WORK = ("ASSIGNED", "ACCEPTED")
_DESK = {"connected": "end_call", "ringing": "decline_call"}


class Floor:
    """The demo server with the pages of Ada, of Ben and of everybody outside.

    Args:
        server: A running demo.
        make_page: Makes a page in a browser profile of its own.
    """

    def __init__(self, server: DemoServer, make_page: Callable[[], Page]) -> None:
        self.server = server
        self._make_page = make_page
        self._phones: dict[str, SoftphonePage] = {}
        self._remote: RemotePage | None = None
        self._first_settings = self._settings()
        self._first_flows = server.get(_FLOWS)

    # ------------------------------------------------------------------------------- pages

    @property
    def ada(self) -> SoftphonePage:
        """Ada's softphone, opened when it is first wanted."""
        return self._phone(ADA)

    @property
    def ben(self) -> SoftphonePage:
        """Ben's softphone, opened when it is first wanted."""
        return self._phone(BEN)

    @property
    def remote(self) -> RemotePage:
        """The simulator's page, opened when it is first wanted."""
        if self._remote is None:
            page = self._make_page()
            page.on("crash", lambda: setattr(self, "_remote", None))
            self._remote = RemotePage(page, self.server.url).open()
        return self._remote

    def _phone(self, user: str) -> SoftphonePage:
        if user not in self._phones:
            page = self._make_page()
            # Whoever tries again opens another one.
            page.on("crash", lambda: self._phones.pop(user, None))
            self._phones[user] = SoftphonePage(page, self.server.url, user).open()
        return self._phones[user]

    # -------------------------------------------------------------------------- what is so

    def overview(self) -> dict[str, Any]:
        """Return what the demo tells of its agents and calls."""
        return dict(self.server.get("/demo/v1/overview"))

    def agent(self, user: str) -> dict[str, Any]:
        """Return what the demo tells of an agent."""
        agents = self.overview()["agents"]
        return dict(next(one for one in agents if one["userName"] == user))

    def expect_state(self, user: str, state: str) -> None:
        """Wait until the telephony system has an agent in a state: available, on_call …"""
        wait_until(f"{user} is {state}", lambda: self.agent(user)["state"] == state)

    def call(self) -> dict[str, Any]:
        """Return the one active call of the overview."""
        (call,) = self.overview()["calls"]
        return dict(call)

    def record(self, key: str) -> dict[str, Any]:
        """Wait for the VoiceCall of a vendor call key, and return it with what belongs to it."""
        wait_until(f"a VoiceCall of {key}", lambda: self.server.voice_calls(key))
        return dict(self.server.get(f"/salesforce-simulator/ui/voiceCalls/{key}"))

    def demo(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """POST to an endpoint below /demo/v1/."""
        return self.server.post(f"/demo/v1/{path}", body)

    def change_settings(self, **settings: Any) -> None:
        """Change some of the org's settings, by the names of the API."""
        self.server.put("/demo/v1/settings", settings)

    # ------------------------------------------------------------------- what is often done

    def free(self, *phones: SoftphonePage) -> None:
        """Make agents available."""
        for phone in phones:
            phone.become("Available")
        for phone in phones:
            self.expect_state(phone.user, "available")

    def rings(self, phone: SoftphonePage, **more: Any) -> str:
        """Let the customer call an agent, and return the call's id."""
        self.free(phone)
        body = {"from": CUSTOMER, "userName": phone.user, **more}
        call_id = str(self.demo("inbound-calls", body)["callId"])
        phone.expect_call("ringing")
        return call_id

    def talks(self, phone: SoftphonePage, **more: Any) -> str:
        """Let an agent talk with the customer, and return the call's id."""
        call_id = self.rings(phone, **more)
        phone.press("Accept")
        phone.expect_call("connected")
        phone.event("CALL_CONNECTED")
        return call_id

    # ------------------------------------------------------------------ between two tests

    def tidy(self) -> None:
        """End what goes on, and forget what was: as after `open`, without the wait."""
        self.server.put("/demo/v1/settings", self._first_settings)
        self.server.put("/demo/v1/pbx", {"nextDial": "ring"})
        self.server.put("/salesforce-simulator/ui/faults", {"mode": "none"})
        self.server.put(_FLOWS, self._first_flows)
        wait_until("no call goes on", self._no_call_is_left)
        self._close_work()
        for phone in self._phones.values():
            self._tidy_phone(phone)

    def _settings(self) -> dict[str, Any]:
        return dict(self.server.get("/demo/v1/settings"))

    def _no_call_is_left(self) -> bool:
        calls = self.overview()["calls"]
        names = {one["agentId"]: one["userName"] for one in self.overview()["agents"]}
        for call in calls:
            for party in call["participants"]:
                self._send_off(call, party, names.get(party.get("agentId")))
        return not calls

    def _send_off(self, call: dict[str, Any], party: dict[str, Any], user: str | None) -> None:
        about = f"calls/{call['callId']}/participants/{party['participantId']}/leaves"
        try:
            if user is None:
                self.demo(about)
            elif party["participantType"] == "Supervisor":
                self._at_desk(user, "stop_supervising", call)
            elif party["state"] in _DESK:
                self._at_desk(user, _DESK[party["state"]], call)
        except OSError:
            pass  # Gone with somebody else; the next look shows what is left.

    def _at_desk(self, user: str, action: str, call: dict[str, Any]) -> None:
        self.demo(f"agents/{user}/desk-phone", {"action": action, "callId": call["callId"]})

    def _close_work(self) -> None:
        work = "/salesforce-simulator/ui/workItems"
        for user in (ADA, BEN):
            for item in self.server.get(f"{work}?user={user}"):
                if item["status"] in _OPEN_WORK:
                    step = "decline" if item["status"] == "ASSIGNED" else "close"
                    self.server.post(f"{work}/{item['workId']}/{step}")

    def _tidy_phone(self, phone: SoftphonePage) -> None:
        phone.expect_no_call()
        phone.open_tab("Call")
        finish = phone.page.get_by_role("button", name="Close voice call tab")
        if finish.is_visible():
            finish.click()
            expect(finish).to_be_hidden()
        if "Offline" not in phone.page.get_by_test_id("agent-status").inner_text():
            phone.become("Offline")
        self.expect_state(phone.user, "offline")
        # All at once: some notices go by themselves meanwhile.
        close = phone.page.get_by_role("button", name="Dismiss")
        close.evaluate_all("(all) => { for (const one of all) one.click(); }")
        phone.page.evaluate("() => { window.scvProtocolLog.length = 0; }")


@contextmanager
def open_floor(server: DemoServer, browser: Browser) -> Generator[tuple[Floor, list[str]]]:
    """Open a floor; also returns the list into which errors of its pages go."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def make() -> Page:
        contexts.append(browser.new_context(viewport={"width": 1280, "height": 900}))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    try:
        yield Floor(server, make), errors
    finally:
        for context in contexts:
            context.close()
