"""The command line: help, exit codes, keys, agents and codes, and clear refusals."""

import json
import re
import socket
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
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
OPERATING = ROOT / "docs" / "operating.md"


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
        ["agent", "sign-in-code"], ["tenant"], ["tenant", "list"], ["settings"],
        ["settings", "show"], ["settings", "set"], ["status"],
        ["status", "list"], ["status", "set"], ["pbx"], ["pbx", "hang-up"],
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


def test_a_phone_book_is_imported_whole_or_not_at_all(
    tmp_path: Path, config_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    places = ["--data-dir", str(tmp_path / "data"), "--config-file", str(config_file)]
    book = tmp_path / "book.csv"
    lines = [f"c{number},Person {number},+1202555{number:04}" for number in range(1500)]
    book.write_text("\n".join(["id,name,phoneNumber", *lines]))
    importing = ["contacts", "import", str(book), "--tenant", ORGANIZATION, *places]
    assert run(importing) == 0
    told = capsys.readouterr()
    assert told.out == "1500 contacts imported.\n"
    assert told.err == ""
    assert contacts_in(tmp_path / "data") == 1500
    book.write_text('id,name,phoneNumber\nnew,New Person,"+12025550000\n')
    assert run(importing) == 1
    assert "begins in line 2" in capsys.readouterr().err
    book.write_text("id,name,phoneNumber\nnew,New Person,+12025550000\nbad,,\n")
    assert run(importing) == 1
    assert "Line 3: name is missing" in capsys.readouterr().err
    assert contacts_in(tmp_path / "data") == 1500


def contacts_in(data_dir: Path) -> int:
    with closing(sqlite3.connect(data_dir / "scv.sqlite3")) as database:
        return int(database.execute("SELECT count(*) FROM contacts").fetchone()[0])


def test_settings_are_changed_in_part(
    tmp_path: Path, config_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    who = ["--tenant", ORGANIZATION, "--data-dir", str(tmp_path / "data")]
    who += ["--config-file", str(config_file)]
    file = tmp_path / "settings.json"

    def change(text: str) -> int:
        file.write_text(text)
        return run(["settings", "set", str(file), *who])

    [example] = re.findall(r"```json\n(.*?)```", OPERATING.read_text(), re.DOTALL)
    assert change(example) == 0
    assert change('{"voiceCapabilities": {"hasSwap": false}, "labels": ["c.busy"]}') == 0
    assert change('{"queueWaitSeconds": {"queue-1": 90}}') == 0
    capsys.readouterr()
    assert run(["settings", "show", *who]) == 0
    shown = json.loads(capsys.readouterr().out)
    voice = shown["voiceCapabilities"]
    assert (voice["hasSwap"], voice["hasMute"], voice["hasBlindTransfer"]) == (False, True, False)
    assert (shown["labels"], shown["queueWaitSeconds"]) == (["c.busy"], {"queue-1": 90})
    assert shown["supervisors"] is None
    for supervisors in (["ada@acme.example"], None):
        assert change(json.dumps({"supervisors": supervisors})) == 0
        capsys.readouterr()
        assert run(["settings", "show", *who]) == 0
        assert json.loads(capsys.readouterr().out)["supervisors"] == supervisors
    assert "error" not in shown
    for text, told in (
        ('{"error": {}}', "in the demo only"),
        ('{"colour": 1}', "no such setting"),
        ('{"labels": ["x"]}', "namespace.labelName"),
        ('{"isAutoMergeOn": 1}', "isAutoMergeOn"),
        ("[]", "one JSON object"),
        ("{", "is no JSON"),
    ):
        assert change(text) == 1, text
        assert told in capsys.readouterr().err
    assert change("\ufeff" + '{"labels": ["c.late"]}') == 0
    for content, told in (
        (b"\xff", "not UTF-8"),
        (b"[" * 5000, "too deeply nested"),
        (rb'{"queueWaitSeconds": {"\ud800": 1}}', "queueWaitSeconds must hold Unicode"),
    ):
        file.write_bytes(content)
        assert run(["settings", "set", str(file), *who]) == 1
        assert told in capsys.readouterr().err
    assert run(["settings", "set", str(tmp_path / "nothing.json"), *who]) == 1
    assert "nothing.json" in capsys.readouterr().err


def test_statuses_get_other_names(
    tmp_path: Path, config_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    who = ["--tenant", ORGANIZATION, "--data-dir", str(data), "--config-file", str(config_file)]
    assert run(["status", "list", *who]) == 0
    assert capsys.readouterr().out.startswith("No status yet.")
    rows = [("0", "Offline", 0, 1, "offline"), ("0N5a", "Away", 0, 0, "away")]
    rows.append(("0N5b", "Available", 1, 0, "available"))
    with closing(sqlite3.connect(data / "scv.sqlite3")) as database:
        [(tenant_id,)] = database.execute("SELECT tenant_id FROM tenants").fetchall()
        for row in rows:
            database.execute(
                "INSERT INTO presence_statuses VALUES (?, ?, ?, ?, ?, ?)", (tenant_id, *row)
            )
        database.commit()
    naming = ["status", "set", *who, "--status", "0N5a", "--telephony-status"]
    assert run([*naming, "lunch"]) == 0
    assert capsys.readouterr().out == "0N5a is lunch.\n"
    assert run(["status", "list", *who]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "0  Offline  offline  offline",
        "0N5a  Away  no calls  lunch",
        "0N5b  Available  calls  available",
    ]
    assert run([*naming, "available"]) == 1
    assert "a telephony status of its own" in capsys.readouterr().err
    assert run(["status", "set", *who, "--status", "0N5x", "--telephony-status", "y"]) == 1
    assert "no such presence status" in capsys.readouterr().err


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
