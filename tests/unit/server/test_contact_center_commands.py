import asyncio
from pathlib import Path

import pytest

from connector_py.entities import (
    AgentConfig,
    AgentConfigChanged,
    AgentState,
    AgentStateChanged,
    AgentStatus,
    AgentStatusInfo,
    AnswerCall,
    CallEnded,
    CallStarted,
    Command,
    Contact,
    ContactType,
    DeclineCall,
    Dial,
    EndCall,
    HangupReason,
    HangupStatus,
    Hold,
    LogOut,
    Mute,
    ParticipantHeld,
    ParticipantState,
    PauseRecording,
    Phone,
    PhoneType,
    RecordingState,
    RefusalCode,
    Resume,
    ResumeRecording,
    SearchContacts,
    SendDigits,
    SendMessage,
    SetAgentConfig,
    SetAgentStatus,
    Unmute,
)
from server.entities import AgentKey, CallRecord
from server.entities.sign_in import Secret, SecretKind
from server.pbx import NextDial, SimulatedPbx, SwitchError
from server.store import StoreError
from tests.support.server_fakes import ADA, BEN, CenterHouse, Seat, build_center, eventually

NUMBER = Contact(phone_number="+1 (202) 555-0123", name="Carol")


async def talking(house: CenterHouse, seat: Seat) -> CallRecord:
    await seat.goes_online()
    call_id = await house.customer_calls(wanted=seat.key)
    await seat.rings()
    reply = await seat.asks(AnswerCall(call_id=call_id))
    assert reply.error is None
    return await house.record(call_id)


def customer_id(record: CallRecord) -> str:
    assert record.customer is not None
    return record.customer.participant_id


