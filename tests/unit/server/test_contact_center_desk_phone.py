"""What agents do at the desk phone, and what the switch says of phones (guide chapter 15)."""

from dataclasses import replace
from pathlib import Path

import pytest

from connector_py.entities import (
    COMMANDS,
    ActionFailed,
    AddParticipant,
    AgentConfig,
    AgentConfigChanged,
    AgentState,
    AnswerCall,
    CallEnded,
    Contact,
    DeclineCall,
    Dial,
    EndCall,
    HangupReason,
    HangupStatus,
    Hold,
    LogOut,
    Mute,
    ParticipantAdded,
    ParticipantConnected,
    PauseRecording,
    Phone,
    PhoneSwitched,
    PhoneType,
    Resume,
    SendDigits,
    SetAgentConfig,
    Swap,
)
from server.contact_center.desk_phone import EVENT_TYPES
from server.errors import ConflictError, InvalidRequestError, NotFoundError
from server.pbx import SimulatedPbx, SwitchError
from tests.support.center_verbs import customer_id, done, part_of, refused, talking
from tests.support.server_fakes import ADA, BEN, CenterHouse, Seat, build_center

NUMBER = Contact(phone_number="+12025550123")


async def ringing(house: CenterHouse, seat: Seat) -> str:
    await seat.goes_online()
    await house.customer_calls(wanted=seat.key)
    return (await seat.rings()).call_id


