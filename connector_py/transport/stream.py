"""Where the connector stands in the agent's stream."""

from connector_py.api.ports import LinkListener
from connector_py.entities import Hello, NotificationFrame, Welcome
from connector_py.errors import ConnectorError


class OutOfStepError(ConnectorError):
    """What came does not follow on what was applied; only a snapshot helps."""

    code = "out_of_step"


class Stream:
    """Hands each entry of the stream to the listener once, in order.

    Args:
        listener: Hears snapshots and notifications.
    """

    def __init__(self, listener: LinkListener) -> None:
        self.listener = listener
        self.epoch: str | None = None
        """Which stream; None before the first snapshot."""
        self.offset = 0
        """Last entry that was applied."""
        self._in_step = False

    def hello(self, *, ticket: str, instance_id: str) -> Hello:
        """Return the hello that asks for what is missing: entries, or else a snapshot."""
        if not self._in_step:
            return Hello(ticket=ticket, instance_id=instance_id)
        return Hello(ticket=ticket, instance_id=instance_id, epoch=self.epoch, offset=self.offset)

    def lose_step(self) -> None:
        """Ask for a snapshot next time."""
        self._in_step = False

    def welcome(self, welcome: Welcome) -> None:
        """Take over the snapshot, or check that the entries which follow will fit.

        Raises:
            OutOfStepError: The server goes on from somewhere else.
            ConnectorError: The listener cannot take the snapshot.
        """
        if welcome.calls is not None:
            self.listener.on_snapshot(welcome.agent, welcome.calls)
            self.epoch, self.offset = welcome.epoch, welcome.offset
            self._in_step = True
        elif not self._in_step or welcome.epoch != self.epoch or welcome.offset < self.offset:
            raise OutOfStepError("the server goes on from another place of the stream")

    def apply(self, frame: NotificationFrame) -> bool:
        """Apply the next entry.

        Returns:
            False when it was applied before.

        Raises:
            OutOfStepError: Entries are missing, or it is another stream.
            ConnectorError: The listener says that it does not fit.
        """
        if frame.epoch != self.epoch:
            raise OutOfStepError("an entry of another stream")
        if frame.offset <= self.offset:
            return False
        if frame.offset != self.offset + 1:
            raise OutOfStepError(f"entries are missing between {self.offset} and {frame.offset}")
        self.listener.on_notification(frame)
        self.offset = frame.offset
        return True
