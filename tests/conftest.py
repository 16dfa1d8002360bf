"""Fixtures that several folders share, and the order of the tests."""

import pytest
from hypothesis import HealthCheck, settings

from tests.support.browser import browser, new_page, playwright, server

__all__ = ["browser", "new_page", "playwright", "server"]

# On top of what Hypothesis chooses for this machine; how long an example takes says nothing.
settings.register_profile(
    "no timing", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("no timing")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the tests with a browser come last.

    They take longest; and Playwright's synchronous API keeps an event loop running from its first
    test on, in which no `async` test could run.
    """
    items.sort(key=lambda item: "playwright" in getattr(item, "fixturenames", ()))
