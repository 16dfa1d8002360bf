"""Calls that agents place to each other and to queues, callbacks, and dialers."""

from pathlib import Path

import pytest

from connector_py.entities import (
    AgentState,
    AnswerCall,
    CallStarted,
    CallState,
    CallType,
    Contact,
    ContactType,
    DeclineCall,
    Dial,
    DialerType,
    EndCall,
    HangupReason,
    HangupStatus,
    ParticipantConnected,
    ParticipantLeft,
    ParticipantOffered,
    ParticipantState,
    ParticipantType,
    RefusalCode,
)
from server.entities import OutboxKind
from server.pbx import CallTemplate, NextDial
from tests.support.center_verbs import CAT, customer_id, done, hire, part_of, refused, talking
from tests.support.party_verbs import (
    ENDED,
    SUPPORT,
    THEO,
    adds,
    failed,
    heard,
    how_it_ended,
    open_queue,
    to_agent,
    told_salesforce,
    view,
)
from tests.support.server_fakes import (
    ADA,
    BEN,
    CENTER,
    CUSTOMER,
    CenterHouse,
    Seat,
    build_center,
)


async def ada_calls_ben(house: CenterHouse) -> tuple[Seat, Seat, str]:
    """Ada has called Ben by the phone book, and it rings there."""
    ada, ben = house.seat(ADA), house.seat(BEN)
    await ada.goes_online()
    await ben.goes_online()
    call_id = done(await ada.asks(Dial(contact=to_agent(BEN))))["callId"]
    await ben.rings()
    return ada, ben, call_id


# ---- internal calls ----------------------------------------------------------------------------


