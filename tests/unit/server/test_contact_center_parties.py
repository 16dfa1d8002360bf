"""Several parties on one call: remove, swap, conference, consult, hold and mute, and who leaves."""

from pathlib import Path

import pytest

from connector_py.entities import (
    AddParticipant,
    AgentState,
    AnswerCall,
    CallInfo,
    CallType,
    Command,
    Conference,
    DeclineCall,
    Dial,
    EndCall,
    HangupReason,
    HangupStatus,
    Hold,
    Mute,
    ParticipantAdded,
    ParticipantConnected,
    ParticipantHeld,
    ParticipantLeft,
    ParticipantResumed,
    ParticipantsConferenced,
    ParticipantsSwapped,
    ParticipantType,
    RefusalCode,
    RemoveParticipant,
    RemoveParticipantVariant,
    Resume,
    SendDigits,
    Swap,
    Unmute,
)
from server.contact_center.adding import participant_id_of
from server.entities import OutboxKind
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
    heard,
    how_it_ended,
    open_queue,
    party,
    to_agent,
    told_salesforce,
    view,
)
from tests.support.server_fakes import ADA, BEN, CenterHouse, Seat, build_center


async def three_talk(house: CenterHouse) -> tuple[Seat, str, str, str]:
    """Ada on a call with a customer on hold and Theo; return seat, call, customer, Theo."""
    ada = house.seat(ADA)
    record = await talking(house, ada)
    theo = await adds(ada, record.call_id, THEO)
    await house.pbx.party_answers(record.call_id, theo)
    await ada.hears(ParticipantConnected, 2)
    return ada, record.call_id, customer_id(record), theo


async def with_ben(house: CenterHouse) -> tuple[Seat, Seat, str, str]:
    """Ada and Ben on a call with a customer; return seats, call and Ben's part."""
    ada, ben = house.seat(ADA), house.seat(BEN)
    record = await talking(house, ada)
    await ben.goes_online()
    leg_id = await adds(ada, record.call_id, to_agent(BEN))
    await ben.rings()
    done(await ben.asks(AnswerCall(call_id=record.call_id)))
    await ada.hears(ParticipantConnected, 2)
    return ada, ben, record.call_id, leg_id


# ---- remove ------------------------------------------------------------------------------------


