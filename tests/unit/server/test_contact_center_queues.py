"""Transfers to queues and to Omni-Channel flows."""

from pathlib import Path

import pytest

from connector_py.entities import (
    AgentState,
    AnswerCall,
    CallEnded,
    CallUpdated,
    ContactType,
    DeclineCall,
    EndWrapUp,
    HangupStatus,
    ParticipantAdded,
    ParticipantConnected,
    ParticipantOffered,
)
from tests.support.center_verbs import (
    done,
    hire,
    talking,
)
from tests.support.party_verbs import (
    FLOW,
    SUPPORT,
    adds,
    failed,
    falls_silent,
    heard,
    how_it_ended,
    open_queue,
    party,
    salesforce_is_asked,
    view,
)
from tests.support.server_fakes import ADA, BEN, build_center


async def test_a_queue_gives_the_call_to_whoever_becomes_able(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        await open_queue(house)
        ada, ben = house.seat(ADA), house.seat(BEN)
        record = await talking(house, ada)
        call_id = record.call_id

        leg_id = await adds(ada, call_id, SUPPORT)

        added = (await ada.hears(ParticipantAdded)).participant
        assert (added.contact_type, added.agent_id) == (ContactType.QUEUE, None)
        assert added.call_info is not None
        assert (added.call_info.queue_id, added.call_info.queue_name) == (
            "queue-support",
            "Support",
        )
        [create] = await house.outbox(leg_id)
        assert create.payload["queue"] == "queue-support"
        await ben.goes_online()
        await ben.rings()
        done(await ben.asks(DeclineCall(call_id=call_id)))
        waits = await ada.hears(ParticipantOffered, 2)
        assert (waits.agent_id, waits.agent_name) == (None, "Support")
        assert party(await house.record(call_id), leg_id).name == "Support"
        await ben.goes_online()
        await ben.rings(2)
        done(await ben.asks(AnswerCall(call_id=call_id)))
        assert (await ada.hears(ParticipantConnected, 2)).participant_id == leg_id
        info = (await view(ben, call_id))[0].call_info
        assert info is not None
        assert (info.queue_id, info.queue_name) == ("queue-support", "Support")
        for seat in (ada, ben):
            await seat.mirrors_the_server()


async def test_each_agent_has_the_whole_time_to_answer(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        await open_queue(house)
        cat = await hire(house)
        ada, ben = house.seat(ADA), house.seat(BEN)
        record = await talking(house, ada)
        await adds(ada, record.call_id, SUPPORT)
        await ben.goes_online()
        await ben.rings()
        await cat.goes_online()
        await house.clock.advance(12)
        done(await ben.asks(DeclineCall(call_id=record.call_id)))
        await cat.rings()
        # Ben's time is over now, not Cat's.
        await house.clock.advance(12)
        await falls_silent(house)
        assert "call_ended" not in [one.name for one in await cat.listens()]
        await house.clock.advance(8)
        assert await how_it_ended(cat) == failed(HangupStatus.MISSED_AGENT)


async def test_a_queue_does_not_ring_at_once_at_who_sent_the_call_there(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        await open_queue(house)
        ada = house.seat(ADA)
        record = await talking(house, ada)
        await adds(ada, record.call_id, SUPPORT, is_blind=True)
        await house.record_when(record.call_id, lambda one: one.is_waiting)
        done(await ada.asks(EndWrapUp(call_id=record.call_id)))
        assert (await ada.agent()).state is AgentState.AVAILABLE
        assert len(await heard(ada, CallEnded)) == 1
        await house.clock.advance(5)
        assert (await house.record(record.call_id)).is_waiting
        # Nobody else is there, and the agent asks for more work: better that than nobody.
        await ada.goes_online()
        assert (await ada.rings(2)).call_id == record.call_id


@pytest.mark.parametrize("is_blind", [False, True])
async def test_a_flow_says_who_gets_the_call(tmp_path: Path, is_blind: bool) -> None:
    async with build_center(tmp_path) as house:
        cat = await hire(house)
        ada, ben = house.seat(ADA), house.seat(BEN)
        await cat.goes_online()
        record = await talking(house, ada)
        await house.clock.advance(1)
        await ben.goes_online()
        house.salesforce.flow_goes_to("acme__Route_To_Support", agent_id=BEN.agent_id)

        leg_id = await adds(ada, record.call_id, FLOW, is_blind=is_blind)

        assert (await ben.rings()).call_id == record.call_id
        assert house.salesforce.flows_asked == [(leg_id, "acme__Route_To_Support")]
        [create] = await house.outbox(leg_id)
        assert "queue" not in create.payload
        assert "call_started" not in [one.name for one in await cat.listens()]
        # What the flow chose is a wish: when it is declined, the next one gets it.
        done(await ben.asks(DeclineCall(call_id=record.call_id)))
        await cat.rings()


async def test_a_flow_that_answers_a_queue_shows_it(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        await open_queue(house)
        ada = house.seat(ADA)
        record = await talking(house, ada)
        house.salesforce.flow_goes_to("acme__Route_To_Support", queue_id="queue-support")
        leg_id = await adds(ada, record.call_id, FLOW)
        updates = [
            one
            for one in [await ada.hears(CallUpdated, 2), *await heard(ada, CallUpdated)]
            if one.call_info is not None
        ]
        assert updates[0].participant_id == leg_id
        assert updates[0].call_info.queue_name == "Support"
        await ada.mirrors_the_server()


@pytest.mark.parametrize("how", ["fails", "is_silent", "has_no_answer", "names_a_stranger"])
async def test_a_flow_that_does_not_help_delays_the_call_by_less_than_four_seconds(
    tmp_path: Path, how: str
) -> None:
    async with build_center(tmp_path) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        record = await talking(house, ada)
        await ben.goes_online()
        if how == "names_a_stranger":
            house.salesforce.flow_goes_to("acme__Route_To_Support", agent_id="005nobody")
        elif how != "has_no_answer":
            getattr(house.salesforce, how)()
        await adds(ada, record.call_id, FLOW)
        await salesforce_is_asked(house, 2)
        if how == "is_silent":
            await ben.listens()
            assert "call_started" not in ben.names()
            await house.clock.advance(3.9)
        assert (await ben.rings()).call_id == record.call_id
