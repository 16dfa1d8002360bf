"""Settings: where they come from, and errors that name setting, value and expectation."""

from pathlib import Path

import pytest

from server.settings import SettingsError, load_settings, origin_of

TENANT = """
[[tenants]]
organization_id = "00D000000000001"
name = "Acme"
call_center_api_name = "AcmeVoice"
scrt_base_url = "https://acme.my.salesforce-scrt.com/"
private_key_file = "{key}"
telephony_provider_name = "Acme"
allowed_host_origins = ["https://acme.lightning.force.com"]
"""


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in list(os.environ):
        if name.startswith("SCV_"):
            monkeypatch.delenv(name)


@pytest.fixture
def config_file(tmp_path: Path) -> Path:
    key = tmp_path / "key.pem"
    key.write_text("key")
    file = tmp_path / "scv.toml"
    file.write_text('port = 9001\nlog_level = "debug"\n' + TENANT.format(key=key))
    return file


def test_defaults() -> None:
    settings = load_settings(demo=False)
    assert (settings.host, settings.port, settings.demo) == ("127.0.0.1", 8080, False)
    assert settings.no_answer_seconds == 20
    assert settings.store_url == f"sqlite:///{Path('data/scv.sqlite3').absolute()}"
    assert settings.host_origins == ()
    assert not settings.speaks_tls


def test_command_line_wins_over_environment_over_file(
    monkeypatch: pytest.MonkeyPatch, config_file: Path
) -> None:
    monkeypatch.setenv("SCV_CONFIG_FILE", str(config_file))
    assert load_settings(demo=False).port == 9001
    monkeypatch.setenv("SCV_PORT", "9002")
    assert load_settings(demo=False).port == 9002
    assert load_settings(demo=False, port=9003, host=None).port == 9003
    assert load_settings(demo=False).log_level == "debug"


def test_tenants_come_from_the_file(config_file: Path) -> None:
    settings = load_settings(
        demo=False, config_file=config_file, allowed_host_origins=["https://b.example"]
    )
    (tenant,) = settings.tenants
    assert tenant.scrt_base_url == "https://acme.my.salesforce-scrt.com"
    assert settings.host_origins == ("https://acme.lightning.force.com", "https://b.example")


def test_neither_environment_nor_file_can_switch_on_demo_mode(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "scv.toml"
    file.write_text("demo = true\n")
    monkeypatch.setenv("SCV_DEMO", "true")
    assert load_settings(demo=False, config_file=file).demo is False


def test_origins_are_comma_separated_and_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "SCV_ALLOWED_HOST_ORIGINS", "https://a.lightning.force.com, https://B.example:8443/"
    )
    assert load_settings(demo=False).allowed_host_origins == (
        "https://a.lightning.force.com",
        "https://b.example:8443",
    )


@pytest.mark.parametrize(
    "origin",
    [
        "https://*.force.com",
        "https://a.example/page",
        "a.example",
        "https://",
        "ftp://a.example",
        "https://a.example?x",
        "https://a.example; script-src *",
    ],
)
def test_other_origins_are_refused(monkeypatch: pytest.MonkeyPatch, origin: str) -> None:
    monkeypatch.setenv("SCV_ALLOWED_HOST_ORIGINS", origin)
    with pytest.raises(SettingsError) as refused:
        load_settings(demo=False)
    assert f"SCV_ALLOWED_HOST_ORIGINS={origin}: expected an exact origin" in str(refused.value)


def test_hosts_of_recordings_are_names(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings(demo=False).recording_hosts == ()
    monkeypatch.setenv("SCV_RECORDING_HOSTS", "Rec.example.com, *.acme.example,pbx")
    assert load_settings(demo=False).recording_hosts == (
        "rec.example.com",
        "*.acme.example",
        "pbx",
    )


@pytest.mark.parametrize(
    "host",
    ["https://rec.example", "*", "*.example", "rec.*.example", "a..example", "rec.example:443"],
)
def test_other_hosts_are_refused(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("SCV_RECORDING_HOSTS", host)
    with pytest.raises(SettingsError) as refused:
        load_settings(demo=False)
    assert f"SCV_RECORDING_HOSTS={host}: expected a host name" in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("SCV_PORT", "eighty", "valid integer"),
        ("SCV_PORT", "70000", "less than or equal to 65535"),
        ("SCV_LOG_LEVEL", "loud", "'debug', 'info', 'warning' or 'error'"),
        ("SCV_NO_ANSWER_SECONDS", "0", "greater than 0"),
        ("SCV_PBX", "acme/adapter.py", "pattern"),
        ("SCV_EVENT_BUS_URL", "redis://x", "'memory://'"),
        ("SCV_CONFIG_FILE", "/no/such/file", "existing file"),
        ("SCV_PUBLIC_URL", "https://voice.example/path", "no path"),
    ],
)
def test_errors_name_setting_value_and_expectation(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        load_settings(demo=False)
    assert str(refused.value).startswith(f"{name}={value}: ")
    assert expected in str(refused.value)


def test_the_demo_has_its_own_switch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCV_PBX", "acme.adapter:make_pbx")
    assert load_settings(demo=False).pbx == "acme.adapter:make_pbx"
    with pytest.raises(SettingsError, match="simulated switch"):
        load_settings(demo=True)


def test_errors_of_the_command_line_name_its_option() -> None:
    with pytest.raises(SettingsError, match=r"^--port=0: .*greater than or equal to 1$"):
        load_settings(demo=False, port=0)


def test_errors_hide_the_password_of_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCV_DATABASE_URL", "mysql://me:hunter2@host/voice")
    with pytest.raises(SettingsError) as refused:
        load_settings(demo=False)
    assert "hunter2" not in str(refused.value)
    assert "SCV_DATABASE_URL" in str(refused.value)


def test_unknown_and_missing_settings_of_the_file_are_named(tmp_path: Path) -> None:
    file = tmp_path / "scv.toml"
    file.write_text('prot = 1\n[[tenants]]\norganization_id = "x"\n')
    with pytest.raises(SettingsError) as refused:
        load_settings(demo=False, config_file=file)
    text = str(refused.value)
    assert "prot: there is no such setting" in text
    assert "tenants.0.organization_id=x: " in text
    assert "tenants.0.private_key_file is missing" in text


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "scv.toml"
    file.write_text("port = [")
    with pytest.raises(SettingsError, match="SCV_CONFIG_FILE"):
        load_settings(demo=False, config_file=file)


def test_an_org_is_named_once_only(config_file: Path) -> None:
    text = config_file.read_text()
    again = text[text.index("[[tenants]]") :].replace("00D000000000001", "00D000000000001AAA")
    config_file.write_text(text + again)
    with pytest.raises(SettingsError, match="organization_id only once"):
        load_settings(demo=False, config_file=config_file)


def test_tls_needs_both_files(tmp_path: Path) -> None:
    file = tmp_path / "c.pem"
    file.write_text("x")
    with pytest.raises(SettingsError, match="both of them or neither"):
        load_settings(demo=False, tls_certificate_file=file)
    assert load_settings(demo=False, tls_certificate_file=file, tls_key_file=file).speaks_tls
    assert load_settings(demo=False, public_url="https://voice.example").speaks_tls


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://A.example:443/x?y", "https://a.example"),
        ("http://a.example:8080", "http://a.example:8080"),
        ("http://[::1]:80", "http://[::1]"),
    ],
)
def test_origin_of(url: str, origin: str) -> None:
    assert origin_of(url) == origin
