"""Counts the calls that end, by type and by how they ended."""

from collections.abc import Sequence

from server.api.metrics import Metrics
from server.entities import SwitchCall
from server.pbx import CallArrived, CallOver, DialFailed, DialStarted, PbxEvent


class CallFigures:
    """The figures of any switch.

    Args:
        metrics: Where calls are counted.
    """

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._types: dict[str, str] = {}

    def know(self, calls: Sequence[SwitchCall]) -> None:
        """Take over the calls that began while nobody listened."""
        for call in calls:
            self._types.setdefault(call.call.call_id, call.call.call_type.value)

    def hear(self, event: PbxEvent) -> None:
        """Count what an event of the switch ends."""
        if isinstance(event, (CallArrived, DialStarted)):
            self._types[event.call_id] = event.switch_call.call.call_type.value
        elif isinstance(event, (CallOver, DialFailed)):
            end = event.ended_by.value if isinstance(event, CallOver) else event.failure.value
            kind = self._types.pop(event.call_id, "unknown")
            self._metrics.calls.labels(kind.lower(), end).inc()
