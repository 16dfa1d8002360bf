"""The order of one call: waiting for what the switch was asked to do."""

import asyncio
from datetime import timedelta

import pytest

from server.contact_center.lanes import Lane
from server.pbx import AgentAnswered, CustomerAnswered, PbxEvent
from tests.support.server_fakes import START, TENANT_ID, FakeClock, eventually

LIMIT = 5.0
OTHER = CustomerAnswered(tenant_id=TENANT_ID, call_id="c1", participant_id="p0", at=START)
WANTED = AgentAnswered(tenant_id=TENANT_ID, call_id="c1", participant_id="p1", at=START)


def is_it(event: PbxEvent) -> bool:
    return event is WANTED


class Handled:
    """Handles events at once, or takes its time for them."""

    def __init__(self, clock: FakeClock) -> None:
        self.events: list[PbxEvent] = []
        self.takes = 0.0
        self._clock = clock

    async def __call__(self, event: PbxEvent) -> None:
        await self._clock.sleep(self.takes)
        self.events.append(event)


async def test_other_events_do_not_prolong_the_wait_for_an_effect() -> None:
    clock = FakeClock()
    handled = Handled(clock)
    lane = Lane(handled, clock)
    waiting = asyncio.create_task(lane.effect(is_it, seconds=LIMIT))
    for count in range(1, 6):
        await clock.advance(LIMIT / 4)
        lane.push(OTHER)

        async def is_handled(count: int = count) -> bool:
            return waiting.done() or len(handled.events) == count

        await eventually(is_handled)

    async def is_over() -> bool:
        return waiting.done()

    await eventually(is_over)
    with pytest.raises(TimeoutError):
        await waiting


async def test_an_effect_that_came_in_time_counts_however_long_others_take() -> None:
    clock = FakeClock()
    handled = Handled(clock)
    handled.takes = LIMIT + 1
    lane = Lane(handled, clock)
    for event in (OTHER, OTHER, WANTED):
        lane.push(event)
    waiting = asyncio.create_task(lane.effect(is_it, seconds=LIMIT))

    async def is_done() -> bool:
        await clock.advance(1)
        return waiting.done()

    await eventually(is_done)
    assert await waiting is WANTED
    assert handled.events == [OTHER, OTHER]
    assert lane.is_idle


async def test_a_flood_of_other_events_ends_the_wait_too() -> None:
    clock = FakeClock()
    lane = Lane(handle=lambda event: flood(event), clock=clock)

    async def flood(event: PbxEvent) -> None:
        await clock.advance(1)
        is_late = clock.now() > START + timedelta(seconds=4 * LIMIT)
        lane.push(WANTED if is_late else event)

    lane.push(OTHER)
    with pytest.raises(TimeoutError):
        await lane.effect(is_it, seconds=LIMIT)
