"""The line to the server, kept up through drops (`docs/link-messages.md`)."""

import asyncio
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from connector_py.api.ports import AgentIdentity, LinkEnd, LinkListener, Log
from connector_py.entities import (
    MAX_FRAME_BYTES,
    SCHEMA_VERSION,
    CloseCode,
    Command,
    CommandFrame,
    Frame,
    Heartbeat,
    LogLevel,
    NotificationFrame,
    Reply,
    Welcome,
    encode_frame,
)
from connector_py.errors import (
    CommandTimeoutError,
    ConnectorError,
    LinkDownError,
    SignInRequiredError,
    ValidationError,
)
from connector_py.transport.backoff import CAP_SECONDS, HURRY_SECONDS, Jitter, full_jitter
from connector_py.transport.line import Line
from connector_py.transport.pending import PendingCommands
from connector_py.transport.stream import Stream
from connector_py.transport.text_socket import SocketOpener
from connector_py.transport.timers import Timer, Timers

OPEN_SECONDS = 10.0
"""How long `ServerLink.open` tries."""
COMMAND_SECONDS = 8.0
"""How long a command waits for its reply, reconnects included."""

_FINAL_CLOSE_CODES: Mapping[str, LinkEnd] = MappingProxyType(
    {
        CloseCode.REPLACED.value: LinkEnd.REPLACED,
        CloseCode.SCHEMA_MISMATCH.value: LinkEnd.SCHEMA_MISMATCH,
    }
)


