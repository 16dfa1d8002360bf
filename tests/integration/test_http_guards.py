"""Hosts, origins, sizes and shapes that the server refuses, and how errors look."""

import json
from pathlib import Path

import pytest

from tests.support.running_app import ORGANIZATION, error_of, running_app

CALL = {"from": "+12025550123"}


async def test_foreign_hosts_and_origins_are_refused(tmp_path: Path) -> None:
    async with running_app(tmp_path) as running:
        evil = {"Host": "evil.example"}
        assert error_of(await running.http.get("/", headers=evil)) == (400, "unknown_host")
        assert (await running.http.get("/healthz", headers=evil)).status_code == 200
        path = "/demo/v1/inbound-calls"
        for origin in ("http://evil.example", "null", "http://127.0.0.1:1"):
            answer = await running.http.post(path, json=CALL, headers={"Origin": origin})
            assert error_of(answer) == (403, "foreign_origin")
        answer = await running.http.post(path, json=CALL, headers={"Origin": running.url})
        assert answer.status_code == 201
        page = await running.http.get("/", headers={"Origin": "http://evil.example"})
        assert page.status_code == 200
        assert "access-control-allow-origin" not in page.headers


async def test_bodies_are_small_json_objects(tmp_path: Path) -> None:
    async with running_app(tmp_path) as running:
        path = "/demo/v1/inbound-calls"
        json_type = {"Content-Type": "application/json"}
        form = await running.http.post(path, data={"from": "1"})
        assert error_of(form) == (415, "unsupported_media_type")
        for body in (b"", b"{", b"[]", b"[" * 5000, b"\xff"):
            answer = await running.http.post(path, content=body, headers=json_type)
            assert error_of(answer) == (400, "invalid_request")
        large = b'{"from": "' + b"1" * 70_000 + b'"}'
        answer = await running.http.post(path, content=large, headers=json_type)
        assert error_of(answer) == (413, "body_too_large")

        async def pieces():
            for _ in range(70):
                yield b" " * 1024

        answer = await running.http.post(path, content=pieces(), headers=json_type)
        assert error_of(answer) == (413, "body_too_large")


WRONG_CALLS: list[tuple[dict[str, object], str]] = [
    ({}, "from"),
    ({"from": 5}, "from"),
    ({"from": ""}, "from"),
    ({"from": "1" * 600}, "from"),
    ({"from": "+1\ud800"}, "from"),
    ({"from": "+1\0"}, "from"),
    ({"from": "+12025550123", "to": []}, "to"),
    ({"from": "+12025550123", "userName": "nobody"}, "userName"),
]


async def test_errors_name_the_field_and_never_the_value(tmp_path: Path) -> None:
    async with running_app(tmp_path) as running:
        for body, field in WRONG_CALLS:
            answer = await running.http.post(
                "/demo/v1/inbound-calls",
                content=json.dumps(body),
                headers={"Content-Type": "application/json"},
            )
            assert answer.status_code in (400, 404)
            assert answer.json()["error"]["field"] == field
            assert "111111" not in answer.text


async def test_a_fault_of_the_server_says_nothing_about_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running_app(tmp_path) as running:

        async def broken(tenant_id: str) -> None:
            raise RuntimeError(f"secret of {tenant_id}")

        monkeypatch.setattr(type(running.services.contact_center), "overview", broken)
        answer = await running.http.get("/demo/v1/overview")
        assert error_of(answer) == (500, "internal")
        assert "secret" not in answer.text
        assert ORGANIZATION not in answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_health_readiness_and_figures(tmp_path: Path) -> None:
    async with running_app(tmp_path) as running:
        assert (await running.http.get("/healthz")).json() == {"status": "alive"}
        ready = await running.http.get("/readyz")
        assert (ready.status_code, ready.json()) == (200, {"status": "ready"})
        await running.http.post("/demo/v1/inbound-calls", json=CALL)
        await running.http.get("/no/such/page")
        await running.http.request("2025550177", "/healthz")
        text = (await running.http.get("/metrics")).text
        assert 'scv_http_requests_total{method="GET",route="/readyz",status="200"} 1.0' in text
        assert 'route="/{path:path}",status="404"' in text
        assert "no/such/page" not in text
        assert "2025550123" not in text
        assert 'method="other",route="/healthz"' in text
        assert "2025550177" not in text
        for name in ("scv_link_connections", "scv_outbox_backlog", "scv_commands", "scv_calls"):
            assert f"# HELP {name}" in text
        await running.services.store.close()
        ready = await running.http.get("/readyz")
        assert ready.status_code == 503
        assert ready.json()["reasons"] == ["the database cannot be written"]


async def test_connector_settings(tmp_path: Path) -> None:
    origins = ["https://acme.lightning.force.com"]
    for demo in (True, False):
        folder = tmp_path / str(demo)
        async with running_app(folder, demo=demo, allowed_host_origins=origins) as running:
            found = (await running.http.get("/api/v1/connector-settings")).json()
            assert found == {
                "allowedHostOrigins": origins,
                "demo": demo,
                "ownOriginIsHost": demo,
                "linkPath": "/api/v1/link",
                "commandSeconds": 8,
                "version": "0.1.0",
            }
            policy = (await running.http.get("/connector.html")).headers["content-security-policy"]
            own = "'self' " if demo else ""
            assert f"frame-ancestors {own}{origins[0]}" in policy
