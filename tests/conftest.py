"""Fixtures that several folders share, and the order of the tests."""

import pytest

from tests.support.browser import browser, new_page, playwright, server

__all__ = ["browser", "new_page", "playwright", "server"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the tests with a browser come last.

    They take longest; and Playwright's synchronous API keeps an event loop running from its first
    test on, in which no `async` test could run.
    """
    items.sort(key=lambda item: "playwright" in getattr(item, "fixturenames", ()))
