"""Which addresses are this server's own: the checks of Host and Origin.

The Host header says which server the client believes to talk to; a name that is not ours means
that somebody else's name was pointed at us (DNS rebinding). The Origin header says which page asks;
only our own pages may change anything. OWASP ASVS 5.0, 3.5 and 4.4.2.
"""

from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from server.errors import ForeignOriginError, UnknownHostError
from server.settings import Settings, origin_of

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_ANY_HOST = ("/healthz", "/readyz", "/metrics")
_SCHEMES = {"ws": "http", "wss": "https"}


def own_origin(connection: HTTPConnection, settings: Settings) -> str:
    """Return the origin of this server as the browser of this connection sees it."""
    if settings.public_url is not None:
        return settings.public_url
    scheme = _SCHEMES.get(connection.url.scheme, connection.url.scheme)
    try:
        return origin_of(f"{scheme}://{connection.headers.get('host', '')}")
    except ValueError:
        raise UnknownHostError("The request's Host header cannot be read.") from None


def check_host(connection: HTTPConnection, settings: Settings) -> None:
    """Let only requests pass that are meant for this server.

    Raises:
        UnknownHostError: When the Host header names another one.
    """
    if connection.scope["path"] in _ANY_HOST:
        return
    name = _host_name(connection.headers.get("host", ""))
    if name is None or not _is_ours(name, settings):
        raise UnknownHostError(
            "This server does not answer for that host name. "
            "Set SCV_PUBLIC_URL to the address that browsers use."
        )


def _host_name(header: str) -> str | None:
    try:
        parts = urlsplit(f"//{header}")
        _ = parts.port
    except ValueError:
        return None
    plain = not (parts.path or parts.query or parts.fragment or parts.username)
    return parts.hostname if plain and "@" not in header else None


def _is_ours(name: str, settings: Settings) -> bool:
    if settings.public_url is not None and name == urlsplit(settings.public_url).hostname:
        return True
    if name in ("localhost", settings.host.lower()):
        return True
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def check_origin(connection: HTTPConnection, settings: Settings, *, required: bool) -> None:
    """Let only our own pages pass.

    Args:
        connection: A request that changes something, or a socket that opens.
        settings: Where our public address is.
        required: Whether a missing Origin is refused too. Browsers always send one on sockets.

    Raises:
        ForeignOriginError: When another page asks, or none where one is required.
    """
    origin = connection.headers.get("origin")
    if origin is None and not required:
        return
    if origin is None or origin.lower() != own_origin(connection, settings):
        raise ForeignOriginError("Only this server's own pages may do that.")
