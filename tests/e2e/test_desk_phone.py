"""What the agent does at the desk phone shows in the softphone, and so does what fails there."""

from typing import Any
from urllib.error import HTTPError

import pytest
from playwright.sync_api import expect

from tests.support.floor import ADA, BEN, CUSTOMER, MARIA, THEO, THEO_SHOWN, Floor

pytestmark = pytest.mark.e2e


def talks_at_desk(floor: Floor) -> str:
    """Let Ada answer the customer at the desk phone; returns the call's id."""
    ada, remote = floor.ada, floor.remote
    call_id = floor.rings(ada)
    remote.choose_agent("Ada Agent")
    remote.at_desk("Accept Call", "desk-ringing")
    ada.expect_call("connected")
    return call_id


def at_desk(floor: Floor, action: str, *, user: str = ADA, **details: Any) -> None:
    floor.demo(f"agents/{user}/desk-phone", {"action": action, **details})


def customer_of(floor: Floor) -> str:
    parties = floor.call()["participants"]
    found = [one for one in parties if one["participantType"] == "Initial_Caller"]
    return str(found[0]["participantId"])


def test_what_is_done_there_shows_here(floor: Floor) -> None:
    ada, remote = floor.ada, floor.remote

    call_id = talks_at_desk(floor)

    connected = ada.event("CALL_CONNECTED")
    assert (connected["callId"], connected["callInfo"]["isSoftphoneCall"]) == (call_id, False)
    assert ada.sent("ACCEPT_CALL") == []
    remote.with_party("Hold", "Customer")
    ada.expect_call("held")
    toggle = ada.event("HOLD_TOGGLE")
    assert toggle["isCustomerOnHold"] is True
    assert toggle["calls"][call_id]["callInfo"]["isSoftphoneCall"] is False
    remote.with_party("Resume", "Customer")
    ada.expect_call("connected")
    remote.at_desk("Mute")
    ada.expect_flag("Muted")
    assert ada.event("MUTE_TOGGLE")["isMuted"] is True
    remote.at_desk("Unmute")
    ada.expect_no_flag("Muted")
    remote.at_desk("Pause Recording")
    ada.expect_flag("Recording paused")
    remote.at_desk("Resume Recording")
    ada.expect_no_flag("Recording paused")
    remote.at_desk("End Call")
    ada.expect_no_call()
    assert [one["callInfo"]["isSoftphoneCall"] for one in ada.event("HANGUP")] == [False]
    ada.event("AFTER_CALL_WORK_STARTED")
    assert ada.events("ERROR", "INFO") == []


def test_a_transfer_there_shows_here(floor: Floor) -> None:
    ada, remote = floor.ada, floor.remote
    talks_at_desk(floor)

    remote.bring_in("Add", number=THEO)
    ada.expect_party(THEO_SHOWN, "ringing")
    ada.expect_party(MARIA, "held")
    assert ada.event("PARTICIPANT_ADDED")["callInfo"]["isSoftphoneCall"] is False
    remote.answers("Third party")
    ada.expect_party(THEO_SHOWN, "connected")
    remote.at_desk("Swap", "desk-swap")
    ada.expect_party(MARIA, "connected")
    ada.expect_party(THEO_SHOWN, "held")
    remote.at_desk("Conference")
    ada.expect_party(THEO_SHOWN, "connected")
    remote.end_leg("Third party")
    ada.expect_parties(0)
    ada.event("PARTICIPANT_REMOVED")
    ada.expect_card(MARIA, "connected")
    assert "ADD_PARTICIPANT" not in [one["message"].get("type") for one in ada.log()]


def test_a_blind_transfer_there_ends_the_call_here(floor: Floor) -> None:
    ada, ben, remote = floor.ada, floor.ben, floor.remote
    floor.free(ben)
    talks_at_desk(floor)

    remote.bring_in("Blind Transfer", contact="Ben Agent")

    ada.expect_no_call()
    assert len(ada.events("HANGUP")) == 1
    ben.expect_call("ringing")
    assert ben.event("CALL_STARTED")["callType"] == "Transfer"


def test_a_call_that_is_dialled_there(floor: Floor) -> None:
    ada, remote = floor.ada, floor.remote
    floor.free(ada)
    remote.choose_agent("Ada Agent")

    remote.start("Outbound Call", CUSTOMER)

    ada.expect_call("ringing")
    started = ada.event("CALL_STARTED")
    assert (started["callType"], started["callInfo"]["isSoftphoneCall"]) == ("Outbound", False)
    remote.answers("Customer")
    ada.expect_card(MARIA, "connected")
    assert len(floor.server.voice_calls(started["callId"])) == 1


def test_a_call_is_declined_there(floor: Floor) -> None:
    ada, remote = floor.ada, floor.remote
    floor.rings(ada)
    remote.choose_agent("Ada Agent")

    remote.at_desk("Decline Call", "desk-ringing")

    ada.expect_no_call()
    (declined,) = ada.event("HANGUP")
    assert (declined["reason"], declined["agentStatus"]) == ("error", "DeclinedByAgent")


@pytest.mark.parametrize(
    ("button", "status"),
    [("Missed Call", "MissedCallAgent"), ("Call Error", "FailedConnectAgent")],
)
def test_an_offer_that_fails_goes_to_somebody_else(floor: Floor, button: str, status: str) -> None:
    ada, ben, remote = floor.ada, floor.ben, floor.remote
    call_id = floor.rings(ada)
    floor.free(ben)
    remote.choose_agent("Ada Agent")

    remote.at_desk(button, "desk-ringing")

    ada.expect_no_call()
    (failed,) = ada.event("HANGUP")
    assert (failed["reason"], failed["agentStatus"]) == ("error", status)
    assert failed["closeCallOnError"] is False
    ben.expect_call("ringing")
    assert ben.event("CALL_STARTED")["callId"] == call_id
    assert ada.events("AFTER_CALL_WORK_STARTED") == []
    # "Update Status on Push Time-Out" is Salesforce's setting; the softphone plays it.
    expect(ada.page.get_by_test_id("agent-status")).to_contain_text("Busy")


@pytest.mark.parametrize(
    ("action", "error"),
    [
        ("hold", "CAN_NOT_TOGGLE_HOLD"),
        ("mute", "CAN_NOT_TOGGLE_MUTE"),
        ("pause_recording", "CAN_NOT_TOGGLE_RECORD"),
        ("add_participant", "CAN_NOT_ADD_PARTICIPANT"),
        ("conference", "CAN_NOT_CONFERENCE"),
        ("end_call", "CAN_NOT_END_THE_CALL"),
    ],
)
def test_a_failure_there_is_shown_here(floor: Floor, action: str, error: str) -> None:
    ada, remote = floor.ada, floor.remote
    call_id = talks_at_desk(floor)
    details = {
        "hold": {"participantId": customer_of(floor)},
        "add_participant": {"phoneNumber": THEO},
    }
    remote.display_error()

    with pytest.raises(HTTPError, match="502"):
        at_desk(floor, action, callId=call_id, **details.get(action, {}))

    assert ada.event("ERROR")["message"] == error
    remote.stop_errors()
    ada.expect_call("connected")


def test_the_agent_goes_on_at_the_softphone(floor: Floor) -> None:
    ada, remote = floor.ada, floor.remote
    talks_at_desk(floor)

    ada.press("Hold")
    ada.expect_call("held")
    expect(remote.party("Customer")).to_contain_text("on hold")
    ada.press("End Call")
    ada.expect_no_call()
    assert floor.agent(BEN)["state"] == "offline"
