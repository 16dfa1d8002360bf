"""A real `scv` server in its own process, on a free port, that can be killed and started again."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.support.patience import PATIENCE

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    """Return a port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(what: str, condition: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """Poll until `condition` returns something true, and return that.

    Raises:
        AssertionError: When it did not within `seconds`; names `what`.
    """
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.02)


class DemoServer:
    """`scv demo` (or another command) as a process of its own."""

    def __init__(
        self,
        data_dir: Path,
        *,
        command: str = "demo",
        environment: dict[str, str] | None = None,
        python: str = sys.executable,
        scheme: str = "http",
        port: int | None = None,
    ) -> None:
        self.data_dir = data_dir
        self.port = port or free_port()
        self.url = f"{scheme}://127.0.0.1:{self.port}"
        self.log = data_dir / "server.log"
        self._scheme = scheme
        self._command = [python, "-m", "server", command]
        self._command += ["--port", str(self.port), "--data-dir", str(data_dir)]
        self._environment = {**os.environ, **(environment or {})}
        self._cwd = ROOT
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> "DemoServer":
        """Start it and wait until it answers `/readyz`."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, cwd=self._cwd, stdout=log, stderr=log, env=self._environment
            )
        wait_until("the server is ready", self._is_ready)
        return self

    def _is_ready(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            raise AssertionError(f"the server ended:\n{self.log.read_text()[-4000:]}")
        if self._scheme == "https":
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", self.port)) == 0
        try:
            return bool(self.get("/readyz"))
        except (urllib.error.URLError, OSError):
            return False

    def kill(self) -> None:
        """End it at once, as a crash would (`kill -9`)."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it in order."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(how)
            try:
                self._process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
                raise AssertionError("the server did not end within 15 s") from None
        self._process = None

    def run(self, *arguments: str) -> str:
        """Run another `scv` command on the same data, and return what it prints."""
        done = subprocess.run(
            [self._command[0], "-m", "server", *arguments, "--data-dir", str(self.data_dir)],
            cwd=ROOT,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def text(self, path: str) -> str:
        """GET a page."""
        with urllib.request.urlopen(self.url + path, timeout=PATIENCE) as response:
            return str(response.read().decode())

    def get(self, path: str) -> Any:
        """GET a JSON document."""
        return self._request("GET", path, None)

    def post(self, path: str, body: Any = None) -> Any:
        """POST a JSON document."""
        return self._request("POST", path, body if body is not None else {})

    def voice_calls(self, call_id: str) -> list[dict[str, Any]]:
        """Return the VoiceCall records that the simulated Salesforce has of a call."""
        found = self.get(f"/salesforce-simulator/ui/voiceCalls?vendorCallKey={call_id}")
        return list(found["voiceCalls"])

    def put(self, path: str, body: Any) -> Any:
        """PUT a JSON document."""
        return self._request("PUT", path, body)

    def _request(self, method: str, path: str, body: Any) -> Any:
        request = urllib.request.Request(
            self.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:
            text = response.read().decode()
        return json.loads(text) if text else None
