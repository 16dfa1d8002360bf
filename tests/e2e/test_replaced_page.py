"""A page whose place another one took: it says so, and nothing that is clicked there happens."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, WebSocketRoute

from connector_py.entities import CloseCode
from tests.support.builders import make_connected_call_snapshot
from tests.support.connector_host import ConnectorHost
from tests.support.conversation_in_chromium import ScriptedSite
from tests.support.held_replies import LINK

pytestmark = pytest.mark.e2e

CALL = {"callId": "call-1", "callType": "Inbound"}


@pytest.fixture(scope="module")
def site() -> Iterator[ScriptedSite]:
    with ScriptedSite().running() as running:
        yield running


def test_one_clear_error_for_each_click(new_page: Callable[[], Page], site: ScriptedSite) -> None:
    page = new_page()
    links: list[WebSocketRoute] = []

    def connect(link: WebSocketRoute) -> None:
        link.connect_to_server()
        links.append(link)

    page.route_web_socket(LINK, connect)
    host = ConnectorHost(page, site).has(make_connected_call_snapshot()).opens()
    links[-1].close(code=int(CloseCode.REPLACED.value), reason="replaced")
    assert host.event("ERROR") == {"message": "AGENT_ERROR"}
    host.says({"type": "UNMUTE", "call": CALL})
    host.sees(lambda: len(host.events()) == 2, "an error for the click")
    assert host.event("ERROR") == {"message": "CAN_NOT_UNMUTE_CALL"}
    host.says({"type": "AGENT_AVAILABLE", "isAvailable": True})
    host.quiet()
    assert host.names() == ["ERROR", "ERROR"]
    assert host.server.asked == []
    assert len(links) == 1, "it does not push its way in again"
