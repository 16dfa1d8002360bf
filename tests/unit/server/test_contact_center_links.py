from pathlib import Path

import pytest

from connector_py.entities import AgentStatus
from server.entities import AgentKey
from server.errors import NotFoundError
from server.event_bus import HintKind
from tests.support.server_fakes import ADA, BEN, TENANT_ID, build_center


async def test_a_connector_that_comes_back_gets_what_it_missed(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        await ada.listens()
        await ada.sets(AgentStatus.OFFLINE)
        welcome = await house.center.open_link(
            ADA, instance_id="page-1", epoch=ada.epoch, offset=ada.offset
        )
        assert welcome.calls is None
        assert welcome.offset == ada.offset + 1
        [frame] = await house.center.read_stream(ADA, ada.offset)
        assert (frame.epoch, frame.offset) == (welcome.epoch, welcome.offset)


async def test_who_missed_too_much_gets_a_snapshot(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.connects()
        for number in range(301):
            await ada.sets((AgentStatus.ONLINE, AgentStatus.OFFLINE)[number % 2])
        head = (await house.center.open_link(ADA, instance_id="p", epoch=None, offset=0)).offset
        assert head == 301
        for offset, has_calls in ((0, True), (1, False), (301, False), (302, True)):
            welcome = await house.center.open_link(
                ADA, instance_id="p", epoch=ada.epoch, offset=offset
            )
            assert (welcome.calls is not None) is has_calls, offset
        welcome = await house.center.open_link(ADA, instance_id="p", epoch="other", offset=301)
        assert welcome.calls == ()


async def test_a_new_page_replaces_the_old_one(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.connects("page-1")
        async with house.center.subscribe(ADA) as hints:
            await ada.connects("page-1")
            await ada.connects("page-2")
            hint = await anext(hints)
            assert (hint.kind, hint.instance_id) == (HintKind.REPLACED, "page-2")
        # The old page's socket closes late: the new one stays connected.
        await house.center.link_closed(ADA, "page-1")
        overview = await house.center.overview(TENANT_ID)
        assert [one.is_connected for one in overview.agents] == [True, False]
        await house.center.link_closed(ADA, "page-2")
        overview = await house.center.overview(TENANT_ID)
        assert [one.is_connected for one in overview.agents] == [False, False]


async def test_only_a_page_that_resumes_can_have_been_replaced(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.connects("page-1")
        await ada.connects("page-2")

        async def is_replaced(instance_id: str, epoch: str | None) -> bool:
            return await house.center.is_replaced(ADA, instance_id=instance_id, epoch=epoch)

        assert await is_replaced("page-1", ada.epoch)
        assert not await is_replaced("page-2", ada.epoch)
        assert not await is_replaced("page-3", None)
        await house.center.link_closed(ADA, "page-2")
        assert not await is_replaced("page-1", ada.epoch)


async def test_hints_wake_only_whom_they_concern(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        await ada.connects()
        await ben.connects()
        async with (
            house.center.subscribe(ADA) as ada_hints,
            house.center.subscribe_overview(TENANT_ID) as changes,
        ):
            await ben.sets(AgentStatus.ONLINE)
            await ada.sets(AgentStatus.ONLINE)
            hint = await anext(ada_hints)
            assert hint.kind is HintKind.STREAM
            assert (await ada.listens())[-1].name == "agent_state_changed"
            assert (await anext(changes)).kind is HintKind.OVERVIEW


async def test_an_unknown_agent_gets_no_link_and_only_refusals(tmp_path: Path) -> None:
    stranger = AgentKey(tenant_id=TENANT_ID, agent_id="nobody")
    async with build_center(tmp_path) as house:
        with pytest.raises(NotFoundError):
            await house.center.open_link(stranger, instance_id="p", epoch=None, offset=0)
        reply = await house.seat(stranger).sets(AgentStatus.ONLINE)
        assert reply.error is not None


async def test_streams_have_their_own_epochs(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        await ada.connects()
        await ben.connects()
        assert ada.epoch != ben.epoch
        first = ada.epoch
        await ada.connects("page-9")
        assert ada.epoch == first
