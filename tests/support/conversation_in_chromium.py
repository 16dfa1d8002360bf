"""Plays a conversation in Chromium: connector.html, Pyodide and the real base connector."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import uvicorn
from playwright.sync_api import Page
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.support.api_fakes import CONFIG
from tests.support.conversation_in_python import check_asked, check_heard, config_of
from tests.support.demo_server import ROOT, free_port
from tests.support.host_page import HOST_PAGE
from tests.support.patience import PATIENCE
from tests.support.scripted_server import (
    Conversation,
    DecidesStorage,
    Happens,
    Say,
    ScriptedServer,
    SignsIn,
    holds,
)

_QUIET_MILLIS = 60
_WEB = ROOT / "build" / "web"
_HEARD = """
  window.received
    .filter((message) => message.type === 'TELEPHONY_EVENT_DISPATCHED')
    .map(({ payload }) => [payload.telephonyEventType, payload.telephonyEventPayload ?? null])
"""

_BROWSER = """
(() => {
  const given = window === window.parent ? undefined : window.parent.given;
  if (given === undefined) return;
  const media = {
    enumerateDevices: async () =>
      given.devices.map((one) => ({ ...one, label: given.shares_microphone ? one.label : '' })),
    getUserMedia: async () => { throw new DOMException('Permission denied', 'NotAllowedError'); },
  };
  Object.defineProperty(navigator, 'mediaDevices', { value: media });
  if (given.keeps_sign_in) return;
  document.hasStorageAccess = async () => given.allows === true;
  document.requestStorageAccess = async () => {
    if (!given.allows) throw new DOMException('denied', 'NotAllowedError');
  };
  Object.defineProperty(document, 'cookie', { get: () => '', set() {} });
})();
"""
"""What `AgentsBrowser` says, in each frame of the page."""
_SIGNS_IN = """
(userName) => {
  const tab = sessionStorage.getItem('scv-tab');
  new BroadcastChannel('scv-login').postMessage({ type: 'signed_in', userName, tab });
}
"""


class ScriptedSite:
    """Serves the web assets, and one conversation's server behind them, in a thread."""

    def __init__(self, web: Path = _WEB) -> None:
        self.server: ScriptedServer | None = None
        self.url = f"http://127.0.0.1:{free_port()}"
        self._socket: WebSocket | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        app = Starlette(
            routes=[
                Route("/host.html", self._host),
                Route("/api/v1/connector-settings", self._settings),
                Route("/api/v1/link/ticket", self._ticket, methods=["POST"]),
                WebSocketRoute("/api/v1/link", self._link),
                Mount("/", StaticFiles(directory=web)),
            ]
        )
        port = int(self.url.rsplit(":", 1)[1])
        config = uvicorn.Config(app, port=port, log_level="error", ws="websockets-sansio")
        self._uvicorn = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._uvicorn.run, daemon=True)

    @contextmanager
    def running(self) -> Iterator["ScriptedSite"]:
        """Serve during the block."""
        self._thread.start()
        until = time.monotonic() + PATIENCE
        while not self._uvicorn.started:
            assert time.monotonic() < until, "the site did not start"
            time.sleep(0.01)
        try:
            yield self
        finally:
            self._uvicorn.should_exit = True
            self._thread.join(PATIENCE)

    def tell(self, notification: Any) -> None:
        """Let the server say something by itself."""
        assert self.server is not None
        assert self._socket is not None
        assert self._loop is not None
        text = self.server.tell(notification)
        asyncio.run_coroutine_threadsafe(self._socket.send_text(text), self._loop).result(PATIENCE)

    async def _host(self, _: Request) -> Response:
        return HTMLResponse(HOST_PAGE)

    async def _settings(self, _: Request) -> Response:
        return JSONResponse(
            {
                "allowedHostOrigins": [],
                "demo": True,
                "ownOriginIsHost": True,
                "linkPath": "/api/v1/link",
                "commandSeconds": 8,
                "version": "0",
            }
        )

    async def _ticket(self, _: Request) -> Response:
        if self.server is None or not self.server.is_signed_in:
            is_silent = self.server is not None and self.server.is_sign_in_silent
            code = "silent_sign_in_required" if is_silent else "sign_in_required"
            return JSONResponse({"error": {"code": code}}, 401)
        return JSONResponse({"ticket": "ticket", "expiresInSeconds": 30})

    async def _link(self, socket: WebSocket) -> None:
        await socket.accept()
        self._socket, self._loop = socket, asyncio.get_running_loop()
        server = self.server
        try:
            while server is not None:
                for told in server.take(await socket.receive_text()):
                    await socket.send_text(told)
        except WebSocketDisconnect:
            return


