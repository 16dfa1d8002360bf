"""Supervisors: listen in, barge in, leave (guide chapter 10)."""

from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from connector_py.entities import (
    AddParticipant,
    AgentConfig,
    AgentState,
    AgentStatus,
    AgentStatusInfo,
    AnswerCall,
    BargeIn,
    CallEnded,
    CallInfo,
    CallSnapshot,
    Contact,
    ContactType,
    DeclineCall,
    Dial,
    EndCall,
    HangupReason,
    Hold,
    LogOut,
    Mute,
    ParticipantAdded,
    ParticipantConnected,
    ParticipantLeft,
    ParticipantSnapshot,
    ParticipantState,
    ParticipantType,
    PauseRecording,
    Phone,
    PhoneType,
    RecordingPaused,
    RecordingState,
    Resume,
    ResumeRecording,
    SetAgentConfig,
    StopSupervising,
    SuperviseCall,
    SupervisorBargedIn,
    Unmute,
)
from server.contact_center import CenterSettings
from server.entities import CallRecord
from tests.support.center_verbs import (
    CAT,
    choose,
    customer_id,
    done,
    hire,
    part_of,
    refused,
    talking,
    voice,
)
from tests.support.party_verbs import back, falls_silent
from tests.support.server_fakes import (
    ADA,
    BEN,
    TENANT_ID,
    CenterHouse,
    FakeClock,
    Seat,
    build_center,
)

DESK_PHONE = AgentConfig(selected_phone=Phone(type=PhoneType.DESK_PHONE, number="+12025550177"))


def supervisor_in(call: CallSnapshot) -> ParticipantSnapshot:
    [found] = [
        one for one in call.participants if one.participant_type is ParticipantType.SUPERVISOR
    ]
    return found


async def supervised(house: CenterHouse) -> tuple[Seat, Seat, CallRecord]:
    """Ada talks, and Ben listens."""
    ada, ben = house.seat(ADA), house.seat(BEN)
    record = await talking(house, ada)
    await ben.goes_online()
    done(await ben.asks(SuperviseCall(call_id=record.call_id)))
    return ada, ben, await house.record(record.call_id)


