"""The store or the switch fails for a while: nothing is lost, and nothing is tried only once."""

from pathlib import Path

import pytest

from connector_py.entities import (
    AgentState,
    AnswerCall,
    CallEnded,
    Command,
    DeclineCall,
    EndCall,
    HangupStatus,
    LogOut,
    ParticipantHeld,
    ParticipantLeft,
    RecordingState,
    RefusalCode,
    RemoveParticipant,
)
from server.entities import FlowOrder, FlowTarget, Routing
from server.pbx import CallTemplate, Destination
from server.store import StoreRuleError
from tests.support.center_verbs import customer_id, done, refused, talking
from tests.support.outages import BrokenStore, ShakyPbx, in_time, shaky
from tests.support.party_verbs import (
    SUPPORT,
    adds,
    falls_silent,
    how_it_ended,
    open_queue,
    to_agent,
)
from tests.support.server_fakes import (
    ADA,
    BEN,
    CENTER,
    CUSTOMER,
    TENANT_ID,
    CenterHouse,
    FakeClock,
    FakeSalesforce,
    Seat,
    build_center,
)

LONG = 40


async def is_free(seat: Seat) -> bool:
    return (await seat.agent()).state is not AgentState.ON_CALL


async def rings(seat: Seat) -> bool:
    await seat.listens()
    return "call_started" in seat.names()


async def ringing(house: CenterHouse, seat: Seat) -> str:
    await seat.goes_online()
    call_id = await house.customer_calls()
    await seat.rings()
    return call_id


# ---- events of the switch while the store fails --------------------------------------------------


