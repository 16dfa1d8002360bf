"""What every request passes before its endpoint: host, origin, size; and one log line after it."""

import time

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.api.addresses import SAFE_METHODS, check_host, check_origin
from server.api.body import MAX_BODY
from server.api.errors import error_response
from server.api.metrics import Metrics
from server.errors import BodyTooLargeError, ServerError
from server.logs import get_logger
from server.settings import Settings

log = get_logger(__name__)

_QUIET = frozenset({"/healthz", "/readyz", "/metrics"})
_METHODS = SAFE_METHODS | {"POST", "PUT", "PATCH", "DELETE"}


class Guard:
    """Middleware: refuses what is not meant for us, and turns every error into an answer.

    Args:
        app: The inner application.
        settings: Who we are.
        metrics: Where requests are counted.
    """

    def __init__(self, app: ASGIApp, *, settings: Settings, metrics: Metrics) -> None:
        self._app = app
        self._settings = settings
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request; sockets check for themselves."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(receive, send)
        begun = time.perf_counter()
        try:
            self._check(HTTPConnection(scope))
            await self._app(scope, exchange.receive, exchange.send)
        except Exception as error:
            if not isinstance(error, ServerError):
                log.error("request failed", method=_method_of(scope), exc_info=error)
            if exchange.status is not None:
                raise
            await error_response(error)(scope, receive, exchange.send)
        finally:
            self._note(scope, exchange.status, time.perf_counter() - begun)

    def _check(self, connection: HTTPConnection) -> None:
        check_host(connection, self._settings)
        if connection.scope["method"] not in SAFE_METHODS:
            check_origin(connection, self._settings, required=False)
        length = connection.headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit() or int(length) > MAX_BODY:
            raise _too_large()

    def _note(self, scope: Scope, status: int | None, seconds: float) -> None:
        route = _route_of(scope)
        method = _method_of(scope)
        self._metrics.requests.labels(method, route, str(status)).inc()
        self._metrics.request_seconds.labels(route).observe(seconds)
        if scope["path"] not in _QUIET:
            log.info(
                "request",
                method=method,
                route=route,
                status=status,
                ms=round(seconds * 1000, 1),
            )


class _Exchange:
    """Counts what comes in, and remembers the status that went out."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self.status: int | None = None
        self._receive = receive
        self._send = send
        self._size = 0

    async def receive(self) -> Message:
        message = await self._receive()
        self._size += len(message.get("body", b""))
        if self._size > MAX_BODY:
            raise _too_large()
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        await self._send(message)


def _too_large() -> BodyTooLargeError:
    return BodyTooLargeError(f"The body must not exceed {MAX_BODY} bytes.")


def _method_of(scope: Scope) -> str:
    """Return the method when it is a known one: any word can stand there, a number too."""
    return scope["method"] if scope["method"] in _METHODS else "other"


def _route_of(scope: Scope) -> str:
    """Return the route's template: a path itself could hold somebody's data."""
    route = scope.get("route")
    template = getattr(route, "path", None)
    return f"{scope.get('root_path', '')}{template}" if isinstance(template, str) else "other"