async def test_controls_change_the_call_and_are_told_with_their_cause(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        record = await talking(house, ada)
        call_id, customer = record.call_id, customer_id(record)
        commands: list[Command] = [
            Hold(call_id=call_id, participant_id=customer),
            Resume(call_id=call_id, participant_id=customer),
            Mute(call_id=call_id),
            Unmute(call_id=call_id),
            PauseRecording(call_id=call_id),
            ResumeRecording(call_id=call_id),
        ]
        for number, command in enumerate(commands):
            await ada.listens()
            reply = await ada.asks(command, f"control-{number}")
            assert reply.error is None
            await ada.listens()
            assert (ada.offset, ada.causes[-1]) == (reply.offset, f"control-{number}")
        assert ada.names()[-6:] == [
            "participant_held",
            "participant_resumed",
            "participant_muted",
            "participant_unmuted",
            "recording_paused",
            "recording_resumed",
        ]
        after = await house.record(call_id)
        assert after.holds.count == 1
        assert after.call.recording is RecordingState.RECORDING


class DeskPhoneInBetween(SimulatedPbx):
    """A switch at which the agent mutes on the desk phone just before each hold."""

    async def hold(self, call_id: str, participant_id: str) -> None:
        [call] = [one.call for one in self.active_calls() if one.call.call_id == call_id]
        for party in call.participants:
            if party.agent_id is not None:
                await self.mute(call_id, party.participant_id)
        await super().hold(call_id, participant_id)


async def test_what_the_desk_phone_does_meanwhile_is_not_the_commands_effect(
    tmp_path: Path,
) -> None:
    async with build_center(tmp_path, pbx_type=DeskPhoneInBetween) as house:
        ada = house.seat(ADA)
        record = await talking(house, ada)
        command = Hold(call_id=record.call_id, participant_id=customer_id(record))

        reply = await ada.asks(command, "hold-1")

        await ada.listens()
        assert reply.error is None
        assert ada.names()[-2:] == ["participant_muted", "participant_held"]
        assert ada.causes[-2:] == [None, "hold-1"]


async def test_asking_twice_has_one_effect(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        record = await talking(house, ada)
        hold = Hold(call_id=record.call_id, participant_id=customer_id(record))
        replies = await asyncio.gather(ada.asks(hold), ada.asks(hold), ada.asks(hold))
        assert [reply.error for reply in replies] == [None] * 3
        await ada.listens()
        assert ada.names().count("participant_held") == 1


async def test_a_repeated_command_gets_the_first_reply(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        first, twin = await asyncio.gather(
            ada.asks(Dial(contact=NUMBER), "dial-1"), ada.asks(Dial(contact=NUMBER), "dial-1")
        )
        later = await ada.asks(Dial(contact=NUMBER), "dial-1")
        assert first == twin == later
        assert len(house.pbx.active_calls()) == 1

        other = await ada.asks(SetAgentStatus(agent_status=AgentStatus.ONLINE), "dial-1")
        assert other.error is not None
        assert other.error.code == "key_reused"


async def test_a_key_is_refused_for_another_command_while_the_first_runs(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        first, other = await asyncio.gather(
            ada.asks(Dial(contact=NUMBER), "key"),
            ada.asks(SetAgentStatus(agent_status=AgentStatus.OFFLINE), "key"),
        )
        assert first.error is None
        assert other.error is not None
        assert other.error.code == "key_reused"
        assert (await ada.agent()).state is AgentState.ON_CALL


async def test_refusals_are_repeated_too(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        first = await ada.asks(AnswerCall(call_id="nothing"), "key")
        assert first.error is not None
        assert first.error.code == "call_not_found"
        assert await ada.asks(AnswerCall(call_id="nothing"), "key") == first


async def test_dial_rings_connects_and_ends(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()

        reply = await ada.asks(Dial(contact=NUMBER))

        assert reply.error is None
        call = await ada.rings()
        assert reply.result == {"callId": call.call_id}
        assert [one.state for one in call.participants] == [
            ParticipantState.RINGING,
            ParticipantState.CONNECTED,
        ]
        assert call.participants[0].phone_number == "+12025550123"
        assert (await ada.agent()).state is AgentState.ON_CALL
        await house.pbx.customer_answers(call.call_id)
        await ada.hears(CallStarted)
        record = await house.record_when(call.call_id, lambda one: one.answered_at is not None)
        assert record.answered_by == ADA.agent_id
        await ada.asks(EndCall(call_id=call.call_id))
        end = await ada.hears(CallEnded)
        assert end.reason is HangupReason.PHONE_CALL_ENDED
        assert (await ada.agent()).state is AgentState.AFTER_CALL_WORK
        # Salesforce makes the VoiceCall of an outbound call itself: it is only updated.
        [update] = await house.outbox(call.call_id)
        assert update.kind == "update_voice_call"
        assert "disconnectReason" not in update.payload


@pytest.mark.parametrize("outcome", [NextDial.BUSY, NextDial.UNREACHABLE])
async def test_a_dial_that_fails(tmp_path: Path, outcome: NextDial) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        house.pbx.set_next_dial(outcome)

        reply = await ada.asks(Dial(contact=NUMBER))

        assert reply.error is None
        end = await ada.hears(CallEnded)
        assert (end.reason, end.agent_status, end.close_call_on_error) == (
            HangupReason.PHONE_CALL_ERROR,
            HangupStatus.FAILED_CONNECT_CUSTOMER,
            False,
        )
        assert (await ada.agent()).state is AgentState.AVAILABLE
        assert house.pbx.next_dial is NextDial.RING


async def test_nobody_answers_an_outbound_call(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        await ada.asks(Dial(contact=NUMBER))
        await house.clock.advance(60)
        end = await ada.hears(CallEnded)
        assert end.agent_status is HangupStatus.FAILED_CONNECT_CUSTOMER


async def test_the_agent_gives_up_an_outbound_call(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        reply = await ada.asks(Dial(contact=NUMBER))
        await ada.asks(EndCall(call_id=reply.result["callId"]))
        end = await ada.hears(CallEnded)
        assert (end.reason, end.agent_status) == (HangupReason.PHONE_CALL_ENDED, None)
        assert (await ada.agent()).state is AgentState.AVAILABLE


async def test_an_agent_who_dials_while_busy_is_busy_again_when_it_fails(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.connects()
        await ada.sets(AgentStatus.OFFLINE)
        assert (await ada.agent()).state is AgentState.BUSY
        house.pbx.set_next_dial(NextDial.BUSY)
        await ada.asks(Dial(contact=NUMBER))
        await ada.hears(CallEnded)
        assert (await ada.agent()).state is AgentState.BUSY


async def refused(seat: Seat, command: Command) -> str:
    reply = await seat.asks(command)
    assert reply.error is not None, command
    assert reply.error.message
    return reply.error.code


async def test_refusals_say_why(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        await ben.connects()
        assert await refused(ben, Dial(contact=NUMBER)) == "invalid_state"
        await ben.goes_online()
        assert await refused(ben, Dial(contact=Contact(phone_number="12"))) == (
            "invalid_destination"
        )
        assert await refused(ben, Dial(contact=Contact(id="nobody"))) == "invalid_destination"
        assert await refused(ben, Dial(contact=Contact(name="x"))) == "invalid_destination"
        flow = Contact(id="Route_To_Support", type=ContactType.FLOW)
        assert await refused(ben, Dial(contact=flow)) == "invalid_destination"
        consult = Dial(contact=NUMBER, is_consult_call=True)
        assert await refused(ben, consult) == "invalid_state"
        desk_phone = AgentConfig(selected_phone=Phone(type=PhoneType.DESK_PHONE, number="x"))
        assert await refused(ben, SetAgentConfig(agent_config=desk_phone)) == (
            "invalid_phone_number"
        )
        assert await refused(ben, SearchContacts(types=("BOGUS",))) == "invalid_request"

        await ada.goes_online()
        call_id = await house.customer_calls(wanted=ADA)
        await ada.rings()
        assert await refused(ada, Mute(call_id=call_id)) == "invalid_state"
        assert await refused(ada, SendDigits(call_id=call_id, digits="1")) == "invalid_state"
        assert await refused(ada, LogOut()) == "invalid_state"
        await ada.asks(AnswerCall(call_id=call_id))
        assert await refused(ada, DeclineCall(call_id=call_id)) == "invalid_state"
        assert await refused(ada, Hold(call_id=call_id, participant_id="x")) == (
            "invalid_participant"
        )
        assert await refused(ada, SendDigits(call_id=call_id, digits="12x")) == "invalid_request"
        assert await refused(ben, EndCall(call_id=call_id)) == "call_not_found"


async def test_digits_are_written_nowhere(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        record = await talking(house, ada)
        digits = "4929135787129*#A,77"
        reply = await ada.asks(SendDigits(call_id=record.call_id, digits=digits))
        assert reply.error is None
    for file in tmp_path.iterdir():  # noqa: ASYNC240 - the test is over
        assert b"4929135787129" not in file.read_bytes()


async def test_status_without_a_channel_is_busy_and_zero_is_offline(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.connects()
        for info, state in (
            (AgentStatusInfo(status_id="0N5000000000003"), AgentState.BUSY),
            (AgentStatusInfo(status_id="0"), AgentState.OFFLINE),
            (None, AgentState.OFFLINE),
        ):
            await ada.sets(AgentStatus.OFFLINE, info)
            assert (await ada.agent()).state is state


async def test_a_status_set_during_a_call_is_told_at_once(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await talking(house, ada)
        away = AgentStatusInfo(status_id="0N5000000000002", status_name="Away")
        await ada.listens()
        await ada.sets(AgentStatus.OFFLINE, away)
        changed = (await ada.listens())[-1]
        assert changed == AgentStateChanged(state=AgentState.ON_CALL, status_info=away)


class StuckPbx(SimulatedPbx):
    """A switch that takes long to hold, and refuses to pause the recorder."""

    goes_on: asyncio.Event

    async def hold(self, call_id: str, participant_id: str) -> None:
        self.goes_on = asyncio.Event()
        await self.goes_on.wait()
        await super().hold(call_id, participant_id)

    async def pause_recording(self, call_id: str) -> None:
        raise SwitchError("The recorder is broken")


async def test_a_slow_switch_fails_the_command_but_its_effect_is_told(tmp_path: Path) -> None:
    async with build_center(tmp_path, pbx_type=StuckPbx) as house:
        assert isinstance(house.pbx, StuckPbx)
        ada = house.seat(ADA)
        record = await talking(house, ada)
        hold = Hold(call_id=record.call_id, participant_id=customer_id(record))
        asking = asyncio.create_task(ada.asks(hold, "hold-1"))

        async def passes() -> bool:
            await house.clock.advance(1)
            return asking.done()

        await eventually(passes)
        reply = asking.result()
        assert reply.error is not None
        assert reply.error.code == "switch_failed"
        house.pbx.goes_on.set()
        await ada.hears(ParticipantHeld)
        assert ada.causes[-1] is None


async def test_what_the_switch_refuses_is_refused(tmp_path: Path) -> None:
    async with build_center(tmp_path, pbx_type=StuckPbx) as house:
        ada = house.seat(ADA)
        record = await talking(house, ada)
        assert await refused(ada, PauseRecording(call_id=record.call_id)) == "switch_failed"


class SlowOfferPbx(SimulatedPbx):
    """The first offer takes very long."""

    goes_on: asyncio.Event | None = None

    async def offer(self, call_id: str, agent: AgentKey, *, participant_id: str) -> None:
        if self.goes_on is None:
            self.goes_on = asyncio.Event()
            await self.goes_on.wait()
        await super().offer(call_id, agent, participant_id=participant_id)


async def test_an_offer_that_takes_too_long_goes_to_somebody_else(tmp_path: Path) -> None:
    async with build_center(tmp_path, pbx_type=SlowOfferPbx) as house:
        assert isinstance(house.pbx, SlowOfferPbx)
        ada, ben = house.seat(ADA), house.seat(BEN)
        await ada.goes_online()
        await house.clock.advance(1)
        await ben.goes_online()
        call_id = await house.customer_calls()

        async def rings() -> bool:
            await house.clock.advance(0.5)
            return "call_started" in [one.name for one in await ben.listens()]

        await eventually(rings)
        assert (await house.record(call_id)).agents[0].agent_id == BEN.agent_id


class DeafPhonePbx(SimulatedPbx):
    """Ada's phone cannot be reached."""

    async def offer(self, call_id: str, agent: AgentKey, *, participant_id: str) -> None:
        if agent == ADA:
            raise SwitchError("The phone is not registered")
        await super().offer(call_id, agent, participant_id=participant_id)


async def test_an_agent_whose_phone_is_not_reachable_is_passed_over(tmp_path: Path) -> None:
    async with build_center(tmp_path, pbx_type=DeafPhonePbx) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        await ada.goes_online()
        await house.clock.advance(1)
        await ben.goes_online()
        await house.customer_calls()
        await ben.rings()
        assert "call_started" not in [one.name for one in await ada.listens()]


async def test_log_out_ends_the_sign_in(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        secret = Secret(
            kind=SecretKind.SESSION,
            secret_hash="0" * 64,
            agent=ADA,
            expires_at=house.clock.now().replace(year=2027),
        )
        await house.store.run(lambda tx: tx.save_secret(secret))
        assert (await ada.asks(LogOut())).error is None
        owner = await house.store.run(
            lambda tx: tx.secret_owner(SecretKind.SESSION, "0" * 64, now=house.clock.now())
        )
        assert owner is None
        assert (await ada.agent()).state is AgentState.OFFLINE


class HastyCustomerPbx(SimulatedPbx):
    """The customer hangs up just before the agent's own hang-up reaches the switch."""

    async def hang_up(self, call_id: str, participant_id: str | None = None) -> None:
        await self.customer_hangs_up(call_id)
        await super().hang_up(call_id, participant_id)

    async def withdraw_offer(self, call_id: str, agent: AgentKey) -> None:
        await self.customer_hangs_up(call_id)
        await super().withdraw_offer(call_id, agent)


@pytest.mark.parametrize("is_answered", [True, False])
async def test_both_hanging_up_at_once_is_one_end_and_no_error(
    tmp_path: Path, is_answered: bool
) -> None:
    async with build_center(tmp_path, pbx_type=HastyCustomerPbx) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        call_id = await house.customer_calls(wanted=ADA)
        await ada.rings()
        if is_answered:
            assert (await ada.asks(AnswerCall(call_id=call_id))).error is None
        command = EndCall(call_id=call_id) if is_answered else DeclineCall(call_id=call_id)
        reply = await ada.asks(command)
        assert reply.error is None
        await ada.listens()
        assert ada.names().count("call_ended") == 1
        assert ada.offset <= reply.offset
        assert (await house.record(call_id)).is_over


@pytest.mark.parametrize("step", ["dial", "end"])
async def test_what_the_switch_did_is_kept_when_the_store_fails_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        command: Command = Dial(contact=NUMBER)
        if step == "end":
            dialled = await ada.asks(command)
            command = EndCall(call_id=dialled.result["callId"])
        run = house.store.run
        asked = "hang_up" if step == "end" else "originate"
        ask = getattr(house.pbx, asked)

        async def ask_and_break(*args: object, **more: object) -> None:
            await ask(*args, **more)

            async def broken(work: object) -> None:
                monkeypatch.setattr(house.store, "run", run)
                raise StoreError("The disk is full")

            monkeypatch.setattr(house.store, "run", broken)

        monkeypatch.setattr(house.pbx, asked, ask_and_break)
        failed = await ada.asks(command, "once")
        monkeypatch.setattr(house.pbx, asked, ask)
        assert failed.error is not None
        assert failed.error.code == RefusalCode.INTERNAL
        again = await ada.asks(command, "once")
        assert again.error is None
        await ada.listens()
        assert ada.names().count("call_started" if step == "dial" else "call_ended") == 1


async def test_a_log_out_that_is_repeated_does_not_end_a_later_sign_in(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.connects()
        first = await ada.asks(LogOut(), "out")
        later = Secret(
            kind=SecretKind.SESSION,
            secret_hash="1" * 64,
            agent=ADA,
            expires_at=house.clock.now().replace(year=2027),
        )
        await house.store.run(lambda tx: tx.save_secret(later))
        assert await ada.asks(LogOut(), "out") == first
        owner = await house.store.run(
            lambda tx: tx.secret_owner(SecretKind.SESSION, "1" * 64, now=house.clock.now())
        )
        assert owner == ADA


async def test_a_fault_of_the_store_itself_gets_a_reply_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.connects()

        async def broken(work: object) -> None:
            raise OverflowError("a value that no column holds")

        monkeypatch.setattr(house.store, "run", broken)
        for command in (LogOut(), SearchContacts()):
            reply = await ada.asks(command)
            assert reply.error is not None
            assert reply.error.code == RefusalCode.INTERNAL
        monkeypatch.undo()


async def test_agent_config_is_kept_and_told(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.connects()
        phone = Phone(type=PhoneType.DESK_PHONE, number="+12025550150")
        config = AgentConfig(selected_phone=phone)
        assert (await ada.asks(SetAgentConfig(agent_config=config))).error is None
        told = (await ada.hears(AgentConfigChanged)).agent_config
        assert told.selected_phone == phone
        assert told.phones == (PhoneType.SOFT_PHONE.value, PhoneType.DESK_PHONE.value)
        assert (await ada.agent()).agent_config.selected_phone == phone


async def test_a_message_reaches_the_switch(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.connects()
        assert (await ada.asks(SendMessage(message={"a": [1]}))).error is None
        assert house.pbx.messages == ((ADA, {"a": [1]}),)


async def test_search_shows_agents_with_their_availability(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        await ada.connects()
        await ben.goes_online()
        book = [
            Contact(id="q1", type=ContactType.QUEUE, name="Billing"),
            Contact(id="c1", type=ContactType.PHONEBOOK, name="Zoë", phone_number="+12025550111"),
        ]
        await house.store.run(lambda tx: tx.save_contacts(house.tenant_id, book))

        reply = await ada.asks(SearchContacts())

        assert [one["name"] for one in reply.result["contacts"]] == [
            "Ben Agent",
            "Billing",
            "Zoë",
        ]
        assert reply.result["contacts"][0]["availability"] == "AVAILABLE"
        assert reply.result["total"] == 3
        await house.customer_calls(wanted=BEN)
        await ben.rings()
        reply = await ada.asks(SearchContacts(types=("AGENT",)))
        assert [one["availability"] for one in reply.result["contacts"]] == ["BUSY"]
        assert "Agent" in reply.result["contactTypes"]
        reply = await ada.asks(SearchContacts(types=("AVAILABLE",)))
        assert reply.result["total"] == 0
        assert await refused(ada, SearchContacts(contains="x" * 201)) == "invalid_request"