async def test_what_happens_in_an_outage_is_told_after_it(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        record = await talking(house, ada)
        store = BrokenStore(house.store)
        store.is_down = True
        await house.pbx.hold(record.call_id, customer_id(record))
        await house.pbx.customer_hangs_up(record.call_id)
        for _ in range(LONG):
            await house.clock.advance(1)
        assert store.failed < LONG
        store.is_down = False
        await in_time(house, lambda: is_free(ada))
        await ada.hears(CallEnded)
        names = ada.names()
        assert names.index("participant_held") < names.index("call_ended")
        assert (await house.record(record.call_id)).is_over
        done(await ada.asks(LogOut()))
        await ada.mirrors_the_server()


async def test_a_command_in_an_outage_fails_and_works_right_after_it(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        record = await talking(house, ada)
        store = BrokenStore(house.store)
        store.is_down = True
        await house.pbx.customer_hangs_up(record.call_id)
        for _ in range(LONG):
            await house.clock.advance(1)
        end = EndCall(call_id=record.call_id)
        assert refused(await ada.asks(end, "end")).code == RefusalCode.INTERNAL
        store.is_down = False
        # Nobody has to wait for the next try: whoever comes sees to what is left to do.
        done(await ada.asks(end, "end"))
        assert (await ada.agent()).state is AgentState.AFTER_CALL_WORK
        assert (await house.record(record.call_id)).is_over


@pytest.mark.parametrize("after", range(7))
async def test_a_call_rings_whenever_the_store_failed(tmp_path: Path, after: int) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        store = BrokenStore(house.store)
        store.fails(6, after=after)
        await house.customer_calls()
        await in_time(house, lambda: rings(ada))


# ---- events that were missed ---------------------------------------------------------------------


@pytest.mark.parametrize("kind", [EndCall, DeclineCall, RemoveParticipant])
async def test_a_call_that_the_switch_does_not_know_is_over(
    tmp_path: Path, kind: type[Command]
) -> None:
    async with build_center(tmp_path, pbx_type=ShakyPbx) as house:
        ada = house.seat(ADA)
        if kind is DeclineCall:
            call_id = await ringing(house, ada)
        else:
            call_id = (await talking(house, ada)).call_id
        command: Command = DeclineCall(call_id=call_id)
        if kind is EndCall:
            command = EndCall(call_id=call_id)
        elif kind is RemoveParticipant:
            customer = customer_id(await house.record(call_id))
            command = RemoveParticipant(call_id=call_id, participant_id=customer)
        shaky(house).is_unheard = True
        await house.pbx.customer_hangs_up(call_id)
        done(await ada.asks(command))
        assert (await house.record(call_id)).is_over
        assert await is_free(ada)
        await ada.hears(CallEnded)
        assert ada.names().count("call_ended") == 1
        done(await ada.asks(LogOut()))
        await ada.mirrors_the_server()


async def test_an_event_that_does_not_fit_brings_what_was_missed(tmp_path: Path) -> None:
    async with build_center(tmp_path, pbx_type=ShakyPbx) as house:
        ada = house.seat(ADA)
        record = await talking(house, ada)
        call_id, customer = record.call_id, customer_id(record)
        shaky(house).is_unheard = True
        await house.pbx.hold(call_id, customer)
        await house.pbx.pause_recording(call_id)
        shaky(house).is_unheard = False
        await house.pbx.retrieve(call_id, customer)
        await house.record_when(call_id, lambda one: one.call.recording is RecordingState.PAUSED)
        # What comes after it is written down as ever.
        await house.pbx.hold(call_id, customer)
        await ada.hears(ParticipantHeld)
        await ada.mirrors_the_server()


async def test_an_event_that_the_store_never_takes_holds_up_no_other(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        record = await talking(house, ada)
        store = BrokenStore(house.store)
        store.error = StoreRuleError("The database refused")
        store.fails(1)
        await house.pbx.hold(record.call_id, customer_id(record))
        await house.pbx.pause_recording(record.call_id)
        await house.record_when(
            record.call_id, lambda one: one.call.recording is RecordingState.PAUSED
        )
        await ada.hears(ParticipantHeld)
        await ada.mirrors_the_server()


async def test_a_waiting_call_that_the_switch_does_not_know_is_over(tmp_path: Path) -> None:
    async with build_center(tmp_path, pbx_type=ShakyPbx) as house:
        call_id = await house.customer_calls()
        await house.record_when(call_id, lambda one: one.is_waiting)
        shaky(house).is_unheard = True
        await house.pbx.customer_hangs_up(call_id)
        await house.seat(ADA).goes_online()
        await house.record_when(call_id, lambda one: one.is_over)


# ---- ringing -------------------------------------------------------------------------------------


@pytest.mark.parametrize("fails", ["switch", "store"])
async def test_a_missed_call_is_taken_back_although_that_fails_at_first(
    tmp_path: Path, fails: str
) -> None:
    async with build_center(tmp_path, pbx_type=ShakyPbx) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        await ringing(house, ada)
        await ben.goes_online()
        store = BrokenStore(house.store)
        if fails == "store":
            store.fails(3)
        else:
            shaky(house).refuses["withdraw_offer"] = 3
        await in_time(house, lambda: rings(ben))
        assert (await how_it_ended(ada))[1] is HangupStatus.MISSED_AGENT
        assert store.failed == (3 if fails == "store" else 0)


@pytest.mark.parametrize("missed", ["answer", "decline", "end"])
async def test_who_rings_only_in_the_record_does_so_until_the_deadline(
    tmp_path: Path, missed: str
) -> None:
    async with build_center(tmp_path, pbx_type=ShakyPbx) as house:
        ada = house.seat(ADA)
        call_id = await ringing(house, ada)
        [part] = (await house.record(call_id)).agents
        shaky(house).is_unheard = True
        match missed:
            case "answer":
                await house.pbx.answer(call_id, part.participant_id)
            case "decline":
                await house.pbx.withdraw_offer(call_id, ADA)
            case _:
                await house.pbx.customer_hangs_up(call_id)
        shaky(house).is_unheard = False

        async def is_known() -> bool:
            return (await house.record(call_id)).routing is not Routing.OFFERED or (
                await house.record(call_id)
            ).is_over

        await in_time(house, is_known)
        assert await is_free(ada) is (missed != "answer")
        await ada.mirrors_the_server()


async def test_the_only_agent_is_asked_again_after_the_switch_failed(tmp_path: Path) -> None:
    async with build_center(tmp_path, pbx_type=ShakyPbx) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        shaky(house).refuses["offer"] = 2
        call_id = await house.customer_calls()
        await in_time(house, lambda: rings(ada))
        done(await ada.asks(AnswerCall(call_id=call_id)))


async def test_a_switch_that_always_refuses_is_asked_less_and_less(tmp_path: Path) -> None:
    async with build_center(tmp_path, pbx_type=ShakyPbx) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        shaky(house).refuses["offer"] = 1000
        await house.customer_calls()
        for _ in range(60):
            await falls_silent(house)
            await house.clock.advance(10)
        assert 4 <= shaky(house).asked["offer"] <= 7


@pytest.mark.parametrize("is_known", [True, False])
async def test_a_call_that_was_answered_and_passed_on_unheard_rings_nowhere(
    tmp_path: Path, is_known: bool
) -> None:
    async with build_center(tmp_path, pbx_type=ShakyPbx) as house:
        ada, ben, pbx = house.seat(ADA), house.seat(BEN), shaky(house)
        if is_known:
            call_id = await ringing(house, ada)
            part = (await house.record(call_id)).agent(ADA.agent_id)
            own_id = "" if part is None else part.participant_id
            pbx.is_unheard = True
        else:
            call_id, own_id = await house.customer_calls(), "part-1"
            pbx.is_unheard = True
            await pbx.offer(call_id, ADA, participant_id=own_id)
        await pbx.answer(call_id, own_id)
        theo = Destination(number="+12025550188")
        await pbx.add_party(
            call_id, participant_id="theo", added_by=own_id, destination=theo, is_blind=True
        )
        await pbx.party_answers(call_id, "theo")
        pbx.is_unheard = False
        await ben.goes_online()
        for _ in range(60):
            await falls_silent(house)
            await house.clock.advance(2)
        record = await house.record(call_id)
        assert not record.is_waiting
        assert record.party("theo") is not None
        assert not await rings(ben)
        await ada.listens()
        assert ada.names().count("call_started") <= 1
        await ada.mirrors_the_server()


async def test_others_get_a_call_before_an_agent_is_asked_again(tmp_path: Path) -> None:
    async with build_center(tmp_path, pbx_type=ShakyPbx) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        await ada.goes_online()
        await house.clock.advance(1)
        await ben.goes_online()
        shaky(house).refuses["offer"] = 1
        call_id = await house.customer_calls()
        await ben.rings()
        done(await ben.asks(AnswerCall(call_id=call_id)))
        await house.clock.advance(LONG)
        assert not await rings(ada)


async def test_a_transfer_without_its_agent_is_offered_again(tmp_path: Path) -> None:
    async with build_center(tmp_path, pbx_type=ShakyPbx) as house:
        await open_queue(house)
        ada, ben = house.seat(ADA), house.seat(BEN)
        record = await talking(house, ada)
        await ben.goes_online()
        shaky(house).refuses["offer"] = 1
        await adds(ada, record.call_id, SUPPORT, is_blind=True)
        await in_time(house, lambda: rings(ben))


@pytest.mark.parametrize("fails", ["switch", "store"])
async def test_who_is_not_reached_is_let_go_although_that_fails_at_first(
    tmp_path: Path, fails: str
) -> None:
    async with build_center(tmp_path, pbx_type=ShakyPbx) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        record = await talking(house, ada)
        await ben.goes_online()
        leg_id = await adds(ada, record.call_id, to_agent(BEN))
        await ben.rings()
        if fails == "switch":
            shaky(house).refuses["hang_up"] = 2
            done(await ben.asks(DeclineCall(call_id=record.call_id)))
        else:
            store = BrokenStore(house.store)
            done(await ben.asks(DeclineCall(call_id=record.call_id)))
            store.fails(3)

        async def has_left() -> bool:
            await ada.listens()
            return "participant_left" in ada.names()

        await in_time(house, has_left)
        left: ParticipantLeft = await ada.hears(ParticipantLeft)
        assert left.participant_id == leg_id


# ---- a restart -----------------------------------------------------------------------------------


@pytest.mark.parametrize("is_told", [False, True])
async def test_the_flow_of_a_call_is_asked_again_after_a_restart(
    tmp_path: Path, is_told: bool
) -> None:
    clock, salesforce = FakeClock(), SilentFlow() if is_told else FakeSalesforce()
    if not is_told:
        salesforce.is_silent()
    async with build_center(tmp_path, clock=clock, salesforce=salesforce) as house:
        await house.seat(ADA).goes_online()
        call_id = await house.pbx.customer_calls(
            TENANT_ID,
            from_number=CUSTOMER,
            to_number=CENTER,
            template=CallTemplate(flow=FlowOrder(flow_dev_name="F", is_binding=True)),
        )
        await house.record_when(
            call_id, lambda one: (one.call.voice_call_id is not None) is is_told
        )
    again = FakeSalesforce()
    again.flow_goes_to("F", agent_id=BEN.agent_id)
    async with build_center(tmp_path, clock=clock, salesforce=again, prefix="b") as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        await ada.connects()
        await house.record_when(call_id, lambda one: one.is_waiting)
        assert again.flows_asked == [(call_id, "F")]
        await ben.goes_online()
        assert (await ben.rings()).call_id == call_id
        assert not await rings(ada)
        assert len(await house.outbox(call_id)) == 1


class SilentFlow(FakeSalesforce):
    """Creates VoiceCalls; its flows are asked and never answer."""

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
        self.is_silent()
        return await super().execute_flow(
            tenant_id,
            vendor_call_key,
            flow_dev_name=flow_dev_name,
            dialed_number=dialed_number,
            fallback_queue=fallback_queue,
            deadline=deadline,
        )
