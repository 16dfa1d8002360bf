"""`scv demo` as a process of its own: what it prints, how it stops, and what outlives a crash."""

import json
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.support.demo_server import ROOT, DemoServer, wait_until
from tests.support.patience import PATIENCE
from tests.support.running_app import write_web_files

ADA = "ada@demo.example"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[DemoServer]:
    web_dir = write_web_files(tmp_path / "web")
    running = DemoServer(tmp_path / "data", environment={"SCV_WEB_DIR": str(web_dir)})
    yield running
    running.kill()


def socket_of(server: DemoServer, path: str) -> AbstractContextManager[ClientConnection]:
    return connect(server.url.replace("http", "ws") + path, origin=server.url, proxy=None)


def close_code(socket: ClientConnection) -> int | None:
    with suppress(ConnectionClosed):
        while True:
            socket.recv(timeout=PATIENCE)
    return socket.close_code


class Page:
    """A connector's page that reads everything."""

    def __init__(self, server: DemoServer, *, epoch: str | None = None, offset: int = 0) -> None:
        config = server.get(f"/demo/v1/connector-config?user={ADA}")
        names = ("organizationId", "userName", "userId", "userFullName")
        ticket = server.post("/api/v1/link/ticket", {name: config[name] for name in names})
        self._stack = ExitStack()
        self.socket = self._stack.enter_context(socket_of(server, "/api/v1/link"))
        hello = {"kind": "hello", "instanceId": "page", "schema": 1, "offset": offset}
        if epoch is not None:
            hello["epoch"] = epoch
        self.send({**hello, "ticket": ticket["ticket"]})
        self.welcome = self.until("welcome")

    def __enter__(self) -> "Page":
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def send(self, frame: dict[str, object]) -> None:
        self.socket.send(json.dumps(frame))

    def command(self, name: str, **arguments: object) -> dict[str, Any]:
        self.send({"kind": "command", "id": name, "name": name, "args": arguments})
        return self.until("reply")

    def read(self) -> dict[str, Any]:
        return json.loads(self.socket.recv(timeout=PATIENCE))

    def until(self, kind: str, name: str | None = None) -> dict[str, Any]:
        while True:
            frame = self.read()
            if frame["kind"] == kind and (name is None or frame["name"] == name):
                return frame


def test_it_says_where_to_go_and_stops_in_order(server: DemoServer) -> None:
    server.start()
    wait_until("the addresses", lambda: "remote.html" in server.log.read_text())
    lines = server.log.read_text().splitlines()
    assert lines[-1].endswith(f"{server.url}/remote.html")
    assert f"{server.url}/softphone.html?user={ADA}" in lines[-3]
    key_file = server.data_dir / "demo-org" / "private.key.pem"
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    databases = list(server.data_dir.glob("*.sqlite3"))
    assert len(databases) == 2
    assert {stat.S_IMODE(database.stat().st_mode) for database in databases} == {0o600}
    key = key_file.read_bytes()

    with Page(server) as page, socket_of(server, "/demo/v1/live") as live:
        live.recv(timeout=PATIENCE)
        server.stop()
        assert [close_code(page.socket), close_code(live)] == [1012, 1012]
    server.start()
    assert key_file.read_bytes() == key
    server.stop()


def test_a_second_server_on_the_same_data_is_refused_in_one_line(server: DemoServer) -> None:
    server.start()
    try:
        other = DemoServer(server.data_dir, environment=server._environment)
        done = subprocess.run(
            other._command, cwd=ROOT, env=other._environment, capture_output=True, text=True
        )
        assert done.returncode == 1
        assert done.stderr.startswith("error: Another process uses the database")
        assert done.stderr.count("\n") == 1
    finally:
        server.stop()


def test_ctrl_c_stops_it_without_a_traceback(server: DemoServer) -> None:
    server.start()
    assert server._process is not None
    server._process.send_signal(signal.SIGINT)
    assert server._process.wait(timeout=PATIENCE) == 0
    assert "Traceback" not in server.log.read_text()


def test_a_crash_loses_no_call_and_a_hang_up_meanwhile_arrives_once(server: DemoServer) -> None:
    server.start()
    with Page(server) as page:
        page.command("set_agent_status", agentStatus="Online")
        call_id = server.post("/demo/v1/inbound-calls", {"from": "+12025550123"})["callId"]
        page.until("notification", "call_started")
        page.command("answer_call", callId=call_id)
        epoch = str(page.welcome["epoch"])
        offset = int(page.until("notification", "participant_connected")["offset"])
        server.kill()

    server.start()
    with Page(server, epoch=epoch, offset=offset) as page:
        assert "calls" not in page.welcome
        (call,) = server.get("/demo/v1/overview")["calls"]
        assert call["callId"] == call_id
        server.kill()

    assert call_id in server.run("pbx", "hang-up", call_id)
    server.start()
    with Page(server, epoch=epoch, offset=offset) as page:
        ended = page.until("notification", "call_ended")
        assert ended["data"]["callId"] == call_id
        assert server.get("/demo/v1/overview")["calls"] == []
    with Page(server, epoch=epoch, offset=int(ended["offset"])) as page:
        page.send(
            {"kind": "command", "id": "x", "name": "end_wrap_up", "args": {"callId": call_id}}
        )
        names: list[str] = []
        while (frame := page.read())["kind"] != "reply":
            names.append(frame.get("name", ""))
        assert "call_ended" not in names
    server.stop()


def test_logs_of_a_call_hold_nobodys_data(server: DemoServer) -> None:
    server._environment["SCV_LOG_LEVEL"] = "debug"
    server.start()
    with Page(server) as page:
        page.command("set_agent_status", agentStatus="Online")
        call_id = server.post("/demo/v1/inbound-calls", {"from": "+12025550123"})["callId"]
        page.until("notification", "call_started")
        page.command("answer_call", callId=call_id)
        page.command("send_digits", callId=call_id, digits="4711902856#")
        page.command("end_call", callId=call_id)
    server.stop()
    logged = "\n".join(line for line in server.log.read_text().splitlines() if line.startswith("{"))
    assert "/demo/v1/inbound-calls" in logged
    for secret in ("2025550123", "4711902856", ADA, "Ada Agent", "eyJ", "ticket="):
        assert secret not in logged


def test_python_dash_m_is_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "server", "--version"], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout.strip()) == (0, "0.1.0")
