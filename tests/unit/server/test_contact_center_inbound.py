from collections.abc import Callable
from pathlib import Path

import pytest

from connector_py.entities import (
    AgentState,
    AgentStateChanged,
    AgentStatus,
    AgentStatusInfo,
    AnswerCall,
    CallEnded,
    CallStarted,
    CallUpdated,
    DeclineCall,
    EndCall,
    EndWrapUp,
    HangupReason,
    HangupStatus,
    ParticipantConnected,
    ParticipantState,
    RecordingState,
    SetAgentStatus,
    WrapUpEnded,
    WrapUpStarted,
)
from server.entities import AgentKey, OutboxKind, Routing
from server.pbx import SimulatedPbx, SwitchError, WithdrawReason
from server.store import StoreError
from tests.support.party_verbs import failed, how_it_ended
from tests.support.server_fakes import (
    ADA,
    BEN,
    CENTER,
    CUSTOMER,
    FakeSalesforce,
    build_center,
    eventually,
)


async def test_a_call_rings_at_the_agent_with_its_voice_call(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()

        call_id = await house.customer_calls()
        call = await ada.rings()

        assert call.call_id == call_id
        assert call.voice_call_id == f"0LQ{house.salesforce.asked[0]}"
        assert call.recording is RecordingState.RECORDING
        assert [one.state for one in call.participants] == [
            ParticipantState.CONNECTED,
            ParticipantState.RINGING,
        ]
        assert (await ada.agent()).state is AgentState.ON_CALL
        [entry] = await house.outbox(call_id)
        assert entry.kind is OutboxKind.CREATE_VOICE_CALL
        assert entry.payload["from"] == CUSTOMER
        assert entry.payload["to"] == CENTER
        assert entry.payload["vendorCallKey"] == call_id
        assert entry.payload["initiationMethod"] == "Inbound"


async def test_answer_end_and_wrap_up(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        call_id = await house.customer_calls()
        await ada.rings()
        await house.clock.advance(5)

        answered = await ada.asks(AnswerCall(call_id=call_id), "answer-1")
        assert answered.error is None
        await ada.listens()
        assert ada.offset == answered.offset
        assert isinstance(ada.heard[-1], ParticipantConnected)
        assert ada.causes[-1] == "answer-1"
        await house.clock.advance(30)

        ended = await ada.asks(EndCall(call_id=call_id), "end-1")
        assert ended.error is None
        end = await ada.hears(CallEnded)
        assert (end.reason, end.agent_status, end.close_call_on_error) == (
            HangupReason.PHONE_CALL_ENDED,
            None,
            None,
        )
        assert ada.names()[-3:] == ["call_ended", "wrap_up_started", "agent_state_changed"]
        assert ada.causes[-3:] == ["end-1"] * 3
        assert (await ada.agent()).state is AgentState.AFTER_CALL_WORK

        done = await ada.asks(EndWrapUp(call_id=call_id))
        assert done.error is None
        await ada.hears(WrapUpEnded)
        agent = await ada.agent()
        assert (agent.state, agent.wrap_up_call_id) == (AgentState.AVAILABLE, None)

        create, update = await house.outbox(call_id)
        assert create.kind is OutboxKind.CREATE_VOICE_CALL
        assert update.kind is OutboxKind.UPDATE_VOICE_CALL
        assert update.payload["agent"] == "ada@test.example"
        assert update.payload["acceptTime"] > update.payload["startTime"]
        assert update.payload["endTime"] > update.payload["acceptTime"]
        assert "totalHoldDuration" not in update.payload
        assert "disconnectReason" not in update.payload


async def test_closing_the_voice_call_tab_ends_the_wrap_up(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        call_id = await house.customer_calls()
        await ada.rings()
        await ada.asks(AnswerCall(call_id=call_id))
        await house.pbx.customer_hangs_up(call_id)
        await ada.hears(WrapUpStarted)

        await ada.sets(AgentStatus.ONLINE)

        ended = await ada.hears(WrapUpEnded)
        assert ended.call_id == call_id
        assert (await ada.agent()).state is AgentState.AVAILABLE


@pytest.mark.parametrize("waits", [True, False])
async def test_a_status_set_in_wrap_up_waits_for_its_end_only_when_asked_to(
    tmp_path: Path, waits: bool
) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        call_id = await house.customer_calls()
        await ada.rings()
        await ada.asks(AnswerCall(call_id=call_id))
        await ada.asks(EndCall(call_id=call_id))
        lunch = AgentStatusInfo(status_id="0N5lunch", status_name="Lunch")

        await ada.asks(
            SetAgentStatus(
                agent_status=AgentStatus.OFFLINE, status_info=lunch, enqueue_next_state=waits
            )
        )

        agent = await ada.agent()
        assert agent.status_info == lunch
        assert agent.state is (AgentState.AFTER_CALL_WORK if waits else AgentState.BUSY)
        assert agent.wrap_up_call_id == (call_id if waits else None)
        await ada.asks(EndWrapUp(call_id=call_id))
        assert (await ada.agent()).state is AgentState.BUSY


async def test_a_status_set_during_a_call_applies_after_wrap_up(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        call_id = await house.customer_calls()
        await ada.rings()
        await ada.asks(AnswerCall(call_id=call_id))
        await ada.sets(AgentStatus.OFFLINE)
        assert (await ada.agent()).state is AgentState.ON_CALL

        await ada.asks(EndCall(call_id=call_id))
        assert (await ada.agent()).state is AgentState.AFTER_CALL_WORK
        await ada.asks(EndWrapUp(call_id=call_id))

        assert (await ada.agent()).state is AgentState.BUSY


async def test_a_declined_call_goes_to_the_next_agent_and_not_back(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        await ada.goes_online()
        call_id = await house.customer_calls()
        await ada.rings()

        reply = await ada.asks(DeclineCall(call_id=call_id))

        assert reply.error is None
        end = await ada.hears(CallEnded)
        assert (end.reason, end.agent_status, end.close_call_on_error) == (
            HangupReason.PHONE_CALL_ERROR,
            HangupStatus.DECLINED,
            False,
        )
        assert (await ada.agent()).state is AgentState.AVAILABLE
        await ben.goes_online()
        offered = await ben.rings()
        assert ADA.agent_id not in {one.agent_id for one in offered.participants}
        await ben.asks(DeclineCall(call_id=call_id))
        record = await house.record(call_id)
        assert record.routing is Routing.WAITING

        await ada.sets(AgentStatus.ONLINE)
        again = await ada.rings(2)
        assert again.call_id == call_id
        # Each time it was declined Salesforce is told to forget its routing.
        assert [one.kind for one in await house.outbox(call_id)] == [
            OutboxKind.CREATE_VOICE_CALL,
            OutboxKind.CLEAR_ROUTING,
            OutboxKind.CLEAR_ROUTING,
        ]


async def test_an_unanswered_call_is_missed(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        call_id = await house.customer_calls()
        await ada.rings()

        await house.clock.advance(19)
        await ada.listens()
        assert "call_ended" not in ada.names()
        await house.clock.advance(1)

        end = await ada.hears(CallEnded)
        assert (end.reason, end.agent_status, end.close_call_on_error) == (
            HangupReason.PHONE_CALL_ERROR,
            HangupStatus.MISSED_AGENT,
            False,
        )
        assert (await ada.agent()).state is AgentState.AVAILABLE
        assert (await house.record(call_id)).routing is Routing.WAITING


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        (None, HangupStatus.DECLINED),
        (WithdrawReason.DECLINED, HangupStatus.DECLINED),
        (WithdrawReason.MISSED, HangupStatus.MISSED_AGENT),
        (WithdrawReason.FAILED, HangupStatus.FAILED_CONNECT_AGENT),
    ],
)
async def test_a_ringing_that_ends_at_the_phone_itself(
    tmp_path: Path, reason: WithdrawReason | None, status: HangupStatus
) -> None:
    async with build_center(tmp_path) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        await ada.goes_online()
        call_id = await house.customer_calls(wanted=ADA)
        await ada.rings()
        await ben.goes_online()
        await house.clock.advance(2)
        await house.pbx.agent_lets_go(call_id, ADA, reason)
        assert await how_it_ended(ada) == failed(status)
        assert (await ben.rings()).call_id == call_id


async def test_a_switch_that_gives_up_late_says_missed_without_a_reason(tmp_path: Path) -> None:
    async with build_center(tmp_path, pbx_type=StubbornPbx) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        call_id = await house.customer_calls()
        await ada.rings()
        await house.clock.advance(20)
        await house.pbx.agent_lets_go(call_id, ADA)
        assert await how_it_ended(ada) == failed(HangupStatus.MISSED_AGENT)


class StubbornPbx(SimulatedPbx):
    """Takes no offer back."""

    async def withdraw_offer(self, call_id: str, agent: AgentKey) -> None:
        raise SwitchError("It rings until its own time is over")


async def test_an_answered_call_is_not_missed_later(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        call_id = await house.customer_calls()
        await ada.rings()
        await ada.asks(AnswerCall(call_id=call_id))
        await house.clock.advance(60)
        await ada.asks(AnswerCall(call_id=call_id))
        await ada.listens()
        assert "call_ended" not in ada.names()
        assert ada.names().count("participant_connected") == 1


@pytest.mark.parametrize("is_answered", [False, True])
async def test_the_customer_leaves(tmp_path: Path, is_answered: bool) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        call_id = await house.customer_calls()
        await ada.rings()
        if is_answered:
            await ada.asks(AnswerCall(call_id=call_id))

        await house.pbx.customer_hangs_up(call_id)

        end = await ada.hears(CallEnded)
        update = (await house.outbox(call_id))[-1]
        assert update.kind is OutboxKind.UPDATE_VOICE_CALL
        if is_answered:
            assert end.reason is HangupReason.PHONE_CALL_ENDED
            assert (await ada.agent()).state is AgentState.AFTER_CALL_WORK
        else:
            assert end.reason is HangupReason.PHONE_CALL_ERROR
            assert end.agent_status is HangupStatus.FAILED_CONNECT_CUSTOMER
            assert end.close_call_on_error is False
            assert (await ada.agent()).state is AgentState.AVAILABLE
            assert update.payload["disconnectReason"] == {
                "value": "Abandoned in queue",
                "isError": True,
            }


async def test_a_call_waits_until_somebody_is_available(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        call_id = await house.customer_calls()
        record = await house.record_when(call_id, lambda one: one.routing is Routing.WAITING)
        assert record.call.queued_at is not None

        await ada.goes_online()

        assert (await ada.rings()).call_id == call_id


async def test_the_longest_available_agent_gets_the_call(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        await ben.goes_online()
        await house.clock.advance(1)
        await ada.goes_online()

        await house.customer_calls()
        await ben.rings()
        await house.customer_calls()
        await ada.rings()
        assert len([one for one in await ben.listens() if isinstance(one, CallStarted)]) == 1


async def test_the_wanted_agent_gets_the_call_first(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        await ben.goes_online()
        await house.clock.advance(1)
        await ada.goes_online()

        await house.customer_calls(wanted=ADA)

        await ada.rings()
        assert await ben.listens() == [one for one in ben.heard if one.name != "call_started"]


async def test_an_agent_without_a_connector_gets_no_call_after_the_grace(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        await ada.disconnects()
        await house.clock.advance(14)
        call_id = await house.customer_calls()
        await ada.rings()
        await house.pbx.customer_hangs_up(call_id)
        await ada.hears(CallEnded)

        await house.clock.advance(2)
        second = await house.customer_calls()
        await house.record_when(second, lambda one: one.routing is Routing.WAITING)
        await ada.connects()
        assert (await ada.rings(2)).call_id == second


async def test_a_silent_salesforce_delays_the_ringing_by_less_than_four_seconds(
    tmp_path: Path,
) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        house.salesforce.is_silent()
        call_id = await house.customer_calls()

        async def asked() -> bool:
            return bool(house.salesforce.asked)

        await eventually(asked)
        await house.clock.advance(3.9)
        call = await ada.rings()
        assert call.voice_call_id is None

        house.salesforce.speaks()
        updated = await ada.hears(CallUpdated)
        assert (updated.call_id, updated.voice_call_id) == (call_id, "0LQlate")


async def test_a_failing_salesforce_does_not_stop_the_call(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        house.salesforce.fails()
        call_id = await house.customer_calls()
        assert (await ada.rings()).voice_call_id is None

        await house.center.on_voice_call_created(house.tenant_id, call_id, "0LQafter")
        await house.center.on_voice_call_created(house.tenant_id, call_id, "0LQafter")

        assert (await ada.hears(CallUpdated)).voice_call_id == "0LQafter"
        assert ada.names().count("call_updated") == 1


async def test_agents_hear_nothing_of_each_other(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        await ada.goes_online()
        await ben.goes_online()
        first = await house.customer_calls(wanted=ADA)
        second = await house.customer_calls(wanted=BEN)
        await ada.rings()
        await ben.rings()
        await ada.asks(AnswerCall(call_id=first))
        refused = await ada.asks(AnswerCall(call_id=second))
        assert refused.error is not None
        assert refused.error.code == "call_not_found"
        await ben.asks(AnswerCall(call_id=second))
        await ada.asks(EndCall(call_id=first))
        for seat, own in ((ada, first), (ben, second)):
            await seat.listens()
            for one in seat.heard:
                call = getattr(one, "call", None)
                assert (call.call_id if call else getattr(one, "call_id", own)) == own


async def test_state_changes_are_told_once(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        await ada.sets(AgentStatus.ONLINE)
        await ada.listens()
        changes = [one for one in ada.heard if isinstance(one, AgentStateChanged)]
        assert [one.state for one in changes] == [AgentState.AVAILABLE]


class FailingOnce(FakeSalesforce):
    """A Salesforce that does not answer, after which the store fails once."""

    def __init__(self, break_store: Callable[[], None]) -> None:
        super().__init__()
        self._break_store = break_store

    async def try_now(self, entry_id: str, *, deadline: float) -> str | None:
        self._break_store()
        return None


async def test_a_call_rings_although_the_store_fails_while_it_is_announced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed: list[str] = []

    def break_store() -> None:
        run = house.store.run

        async def broken(work: object) -> None:
            monkeypatch.setattr(house.store, "run", run)
            failed.append("once")
            raise StoreError("The disk is full")

        monkeypatch.setattr(house.store, "run", broken)

    async with build_center(tmp_path, salesforce=FailingOnce(break_store)) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        await house.customer_calls(wanted=ADA)

        async def rings() -> bool:
            await house.clock.advance(1)
            await ada.listens()
            return "call_started" in ada.names()

        await eventually(rings)
        assert failed == ["once"]
