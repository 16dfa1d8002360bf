"""How long the connector takes to start: iframe navigation → CONNECTOR_READY, and bytes loaded.

Run it from the checkout after `make test`: `.venv/bin/python bench/boot.py --rounds 5`. Each round
is a new browser profile: a first load, then a second and a third one of the same page.
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import CDPSession, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.support.browser import CHROMIUM_FLAGS, chromium_path
from tests.support.demo_server import DemoServer
from tests.support.softphone_page import SoftphonePage

LOADS = ("first load", "second load", "third load")


class Traffic:
    """Counts what the browser receives over the network."""

    def __init__(self, session: CDPSession) -> None:
        self.received = 0
        session.on("Network.loadingFinished", self._add)
        session.send("Network.enable")

    def _add(self, event: dict[str, float]) -> None:
        self.received += int(event["encodedDataLength"])


def milliseconds_to_ready(page: Page) -> float:
    """Return the time from the iframe's navigation to the host's CONNECTOR_READY."""
    frame = next(frame for frame in page.frames if "/connector.html" in frame.url)
    began = frame.evaluate("() => performance.timeOrigin")
    ready = page.evaluate(
        """() => Date.parse(window.scvProtocolLog.find(
            (entry) => entry.message.type === 'CONNECTOR_READY').at)"""
    )
    return float(ready - began)


def one_round(server: DemoServer, profile: str) -> list[tuple[float, int]]:
    """Load the softphone three times in a new profile."""
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=chromium_path(), args=CHROMIUM_FLAGS
        )
        page = context.new_page()
        traffic = Traffic(context.new_cdp_session(page))
        softphone = SoftphonePage(page, server.url, "ada@demo.example")
        loads: list[tuple[float, int]] = []
        for _ in LOADS:
            before = traffic.received
            softphone.open()
            loads.append((milliseconds_to_ready(page), traffic.received - before))
        context.close()
    return loads


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="new browser profiles (5)")
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        server = DemoServer(Path(folder) / "data").start()
        try:
            results = [one_round(server, f"{folder}/profile-{n}") for n in range(rounds)]
        finally:
            server.stop()
    for number, name in enumerate(LOADS):
        times = [result[number][0] for result in results]
        received = statistics.median(result[number][1] for result in results)
        print(
            f"{name:12} median {statistics.median(times):6.0f} ms   "
            f"{min(times):.0f} to {max(times):.0f} ms   {received / 1e6:.2f} MB over the network"
        )


if __name__ == "__main__":
    main()
