"""Presence statuses both ways, the table of the guide, and the agent's own settings."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from connector_py.entities import (
    AgentConfig,
    AgentConfigChanged,
    AgentState,
    AgentStatus,
    AgentStatusInfo,
    AgentStatusRequested,
    AnswerCall,
    Contact,
    DeclineCall,
    Dial,
    EndCall,
    EndWrapUp,
    HidDevice,
    ParticipantConnected,
    Phone,
    PhoneType,
    PresenceStatus,
    ReportPresenceStatuses,
    SetAgentConfig,
    SetAgentStatus,
)
from server.entities import MappedStatus
from server.errors import ConflictError, InvalidRequestError, NotFoundError
from server.pbx import NextDial
from tests.support.center_verbs import customer_id, done, refused, shared, talking, voice
from tests.support.server_fakes import (
    ADA,
    AVAILABLE,
    BEN,
    TENANT_ID,
    CenterHouse,
    Seat,
    build_center,
)

OFFLINE = PresenceStatus(status_id="0", status_name="Offline", is_offline=True)
ONLINE = PresenceStatus(status_id="0N5000000000001AAA", status_name="Available", has_channels=True)
AWAY = PresenceStatus(status_id="0N5000000000002AAA", status_name="On  a Break")
BUSY = PresenceStatus(status_id="0N5000000000003AAA", status_name="Busy")
REPORT = ReportPresenceStatuses(statuses=(OFFLINE, ONLINE, AWAY, BUSY))
NUMBER = Contact(phone_number="+12025550123")


# ---- the table of the org ------------------------------------------------------------------------


async def test_the_statuses_of_an_org_get_names_in_the_telephony_system(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        assert await house.center.status_map(TENANT_ID) == []
        done(await ada.asks(REPORT))
        assert await house.center.status_map(TENANT_ID) == [
            MappedStatus(
                status_id="0",
                status_name="Offline",
                has_channels=False,
                is_offline=True,
                telephony_status="offline",
            ),
            MappedStatus(
                status_id=ONLINE.status_id,
                status_name="Available",
                has_channels=True,
                is_offline=False,
                telephony_status="available",
            ),
            MappedStatus(
                status_id=AWAY.status_id,
                status_name="On  a Break",
                has_channels=False,
                is_offline=False,
                telephony_status="on_a_break",
            ),
            MappedStatus(
                status_id=BUSY.status_id,
                status_name="Busy",
                has_channels=False,
                is_offline=False,
                telephony_status="busy",
            ),
        ]


async def test_names_that_an_administrator_chose_stay(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        done(await ada.asks(REPORT))
        names = {AWAY.status_id[:15]: "busy", BUSY.status_id: " lunch "}
        await house.center.rename_statuses(TENANT_ID, names)
        renamed = replace(BUSY, status_name="Busy now")
        # Ben has fewer statuses; those that only Ada has stay.
        done(await house.seat(BEN).asks(ReportPresenceStatuses(statuses=(renamed,))))
        found = await house.center.status_map(TENANT_ID)
        told = {one.status_name: one.telephony_status for one in found}
        assert told == {
            "Offline": "offline",
            "Available": "available",
            "On  a Break": "busy",
            "Busy now": "lunch",
        }


async def test_two_statuses_may_swap_their_names_but_not_share_one(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        done(await house.seat(ADA).asks(REPORT))
        rename = house.center.rename_statuses
        await rename(TENANT_ID, {AWAY.status_id: "busy", BUSY.status_id: "on_a_break"})
        with pytest.raises(ConflictError):
            await rename(TENANT_ID, {AWAY.status_id: "available"})
        with pytest.raises(NotFoundError):
            await rename(TENANT_ID, {"0N5000000000009AAA": "coffee"})
        with pytest.raises(InvalidRequestError):
            await rename(TENANT_ID, {AWAY.status_id: "  "})
        found = await house.center.status_map(TENANT_ID)
        told = {one.status_id: one.telephony_status for one in found}
        assert (told[AWAY.status_id], told[BUSY.status_id]) == ("busy", "on_a_break")


async def test_of_two_statuses_with_one_name_the_second_is_known_by_its_id(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        twin = replace(AWAY, status_id="0N5000000000008AAA", status_name="busy")
        done(await house.seat(ADA).asks(ReportPresenceStatuses(statuses=(BUSY, twin))))
        found = await house.center.status_map(TENANT_ID)
        assert [one.telephony_status for one in found] == ["busy", twin.status_id]


# ---- from the telephony system to Salesforce -----------------------------------------------------


async def test_the_telephony_system_asks_for_a_status_by_either_name(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        done(await ada.asks(REPORT))
        await house.center.request_agent_status(ADA, telephony_status="on_a_break")
        wanted = AgentStatusInfo(status_id=AWAY.status_id, status_name="On  a Break")
        assert (await ada.hears(AgentStatusRequested)).status_info == wanted
        await house.center.request_agent_status(ADA, status_id=BUSY.status_id[:15])
        told = await ada.hears(AgentStatusRequested, 2)
        assert told.status_info.status_id == BUSY.status_id
        # It is Salesforce who sets it.
        assert (await ada.agent()).state is AgentState.AVAILABLE


async def test_a_status_that_the_org_does_not_have_is_not_asked_for(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        request = house.center.request_agent_status
        await request(ADA, status_id="0N5whatever")  # no status is known yet
        done(await house.seat(ADA).asks(REPORT))
        for unknown in ({"status_id": "0N5whatever"}, {"telephony_status": "coffee"}):
            with pytest.raises(NotFoundError):
                await request(ADA, **unknown)
        for unclear in ({}, {"status_id": "0", "telephony_status": "offline"}):
            with pytest.raises(InvalidRequestError):
                await request(ADA, **unclear)
        with pytest.raises(NotFoundError):
            await request(replace(ADA, agent_id="nobody"), status_id="0")


async def test_a_status_wanted_during_a_call_is_asked_for_after_it(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        record = await talking(house, ada)
        done(await ada.asks(REPORT))
        await house.center.request_agent_status(ADA, telephony_status="busy")
        await house.center.request_agent_status(ADA, telephony_status="on_a_break")
        await ada.listens()
        assert "agent_status_requested" not in ada.names()
        done(await ada.asks(EndCall(call_id=record.call_id)))
        await ada.listens()
        assert "agent_status_requested" not in ada.names(), "after-call work goes on"
        done(await ada.asks(EndWrapUp(call_id=record.call_id)))
        told = await ada.hears(AgentStatusRequested)
        assert told.status_info.status_id == AWAY.status_id
        assert ada.names().count("agent_status_requested") == 1
        assert (await ada.agent()).requested_status is None


async def test_what_the_agent_chooses_later_counts_more(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        record = await talking(house, ada)
        await house.center.request_agent_status(ADA, status_id="0")
        done(await ada.sets(AgentStatus.ONLINE))
        done(await ada.asks(EndCall(call_id=record.call_id)))
        await ada.listens()
        assert "agent_status_requested" not in ada.names()


async def test_a_wanted_status_outlives_a_restart(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        record = await talking(house, ada)
        await house.center.request_agent_status(ADA, status_id="0")
        clock = house.clock
    async with build_center(tmp_path, clock=clock, prefix="again") as house:
        ada = house.seat(ADA)
        await ada.connects()
        done(await ada.asks(EndCall(call_id=record.call_id)))
        done(await ada.asks(EndWrapUp(call_id=record.call_id)))
        assert (await ada.hears(AgentStatusRequested)).status_info.status_id == "0"


# ---- from Salesforce to the telephony system -----------------------------------------------------


async def test_an_unknown_status_is_refused_once_the_org_named_its_own(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.connects()
        strange = AgentStatusInfo(status_id="0N5strange")
        done(await ada.sets(AgentStatus.ONLINE, strange))
        done(await ada.asks(REPORT))
        assert refused(await ada.sets(AgentStatus.OFFLINE, strange)).code == "invalid_agent_status"
        assert (await ada.agent()).state is AgentState.AVAILABLE
        # The id with 15 characters, the reserved one, and none at all are fine.
        done(await ada.sets(AgentStatus.ONLINE, AVAILABLE))
        done(await ada.sets(AgentStatus.OFFLINE, AgentStatusInfo(status_id="0")))
        done(await ada.sets(AgentStatus.OFFLINE, None))


async def test_whether_salesforce_has_to_sync_the_status(tmp_path: Path) -> None:
    now, later = {"isStatusSyncNeeded": True}, {"isStatusSyncNeeded": False}
    enqueue = SetAgentStatus(
        agent_status=AgentStatus.OFFLINE,
        status_info=AgentStatusInfo(status_id="0"),
        enqueue_next_state=True,
    )
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.connects()
        assert done(await ada.sets(AgentStatus.ONLINE)) == now
        record = await talking(house, ada)
        assert done(await ada.sets(AgentStatus.ONLINE)) == later
        done(await ada.asks(EndCall(call_id=record.call_id)))
        assert done(await ada.asks(enqueue)) == later
        assert (await ada.agent()).state is AgentState.AFTER_CALL_WORK
        assert done(await ada.asks(SetAgentStatus(agent_status=AgentStatus.ACW))) == now
        assert done(await ada.sets(AgentStatus.ONLINE)) == now


async def test_a_status_waits_only_where_the_org_allows_it(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.connects()
        await shared(house, has_pending_status_change=False)
        waiting = SetAgentStatus(agent_status=AgentStatus.ONLINE, enqueue_next_state=True)
        assert refused(await ada.asks(waiting)).code == "not_supported"
        assert (await ada.agent()).state is AgentState.OFFLINE
        done(await ada.sets(AgentStatus.ONLINE))


# ---- guide chapter 12, "Understand Agent Statuses", row by row -----------------------------------


async def logged_in_as_offline(house: CenterHouse, ada: Seat) -> None:
    await ada.connects()
    done(await ada.sets(AgentStatus.OFFLINE, AgentStatusInfo(status_id="0")))


async def logged_in_as_online(house: CenterHouse, ada: Seat) -> None:
    await ada.goes_online()


async def makes_outbound_call(house: CenterHouse, ada: Seat) -> None:
    await ada.goes_online()
    done(await ada.asks(Dial(contact=NUMBER)))


async def during_outbound_call(house: CenterHouse, ada: Seat) -> None:
    await makes_outbound_call(house, ada)
    call = await ada.rings()
    await house.pbx.customer_answers(call.call_id)
    await house.record_when(call.call_id, lambda one: one.answered_at is not None)


async def wraps_up_outbound_call(house: CenterHouse, ada: Seat) -> None:
    await during_outbound_call(house, ada)
    done(await ada.asks(EndCall(call_id=(await ada.rings()).call_id)))


async def closes_tab_of_outbound_call(house: CenterHouse, ada: Seat) -> None:
    await wraps_up_outbound_call(house, ada)
    done(await ada.sets(AgentStatus.ONLINE))


async def receives_inbound_call(house: CenterHouse, ada: Seat) -> None:
    await ada.goes_online()
    await house.customer_calls(wanted=ADA)
    await ada.rings()


async def accepts_inbound_call(house: CenterHouse, ada: Seat) -> None:
    await receives_inbound_call(house, ada)
    done(await ada.asks(AnswerCall(call_id=(await ada.rings()).call_id)))


async def declines_inbound_call(house: CenterHouse, ada: Seat) -> None:
    await receives_inbound_call(house, ada)
    done(await ada.asks(DeclineCall(call_id=(await ada.rings()).call_id)))


async def during_inbound_call(house: CenterHouse, ada: Seat) -> None:
    await accepts_inbound_call(house, ada)
    await ada.hears(ParticipantConnected)


async def wraps_up_inbound_call(house: CenterHouse, ada: Seat) -> None:
    await accepts_inbound_call(house, ada)
    await house.pbx.customer_hangs_up((await ada.rings()).call_id)
    await house.record_when((await ada.rings()).call_id, lambda one: one.is_over)


async def closes_tab_of_inbound_call(house: CenterHouse, ada: Seat) -> None:
    await wraps_up_inbound_call(house, ada)
    done(await ada.sets(AgentStatus.ONLINE))


Action = Callable[[CenterHouse, Seat], Awaitable[None]]


@pytest.mark.parametrize(
    ("action", "is_routable", "state"),
    [
        (logged_in_as_offline, False, AgentState.OFFLINE),
        (logged_in_as_online, True, AgentState.AVAILABLE),
        (makes_outbound_call, False, AgentState.ON_CALL),
        (during_outbound_call, False, AgentState.ON_CALL),
        (wraps_up_outbound_call, False, AgentState.AFTER_CALL_WORK),
        (closes_tab_of_outbound_call, True, AgentState.AVAILABLE),
        (receives_inbound_call, False, AgentState.ON_CALL),
        (accepts_inbound_call, False, AgentState.ON_CALL),
        (declines_inbound_call, True, AgentState.AVAILABLE),
        (during_inbound_call, False, AgentState.ON_CALL),
        (wraps_up_inbound_call, False, AgentState.AFTER_CALL_WORK),
        (closes_tab_of_inbound_call, True, AgentState.AVAILABLE),
    ],
)
async def test_agent_statuses_are_as_in_the_guide(
    tmp_path: Path, action: Action, is_routable: bool, state: AgentState
) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await action(house, ada)
        assert (await ada.agent()).state is state
        before = len([name for name in await names(ada) if name == "call_started"])
        call_id = await house.customer_calls(wanted=ADA)
        record = await house.record_when(call_id, lambda one: one.call.queued_at is not None)
        if is_routable:
            assert (await ada.rings(before + 1)).call_id == call_id
        else:
            await house.clock.advance(5)
            assert (await names(ada)).count("call_started") == before
            assert record.agents == ()


async def names(seat: Seat) -> list[str]:
    await seat.listens()
    return seat.names()


async def test_a_call_that_failed_leaves_no_wrap_up_and_the_wanted_status_is_told(
    tmp_path: Path,
) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        house.pbx.set_next_dial(NextDial.BUSY, ring_seconds=5)
        done(await ada.asks(Dial(contact=NUMBER)))
        await house.center.request_agent_status(ADA, status_id="0")
        await house.clock.advance(5)
        await ada.hears(AgentStatusRequested)
        assert (await ada.agent()).state is AgentState.AVAILABLE


# ---- phones and devices --------------------------------------------------------------------------

DESK_PHONE = Phone(type=PhoneType.DESK_PHONE, number="+1 (202) 555-0177")
SOFT_PHONE = Phone(type=PhoneType.SOFT_PHONE)
HEADSET = HidDevice(vendor_id=1151, product_id=49222)


async def test_what_is_not_chosen_stays(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.connects()
        full = AgentConfig(
            selected_phone=SOFT_PHONE,
            speaker_device_id="speaker-1",
            microphone_device_id="microphone-1",
            hid_device_info=HEADSET,
        )
        done(await ada.asks(SetAgentConfig(agent_config=full)))
        done(await ada.asks(SetAgentConfig(agent_config=AgentConfig(selected_phone=DESK_PHONE))))
        told = (await ada.hears(AgentConfigChanged, 2)).agent_config
        assert told.selected_phone == DESK_PHONE
        assert (told.speaker_device_id, told.microphone_device_id) == ("speaker-1", "microphone-1")
        assert told.hid_device_info == HEADSET
        assert told.phones == ("SOFT_PHONE", "DESK_PHONE")
        welcome = await house.center.open_link(ADA, instance_id="p", epoch=None, offset=0)
        assert welcome.agent.agent_config == told
        # The same choice again is no news.
        done(await ada.asks(SetAgentConfig(agent_config=AgentConfig(selected_phone=DESK_PHONE))))
        assert (await names(ada)).count("agent_config_changed") == 2


@pytest.mark.parametrize(
    ("flag", "config"),
    [
        ("has_set_external_speaker_device_setting", {"speaker_device_id": "other"}),
        ("has_set_external_microphone_device_setting", {"microphone_device_id": "other"}),
        ("is_hid_supported", {"hid_device_info": HEADSET}),
    ],
)
async def test_devices_that_the_org_does_not_allow_are_refused(
    tmp_path: Path, flag: str, config: dict[str, object]
) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.connects()
        await voice(house, **{flag: False})
        other = AgentConfig(selected_phone=DESK_PHONE, **config)  # type: ignore[arg-type]
        assert refused(await ada.asks(SetAgentConfig(agent_config=other))).code == "not_supported"
        assert (await ada.agent()).has_softphone
        unchanged = AgentConfig(
            selected_phone=DESK_PHONE, speaker_device_id="", microphone_device_id=""
        )
        done(await ada.asks(SetAgentConfig(agent_config=unchanged)))
        assert not (await ada.agent()).has_softphone


async def test_calls_ring_where_the_agent_hears_them(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        done(await ada.asks(SetAgentConfig(agent_config=AgentConfig(selected_phone=DESK_PHONE))))
        await house.customer_calls(wanted=ADA)
        call = await ada.rings()
        own = [one.is_softphone for one in call.participants if one.agent_id == ADA.agent_id]
        assert own == [False]
        done(await ada.asks(DeclineCall(call_id=call.call_id)))
        await house.pbx.customer_hangs_up(call.call_id)
        await house.record_when(call.call_id, lambda one: one.is_over)
        done(await ada.asks(Dial(contact=NUMBER)))
        dialed = await ada.rings(2)
        own = [one.is_softphone for one in dialed.participants if one.agent_id == ADA.agent_id]
        assert own == [False]
        record = await house.record(dialed.call_id)
        assert customer_id(record)
