"""Sockets to the server, opened by the page: it gets the ticket and owns the WebSocket."""

from itertools import count

from connector_py.api.ports import AgentIdentity
from connector_py.browser.host import Host, encode
from connector_py.errors import ConnectorError, LinkDownError, SignInRequiredError
from connector_py.transport.text_socket import SocketEvents, TextSocket

_SILENT_SIGN_IN = "silent_sign_in_required"


class BrowserSockets:
    """Opens sockets and brings what the page tells about them to their owners.

    The page may tell of a socket that was closed meanwhile: that reaches nobody.

    Args:
        host: The page.
    """

    def __init__(self, host: Host) -> None:
        self._host = host
        self._numbers = count(1)
        self._owners: dict[str, SocketEvents] = {}

    def open(self, identity: AgentIdentity, events: SocketEvents) -> TextSocket:
        """Start to open a socket; how it went comes through `events`."""
        socket_id = f"socket-{next(self._numbers)}"
        self._owners[socket_id] = events
        message = {"type": "socket_open", "id": socket_id, "identity": _identity(identity)}
        self._host.post(encode(message))
        return _BrowserSocket(self, socket_id)

    def send(self, socket_id: str, text: str) -> None:
        """Send a text message; without effect when the socket is gone."""
        if socket_id in self._owners:
            self._host.post(encode({"type": "socket_send", "id": socket_id, "text": text}))

    def close(self, socket_id: str, code: int, reason: str) -> None:
        """Close a socket; without effect when it is gone."""
        if self._owners.pop(socket_id, None) is not None:
            message = {"type": "socket_close", "id": socket_id, "code": code, "reason": reason}
            self._host.post(encode(message))

    def opened(self, socket_id: str, ticket: str) -> None:
        """The page opened a socket."""
        owner = self._owners.get(socket_id)
        if owner is not None:
            owner.opened(ticket)

    def text(self, socket_id: str, text: str) -> None:
        """A text message arrived."""
        owner = self._owners.get(socket_id)
        if owner is not None:
            owner.text(text)

    def closed(self, socket_id: str, code: str, reason: str) -> None:
        """An open socket closed."""
        owner = self._owners.pop(socket_id, None)
        if owner is not None:
            owner.closed(code, reason)

    def failed(self, socket_id: str, code: str, message: str) -> None:
        """A socket did not open.

        Args:
            socket_id: Which one.
            code: `sign_in_required` or `silent_sign_in_required`; anything else means that the
                server was not reached.
            message: Why.
        """
        owner = self._owners.pop(socket_id, None)
        if owner is not None:
            owner.failed(_failure(code, message))


class _BrowserSocket:
    def __init__(self, sockets: BrowserSockets, socket_id: str) -> None:
        self._sockets = sockets
        self._id = socket_id

    def send(self, text: str) -> None:
        self._sockets.send(self._id, text)

    def close(self, code: int = 1000, reason: str = "") -> None:
        self._sockets.close(self._id, code, reason)


def _identity(identity: AgentIdentity) -> dict[str, str]:
    fields = {
        "organizationId": identity.organization_id,
        "userName": identity.user_name,
        "userId": identity.user_id,
        "userFullName": identity.user_full_name,
        "callCenterName": identity.call_center_name,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _failure(code: str, message: str) -> ConnectorError:
    if code in (SignInRequiredError.code, _SILENT_SIGN_IN):
        return SignInRequiredError(message, is_silent=code == _SILENT_SIGN_IN)
    return LinkDownError(message)
