"""Bringing somebody into a call: numbers and agents, warm and blind."""

import asyncio
from pathlib import Path

import pytest

from connector_py.entities import (
    AddParticipant,
    AgentState,
    AgentStatus,
    AnswerCall,
    CallInfo,
    CallState,
    CallType,
    CallUpdated,
    Contact,
    ContactType,
    DeclineCall,
    EndCall,
    HangupReason,
    HangupStatus,
    Hold,
    ParticipantAdded,
    ParticipantConnected,
    ParticipantLeft,
    ParticipantOffered,
    ParticipantState,
    ParticipantType,
    RefusalCode,
    RemoveParticipant,
    Resume,
    WrapUpStarted,
)
from server.contact_center.adding import MAX_OTHERS, participant_id_of
from server.entities import OutboxKind, Routing
from server.pbx import CallTemplate, NextDial
from tests.support.center_verbs import (
    CAT,
    choose,
    customer_id,
    done,
    hire,
    part_of,
    refused,
    talking,
)
from tests.support.party_verbs import (
    ENDED,
    SUPPORT,
    THEO,
    adds,
    failed,
    falls_silent,
    heard,
    how_it_ended,
    party,
    salesforce_is_asked,
    to_agent,
    told_salesforce,
    view,
)
from tests.support.server_fakes import ADA, BEN, CENTER, CUSTOMER, CenterHouse, Seat, build_center

# ---- numbers -----------------------------------------------------------------------------------


