"""Security headers: which page may be held by whom, and what it may load.

Every response carries them, errors too (OWASP ASVS 5.0, 3.4).
"""

from collections.abc import Mapping
from types import MappingProxyType

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.contact_center.recordings import PATH as RECORDINGS
from server.settings import Settings

FRAMED_PAGES = frozenset({"/connector.html", "/login.html"})
"""Pages that Salesforce shows inside its own; all others refuse to be framed."""

_POLICY: Mapping[str, str] = MappingProxyType(
    {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "media-src": "'self'",
        "connect-src": "'self'",
        "worker-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
    }
)
_WITH_WASM: Mapping[str, str] = MappingProxyType({"script-src": "'self' 'wasm-unsafe-eval'"})
_EXTRA: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {"/connector.html": _WITH_WASM, "/softphone.html": MappingProxyType({"frame-src": "'self'"})}
)
_PAGES = frozenset({"/", "/softphone.html", "/remote.html"}) | FRAMED_PAGES
_WITH_MICROPHONE = frozenset({"/connector.html", "/softphone.html"})
_SCRIPT_SUFFIXES = (".js", ".mjs")
_DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
_FEATURES = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), midi=(), payment=(), usb=()"
)
_ONE_YEAR = 31_536_000


def security_headers(path: str, settings: Settings) -> dict[str, str]:
    """Return the security headers of the response at a path.

    Args:
        path: The request's path.
        settings: Who may frame the connector, and whether we speak TLS.
    """
    framed = path in FRAMED_PAGES
    heard = path.startswith(f"{RECORDINGS}/")
    microphone = "(self)" if path in _WITH_MICROPHONE else "()"
    headers = {
        "Content-Security-Policy": _policy(path, settings),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": f"{_FEATURES}, microphone={microphone}",
        # A page that Salesforce frames is a resource of another site for it, and so is what its
        # player plays.
        "Cross-Origin-Resource-Policy": "cross-origin" if framed or heard else "same-origin",
    }
    if not framed:
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["X-Frame-Options"] = "DENY"
    if settings.speaks_tls:
        headers["Strict-Transport-Security"] = f"max-age={_ONE_YEAR}"
    return headers


def _policy(path: str, settings: Settings) -> str:
    if path in _PAGES:
        parts = {**_POLICY, **_EXTRA.get(path, {}), "frame-ancestors": _ancestors(path, settings)}
    elif path.endswith(_SCRIPT_SUFFIXES):
        # A worker gets its policy from its own script, not from the page that starts it.
        parts = {**_POLICY, **_WITH_WASM, "frame-ancestors": "'none'"}
    else:
        return _DATA_POLICY
    return "; ".join(f"{name} {value}" for name, value in parts.items())


def _ancestors(path: str, settings: Settings) -> str:
    if path not in FRAMED_PAGES:
        return "'none'"
    own = ("'self'",) if settings.demo else ()
    return " ".join((*own, *settings.host_origins)) or "'none'"


class SecurityHeaders:
    """Middleware: every HTTP response gets `security_headers`."""

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the inner application does, with the headers added."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(security_headers(scope["path"], self._settings))
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, send_with_headers)
