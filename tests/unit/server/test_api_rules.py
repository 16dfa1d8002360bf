"""Security headers, own addresses, tries per minute, and the folder of the web assets."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.requests import HTTPConnection

from server.api.addresses import check_host, check_origin, own_origin
from server.api.headers import security_headers
from server.api.pages import find_web_dir
from server.api.rate_limit import RateLimit
from server.errors import ForeignOriginError, TooManyRequestsError, UnknownHostError
from server.settings import load_settings


def policy(path: str, **settings: object) -> dict[str, str]:
    demo = bool(settings.pop("demo", False))
    header = security_headers(path, load_settings(demo=demo, **settings))
    parts = (part.split(" ", 1) for part in header["Content-Security-Policy"].split("; "))
    return {name: value for name, value in parts}


EVERY_PATH = [
    "/", "/connector.html", "/login.html", "/softphone.html", "/remote.html",
    "/bridge/main.js", "/assets/pyodide-1/pyodide.mjs", "/assets.json", "/api/v1/session", "/nope",
]  # fmt: skip


@pytest.mark.parametrize("path", EVERY_PATH)
@pytest.mark.parametrize("demo", [False, True])
def test_no_policy_allows_inline_code_eval_or_foreign_hosts(path: str, demo: bool) -> None:
    found = policy(path, demo=demo)
    assert found["default-src"] == "'none'"
    assert "frame-ancestors" in found
    text = " ".join(found.values())
    assert "unsafe-inline" not in text
    assert "'unsafe-eval'" not in text
    assert "*" not in text
    assert "http" not in text


def test_only_framed_pages_name_the_allowed_origins() -> None:
    origins = ["https://b.lightning.force.com", "https://a.lightning.force.com"]
    for path in ("/connector.html", "/login.html"):
        found = policy(path, allowed_host_origins=origins)
        assert found["frame-ancestors"] == " ".join(sorted(origins))
        with_demo = policy(path, demo=True, allowed_host_origins=origins)["frame-ancestors"]
        assert with_demo == "'self' " + " ".join(sorted(origins))
        assert policy(path)["frame-ancestors"] == "'none'"
    for path in ("/", "/softphone.html", "/remote.html", "/api/v1/session"):
        found = policy(path, demo=True, allowed_host_origins=origins)
        assert found["frame-ancestors"] == "'none'"


def test_what_the_pages_need_is_allowed() -> None:
    assert policy("/connector.html")["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert policy("/connector.html")["connect-src"] == "'self'"
    assert policy("/softphone.html", demo=True)["frame-src"] == "'self'"
    assert policy("/softphone.html", demo=True)["script-src"] == "'self'"
    assert "frame-src" not in policy("/remote.html", demo=True)


def test_other_headers() -> None:
    plain = load_settings(demo=False)
    framed, other = (security_headers(path, plain) for path in ("/connector.html", "/x"))
    assert framed["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "X-Frame-Options" not in framed
    assert other["Cross-Origin-Opener-Policy"] == "same-origin"
    assert other["X-Frame-Options"] == "DENY"
    assert "microphone=(self)" in framed["Permissions-Policy"]
    assert "microphone=()" in other["Permissions-Policy"]
    assert "Strict-Transport-Security" not in other
    tls = load_settings(demo=False, public_url="https://voice.example")
    assert "max-age=31536000" in security_headers("/x", tls)["Strict-Transport-Security"]


def connection(host: str, origin: str | None = None, path: str = "/x") -> HTTPConnection:
    headers = [(b"host", host.encode())]
    if origin is not None:
        headers.append((b"origin", origin.encode()))
    return HTTPConnection(
        {
            "type": "http",
            "method": "POST",
            "scheme": "http",
            "path": path,
            "query_string": b"",
            "headers": headers,
            "server": ("127.0.0.1", 8080),
        }
    )


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost:8080", "[::1]:8080", "10.1.2.3"])
def test_own_hosts_pass(host: str) -> None:
    check_host(connection(host), load_settings(demo=False))


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "a b", "", "x:y", "h/p?q"],
)
def test_foreign_hosts_are_refused(host: str) -> None:
    with pytest.raises(UnknownHostError):
        check_host(connection(host), load_settings(demo=False))


def test_health_is_asked_by_any_host() -> None:
    check_host(connection("pod-7.cluster", path="/healthz"), load_settings(demo=False))


def test_the_public_url_is_ours() -> None:
    settings = load_settings(demo=False, public_url="https://voice.example")
    check_host(connection("voice.example"), settings)
    assert own_origin(connection("127.0.0.1:8080"), settings) == "https://voice.example"
    check_origin(connection("x", "https://voice.example"), settings, required=True)
    with pytest.raises(ForeignOriginError):
        check_origin(connection("x", "http://voice.example"), settings, required=True)


@pytest.mark.parametrize(
    "origin",
    ["null", "http://127.0.0.1:8081", "https://127.0.0.1:8080", "http://evil.example", ""],
)
def test_other_origins_are_refused(origin: str) -> None:
    settings = load_settings(demo=True)
    check_origin(connection("127.0.0.1:8080", "http://127.0.0.1:8080"), settings, required=True)
    with pytest.raises(ForeignOriginError):
        check_origin(connection("127.0.0.1:8080", origin), settings, required=False)


def test_a_missing_origin_counts_only_where_one_is_required() -> None:
    settings = load_settings(demo=False)
    check_origin(connection("127.0.0.1"), settings, required=False)
    with pytest.raises(ForeignOriginError):
        check_origin(connection("127.0.0.1"), settings, required=True)


class HandClock:
    """Time that stands still until it is moved."""

    def __init__(self) -> None:
        self.time = datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


async def test_tries_are_limited_for_each_address() -> None:
    clock = HandClock()
    limit = RateLimit(clock, tries=2, seconds=60)
    limit.check("a")
    await clock.sleep(20)
    limit.check("a")
    with pytest.raises(TooManyRequestsError) as refused:
        limit.check("a")
    assert refused.value.retry_after == 41
    limit.check("b")
    await clock.sleep(40)
    limit.check("a")
    with pytest.raises(TooManyRequestsError):
        limit.check("a")


def test_good_tries_do_not_count() -> None:
    limit = RateLimit(HandClock(), tries=1, seconds=60)
    for _ in range(3):
        limit.check("a")
        limit.forgive("a")
    limit.forgive("b")
    limit.check("a")
    with pytest.raises(TooManyRequestsError):
        limit.check("a")


def test_the_web_assets_are_found_only_when_built(tmp_path: Path) -> None:
    assert find_web_dir(tmp_path) is None
    (tmp_path / "connector.html").write_text("x")
    assert find_web_dir(tmp_path) == tmp_path
