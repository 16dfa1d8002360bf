"""One socket to the server, from the attempt to open it to its end."""

from typing import Protocol

from connector_py.api.ports import AgentIdentity
from connector_py.entities import Frame, decode_frame
from connector_py.errors import ConnectorError, ValidationError
from connector_py.transport.text_socket import SocketOpener, TextSocket
from connector_py.transport.timers import Timer, Timers

SILENCE_SECONDS = 25.0
"""A line without any text for so long is dead; the server's heartbeat comes every 10 s."""


class LineOwner(Protocol):
    """What a line tells the link. After `line_failed` or `line_lost` nothing follows."""

    def line_opened(self, ticket: str) -> None:
        """The server waits for the hello."""
        ...

    def line_frame(self, frame: Frame) -> None:
        """A frame arrived."""
        ...

    def line_unreadable(self, error: ValidationError) -> None:
        """A text arrived that is no frame."""
        ...

    def line_failed(self, error: ConnectorError) -> None:
        """The line did not open."""
        ...

    def line_lost(self, code: str) -> None:
        """The line is over: a close code, or `silence`."""
        ...


class Line:
    """A socket that turns texts into frames and notices silence.

    Once it is over or dropped its owner hears nothing more, whatever the socket still says.

    Args:
        owner: Hears what the line brings.
        timers: Where the silence is measured.
    """

    def __init__(self, *, owner: LineOwner, timers: Timers) -> None:
        self._owner = owner
        self._timers = timers
        self._silence: Timer | None = None
        self._socket: TextSocket | None = None
        self._is_over = False

    def start(self, opener: SocketOpener, identity: AgentIdentity) -> None:
        """Begin to open the socket."""
        self._expect_text()
        self._socket = opener.open(identity, self)

    def send(self, text: str) -> None:
        """Send a text; without effect once the line is over."""
        if self._socket is not None and not self._is_over:
            self._socket.send(text)

    def drop(self, code: int = 1000, reason: str = "") -> None:
        """Close the line; the owner hears nothing more of it."""
        if self._is_over:
            return
        self._finish()
        if self._socket is not None:
            self._socket.close(code, reason)

    def opened(self, ticket: str) -> None:
        """The socket is open (`SocketEvents`)."""
        if not self._is_over:
            self._expect_text()
            self._owner.line_opened(ticket)

    def text(self, text: str) -> None:
        """A text arrived (`SocketEvents`)."""
        if self._is_over:
            return
        self._expect_text()
        try:
            frame = decode_frame(text)
        except ValidationError as error:
            self._owner.line_unreadable(error)
        else:
            self._owner.line_frame(frame)

    def closed(self, code: str, reason: str) -> None:
        """The socket closed (`SocketEvents`)."""
        if not self._is_over:
            self._finish()
            self._owner.line_lost(code)

    def failed(self, error: ConnectorError) -> None:
        """The socket did not open (`SocketEvents`)."""
        if not self._is_over:
            self._finish()
            self._owner.line_failed(error)

    def _expect_text(self) -> None:
        if self._silence is not None:
            self._silence.cancel()
        self._silence = self._timers.call_later(SILENCE_SECONDS, self._fall_silent)

    def _fall_silent(self) -> None:
        self.drop(reason="silence")
        self._owner.line_lost("silence")

    def _finish(self) -> None:
        self._is_over = True
        if self._silence is not None:
            self._silence.cancel()