async def test_both_agents_have_the_same_call(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben, call_id = await ada_calls_ben(house)

        own, other = await ada.rings(), await ben.rings()

        assert own.call_id == other.call_id == call_id
        assert own.call_type is other.call_type is CallType.INTERNAL_CALL
        assert (await ada.hears(ParticipantOffered)).agent_id == BEN.agent_id
        record = await house.record(call_id)
        assert part_of(record, ADA).participant_type is ParticipantType.AGENT
        assert part_of(record, BEN).participant_type is ParticipantType.INITIAL_CALLER
        # Each sees who the other one is.
        assert [part_of(record, one).name for one in (ADA, BEN)] == ["Ada Agent", "Ben Agent"]
        for seat in (ada, ben):
            assert (await seat.agent()).state is AgentState.ON_CALL
            [shown] = await view(seat, call_id)
            assert (shown.call_id, shown.state) == (call_id, CallState.RINGING)
        # Salesforce makes the VoiceCall of a call between agents itself.
        assert await told_salesforce(house, call_id) == []

        done(await ben.asks(AnswerCall(call_id=call_id)))
        await ada.hears(ParticipantConnected)
        for seat in (ada, ben):
            assert (await view(seat, call_id))[0].state == CallState.CONNECTED
            await seat.mirrors_the_server()
        done(await ben.asks(EndCall(call_id=call_id)))
        for seat in (ada, ben):
            assert await how_it_ended(seat) == ENDED
            assert (await seat.agent()).wrap_up_call_id == call_id
        assert await told_salesforce(house, call_id) == [OutboxKind.UPDATE_VOICE_CALL]


@pytest.mark.parametrize(
    ("how", "status"),
    [("decline", HangupStatus.DECLINED), ("miss", HangupStatus.MISSED_AGENT)],
)
async def test_an_agent_who_does_not_take_it_ends_the_call(
    tmp_path: Path, how: str, status: HangupStatus
) -> None:
    async with build_center(tmp_path) as house:
        cat = await hire(house)
        ada, ben, call_id = await ada_calls_ben(house)
        await cat.goes_online()
        if how == "decline":
            done(await ben.asks(DeclineCall(call_id=call_id)))
        else:
            await house.clock.advance(20)
        assert await how_it_ended(ben) == failed(status)
        assert await how_it_ended(ada) == failed(HangupStatus.FAILED_CONNECT_CUSTOMER)
        for seat in (ada, ben):
            assert (await seat.agent()).state is AgentState.AVAILABLE
            await seat.mirrors_the_server()
        assert "call_started" not in [one.name for one in await cat.listens()]
        assert await told_salesforce(house, call_id) == [
            OutboxKind.CLEAR_ROUTING,
            OutboxKind.UPDATE_VOICE_CALL,
        ]


async def test_the_caller_gives_up_a_call_to_an_agent(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben, call_id = await ada_calls_ben(house)
        done(await ada.asks(EndCall(call_id=call_id)))
        assert await how_it_ended(ada) == ENDED
        assert (await ada.agent()).state is AgentState.AVAILABLE
        assert await how_it_ended(ben) == failed(HangupStatus.FAILED_CONNECT_CUSTOMER)
        assert (await ben.agent()).state is AgentState.AVAILABLE


async def test_an_agent_who_is_not_able_cannot_be_called(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        await ada.goes_online()
        error = refused(await ada.asks(Dial(contact=to_agent(BEN))))
        assert (error.code, error.message) == (
            RefusalCode.INVALID_DESTINATION,
            "That agent is offline",
        )
        assert (await ada.agent()).state is AgentState.AVAILABLE
        await talking(house, ben)
        error = refused(await ada.asks(Dial(contact=to_agent(BEN))))
        assert error.message == "That agent is on a call"
        assert house.pbx.active_calls()[0].call.call_type is CallType.INBOUND


async def test_a_transfer_of_an_internal_call_is_a_transfer(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        cat = await hire(house)
        ada, ben, call_id = await ada_calls_ben(house)
        done(await ben.asks(AnswerCall(call_id=call_id)))
        await cat.goes_online()

        leg_id = await adds(ben, call_id, to_agent(CAT))

        await cat.rings()
        [create] = await house.outbox(leg_id)
        assert create.payload["initiationMethod"] == "Transfer"
        assert create.payload["parentVoiceCallId"] == call_id
        assert (await view(cat, call_id))[0].call_type is CallType.TRANSFER
        done(await cat.asks(AnswerCall(call_id=call_id)))
        # Whoever asked holds the one they talked to: Ada.
        record = await house.record(call_id)
        assert part_of(record, ADA).is_on_hold
        done(await ben.asks(EndCall(call_id=call_id)))
        assert await how_it_ended(ben) == ENDED
        left = await ada.hears(ParticipantLeft)
        assert left.reason is HangupReason.PHONE_CALL_ENDED
        record = await house.record(call_id)
        assert {one.agent_id for one in record.parties} == {ADA.agent_id, CAT.agent_id}
        for seat in (ada, ben, cat):
            await seat.mirrors_the_server()


async def test_dialling_is_refused_while_on_a_call_and_in_wrap_up(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        record = await talking(house, ada)
        await ben.goes_online()
        for contact in (THEO, to_agent(BEN)):
            code = refused(await ada.asks(Dial(contact=contact))).code
            assert code == RefusalCode.INVALID_STATE
        done(await ada.asks(EndCall(call_id=record.call_id)))
        assert refused(await ada.asks(Dial(contact=THEO))).code == RefusalCode.INVALID_STATE
        consult = Dial(contact=THEO, is_consult_call=True)
        assert refused(await ada.asks(consult)).code == RefusalCode.INVALID_STATE


# ---- calls to a queue --------------------------------------------------------------------------


async def test_a_call_to_a_queue_goes_to_an_agent_of_ours(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        await open_queue(house)
        cat = await hire(house)
        ada, ben = house.seat(ADA), house.seat(BEN)
        await ada.goes_online()

        call_id = done(await ada.asks(Dial(contact=SUPPORT)))["callId"]

        own = await ada.rings()
        assert own.call_type is CallType.OUTBOUND
        assert [one.agent_id for one in own.participants] == [None, ADA.agent_id]
        await ben.goes_online()
        assert (await ben.rings()).call_id == call_id
        await cat.goes_online()
        done(await ben.asks(DeclineCall(call_id=call_id)))
        assert (await cat.rings()).call_id == call_id
        # Salesforce's base connector lets nobody accept an outbound call (weakness B17).
        assert (await view(cat, call_id))[0].call_type is CallType.INTERNAL_CALL
        assert (await view(ada, call_id))[0].call_type is CallType.OUTBOUND
        assert "call_ended" not in [one.name for one in await ada.listens()]
        done(await cat.asks(AnswerCall(call_id=call_id)))
        assert (await ada.hears(ParticipantConnected)).participant_id == customer_id(
            await house.record(call_id)
        )
        done(await ada.asks(EndCall(call_id=call_id)))
        for seat in (ada, cat):
            assert await how_it_ended(seat) == ENDED
        for seat in (ada, ben, cat):
            await seat.mirrors_the_server()


async def test_a_call_to_a_queue_does_not_ring_at_the_caller(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        await open_queue(house)
        ada = house.seat(ADA)
        await ada.goes_online()
        call_id = done(await ada.asks(Dial(contact=SUPPORT)))["callId"]
        await house.clock.advance(90)
        record = await house.record(call_id)
        assert (record.is_waiting, len(record.agents)) == (True, 1)
        done(await ada.asks(EndCall(call_id=call_id)))
        assert await how_it_ended(ada) == ENDED


# ---- callbacks and dialers ---------------------------------------------------------------------


async def test_a_callback_is_offered_like_a_call_and_dials_when_accepted(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        await ada.goes_online()

        call_id = await house.pbx.customer_wants_callback(
            house.tenant_id, phone_number="+1 202 555 0100", initial_call_id="c-before"
        )

        call = await ada.rings()
        assert (call.call_type, call.initial_call_id) == (CallType.CALLBACK, "c-before")
        # Salesforce makes its VoiceCall when an agent hears of it.
        assert await told_salesforce(house, call_id) == []
        done(await ada.asks(DeclineCall(call_id=call_id)))
        assert await how_it_ended(ada) == failed(HangupStatus.DECLINED)
        await ben.goes_online()
        assert (await ben.rings()).call_id == call_id
        await house.clock.advance(20)
        assert await how_it_ended(ben) == failed(HangupStatus.MISSED_AGENT)
        assert await told_salesforce(house, call_id) == [OutboxKind.CLEAR_ROUTING] * 2

        await ada.goes_online()
        await ada.rings(2)
        done(await ada.asks(AnswerCall(call_id=call_id)))
        [customer] = [
            one
            for one in (await house.record(call_id)).parties
            if one.participant_type is ParticipantType.INITIAL_CALLER
        ]
        assert (customer.state, customer.phone_number) == (
            ParticipantState.RINGING,
            "+12025550100",
        )
        await house.pbx.customer_answers(call_id)
        await ada.hears(ParticipantConnected, 2)
        done(await ada.asks(EndCall(call_id=call_id)))
        assert await how_it_ended(ada, 2) == ENDED
        assert (await ada.agent()).state is AgentState.AFTER_CALL_WORK
        assert (await told_salesforce(house, call_id))[-1] is OutboxKind.UPDATE_VOICE_CALL


@pytest.mark.parametrize("outcome", [NextDial.BUSY, NextDial.RING])
async def test_a_callback_that_does_not_reach_the_customer(
    tmp_path: Path, outcome: NextDial
) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        call_id = await house.pbx.customer_wants_callback(
            house.tenant_id, phone_number="+12025550100"
        )
        await ada.rings()
        house.pbx.set_next_dial(outcome)
        done(await ada.asks(AnswerCall(call_id=call_id)))
        await house.clock.advance(60)
        assert await how_it_ended(ada) == failed(HangupStatus.FAILED_CONNECT_CUSTOMER)
        assert (await ada.agent()).state is AgentState.AVAILABLE
        assert OutboxKind.CLEAR_ROUTING in await told_salesforce(house, call_id)


async def test_a_call_that_ends_with_the_wish_for_a_callback_says_so(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        first = await house.customer_calls()
        await house.record_when(first, lambda one: one.is_waiting)
        await house.pbx.customer_wants_callback(
            house.tenant_id, phone_number="+12025550100", initial_call_id=first
        )
        await house.record_when(first, lambda one: one.wants_callback)
        await house.pbx.customer_hangs_up(first)
        await house.record_when(first, lambda one: one.is_over)
        update = (await house.outbox(first))[-1]
        assert update.kind is OutboxKind.UPDATE_VOICE_CALL
        assert update.payload["disconnectReason"]["value"] == "CALLBACK"


async def test_a_progressive_dialers_call_comes_in_with_its_origin(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        call_id = await house.pbx.customer_calls(
            house.tenant_id,
            from_number=CUSTOMER,
            to_number=CENTER,
            template=CallTemplate(is_progressive=True),
        )
        assert (await ada.rings()).call_type is CallType.INBOUND
        [create] = await house.outbox(call_id)
        assert (create.payload["callOrigin"], create.payload["initiationMethod"]) == (
            "Progressive",
            "Inbound",
        )


async def test_a_dialled_callback_is_one(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        done(await ada.asks(Dial(contact=THEO, is_callback=True)))
        assert (await ada.rings()).call_type is CallType.DIALED_CALLBACK


async def test_a_number_from_a_preview_dialer_says_so_once(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        await house.center.push_preview(ADA, "+1 202 555 0188")
        for count, dialer in ((1, DialerType.OUTBOUND_PREVIEW), (2, DialerType.NONE)):
            call_id = done(await ada.asks(Dial(contact=THEO)))["callId"]
            assert (await ada.rings(count)).dialer_type is dialer
            done(await ada.asks(EndCall(call_id=call_id)))


async def test_the_failures_of_a_call_that_came_in_are_cleared_once_each(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        call_id = await house.customer_calls()
        await ada.rings()
        await house.clock.advance(20)
        assert await how_it_ended(ada) == failed(HangupStatus.MISSED_AGENT)
        await house.pbx.customer_hangs_up(call_id)
        await house.record_when(call_id, lambda one: one.is_over)
        # Missed, and after that abandoned where it rang nowhere: cleared once.
        assert await told_salesforce(house, call_id) == [
            OutboxKind.CREATE_VOICE_CALL,
            OutboxKind.CLEAR_ROUTING,
            OutboxKind.UPDATE_VOICE_CALL,
        ]
        abandoned = await house.customer_calls()
        await ada.goes_online()
        await ada.rings(2)
        await house.pbx.customer_hangs_up(abandoned)
        assert await how_it_ended(ada, 2) == failed(HangupStatus.FAILED_CONNECT_CUSTOMER)
        assert await told_salesforce(house, abandoned) == [
            OutboxKind.CREATE_VOICE_CALL,
            OutboxKind.CLEAR_ROUTING,
            OutboxKind.UPDATE_VOICE_CALL,
        ]


async def test_an_outbound_call_clears_nothing(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        house.pbx.set_next_dial(NextDial.BUSY)
        call_id = done(await ada.asks(Dial(contact=THEO)))["callId"]
        assert await how_it_ended(ada) == failed(HangupStatus.FAILED_CONNECT_CUSTOMER)
        assert await told_salesforce(house, call_id) == [OutboxKind.UPDATE_VOICE_CALL]


async def test_a_flow_is_not_dialled(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        flow = Contact(id="Route_To_Support", type=ContactType.FLOW)
        error = refused(await ada.asks(Dial(contact=flow)))
        assert error.code == RefusalCode.INVALID_DESTINATION
        assert len(await heard(ada, CallStarted)) == 0
        assert list((await house.center.overview(house.tenant_id)).calls) == []
