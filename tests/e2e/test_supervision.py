"""A supervisor listens in, barges in and leaves, at the softphone and at the desk phone."""

import pytest
from playwright.sync_api import expect

from tests.support.floor import ADA, BEN, CUSTOMER, MARIA, Floor

pytestmark = pytest.mark.e2e


def ben_listens(floor: Floor) -> str:
    """Ada talks with Maria and Ben listens; returns the call's id."""
    ada, ben = floor.ada, floor.ben
    call_id = floor.talks(ada)
    floor.free(ben)
    ben.listen_in("Ada Agent")
    ben.expect_supervising("connected")
    return call_id


def test_listening_in_is_not_noticed(floor: Floor) -> None:
    ada, ben = floor.ada, floor.ben
    call_id = ben_listens(floor)

    connected = ben.event("SUPERVISOR_CALL_CONNECTED")
    assert connected["callId"] == call_id
    assert connected["callAttributes"]["participantType"] == "Supervisor"
    assert ben.message("SUPERVISE_CALL")["call"]["callId"] == call_id
    expect(floor.remote.party("Supervisor", "Ben Agent")).to_contain_text("listens")
    assert ada.events("CALL_BARGED_IN") == []
    ada.expect_parties(0)
    ben.expect_no_call()

    ben.stop_listening()

    ben.expect_not_supervising()
    ben.event("SUPERVISOR_HANGUP")
    ada.expect_call("connected")
    floor.expect_state(BEN, "available")
    assert ben.events("AFTER_CALL_WORK_STARTED") == []


def test_the_supervised_agent_sees_who_barges_in(floor: Floor) -> None:
    ada, ben = floor.ada, floor.ben
    call_id = ben_listens(floor)

    ben.barge_in()

    ben.expect_supervising("barged-in")
    ben.event("SUPERVISOR_BARGED_IN")
    told = ada.event("CALL_BARGED_IN")
    assert (told["callId"], told["supervisorName"]) == (call_id, "Ben Agent")
    ada.expect_flag("Supervisor Ben Agent is on the call")
    expect(floor.remote.party("Supervisor", "Ben Agent")).to_contain_text("barged in")
    ben.stop_listening()
    ben.expect_not_supervising()
    ada.expect_call("connected")


def test_the_end_of_the_call_ends_the_supervision(floor: Floor) -> None:
    ada, ben = floor.ada, floor.ben
    ben_listens(floor)

    ada.press("End Call")

    ada.expect_no_call()
    ben.expect_not_supervising()
    ben.event("SUPERVISOR_HANGUP")
    floor.expect_state(BEN, "available")


def test_accepting_a_call_ends_the_supervision_first(floor: Floor) -> None:
    ada, ben = floor.ada, floor.ben
    ben_listens(floor)
    other = floor.demo("inbound-calls", {"from": "+14155550144", "userName": BEN})["callId"]
    ben.open_tab("Call")
    ben.expect_card("555-0144", "ringing")

    ben.press("Accept")

    ben.expect_card("555-0144", "connected")
    ben.expect_not_supervising()
    names = ben.names()
    assert names.index("SUPERVISOR_HANGUP") < names.index("CALL_CONNECTED")
    assert ben.event("CALL_CONNECTED")["callId"] == other
    assert len(ben.events("SUPERVISOR_HANGUP")) == 1
    ada.expect_card(MARIA, "connected")


def test_a_supervisor_pauses_the_recording_once_heard(floor: Floor) -> None:
    ada, ben = floor.ada, floor.ben
    ben_listens(floor)
    ben.barge_in()
    ben.expect_supervising("barged-in")

    ben.supervised.get_by_role("button", name="Pause Recording").click()

    assert ben.event("RECORDING_TOGGLE")["isRecordingPaused"] is True
    ada.expect_flag("Recording paused")
    ben.supervised.get_by_role("button", name="Resume Recording").click()
    ada.expect_no_flag("Recording paused")


def test_without_the_capability_nobody_barges_in(floor: Floor) -> None:
    floor.change_settings(voiceCapabilities={"hasSupervisorBargeIn": False})
    floor.ben.reload()
    ben_listens(floor)

    barge_in = floor.ben.supervised.get_by_role("button", name="Barge In")
    expect(barge_in).to_be_hidden()
    floor.ben.stop_listening()
    floor.ben.expect_not_supervising()


def test_a_supervision_comes_back_after_a_reload(floor: Floor) -> None:
    ben = floor.ben
    call_id = ben_listens(floor)

    ben.reload()

    ben.open_tab("Supervisor")
    ben.expect_supervising("connected")
    assert ben.event("SUPERVISOR_CALL_CONNECTED")["callId"] == call_id
    ben.barge_in()
    ben.expect_supervising("barged-in")


def test_a_supervisor_at_the_desk_phone(floor: Floor) -> None:
    ada, ben, remote = floor.ada, floor.ben, floor.remote
    call_id = floor.talks(ada)
    floor.free(ben)
    remote.choose_agent("Ben Agent")
    remote.use_desk_phone("+12025550142")

    ben.listen_in("Ada Agent")
    ben.expect_supervising("ringing")
    started = ben.event("SUPERVISOR_CALL_STARTED")
    assert started["callInfo"]["isSoftphoneCall"] is False
    remote.at_desk("Join", "desk-supervise")
    ben.expect_supervising("connected")
    remote.at_desk("Barge In", "desk-supervise")
    ben.expect_supervising("barged-in")
    assert ada.event("CALL_BARGED_IN")["callId"] == call_id
    remote.at_desk("Leave", "desk-supervise")

    ben.expect_not_supervising()
    ada.expect_call("connected")
    remote.use_softphone()
    assert floor.agent(ADA)["state"] == "on_call"
    assert CUSTOMER in str(floor.call())
