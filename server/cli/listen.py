"""Runs the application on its sockets until the process is told to stop."""

import logging
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

from server.cli.failures import RefusedError

if TYPE_CHECKING:
    import uvicorn
    from starlette.applications import Starlette

    from server.settings import Settings

_PING_SECONDS = 20
_PONG_SECONDS = 10
_GRACEFUL_SECONDS = 10
_LETTING_GO_SECONDS = 2


def bound_socket(host: str, port: int) -> socket.socket:
    """Take an address before anything else is started.

    Raises:
        RefusedError: It is not free, or not of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((host, port))
    except OSError as error:
        taken.close()
        raise RefusedError(
            f"cannot listen on {host} port {port} ({error.strerror or error}); "
            "choose another port with --port"
        ) from None
    return taken


def make_server(
    app: "Starlette", settings: "Settings", *, on_ready: Callable[[], None] | None = None
) -> "uvicorn.Server":
    """Return the HTTP server of an application, with its limits.

    Args:
        app: What `create_app` returned.
        settings: TLS files and trusted proxies.
        on_ready: Called when it answers.
    """
    import uvicorn
    from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

    from connector_py.entities import MAX_FRAME_BYTES

    class Socket(WebSocketsSansIOProtocol):
        """Lets go of a peer that reads nothing; an orderly close would wait for it for ever."""

        async def run_asgi(self) -> None:
            await super().run_asgi()
            self.loop.call_later(_LETTING_GO_SECONDS, self.transport.abort)

    class Server(uvicorn.Server):
        """Says when it is ready; ends requests that wait on purpose before it waits for them."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started and on_ready is not None:
                on_ready()

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            app.state.begin_stop()
            await super().shutdown(sockets)

    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        ws=Socket,
        ws_max_size=MAX_FRAME_BYTES,
        ws_ping_interval=_PING_SECONDS,
        ws_ping_timeout=_PONG_SECONDS,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=_GRACEFUL_SECONDS,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        ssl_certfile=settings.tls_certificate_file,
        ssl_keyfile=settings.tls_key_file,
    )
    return Server(config)


def run_server(
    app: "Starlette",
    settings: "Settings",
    sockets: list[socket.socket],
    *,
    on_ready: Callable[[], None] | None = None,
) -> None:
    """Serve on these sockets until SIGINT or SIGTERM.

    Raises:
        ServerError: It could not start; the text says why.
        OSError: The same, from the system.
    """
    import asyncio

    # A failure to start is told once, in its own words, and not as a traceback before.
    logging.getLogger("uvicorn.error").addFilter(lambda _: app.state.start_failure is None)
    server = make_server(app, settings, on_ready=on_ready)
    try:
        asyncio.run(server.serve(sockets=sockets))
    except KeyboardInterrupt:
        return  # it is how a person stops it, and everything was stopped in order
    except SystemExit:
        if app.state.start_failure is not None:
            raise app.state.start_failure from None
        raise
