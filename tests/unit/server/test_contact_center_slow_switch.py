"""What a slow switch does after the contact center has given it up disturbs nobody."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from connector_py.entities import (
    AgentState,
    AnswerCall,
    CallEnded,
    CallStarted,
    Contact,
    Dial,
    EndCall,
    EndWrapUp,
    HangupStatus,
    ParticipantConnected,
    ParticipantSnapshot,
    ParticipantState,
    ParticipantType,
    SuperviseCall,
    WrapUpStarted,
)
from server.contact_center import CenterSettings
from server.entities import AgentKey, OutboxKind, Routing
from server.pbx import (
    AgentRinging,
    AgentWithdrawn,
    Destination,
    PbxEvent,
    PbxListener,
    SimulatedPbx,
    SwitchError,
    WithdrawReason,
)
from tests.support.center_verbs import done, part_of, refused, talking
from tests.support.party_verbs import failed, falls_silent, heard, how_it_ended, told_salesforce
from tests.support.server_fakes import (
    ADA,
    BEN,
    CUSTOMER,
    TENANT_ID,
    CenterHouse,
    Seat,
    build_center,
    eventually,
)

THEO = Contact(phone_number="+12025550188")


class SlowPbx(SimulatedPbx):
    """Takes its time for what it is asked next, and says whatever a test wants it to say."""

    next_takes = 0.0
    asked = 0
    """How often it was asked for what may take its time."""
    cannot_withdraw = False
    hang_ups_fail = 0
    offers_in_vain = 0
    """How many of the next offers it forgets."""
    is_silent = False
    """Whether it keeps what it has to tell, until `speaks`."""

    def listen(self, listener: PbxListener) -> None:
        self.tell = listener
        self.withdrawn: list[tuple[str, AgentKey]] = []
        self._untold: list[PbxEvent] = []
        super().listen(self._hear)

    async def offer(self, *args: Any, **more: Any) -> None:
        await self._takes_its_time()
        if self.offers_in_vain:
            self.offers_in_vain -= 1
            return
        await super().offer(*args, **more)

    async def originate(self, *args: Any, **more: Any) -> None:
        await self._takes_its_time()
        await super().originate(*args, **more)

    async def withdraw_offer(self, call_id: str, agent: AgentKey) -> None:
        await self._takes_its_time()
        self.withdrawn.append((call_id, agent))
        if self.cannot_withdraw:
            raise SwitchError("The agent is on the call already")
        await super().withdraw_offer(call_id, agent)

    async def hang_up(self, call_id: str, participant_id: str | None = None) -> None:
        if self.hang_ups_fail and self.active_calls():
            self.hang_ups_fail -= 1
            raise SwitchError("The line is down")
        await super().hang_up(call_id, participant_id)

    def speaks(self) -> None:
        self.is_silent = False
        for event in self._untold:
            self.tell(event)

    def rings_at(self, call_id: str, agent: AgentKey) -> None:
        """Say that a call rings at an agent, whoever has it."""
        rings = ParticipantSnapshot(
            participant_id=f"late-{agent.agent_id}",
            participant_type=ParticipantType.AGENT,
            state=ParticipantState.RINGING,
            state_since=self._clock.now(),
            agent_id=agent.agent_id,
        )
        self.tell(AgentRinging(tenant_id=TENANT_ID, call_id=call_id, participant=rings))

    def _hear(self, event: PbxEvent) -> None:
        if self.is_silent:
            self._untold.append(event)
        else:
            self.tell(event)

    async def _takes_its_time(self) -> None:
        self.asked += 1
        seconds, self.next_takes = self.next_takes, 0.0
        await self._clock.sleep(seconds)


class OrderlyPbx(SlowPbx):
    """Works off one after the other what it is asked about offers."""

    reason: WithdrawReason | None = None
    """What it says of why something rings no more."""

    def listen(self, listener: PbxListener) -> None:
        self._turn = asyncio.Lock()

        def tell(event: PbxEvent) -> None:
            is_end = isinstance(event, AgentWithdrawn)
            listener(replace(event, reason=self.reason) if is_end else event)

        super().listen(tell)

    async def offer(self, *args: Any, **more: Any) -> None:
        async with self._turn:
            await super().offer(*args, **more)

    async def withdraw_offer(self, *args: Any) -> None:
        async with self._turn:
            await super().withdraw_offer(*args)


def slow(house: CenterHouse) -> SlowPbx:
    assert isinstance(house.pbx, SlowPbx)
    return house.pbx


async def is_asked(house: CenterHouse, before: int = 0) -> None:
    """Wait until the switch was asked once more than `before`, and is at what takes it so long."""

    async def is_at_it() -> bool:
        return slow(house).asked > before and not slow(house).next_takes

    await eventually(is_at_it)


async def passes(house: CenterHouse, seconds: float) -> None:
    """Let time pass, once what goes on has come to its end."""
    await falls_silent(house)
    await house.clock.advance(seconds)
    await falls_silent(house)


async def refuses_to_dial(ada: Seat) -> None:
    """Let an agent dial in vain: the switch is too slow."""
    asked = slow(ada.house).asked
    asking = asyncio.create_task(ada.asks(Dial(contact=THEO)))
    await is_asked(ada.house, asked)
    await passes(ada.house, 5)
    assert refused(await asking).code == "switch_failed"


async def in_two_calls(ada: Seat) -> tuple[str, str]:
    """Ada talks on a call that came in, and the switch places another one for her."""
    house = ada.house
    record = await talking(house, ada)
    await house.pbx.originate(
        ADA,
        call_id="d0002",
        participant_id="part-2",
        destination=Destination(number=CUSTOMER),
    )
    await ada.rings(2)
    return record.call_id, "d0002"


# ---- offers that come too late -----------------------------------------------------------------


async def test_an_offer_that_was_given_up_does_not_ring_at_a_second_agent(tmp_path: Path) -> None:
    async with build_center(tmp_path, pbx_type=SlowPbx) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        await ada.goes_online()
        slow(house).next_takes = 6
        call_id = await house.customer_calls()
        await is_asked(house)
        await ben.goes_online()
        await passes(house, 5.5)
        await ben.rings()

        await passes(house, 1)

        record = await house.record(call_id)
        assert [one.agent_id for one in record.agents] == [BEN.agent_id]
        done(await ben.asks(AnswerCall(call_id=call_id)))
        await ben.mirrors_the_server()
        assert not await heard(ada, CallStarted)


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        (None, HangupStatus.MISSED_AGENT),
        (WithdrawReason.FAILED, HangupStatus.FAILED_CONNECT_AGENT),
    ],
)
async def test_who_had_no_time_to_answer_declined_nothing(
    tmp_path: Path, reason: WithdrawReason | None, status: HangupStatus
) -> None:
    async with build_center(tmp_path, pbx_type=OrderlyPbx) as house:
        ada, pbx = house.seat(ADA), house.pbx
        assert isinstance(pbx, OrderlyPbx)
        pbx.reason = reason
        await ada.goes_online()
        pbx.next_takes = 6
        call_id = await house.customer_calls()
        await is_asked(house)
        await passes(house, 5)

        await passes(house, 1)

        assert await how_it_ended(ada) == failed(status)
        assert pbx.withdrawn == [(call_id, ADA)]


async def test_who_declines_after_a_late_offer_did_decline(tmp_path: Path) -> None:
    async with build_center(tmp_path, pbx_type=OrderlyPbx) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        # Then the switch has nothing to withdraw, and tells no end of it.
        slow(house).offers_in_vain = 1
        slow(house).next_takes = 6
        call_id = await house.customer_calls()
        await is_asked(house)
        await passes(house, 5)
        await passes(house, 1)
        await passes(house, 20)
        await ada.rings()

        # At the desk phone, whose switch gives no reason.
        await house.pbx.withdraw_offer(call_id, ADA)

        assert await how_it_ended(ada) == failed(HangupStatus.DECLINED)


@pytest.mark.parametrize("is_answered", [False, True])
async def test_what_rings_at_a_second_agent_is_withdrawn(tmp_path: Path, is_answered: bool) -> None:
    async with build_center(tmp_path, pbx_type=SlowPbx) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        await ben.goes_online()
        call_id = await house.customer_calls()
        await ben.rings()
        await ada.goes_online()
        if is_answered:
            done(await ben.asks(AnswerCall(call_id=call_id)))
        before = await house.record(call_id)

        slow(house).rings_at(call_id, ADA)

        async def is_withdrawn() -> bool:
            return slow(house).withdrawn == [(call_id, ADA)]

        await eventually(is_withdrawn)
        assert await house.record(call_id) == before
        assert not await heard(ada, CallStarted)
        assert (await ada.agent()).state is AgentState.AVAILABLE
        if not is_answered:
            done(await ben.asks(AnswerCall(call_id=call_id)))
        await ben.mirrors_the_server()


async def test_what_rings_at_who_listens_to_the_call_is_withdrawn(tmp_path: Path) -> None:
    async with build_center(tmp_path, pbx_type=SlowPbx) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        await ada.goes_online()
        record = await talking(house, ada)
        await ben.goes_online()
        done(await ben.asks(SuperviseCall(call_id=record.call_id)))
        before = await house.record(record.call_id)

        slow(house).rings_at(record.call_id, BEN)

        async def is_withdrawn() -> bool:
            return slow(house).withdrawn == [(record.call_id, BEN)]

        await eventually(is_withdrawn)
        assert await house.record(record.call_id) == before
        await ben.mirrors_the_server()


async def test_a_supervisor_who_answers_at_the_last_moment_is_not_hung_up(tmp_path: Path) -> None:
    async with build_center(tmp_path, pbx_type=SlowPbx) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        record = await talking(house, ada)
        call_id = record.call_id
        await ben.goes_online()
        done(await house.center.desk_phone(BEN, SuperviseCall(call_id=call_id)))
        await ben.rings()
        own_id = part_of(await house.record(call_id), BEN).participant_id
        slow(house).is_silent = True
        await house.pbx.answer(call_id, own_id)

        await passes(house, CenterSettings().no_answer_seconds)

        slow(house).speaks()
        await ben.hears(ParticipantConnected)
        await falls_silent(house)
        assert part_of(await house.record(call_id), BEN).state is ParticipantState.CONNECTED
        assert not await heard(ben, CallEnded)
        await ben.mirrors_the_server()


async def test_what_rings_too_late_is_withdrawn_until_it_works(tmp_path: Path) -> None:
    async with build_center(tmp_path, pbx_type=SlowPbx) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        await ben.goes_online()
        call_id = await house.customer_calls()
        await ben.rings()
        await ada.goes_online()
        slow(house).next_takes = 60
        slow(house).rings_at(call_id, ADA)
        await is_asked(house)
        await passes(house, 5)
        assert not slow(house).withdrawn
        slow(house).cannot_withdraw = True
        await passes(house, 1)
        assert slow(house).withdrawn == [(call_id, ADA)]
        await passes(house, 10)
        assert slow(house).withdrawn == [(call_id, ADA)], "what is refused is not asked again"


async def test_what_rings_at_an_agent_on_another_call_is_withdrawn(tmp_path: Path) -> None:
    async with build_center(tmp_path, pbx_type=SlowPbx) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        await ada.goes_online()
        slow(house).next_takes = 6
        late = await house.customer_calls()
        await is_asked(house)
        await passes(house, 5.5)
        taken = await house.customer_calls()
        assert (await ada.rings()).call_id == taken

        await passes(house, 1)

        assert len(await heard(ada, CallStarted)) == 1
        [switch_call] = [one for one in house.pbx.active_calls() if one.call.call_id == late]
        assert len(switch_call.call.participants) == 1, "it rings nowhere"
        await ben.goes_online()
        assert (await ben.rings()).call_id == late


@pytest.mark.parametrize("is_answered", [False, True])
async def test_a_call_that_somebody_has_waits_for_nobody(tmp_path: Path, is_answered: bool) -> None:
    """A record of two agents: after a restart the switch may have rung at another one."""
    async with build_center(tmp_path, pbx_type=SlowPbx) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        await ada.goes_online()
        call_id = await house.customer_calls()
        await ada.rings()
        record = await house.record(call_id)
        state = ParticipantState.CONNECTED if is_answered else ParticipantState.RINGING
        other = replace(
            part_of(record, ADA), participant_id="part-2", agent_id=BEN.agent_id, state=state
        )
        both = replace(
            record,
            call=replace(record.call, participants=(*record.call.participants, other)),
            routing=Routing.ANSWERED if is_answered else Routing.OFFERED,
        )
        await house.store.run(lambda tx: tx.save_call(both))

        slow(house).tell(
            AgentWithdrawn(
                tenant_id=TENANT_ID,
                call_id=call_id,
                participant_id=part_of(record, ADA).participant_id,
                agent_id=ADA.agent_id,
                at=house.clock.now(),
            )
        )

        await ada.hears(CallEnded)
        after = await house.record(call_id)
        assert [one.agent_id for one in after.agents] == [BEN.agent_id]
        assert after.routing is both.routing
        assert after.ring_deadline == both.ring_deadline
        assert not after.is_routing_cleared
        assert OutboxKind.CLEAR_ROUTING not in await told_salesforce(house, call_id)
        assert not await heard(ben, CallStarted)


# ---- dials that come too late ------------------------------------------------------------------


async def test_a_call_that_was_refused_is_hung_up_when_it_is_placed(tmp_path: Path) -> None:
    async with build_center(tmp_path, pbx_type=SlowPbx) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        slow(house).next_takes = 6
        await refuses_to_dial(ada)
        assert not house.pbx.active_calls()

        await passes(house, 2)

        assert not house.pbx.active_calls()
        assert (await ada.agent()).state is AgentState.AVAILABLE
        await ada.mirrors_the_server()


async def test_a_call_that_was_refused_is_hung_up_until_it_works(tmp_path: Path) -> None:
    async with build_center(tmp_path, pbx_type=SlowPbx) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        slow(house).next_takes = 6
        slow(house).hang_ups_fail = 2
        await refuses_to_dial(ada)
        await passes(house, 2)
        assert house.pbx.active_calls()

        for _ in range(5):
            await passes(house, 1)

        assert not house.pbx.active_calls()
        assert (await ada.agent()).state is AgentState.AVAILABLE


async def test_a_call_that_is_told_too_late_is_hung_up(tmp_path: Path) -> None:
    async with build_center(tmp_path, pbx_type=SlowPbx) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        slow(house).is_silent = True
        await refuses_to_dial(ada)

        slow(house).speaks()

        await ada.hears(CallEnded)
        assert not house.pbx.active_calls()
        assert (await ada.agent()).state is AgentState.AVAILABLE
        await ada.mirrors_the_server()


async def test_a_call_that_the_switch_refuses_late_is_nothing_to_hang_up(tmp_path: Path) -> None:
    class BrokenPbx(SlowPbx):
        async def originate(self, *args: Any, **more: Any) -> None:
            await self._takes_its_time()
            raise SwitchError("There is no line")

    async with build_center(tmp_path, pbx_type=BrokenPbx) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        slow(house).next_takes = 6
        await refuses_to_dial(ada)
        await passes(house, 2)
        assert (await ada.agent()).state is AgentState.AVAILABLE


# ---- an agent in two calls ---------------------------------------------------------------------


async def test_who_talks_is_not_available_when_another_call_fails(tmp_path: Path) -> None:
    async with build_center(tmp_path, pbx_type=SlowPbx) as house:
        ada = house.seat(ADA)
        first, second = await in_two_calls(ada)

        await house.pbx.customer_hangs_up(second)

        await ada.hears(CallEnded)
        assert (await ada.agent()).state is AgentState.ON_CALL
        await house.customer_calls()
        await falls_silent(house)
        assert len(await heard(ada, CallStarted)) == 2, "no further call rings"
        done(await ada.asks(EndCall(call_id=first)))
        assert (await ada.hears(WrapUpStarted)).call_id == first
        assert (await ada.agent()).state is AgentState.AFTER_CALL_WORK
        await ada.mirrors_the_server()


async def test_a_wrap_up_waits_for_the_last_call(tmp_path: Path) -> None:
    async with build_center(tmp_path, pbx_type=SlowPbx) as house:
        ada = house.seat(ADA)
        first, second = await in_two_calls(ada)

        done(await ada.asks(EndCall(call_id=first)))

        assert (await ada.agent()).state is AgentState.ON_CALL
        assert not await heard(ada, WrapUpStarted)
        await ada.mirrors_the_server()
        await house.pbx.customer_hangs_up(second)
        assert (await ada.hears(WrapUpStarted)).call_id == first
        assert (await ada.agent()).state is AgentState.AFTER_CALL_WORK
        await ada.mirrors_the_server()


async def test_a_wrap_up_that_is_done_before_it_begins(tmp_path: Path) -> None:
    async with build_center(tmp_path, pbx_type=SlowPbx) as house:
        ada = house.seat(ADA)
        first, second = await in_two_calls(ada)
        done(await ada.asks(EndCall(call_id=first)))

        done(await ada.asks(EndWrapUp(call_id=first)))

        assert (await ada.agent()).state is AgentState.ON_CALL
        await house.pbx.customer_hangs_up(second)
        await ada.hears(CallEnded, 2)
        assert (await ada.agent()).state is AgentState.AVAILABLE
        assert not await heard(ada, WrapUpStarted)
        await ada.mirrors_the_server()
