"""`make demo` in a fresh copy of the repository, to the first answered call: README's steps."""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.support.demo_server import ROOT, free_port, wait_until
from tests.support.remote_page import RemotePage
from tests.support.softphone_page import SoftphonePage

pytestmark = [pytest.mark.package, pytest.mark.e2e, pytest.mark.timeout(900)]


def copy_of_the_repository(target: Path) -> None:
    """Copy what git has or would have: nothing installed, nothing built."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    for name in filter(None, listing.split("\0")):
        source = ROOT / name
        if source.is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target / name)


@pytest.fixture
def fresh_demo(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    copy, port = tmp_path / "copy", free_port()
    copy_of_the_repository(copy)
    log = tmp_path / "make.log"
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("MAKE", "MFLAGS", "PYTHON", "VIRTUAL_ENV"))
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["make", "demo", f"PORT={port}"],
            cwd=copy,
            stdout=output,
            stderr=output,
            env=environment,
            start_new_session=True,
        )

    def has_started() -> bool:
        assert process.poll() is None, log.read_text()[-4000:]
        return "/remote.html" in log.read_text()

    try:
        wait_until("make demo prints its addresses", has_started, seconds=600)
        yield f"http://127.0.0.1:{port}", log
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=30)


def test_from_a_fresh_copy_to_the_first_answered_call(
    fresh_demo: tuple[str, Path], new_page: Callable[[], Page]
) -> None:
    url, log = fresh_demo
    printed = log.read_text()
    assert f"{url}/softphone.html" in printed
    assert f"{url}/remote.html" in printed
    assert "installing Python packages" in printed, "it says what it is doing"

    softphone = SoftphonePage(new_page(), url, "ada@demo.example").open()
    softphone.become("Available")
    RemotePage(new_page(), url).open().inbound_call("+14155550123")
    softphone.expect_call("ringing")
    softphone.press("Accept")
    softphone.expect_call("connected")
