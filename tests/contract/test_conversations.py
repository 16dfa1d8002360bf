"""Salesforce's side of every conversation, through the port (connector-api.md).

The expected values are written from the reference. Each conversation is played twice: with
`connector_py` alone, and in Chromium with Pyodide and the real base connector.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.contract.conversations import agent, calls, happenings, parties, supervision
from tests.support import conversation_in_chromium, conversation_in_python
from tests.support.conversation_in_chromium import ScriptedSite
from tests.support.scripted_server import Conversation

CONVERSATIONS: list[Conversation] = [
    *agent.conversations(),
    *calls.conversations(),
    *parties.conversations(),
    *supervision.conversations(),
    *happenings.conversations(),
]
NAMES = [conversation.name for conversation in CONVERSATIONS]


def test_every_conversation_has_a_name_of_its_own() -> None:
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=NAMES)
async def test_in_python(conversation: Conversation) -> None:
    await conversation_in_python.play(conversation)


@pytest.fixture(scope="module")
def site() -> Iterator[ScriptedSite]:
    with ScriptedSite().running() as running:
        yield running


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """One page for all: the second load of the connector takes half the time of the first."""
    context = browser.new_context()
    errors: list[str] = []
    page = context.new_page()
    conversation_in_chromium.prepare(page)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert not errors, errors


@pytest.mark.e2e
@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=NAMES)
def test_in_chromium(conversation: Conversation, page: Page, site: ScriptedSite) -> None:
    conversation_in_chromium.play(conversation, page, site)