def play(conversation: Conversation, page: Page, site: ScriptedSite) -> None:
    """Play it; an AssertionError says where it went another way."""
    site.server = ScriptedServer(
        agent=conversation.agent,
        calls=conversation.calls,
        answers=conversation.answers,
        is_signed_in=conversation.is_signed_in,
        is_sign_in_silent=conversation.is_sign_in_silent,
    )
    page.goto(f"{site.url}/host.html")
    page.evaluate("(given) => { window.given = given; }", asdict(conversation.browser))
    page.evaluate("(url) => window.openConnector(url, 'connector')", f"{site.url}/connector.html")
    page.evaluate(
        "([config, origin]) => window.shakeHands('connector', config, origin)",
        [config_of(conversation), site.url],
    )
    if conversation.starts_with:
        check_heard(_heard(page, len(conversation.starts_with)), conversation.starts_with)
    else:
        check_ready(page, conversation)
    for step in conversation.steps:
        page.evaluate("() => { window.received.length = 0; }")
        _take(step, page, site)
        check_heard(_heard(page, len(step.hears)), step.hears)
    check_asked(site.server, conversation)


def prepare(page: Page) -> None:
    """Let a page's frames find what a conversation's browser gives; once for each page."""
    page.add_init_script(_BROWSER)


def _take(step: Say | Happens | SignsIn | DecidesStorage, page: Page, site: ScriptedSite) -> None:
    assert site.server is not None
    match step:
        case Happens():
            site.tell(step.notification)
        case SignsIn():
            site.server.is_signed_in = True
            page.evaluate(_SIGNS_IN, CONFIG["userName"])
        case DecidesStorage():
            page.evaluate("(allows) => { window.given.allows = allows; }", step.is_granted)
            connector = page.frame_locator("#connector")
            connector.get_by_role("button", name="Allow Sign-In").click()
        case Say():
            page.evaluate("(message) => window.port.postMessage(message)", dict(step.message))


def check_ready(page: Page, conversation: Conversation) -> None:
    """Wait for CONNECTOR_READY and compare what it holds."""
    page.wait_for_function(
        "() => window.received.some((message) => message.type === 'CONNECTOR_READY')",
        timeout=PATIENCE * 1000,
    )
    ready = page.evaluate(
        "() => window.received.find((message) => message.type === 'CONNECTOR_READY').payload"
    )
    if conversation.ready is not None:
        assert holds(ready, conversation.ready), ready


def _heard(page: Page, count: int) -> list[tuple[str, Any]]:
    """Return the events, once there are so many and no more follow."""
    until = time.monotonic() + PATIENCE
    heard: list[Any] = []
    while time.monotonic() < until:
        # Dates become texts, as on every wire.
        heard = page.evaluate(f"() => JSON.parse(JSON.stringify({_HEARD}))")
        if len(heard) >= count:
            break
        page.wait_for_timeout(10)
    page.wait_for_timeout(_QUIET_MILLIS)
    heard = page.evaluate(f"() => JSON.parse(JSON.stringify({_HEARD}))")
    return [(kind, payload) for kind, payload in heard]
