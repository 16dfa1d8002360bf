"""A stop at any point of a transfer: nothing is lost, nothing happens or is told twice."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from connector_py.entities import (
    AddParticipant,
    AgentState,
    AnswerCall,
    CallEnded,
    CallType,
    Conference,
    DeclineCall,
    Dial,
    EndCall,
    HangupReason,
    HangupStatus,
    ParticipantAdded,
    ParticipantConnected,
    ParticipantLeft,
    ParticipantOffered,
    ParticipantResumed,
)
from server.contact_center.adding import participant_id_of
from server.contact_center.dialing import call_id_of
from server.entities import FlowTarget, OutboxKind, Routing
from server.pbx import Destination
from tests.support.center_verbs import done, part_of, talking
from tests.support.party_verbs import (
    ENDED,
    FLOW,
    SUPPORT,
    THEO,
    adds,
    back,
    failed,
    heard,
    how_it_ended,
    open_queue,
    party,
    to_agent,
    told_salesforce,
)
from tests.support.server_fakes import (
    ADA,
    BEN,
    START,
    CenterHouse,
    FakeClock,
    FakeSalesforce,
    Seat,
    build_center,
)


def deafen(house: CenterHouse) -> None:
    """From here on the contact center hears nothing: it is as if it had been killed."""
    house.pbx.listen(lambda event: None)


async def ada_and_ben(house: CenterHouse) -> tuple[Seat, Seat, str]:
    """Ada talks with a customer, Ben is available."""
    ada, ben = house.seat(ADA), house.seat(BEN)
    record = await talking(house, ada)
    await ben.goes_online()
    for seat in (ada, ben):
        await seat.listens()
    return ada, ben, record.call_id


async def ben_rings(house: CenterHouse) -> tuple[Seat, Seat, str, str]:
    """Ada has added Ben, at whom it rings."""
    ada, ben, call_id = await ada_and_ben(house)
    leg_id = await adds(ada, call_id, to_agent(BEN))
    await ben.rings()
    await ada.listens()
    return ada, ben, call_id, leg_id


def routed_to(agent_id: str) -> Destination:
    return Destination(
        contact_id=agent_id, contact_type=to_agent(BEN).type, name="Ben Agent", is_routed=True
    )


@pytest.mark.parametrize("is_blind", [False, True])
async def test_a_party_whose_adding_was_not_written_down(tmp_path: Path, is_blind: bool) -> None:
    command = AddParticipant(contact=to_agent(BEN), is_blind_transfer=is_blind)
    leg_id = participant_id_of(ADA, "add-1")
    async with build_center(tmp_path) as house:
        ada, ben, call_id = await ada_and_ben(house)
        deafen(house)
        await house.pbx.add_party(
            call_id,
            participant_id=leg_id,
            added_by=part_of(await house.record(call_id), ADA).participant_id,
            destination=routed_to(BEN.agent_id),
            is_blind=is_blind,
        )
    async with build_center(tmp_path, prefix="b") as house:
        ada, ben = await back(house, ada, ben)
        assert (await ben.rings()).call_id == call_id
        reply = await ada.asks(replace(command, call_id=call_id), "add-1")
        assert done(reply) == {"participantId": leg_id}
        if not is_blind:  # who has left by then need not hear of it
            assert len(await heard(ada, ParticipantAdded)) == 1
        assert await told_salesforce(house, leg_id) == [OutboxKind.CREATE_VOICE_CALL]
        if is_blind:
            assert await how_it_ended(ada) == ENDED
            assert (await ada.agent()).state is AgentState.AFTER_CALL_WORK
        else:
            record = await house.record(call_id)
            assert (record.holds.count, record.holds.since is None) == (1, False)
        for seat in (ada, ben):
            await seat.mirrors_the_server()


async def test_a_transfer_that_was_being_announced_goes_on(tmp_path: Path) -> None:
    salesforce = FakeSalesforce()
    async with build_center(tmp_path, salesforce=salesforce) as house:
        ada, ben, call_id = await ada_and_ben(house)
        salesforce.is_silent()
        leg_id = await adds(ada, call_id, to_agent(BEN))
        leg = (await house.record(call_id)).leg(leg_id)
        assert leg is not None
        assert leg.routing is Routing.ANNOUNCING
    async with build_center(tmp_path, prefix="b") as house:
        ada, ben = await back(house, ada, ben)
        assert (await ben.rings()).call_id == call_id
        assert await told_salesforce(house, leg_id) == [OutboxKind.CREATE_VOICE_CALL]
        assert (await heard(ada, ParticipantAdded))[0].participant.participant_id == leg_id


class SilentFlows(FakeSalesforce):
    """Creates VoiceCalls, but its flows never answer."""

    async def execute_flow(
        self,
        tenant_id: str,
        vendor_call_key: str,
        *,
        flow_dev_name: str | None,
        dialed_number: str | None = None,
        fallback_queue: str | None = None,
        deadline: float,
    ) -> FlowTarget | None:
        self.flows_asked.append((vendor_call_key, flow_dev_name or ""))
        await asyncio.get_running_loop().create_future()


@pytest.mark.parametrize("is_asked", [False, True])
async def test_a_flow_that_was_not_heard_is_asked_again(tmp_path: Path, is_asked: bool) -> None:
    salesforce = SilentFlows() if is_asked else FakeSalesforce()
    async with build_center(tmp_path, salesforce=salesforce) as house:
        ada, ben, call_id = await ada_and_ben(house)
        if not is_asked:
            salesforce.is_silent()
        leg_id = await adds(ada, call_id, FLOW)
        await house.record_when(
            call_id, lambda one: bool(party(one, leg_id).voice_call_id) is is_asked
        )
        await ada.listens()
    again = FakeSalesforce()
    again.flow_goes_to("acme__Route_To_Support", agent_id=BEN.agent_id)
    async with build_center(tmp_path, prefix="b", salesforce=again) as house:
        ada, ben = await back(house, ada, ben)
        assert (await ben.rings()).call_id == call_id
        assert again.flows_asked == [(leg_id, "acme__Route_To_Support")]
        assert await told_salesforce(house, leg_id) == [OutboxKind.CREATE_VOICE_CALL]


async def test_a_call_in_a_queue_is_offered_after_the_restart(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        await open_queue(house)
        ada = house.seat(ADA)
        record = await talking(house, ada)
        await adds(ada, record.call_id, SUPPORT, is_blind=True)
        await house.record_when(record.call_id, lambda one: one.is_waiting)
    async with build_center(tmp_path, prefix="b") as house:
        ben = house.seat(BEN)
        await ben.goes_online()
        assert (await ben.rings()).call_id == record.call_id


async def test_an_offer_of_a_leg_that_was_not_written_down(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        await open_queue(house)
        ada = house.seat(ADA)
        record = await talking(house, ada)
        leg_id = await adds(ada, record.call_id, SUPPORT)
        await house.record_when(record.call_id, lambda one: one.is_waiting)
        await ada.listens()
        deafen(house)
        await house.pbx.offer(record.call_id, BEN, participant_id=leg_id)
    async with build_center(tmp_path, prefix="b") as house:
        [ada] = await back(house, ada)
        ben = house.seat(BEN)
        await ben.connects()
        assert (await ada.hears(ParticipantOffered)).agent_id == BEN.agent_id
        assert (await ben.agent()).state is AgentState.ON_CALL
        await house.clock.advance(20)
        assert await how_it_ended(ben) == failed(HangupStatus.MISSED_AGENT)
        assert (await ada.hears(ParticipantOffered, 2)).agent_id is None


@pytest.mark.parametrize("seconds", [5, 60])
async def test_the_no_answer_time_of_a_leg_goes_on(tmp_path: Path, seconds: int) -> None:
    async with build_center(tmp_path) as house:
        ada, ben, _call_id, leg_id = await ben_rings(house)
    clock = FakeClock(START + timedelta(seconds=seconds))
    async with build_center(tmp_path, prefix="b", clock=clock) as house:
        ada, ben = await back(house, ada, ben)
        await clock.advance(max(0, 20 - seconds))
        assert await how_it_ended(ben) == failed(HangupStatus.MISSED_AGENT)
        left = await ada.hears(ParticipantLeft)
        assert (left.participant_id, left.reason) == (leg_id, HangupReason.PHONE_CALL_ERROR)


async def test_an_answer_of_a_leg_that_was_not_written_down(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben, call_id, leg_id = await ben_rings(house)
        deafen(house)
        await house.pbx.answer(call_id, leg_id)
    async with build_center(tmp_path, prefix="b") as house:
        ada, ben = await back(house, ada, ben)
        assert done(await ben.asks(AnswerCall(call_id=call_id))) is None
        for seat in (ada, ben):
            connected = [
                one
                for one in await heard(seat, ParticipantConnected)
                if one.participant_id == leg_id
            ]
            assert len(connected) == 1
        leg = (await house.record(call_id)).leg(leg_id)
        assert leg is not None
        assert leg.routing is Routing.ANSWERED
        await house.clock.advance(30)
        done(await ben.asks(EndCall(call_id=call_id)))
        assert await how_it_ended(ben) == ENDED


async def test_a_decline_of_a_leg_that_was_not_written_down(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben, call_id, leg_id = await ben_rings(house)
        deafen(house)
        await house.pbx.withdraw_offer(call_id, BEN)
    async with build_center(tmp_path, prefix="b") as house:
        ada, ben = await back(house, ada, ben)
        assert await how_it_ended(ben) == failed(HangupStatus.DECLINED)
        done(await ben.asks(DeclineCall(call_id=call_id)))
        # What had to follow from it follows now.
        assert (await ada.hears(ParticipantLeft)).participant_id == leg_id
        assert len(await heard(ben, CallEnded)) == 1
        assert (await told_salesforce(house, leg_id)).count(OutboxKind.CLEAR_ROUTING) == 1


async def test_who_left_meanwhile_is_told_once(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben, call_id, leg_id = await ben_rings(house)
        done(await ben.asks(AnswerCall(call_id=call_id)))
        await ada.listens()
        deafen(house)
        own = part_of(await house.record(call_id), ADA).participant_id
        await house.pbx.hang_up(call_id, own)
    async with build_center(tmp_path, prefix="b") as house:
        ada, ben = await back(house, ada, ben)
        assert await how_it_ended(ada) == ENDED
        assert (await ben.hears(ParticipantLeft)).participant_id == own
        await ben.hears(ParticipantResumed)
        record = await house.record(call_id)
        assert not any(one.is_on_hold for one in record.parties)
        done(await ada.asks(EndCall(call_id=call_id)))
        done(await ben.asks(Conference(call_id=call_id)))
        for seat in (ada, ben):
            await seat.mirrors_the_server()
    async with build_center(tmp_path, prefix="c") as house:
        count = len(ben.heard)
        [ben] = await back(house, ben)
        assert len(await ben.listens()) == count
        assert party(await house.record(call_id), leg_id)


async def test_a_call_between_agents_that_was_not_written_down(tmp_path: Path) -> None:
    call_id = call_id_of(ADA, "dial-1")
    async with build_center(tmp_path) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        for seat in (ada, ben):
            await seat.goes_online()
            await seat.listens()
        deafen(house)
        await house.pbx.originate(
            ADA,
            call_id=call_id,
            participant_id="part",
            destination=routed_to(BEN.agent_id),
            call_type=CallType.INTERNAL_CALL,
        )
    async with build_center(tmp_path, prefix="b") as house:
        ada, ben = await back(house, ada, ben)
        assert (await ada.rings()).call_id == (await ben.rings()).call_id == call_id
        reply = await ada.asks(Dial(contact=to_agent(BEN)), "dial-1")
        assert done(reply) == {"callId": call_id}
        assert len(house.pbx.active_calls()) == 1
        deafen(house)
        [customer] = [
            one.participant_id
            for one in house.pbx.active_calls()[0].call.participants
            if one.agent_id == BEN.agent_id
        ]
        await house.pbx.answer(call_id, customer)
    async with build_center(tmp_path, prefix="c") as house:
        ada, ben = await back(house, ada, ben)
        for seat in (ada, ben):
            await seat.hears(ParticipantConnected)
            await seat.mirrors_the_server()
        done(await ben.asks(EndCall(call_id=call_id)))
        assert await how_it_ended(ada) == ENDED


async def test_a_whole_conference_that_nobody_knew_is_caught_up_with(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        for seat in (ada, ben):
            await seat.goes_online()
            await seat.listens()
        deafen(house)
        call_id = await house.customer_calls()
        await house.pbx.offer(call_id, ADA, participant_id="ada-part")
        await house.pbx.answer(call_id, "ada-part")
        for who, where in (
            ("ben-part", routed_to(BEN.agent_id)),
            ("theo", Destination(number=THEO.phone_number, contact_type=THEO.type)),
        ):
            await house.pbx.add_party(
                call_id, participant_id=who, added_by="ada-part", destination=where
            )
        await house.pbx.offer(call_id, BEN, participant_id="ben-part")
        await house.pbx.answer(call_id, "ben-part")
        await house.pbx.party_answers(call_id, "theo")
    async with build_center(tmp_path, prefix="b") as house:
        ada, ben = await back(house, ada, ben)
        for seat in (ada, ben):
            assert (await seat.rings()).call_id == call_id
            assert (await seat.agent()).state is AgentState.ON_CALL
            await seat.mirrors_the_server()
        record = await house.record(call_id)
        assert len(record.parties) == 4
        assert record.answered_by == ADA.agent_id
        assert await told_salesforce(house, "ben-part") == [OutboxKind.CREATE_VOICE_CALL]
        done(await ada.asks(Conference(call_id=call_id)))
        done(await ben.asks(EndCall(call_id=call_id)))
        assert (await ada.hears(ParticipantLeft)).participant_id == "ben-part"
