"""One demo server, two softphones and the simulator for all tests of a file."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.support.demo_server import DemoServer
from tests.support.floor import Floor, open_floor


@pytest.fixture(scope="module")
def file_floor(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Floor, list[str]]]:
    running = DemoServer(tmp_path_factory.mktemp("floor")).start()
    try:
        with open_floor(running, browser) as opened:
            yield opened
    finally:
        running.stop()


@pytest.fixture
def floor(file_floor: tuple[Floor, list[str]]) -> Iterator[Floor]:
    """The contact center, tidied up; an error in one of its pages fails the test."""
    opened, errors = file_floor
    opened.tidy()
    errors.clear()
    yield opened
    assert not errors, errors
