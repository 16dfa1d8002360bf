"""All parts together, as the page starts them."""

import asyncio
import json
from collections.abc import Awaitable
from typing import Any

from connector_py.browser.bootstrap import create_connector
from connector_py.entities import Welcome, encode_frame
from tests.support.api_fakes import CONFIG
from tests.support.builders import make_agent_snapshot
from tests.support.patience import PATIENCE


class Page:
    """A page that plays the server's part over its socket."""

    def __init__(self) -> None:
        self.posted: list[dict[str, Any]] = []
        self.bridge = create_connector(self)

    def post(self, text: str, /) -> None:
        self.posted.append(json.loads(text))

    def starts(self, method: str, *args: Any) -> Awaitable[str]:
        outcome = self.bridge.call(method, json.dumps(args))
        assert not isinstance(outcome, str)
        return outcome

    async def asks(self, method: str, *args: Any) -> dict[str, Any]:
        outcome = self.bridge.call(method, json.dumps(args))
        return json.loads(outcome if isinstance(outcome, str) else await outcome)

    async def sees(self, kind: str) -> dict[str, Any]:
        """The next message of this kind that Python posts; takes it away."""
        async with asyncio.timeout(PATIENCE):
            while True:
                for message in self.posted:
                    if message["type"] == kind:
                        self.posted.remove(message)
                        return message
                await asyncio.sleep(0)

    def tells(self, **event: Any) -> None:
        self.bridge.handle(json.dumps(event))

    async def opens_the_link(self) -> None:
        opening = await self.sees("socket_open")
        self.tells(type="socket_opened", id=opening["id"], ticket="ticket-1")
        hello = json.loads((await self.sees("socket_send"))["text"])
        assert (hello["kind"], hello["ticket"]) == ("hello", "ticket-1")
        welcome = Welcome(epoch="e1", offset=3, agent=make_agent_snapshot(), calls=())
        self.tells(type="socket_text", id=opening["id"], text=encode_frame(welcome))


async def test_start_up() -> None:
    page = Page()
    started = page.starts("init", CONFIG)
    await page.opens_the_link()
    assert json.loads(await started)["ok"]["$class"] == "InitResult"
    shared = await page.asks("getSharedCapabilities")
    assert shared["ok"]["$class"] == "SharedCapabilitiesResult"
    assert (await page.asks("getActiveCalls"))["ok"]["activeCalls"] == []


async def test_the_agent_signs_in_on_the_way() -> None:
    page = Page()
    started = page.starts("init", CONFIG)
    opening = await page.sees("socket_open")
    page.tells(type="socket_failed", id=opening["id"], code="sign_in_required", message="")
    question = await page.sees("host_request")
    page.tells(type="host_answer", id=question["id"], ok=True)
    assert json.loads(await started)["ok"]["showLogin"] is True
    page.tells(type="signed_in")
    await page.opens_the_link()
    event = await page.sees("publish_event")
    assert event["eventType"] == "LOGIN_RESULT"
    assert event["payload"] == {"$class": "GenericResult", "success": True}


async def test_the_network_comes_back_while_the_link_waits() -> None:
    page = Page()
    started = page.starts("init", CONFIG)
    opening = await page.sees("socket_open")
    page.tells(type="socket_failed", id=opening["id"], code="unreachable", message="")
    page.tells(type="online")
    await page.opens_the_link()
    assert json.loads(await started)["ok"]["showLogin"] is False


async def test_a_method_that_does_not_exist() -> None:
    page = Page()
    assert (await page.asks("fly"))["error"]["type"] == "GENERIC_ERROR"
