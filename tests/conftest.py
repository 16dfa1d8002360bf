"""Fixtures that several folders share."""

from tests.support.browser import browser, new_page, playwright, server

__all__ = ["browser", "new_page", "playwright", "server"]
