"""Salesforce's page with the real connector in Chromium, and a scripted server behind it."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from playwright.sync_api import FrameLocator, Page

from connector_py.entities import AgentSnapshot, CallSnapshot, Notification
from tests.support.api_fakes import CONFIG
from tests.support.builders import make_agent_snapshot
from tests.support.conversation_in_chromium import ScriptedSite
from tests.support.demo_server import wait_until
from tests.support.scripted_server import Answer, ScriptedServer


class ConnectorHost:
    """Plays Salesforce: shakes hands, sends messages, hears events and logs.

    Args:
        page: A page of the browser.
        site: Where the connector comes from.
    """

    def __init__(self, page: Page, site: ScriptedSite) -> None:
        self.page = page
        self._site = site
        self.server = ScriptedServer(agent=make_agent_snapshot())

    # ---- verbs -------------------------------------------------------------------------------

    def has(
        self,
        *calls: CallSnapshot,
        agent: AgentSnapshot | None = None,
        answers: Mapping[str, Answer] | None = None,
        is_signed_in: bool = True,
    ) -> "ConnectorHost":
        """What the server has, before the page is opened."""
        self.server = ScriptedServer(
            agent=agent or make_agent_snapshot(),
            calls=calls,
            answers=answers,
            is_signed_in=is_signed_in,
        )
        return self

    def loads(self) -> "ConnectorHost":
        """Open the page with the connector in its frame."""
        self._site.server = self.server
        self.page.goto(f"{self._site.url}/host.html")
        url = f"{self._site.url}/connector.html"
        self.page.evaluate("(url) => window.openConnector(url, 'connector')", url)
        return self

    def shakes_hands(self, **config: Any) -> "ConnectorHost":
        """Say SETUP_CONNECTOR."""
        self.page.evaluate(
            "([config, origin]) => window.shakeHands('connector', config, origin)",
            [{**CONFIG, **config}, self._site.url],
        )
        return self

    def opens(self) -> "ConnectorHost":
        """Load, shake hands and wait until the connector is ready."""
        self.loads().shakes_hands()
        self.ready()
        return self

    def says(self, *messages: Mapping[str, Any]) -> None:
        """Send messages on the port, all in one turn."""
        send = "(all) => all.forEach((one) => window.port.postMessage(one))"
        self.page.evaluate(send, [dict(one) for one in messages])

    def happens(self, *notifications: Notification) -> None:
        """Let the server tell something by itself."""
        for notification in notifications:
            self._site.tell(notification)

    # ---- what is heard -----------------------------------------------------------------------

    @property
    def connector(self) -> FrameLocator:
        """The connector's own page."""
        return self.page.frame_locator("#connector")

    def run(self, script: str, argument: Any = None) -> Any:
        """Run JavaScript in the connector's page."""
        [frame] = [one for one in self.page.frames if one.url.endswith("/connector.html")]
        return frame.evaluate(script, argument)

    def received(self, kind: str) -> list[Any]:
        """The payloads of all messages of one kind, dates as texts."""
        script = "() => JSON.parse(JSON.stringify(window.received))"
        messages = self.page.evaluate(script)
        return [one.get("payload") for one in messages if one["type"] == kind]

    def ready(self) -> Any:
        """The payload of CONNECTOR_READY."""
        return self.sees(lambda: self.received("CONNECTOR_READY"), "CONNECTOR_READY")[-1]

    def events(self) -> list[tuple[str, Any]]:
        """All events, oldest first."""
        dispatched = self.received("TELEPHONY_EVENT_DISPATCHED")
        return [(one["telephonyEventType"], one.get("telephonyEventPayload")) for one in dispatched]

    def event(self, name: str) -> Any:
        """The payload of the newest event of a kind; waits for one."""

        def found() -> list[Any]:
            return [(payload,) for kind, payload in self.events() if kind == name]

        return self.sees(found, name)[-1][0]

    def names(self) -> list[str]:
        """The names of all events, oldest first."""
        return [name for name, _ in self.events()]

    def logged(self, event_type: str) -> list[Any]:
        """The entries of Salesforce's log about something; waits for one."""

        def found() -> list[Any]:
            return [one for one in self.received("LOG") if one["eventType"] == event_type]

        return self.sees(found, f"a log entry {event_type}")

    def sees(self, condition: Callable[[], Any], what: str) -> Any:
        """Wait until something is true, and return it."""
        return wait_until(what, condition)

    def quiet(self, millis: float = 150) -> None:
        """Give time for what should not happen."""
        until = time.monotonic() + millis / 1000
        while time.monotonic() < until:
            self.page.wait_for_timeout(10)