async def test_a_number_is_brought_in_while_the_customer_waits_on_hold(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        record = await talking(house, ada)
        call_id = record.call_id
        await ada.listens()

        theo = await adds(ada, call_id, THEO, key="add-1")

        await ada.listens()
        assert ada.names()[-2:] == ["participant_held", "participant_added"]
        assert ada.causes[-2:] == ["add-1"] * 2
        record = await house.record(call_id)
        assert party(record, customer_id(record)).is_on_hold
        assert record.holds.count == 1
        added = party(record, theo)
        assert (added.state, added.phone_number, added.name) == (
            ParticipantState.RINGING,
            "+12025550188",
            "Theo",
        )
        assert added.added_by == part_of(record, ADA).participant_id
        # Outside the contact center nobody has a VoiceCall.
        assert record.legs == ()
        assert await told_salesforce(house, theo) == []
        _, shown = await view(ada, call_id)
        assert (shown.call_id, shown.call_type, shown.state) == (
            theo,
            CallType.ADD_PARTICIPANT,
            CallState.TRANSFERRING,
        )

        await house.pbx.party_answers(call_id, theo)
        assert (await ada.hears(ParticipantConnected, 2)).participant_id == theo
        await house.pbx.party_hangs_up(call_id, theo)
        left = await ada.hears(ParticipantLeft)
        assert (left.participant_id, left.reason) == (theo, HangupReason.PHONE_CALL_ENDED)
        assert (await ada.agent()).state is AgentState.ON_CALL
        await ada.mirrors_the_server()


async def test_fields_of_the_call_go_with_its_transfer(tmp_path: Path) -> None:
    fields = '{"Priority__c": "High"}'
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        for seat in (ada, house.seat(BEN)):
            await seat.goes_online()
        call_id = await house.pbx.customer_calls(
            ADA.tenant_id,
            from_number=CUSTOMER,
            to_number=CENTER,
            wanted_agent_id=ADA.agent_id,
            template=CallTemplate(call_info=CallInfo(additional_fields=fields)),
        )
        await ada.rings()
        done(await ada.asks(AnswerCall(call_id=call_id)))
        ben = await adds(ada, call_id, to_agent(BEN))
        (created,) = await house.outbox(ben)
        assert created.payload["callAttributes"] == fields


@pytest.mark.parametrize("outcome", [NextDial.BUSY, NextDial.UNREACHABLE])
async def test_a_number_that_is_not_reached_leaves_with_an_error(
    tmp_path: Path, outcome: NextDial
) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        record = await talking(house, ada)
        house.pbx.set_next_dial(outcome)
        theo = await adds(ada, record.call_id, THEO)
        left = await ada.hears(ParticipantLeft)
        assert (left.participant_id, left.reason) == (theo, HangupReason.PHONE_CALL_ERROR)
        assert "call_ended" not in ada.names()


async def test_a_blind_transfer_to_a_number_frees_the_agent_at_once(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        record = await talking(house, ada)
        call_id = record.call_id
        await ada.listens()

        reply = await ada.asks(
            AddParticipant(contact=THEO, call_id=call_id, is_blind_transfer=True), "blind-1"
        )

        theo = done(reply)["participantId"]
        await ada.listens()
        assert ada.offset == reply.offset
        assert ada.names()[-4:] == [
            "participant_added",
            "call_ended",
            "wrap_up_started",
            "agent_state_changed",
        ]
        assert ada.causes[-4:] == ["blind-1"] * 4
        assert await how_it_ended(ada) == ENDED
        assert (await ada.agent()).state is AgentState.AFTER_CALL_WORK
        # The call goes on in the switch without an agent, until it says that it is over.
        record = await house.record(call_id)
        assert not record.is_over
        assert record.agents == ()
        assert not party(record, customer_id(record)).is_on_hold
        assert OutboxKind.UPDATE_VOICE_CALL not in await told_salesforce(house, call_id)
        await house.pbx.party_answers(call_id, theo)
        await house.pbx.customer_hangs_up(call_id)
        await house.record_when(call_id, lambda one: one.is_over)
        assert (await told_salesforce(house, call_id))[-1] is OutboxKind.UPDATE_VOICE_CALL
        await ada.listens()
        assert ada.names().count("call_ended") == 1


async def test_the_same_command_adds_nobody_twice(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        record = await talking(house, ada)
        first, twin = await asyncio.gather(
            adds(ada, record.call_id, THEO, key="add-1"),
            adds(ada, record.call_id, THEO, key="add-1"),
        )
        later = await adds(ada, record.call_id, THEO, key="add-1")
        assert first == twin == later == participant_id_of(ADA, "add-1")
        assert len((await house.record(record.call_id)).parties) == 3


async def test_as_many_others_as_there_are_slots(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        record = await talking(house, ada)
        added = [await adds(ada, record.call_id, THEO) for _ in range(MAX_OTHERS - 1)]
        command = AddParticipant(contact=THEO, call_id=record.call_id)
        assert refused(await ada.asks(command)).code == RefusalCode.INVALID_STATE
        assert len((await house.record(record.call_id)).parties) == MAX_OTHERS + 1
        done(await ada.asks(RemoveParticipant(call_id=record.call_id, participant_id=added[0])))
        await adds(ada, record.call_id, THEO)


async def test_nobody_is_held_on_a_call_that_merges_by_itself(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        await choose(house, is_auto_merge_on=True)
        ada = house.seat(ADA)
        record = await talking(house, ada)
        assert record.call.is_auto_merge_on
        await adds(ada, record.call_id, THEO)
        after = await house.record_when(
            record.call_id, lambda one: not any(party.is_on_hold for party in one.parties)
        )
        assert len(after.parties) == 3


async def test_calls_and_added_parties_begin_as_the_org_wants(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        await choose(
            house,
            call_info=CallInfo(show_swap_button=False),
            third_party_call_info=CallInfo(hold_enabled=False),
        )
        ada = house.seat(ADA)
        record = await talking(house, ada)
        assert record.call.call_info == CallInfo(show_swap_button=False)
        theo = await adds(ada, record.call_id, THEO)
        added = await ada.hears(ParticipantAdded)
        assert added.participant.call_info == CallInfo(hold_enabled=False)
        assert party(await house.record(record.call_id), theo).call_info is not None


# ---- agents ------------------------------------------------------------------------------------


async def warm_to_ben(house: CenterHouse) -> tuple[Seat, Seat, str, str]:
    """Ada talks with a customer and has brought in Ben, at whom it rings."""
    ada, ben = house.seat(ADA), house.seat(BEN)
    record = await talking(house, ada)
    await ben.goes_online()
    leg_id = await adds(ada, record.call_id, to_agent(BEN))
    await ben.rings()
    return ada, ben, record.call_id, leg_id


async def test_an_agent_who_is_added_gets_a_transfer_of_their_own(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben, call_id, leg_id = await warm_to_ben(house)

        [create] = await house.outbox(leg_id)
        assert create.kind is OutboxKind.CREATE_VOICE_CALL
        assert create.payload["vendorCallKey"] == leg_id
        assert create.payload["initiationMethod"] == "Transfer"
        assert create.payload["parentVoiceCallId"] == call_id
        assert (create.payload["from"], create.payload["to"]) == (CUSTOMER, CENTER)
        call = await ben.rings()
        assert call.call_id == call_id
        [own] = [one for one in call.participants if one.agent_id == BEN.agent_id]
        assert own.participant_id == leg_id
        assert own.voice_call_id == f"0LQ{create.entry_id}"
        assert own.name == "Ben Agent"
        assert (await ben.agent()).state is AgentState.ON_CALL
        offered = await ada.hears(ParticipantOffered)
        assert (offered.participant_id, offered.agent_id) == (leg_id, BEN.agent_id)
        main = (await view(ben, call_id))[0]
        assert (main.call_id, main.call_type, main.state) == (
            leg_id,
            CallType.TRANSFER,
            CallState.RINGING,
        )

        await house.clock.advance(3)
        done(await ben.asks(AnswerCall(call_id=call_id)))
        assert (await ada.hears(ParticipantConnected, 2)).participant_id == leg_id
        assert (await view(ada, call_id))[1].state == CallState.TRANSFERRED
        await ada.mirrors_the_server()
        await ben.mirrors_the_server()
        # The first agent's figures stay those of the first agent.
        record = await house.record(call_id)
        assert record.answered_by == ADA.agent_id
        leg = record.leg(leg_id)
        assert leg is not None
        assert leg.answered_at != record.answered_at


async def test_who_leaves_after_a_transfer_lets_the_others_talk(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben, call_id, leg_id = await warm_to_ben(house)
        done(await ben.asks(AnswerCall(call_id=call_id)))

        done(await ada.asks(EndCall(call_id=call_id)))

        assert await how_it_ended(ada) == ENDED
        assert (await ada.agent()).state is AgentState.AFTER_CALL_WORK
        assert (await ada.agent()).wrap_up_call_id == call_id
        left = await ben.hears(ParticipantLeft)
        assert left.reason is HangupReason.PHONE_CALL_ENDED
        record = await house.record_when(
            call_id, lambda one: not any(party.is_on_hold for party in one.parties)
        )
        assert [one.agent_id for one in record.agents] == [BEN.agent_id]
        assert (await ben.agent()).state is AgentState.ON_CALL

        await house.pbx.customer_hangs_up(call_id)
        assert await how_it_ended(ben) == ENDED
        assert (await ben.hears(WrapUpStarted)).call_id == call_id
        kinds = await told_salesforce(house, leg_id)
        assert kinds == [OutboxKind.CREATE_VOICE_CALL, OutboxKind.UPDATE_VOICE_CALL]
        update = (await house.outbox(leg_id))[-1]
        assert update.payload["agent"] == "ben@test.example"
        assert "disconnectReason" not in update.payload
        await ada.listens()
        assert ada.names().count("call_ended") == 1
        await ada.mirrors_the_server()
        await ben.mirrors_the_server()


@pytest.mark.parametrize(
    ("how", "status"),
    [("decline", HangupStatus.DECLINED), ("miss", HangupStatus.MISSED_AGENT)],
)
async def test_an_agent_asked_by_name_who_does_not_take_it_leaves_the_call(
    tmp_path: Path, how: str, status: HangupStatus
) -> None:
    async with build_center(tmp_path) as house:
        cat = await hire(house)
        ada, ben, call_id, leg_id = await warm_to_ben(house)
        await cat.goes_online()

        if how == "decline":
            done(await ben.asks(DeclineCall(call_id=call_id)))
        else:
            await house.clock.advance(20)

        assert await how_it_ended(ben) == failed(status)
        assert (await ben.agent()).state is AgentState.AVAILABLE
        left = await ada.hears(ParticipantLeft)
        assert (left.participant_id, left.reason) == (leg_id, HangupReason.PHONE_CALL_ERROR)
        assert (await ada.agent()).state is AgentState.ON_CALL
        assert "call_started" not in [one.name for one in await cat.listens()]
        # Salesforce forgets the routing once, and the VoiceCall is completed.
        assert await told_salesforce(house, leg_id) == [
            OutboxKind.CREATE_VOICE_CALL,
            OutboxKind.CLEAR_ROUTING,
            OutboxKind.UPDATE_VOICE_CALL,
        ]
        for seat in (ada, ben):
            await seat.mirrors_the_server()


async def test_a_blind_transfer_that_an_agent_declines_goes_to_the_next(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        cat = await hire(house)
        ada, ben = house.seat(ADA), house.seat(BEN)
        record = await talking(house, ada)
        call_id = record.call_id
        await ben.goes_online()
        leg_id = await adds(ada, call_id, to_agent(BEN), is_blind=True)
        await ben.rings()
        await cat.goes_online()

        done(await ben.asks(DeclineCall(call_id=call_id)))

        assert await how_it_ended(ben) == failed(HangupStatus.DECLINED)
        call = await cat.rings()
        [own] = [one for one in call.participants if one.agent_id == CAT.agent_id]
        assert own.participant_id == leg_id
        done(await cat.asks(AnswerCall(call_id=call_id)))
        # One VoiceCall, whoever takes it.
        assert await told_salesforce(house, leg_id) == [
            OutboxKind.CREATE_VOICE_CALL,
            OutboxKind.CLEAR_ROUTING,
        ]
        record = await house.record(call_id)
        assert [one.agent_id for one in record.agents] == [CAT.agent_id]
        for seat in (ada, ben, cat):
            await seat.mirrors_the_server()


async def test_an_agent_who_is_not_able_cannot_be_added(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        record = await talking(house, ada)

        async def refusal(contact: Contact) -> tuple[str, str]:
            error = refused(await ada.asks(AddParticipant(contact=contact, call_id=record.call_id)))
            return error.code, error.message

        code = RefusalCode.INVALID_DESTINATION
        assert await refusal(to_agent(BEN)) == (code, "That agent is offline")
        await ben.goes_online()
        await ben.disconnects()
        await house.clock.advance(16)
        assert await refusal(to_agent(BEN)) == (code, "That agent is not connected")
        await ben.connects()
        busy = await house.customer_calls(wanted=BEN)
        await ben.rings()
        assert await refusal(to_agent(BEN)) == (code, "That agent is on a call")
        done(await ben.asks(AnswerCall(call_id=busy)))
        done(await ben.asks(EndCall(call_id=busy)))
        assert await refusal(to_agent(BEN)) == (code, "That agent is still in after-call work")
        assert await refusal(to_agent(ADA)) == (code, "Agents cannot call themselves")
        assert await refusal(to_agent(CAT)) == (code, "There is no such agent")
        assert await refusal(SUPPORT) == (code, "There is no such queue")
        nobody = Contact(type=ContactType.FLOW)
        assert (await refusal(nobody))[0] == code
        assert (await refusal(Contact(phone_number="12")))[0] == code
        assert not party(await house.record(record.call_id), customer_id(record)).is_on_hold


async def test_a_call_that_still_rings_takes_nobody_in(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        await ada.goes_online()
        call_id = await house.customer_calls(wanted=ADA)
        await ada.rings()
        command = AddParticipant(contact=THEO, call_id=call_id)
        assert refused(await ada.asks(command)).code == RefusalCode.INVALID_STATE
        await ben.connects()
        assert refused(await ben.asks(command)).code == RefusalCode.CALL_NOT_FOUND


async def test_an_agent_is_kept_free_until_the_transfer_rings(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        record = await talking(house, ada)
        await ben.goes_online()
        house.salesforce.is_silent()
        leg_id = await adds(ada, record.call_id, to_agent(BEN))
        await salesforce_is_asked(house, 2)
        house.salesforce.works()
        other = await house.customer_calls(wanted=BEN)
        await house.record_when(other, lambda one: one.routing is Routing.WAITING)
        await falls_silent(house)
        assert "call_started" not in [one.name for one in await ben.listens()]

        await house.clock.advance(3.5)

        assert (await ben.rings()).call_id == record.call_id
        assert (await house.record(other)).agents == ()
        assert party(await house.record(record.call_id), leg_id).agent_id == BEN.agent_id


async def test_an_agent_is_not_added_twice(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        record = await talking(house, ada)
        await ben.goes_online()
        house.salesforce.is_silent()
        await adds(ada, record.call_id, to_agent(BEN))
        command = AddParticipant(contact=to_agent(BEN), call_id=record.call_id)
        error = refused(await ada.asks(command))
        assert (error.code, error.message) == (
            RefusalCode.INVALID_DESTINATION,
            "That agent is about to get another call",
        )
        assert len((await house.record(record.call_id)).parties) == 3


async def test_an_agent_who_goes_away_meanwhile_is_an_error_and_no_wait(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        cat = await hire(house)
        ada, ben = house.seat(ADA), house.seat(BEN)
        record = await talking(house, ada)
        await ben.goes_online()
        await cat.goes_online()
        house.salesforce.is_silent()
        leg_id = await adds(ada, record.call_id, to_agent(BEN))
        await salesforce_is_asked(house, 2)
        await ben.sets(AgentStatus.OFFLINE)

        await house.clock.advance(3.5)

        left = await ada.hears(ParticipantLeft)
        assert (left.participant_id, left.reason) == (leg_id, HangupReason.PHONE_CALL_ERROR)
        for seat in (ben, cat):
            assert "call_started" not in [one.name for one in await seat.listens()]


async def test_a_voice_call_of_a_leg_that_comes_late_is_told_to_both(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        record = await talking(house, ada)
        await ben.goes_online()
        house.salesforce.fails()
        leg_id = await adds(ada, record.call_id, to_agent(BEN))
        call = await ben.rings()
        assert [one.voice_call_id for one in call.participants] == [None] * 3

        await house.center.on_voice_call_created(house.tenant_id, leg_id, "0LQafter")
        await house.center.on_voice_call_created(house.tenant_id, leg_id, "0LQafter")

        for seat in (ada, ben):
            updated = await seat.hears(CallUpdated)
            assert (updated.participant_id, updated.voice_call_id) == (leg_id, "0LQafter")
            assert len([one for one in await heard(seat, CallUpdated)]) == 1
            await seat.mirrors_the_server()
        assert (await house.record(record.call_id)).call.voice_call_id != "0LQafter"


async def test_an_added_agent_can_transfer_on(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        cat = await hire(house)
        ada, ben, call_id, leg_id = await warm_to_ben(house)
        await cat.goes_online()
        done(await ben.asks(AnswerCall(call_id=call_id)))
        done(await ada.asks(EndCall(call_id=call_id)))

        second = await adds(ben, call_id, to_agent(CAT), is_blind=True)

        await cat.rings()
        [create] = await house.outbox(second)
        assert create.payload["parentVoiceCallId"] == leg_id
        assert await how_it_ended(ben) == ENDED
        done(await cat.asks(AnswerCall(call_id=call_id)))
        record = await house.record(call_id)
        assert {one.participant_type for one in record.parties} == {
            ParticipantType.INITIAL_CALLER,
            ParticipantType.THIRD_PARTY,
        }
        # Everybody holds and resumes whom they talk to.
        who = customer_id(record)
        done(await cat.asks(Hold(call_id=call_id, participant_id=who)))
        done(await cat.asks(Resume(call_id=call_id, participant_id=who)))
        done(await cat.asks(EndCall(call_id=call_id)))
        assert await how_it_ended(cat) == ENDED
        assert (await house.record(call_id)).is_over
