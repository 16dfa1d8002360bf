"""Two joined ends in memory: a server for tests that says what the test wants, when it wants."""

from connector_py.api.ports import AgentIdentity
from connector_py.entities import CommandFrame, Frame, Hello, decode_frame, encode_frame
from connector_py.errors import ConnectorError, LinkDownError
from connector_py.transport.text_socket import SocketEvents, TextSocket


class LoopbackServer:
    """The server's end of one socket.

    Its verbs reach the connector before they return, even when the connector closed the socket:
    a browser, too, may deliver late.

    Args:
        identity: Who opens the socket.
        events: The connector's end.
        ticket: What `accept` hands over.
    """

    def __init__(self, *, identity: AgentIdentity, events: SocketEvents, ticket: str) -> None:
        self.identity = identity
        self.ticket = ticket
        self.received: list[Frame] = []
        """Frames of the connector, oldest first."""
        self.is_open = False
        self.closed_with: tuple[int, str] | None = None
        """Code and reason, once the connector closed the socket."""
        self._events = events

    @property
    def hello(self) -> Hello:
        """The connector's hello; `LookupError` before it came."""
        for frame in self.received:
            if isinstance(frame, Hello):
                return frame
        raise LookupError("no hello came")

    @property
    def commands(self) -> list[CommandFrame]:
        """The commands that came, oldest first."""
        return [frame for frame in self.received if isinstance(frame, CommandFrame)]

    def accept(self) -> None:
        """Open the socket."""
        self.is_open = True
        self._events.opened(self.ticket)

    def refuse(self, error: ConnectorError | None = None) -> None:
        """Do not open the socket; without an error the server is not reached."""
        self._events.failed(error or LinkDownError("no server"))

    def send(self, frame: Frame) -> None:
        """Send a frame."""
        self.send_text(encode_frame(frame))

    def send_text(self, text: str) -> None:
        """Send a text that need not be a frame."""
        self._events.text(text)

    def close(self, code: str = "1006", reason: str = "") -> None:
        """Close the socket; the usual code is a line that broke."""
        self.is_open = False
        self._events.closed(code, reason)


class _LoopbackSocket:
    """The connector's end."""

    def __init__(self, server: LoopbackServer) -> None:
        self._server = server

    def send(self, text: str) -> None:
        if self._server.is_open:
            self._server.received.append(decode_frame(text))

    def close(self, code: int = 1000, reason: str = "") -> None:
        self._server.is_open = False
        self._server.closed_with = (code, reason)


class Loopback:
    """Opens sockets to the test itself (`SocketOpener`)."""

    def __init__(self) -> None:
        self.servers: list[LoopbackServer] = []
        """The server's end of each socket so far, oldest first."""

    @property
    def server(self) -> LoopbackServer:
        """The server's end of the newest socket."""
        return self.servers[-1]

    def open(self, identity: AgentIdentity, events: SocketEvents) -> TextSocket:
        """Start to open a socket; `server.accept` or `server.refuse` decides."""
        ticket = f"ticket-{len(self.servers) + 1}"
        server = LoopbackServer(identity=identity, events=events, ticket=ticket)
        self.servers.append(server)
        return _LoopbackSocket(server)
