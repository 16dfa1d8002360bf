"""A raw text socket: what the browser implements and tests fake.

Everything is a call, nothing is awaited: a text that arrives is handled, and its event is on the
way to Salesforce, before `text` returns.
"""

from typing import Protocol

from connector_py.api.ports import AgentIdentity
from connector_py.errors import ConnectorError


class SocketEvents(Protocol):
    """What a socket tells its owner. After `closed` or `failed` nothing follows."""

    def opened(self, ticket: str) -> None:
        """The socket is open; `ticket` belongs into the hello."""
        ...

    def text(self, text: str) -> None:
        """A text message arrived."""
        ...

    def closed(self, code: str, reason: str) -> None:
        """The socket closed after it was open; `code` is the WebSocket close code as text."""
        ...

    def failed(self, error: ConnectorError) -> None:
        """The socket did not open: `SignInRequiredError` or `LinkDownError`."""
        ...


class TextSocket(Protocol):
    """One socket, from the attempt to open it to its end."""

    def send(self, text: str) -> None:
        """Send a text message; without effect when the socket is not open."""
        ...

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Close the socket, also one that is still opening. Its owner hears no more of it."""
        ...


class SocketOpener(Protocol):
    """Opens sockets to the server: gets a new ticket each time, then connects."""

    def open(self, identity: AgentIdentity, events: SocketEvents) -> TextSocket:
        """Start to open a socket; how it went comes through `events`, never before returning."""
        ...
