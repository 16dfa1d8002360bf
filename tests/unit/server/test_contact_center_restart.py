"""A stop at any point: what the switch did meanwhile is told once, and nothing is lost."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from connector_py.entities import (
    AgentState,
    AnswerCall,
    CallEnded,
    CallUpdated,
    Contact,
    DeclineCall,
    Dial,
    EndCall,
    HangupReason,
    HangupStatus,
    Hold,
    ParticipantHeld,
    WrapUpStarted,
)
from server.contact_center.dialing import call_id_of
from server.entities import Routing
from server.pbx import Destination
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


async def ringing(house: CenterHouse) -> tuple[Seat, str]:
    ada = house.seat(ADA)
    await ada.goes_online()
    call_id = await house.customer_calls()
    await ada.rings()
    return ada, call_id


async def back(house: CenterHouse, before: Seat) -> Seat:
    """The agent's page reconnects by itself and says what it has heard."""
    seat = Seat(house, before.key, before.instance_id, before.epoch, before.offset)
    await seat.connects()
    return seat


async def test_a_connected_call_is_as_it_was(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, call_id = await ringing(house)
        await ada.asks(AnswerCall(call_id=call_id))
        record = await house.record(call_id)
        assert record.customer
        await ada.asks(Hold(call_id=call_id, participant_id=record.customer.participant_id))
        await ada.listens()
        before = await house.record(call_id)
    async with build_center(tmp_path, prefix="b") as house:
        ada = await back(house, ada)
        assert await ada.listens() == []
        assert await house.record(call_id) == before
        welcome = await house.center.open_link(ADA, instance_id="page-2", epoch=None, offset=0)
        assert welcome.calls == (before.call,)
        assert welcome.agent.state is AgentState.ON_CALL
        assert (await ada.asks(EndCall(call_id=call_id))).error is None


async def test_an_agent_at_the_desk_phone_stays_there(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, call_id = await ringing(house)
        reply = await house.center.desk_phone(ADA, AnswerCall(call_id=call_id))
        assert reply.error is None
        await ada.listens()
    async with build_center(tmp_path, prefix="b") as house:
        ada = await back(house, ada)
        assert await ada.listens() == []
        [part] = (await house.record(call_id)).agents
        assert not part.is_softphone


async def test_a_hang_up_that_happened_meanwhile_arrives_once(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, call_id = await ringing(house)
        await ada.asks(AnswerCall(call_id=call_id))
        await ada.listens()
        deafen(house)
        await house.store.switch_memory.forget(call_id)
    async with build_center(tmp_path, prefix="b") as house:
        ada = await back(house, ada)
        await ada.hears(WrapUpStarted)
        assert ada.names().count("call_ended") == 1
        assert len(await house.outbox(call_id)) == 2
    async with build_center(tmp_path, prefix="c") as house:
        ada = await back(house, ada)
        assert await ada.listens() == []
        assert len(await house.outbox(call_id)) == 2


async def test_a_call_that_arrived_meanwhile_rings(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        await ada.listens()
        deafen(house)
        call_id = await house.customer_calls()
    async with build_center(tmp_path, prefix="b") as house:
        ada = await back(house, ada)
        assert (await ada.rings()).call_id == call_id
        assert len(await house.outbox(call_id)) == 1


async def test_an_offer_that_was_not_written_down_rings(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        call_id = await house.customer_calls()
        await house.record_when(call_id, lambda one: one.routing is Routing.WAITING)
        await ada.connects()
        deafen(house)
        await house.pbx.offer(call_id, ADA, participant_id="part")
    async with build_center(tmp_path, prefix="b") as house:
        ada = await back(house, ada)
        assert (await ada.rings()).call_id == call_id
        assert (await ada.agent()).state is AgentState.ON_CALL
        await house.clock.advance(20)
        assert (await ada.hears(CallEnded)).agent_status is HangupStatus.MISSED_AGENT


async def test_an_answer_that_was_not_written_down_is_told_and_may_be_repeated(
    tmp_path: Path,
) -> None:
    async with build_center(tmp_path) as house:
        ada, call_id = await ringing(house)
        deafen(house)
        record = await house.record(call_id)
        await house.pbx.answer(call_id, record.agents[0].participant_id)
    async with build_center(tmp_path, prefix="b") as house:
        ada = await back(house, ada)
        reply = await ada.asks(AnswerCall(call_id=call_id), "answer")
        assert reply.error is None
        await ada.listens()
        assert ada.names() == ["participant_connected"]
        await house.clock.advance(30)
        assert (await house.record(call_id)).routing is Routing.ANSWERED


async def test_a_decline_that_was_not_written_down_is_told_and_may_be_repeated(
    tmp_path: Path,
) -> None:
    async with build_center(tmp_path) as house:
        ada, call_id = await ringing(house)
        deafen(house)
        await house.pbx.withdraw_offer(call_id, ADA)
    async with build_center(tmp_path, prefix="b") as house:
        ada = await back(house, ada)
        assert (await ada.hears(CallEnded)).agent_status is HangupStatus.DECLINED
        assert (await ada.asks(DeclineCall(call_id=call_id))).error is None
        await ada.listens()
        assert ada.names().count("call_ended") == 1
        assert (await ada.agent()).state is AgentState.AVAILABLE


async def test_a_hold_that_was_not_written_down_is_told_once(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, call_id = await ringing(house)
        await ada.asks(AnswerCall(call_id=call_id))
        await ada.listens()
        record = await house.record(call_id)
        assert record.customer
        deafen(house)
        await house.pbx.hold(call_id, record.customer.participant_id)
    async with build_center(tmp_path, prefix="b") as house:
        ada = await back(house, ada)
        await ada.hears(ParticipantHeld)
        hold = Hold(call_id=call_id, participant_id=record.customer.participant_id)
        assert (await ada.asks(hold)).error is None
        await ada.listens()
        assert ada.names() == ["participant_held"]
        assert (await house.record(call_id)).holds.count == 1


async def test_a_dial_that_was_not_written_down_is_not_dialled_again(tmp_path: Path) -> None:
    contact = Contact(phone_number="+12025550123")
    call_id = call_id_of(ADA, "dial-1")
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        await ada.listens()
        deafen(house)
        await house.pbx.originate(
            ADA,
            call_id=call_id,
            participant_id="part",
            destination=Destination(number=contact.phone_number),
        )
    async with build_center(tmp_path, prefix="b") as house:
        ada = await back(house, ada)
        assert (await ada.rings()).call_id == call_id
        reply = await ada.asks(Dial(contact=contact), "dial-1")
        assert (reply.error, reply.result) == (None, {"callId": call_id})
        assert len(house.pbx.active_calls()) == 1
        assert ada.names().count("call_started") == 1
        # The switch still gives the call up in time.
        await house.clock.advance(60)
        assert (await ada.hears(CallEnded)).reason is HangupReason.PHONE_CALL_ERROR


@pytest.mark.parametrize("seconds", [5, 60])
async def test_the_no_answer_time_goes_on(tmp_path: Path, seconds: int) -> None:
    async with build_center(tmp_path) as house:
        ada, call_id = await ringing(house)
        await ada.listens()
    clock = FakeClock(START + timedelta(seconds=seconds))
    async with build_center(tmp_path, prefix="b", clock=clock) as house:
        ada = await back(house, ada)
        await clock.advance(max(0, 20 - seconds))
        assert (await ada.hears(CallEnded)).agent_status is HangupStatus.MISSED_AGENT
        assert (await house.record(call_id)).routing is Routing.WAITING


async def test_a_waiting_call_is_offered_after_the_restart(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        call_id = await house.customer_calls()
        await house.record_when(call_id, lambda one: one.routing is Routing.WAITING)
    async with build_center(tmp_path, prefix="b") as house:
        ben = house.seat(BEN)
        await ben.goes_online()
        assert (await ben.rings()).call_id == call_id


async def test_a_call_that_was_being_announced_rings(tmp_path: Path) -> None:
    salesforce = FakeSalesforce()
    salesforce.is_silent()
    async with build_center(tmp_path, salesforce=salesforce) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        call_id = await house.customer_calls()
        await house.record_when(call_id, lambda one: one.routing is Routing.ANNOUNCING)
    async with build_center(tmp_path, prefix="b") as house:
        ada = await back(house, ada)
        assert (await ada.rings()).call_id == call_id


async def test_a_voice_call_id_that_was_not_told_is_told(tmp_path: Path) -> None:
    salesforce = FakeSalesforce()
    salesforce.fails()
    async with build_center(tmp_path, salesforce=salesforce) as house:
        ada, call_id = await ringing(house)
        await ada.listens()
        record = await house.record(call_id)

        # As the delivery does it: the id is written, then the server dies.
        known = replace(record, call=replace(record.call, voice_call_id="0LQ1"))
        await house.store.run(lambda tx: tx.save_call(known))
    async with build_center(tmp_path, prefix="b") as house:
        ada = await back(house, ada)
        assert (await ada.hears(CallUpdated)).voice_call_id == "0LQ1"
    async with build_center(tmp_path, prefix="c") as house:
        ada = await back(house, ada)
        assert await ada.listens() == []


async def test_agents_who_do_not_come_back_get_no_call(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        await house.seat(ADA).goes_online()
    async with build_center(tmp_path, prefix="b") as house:
        await house.clock.advance(16)
        call_id = await house.customer_calls()
        record = await house.record_when(call_id, lambda one: one.routing is Routing.WAITING)
        assert record.agents == ()
        overview = await house.center.overview(house.tenant_id)
        assert [one.is_connected for one in overview.agents] == [False, False]
        assert [one.call_id for one in overview.calls] == [call_id]
