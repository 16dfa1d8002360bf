"""`make` refuses early, with one clear line, when something is missing."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A folder with the commands that a bare machine has, to be used as the whole PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("bash", "env"):
        (folder / name).symlink_to(str(shutil.which(name)))
    return folder


def add(tools: Path, name: str, script: str) -> None:
    command = tools / name
    command.write_text(f"#!/bin/sh\n{script}\n")
    command.chmod(0o755)


def add_python(tools: Path) -> None:
    (tools / "python3").symlink_to(sys.executable)


def need(tools: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ROOT / ".ci" / "need", *arguments],
        env={**os.environ, "PATH": str(tools), "PYTHON": "python3"},
        capture_output=True,
        text=True,
    )


def test_no_python(tools: Path) -> None:
    done = need(tools)
    assert done.returncode == 1
    assert "Python 3.11 or newer is needed" in done.stderr


def test_python_too_old(tools: Path) -> None:
    add(tools, "python3", '[ "$1" = -V ] && echo Python 3.9.2 || exit 1')
    done = need(tools)
    assert done.returncode == 1
    assert "is Python 3.9.2" in done.stderr


def test_no_node(tools: Path) -> None:
    add_python(tools)
    done = need(tools)
    assert done.returncode == 1
    assert "Node.js 20 or newer is needed" in done.stderr


def test_node_too_old(tools: Path) -> None:
    add_python(tools)
    add(tools, "npm", "exit 0")
    add(tools, "node", '[ "$1" = --version ] && echo v18.1.0 || exit 1')
    done = need(tools)
    assert done.returncode == 1
    assert "this is v18.1.0" in done.stderr


def test_port_taken_or_nonsense(tools: Path) -> None:
    add_python(tools)
    add(tools, "npm", "exit 0")
    add(tools, "node", "exit 0")
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = str(busy.getsockname()[1])
        done = need(tools, "--port", port)
    assert done.returncode == 1
    assert f"port {port} is not free" in done.stderr
    assert "PORT must be a number" in need(tools, "--port", "eighty").stderr
    assert need(tools, "--port", port).returncode == 0


@pytest.mark.parametrize("command", ["demo", "test", "check", "web", "wheel", "lock", "help"])
def test_make_knows_the_documented_commands(command: str) -> None:
    done = subprocess.run(["make", "--dry-run", command], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
