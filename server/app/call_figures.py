"""Counts the calls that end, by type and by how they ended."""

from server.api.metrics import Metrics
from server.entities import Clock, IdSource, SwitchMemory
from server.pbx import (
    CallArrived,
    CallOver,
    DialFailed,
    DialStarted,
    PbxEvent,
    PbxListener,
    SimulatedPbx,
    TemplateSource,
)


class CountedPbx(SimulatedPbx):
    """The simulated switch, with figures.

    Args:
        metrics: Where calls are counted.
        memory: See `SimulatedPbx`.
        clock: See `SimulatedPbx`.
        ids: See `SimulatedPbx`.
        template_of: See `SimulatedPbx`.
    """

    def __init__(
        self,
        metrics: Metrics,
        *,
        memory: SwitchMemory,
        clock: Clock,
        ids: IdSource,
        template_of: TemplateSource | None = None,
    ) -> None:
        super().__init__(memory=memory, clock=clock, ids=ids, template_of=template_of)
        self._metrics = metrics
        self._types: dict[str, str] = {}

    def listen(self, listener: PbxListener) -> None:
        """Name the one who hears the events; they are counted before."""

        def counted(event: PbxEvent) -> None:
            self._count(event)
            listener(event)

        super().listen(counted)

    async def start(self) -> None:
        """Find the calls again that went on while nobody listened."""
        await super().start()
        for call in self.active_calls():
            self._types[call.call.call_id] = call.call.call_type.value

    def _count(self, event: PbxEvent) -> None:
        if isinstance(event, (CallArrived, DialStarted)):
            self._types[event.call_id] = event.switch_call.call.call_type.value
        elif isinstance(event, (CallOver, DialFailed)):
            end = event.ended_by.value if isinstance(event, CallOver) else event.failure.value
            kind = self._types.pop(event.call_id, "unknown")
            self._metrics.calls.labels(kind.lower(), end).inc()
