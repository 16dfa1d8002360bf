"""Production: a host page on a Salesforce name, real origin check, sign-in, no demo switch.

Chromium's resolver rules map the names to this machine; both sides speak TLS.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright

from tests.support.browser import CHROMIUM_FLAGS, chromium_path
from tests.support.certificates import write_tls_pair
from tests.support.demo_server import DemoServer, free_port, wait_until
from tests.support.host_page import HostPage

pytestmark = pytest.mark.e2e

SALESFORCE = "acme.lightning.force.com"
EVIL = "evil.lightning.force.com"
CONNECTOR = "voice.example.com"
ORG = "00D000000000001"
USER = "ada@acme.example"
DEMO_ONLY = (
    "/softphone.html",
    "/remote.html",
    "/demo/v1/overview",
    "/demo/v1/users",
    "/salesforce-simulator/ui/voiceCalls",
)


@dataclass
class Production:
    """The parts of a production set-up on this machine."""

    server: DemoServer
    host: HostPage
    page: Page

    @property
    def connector(self) -> str:
        return f"https://{CONNECTOR}:{self.server.port}"

    def is_alive(self) -> bool:
        """Let Playwright hear what happened meanwhile: it listens only while it is asked."""
        return bool(self.page.evaluate("() => true"))

    def open_host(self, name: str = SALESFORCE) -> None:
        self.page.goto(f"https://{name}:{self.host.port}/")

    def frame(self, path: str, target: str) -> None:
        self.page.evaluate("([url, id]) => openConnector(url, id)", [self.connector + path, target])

    def say(self, message: Any, target: str = "connector") -> None:
        self.page.evaluate(
            "([id, message, origin]) => say(id, message, origin)",
            [target, message, self.connector],
        )

    def shake_hands(self, target: str = "connector") -> None:
        config = {
            "organizationId": ORG,
            "userName": USER,
            "userId": "005000000000001",
            "userFullName": "Ada Agent",
            "/reqGeneralInfo/reqInternalName": "AcmeVoice",
        }
        self.page.evaluate(
            "([id, config, origin]) => shakeHands(id, config, origin)",
            [target, config, self.connector],
        )

    def received(self) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = self.page.evaluate("() => window.received")
        return messages

    def event_names(self) -> list[str]:
        return [
            message["payload"]["telephonyEventType"]
            for message in self.received()
            if message["type"] == "TELEPHONY_EVENT_DISPATCHED"
        ]


@pytest.fixture
def mapped_browser(playwright: Playwright, request: pytest.FixtureRequest) -> Iterator[Browser]:
    """A browser for these names; a parameter names further flags."""
    rules = ", ".join(f"MAP {name} 127.0.0.1" for name in (SALESFORCE, EVIL, CONNECTOR))
    launched = playwright.chromium.launch(
        executable_path=chromium_path(),
        args=[*CHROMIUM_FLAGS, f"--host-resolver-rules={rules}", *getattr(request, "param", ())],
    )
    yield launched
    launched.close()


@pytest.fixture
def production(tmp_path: Path, mapped_browser: Browser) -> Iterator[Production]:
    certificate, key = write_tls_pair(tmp_path / "tls", SALESFORCE, EVIL, CONNECTOR)
    with HostPage(certificate, key) as host:
        server = start_server(tmp_path, certificate, key, host.port)
        context = mapped_browser.new_context(ignore_https_errors=True)
        yield Production(server, host, context.new_page())
        context.close()
        server.stop()


def start_server(tmp_path: Path, certificate: Path, key: Path, host_port: int) -> DemoServer:
    """Start `scv serve` for one tenant whose Salesforce is not reachable."""
    port = free_port()
    config = tmp_path / "scv.toml"
    environment = {
        "SCV_CONFIG_FILE": str(config),
        "SCV_PUBLIC_URL": f"https://{CONNECTOR}:{port}",
        "SCV_ALLOWED_HOST_ORIGINS": f"https://{SALESFORCE}:{host_port}",
        "SCV_TLS_CERTIFICATE_FILE": str(certificate),
        "SCV_TLS_KEY_FILE": str(key),
    }
    server = DemoServer(
        tmp_path / "data", command="serve", scheme="https", port=port, environment=environment
    )
    config.write_text(
        f"""
