"""The real application on a real port, inside the test's own event loop."""

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from connector_py.entities import Command, CommandFrame, Hello, decode_frame, encode_frame
from server.api.services import LinkTimes, Services
from server.app import Parts, create_app
from server.cli.listen import bound_socket, make_server
from server.settings import load_settings
from tests.support.demo_server import free_port
from tests.support.patience import PATIENCE

ORGANIZATION = "00D000000000001AAA"
WEB_FILES: Mapping[str, bytes] = {
    "index.html": b"<title>index</title>",
    "connector.html": b"<title>connector</title>",
    "login.html": b"<title>login</title>",
    "softphone.html": b"<title>softphone</title>",
    "remote.html": b"<title>remote</title>",
    "assets.json": b"{}",
    "bridge/main.js": b"export {};",
    "softphone/main.js": b"export {};",
    "remote/main.js": b"export {};",
    "assets/py-0123/python.wasm": b"\0asm",
    "assets/py-0123/pyodide.mjs": b"export {};",
    "assets/py-0123/stdlib.zip": b"PK",
}


def write_web_files(folder: Path) -> Path:
    """Write small stand-ins for the built web assets."""
    for name, content in WEB_FILES.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return folder


@dataclass(frozen=True, kw_only=True)
class RunningApp:
    """An application that answers at `url`."""

    app: Starlette
    server: uvicorn.Server
    url: str
    http: httpx2.AsyncClient

    @property
    def services(self) -> Services:
        return self.app.state.services

    @property
    def open_sockets(self) -> int:
        """How many WebSockets the HTTP server still holds."""
        connections = self.server.server_state.connections
        return sum(isinstance(held, WebSocketsSansIOProtocol) for held in connections)

    async def ticket(self, user: str = "ada@demo.example", **more: str) -> str:
        """Get a ticket for the link, as the connector does."""
        body = {"organizationId": ORGANIZATION, "userName": user, **more}
        answer = await self.http.post("/api/v1/link/ticket", json=body)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["ticket"])

    def socket(self, path: str = "/api/v1/link", *, origin: str | None = "own") -> connect:
        """Open a WebSocket as a page of this server, or of another origin."""
        own = self.url if origin == "own" else origin
        return connect(
            self.url.replace("http", "ws", 1) + path, origin=own, compression=None, proxy=None
        )

    @asynccontextmanager
    async def link(self, user: str = "ada@demo.example", **hello: Any) -> AsyncGenerator["Link"]:
        """Open a link up to its welcome."""
        async with self.socket() as socket:
            link = Link(socket)
            hello = {"instance_id": "page-1", **hello}
            await link.send(Hello(ticket=await self.ticket(user), **hello))
            link.welcome = await link.next("welcome")
            yield link


class Link:
    """A connector's end of a link, frame by frame."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.welcome: Any = None
        self._seen: list[Any] = []
        self._count = 0

    async def send(self, frame: Any) -> None:
        await self.socket.send(frame if isinstance(frame, str) else encode_frame(frame))

    async def next(self, kind: str, name: str | None = None, seconds: float = PATIENCE) -> Any:
        """Return the next frame of a kind (and notification name); others are kept."""

        def fits(frame: Any) -> bool:
            is_kind = frame.kind == kind
            return is_kind and (name is None or frame.notification.name == name)

        async with asyncio.timeout(seconds):
            while True:
                for index, frame in enumerate(self._seen):
                    if fits(frame):
                        return self._seen.pop(index)
                self._seen.append(decode_frame(str(await self.socket.recv())))

    async def command(self, command: Command, *, key: str | None = None) -> Any:
        """Send a command and return its reply."""
        self._count += 1
        key = key or f"key-{id(self)}-{self._count}"
        await self.send(CommandFrame(id=key, command=command))
        while True:
            reply = await self.next("reply")
            if reply.id == key:
                return reply


@asynccontextmanager
async def running_app(
    folder: Path,
    *,
    demo: bool = True,
    link_times: LinkTimes | None = None,
    tenants: str | None = None,
    **chosen: Any,
) -> AsyncGenerator[RunningApp]:
    """Run the application with its data in a folder.

    Args:
        folder: For data, web files and settings.
        demo: Demo mode.
        link_times: Shorter limits of the link.
        tenants: TOML text with `[[tenants]]`.
        chosen: Other settings.
    """
    if tenants is not None:
        file = folder / "scv.toml"
        file.write_text(tenants)
        chosen["config_file"] = file
    settings = load_settings(
        demo=demo,
        port=free_port(),
        data_dir=folder / "data",
        web_dir=write_web_files(folder / "web"),
        **chosen,
    )
    app = create_app(settings, Parts(settings=settings, link_times=link_times or LinkTimes()))
    server = make_server(app, settings)
    listening = bound_socket(settings.host, settings.port)
    url = f"http://127.0.0.1:{settings.port}"
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        while not server.started:
            assert not serving.done(), serving
            await asyncio.sleep(0.01)
        async with httpx2.AsyncClient(base_url=url, trust_env=False) as http:
            yield RunningApp(app=app, server=server, url=url, http=http)
    finally:
        server.should_exit = True
        await serving


def error_of(answer: httpx2.Response) -> tuple[int, str]:
    """Return status and code of an error answer, checking its shape."""
    body = json.loads(answer.text)
    assert set(body) == {"error"}, body
    assert {"code", "message"} <= set(body["error"]) <= {"code", "message", "field"}
    return answer.status_code, body["error"]["code"]


async def eventually(
    what: str, condition: Callable[[], Awaitable[bool]], seconds: float = PATIENCE
) -> None:
    """Ask again and again until it is so.

    Raises:
        AssertionError: It was not so in time; names `what`.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while not await condition():
        assert loop.time() < deadline, f"not within {seconds} s: {what}"
        await asyncio.sleep(0.01)


async def close_code(socket: ClientConnection) -> tuple[int | None, str]:
    """Read until the server closes, and return its code and reason."""
    async with asyncio.timeout(PATIENCE):
        with suppress(ConnectionClosed):
            while True:
                await socket.recv()
    return socket.close_code, socket.close_reason or ""
