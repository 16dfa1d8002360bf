"""A store and a switch that fail for a while, and a contact center that misses events."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

from server.entities import AgentKey
from server.pbx import PbxEvent, PbxListener, SimulatedPbx, SwitchError
from server.store import Store, StoreError
from tests.support.server_fakes import CenterHouse, eventually


class BrokenStore:
    """Lets the store of a house fail.

    The simulated switch keeps its calls all the same, and the test itself can look.
    """

    def __init__(self, store: Store) -> None:
        self._run = store.run
        self._test = asyncio.current_task()
        self._works_for = 0
        self._fails_for = 0
        self.is_down = False
        self.error: Exception = StoreError("The disk is full")
        self.failed = 0
        store.run = self._try  # type: ignore[method-assign]

    def fails(self, times: int, *, after: int = 0) -> None:
        """Let so many transactions fail, after some that work."""
        self._works_for, self._fails_for = after, times

    async def _try(self, work: Callable[[Any], Any]) -> Any:
        if asyncio.current_task() is self._test:
            return await self._run(work)
        if self._works_for:
            self._works_for -= 1
        elif self.is_down or self._fails_for:
            self._fails_for = max(0, self._fails_for - 1)
            self.failed += 1
            raise self.error
        return await self._run(work)


class ShakyPbx(SimulatedPbx):
    """A switch whose line to the contact center breaks: commands fail, events are missed."""

    refuses: dict[str, int]
    """How many of the next commands fail, by name."""
    asked: Counter[str]
    """How often each of them was asked for."""
    is_unheard = False

    def listen(self, listener: PbxListener) -> None:
        self.refuses = {}
        self.asked = Counter()

        def hear(event: PbxEvent) -> None:
            if not self.is_unheard:
                listener(event)

        super().listen(hear)

    async def offer(self, call_id: str, agent: AgentKey, *, participant_id: str) -> None:
        self._check("offer")
        await super().offer(call_id, agent, participant_id=participant_id)

    async def withdraw_offer(self, call_id: str, agent: AgentKey) -> None:
        self._check("withdraw_offer")
        await super().withdraw_offer(call_id, agent)

    async def hang_up(self, call_id: str, participant_id: str | None = None) -> None:
        self._check("hang_up")
        await super().hang_up(call_id, participant_id)

    def _check(self, command: str) -> None:
        self.asked[command] += 1
        if self.refuses.get(command):
            self.refuses[command] -= 1
            raise SwitchError("The line is down")


def shaky(house: CenterHouse) -> ShakyPbx:
    """Return the switch of a house that was built with one."""
    assert isinstance(house.pbx, ShakyPbx)
    return house.pbx


async def in_time(house: CenterHouse, check: Callable[[], Awaitable[Any]]) -> Any:
    """Let time pass until `check` returns something true; return that."""

    async def passes() -> Any:
        found = await check()
        if not found:
            await house.clock.advance(1)
        return found

    return await eventually(passes)