[[tenants]]
organization_id = "{ORG}"
name = "Acme"
call_center_api_name = "AcmeVoice"
scrt_base_url = "https://127.0.0.1:9"
private_key_file = "{key}"
telephony_provider_name = "acme"
"""
    )
    return server.start()


@pytest.mark.parametrize(
    "mapped_browser",
    [(), ("--test-third-party-cookie-phaseout",)],
    ids=["cookies by default", "no third-party cookies"],
    indirect=True,
)
def test_the_connector_starts_on_a_salesforce_page(production: Production) -> None:
    production.open_host()
    production.frame("/connector.html", "connector")

    production.shake_hands()

    wait_until(
        f"SHOW_LOGIN; so far {production.received()}",
        lambda: "SHOW_LOGIN" in production.event_names(),
    )
    code = production.server.run("agent", "sign-in-code", "--tenant", ORG, "--user", USER).split()
    production.frame("/login.html", "login")
    login = production.page.frame_locator("#login")
    login.get_by_label("Sign-In Code").fill(code[-1])
    login.get_by_role("button", name="Log In").click()
    wait_until("LOGIN_RESULT", lambda: "LOGIN_RESULT" in production.event_names())
    ready = wait_until(
        "CONNECTOR_READY",
        lambda: [m for m in production.received() if m["type"] == "CONNECTOR_READY"],
    )
    assert ready[-1]["payload"]["capabilities"]["MUTE"] is True
    assert ready[-1]["payload"]["callInProgress"] is None
    assert "SHOW_STORAGE_ACCESS" not in production.event_names()

    # The sign-in is kept.
    production.open_host()
    production.frame("/connector.html", "connector")
    production.shake_hands()
    wait_until(
        f"CONNECTOR_READY; so far {production.received()}",
        lambda: "CONNECTOR_READY" in [message["type"] for message in production.received()],
    )
    assert "SHOW_LOGIN" not in production.event_names()


def test_a_handshake_right_after_the_frame_appears_is_not_lost(production: Production) -> None:
    production.open_host()
    production.page.evaluate(
        """(url) => {
            const frame = document.createElement('iframe');
            frame.id = 'connector';
            frame.src = url;
            document.body.append(frame);
        }""",
        f"{production.connector}/connector.html",
    )
    wait_until(
        "the guard listens",
        lambda: production.is_alive() and frame_has_guard(production.page),
    )

    production.shake_hands()

    wait_until("SHOW_LOGIN", lambda: "SHOW_LOGIN" in production.event_names())


def frame_has_guard(page: Page) -> bool:
    frames = [frame for frame in page.frames if CONNECTOR in frame.url]
    return bool(frames) and bool(frames[0].evaluate("() => document.readyState !== 'loading'"))


def test_hostile_first_messages_do_not_block_the_real_one(production: Production) -> None:
    production.open_host()
    production.frame("/connector.html", "connector")

    for hostile in (None, 7, "SETUP_CONNECTOR", {"type": "SETUP_CONNECTOR"}, {"type": ["x"]}):
        production.say(hostile)
    production.shake_hands()

    wait_until("SHOW_LOGIN", lambda: "SHOW_LOGIN" in production.event_names())


def test_a_second_handshake_changes_nothing(production: Production) -> None:
    console: list[str] = []
    production.page.on("console", lambda message: console.append(message.text))
    production.open_host()
    production.frame("/connector.html", "connector")
    production.shake_hands()
    wait_until("SHOW_LOGIN", lambda: "SHOW_LOGIN" in production.event_names())
    before = len(production.received())

    production.shake_hands()

    wait_until(
        "the reason is said",
        lambda: production.is_alive() and any("SETUP_CONNECTOR" in line for line in console),
    )
    assert len(production.received()) == before


def test_a_foreign_page_cannot_even_frame_the_connector(production: Production) -> None:
    production.open_host(EVIL)
    production.frame("/connector.html", "connector")

    production.shake_hands()
    production.page.wait_for_timeout(1500)  # nothing to wait for: the point is that nothing comes

    assert production.received() == []
    frames = [frame.url for frame in production.page.frames]
    assert not any(url.startswith(production.connector) for url in frames), "frame-ancestors"


def test_a_foreign_origin_gets_nothing_from_an_open_connector(production: Production) -> None:
    """Without `frame-ancestors` in the way: the guard itself refuses a foreign opener."""
    production.open_host(EVIL)
    with production.page.expect_popup() as opened:
        production.page.evaluate(
            "(url) => { window.child = open(url); }", f"{production.connector}/connector.html"
        )
    popup = opened.value
    popup.wait_for_load_state()

    production.page.evaluate(
        """(origin) => {
            const channel = new MessageChannel();
            channel.port1.onmessage = (event) => window.received.push(event.data);
            window.child.postMessage(
                {type: 'SETUP_CONNECTOR', connectorConfig: {}}, origin, [channel.port2]);
        }""",
        production.connector,
    )
    popup.wait_for_timeout(1500)

    assert production.received() == []


@pytest.mark.parametrize("path", DEMO_ONLY)
def test_what_belongs_to_the_demo_is_not_there(production: Production, path: str) -> None:
    response = production.page.request.get(f"{production.server.url}{path}")

    assert response.status == 404
