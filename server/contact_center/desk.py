"""What all use cases share: the transaction with what follows from it, the order, the switch."""

from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, TypeVar

from connector_py.entities import RefusalCode
from connector_py.errors import CommandRefusedError, ConnectorError
from server.contact_center.background import Background
from server.contact_center.call_changes import CallChanges
from server.contact_center.events import EventRecorder
from server.contact_center.lanes import Lane, Lanes
from server.contact_center.ledger import FollowUp, Ledger
from server.contact_center.reservations import Reservations
from server.contact_center.values import CenterParts, CenterSettings
from server.contact_center.waiting import within
from server.entities import AgentKey
from server.logs import get_logger
from server.pbx import PbxEvent
from server.store import StoreError, Transaction

T = TypeVar("T")
_log = get_logger(__name__)

_STORE_TRIES = 5
_STORE_PAUSE = 1.0
_THOUSANDTH = 1000


class Desk:
    """The tools of the use cases.

    Args:
        parts: Store, switch, bus, Salesforce, clock and ids.
        settings: Times.
    """

    def __init__(self, parts: CenterParts, settings: CenterSettings) -> None:
        self.parts = parts
        self.settings = settings
        self.background = Background()
        self.reserved = Reservations()
        self.changes = CallChanges(ring_seconds=settings.no_answer_seconds, new_id=parts.ids.new_id)
        self.recorder = EventRecorder(changes=self.changes)
        self.lanes = Lanes(self._record_event, parts.clock)
        self._follow: Callable[[FollowUp], None] | None = None

    def follow_with(self, follow: Callable[[FollowUp], None]) -> None:
        """Name who begins what follows from a transaction."""
        self._follow = follow

    def now(self) -> datetime:
        """Return the present moment in whole milliseconds, as all records hold it."""
        now = self.parts.clock.now()
        return now.replace(microsecond=now.microsecond // _THOUSANDTH * _THOUSANDTH)

    async def write(
        self,
        work: Callable[[Ledger], T],
        *,
        cause: str | None = None,
        desk_phone_of: AgentKey | None = None,
    ) -> T:
        """Run one transaction; afterwards wake whom it concerns and begin what follows.

        Args:
            work: Changes state through the ledger; runs on the store's thread.
            cause: Id of the command that makes it happen.
            desk_phone_of: Who makes it happen at the desk phone, when somebody does.
        """
        at = self.now()

        def run(tx: Transaction) -> tuple[T, Ledger]:
            ledger = Ledger(tx, at=at, cause=cause, desk_phone_of=desk_phone_of)
            return work(ledger), ledger

        result, ledger = await self.parts.store.run(run)
        for hint in ledger.hints:
            await self.parts.bus.publish(hint)
        for follow_up in ledger.follow_ups:
            self.follow(follow_up)
        return result

    async def write_patiently(self, work: Callable[[Ledger], T]) -> T:
        """Do what `write` does, several times when the store fails: no command would ask again.

        Raises:
            StoreError: It failed every time.
        """
        for _ in range(_STORE_TRIES - 1):
            try:
                return await self.write(work)
            except StoreError as error:
                _log.warning("store_failed", exc_info=error)
                await self.parts.clock.sleep(_STORE_PAUSE)
        return await self.write(work)

    def follow(self, follow_up: FollowUp) -> None:
        """Begin what follows from something."""
        if self._follow is not None:
            self._follow(follow_up)

    def hear(self, event: PbxEvent) -> None:
        """Take an event of the switch; it is written down in the order of its call."""
        self.lanes.push(event)
        self.background.start(self.lanes.settle(event.call_id), name="event of the switch")

    async def switch(self, asking: Coroutine[Any, Any, None]) -> None:
        """Ask the switch for something, with a time limit.

        What takes longer is not stopped halfway: its effect comes as an event like others.

        Raises:
            SwitchError: The switch cannot do it.
            CommandRefusedError: The switch did not answer in time.
        """
        try:
            task = self.background.start(asking, name="ask the switch", is_awaited=True)
            await within(self.parts.clock, self.settings.switch_seconds, task)
        except TimeoutError:
            raise _too_slow() from None

    @asynccontextmanager
    async def effect(
        self, lane: Lane, is_it: Callable[[PbxEvent], bool]
    ) -> AsyncGenerator[PbxEvent]:
        """Wait for the event that the switch was asked to cause, to be written in the block.

        Raises:
            CommandRefusedError: It did not come in time.
        """
        try:
            event = await lane.effect(is_it, seconds=self.settings.switch_seconds)
        except TimeoutError:
            raise _too_slow() from None
        try:
            yield event
        except Exception:
            # It happened all the same: the lane tries more than once to write it down.
            lane.put_back(event)
            raise

    async def _record_event(self, event: PbxEvent) -> None:
        """Write down an event that no command waits for. Never raises."""
        try:
            await self.write_patiently(lambda ledger: self.recorder.record(ledger, event))
        except StoreError as error:
            _log.error("event_not_stored", event_type=type(event).__name__, exc_info=error)
        except ConnectorError as error:
            # The switch and the record disagree; the next start reconciles them.
            _log.error("event_does_not_fit", event_type=type(event).__name__, exc_info=error)


def _too_slow() -> CommandRefusedError:
    return CommandRefusedError(
        RefusalCode.SWITCH_FAILED, "The switch did not answer in time; try again"
    )
