"""Signing in while the page starts, in other tabs, and in browsers that keep no sign-in."""

import asyncio
from typing import Any

import pytest

from connector_py.api import AgentIdentity
from connector_py.entities import GenericResult, InitResult, ShowStorageAccessResult
from connector_py.errors import LinkDownError, SignInRequiredError
from tests.support.api_fakes import CONFIG, FakeLink, FakeStorage, Page, settled


class SlowLink(FakeLink):
    """As the real one: an opening takes its time, and ends the opening before it."""

    def __init__(self) -> None:
        super().__init__()
        self._opening: asyncio.Future[None] | None = None

    def is_reached(self) -> None:
        """The server answers what waits now."""
        assert self._opening is not None, "nothing waits"
        self._opening.set_result(None)

    async def open(self, identity: AgentIdentity) -> None:
        if self._opening is not None and not self._opening.done():
            self._opening.set_exception(LinkDownError("the link was closed"))
        self._opening = asyncio.get_running_loop().create_future()
        await self._opening
        await super().open(identity)


class CountingStorage(FakeStorage):
    """Counts how often the agent would be asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    async def has_access(self) -> bool:
        self.asked += 1
        return await super().has_access()


# ---- while init runs -------------------------------------------------------------------------


async def hears(page: Page, news: str) -> None:
    if news == "signed_in":
        await page.api.signed_in()
    else:
        await page.api.storage_access_decided(news == "granted")


@pytest.mark.parametrize("news", ["signed_in", "granted", "refused"])
async def test_news_while_the_page_starts_do_not_end_the_start(news: str) -> None:
    link = SlowLink()
    page = Page(link=link)
    starting = await page.starts_asking("init", CONFIG)
    hearing = asyncio.ensure_future(hears(page, news))
    await settled()
    link.is_reached()
    assert await starting == InitResult()
    await hearing
    assert len(link.identities) == 1
    assert (page.publisher.events, page.publisher.errors) == ([], [])


async def test_a_sign_in_while_the_page_starts_counts_once_the_login_is_wanted() -> None:
    link = SlowLink()
    page = Page(link=link)
    link.refuses_to_open(SignInRequiredError())
    starting = await page.starts_asking("init", CONFIG)
    signing_in = asyncio.ensure_future(page.api.signed_in())
    await settled()
    link.is_reached()
    assert await starting == InitResult(show_login=True)
    await settled()
    link.lets_in()
    link.is_reached()
    await signing_in
    assert page.publisher.events == [("LOGIN_RESULT", GenericResult(success=True))]
    assert page.publisher.errors == []


# ---- a sign-in that the server does not know of ----------------------------------------------


async def page_that_shows_the_login(**parts: Any) -> Page:
    page = Page(**parts)
    page.link.refuses_to_open(SignInRequiredError())
    assert await page.asks("init", CONFIG) == InitResult(show_login=True)
    return page


async def test_a_sign_in_of_somebody_else_leaves_the_login_as_it_is() -> None:
    page = await page_that_shows_the_login()
    await page.api.signed_in()
    assert (page.publisher.events, page.publisher.errors) == ([], [])
    assert page.log.fields_of("login_not_kept") == [{"code": "sign_in_required"}]
    page.link.lets_in()
    await page.api.signed_in()
    assert page.publisher.events == [("LOGIN_RESULT", GenericResult(success=True))]


async def test_a_sign_in_that_was_not_kept_leads_to_the_question_about_storage() -> None:
    storage = CountingStorage()
    page = await page_that_shows_the_login(storage=storage)
    asked, storage.is_free = storage.asked, False
    await page.api.signed_in()
    assert storage.asked == asked + 1
    assert page.publisher.errors == []
    page.link.lets_in()
    await page.api.storage_access_decided(granted=True)
    assert page.publisher.events == [
        ("STORAGE_ACCESS_RESULT", ShowStorageAccessResult(success=True, show_login=False))
    ]


# ---- a browser that refuses storage access ---------------------------------------------------


async def test_without_the_storage_the_login_is_shown_and_may_work_all_the_same() -> None:
    page = Page()
    page.link.refuses_to_open(SignInRequiredError())
    page.storage.is_free = False
    assert await page.asks("init", CONFIG) == InitResult(show_storage_access=True)
    await page.api.storage_access_decided(granted=False)
    assert page.publisher.events == [
        ("STORAGE_ACCESS_RESULT", ShowStorageAccessResult(success=True, show_login=True))
    ]
    assert len(page.link.identities) == 1
    page.link.lets_in()
    await page.api.signed_in()
    assert page.publisher.types == ["STORAGE_ACCESS_RESULT", "LOGIN_RESULT"]
