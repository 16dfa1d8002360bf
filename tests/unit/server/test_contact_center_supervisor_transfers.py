"""Bringing in by name who listens as a supervisor: the ordinary way to hand a call up."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from connector_py.entities import (
    AgentState,
    AnswerCall,
    CallEnded,
    CallStarted,
    Conference,
    Contact,
    DeclineCall,
    Dial,
    HangupReason,
    ParticipantConnected,
    ParticipantLeft,
    ParticipantOffered,
    ParticipantState,
    ParticipantType,
    SuperviseCall,
)
from server.entities import AgentKey, CallRecord
from server.pbx import SimulatedPbx
from tests.support.center_verbs import CAT, customer_id, done, hire, part_of, talking
from tests.support.outages import ShakyPbx, in_time, shaky
from tests.support.party_verbs import (
    SUPPORT,
    adds,
    back,
    falls_silent,
    heard,
    how_it_ended,
    open_queue,
    party,
    to_agent,
)
from tests.support.server_fakes import ADA, BEN, CenterHouse, FakeClock, Seat, build_center

BringIn = Callable[[Seat, str, Contact], Awaitable[str]]


async def warm(seat: Seat, call_id: str, contact: Contact) -> str:
    return await adds(seat, call_id, contact)


async def blind(seat: Seat, call_id: str, contact: Contact) -> str:
    return await adds(seat, call_id, contact, is_blind=True)


async def consult(seat: Seat, call_id: str, contact: Contact) -> str:
    result = done(await seat.asks(Dial(contact=contact, is_consult_call=True)))
    assert result["callId"] == call_id
    return result["participantId"]


WAYS = pytest.mark.parametrize("bring_in", [warm, blind, consult])


async def listening(house: CenterHouse, *, to: AgentKey = ADA) -> tuple[Seat, Seat, CallRecord]:
    """Ben listens to a call of another agent."""
    talker, ben = house.seat(to), house.seat(BEN)
    record = await talking(house, talker)
    await ben.goes_online()
    done(await ben.asks(SuperviseCall(call_id=record.call_id)))
    await ben.rings()
    return talker, ben, await house.record(record.call_id)


@WAYS
async def test_who_listens_to_a_call_gets_it_when_asked_for_by_name(
    tmp_path: Path, bring_in: BringIn
) -> None:
    async with build_center(tmp_path) as house:
        ada, ben, record = await listening(house)
        call_id, listener = record.call_id, part_of(record, BEN).participant_id

        leg_id = await bring_in(ada, call_id, to_agent(BEN))

        call = await ben.rings(2)
        own = {one.participant_id: one for one in call.participants}[leg_id]
        assert (own.state, own.agent_id) == (ParticipantState.RINGING, BEN.agent_id)
        # The listening ends first, and is no call that Ben has had.
        told = [one.name for one in ben.heard if isinstance(one, CallStarted | CallEnded)]
        assert told == ["call_started", "call_ended", "call_started"]
        assert (await how_it_ended(ben))[0] is HangupReason.PHONE_CALL_ENDED
        assert "wrap_up_started" not in ben.names()
        if bring_in is not blind:
            left = await ada.hears(ParticipantLeft)
            assert left.participant_id == listener
            assert (await ada.hears(ParticipantOffered)).agent_id == BEN.agent_id

        done(await ben.asks(AnswerCall(call_id=call_id)))

        now = await house.record(call_id)
        assert part_of(now, BEN).participant_id == leg_id
        assert part_of(now, BEN).state is ParticipantState.CONNECTED
        assert (await ben.agent()).state is AgentState.ON_CALL
        if bring_in is not blind:
            done(await ada.asks(Conference(call_id=call_id)))
            now = await house.record(call_id)
        assert not party(now, customer_id(now)).is_on_hold
        for seat in (ada, ben):
            await seat.mirrors_the_server()


@WAYS
async def test_who_listens_to_another_call_listens_until_they_answer(
    tmp_path: Path, bring_in: BringIn
) -> None:
    async with build_center(tmp_path) as house:
        cat = await hire(house)
        _, ben, supervised = await listening(house, to=CAT)
        ada = house.seat(ADA)
        record = await talking(house, ada)

        await bring_in(ada, record.call_id, to_agent(BEN))

        assert (await ben.rings(2)).call_id == record.call_id
        assert part_of(await house.record(supervised.call_id), BEN) == part_of(supervised, BEN)
        done(await ben.asks(AnswerCall(call_id=record.call_id)))
        assert (await ben.hears(CallEnded)).call_id == supervised.call_id
        assert part_of(await house.record(record.call_id), BEN).state is ParticipantState.CONNECTED
        assert (await house.record(supervised.call_id)).agent(BEN.agent_id) is None
        for seat in (ada, ben, cat):
            await seat.mirrors_the_server()


async def test_a_supervisor_who_declines_leaves_the_customer_to_others(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben, record = await listening(house)
        cat = await hire(house)
        await cat.goes_online()
        leg_id = await blind(ada, record.call_id, to_agent(BEN))
        await ben.rings(2)
        done(await ben.asks(DeclineCall(call_id=record.call_id)))
        assert (await cat.rings()).call_id == record.call_id
        assert part_of(await house.record(record.call_id), CAT).participant_id == leg_id
        await falls_silent(house)
        assert len(await heard(ben, CallStarted)) == 2


async def test_a_supervisor_whose_desk_phone_rings_is_called_as_well(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        record = await talking(house, ada)
        await ben.goes_online()
        done(await house.center.desk_phone(BEN, SuperviseCall(call_id=record.call_id)))
        leg_id = await warm(ada, record.call_id, to_agent(BEN))
        await ben.rings(2)
        own = part_of(await house.record(record.call_id), BEN)
        assert (own.participant_id, own.state) == (leg_id, ParticipantState.RINGING)


async def test_a_switch_that_does_not_end_the_listening_is_asked_again(tmp_path: Path) -> None:
    async with build_center(tmp_path, pbx_type=ShakyPbx) as house:
        ada, ben, record = await listening(house)
        shaky(house).refuses["hang_up"] = 1
        leg_id = await blind(ada, record.call_id, to_agent(BEN))

        async def rings_at_ben() -> bool:
            own = (await house.record(record.call_id)).agent(BEN.agent_id)
            return own is not None and own.participant_id == leg_id

        await in_time(house, rings_at_ben)
        await ben.rings(2)
        done(await ben.asks(AnswerCall(call_id=record.call_id)))


class DeafPbx(SimulatedPbx):
    """Ends a listening, and is never heard of again."""

    async def hang_up(self, call_id: str, participant_id: str | None = None) -> None:
        self.listen(lambda event: None)
        await super().hang_up(call_id, participant_id)


@pytest.mark.parametrize("pbx_type", [SimulatedPbx, DeafPbx])
async def test_a_restart_between_the_listening_and_the_ringing(
    tmp_path: Path, pbx_type: type[SimulatedPbx]
) -> None:
    clock = FakeClock()
    async with build_center(tmp_path, clock=clock, pbx_type=pbx_type) as house:
        ada, ben, record = await listening(house)
        if pbx_type is SimulatedPbx:
            house.salesforce.is_silent()  # the leg has not even begun to look for its agent
        leg_id = await blind(ada, record.call_id, to_agent(BEN))
        if pbx_type is DeafPbx:
            await house.record_when(record.call_id, lambda one: bool(one.waiting_legs))
            await has_hung_up(house, record)
        listens_on = part_of(await house.record(record.call_id), BEN)
        assert listens_on.participant_type is ParticipantType.SUPERVISOR
    async with build_center(tmp_path, clock=clock, prefix="b") as house:
        [again] = await back(house, ben)
        assert (await again.rings(2)).call_id == record.call_id
        done(await again.asks(AnswerCall(call_id=record.call_id)))
        await again.hears(ParticipantConnected)
        assert part_of(await house.record(record.call_id), BEN).participant_id == leg_id
        await again.mirrors_the_server()


async def has_hung_up(house: CenterHouse, record: CallRecord) -> None:
    """Wait until the supervisor has left the call in the switch, unheard."""
    own = part_of(record, BEN).participant_id

    async def is_gone() -> bool:
        [active] = house.pbx.active_calls()
        return all(
            one.state is ParticipantState.ENDED
            for one in active.call.participants
            if one.participant_id == own
        )

    await in_time(house, is_gone)


async def test_a_queue_never_disturbs_who_listens(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben, record = await listening(house)
        await open_queue(house)
        await adds(ada, record.call_id, SUPPORT, is_blind=True)
        await falls_silent(house)
        assert part_of(await house.record(record.call_id), BEN) == part_of(record, BEN)
        assert len(await heard(ben, CallStarted)) == 1