async def test_a_supervisor_hears_the_call_at_once(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        record = await talking(house, ada)
        await ben.goes_online()

        reply = await ben.asks(SuperviseCall(call_id=record.call_id), "listen")

        assert done(reply) == {"callId": record.call_id}
        part = supervisor_in(await ben.rings())
        assert (part.state, part.agent_id, part.name, part.is_softphone) == (
            ParticipantState.CONNECTED,
            BEN.agent_id,
            "Ben Agent",
            True,
        )
        assert ben.causes[-1] == "listen"
        assert (await ada.hears(ParticipantAdded)).participant == part
        # Listening is no call: Ben is called as before.
        assert (await ben.agent()).state is AgentState.AVAILABLE
        welcome = await ben.mirrors_the_server()
        assert [one.call_id for one in welcome.calls or ()] == [record.call_id]
        await ada.mirrors_the_server()


async def test_a_supervisor_barges_in_and_everybody_hears_of_it(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben, record = await supervised(house)
        done(await ben.asks(BargeIn(call_id=record.call_id), "barge"))
        for seat in (ada, ben):
            told = await seat.hears(SupervisorBargedIn)
            assert told.supervisor_name == "Ben Agent"
            assert told.participant_id == supervisor_in(record.call).participant_id
        assert part_of(await house.record(record.call_id), BEN).has_barged_in
        done(await ben.asks(BargeIn(call_id=record.call_id)))
        await ada.listens()
        assert ada.names().count("supervisor_barged_in") == 1
        await ada.mirrors_the_server()
        await ben.mirrors_the_server()


async def test_a_supervisor_leaves_and_the_call_goes_on(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben, record = await supervised(house)
        stop = StopSupervising(call_id=record.call_id)
        done(await ben.asks(stop))
        end = await ben.hears(CallEnded)
        assert (end.reason, end.agent_status) == (HangupReason.PHONE_CALL_ENDED, None)
        left = await ada.hears(ParticipantLeft)
        assert left.participant_id == supervisor_in(record.call).participant_id
        assert (await ben.agent()).state is AgentState.AVAILABLE
        assert "wrap_up_started" not in ben.names()
        assert not (await house.record(record.call_id)).is_over
        # Leaving again, or what never was listened to, is what is asked for already.
        done(await ben.asks(stop))
        done(await ben.asks(StopSupervising(call_id="nothing")))
        done(await ben.asks(SuperviseCall(call_id=record.call_id)))
        await ben.rings(2)
        await ada.mirrors_the_server()


async def test_the_end_of_the_call_ends_the_supervision(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben, record = await supervised(house)
        done(await ada.asks(EndCall(call_id=record.call_id)))
        end = await ben.hears(CallEnded)
        assert (end.reason, end.agent_status) == (HangupReason.PHONE_CALL_ENDED, None)
        assert (await ben.agent()).state is AgentState.AVAILABLE
        assert (await ada.agent()).state is AgentState.AFTER_CALL_WORK
        done(await ben.asks(StopSupervising(call_id=record.call_id)))


async def test_a_supervisor_keeps_no_call_alive(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        _, ben, record = await supervised(house)
        await house.pbx.customer_hangs_up(record.call_id)
        await ben.hears(CallEnded)
        assert (await house.record(record.call_id)).is_over


async def test_a_desk_phone_rings_first(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        record = await talking(house, ada)
        await ben.goes_online()
        done(await ben.asks(SetAgentConfig(agent_config=DESK_PHONE)))
        done(await ben.asks(SuperviseCall(call_id=record.call_id)))
        part = supervisor_in(await ben.rings())
        assert (part.state, part.is_softphone) == (ParticipantState.RINGING, False)
        assert refused(await ben.asks(BargeIn(call_id=record.call_id))).code == "invalid_state"

        done(await house.center.desk_phone(BEN, AnswerCall(call_id=record.call_id)))

        connected = await ben.hears(ParticipantConnected)
        assert connected.participant_id == part.participant_id
        assert ben.causes[-1] is None
        assert (await house.record(record.call_id)).answered_by == ADA.agent_id
        done(await ben.asks(BargeIn(call_id=record.call_id)))
        await ada.mirrors_the_server()
        await ben.mirrors_the_server()


async def test_a_desk_phone_that_is_not_picked_up_stops_ringing(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        record = await talking(house, ada)
        await ben.goes_online()
        done(await ben.asks(SetAgentConfig(agent_config=DESK_PHONE)))
        done(await ben.asks(SuperviseCall(call_id=record.call_id)))
        done(await ben.asks(StopSupervising(call_id=record.call_id)))
        end = await ben.hears(CallEnded)
        assert (end.reason, end.agent_status) == (HangupReason.PHONE_CALL_ENDED, None)
        assert (await ben.agent()).state is AgentState.AVAILABLE
        # No routing of this call is pending at Salesforce.
        kinds = [entry.kind for entry in await house.outbox(record.call_id)]
        assert "clear_routing" not in kinds


@pytest.mark.parametrize("restarts", [False, True])
async def test_a_desk_phone_that_nobody_answers_rings_no_longer_than_others(
    tmp_path: Path, restarts: bool
) -> None:
    clock = FakeClock()
    async with AsyncExitStack() as houses:
        house = await houses.enter_async_context(build_center(tmp_path, clock=clock))
        ada, ben = house.seat(ADA), house.seat(BEN)
        record = await talking(house, ada)
        await ben.goes_online()
        done(await house.center.desk_phone(BEN, SuperviseCall(call_id=record.call_id)))
        await ben.rings()
        rings_for = CenterSettings().no_answer_seconds
        await clock.advance(rings_for - 1)
        if restarts:
            await houses.aclose()
            again = build_center(tmp_path, clock=clock, prefix="again")
            house = await houses.enter_async_context(again)
            ada, ben = await back(house, ada, ben)
        await falls_silent(house)
        assert part_of(await house.record(record.call_id), BEN).state is ParticipantState.RINGING

        await clock.advance(1)

        # An end like any other of a supervisor: Salesforce offered them nothing that was missed.
        end = await ben.hears(CallEnded)
        assert (end.reason, end.agent_status) == (HangupReason.PHONE_CALL_ENDED, None)
        await ada.hears(ParticipantLeft)
        assert (await ben.agent()).state is AgentState.AVAILABLE
        [active] = house.pbx.active_calls()
        assert supervisor_in(active.call).state is ParticipantState.ENDED
        assert not (await house.record(record.call_id)).is_over
        await ben.connects()
        done(await ben.asks(SuperviseCall(call_id=record.call_id)))
        for seat in (ada, ben):
            await seat.mirrors_the_server()


async def test_a_desk_phone_that_was_picked_up_is_left_alone(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        record = await talking(house, ada)
        await ben.goes_online()
        done(await house.center.desk_phone(BEN, SuperviseCall(call_id=record.call_id)))
        done(await house.center.desk_phone(BEN, AnswerCall(call_id=record.call_id)))
        await house.clock.advance(2 * CenterSettings().no_answer_seconds)
        await falls_silent(house)
        own = part_of(await house.record(record.call_id), BEN)
        assert own.state is ParticipantState.CONNECTED


async def test_what_is_begun_at_the_desk_phone_rings_there(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        record = await talking(house, ada)
        await ben.goes_online()
        done(await house.center.desk_phone(BEN, SuperviseCall(call_id=record.call_id)))
        part = supervisor_in(await ben.rings())
        assert (part.state, part.is_softphone) == (ParticipantState.RINGING, False)


# ---- who may not ---------------------------------------------------------------------------------


async def test_who_has_a_call_cannot_listen(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben, record = await supervised(house)
        await ada.listens()
        error = refused(await ada.asks(SuperviseCall(call_id=record.call_id)))
        assert (error.code, error.message) == (
            "invalid_state",
            "Agent is not available to supervise a call",
        )
        cat = await hire(house)
        other = await talking(house, cat)
        assert refused(await ben.asks(SuperviseCall(call_id=other.call_id))).code == "invalid_state"
        assert refused(await cat.asks(SuperviseCall(call_id=record.call_id))).code == (
            "invalid_state"
        )
        # Asking again for what is so already has one effect.
        done(await ben.asks(SuperviseCall(call_id=record.call_id)))
        await ben.listens()
        assert ben.names().count("call_started") == 1


async def test_a_call_without_an_agent_cannot_be_listened_to(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ben = house.seat(BEN)
        await ben.connects()
        call_id = await house.customer_calls()
        await house.record(call_id)
        assert refused(await ben.asks(SuperviseCall(call_id=call_id))).code == "invalid_state"
        assert refused(await ben.asks(SuperviseCall(call_id="x"))).code == "call_not_found"
        assert refused(await ben.asks(BargeIn(call_id=call_id))).code == "call_not_found"


async def test_barging_in_needs_both_capabilities(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        _, ben, record = await supervised(house)
        for flag in ("has_supervisor_barge_in", "has_supervisor_listen_in"):
            await voice(house, has_supervisor_barge_in=True, has_supervisor_listen_in=True)
            await voice(house, **{flag: False})
            assert refused(await ben.asks(BargeIn(call_id=record.call_id))).code == "not_supported"
        assert not part_of(await house.record(record.call_id), BEN).has_barged_in
        # Whoever listens can always leave.
        done(await ben.asks(StopSupervising(call_id=record.call_id)))


async def test_only_those_supervise_whom_the_org_names(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben, record = await supervised(house)
        done(await ben.asks(StopSupervising(call_id=record.call_id)))
        listen, barge = SuperviseCall(call_id=record.call_id), BargeIn(call_id=record.call_id)
        for others in ((), ("ada@test.example",)):
            await choose(house, supervisors=others)
            error = refused(await ben.asks(listen))
            assert error.code == "not_supported"
            assert "adds the user name to its setting supervisors" in error.message
            assert refused(await house.center.desk_phone(BEN, listen)).code == "not_supported"
        assert (await house.record(record.call_id)).agent(BEN.agent_id) is None
        await choose(house, supervisors=("ada@test.example", " Ben@TEST.example"))
        done(await ben.asks(listen))
        # Who is taken off the list hears on, but is not heard, and can leave.
        await choose(house, supervisors=("ada@test.example",))
        assert refused(await ben.asks(barge)).code == "not_supported"
        done(await ben.asks(StopSupervising(call_id=record.call_id)))
        # What is no supervision is none of its business.
        await choose(house, supervisors=())
        done(await ada.asks(Mute(call_id=record.call_id)))


async def test_a_supervisor_cannot_touch_the_call(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        _, ben, record = await supervised(house)
        where = {"call_id": record.call_id, "participant_id": customer_id(record)}
        for command in (
            Hold(**where),
            Resume(**where),
            Mute(**where),
            EndCall(call_id=record.call_id),
            DeclineCall(call_id=record.call_id),
        ):
            assert refused(await ben.asks(command)).code == "not_supported"
        assert await house.record(record.call_id) == record
        done(await ben.asks(Mute(call_id=record.call_id)))
        done(await ben.asks(Unmute(call_id=record.call_id)))


async def test_an_agent_who_was_added_is_supervised_by_their_own_voice_call(
    tmp_path: Path,
) -> None:
    async with build_center(tmp_path) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        record = await talking(house, ada)
        leg = ParticipantSnapshot(
            participant_id="leg-1",
            participant_type=ParticipantType.THIRD_PARTY,
            state=ParticipantState.ENDED,
            state_since=record.call.started_at,
        )
        call = replace(record.call, participants=(*record.call.participants, leg))
        await house.store.run(lambda tx: tx.save_call(replace(record, call=call)))
        await ben.connects()
        assert done(await ben.asks(SuperviseCall(call_id="leg-1"))) == {"callId": record.call_id}


# ---- recording -----------------------------------------------------------------------------------


async def test_a_supervisor_toggles_the_recording_under_four_conditions(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben, record = await supervised(house)
        pause, resume = (
            PauseRecording(call_id=record.call_id),
            ResumeRecording(call_id=record.call_id),
        )
        done(await ben.asks(pause))
        await ada.hears(RecordingPaused)
        done(await ben.asks(resume))
        for flag in ("has_record", "has_supervisor_listen_in", "has_supervisor_barge_in"):
            await voice(house, **{flag: False})
            assert refused(await ben.asks(pause)).code == "not_supported"
            await voice(house, **{flag: True})
        disabled = CallInfo(record_enabled=False)
        await house.center.update_call_info(TENANT_ID, record.call_id, disabled)
        assert refused(await ben.asks(pause)).code == "not_supported"
        after = await house.record(record.call_id)
        assert after.call.recording is RecordingState.RECORDING
        # The agent needs neither of the supervisor's capabilities.
        await house.center.update_call_info(TENANT_ID, record.call_id, CallInfo())
        await voice(house, has_supervisor_barge_in=False, has_supervisor_listen_in=False)
        done(await ada.asks(pause))


async def test_while_the_phone_rings_a_supervisor_toggles_nothing(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        record = await talking(house, ada)
        await ben.goes_online()
        done(await house.center.desk_phone(BEN, SuperviseCall(call_id=record.call_id)))
        error = refused(await ben.asks(PauseRecording(call_id=record.call_id)))
        assert error.code == "not_supported"


# ---- own calls -----------------------------------------------------------------------------------


@pytest.mark.parametrize("at_desk_phone", [False, True])
async def test_answering_a_call_ends_the_supervision_first(
    tmp_path: Path, at_desk_phone: bool
) -> None:
    async with build_center(tmp_path) as house:
        ada, ben, record = await supervised(house)
        own = await house.customer_calls(wanted=BEN)
        await ben.rings(2)
        answer = AnswerCall(call_id=own)
        if at_desk_phone:
            done(await house.center.desk_phone(BEN, answer))
        else:
            done(await ben.asks(answer, "answer"))
        await ben.hears(ParticipantConnected)
        told = [
            (one.name, getattr(one, "call_id", None), cause)
            for one, cause in zip(ben.heard, ben.causes, strict=True)
            if one.name in ("call_ended", "participant_connected")
        ]
        cause = None if at_desk_phone else "answer"
        assert told == [
            ("call_ended", record.call_id, None),
            ("participant_connected", own, cause),
        ]
        await ada.hears(ParticipantLeft)
        assert (await ben.agent()).state is AgentState.ON_CALL
        assert not (await house.record(record.call_id)).is_over
        await ben.mirrors_the_server()


async def test_what_cannot_be_answered_or_placed_ends_nothing(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        _, ben, record = await supervised(house)
        for call_id in ("nothing", record.call_id):
            await ben.asks(AnswerCall(call_id=call_id))
        assert part_of(await house.record(record.call_id), BEN) == part_of(record, BEN)
        done(await ben.sets(AgentStatus.OFFLINE, AgentStatusInfo(status_id="0")))
        number = Contact(phone_number="+12025550123")
        assert refused(await ben.asks(Dial(contact=number))).code == "invalid_state"
        assert part_of(await house.record(record.call_id), BEN) == part_of(record, BEN)


@pytest.mark.parametrize(
    ("contact", "is_consult"),
    [
        (Contact(phone_number="12"), False),
        (Contact(id="nobody", type=ContactType.AGENT), False),
        (Contact(id="Route_Me", type=ContactType.FLOW), False),
        (Contact(phone_number="+12025550123"), True),
    ],
)
async def test_who_dials_what_cannot_be_called_listens_on(
    tmp_path: Path, contact: Contact, is_consult: bool
) -> None:
    async with build_center(tmp_path) as house:
        _, ben, record = await supervised(house)
        refused(await ben.asks(Dial(contact=contact, is_consult_call=is_consult)))
        assert part_of(await house.record(record.call_id), BEN) == part_of(record, BEN)


async def test_who_cannot_log_out_listens_on(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        _, ben, record = await supervised(house)
        await house.customer_calls(wanted=BEN)
        await ben.rings(2)
        assert refused(await ben.asks(LogOut())).code == "invalid_state"
        assert part_of(await house.record(record.call_id), BEN) == part_of(record, BEN)


async def test_placing_a_call_ends_the_supervision_first(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        _, ben, record = await supervised(house)
        done(await ben.asks(Dial(contact=Contact(phone_number="+12025550123"))))
        await ben.rings(2)
        told = [name for name in ben.names() if name in ("call_started", "call_ended")]
        assert told == ["call_started", "call_ended", "call_started"]
        assert (await house.record(record.call_id)).agent(BEN.agent_id) is None


async def test_who_signs_out_listens_no_more(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        _, ben, record = await supervised(house)
        done(await ben.asks(LogOut()))
        assert (await house.record(record.call_id)).agent(BEN.agent_id) is None
        await ben.goes_online()
        done(await ben.asks(SuperviseCall(call_id=record.call_id)))
        await house.center.sign_out(BEN)
        assert (await house.record(record.call_id)).agent(BEN.agent_id) is None
        assert not (await house.record(record.call_id)).is_over


async def test_a_supervised_call_that_ends_leaves_the_supervisors_own_call_alone(
    tmp_path: Path,
) -> None:
    async with build_center(tmp_path) as house:
        ada, ben, record = await supervised(house)
        own = await house.customer_calls(wanted=BEN)
        await ben.rings(2)
        done(await ada.asks(EndCall(call_id=record.call_id)))
        await ben.hears(CallEnded)
        assert (await ben.agent()).state is AgentState.ON_CALL
        done(await ben.asks(AnswerCall(call_id=own)))


async def test_nobody_is_offered_the_call_that_they_listen_to(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, ben, record = await supervised(house)
        cat = await hire(house, CAT)
        await cat.goes_online()
        queue = Contact(id="queue-1", type=ContactType.QUEUE, name="Support")
        await house.store.run(lambda tx: tx.save_contacts(TENANT_ID, [queue]))
        done(await ada.asks(AddParticipant(call_id=record.call_id, contact=queue)))
        # Ben has been available longer, but is on the call already.
        await cat.rings()
        await ben.listens()
        assert ben.names().count("call_started") == 1


async def test_a_supervision_outlives_a_restart(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        _, _, record = await supervised(house)
        clock = house.clock
    async with build_center(tmp_path, clock=clock, prefix="again") as house:
        ben = house.seat(BEN)
        await ben.connects()
        after: Any = part_of(await house.record(record.call_id), BEN)
        assert after == part_of(record, BEN)
        done(await ben.asks(StopSupervising(call_id=record.call_id)))
        assert (await house.record(record.call_id)).agent(BEN.agent_id) is None
