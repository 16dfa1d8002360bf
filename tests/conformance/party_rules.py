"""Rules of every adapter for calls of more than two parties."""

import pytest

from connector_py.entities import (
    ParticipantHeld,
    ParticipantResumed,
    ParticipantsConferenced,
    ParticipantsSwapped,
    ParticipantState,
    ParticipantType,
)
from server.pbx import (
    AgentAnswered,
    AgentRinging,
    AgentWithdrawn,
    CallArrived,
    CallOver,
    ControlChanged,
    CustomerAnswered,
    EndedBy,
    PartyAdded,
    PartyAnswered,
    PartyLeft,
    SwitchError,
    UnknownDestinationError,
    UnknownParticipantError,
)
from tests.conformance.bench import (
    AGENT,
    COLLEAGUE,
    NOWHERE,
    NUMBER,
    QUEUE,
    SUPERVISOR,
    Bench,
    customer_part,
)


class PartyRules:
    """Part of `PbxConformance`."""

    # ---- who is brought in -------------------------------------------------------------------

    async def test_the_customer_is_held_before_somebody_is_added(self, bench: Bench) -> None:
        call_id, agent_part, customer = await bench.talks()
        before = len(bench.heard)
        party = await bench.adds(call_id, agent_part)
        held, added = bench.heard[before:]
        assert isinstance(held, ControlChanged)
        assert isinstance(held.notification, ParticipantHeld)
        assert held.notification.participant_id == customer
        assert isinstance(added, PartyAdded)
        assert party.participant_id == "leg-1"
        assert party.participant_type is ParticipantType.THIRD_PARTY
        assert (party.state, party.added_by) == (ParticipantState.RINGING, agent_part)
        assert party.phone_number
        assert party in bench.call(call_id).call.participants

    async def test_an_added_party_answers(self, bench: Bench) -> None:
        call_id, _, customer, party = await bench.talks_with_two()
        assert (await bench.hears(PartyAnswered)).participant_id == party
        assert bench.part(call_id, party).state is ParticipantState.CONNECTED
        assert bench.part(call_id, customer).is_on_hold

    async def test_the_same_party_is_added_once(self, bench: Bench) -> None:
        call_id, agent_part, _ = await bench.talks()
        await bench.adds(call_id, agent_part)
        again = {"participant_id": "leg-1", "added_by": agent_part, "destination": NUMBER}
        await bench.pbx.add_party(call_id, **again)
        assert await bench.is_quiet()
        await bench.pbx.hang_up(call_id, "leg-1")
        await bench.hears(PartyLeft)
        await bench.pbx.add_party(call_id, **again)
        assert await bench.is_quiet()

    async def test_more_than_one_is_added(self, bench: Bench) -> None:
        call_id, agent_part, _, _ = await bench.talks_with_two()
        before = len(bench.heard)
        await bench.adds(call_id, agent_part, "leg-2")
        assert [type(event) for event in bench.heard[before:]] == [PartyAdded]
        assert len(bench.call(call_id).call.participants) == 4

    async def test_a_party_who_is_not_reached_leaves(self, bench: Bench) -> None:
        call_id, agent_part, _ = await bench.talks()
        party = (await bench.adds(call_id, agent_part)).participant_id
        await bench.world.is_not_reached(call_id, party)
        left = await bench.hears(PartyLeft)
        assert left.participant_id == party
        assert left.failure is not None
        assert bench.part(call_id, party).state is ParticipantState.ENDED

    async def test_a_routed_party_waits_until_it_is_offered(self, bench: Bench) -> None:
        call_id, agent_part, _ = await bench.talks()
        party = await bench.adds(call_id, agent_part, destination=QUEUE)
        assert (party.state, party.agent_id) == (ParticipantState.RINGING, None)
        assert (party.contact_id, party.contact_type) == (QUEUE.contact_id, QUEUE.contact_type)
        for _ in range(2):
            await bench.pbx.offer(call_id, COLLEAGUE, participant_id="leg-1")
            rings = (await bench.hears(AgentRinging, 2)).participant
            assert (rings.participant_id, rings.agent_id) == ("leg-1", COLLEAGUE.agent_id)
            assert rings.participant_type is ParticipantType.THIRD_PARTY
            assert rings in bench.call(call_id).call.participants
        assert await bench.is_quiet()
        with pytest.raises(SwitchError):
            await bench.pbx.offer(call_id, SUPERVISOR, participant_id="leg-1")
        await bench.pbx.answer(call_id, "leg-1")
        assert (await bench.hears(AgentAnswered, 2)).participant_id == "leg-1"
        assert bench.part(call_id, "leg-1").state is ParticipantState.CONNECTED

    async def test_a_routed_party_whose_offer_is_withdrawn_waits_again(self, bench: Bench) -> None:
        call_id, agent_part, _ = await bench.talks()
        await bench.adds(call_id, agent_part, destination=QUEUE)
        await bench.pbx.offer(call_id, COLLEAGUE, participant_id="leg-1")
        await bench.hears(AgentRinging, 2)
        await bench.pbx.withdraw_offer(call_id, COLLEAGUE)
        withdrawn = await bench.hears(AgentWithdrawn)
        assert (withdrawn.participant_id, withdrawn.agent_id) == ("leg-1", COLLEAGUE.agent_id)
        waits = bench.part(call_id, "leg-1")
        assert (waits.state, waits.agent_id) == (ParticipantState.RINGING, None)
        await bench.pbx.offer(call_id, SUPERVISOR, participant_id="leg-1")
        await bench.hears(AgentRinging, 3)

    async def test_who_was_added_to_a_callback_answers_when_the_customer_has_left(
        self, bench: Bench
    ) -> None:
        await bench.world.customer_wants_callback()
        call_id = (await bench.hears(CallArrived)).call_id
        customer = customer_part(bench.call(call_id))
        await bench.pbx.offer(call_id, AGENT, participant_id="part-1")
        await bench.hears(AgentRinging)
        await bench.pbx.answer(call_id, "part-1")
        await bench.hears(AgentAnswered)
        await bench.world.answers(call_id, customer)
        await bench.hears(CustomerAnswered)
        await bench.adds(call_id, "part-1", destination=QUEUE)
        await bench.pbx.offer(call_id, COLLEAGUE, participant_id="leg-1")
        await bench.hears(AgentRinging, 2)
        await bench.world.hangs_up(call_id, customer)
        assert (await bench.hears(PartyLeft)).participant_id == customer
        await bench.pbx.answer(call_id, "leg-1")
        assert (await bench.hears(AgentAnswered, 2)).participant_id == "leg-1"
        assert bench.part(call_id, "leg-1").state is ParticipantState.CONNECTED

    async def test_nobody_is_an_agents_colleague_twice(self, bench: Bench) -> None:
        call_id, agent_part, _ = await bench.talks()
        for leg in ("leg-1", "leg-2"):
            await bench.adds(call_id, agent_part, leg, destination=QUEUE)
        await bench.pbx.offer(call_id, COLLEAGUE, participant_id="leg-1")
        await bench.hears(AgentRinging, 2)
        with pytest.raises(SwitchError):
            await bench.pbx.offer(call_id, COLLEAGUE, participant_id="leg-2")
        assert await bench.is_quiet()

    async def test_who_cannot_be_added_changes_nothing(self, bench: Bench) -> None:
        call_id, agent_part, customer = await bench.talks()
        heard = len(bench.heard)
        for added_by, destination, error in (
            ("nobody", NUMBER, UnknownParticipantError),
            (customer, NUMBER, SwitchError),
            (agent_part, NOWHERE, UnknownDestinationError),
        ):
            with pytest.raises(error):
                await bench.pbx.add_party(
                    call_id, participant_id="leg-1", added_by=added_by, destination=destination
                )
        with pytest.raises(SwitchError):
            await bench.pbx.add_party(
                call_id,
                participant_id="leg-1",
                added_by=agent_part,
                destination=NUMBER,
                is_consult=True,
                is_blind=True,
            )
        assert len(bench.heard) == heard
        assert not bench.part(call_id, customer).is_on_hold

    # ---- swap, conference --------------------------------------------------------------------

    async def test_swap(self, bench: Bench) -> None:
        call_id, _, customer, party = await bench.talks_with_two()
        for count, hold, resume in ((1, party, customer), (2, customer, party)):
            for _ in range(2):
                await bench.pbx.swap(call_id, hold_id=hold, resume_id=resume)
                told = await bench.hears_control(ParticipantsSwapped, count)
                assert (told.held_id, told.resumed_id) == (hold, resume)
                assert bench.part(call_id, hold).is_on_hold
                assert not bench.part(call_id, resume).is_on_hold
                assert await bench.is_quiet()

    async def test_a_swap_needs_one_on_hold_and_one_who_talks(self, bench: Bench) -> None:
        call_id, _, customer, party = await bench.talks_with_two()
        await bench.pbx.hold(call_id, party)
        await bench.hears_control(ParticipantHeld, 2)
        heard = len(bench.heard)
        for hold, resume, error in (
            (customer, party, SwitchError),
            (customer, customer, SwitchError),
            ("nobody", party, UnknownParticipantError),
        ):
            with pytest.raises(error):
                await bench.pbx.swap(call_id, hold_id=hold, resume_id=resume)
        assert len(bench.heard) == heard

    async def test_in_a_conference_nobody_is_on_hold(self, bench: Bench) -> None:
        call_id, _, _, party = await bench.talks_with_two()
        await bench.pbx.hold(call_id, party)
        await bench.hears_control(ParticipantHeld, 2)
        await bench.pbx.conference(call_id)
        await bench.hears_control(ParticipantsConferenced)
        assert not any(one.is_on_hold for one in bench.call(call_id).call.participants)
        await bench.pbx.conference(call_id)
        assert await bench.is_quiet()

    async def test_a_consult_is_private_until_a_conference(self, bench: Bench) -> None:
        call_id, agent_part, customer = await bench.talks()
        party = await bench.adds(call_id, agent_part, is_consult=True)
        assert party.is_consult
        await bench.world.answers(call_id, party.participant_id)
        await bench.hears(PartyAnswered)
        await bench.pbx.retrieve(call_id, customer)
        await bench.hears_control(ParticipantResumed)
        assert bench.part(call_id, party.participant_id).is_consult
        await bench.pbx.conference(call_id)
        await bench.hears_control(ParticipantsConferenced)
        assert not bench.part(call_id, party.participant_id).is_consult

    async def test_a_call_that_merges_by_itself_holds_nobody(self, bench: Bench) -> None:
        call_id, agent_part, customer = await bench.talks(is_auto_merge_on=bench.can_auto_merge)
        assert bench.call(call_id).call.is_auto_merge_on is bench.can_auto_merge
        await bench.adds(call_id, agent_part)
        assert bench.part(call_id, customer).is_on_hold is not bench.can_auto_merge
        if bench.can_auto_merge:
            await bench.world.answers(call_id, "leg-1")
            await bench.hears(PartyAnswered)
            with pytest.raises(SwitchError):
                await bench.pbx.hold(call_id, customer)
            with pytest.raises(SwitchError):
                await bench.pbx.swap(call_id, hold_id=customer, resume_id="leg-1")

    # ---- who leaves --------------------------------------------------------------------------

    async def test_a_party_leaves_and_the_call_goes_on(self, bench: Bench) -> None:
        call_id, agent_part, customer, party = await bench.talks_with_two()
        await bench.world.hangs_up(call_id, party)
        left = await bench.hears(PartyLeft)
        assert (left.participant_id, left.failure) == (party, None)
        assert bench.part(call_id, party).state is ParticipantState.ENDED
        for asking in (
            bench.pbx.hold(call_id, party),
            bench.pbx.answer(call_id, party),
            bench.pbx.send_digits(call_id, party, "1"),
        ):
            with pytest.raises(UnknownParticipantError):
                await asking
        await bench.pbx.retrieve(call_id, customer)
        await bench.pbx.hang_up(call_id, agent_part)
        assert (await bench.hears(CallOver)).ended_by is EndedBy.AGENT

    async def test_an_agent_removes_a_party(self, bench: Bench) -> None:
        call_id, _, _, party = await bench.talks_with_two()
        await bench.pbx.hang_up(call_id, party)
        assert (await bench.hears(PartyLeft)).participant_id == party
        await bench.pbx.hang_up(call_id, party)
        assert await bench.is_quiet()

    async def test_the_customer_leaves_the_others(self, bench: Bench) -> None:
        call_id, _, customer, party = await bench.talks_with_two()
        await bench.world.hangs_up(call_id, customer)
        assert (await bench.hears(PartyLeft)).participant_id == customer
        await bench.world.hangs_up(call_id, party)
        assert (await bench.hears(CallOver)).ended_by is EndedBy.CUSTOMER
        assert not bench.pbx.active_calls()

    async def test_who_is_left_by_the_agent_can_talk(self, bench: Bench) -> None:
        call_id, agent_part, customer, party = await bench.talks_with_two()
        await bench.pbx.hang_up(call_id, agent_part)
        assert (await bench.hears(PartyLeft)).participant_id == agent_part
        await bench.hears_control(ParticipantsConferenced)
        assert not bench.part(call_id, customer).is_on_hold
        assert bench.part(call_id, party).state is ParticipantState.CONNECTED
        with pytest.raises(SwitchError):
            await bench.pbx.offer(call_id, COLLEAGUE, participant_id="part-2")

    async def test_who_is_left_by_another_party_stays_on_hold(self, bench: Bench) -> None:
        call_id, _, customer, party = await bench.talks_with_two()
        await bench.world.hangs_up(call_id, party)
        await bench.hears(PartyLeft)
        assert await bench.is_quiet()
        assert bench.part(call_id, customer).is_on_hold

    # ---- blind transfer ----------------------------------------------------------------------

    async def test_a_blind_transfer_is_one_step(self, bench: Bench) -> None:
        call_id, agent_part, customer = await bench.talks()
        before = len(bench.heard)
        party = await bench.adds(call_id, agent_part, is_blind=True)
        await bench.hears(PartyLeft)
        added, left = bench.heard[before:]
        assert isinstance(added, PartyAdded)
        assert isinstance(left, PartyLeft)
        assert left.participant_id == agent_part
        assert not bench.part(call_id, customer).is_on_hold
        await bench.world.answers(call_id, party.participant_id)
        await bench.hears(PartyAnswered)
        await bench.world.hangs_up(call_id, customer)
        await bench.hears(CallOver)

    async def test_nobody_stays_on_hold_in_a_blind_transfer(self, bench: Bench) -> None:
        call_id, agent_part, customer = await bench.talks()
        await bench.pbx.hold(call_id, customer)
        await bench.hears_control(ParticipantHeld)
        await bench.adds(call_id, agent_part, destination=QUEUE, is_blind=True)
        await bench.hears_control(ParticipantsConferenced)
        assert not bench.part(call_id, customer).is_on_hold
        await bench.pbx.offer(call_id, COLLEAGUE, participant_id="leg-1")
        await bench.hears(AgentRinging, 2)

    async def test_a_blind_transfer_that_fails_is_the_end(self, bench: Bench) -> None:
        call_id, agent_part, _ = await bench.talks()
        party = await bench.adds(call_id, agent_part, is_blind=True)
        await bench.hears(PartyLeft)
        await bench.world.is_not_reached(call_id, party.participant_id)
        assert (await bench.hears(CallOver)).ended_by is EndedBy.SWITCH
        assert not bench.pbx.active_calls()

    # ---- a restart of ours -------------------------------------------------------------------

    async def test_parties_are_there_after_a_restart(self, bench: Bench) -> None:
        call_id, agent_part, _, party = await bench.talks_with_two()
        await bench.adds(call_id, agent_part, "leg-2", destination=QUEUE)
        await bench.adds(call_id, agent_part, "leg-3")
        await bench.pbx.hang_up(call_id, party)
        await bench.hears(PartyLeft)
        before = bench.call(call_id)
        await bench.pbx.stop()
        await bench.pbx.start()
        assert bench.call(call_id) == before
        await bench.pbx.offer(call_id, COLLEAGUE, participant_id="leg-2")
        await bench.hears(AgentRinging, 2)
        await bench.world.is_not_reached(call_id, "leg-3")
        assert (await bench.hears(PartyLeft, 2)).participant_id == "leg-3"
