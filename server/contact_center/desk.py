"""What all use cases share: the transaction with what follows from it, the order, the switch."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from connector_py.entities import RefusalCode
from connector_py.errors import CommandRefusedError
from server.contact_center.background import Background
from server.contact_center.call_changes import CallChanges
from server.contact_center.events import EventRecorder
from server.contact_center.lanes import Lane, Lanes
from server.contact_center.late_offers import LateOffers
from server.contact_center.ledger import FollowUp, Ledger
from server.contact_center.missed_events import MissedEvents
from server.contact_center.patience import persist
from server.contact_center.reservations import Reservations
from server.contact_center.values import CenterParts, CenterSettings
from server.contact_center.waiting import within
from server.entities import AgentKey, SwitchCall
from server.logs import get_logger
from server.pbx import PbxEvent, PbxReport, TimedReport, UnknownCallError
from server.store import StoreError, StoreRuleError, Transaction

T = TypeVar("T")
_log = get_logger(__name__)

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
        self.late_offers = LateOffers()
        self.changes = CallChanges(ring_seconds=settings.no_answer_seconds, new_id=parts.ids.new_id)
        self.recorder = EventRecorder(changes=self.changes)
        self._missed = MissedEvents(self.changes)
        self.lanes = Lanes(self._record_event, parts.clock)
        self._follow: Callable[[FollowUp], None] | None = None
        self._write_report: Callable[[Ledger, PbxReport], None] | None = None

    def follow_with(self, follow: Callable[[FollowUp], None]) -> None:
        """Name who begins what follows from a transaction."""
        self._follow = follow

    def report_with(self, write_report: Callable[[Ledger, PbxReport], None]) -> None:
        """Name who writes down what the switch reports beside its calls."""
        self._write_report = write_report

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
        """Do what `write` does, as often as the store fails: no command would ask again."""
        return await self.patiently(lambda: self.write(work), name="write")

    async def patiently(self, step: Callable[[], Awaitable[T]], *, name: str) -> T:
        """Do something again and again while the store fails.

        Args:
            step: What to do.
            name: For the log.
        """
        return await persist(self.parts.clock, step, failures=(StoreError,), name=name)

    def follow(self, follow_up: FollowUp) -> None:
        """Begin what follows from something."""
        if self._follow is not None:
            self._follow(follow_up)

    def hear(self, event: PbxEvent) -> None:
        """Take an event of the switch; it is written down in the order of its call, or agent.

        While the store fails it stays in its lane: the switch says nothing twice. An adapter can do
        nothing about our errors, so that they are only logged.
        """
        try:
            self._take(event)
        except Exception as error:  # noqa: BLE001 - the adapter goes on
            _log.error("event_lost", event_type=type(event).__name__, exc_info=error)
        try:
            if self.parts.overhear is not None:
                self.parts.overhear(event)
        except Exception as error:  # noqa: BLE001 - the event itself is taken
            _log.error("event_not_overheard", event_type=type(event).__name__, exc_info=error)

    def _take(self, event: PbxEvent) -> None:
        if isinstance(event, TimedReport) and event.at is None:
            event = replace(event, at=self.now())
        self.lanes.push(event)
        name = "event of the switch"
        settling = self.patiently(lambda: self.lanes.settle(event.lane), name=name)
        self.background.start(settling, name=name)

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
            # It happened all the same: the lane keeps it until it is written down.
            lane.put_back(event)
            raise

    # ---- when the switch and the record disagree -----------------------------------------------

    def catching_up(
        self, tenant_id: str, call_id: str, error: Exception | None
    ) -> Callable[[Ledger], None]:
        """Return what writes down how a call is in the switch; for a transaction in its lane.

        Args:
            tenant_id: Whose call it is.
            call_id: The call.
            error: What the disagreement showed by, if by one. When the switch does not know the
                call, it is over, whatever else the switch says.
        """
        is_gone = isinstance(error, UnknownCallError)
        known = None if is_gone else self.in_switch(call_id)
        return lambda ledger: self._missed.catch_up(ledger, tenant_id, call_id, known)

    async def catch_up(self, tenant_id: str, call_id: str, error: Exception | None = None) -> None:
        """Write down how a call is in the switch; what does not work is logged.

        Raises:
            StoreError: The store failed.
        """
        try:
            await self.write(self.catching_up(tenant_id, call_id, error))
        except Exception as failed:
            if _is_outage(failed):
                raise
            # Whatever else goes on with the call goes on.
            _log.error("call_not_reconciled", call=call_id, exc_info=failed)

    def in_switch(self, call_id: str) -> SwitchCall | None:
        """Return how a call is in the switch, when it goes on there."""
        active = self.parts.pbx.active_calls()
        return next((one for one in active if one.call.call_id == call_id), None)

    async def _record_event(self, event: PbxEvent) -> None:
        """Write down an event that no command waits for.

        Raises:
            StoreError: The store failed. Nothing else is raised, for what comes after it.
        """
        if isinstance(event, PbxReport):
            await self._record_report(event)
            return
        ending = self.late_offers.ending(event, self.now())
        try:
            await self.write(lambda ledger: self.recorder.record(ledger, event, ending=ending))
            self.late_offers.heard(event)
        except Exception as error:
            if _is_outage(error):
                raise
            # One event must not hold up the others.
            _log.error("event_does_not_fit", event_type=type(event).__name__, exc_info=error)
            await self.catch_up(event.tenant_id, event.call_id, error)

    async def _record_report(self, report: PbxReport) -> None:
        """Write a report down; one that does not fit says nothing about the calls.

        Raises:
            StoreError: The store failed.
        """
        write_report = self._write_report
        if write_report is None:
            return
        try:
            await self.write(lambda ledger: write_report(ledger, report))
        except Exception as error:
            if _is_outage(error):
                raise
            _log.error("report_does_not_fit", event_type=type(report).__name__, exc_info=error)


def _is_outage(error: Exception) -> bool:
    """Whether it may go away by itself."""
    return isinstance(error, StoreError) and not isinstance(error, StoreRuleError)


def _too_slow() -> CommandRefusedError:
    return CommandRefusedError(
        RefusalCode.SWITCH_FAILED, "The switch did not answer in time; try again"
    )
