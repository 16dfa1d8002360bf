"""The calls of the simulated switch over time: one change after another, kept, then told."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager

from server.entities import Clock, PartyDial, SwitchCall, SwitchMemory
from server.errors import ServerError
from server.logs import get_logger
from server.pbx import simulated_calls as calls
from server.pbx import simulated_parties as parties
from server.pbx.base import PbxListener, SwitchError, UnknownCallError
from server.pbx.events import PbxEvent
from server.pbx.simulated_controls import Steps

_log = get_logger(__name__)
_RETRY_SECONDS = 1.0
_MOST_DIGITS = 50


class SwitchBoard:
    """The calls that go on, and the phones outside that ring.

    Args:
        memory: Where the calls are kept.
        clock: For giving up phones that ring.
    """

    def __init__(self, memory: SwitchMemory, clock: Clock) -> None:
        self.listener: PbxListener = _hear_nothing
        self._memory = memory
        self._clock = clock
        self._calls: dict[str, SwitchCall] = {}
        self._locks: dict[str, asyncio.Lock] = {}
        self._timers: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._digits: dict[str, dict[str, str]] = {}

    async def load(self) -> None:
        """Find the calls again that went on while nobody listened."""
        self._calls = {call.call.call_id: call for call in await self._memory.load()}
        for call_id, call in self._calls.items():
            self._watch(call_id, call)

    async def stop(self) -> None:
        """Stop the timers; the calls stay in the memory."""
        timers = list(self._timers.values())
        self._timers.clear()
        for timer in timers:
            timer.cancel()
        await asyncio.gather(*timers, return_exceptions=True)

    def active_calls(self) -> Sequence[SwitchCall]:
        """Return the calls that go on, oldest first."""
        return sorted(self._calls.values(), key=lambda call: call.call.started_at)

    def has(self, call_id: str) -> bool:
        """Whether the call goes on."""
        return call_id in self._calls

    def note_digits(self, call_id: str, participant_id: str, digits: str) -> None:
        """Remember tones, as long as the call goes on and nowhere else: they may be secret."""
        of_call = self._digits.setdefault(call_id, {})
        of_call[participant_id] = (of_call.get(participant_id, "") + digits)[-_MOST_DIGITS:]

    def digits_of(self, call_id: str) -> Mapping[str, str]:
        """Return the last tones of a call, by participant."""
        return dict(self._digits.get(call_id, {}))

    def lock(self, call_id: str) -> asyncio.Lock:
        """Return what lets one change of a call follow another."""
        return self._locks.setdefault(call_id, asyncio.Lock())

    @asynccontextmanager
    async def changing(self, call_id: str) -> AsyncGenerator[SwitchCall]:
        """Hold a call while it changes.

        Raises:
            UnknownCallError: There is no such call, or not any more.
        """
        if call_id not in self._calls:
            raise UnknownCallError("The switch has no such call")
        async with self.lock(call_id):
            switch_call = self._calls.get(call_id)
            if switch_call is None:
                raise UnknownCallError("The call is over")
            yield switch_call

    async def keep(self, steps: Steps) -> None:
        """Write down where the steps lead, all at once; then tell them one by one."""
        if not steps:
            return
        last, event = steps[-1]
        if last is None:
            await self._memory.forget(event.call_id)
        else:
            await self._memory.save(last)
        for switch_call, told in steps:
            self._take(told.call_id, switch_call)
            self.listener(told)

    def _take(self, call_id: str, switch_call: SwitchCall | None) -> None:
        if switch_call is None:
            self._calls.pop(call_id, None)
            self._locks.pop(call_id, None)
            self._digits.pop(call_id, None)
        else:
            self._calls[call_id] = switch_call
        self._watch(call_id, switch_call)

    def _watch(self, call_id: str, switch_call: SwitchCall | None) -> None:
        """Run a timer for each phone outside that rings, and no other."""
        dials = () if switch_call is None else calls.dials_of(switch_call)
        wanted = {(call_id, dial.participant_id): dial for dial in dials}
        for key in [key for key in self._timers if key[0] == call_id and key not in wanted]:
            timer = self._timers.pop(key)
            if timer is not asyncio.current_task():
                timer.cancel()
        for key, dial in wanted.items():
            if key not in self._timers:
                self._timers[key] = asyncio.create_task(self._wait_for(call_id, dial))

    async def _wait_for(self, call_id: str, dial: PartyDial) -> None:
        seconds = (dial.fails_at - self._clock.now()).total_seconds()
        await self._clock.sleep(seconds)
        while True:
            try:
                return await self._give_up(call_id, dial)
            except SwitchError:
                return  # the call is over, or whoever was called has left it
            except ServerError as error:
                _log.error("switch_call_not_given_up", call=call_id, exc_info=error)
            await self._clock.sleep(_RETRY_SECONDS)

    async def _give_up(self, call_id: str, dial: PartyDial) -> None:
        async with self.changing(call_id) as switch_call:
            # Whoever answers or leaves ends this timer, so that the phone rings still.
            party = calls.present(switch_call, dial.participant_id)
            at = self._clock.now()
            await self.keep(parties.not_reached(switch_call, party, dial.failure, at))


def _hear_nothing(event: PbxEvent) -> None:
    """Stand in until somebody listens."""
