"""One login in one tab: whom it starts the phone for, and where."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, Request, Route, expect

from tests.support.connector_host import ConnectorHost
from tests.support.conversation_in_chromium import ScriptedSite
from tests.support.demo_server import wait_until

pytestmark = pytest.mark.e2e

ADA, BEN = "ada@demo.example", "ben@demo.example"


@pytest.fixture(scope="module")
def site() -> Iterator[ScriptedSite]:
    with ScriptedSite().running() as running:
        yield running


@dataclass
class Desk:
    """A browser profile with Salesforce in several tabs, each with connector and login."""

    context: BrowserContext
    site: ScriptedSite
    tickets: dict[Page, int] = field(default_factory=dict[Page, int])
    """How often a tab asked for one."""

    def tab(self, user_name: str, *, script: str = "") -> ConnectorHost:
        """Open a tab for a user who is not signed in."""
        page = self.context.new_page()
        page.add_init_script(script)
        page.on("request", self._count)
        host = ConnectorHost(page, self.site).has(is_signed_in=False)
        host.loads().shakes_hands(userName=user_name)
        host.event("SHOW_LOGIN")
        page.evaluate("(url) => openConnector(url, 'login')", f"{self.site.url}/login.html")
        return host

    def _count(self, request: Request) -> None:
        if request.url.endswith("/link/ticket"):
            page = request.frame.page
            self.tickets[page] = self.tickets.get(page, 0) + 1

    def logs_in(self, host: ConnectorHost, user_name: str) -> FrameLocator:
        """Type a code of a user in a tab."""
        host.page.bring_to_front()
        login = host.page.frame_locator("#login")
        self._types_code(login, user_name)
        return login

    def logs_in_alone(self, user_name: str) -> Page:
        """Type a code of a user on the login page in a tab of its own."""
        page = self.context.new_page()
        page.goto(f"{self.site.url}/login.html")
        self._types_code(page, user_name)
        return page

    def _types_code(self, login: FrameLocator | Page, user_name: str) -> None:
        def sign_in(route: Route) -> None:
            route.fulfill(json={"userName": user_name, "fullName": "Somebody"})

        self.context.route("**/api/v1/session", sign_in)
        login.get_by_label("Sign-In Code").fill("CODE-1")
        login.get_by_role("button", name="Log In").click()


@pytest.fixture
def desk(browser: Browser, site: ScriptedSite) -> Iterator[Desk]:
    context = browser.new_context()
    yield Desk(context, site)
    context.close()


IN_BACKGROUND = """
    Object.defineProperty(document, 'visibilityState', {
      get: () => (top.isInFront ? 'visible' : 'hidden'),
    });
"""
"""A page that is hidden until `comes_to_front`: all tabs of a browser without windows are seen."""


def comes_to_front(host: ConnectorHost) -> None:
    host.page.evaluate("() => { window.isInFront = true; }")
    host.run("() => { document.dispatchEvent(new Event('visibilitychange')); }")


def lets_in(*hosts: ConnectorHost) -> None:
    for host in hosts:
        host.server.is_signed_in = True


def test_the_phone_starts_in_the_tab_of_the_login_only(desk: Desk) -> None:
    first, second = desk.tab(ADA), desk.tab(ADA)
    lets_in(first, second)
    desk.logs_in(first, "ADA@Demo.Example")
    first.ready()
    second.quiet(500)
    assert second.names() == ["SHOW_LOGIN"]
    assert desk.tickets == {first.page: 2, second.page: 1}


def test_another_user_hears_nothing_of_it(desk: Desk) -> None:
    ben, ada = desk.tab(BEN), desk.tab(ADA)
    desk.logs_in(ada, ADA)
    ada.quiet(500)
    assert ben.names() == ["SHOW_LOGIN"]
    assert desk.tickets[ben.page] == 1


def test_a_code_of_another_user_is_noticed(desk: Desk) -> None:
    ada = desk.tab(ADA)
    login = desk.logs_in(ada, BEN)
    expect(login.get_by_role("alert")).to_contain_text("another user")
    assert ada.names() == ["SHOW_LOGIN"]
    lets_in(ada)
    desk.logs_in(ada, ADA)
    ada.ready()
    expect(login.get_by_test_id("signed-in")).to_contain_text("Somebody")


def test_a_browser_that_stores_nothing_starts_the_phone_in_the_tab_that_is_seen(
    desk: Desk,
) -> None:
    script = """
        Object.defineProperty(window, 'sessionStorage', {
          get() { throw new DOMException('no storage', 'SecurityError'); },
        });
    """
    seen = "Object.defineProperty(document, 'visibilityState', { get: () => '%s' });"
    hidden = desk.tab(ADA, script=script + seen % "hidden")
    shown = desk.tab(ADA, script=script + seen % "visible")
    lets_in(hidden, shown)
    desk.logs_in(shown, ADA)
    shown.ready()
    hidden.quiet(300)
    assert hidden.names() == ["SHOW_LOGIN"]


def test_a_login_in_a_tab_of_its_own_starts_the_phone_that_the_agent_goes_back_to(
    desk: Desk,
) -> None:
    first, second, ben = (desk.tab(user, script=IN_BACKGROUND) for user in (ADA, ADA, BEN))
    lets_in(first, second, ben)

    login = desk.logs_in_alone(ADA)

    expect(login.get_by_test_id("signed-in")).to_contain_text("Go back to your phone")
    for host in (ben, first, second):
        assert host.names() == ["SHOW_LOGIN"]
        comes_to_front(host)
        if host is first:
            host.ready()
    second.quiet(500)
    assert second.names() == ben.names() == ["SHOW_LOGIN"]
    assert desk.tickets == {first.page: 2, second.page: 1, ben.page: 1}


def test_a_login_in_a_tab_of_its_own_starts_one_phone_that_is_seen_beside_it(desk: Desk) -> None:
    first, second, ben = desk.tab(ADA), desk.tab(ADA), desk.tab(BEN)
    lets_in(first, second, ben)

    login = desk.logs_in_alone(ADA)

    def started() -> int:
        return sum(len(host.received("CONNECTOR_READY")) for host in (first, second))

    wait_until("a phone starts", lambda: started() > 0)
    for host in (first, second, ben):
        host.quiet(300)
    assert started() == 1
    assert ben.names() == ["SHOW_LOGIN"]
    assert sorted(desk.tickets.values()) == [1, 1, 2]
    expect(login.get_by_test_id("signed-in")).to_contain_text("Go back to your phone")
    expect(login.get_by_text("another user")).to_have_count(0)


def test_a_phone_that_started_elsewhere_takes_no_sign_in_from_it(desk: Desk) -> None:
    waits, starts = (desk.tab(ADA, script=IN_BACKGROUND) for _ in range(2))
    desk.logs_in_alone(ADA)
    lets_in(waits, starts)
    # The agent goes to none of the two, and logs in once more in the second one.
    starts.page.evaluate("() => { window.isInFront = true; }")
    desk.logs_in(starts, ADA)
    starts.ready()

    comes_to_front(waits)
    waits.quiet(500)

    assert waits.names() == ["SHOW_LOGIN"]
    assert desk.tickets[waits.page] == 1
