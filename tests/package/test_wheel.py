"""The wheel works by itself: no Node, no checkout, only `pip install` and `scv demo`."""

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.support.demo_server import ROOT, DemoServer

pytestmark = [pytest.mark.package, pytest.mark.timeout(600)]


def run(*command: str | Path, cwd: Path | None = None) -> None:
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, capture_output=True, text=True, timeout=500
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"


def test_installed_wheel_serves_the_demo_without_node(tmp_path: Path) -> None:
    dist, environment, away = tmp_path / "dist", tmp_path / "environment", tmp_path / "away"
    away.mkdir()
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", dist, ROOT)
    (wheel,) = dist.glob("scv_connector_py-*.whl")

    venv.create(environment, with_pip=True)
    python = environment / "bin" / "python"
    pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*pip, "--require-hashes", "-r", ROOT / "requirements.txt")
    run(*pip, "--no-deps", wheel)

    server = InstalledDemo(environment / "bin" / "scv", tmp_path / "data", cwd=away)
    server.start()
    try:
        assert "softphone" in server.text("/softphone.html").lower()
        assert "connector" in server.text("/connector.html").lower()
        manifest = server.get("/assets.json")
        assert manifest, "the wheel carries no web assets"
        assert server.get("/demo/v1/overview")["agents"] is not None
    finally:
        server.stop()


class InstalledDemo(DemoServer):
    """`scv demo` of an installed wheel, far from the checkout and with no Node on its path."""

    def __init__(self, scv: Path, data_dir: Path, *, cwd: Path) -> None:
        super().__init__(data_dir)
        self._command = [str(scv), "demo", *self._command[4:]]
        self._cwd = cwd
        self._environment = {
            name: value for name, value in os.environ.items() if not name.startswith("PYTHON")
        }
        self._environment["PATH"] = str(scv.parent)
