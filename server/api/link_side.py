"""The server's side of one link, without any input or output: what may come when.

```
AWAITING_HELLO --hello--> OPENING --opened()--> OPEN --command, heartbeat--> OPEN
```
Anything else ends the link with a close code (`connector_py/entities/link_messages.py`).
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from connector_py.entities import CloseCode, CommandFrame, Frame, Heartbeat, Hello, decode_frame
from connector_py.entities.link_messages import MAX_FRAME_BYTES, SCHEMA_VERSION
from connector_py.errors import ConnectorError

_LONGEST_ID = 200


class LinkEnded(Exception):  # noqa: N818 - it is how every link ends, not only the bad ones
    """The link is over; `code` and `reason` go into the close frame."""

    def __init__(self, code: CloseCode, reason: str) -> None:
        super().__init__(f"{code.name}: {reason}")
        self.code = code
        self.reason = reason


class LinkState(StrEnum):
    """Where a link stands."""

    AWAITING_HELLO = "awaiting_hello"
    """The socket is open; nobody has said who they are."""
    OPENING = "opening"
    """The hello is being checked; the connector waits for the welcome."""
    OPEN = "open"
    """Commands come in, replies and notifications go out."""


_NEXT: Mapping[tuple[LinkState, type[Frame]], LinkState] = MappingProxyType(
    {
        (LinkState.AWAITING_HELLO, Hello): LinkState.OPENING,
        (LinkState.OPEN, CommandFrame): LinkState.OPEN,
        (LinkState.OPEN, Heartbeat): LinkState.OPEN,
    }
)


class LinkSide:
    """Reads the frames of one connector and keeps the state of its link."""

    def __init__(self) -> None:
        self.state = LinkState.AWAITING_HELLO

    def receive(self, text: str | None) -> Hello | CommandFrame | Heartbeat:
        """Read a frame.

        Args:
            text: What arrived; None for a frame that is no text.

        Raises:
            LinkEnded: When the frame cannot be read, is too long, comes at the wrong time, is of
                another version, or has an id that cannot be kept.
        """
        frame = _decode(text)
        state = _NEXT.get((self.state, type(frame)))
        if state is None or not isinstance(frame, (Hello, CommandFrame, Heartbeat)):
            raise LinkEnded(CloseCode.BAD_MESSAGE, f"unexpected {frame.kind} while {self.state}")
        if isinstance(frame, Hello) and frame.schema != SCHEMA_VERSION:
            raise LinkEnded(CloseCode.SCHEMA_MISMATCH, f"the server speaks schema {SCHEMA_VERSION}")
        _check_id(frame)
        self.state = state
        return frame

    def opened(self) -> None:
        """Note that the welcome was sent."""
        if self.state is not LinkState.OPENING:
            raise RuntimeError(f"a welcome makes no sense while {self.state}")
        self.state = LinkState.OPEN


def _check_id(frame: Hello | CommandFrame | Heartbeat) -> None:
    match frame:
        case Hello():
            name, value = "instanceId", frame.instance_id
        case CommandFrame():
            name, value = "id", frame.id
        case Heartbeat():
            return
    if not 0 < len(value) <= _LONGEST_ID or not value.isprintable():
        raise LinkEnded(CloseCode.BAD_MESSAGE, f"cannot read {name}")


def _decode(text: str | None) -> Frame:
    if text is None:
        raise LinkEnded(CloseCode.BAD_MESSAGE, "frames must be text")
    if len(text) > MAX_FRAME_BYTES or len(text.encode("utf-8", "surrogatepass")) > MAX_FRAME_BYTES:
        raise LinkEnded(CloseCode.BAD_MESSAGE, f"frames must not exceed {MAX_FRAME_BYTES} bytes")
    try:
        return decode_frame(text)
    except ConnectorError as error:
        field = getattr(error, "field", None)
        reason = f"cannot read {field}" if isinstance(field, str) else "cannot read the frame"
        # A close frame has room for 123 bytes, and must not say more than the field's name.
        raise LinkEnded(
            CloseCode.BAD_MESSAGE, reason.encode("ascii", "replace").decode()[:100]
        ) from None