async def test_answering_at_the_desk_phone_says_so_first(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        call_id = await ringing(house, ada)
        before = len(await ada.listens())
        done(await house.center.desk_phone(ADA, AnswerCall(call_id=call_id)))
        told = (await ada.listens())[before:]
        own = part_of(await house.record(call_id), ADA)
        assert [type(one) for one in told] == [PhoneSwitched, ParticipantConnected]
        assert told[0] == PhoneSwitched(
            call_id=call_id, participant_id=own.participant_id, is_softphone=False
        )
        assert ada.causes[before:] == [None, None]
        assert not own.is_softphone
        await ada.mirrors_the_server()


async def test_the_phone_is_switched_once(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        record = await talking(house, ada)
        where = {"call_id": record.call_id, "participant_id": customer_id(record)}
        for command in (
            Hold(**where),
            Resume(**where),
            Mute(call_id=record.call_id),
            PauseRecording(call_id=record.call_id),
            SendDigits(call_id=record.call_id, digits="1#"),
        ):
            done(await house.center.desk_phone(ADA, command))
        await ada.listens()
        start = ada.names().index("phone_switched")
        assert ada.names()[start:] == [
            "phone_switched",
            "participant_held",
            "participant_resumed",
            "participant_muted",
            "recording_paused",
        ]
        assert set(ada.causes[start:]) == {None}


async def test_declining_and_ending_at_the_desk_phone(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        call_id = await ringing(house, ada)
        done(await house.center.desk_phone(ADA, DeclineCall(call_id=call_id)))
        end = await ada.hears(CallEnded)
        assert (end.reason, end.agent_status) == (
            HangupReason.PHONE_CALL_ERROR,
            HangupStatus.DECLINED,
        )
        await house.pbx.customer_hangs_up(call_id)
        await house.record_when(call_id, lambda one: one.is_over)
        record = await talking(house, ada)
        done(await house.center.desk_phone(ADA, EndCall(call_id=record.call_id)))
        end = await ada.hears(CallEnded, 2)
        assert end.reason is HangupReason.PHONE_CALL_ENDED
        assert ada.names().count("phone_switched") == 2


async def test_a_call_that_is_dialed_at_the_desk_phone_begins_there(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        result = done(await house.center.desk_phone(ADA, Dial(contact=NUMBER)))
        call = await ada.rings()
        assert result == {"callId": call.call_id}
        own = next(one for one in call.participants if one.agent_id == ADA.agent_id)
        assert not own.is_softphone
        assert ada.causes[-1] is None
        await house.pbx.customer_answers(call.call_id)
        await ada.hears(ParticipantConnected)
        done(
            await house.center.desk_phone(ADA, AddParticipant(call_id=call.call_id, contact=NUMBER))
        )
        await ada.hears(ParticipantAdded)
        assert "phone_switched" not in ada.names()
        assert set(ada.causes[2:]) == {None}


async def test_a_phone_can_be_chosen_for_an_agent(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.connects()
        phone = Phone(type=PhoneType.DESK_PHONE, number="12345")
        chosen = SetAgentConfig(agent_config=AgentConfig(selected_phone=phone))
        done(await house.center.desk_phone(ADA, chosen))
        assert (await ada.hears(AgentConfigChanged)).agent_config.selected_phone == phone


# ---- failures ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "event_type", "code"),
    [
        (AnswerCall(call_id="x"), "CALL_CONNECTED", "call_not_found"),
        (Hold(call_id="x", participant_id="y"), "HOLD_TOGGLE", "call_not_found"),
        (Mute(call_id="x"), "MUTE_TOGGLE", "call_not_found"),
        (PauseRecording(call_id="x"), "RECORDING_TOGGLE", "call_not_found"),
        (SendDigits(call_id="x", digits="one"), "AGENT_ERROR", "invalid_request"),
        (Dial(contact=NUMBER), "CALL_STARTED", "invalid_state"),
        (AddParticipant(call_id="x", contact=NUMBER), "PARTICIPANT_ADDED", "call_not_found"),
        (
            Swap(call_id="x", hold_participant_id="y", resume_participant_id="z"),
            "PARTICIPANTS_SWAPPED",
            "call_not_found",
        ),
    ],
)
async def test_a_failure_is_told_by_its_own_event(
    tmp_path: Path, command: object, event_type: str, code: str
) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.connects()
        reply = await house.center.desk_phone(ADA, command)  # type: ignore[arg-type]
        assert refused(reply).code == code
        told = await ada.hears(ActionFailed)
        assert (told.event_type, told.code) == (event_type, code)
        assert told.message == refused(reply).message
        assert ada.causes == [None]


async def test_who_is_refused_at_the_desk_phone_stays_at_the_softphone(tmp_path: Path) -> None:
    async with build_center(tmp_path, pbx_type=DeafSwitch) as house:
        ada = house.seat(ADA)
        record = await talking(house, ada)
        where = {"call_id": record.call_id, "participant_id": customer_id(record)}
        for command in (
            Hold(call_id=record.call_id, participant_id="nobody"),
            Hold(**where),
            DeclineCall(call_id=record.call_id),
            SendDigits(call_id=record.call_id, digits="one"),
            AddParticipant(call_id=record.call_id, contact=Contact(phone_number="1")),
        ):
            refused(await house.center.desk_phone(ADA, command))
        assert await house.record(record.call_id) == record
        await ada.listens()
        assert "phone_switched" not in ada.names()
        done(await house.center.desk_phone(ADA, Resume(**where)))
        assert not part_of(await house.record(record.call_id), ADA).is_softphone


async def test_who_adds_somebody_at_the_desk_phone_is_there_first(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        record = await talking(house, ada)
        before = len(await ada.listens())
        add = AddParticipant(call_id=record.call_id, contact=NUMBER)
        done(await house.center.desk_phone(ADA, add))
        told = [one.name for one in (await ada.listens())[before:]]
        assert told == ["phone_switched", "participant_held", "participant_added"]
        await ada.mirrors_the_server()


class DeafSwitch(SimulatedPbx):
    """A switch that cannot put anybody on hold."""

    async def hold(self, call_id: str, participant_id: str) -> None:
        raise SwitchError("The line is bad")


async def test_what_the_switch_refuses_is_told_too(tmp_path: Path) -> None:
    async with build_center(tmp_path, pbx_type=DeafSwitch) as house:
        ada = house.seat(ADA)
        record = await talking(house, ada)
        hold = Hold(call_id=record.call_id, participant_id=customer_id(record))
        assert refused(await house.center.desk_phone(ADA, hold)).code == "switch_failed"
        told = await ada.hears(ActionFailed)
        assert (told.event_type, told.message) == ("HOLD_TOGGLE", "The line is bad")


async def test_what_no_desk_phone_can_do(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        with pytest.raises(InvalidRequestError):
            await house.center.desk_phone(ADA, LogOut())
        with pytest.raises(NotFoundError):
            await house.center.desk_phone(replace(ADA, agent_id="nobody"), Dial(contact=NUMBER))


def test_only_commands_of_agents_without_a_phone_are_left_out() -> None:
    left_out = {name for name, command in COMMANDS.items() if command not in EVENT_TYPES}
    assert left_out == {
        "sign_recording_url",
        "report_presence_statuses",
        "report_agent_work",
        "search_contacts",
        "set_agent_status",
        "end_wrap_up",
        "send_message",
        "log_out",
    }


# ---- what the switch says of an offer ------------------------------------------------------------


@pytest.mark.parametrize("status", [HangupStatus.MISSED_AGENT, HangupStatus.FAILED_CONNECT_AGENT])
async def test_an_offer_that_fails_goes_to_somebody_else(
    tmp_path: Path, status: HangupStatus
) -> None:
    async with build_center(tmp_path) as house:
        ada, ben = house.seat(ADA), house.seat(BEN)
        await ben.connects()
        call_id = await ringing(house, ada)
        await ben.goes_online()
        await house.center.fail_offer(ADA, call_id, status)
        end = await ada.hears(CallEnded)
        assert (end.reason, end.agent_status, end.close_call_on_error) == (
            HangupReason.PHONE_CALL_ERROR,
            status,
            False,
        )
        assert (await ada.agent()).state is AgentState.AVAILABLE
        assert (await ben.rings()).call_id == call_id


async def test_only_what_rings_can_fail(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        record = await talking(house, ada)
        with pytest.raises(ConflictError):
            await house.center.fail_offer(ADA, record.call_id, HangupStatus.MISSED_AGENT)
        for key, call_id in ((BEN, record.call_id), (ADA, "nothing")):
            with pytest.raises(NotFoundError):
                await house.center.fail_offer(key, call_id, HangupStatus.MISSED_AGENT)
        assert not (await house.record(record.call_id)).is_over


class LostSwitch(SimulatedPbx):
    """A switch that cannot take an offer back."""

    async def withdraw_offer(self, call_id: str, agent: object) -> None:
        raise SwitchError("The line is bad")


async def test_a_switch_that_does_not_let_go_is_said(tmp_path: Path) -> None:
    async with build_center(tmp_path, pbx_type=LostSwitch) as house:
        ada = house.seat(ADA)
        call_id = await ringing(house, ada)
        with pytest.raises(ConflictError, match="The line is bad"):
            await house.center.fail_offer(ADA, call_id, HangupStatus.MISSED_AGENT)
        assert (await ada.agent()).state is AgentState.ON_CALL
