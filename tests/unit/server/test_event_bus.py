import asyncio

import pytest

from server.event_bus import (
    Hint,
    HintKind,
    MemoryEventBus,
    UnknownBusError,
    agent_topic,
    open_event_bus,
    tenant_topic,
)
from tests.support.server_fakes import ADA, BEN, TENANT_ID


def stream(topic: str) -> Hint:
    return Hint(topic=topic, kind=HintKind.STREAM)


async def test_equal_hints_come_once_and_others_in_order() -> None:
    bus = MemoryEventBus()
    topic = agent_topic(ADA)
    replaced = Hint(topic=topic, kind=HintKind.REPLACED, instance_id="p2")
    async with bus.subscribe(topic) as hints:
        for hint in (stream(topic), replaced, stream(topic), stream(topic)):
            await bus.publish(hint)
        await bus.publish(stream(agent_topic(BEN)))
        assert [await anext(hints), await anext(hints)] == [stream(topic), replaced]
        await bus.publish(stream(topic))
        assert await anext(hints) == stream(topic)


async def test_closing_ends_subscriptions() -> None:
    bus = MemoryEventBus()

    async def read() -> list[Hint]:
        async with bus.subscribe(tenant_topic(TENANT_ID)) as hints:
            return [hint async for hint in hints]

    reading = asyncio.create_task(read())
    await asyncio.sleep(0)
    await bus.close()
    assert await reading == []
    assert await read() == []


def test_the_url_chooses_the_bus() -> None:
    assert isinstance(open_event_bus("memory://"), MemoryEventBus)
    with pytest.raises(UnknownBusError, match=r"'kafka'.*memory://"):
        open_event_bus("kafka://somewhere")


def test_topics_of_tenants_differ() -> None:
    assert agent_topic(ADA) != agent_topic(BEN)
    assert agent_topic(ADA) != tenant_topic(TENANT_ID)
