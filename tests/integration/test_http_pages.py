"""Pages and files over HTTP: types, caching, modes, and what must not be reachable."""

from pathlib import Path

from tests.support.running_app import WEB_FILES, error_of, running_app


async def test_files_come_with_type_and_caching(tmp_path: Path) -> None:
    expected = {
        "/": ("text/html; charset=utf-8", "no-cache"),
        "/connector.html": ("text/html; charset=utf-8", "no-cache"),
        "/bridge/main.js": ("text/javascript; charset=utf-8", "no-cache"),
        "/assets.json": ("application/json", "no-cache"),
        "/assets/py-0123/python.wasm": ("application/wasm", None),
        "/assets/py-0123/pyodide.mjs": ("text/javascript; charset=utf-8", None),
        "/assets/py-0123/stdlib.zip": ("application/zip", None),
    }
    async with running_app(tmp_path) as running:
        for path, (kind, caching) in expected.items():
            answer = await running.http.get(path)
            assert answer.status_code == 200, path
            assert answer.headers["content-type"] == kind
            for_ever = "public, max-age=31536000, immutable"
            assert answer.headers["cache-control"] == (caching or for_ever)
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.content == WEB_FILES[path[1:] or "index.html"]
            again = await running.http.get(path, headers={"If-None-Match": answer.headers["etag"]})
            assert again.status_code == 304
            assert "content-security-policy" in again.headers
        head = await running.http.head("/connector.html")
        assert (head.status_code, head.content) == (200, b"")


async def test_demo_pages_exist_in_demo_mode_only(tmp_path: Path) -> None:
    demo_only = [
        "/softphone.html", "/remote.html", "/softphone/main.js", "/remote/main.js",
        "/demo/v1/users", "/demo/v1/overview", "/demo/v1/pbx",
        "/demo/v1/connector-config?user=ada@demo.example",
        "/salesforce-simulator/ui/voiceCalls", "/salesforce-simulator/ui/faults",
    ]  # fmt: skip
    async with running_app(tmp_path / "demo") as running:
        for path in demo_only:
            assert (await running.http.get(path)).status_code == 200, path
    async with running_app(tmp_path / "real", demo=False) as running:
        # On a disk that does not tell the case of letters apart, every spelling is a file.
        spellings = ["/Softphone.html", "/SOFTPHONE.HTML", "/Remote/main.js"]
        for path in spellings:
            file = tmp_path / "real" / "web" / path[1:]
            file.parent.mkdir(exist_ok=True)
            file.write_text("demo")
        for path in [*demo_only, *spellings, "/demo", "/demo/", "/salesforce-simulator"]:
            assert error_of(await running.http.get(path)) == (404, "not_found"), path
        for path in (
            "/demo/v1/inbound-calls",
            "/demo/v1/calls/c1/customer-answers",
            "/demo/v1/calls/c1/customer-leaves",
            "/salesforce-simulator/telephony/v1/voiceCalls",
            "/salesforce-simulator/ui/voiceCalls",
        ):
            assert error_of(await running.http.post(path, json={})) == (404, "not_found"), path
        assert error_of(await running.http.put("/demo/v1/pbx", json={})) == (404, "not_found")
        faults = "/salesforce-simulator/ui/faults"
        assert error_of(await running.http.put(faults, json={})) == (404, "not_found")
        for path in ("/", "/connector.html", "/login.html", "/bridge/main.js", "/assets.json"):
            assert (await running.http.get(path)).status_code == 200, path


UNREADABLE = [
    "/nope",
    "/nope.html",
    "/assets",
    "/assets/",
    "/bridge/",
    "/bridge/../connector.html",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/..%5csecret.txt",
    "//etc/passwd",
    "/%00",
    "/.hidden",
    "/bridge/.hidden",
    "/a" * 500,
    "/" + "a" * 300,
]


async def test_nothing_else_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    async with running_app(tmp_path) as running:
        (tmp_path / "web" / ".hidden").write_text("secret")
        (tmp_path / "web" / "bridge" / ".hidden").write_text("secret")
        for path in UNREADABLE:
            answer = await running.http.get(running.url + path)
            if answer.status_code == 200:  # the client itself resolves dots
                assert answer.content == WEB_FILES["connector.html"]
            else:
                assert error_of(answer) == (404, "not_found"), path
            assert b"secret" not in answer.content


async def test_pages_are_only_read(tmp_path: Path) -> None:
    async with running_app(tmp_path) as running:
        answer = await running.http.post("/connector.html", json={})
        assert error_of(answer) == (405, "method_not_allowed")
        assert answer.headers["allow"] == "GET, HEAD"
