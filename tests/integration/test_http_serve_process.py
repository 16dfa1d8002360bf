"""`scv serve` as a process of its own: TLS, no demo parts, and the command line beside it."""

import http.client
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.certificates import write_tls_pair
from tests.support.demo_server import DemoServer, wait_until
from tests.support.running_app import write_web_files

NAME = "voice.example"
ORGANIZATION = "00D000000000001"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[DemoServer]:
    certificate, key = write_tls_pair(tmp_path / "tls", NAME)
    config = tmp_path / "scv.toml"
    config.write_text(
        f"""
        allowed_host_origins = ["https://acme.lightning.force.com"]
        [[tenants]]
        organization_id = "{ORGANIZATION}"
        name = "Acme"
        call_center_api_name = "AcmeVoice"
        scrt_base_url = "https://127.0.0.1:9"
        private_key_file = "{key}"
        telephony_provider_name = "Acme"
        """
    )
    running = DemoServer(
        tmp_path / "data",
        command="serve",
        scheme="https",
        environment={
            "SCV_CONFIG_FILE": str(config),
            "SCV_TLS_CERTIFICATE_FILE": str(certificate),
            "SCV_TLS_KEY_FILE": str(key),
            "SCV_WEB_DIR": str(write_web_files(tmp_path / "web")),
        },
    )
    running._environment["SCV_PUBLIC_URL"] = f"https://{NAME}:{running.port}"
    running.start()
    yield running
    running.stop()


def ask(
    server: DemoServer, method: str, path: str, body: str | None = None
) -> http.client.HTTPResponse:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    connection = http.client.HTTPSConnection("127.0.0.1", server.port, context=context, timeout=10)
    own = f"{NAME}:{server.port}"
    headers = {"Host": own, "Origin": f"https://{own}", "Content-Type": "application/json"}
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    answer.text = answer.read().decode()  # type: ignore[attr-defined]
    connection.close()
    return answer


def text_of(server: DemoServer, path: str) -> str:
    answer: Any = ask(server, "GET", path)
    return str(answer.text)


def test_production_over_tls(server: DemoServer) -> None:
    page = ask(server, "GET", "/connector.html")
    assert page.status == 200
    assert "max-age=" in page.headers["Strict-Transport-Security"]
    policy = page.headers["Content-Security-Policy"]
    assert policy.endswith("frame-ancestors https://acme.lightning.force.com")
    for path in (
        "/softphone.html",
        "/remote.html",
        "/demo/v1/users",
        "/salesforce-simulator/ui/faults",
    ):
        assert ask(server, "GET", path).status == 404
    ticket = f'{{"organizationId": "{ORGANIZATION}", "userName": "eve@acme.example"}}'
    assert ask(server, "POST", "/api/v1/link/ticket", ticket).status == 401

    assert ORGANIZATION in server.run("tenant", "list")
    who = ("--tenant", ORGANIZATION, "--user", "eve@acme.example")
    code = server.run("agent", "sign-in-code", *who).strip()
    session = ask(server, "POST", "/api/v1/session", f'{{"code": "{code}"}}')
    assert session.status == 200
    assert "Partitioned" in session.headers["Set-Cookie"]
    assert code not in server.log.read_text()


def test_the_switch_is_the_one_that_the_setting_names(server: DemoServer) -> None:
    server.stop()
    server._environment["SCV_PBX"] = "tests.support.example_switch:make_pbx"
    server.start()
    wanted = 'scv_calls_ended_total{end="customer",type="inbound"} 1.0'
    wait_until(
        "the call of the example's switch",
        lambda: wanted in text_of(server, "/metrics"),
    )


def test_a_switch_that_there_is_not_is_said_in_one_line(server: DemoServer) -> None:
    server.stop()
    server._environment["SCV_PBX"] = "no_such_package:make_pbx"
    with pytest.raises(AssertionError, match="error: SCV_PBX=no_such_package:make_pbx: it cannot"):
        server.start()
