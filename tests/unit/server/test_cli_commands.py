"""The command line: help, exit codes, keys, agents and codes, and clear refusals."""

import socket
import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate
from cryptography.x509.oid import NameOID

from server.cli import run
from tests.support.demo_server import ROOT

ORGANIZATION = "00D000000000001"


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import os

    for name in list(os.environ):
        if name.startswith("SCV_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True)
def same_logs() -> object:
    import logging

    import structlog

    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    yield
    root.handlers, level = before
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def config_file(tmp_path: Path) -> Path:
    key = tmp_path / "key.pem"
    key.write_text("key")
    file = tmp_path / "scv.toml"
    file.write_text(
        f"""
        [[tenants]]
        organization_id = "{ORGANIZATION}"
        name = "Acme"
        call_center_api_name = "AcmeVoice"
        scrt_base_url = "https://acme.my.salesforce-scrt.com"
        private_key_file = "{key}"
        telephony_provider_name = "Acme"
        """
    )
    return file


@pytest.mark.parametrize(
    "command",
    [
        [], ["demo"], ["serve"], ["keys"], ["keys", "generate"], ["agent"], ["agent", "add"],
        ["agent", "sign-in-code"], ["tenant"], ["tenant", "list"], ["pbx"], ["pbx", "hang-up"],
    ],
)  # fmt: skip
def test_every_command_has_help(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*command, "--help"]) == 0
    assert "Usage" in capsys.readouterr().out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.strip() == "0.1.0"


@pytest.mark.parametrize("arguments", [["dance"], ["demo", "--prot", "1"], ["keys", "generate"]])
def test_wrong_usage_is_told_with_code_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2
    assert capsys.readouterr().err.strip()


def test_help_does_not_import_what_only_commands_need() -> None:
    program = (
        "import sys; sys.argv = ['scv', '--help']\n"
        "from server.cli import run\n"
        "run(['--help'])\n"
        "heavy = {'sqlalchemy', 'aiohttp', 'cryptography', 'uvicorn', 'starlette', 'alembic'}\n"
        "sys.exit(' '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr


def test_keys_are_made_as_the_guide_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "keys"
    command = ["keys", "generate", "--out", str(out), "--common-name", "Acme Voice"]
    assert run(command) == 0
    key_file, certificate_file = out / "private.key.pem", out / "certificate.pem"
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    key = load_pem_private_key(key_file.read_bytes(), password=None)
    certificate = load_pem_x509_certificate(certificate_file.read_bytes())
    assert isinstance(key, RSAPrivateKey)
    assert key.key_size == 2048
    assert certificate.public_key() == key.public_key()
    certificate.verify_directly_issued_by(certificate)
    (name,) = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    assert name.value == "Acme Voice"
    life = certificate.not_valid_after_utc - certificate.not_valid_before_utc
    assert timedelta(days=365) <= life < timedelta(days=366)
    assert str(key_file) in capsys.readouterr().out

    before = key_file.read_bytes()
    assert run(command) == 1
    assert "not overwritten" in capsys.readouterr().err
    assert key_file.read_bytes() == before


def test_a_key_without_its_certificate_is_not_overwritten_either(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "certificate.pem").write_text("mine")
    assert run(["keys", "generate", "--out", str(tmp_path), "--common-name", "A"]) == 1
    assert not (tmp_path / "private.key.pem").exists()
    assert run(["keys", "generate", "--out", str(tmp_path / "x"), "--common-name", "n" * 65]) == 1
    assert "1 to 64 characters" in capsys.readouterr().err


def test_agents_and_codes(
    tmp_path: Path, config_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    places = ["--data-dir", str(tmp_path / "data"), "--config-file", str(config_file)]
    who = ["--tenant", ORGANIZATION, "--user", "eve@acme.example"]

    assert run(["tenant", "list", *places]) == 0
    assert ORGANIZATION in capsys.readouterr().out
    assert run(["agent", "sign-in-code", *who, *places]) == 0
    assert capsys.readouterr().err == "eve@acme.example is a new agent.\n"
    assert run(["agent", "add", *who, "--full-name", "Eve Agent", *places]) == 0
    capsys.readouterr()
    codes: set[str] = set()
    for _ in range(2):
        assert run(["agent", "sign-in-code", *who, *places]) == 0
        told = capsys.readouterr()
        assert told.err == ""
        codes.add(told.out.strip())
    assert len(codes) == 2
    assert all(len(code) >= 43 for code in codes)
    stored = (tmp_path / "data" / "scv.sqlite3").read_bytes()
    wal = tmp_path / "data" / "scv.sqlite3-wal"
    stored += wal.read_bytes() if wal.exists() else b""
    assert not any(code.encode() in stored for code in codes)

    unknown = ["--tenant", "00D000000000009", "--user", "eve@acme.example"]
    assert run(["agent", "sign-in-code", *unknown, *places]) == 1
    assert "no tenant 00D000000000009" in capsys.readouterr().err


def test_hanging_up_an_unknown_call_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["pbx", "hang-up", "c1", "--data-dir", str(tmp_path)]) == 1
    assert capsys.readouterr().err == "error: the switch has no call c1\n"


@pytest.fixture
def web_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "web"
    folder.mkdir()
    (folder / "connector.html").write_text("x")
    monkeypatch.setenv("SCV_WEB_DIR", str(folder))
    return folder


def test_a_taken_port_is_one_clear_line(web_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert run(["demo", "--port", str(port)]) == 1
    told = capsys.readouterr().err
    assert told.startswith(f"error: cannot listen on 127.0.0.1 port {port}")
    assert "--port" in told
    assert told.count("\n") == 1


def test_missing_web_assets_are_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SCV_WEB_DIR", str(tmp_path))
    assert run(["demo"]) == 1
    told = capsys.readouterr().err
    assert "make web" in told
    assert told.count("\n") == 1


def test_serving_needs_a_tenant(web_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["serve"]) == 1
    assert "[[tenants]]" in capsys.readouterr().err


def test_wrong_settings_are_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SCV_PORT", "many")
    assert run(["serve"]) == 1
    assert capsys.readouterr().err.startswith("error: SCV_PORT=many: ")