class ServerLink:
    """The one way to the server: implements `TelephonyLink`.

    Everything that arrives is handled before the socket's callback returns.

    Args:
        opener: Opens sockets, each with a ticket of its own.
        timers: Where waits and time limits run.
        jitter: Spreads the waits between attempts.
        instance_id: Which page this is; the server replaces another page's link.
        log: Hears what goes wrong, without values.
    """

    def __init__(
        self,
        *,
        opener: SocketOpener,
        timers: Timers,
        jitter: Jitter,
        instance_id: str,
        log: Log,
    ) -> None:
        self._opener = opener
        self._timers = timers
        self._jitter = jitter
        self._instance_id = instance_id
        self._log = log
        self._listener: LinkListener | None = None
        self._pending = PendingCommands(timers)
        self._identity: AgentIdentity | None = None
        self._stream: Stream | None = None
        self._line: Line | None = None
        self._retry: Timer | None = None
        self._opening: asyncio.Future[None] | None = None
        self._is_welcomed = False
        self._failures = 0
        self._troubles = 0
        self._heard = 0

    # ---- TelephonyLink -----------------------------------------------------------------------

    def listen(self, listener: LinkListener) -> None:
        """Name the one who hears what the link brings; counts from the next `open`."""
        self._listener = listener

    async def open(self, identity: AgentIdentity) -> None:
        """Open the line and wait for the first snapshot; a link that is open starts anew.

        Raises:
            SignInRequiredError: The agent must sign in first.
            LinkDownError: No welcome within `OPEN_SECONDS`, or the link was closed meanwhile.
        """
        if self._listener is None:
            raise RuntimeError("listen() comes before open()")
        self.close()
        self._identity = identity
        self._stream = Stream(self._listener)
        self._failures = self._troubles = 0
        opening: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._opening = opening
        limit = self._timers.call_later(
            OPEN_SECONDS, lambda: self._finish(lambda: LinkDownError("the server is not reached"))
        )
        self._connect()
        try:
            await opening
        finally:
            limit.cancel()
            if self._opening is opening:  # The caller was cancelled.
                self.close()

    async def request(
        self, command: Command, *, command_id: str, time_limit: float | None = None
    ) -> Any:  # noqa: ANN401 - JSON
        """Ask the server for something; while the line is down the command waits for it.

        Raises:
            CommandRefusedError: The server says no.
            CommandTimeoutError: No answer within `time_limit`, or `COMMAND_SECONDS`.
            LinkDownError: The link is over, or was never opened.
            SignInRequiredError: The sign-in ended while the command was on its way.
            ValidationError: The command has no place in JSON or is too long, or its id waits
                already.
        """
        if self._identity is None:
            raise LinkDownError("the link is not open")
        text = encode_frame(CommandFrame(id=command_id, command=command))
        if len(text) > MAX_FRAME_BYTES:  # It is ASCII: a character is a byte.
            # Sent, it would end the line, and again after each reconnect.
            raise ValidationError(command.name, len(text), f"at most {MAX_FRAME_BYTES} bytes")
        seconds = COMMAND_SECONDS if time_limit is None else time_limit
        heard = self._heard
        self._hurry()
        try:
            return await self._pending.ask(
                command_id, text, send=self._send_command, time_limit=seconds
            )
        except CommandTimeoutError:
            if self._is_welcomed and self._heard == heard:
                self.line_lost("no_answer")  # A changed network leaves lines that look open.
            raise

    def close(self) -> None:
        """Close the line for good; commands on their way fail with `LinkDownError`."""
        self._finish(lambda: LinkDownError("the link was closed"))

    def reconnect_now(self) -> None:
        """Connect now: skip the wait for the next attempt, and replace a line that stands.

        A line from before may be dead without knowing it; where it goes on costs nothing.
        """
        if self._identity is None:
            return
        if self._retry is not None:
            self._retry.cancel()
        self._drop_line()
        self._connect()

    # ---- LineOwner ---------------------------------------------------------------------------

    def line_opened(self, ticket: str) -> None:
        """Say hello (`LineOwner`)."""
        if self._stream is not None:
            self._send(
                encode_frame(self._stream.hello(ticket=ticket, instance_id=self._instance_id))
            )

    def line_frame(self, frame: Frame) -> None:
        """Handle a frame (`LineOwner`)."""
        self._heard += 1
        stream = self._stream
        if stream is None:
            return
        if isinstance(frame, Welcome) and not self._is_welcomed:
            self._take_welcome(stream, frame)
        elif isinstance(frame, NotificationFrame) and self._is_welcomed:
            self._take_notification(stream, frame)
        elif isinstance(frame, Reply) and self._is_welcomed:
            self._pending.add_reply(frame, applied_offset=stream.offset)
        elif not isinstance(frame, Heartbeat):
            self.line_unreadable(ValidationError("kind", frame.kind, "a frame that may come now"))

    def line_unreadable(self, error: ValidationError) -> None:
        """Start anew with a snapshot: the same text would come again (`LineOwner`)."""
        fields = {"field": error.field, "expected": error.expected}
        self._log.write(LogLevel.ERROR, "link_frame_unreadable", fields)
        self._drop_line(int(CloseCode.BAD_MESSAGE), "unreadable frame")
        self._start_anew(self._next_wait())

    def line_failed(self, error: ConnectorError) -> None:
        """Try again, unless the agent must sign in (`LineOwner`)."""
        if isinstance(error, SignInRequiredError):
            # A first `open` tells its caller, who shows the login; nobody else need know.
            end = LinkEnd.SIGN_IN_REQUIRED if self._opening is None else None
            message, is_silent = error.message, error.is_silent
            self._finish(lambda: SignInRequiredError(message, is_silent=is_silent), end)
            return
        self._log.write(LogLevel.INFO, "link_not_opened", {"code": error.code})
        self._connect_later(self._next_wait())

    def line_lost(self, code: str) -> None:
        """Try again, unless the server does not want this page (`LineOwner`)."""
        self._log.write(LogLevel.INFO, "link_lost", {"code": code})
        end = _FINAL_CLOSE_CODES.get(code)
        if end is None:
            self._connect_later(self._next_wait())
        else:
            self._end(end)

    # ---- what arrives ------------------------------------------------------------------------

    def _take_welcome(self, stream: Stream, welcome: Welcome) -> None:
        if welcome.schema != SCHEMA_VERSION:
            self._end(LinkEnd.SCHEMA_MISMATCH)
            return
        old_epoch = stream.epoch
        try:
            stream.welcome(welcome)
        except ConnectorError as error:
            self._resync(stream, error)
            return
        if self._stream is not stream:  # The listener closed the link.
            return
        self._is_welcomed = True
        self._failures = 0
        # Replies held back for entries of a stream that is gone would wait in vain.
        self._pending.settle(stream.offset if stream.epoch == old_epoch else None)
        for text in self._pending.unanswered():
            self._send(text)
        opening, self._opening = self._opening, None
        if opening is not None and not opening.done():
            opening.set_result(None)

    def _take_notification(self, stream: Stream, frame: NotificationFrame) -> None:
        try:
            is_new = stream.apply(frame)
        except ConnectorError as error:
            self._resync(stream, error)
            return
        if is_new and self._stream is stream:
            self._troubles = 0
            self._pending.settle(stream.offset)

    def _resync(self, stream: Stream, error: ConnectorError) -> None:
        if self._stream is not stream:  # The listener closed the link.
            return
        self._log.write(LogLevel.ERROR, "link_out_of_step", {"code": error.code})
        self._drop_line(1000, "resync")
        # At once, but a server that never fits must not be called in a tight loop.
        self._start_anew(self._next_wait() if self._troubles else 0.0)

    # ---- the line's life ---------------------------------------------------------------------

    def _send(self, text: str) -> None:
        if self._line is not None:
            self._line.send(text)

    def _send_command(self, text: str) -> None:
        # Before the welcome it waits among the unanswered ones.
        if self._is_welcomed:
            self._send(text)

    def _connect(self) -> None:
        self._retry = None
        if self._identity is not None:
            self._line = Line(owner=self, timers=self._timers)
            self._line.start(self._opener, self._identity)

    def _next_wait(self) -> float:
        wait = self._drawn_wait(HURRY_SECONDS if self._pending.unanswered() else CAP_SECONDS)
        self._failures += 1
        return wait

    def _drawn_wait(self, cap_seconds: float) -> float:
        attempt = max(self._failures, self._troubles)
        return full_jitter(attempt, self._jitter.fraction(), cap_seconds=cap_seconds)

    def _hurry(self) -> None:
        """Bring the next attempt forward for the first command that waits for it."""
        if self._retry is not None and not self._pending.unanswered():
            self._retry.cancel()
            self._connect_later(self._drawn_wait(HURRY_SECONDS))

    def _connect_later(self, seconds: float) -> None:
        self._drop_line()
        self._retry = self._timers.call_later(seconds, self._connect)

    def _start_anew(self, seconds: float) -> None:
        """Reconnect because of what the server sent, and ask for a snapshot."""
        self._troubles += 1
        if self._stream is not None:
            self._stream.lose_step()
        if seconds:
            self._connect_later(seconds)
        else:
            self._connect()

    def _drop_line(self, code: int = 1000, reason: str = "") -> None:
        self._is_welcomed = False
        line, self._line = self._line, None
        if line is not None:
            line.drop(code, reason)

    def _end(self, end: LinkEnd) -> None:
        self._finish(lambda: LinkDownError(f"the link is over: {end}"), end)

    def _finish(self, make_error: Callable[[], ConnectorError], end: LinkEnd | None = None) -> None:
        """Stop everything, forget the position, and let all who wait fail."""
        self._drop_line()
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None
        stream, self._stream = self._stream, None
        self._identity = None
        opening, self._opening = self._opening, None
        if opening is not None and not opening.done():
            opening.set_exception(make_error())
        self._pending.fail_all(make_error)
        if stream is not None and end is not None:
            self._log.write(LogLevel.INFO, "link_over", {"end": end.value})
            stream.listener.on_end(end)
