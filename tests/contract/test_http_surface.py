"""The inventory of every address: nothing is reachable that is not listed here."""

import re
from pathlib import Path

import pytest
from starlette.routing import Mount, Route, WebSocketRoute

from server.api.routes import routes
from tests.support.running_app import WEB_FILES, error_of, running_app

EVERYBODY = {
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/metrics"),
    ("GET", "/api/v1/connector-settings"),
    ("POST", "/api/v1/session"),
    ("DELETE", "/api/v1/session"),
    ("POST", "/api/v1/link/ticket"),
    ("WS", "/api/v1/link"),
    ("GET", "/api/v1/recordings/{call_id}"),
    ("*", "/{path:path}"),
}
DEMO = {
    ("GET", "/demo/v1/users"),
    ("GET", "/demo/v1/queues"),
    ("GET", "/demo/v1/phone-book"),
    ("GET", "/demo/v1/connector-config"),
    ("GET", "/demo/v1/overview"),
    ("WS", "/demo/v1/live"),
    ("GET", "/demo/v1/settings"),
    ("PUT", "/demo/v1/settings"),
    ("GET", "/demo/v1/status-map"),
    ("PUT", "/demo/v1/status-map"),
    ("POST", "/demo/v1/inbound-calls"),
    ("POST", "/demo/v1/callbacks"),
    ("POST", "/demo/v1/previews"),
    ("POST", "/demo/v1/contact-requests"),
    ("POST", "/demo/v1/voicemails"),
    ("POST", "/demo/v1/calls/{call_id}/customer-answers"),
    ("POST", "/demo/v1/calls/{call_id}/customer-leaves"),
    ("POST", "/demo/v1/calls/{call_id}/end"),
    ("POST", "/demo/v1/calls/{call_id}/participants/{participant_id}/answers"),
    ("POST", "/demo/v1/calls/{call_id}/participants/{participant_id}/leaves"),
    ("POST", "/demo/v1/calls/{call_id}/transcripts"),
    ("POST", "/demo/v1/calls/{call_id}/conversation-events"),
    ("POST", "/demo/v1/calls/{call_id}/recording"),
    ("POST", "/demo/v1/agents/{user_name}/desk-phone"),
    ("PUT", "/demo/v1/agents/{user_name}/phone"),
    ("POST", "/demo/v1/agents/{user_name}/status"),
    ("POST", "/demo/v1/agents/{user_name}/message"),
    ("GET", "/demo/v1/agents/{user_name}/messages"),
    ("POST", "/demo/v1/agents/{user_name}/audio-stats"),
    ("POST", "/demo/v1/agents/{user_name}/transfer-view"),
    ("POST", "/demo/v1/agents/{user_name}/after-conversation-work"),
    ("POST", "/demo/v1/agents/{user_name}/log-out"),
    ("POST", "/demo/v1/agents/{user_name}/sign-in-code"),
    ("POST", "/demo/v1/agents/{user_name}/call-info"),
    ("GET", "/demo/v1/pbx"),
    ("PUT", "/demo/v1/pbx"),
    ("MOUNT", "/salesforce-simulator"),
}


def inventory(*, demo: bool) -> set[tuple[str, str]]:
    async def nothing(scope: object, receive: object, send: object) -> None: ...

    found: set[tuple[str, str]] = set()
    for route in routes(web_dir=None, demo_mode=demo, simulator=nothing if demo else None):
        if isinstance(route, Route):
            methods = set(route.methods or ()) - {"HEAD"}
            names = methods if len(methods) < 3 else {"*"}
            found.update((method, route.path) for method in names)
        else:
            assert isinstance(route, WebSocketRoute | Mount)
            found.add(("WS" if isinstance(route, WebSocketRoute) else "MOUNT", route.path))
    return found


def test_production_has_these_addresses_only() -> None:
    assert inventory(demo=False) == EVERYBODY


def test_the_demo_has_these_beside() -> None:
    assert inventory(demo=True) == EVERYBODY | DEMO


def test_the_demos_addresses_are_explained() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "simulator.md").read_text()
    told = set(re.findall(r"`(GET|PUT|POST|WS) (/[^`]+)`", page))
    known = {(how, path.removeprefix("/demo/v1")) for how, path in DEMO if how != "MOUNT"}
    assert told == known


@pytest.mark.parametrize("demo", [False, True])
async def test_every_answer_has_security_headers(tmp_path: Path, demo: bool) -> None:
    paths = [path for method, path in EVERYBODY | DEMO if method == "GET"]
    async with running_app(tmp_path, demo=demo) as running:
        answers = [await running.http.get(path) for path in (*paths, *(f"/{n}" for n in WEB_FILES))]
        answers.append(await running.http.post("/api/v1/session", content=b"x"))
        answers.append(await running.http.request("TRACE", "/healthz"))
        answers.append(await running.http.get("/", headers={"Host": "evil.example"}))
        for answer in answers:
            seen = answer.headers
            assert "frame-ancestors" in seen["content-security-policy"], answer.url
            assert seen["x-content-type-options"] == "nosniff"
            assert seen["referrer-policy"] == "no-referrer"
            assert "microphone=" in seen["permissions-policy"]
            assert "cross-origin-resource-policy" in seen
            assert "server" not in seen
            if answer.status_code >= 400:
                error_of(answer)