async def test_removing_a_party_leaves_the_others_talking(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, call_id, _, theo = await three_talk(house)
        remove = RemoveParticipant(call_id=call_id, participant_id=theo)
        done(await ada.asks(remove, "remove-1"))
        await ada.listens()
        left = ada.heard[-1]
        assert isinstance(left, ParticipantLeft)
        assert (left.participant_id, left.reason) == (theo, HangupReason.PHONE_CALL_ENDED)
        assert ada.causes[-1] == "remove-1"
        assert (await ada.agent()).state is AgentState.ON_CALL
        # What is so already succeeds.
        done(await ada.asks(remove))
        assert len(await heard(ada, ParticipantLeft)) == 1
        await ada.mirrors_the_server()


async def test_removing_the_customer_leaves_the_agents_talking(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben, call_id, leg_id = await with_ben(house)
        record = await house.record(call_id)
        customer = customer_id(record)
        done(await ada.asks(RemoveParticipant(call_id=call_id, participant_id=customer)))
        assert (await ben.hears(ParticipantLeft)).participant_id == customer
        record = await house.record(call_id)
        assert {one.agent_id for one in record.parties} == {ADA.agent_id, BEN.agent_id}
        assert record.holds.since is None
        [shown] = await view(ada, call_id)
        assert shown.call_id == leg_id
        done(await ben.asks(EndCall(call_id=call_id)))
        for seat in (ada, ben):
            assert await how_it_ended(seat) == ENDED
            assert (await seat.agent()).state is AgentState.AFTER_CALL_WORK


async def test_removing_the_only_other_ends_the_call(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        record = await talking(house, ada)
        who = customer_id(record)
        done(await ada.asks(RemoveParticipant(call_id=record.call_id, participant_id=who)))
        assert await how_it_ended(ada) == ENDED
        assert (await house.record(record.call_id)).is_over


async def test_an_agent_who_rings_is_removed(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        record = await talking(house, ada)
        await ben.goes_online()
        leg_id = await adds(ada, record.call_id, to_agent(BEN))
        await ben.rings()
        done(await ada.asks(RemoveParticipant(call_id=record.call_id, participant_id=leg_id)))
        assert await how_it_ended(ben) == failed(HangupStatus.FAILED_CONNECT_CUSTOMER)
        assert (await ben.agent()).state is AgentState.AVAILABLE
        left = await ada.hears(ParticipantLeft)
        assert left.reason is HangupReason.PHONE_CALL_ENDED
        assert await told_salesforce(house, leg_id) == [
            OutboxKind.CREATE_VOICE_CALL,
            OutboxKind.CLEAR_ROUTING,
            OutboxKind.UPDATE_VOICE_CALL,
        ]
        # The agent's time-out comes to nothing.
        await house.clock.advance(30)
        await ben.listens()
        assert ben.names().count("call_ended") == 1


@pytest.mark.parametrize("of_party", [True, False])
async def test_what_may_be_removed_is_up_to_the_party_or_else_to_the_call(
    tmp_path: Path, of_party: bool
) -> None:
    async with build_center(tmp_path) as house:
        variants = RemoveParticipantVariant
        name = "third_party_call_info" if of_party else "call_info"
        await choose(
            house, **{name: CallInfo(remove_participant_variant=variants.ALWAYS_EXCEPT_ON_HOLD)}
        )
        ada, call_id, customer, theo = await three_talk(house)
        who = theo if of_party else customer
        remove = RemoveParticipant(call_id=call_id, participant_id=who)
        if of_party:
            done(await ada.asks(Hold(call_id=call_id, participant_id=theo)))
        assert refused(await ada.asks(remove)).code == RefusalCode.NOT_SUPPORTED
        done(await ada.asks(Resume(call_id=call_id, participant_id=who)))
        done(await ada.asks(remove))
        assert (await ada.hears(ParticipantLeft)).participant_id == who


async def test_never_means_never(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        never = CallInfo(remove_participant_variant=RemoveParticipantVariant.NEVER)
        await choose(house, third_party_call_info=never)
        ada, call_id, customer, theo = await three_talk(house)
        remove = RemoveParticipant(call_id=call_id, participant_id=theo)
        assert refused(await ada.asks(remove)).code == RefusalCode.NOT_SUPPORTED
        assert len((await house.record(call_id)).parties) == 3
        done(await ada.asks(RemoveParticipant(call_id=call_id, participant_id=customer)))


# ---- swap, conference, hold and mute -----------------------------------------------------------


async def test_swap_changes_places_in_one_step(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, call_id, customer, theo = await three_talk(house)
        swap = Swap(call_id=call_id, hold_participant_id=theo, resume_participant_id=customer)
        await house.clock.advance(4)
        done(await ada.asks(swap, "swap-1"))
        swapped = await ada.hears(ParticipantsSwapped)
        assert (swapped.held_id, swapped.resumed_id) == (theo, customer)
        record = await house.record(call_id)
        assert party(record, theo).is_on_hold
        assert not party(record, customer).is_on_hold
        # The customer's hold is over, and counts.
        assert (record.holds.count, record.holds.longest_seconds) == (1, 4)
        done(await ada.asks(swap))
        assert len(await heard(ada, ParticipantsSwapped)) == 1


async def test_swap_does_what_is_left_to_do(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, call_id, customer, theo = await three_talk(house)
        swap = Swap(call_id=call_id, hold_participant_id=theo, resume_participant_id=customer)
        done(await ada.asks(Resume(call_id=call_id, participant_id=customer)))
        done(await ada.asks(swap))
        assert (await ada.hears(ParticipantHeld, 2)).participant_id == theo
        done(await ada.asks(Hold(call_id=call_id, participant_id=customer)))
        done(await ada.asks(swap))
        assert (await ada.hears(ParticipantResumed, 2)).participant_id == customer
        record = await house.record(call_id)
        assert [one.is_on_hold for one in (party(record, theo), party(record, customer))] == [
            True,
            False,
        ]


async def test_conference_takes_everybody_off_hold(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, call_id, _customer, theo = await three_talk(house)
        done(await ada.asks(Hold(call_id=call_id, participant_id=theo)))
        done(await ada.asks(Conference(call_id=call_id), "merge-1"))
        await ada.hears(ParticipantsConferenced)
        assert ada.causes[-1] == "merge-1"
        record = await house.record(call_id)
        assert not any(one.is_on_hold for one in record.parties)
        assert record.holds.since is None
        done(await ada.asks(Conference(call_id=call_id)))
        assert len(await heard(ada, ParticipantsConferenced)) == 1


async def test_everybody_can_be_muted_for_themselves(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben, call_id, leg_id = await with_ben(house)
        record = await house.record(call_id)
        own = part_of(record, ADA).participant_id
        for command, muted in (
            (Mute(call_id=call_id, participant_id=leg_id), {leg_id}),
            (Mute(call_id=call_id), {leg_id, own}),
            (Unmute(call_id=call_id, participant_id=leg_id), {own}),
        ):
            done(await ada.asks(command))
            record = await house.record(call_id)
            assert {one.participant_id for one in record.parties if one.is_muted} == muted
        await ben.mirrors_the_server()
        # Whoever was muted by somebody else can undo it.
        done(await ada.asks(Mute(call_id=call_id, participant_id=leg_id)))
        done(await ben.asks(Unmute(call_id=call_id)))


async def test_refusals_say_what_is_wrong(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, call_id, customer, theo = await three_talk(house)
        ringing = await adds(ada, call_id, THEO)
        own = part_of(await house.record(call_id), ADA).participant_id

        def swap(hold: str, resume: str) -> Swap:
            return Swap(call_id=call_id, hold_participant_id=hold, resume_participant_id=resume)

        for command, code in (
            (RemoveParticipant(call_id=call_id, participant_id=own), "invalid_participant"),
            (RemoveParticipant(call_id=call_id, participant_id="x"), "invalid_participant"),
            (RemoveParticipant(call_id="x", participant_id=theo), "call_not_found"),
            (swap(own, theo), "invalid_participant"),
            (swap(theo, "x"), "invalid_participant"),
            (swap(theo, theo), "invalid_participant"),
            (swap(theo, ringing), "invalid_state"),
            (Hold(call_id=call_id, participant_id=ringing), "invalid_state"),
            (Conference(call_id="x"), "call_not_found"),
        ):
            assert refused(await ada.asks(command)).code == code, command
        assert party(await house.record(call_id), customer).is_on_hold


# ---- consult -----------------------------------------------------------------------------------


async def test_a_consult_is_private_until_a_conference(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        record = await talking(house, ada)
        call_id = record.call_id
        await ben.goes_online()

        reply = await ada.asks(Dial(contact=to_agent(BEN), is_consult_call=True), "consult-1")

        leg_id = participant_id_of(ADA, "consult-1")
        assert done(reply) == {"callId": call_id, "participantId": leg_id}
        added = (await ada.hears(ParticipantAdded)).participant
        assert (added.is_consult, added.added_by) == (
            True,
            part_of(record, ADA).participant_id,
        )
        assert party(await house.record(call_id), customer_id(record)).is_on_hold
        await ben.rings()
        # Salesforce makes the VoiceCall of a consult itself.
        assert await told_salesforce(house, leg_id) == []
        done(await ben.asks(AnswerCall(call_id=call_id)))
        main, consult = await view(ada, call_id)
        assert (consult.call_id, consult.call_type) == (leg_id, CallType.CONSULT)
        assert (await view(ben, call_id))[0].call_type is CallType.CONSULT
        assert main.call_id == call_id

        done(await ada.asks(Conference(call_id=call_id)))
        await ben.hears(ParticipantsConferenced)
        assert not any(one.is_consult for one in (await house.record(call_id)).parties)
        assert (await view(ada, call_id))[1].call_type is CallType.ADD_PARTICIPANT
        for seat in (ada, ben):
            await seat.mirrors_the_server()
        again = await ada.asks(Dial(contact=to_agent(BEN), is_consult_call=True), "consult-1")
        assert done(again) == done(reply)


async def test_a_consulted_number_is_called_once(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        record = await talking(house, ada)
        consult = Dial(contact=THEO, is_consult_call=True)
        result = done(await ada.asks(consult, "consult-1"))
        who = result["participantId"]
        await house.pbx.party_answers(record.call_id, who)
        await ada.hears(ParticipantConnected, 2)
        done(await ada.asks(RemoveParticipant(call_id=record.call_id, participant_id=who)))
        left = await ada.hears(ParticipantLeft)
        assert left.participant_id == who
        assert (await ada.agent()).state is AgentState.ON_CALL


async def test_a_consulted_agent_who_declines_leaves_the_call_as_it_was(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        record = await talking(house, ada)
        await ben.goes_online()
        done(await ada.asks(Dial(contact=to_agent(BEN), is_consult_call=True)))
        await ben.rings()
        done(await ben.asks(DeclineCall(call_id=record.call_id)))
        assert (await ada.hears(ParticipantLeft)).reason is HangupReason.PHONE_CALL_ERROR
        assert await how_it_ended(ben) == failed(HangupStatus.DECLINED)
        # Nobody but the customer, who is on hold, is left to talk to.
        done(await ada.asks(Resume(call_id=record.call_id, participant_id=customer_id(record))))


# ---- who leaves --------------------------------------------------------------------------------


@pytest.mark.parametrize("is_answered", [True, False])
async def test_the_customer_leaves_while_a_transfer_goes_on(
    tmp_path: Path, is_answered: bool
) -> None:
    async with build_center(tmp_path) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        record = await talking(house, ada)
        call_id = record.call_id
        await ben.goes_online()
        await adds(ada, call_id, to_agent(BEN))
        await ben.rings()
        if is_answered:
            done(await ben.asks(AnswerCall(call_id=call_id)))

        await house.pbx.customer_hangs_up(call_id)

        for seat in (ada, ben):
            left = await seat.hears(ParticipantLeft)
            assert left.participant_id == customer_id(record)
        assert not (await house.record(call_id)).is_over
        if not is_answered:
            done(await ben.asks(AnswerCall(call_id=call_id)))
        done(await ada.asks(EndCall(call_id=call_id)))
        for seat in (ada, ben):
            assert await how_it_ended(seat) == ENDED
            assert (await seat.agent()).state is AgentState.AFTER_CALL_WORK
            await seat.mirrors_the_server()


async def test_the_customer_leaves_while_the_call_waits_in_a_queue(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        await open_queue(house)
        ada = house.seat(ADA)
        record = await talking(house, ada)
        leg_id = await adds(ada, record.call_id, SUPPORT, is_blind=True)
        await house.record_when(record.call_id, lambda one: one.is_waiting)

        await house.pbx.customer_hangs_up(record.call_id)

        over = await house.record_when(record.call_id, lambda one: one.is_over)
        assert not over.is_waiting
        create, clear, update = await house.outbox(leg_id)
        assert (create.kind, clear.kind, update.kind) == (
            OutboxKind.CREATE_VOICE_CALL,
            OutboxKind.CLEAR_ROUTING,
            OutboxKind.UPDATE_VOICE_CALL,
        )
        assert update.payload["disconnectReason"]["value"] == "Abandoned in queue"
        ben = house.seat(BEN)
        await ben.goes_online()
        await house.clock.advance(1)
        assert "call_started" not in [one.name for one in await ben.listens()]


async def test_the_customer_leaves_while_a_blind_transfer_rings(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        record = await talking(house, ada)
        await ben.goes_online()
        await adds(ada, record.call_id, to_agent(BEN), is_blind=True)
        await ben.rings()
        await house.pbx.customer_hangs_up(record.call_id)
        assert await how_it_ended(ben) == failed(HangupStatus.FAILED_CONNECT_CUSTOMER)
        assert (await ben.agent()).state is AgentState.AVAILABLE
        assert await how_it_ended(ada) == ENDED


async def test_the_agent_leaves_while_the_transfer_still_rings(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        cat = await hire(house)
        ada, ben = house.seat(ADA), house.seat(BEN)
        record = await talking(house, ada)
        await ben.goes_online()
        await adds(ada, record.call_id, to_agent(BEN))
        await ben.rings()
        done(await ada.asks(EndCall(call_id=record.call_id)))
        assert await how_it_ended(ada) == ENDED
        # Nobody could take the customer off hold any more.
        after = await house.record(record.call_id)
        assert not any(one.is_on_hold for one in after.parties)
        # Ben was asked by name, but the customer is not left alone.
        await cat.goes_online()
        done(await ben.asks(DeclineCall(call_id=record.call_id)))
        await cat.rings()
        done(await cat.asks(AnswerCall(call_id=record.call_id)))
        assert part_of(await house.record(record.call_id), CAT)


async def test_an_agent_who_was_added_leaves_and_the_first_goes_on(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben, call_id, leg_id = await with_ben(house)
        done(await ben.asks(EndCall(call_id=call_id)))
        assert await how_it_ended(ben) == ENDED
        assert (await ben.agent()).wrap_up_call_id == call_id
        left = await ada.hears(ParticipantLeft)
        assert (left.participant_id, left.reason) == (leg_id, HangupReason.PHONE_CALL_ENDED)
        assert (await told_salesforce(house, leg_id))[-1] is OutboxKind.UPDATE_VOICE_CALL
        done(await ada.asks(EndCall(call_id=call_id)))
        assert await how_it_ended(ada) == ENDED


async def test_the_last_agent_leaves_two_outside_to_each_other(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, call_id, _, theo = await three_talk(house)
        done(await ada.asks(EndCall(call_id=call_id)))
        assert await how_it_ended(ada) == ENDED
        record = await house.record(call_id)
        assert (record.is_over, record.agents) == (False, ())
        assert not any(one.is_on_hold for one in record.parties)
        assert await house.store.run(lambda tx: tx.agent_calls(ADA)) == []
        await house.pbx.party_hangs_up(call_id, theo)
        await house.record_when(call_id, lambda one: one.is_over)
        kinds = await told_salesforce(house, call_id)
        assert kinds == [OutboxKind.CREATE_VOICE_CALL, OutboxKind.UPDATE_VOICE_CALL]
        await ada.mirrors_the_server()


async def test_nobody_hears_of_a_call_that_is_not_theirs(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        cat = await hire(house)
        await cat.goes_online()
        before = list(await cat.listens())
        ada, ben, call_id, leg_id = await with_ben(house)
        commands: list[Command] = [
            Hold(call_id=call_id, participant_id=leg_id),
            Conference(call_id=call_id),
            SendDigits(call_id=call_id, digits="1"),
            AddParticipant(contact=THEO, call_id=call_id),
        ]
        for command in commands:
            done(await ada.asks(command))
        assert await cat.listens() == before
        for command in commands:
            assert refused(await cat.asks(command)).code == RefusalCode.CALL_NOT_FOUND
        done(await ben.asks(EndCall(call_id=call_id)))
        length = len(await ben.listens())
        done(await ada.asks(Mute(call_id=call_id)))
        assert len(await ben.listens()) == length
        # Who has left has no say in it any more.
        assert refused(await ben.asks(Mute(call_id=call_id))).code == RefusalCode.CALL_NOT_FOUND


async def test_the_types_of_parties(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        _, _, call_id, leg_id = await with_ben(house)
        record = await house.record(call_id)
        kinds = {one.participant_id: one.participant_type for one in record.parties}
        assert kinds[leg_id] is ParticipantType.THIRD_PARTY
        assert kinds[customer_id(record)] is ParticipantType.INITIAL_CALLER
        assert kinds[part_of(record, ADA).participant_id] is ParticipantType.AGENT
