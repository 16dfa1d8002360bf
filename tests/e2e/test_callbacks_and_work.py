"""Callbacks, dialers, contact requests and voicemails through the pages."""

import pytest
from playwright.sync_api import expect

from tests.support.demo_server import wait_until
from tests.support.floor import ADA, BEN, CUSTOMER, MARIA, THEO, THEO_SHOWN, Floor

pytestmark = pytest.mark.e2e


def wants_callback(floor: Floor) -> str:
    """Let the customer ask Ada for a callback; returns its id while it is offered."""
    floor.free(floor.ada)
    call_id = str(floor.demo("callbacks", {"phoneNumber": CUSTOMER, "userName": ADA})["callId"])
    floor.ada.expect_card(MARIA, "ringing")
    return call_id


# ---------------------------------------------------------------------------------- callbacks


def test_a_queued_callback_is_accepted_and_then_dialled(floor: Floor) -> None:
    ada, remote = floor.ada, floor.remote

    call_id = wants_callback(floor)

    queued = ada.event("QUEUED_CALL_STARTED")
    assert (queued["callId"], queued["callType"]) == (call_id, "Callback")
    assert floor.record(call_id)["callType"] == "Callback"
    expect(remote.party("Customer")).to_contain_text("not called yet")
    ada.press("Accept")
    expect(ada.page.get_by_test_id("call-state-text")).to_have_text("Calling…")
    remote.answers("Customer")
    ada.expect_card(MARIA, "connected")
    ada.press("End Call")
    ada.expect_no_call()
    ada.event("AFTER_CALL_WORK_STARTED")
    assert len(floor.server.voice_calls(call_id)) == 1


def test_a_callback_is_joined_to_the_call_in_which_it_was_asked_for(floor: Floor) -> None:
    ada = floor.ada
    before = str(floor.demo("inbound-calls", {"from": CUSTOMER})["callId"])
    floor.record(before)
    asked = {"phoneNumber": CUSTOMER, "userName": ADA, "initialCallId": before}
    call_id = str(floor.demo("callbacks", asked)["callId"])
    floor.demo(f"calls/{before}/customer-leaves")

    ada.become("Available")

    ada.expect_card(MARIA, "ringing")
    assert ada.event("QUEUED_CALL_STARTED")["callInfo"]["initialCallId"] == before
    assert floor.record(call_id)["previousCall"]["vendorCallKey"] == before


def test_a_declined_callback_goes_to_the_next_agent_with_the_same_voice_call(
    floor: Floor,
) -> None:
    ada, ben = floor.ada, floor.ben
    call_id = wants_callback(floor)
    voice_call_id = floor.record(call_id)["voiceCallId"]
    floor.free(ben)

    ada.press("Decline")

    ada.expect_no_call()
    assert ada.event("HANGUP")["agentStatus"] == "DeclinedByAgent"
    ben.expect_card(MARIA, "ringing")
    offered = ben.event("QUEUED_CALL_STARTED")
    assert offered["callId"] == call_id
    (record,) = floor.server.voice_calls(call_id)
    assert record["voiceCallId"] == voice_call_id
    ben.press("Accept")
    floor.remote.answers("Customer")
    ben.expect_card(MARIA, "connected")


def test_a_callback_after_a_reload_is_still_offered(floor: Floor) -> None:
    ada = floor.ada
    wants_callback(floor)

    ada.reload()

    ada.expect_card(MARIA, "ringing")
    ada.press("Accept")
    expect(ada.page.get_by_test_id("call-state-text")).to_have_text("Calling…")
    floor.remote.answers("Customer")
    ada.expect_card(MARIA, "connected")


def test_a_callback_that_does_not_reach_the_customer(floor: Floor) -> None:
    ada = floor.ada
    wants_callback(floor)
    floor.server.put("/demo/v1/pbx", {"nextDial": "busy"})

    ada.press("Accept")

    ada.expect_no_call()
    (ended,) = ada.event("HANGUP")
    assert ended["agentStatus"] == "FailedConnectCustomer"
    assert ada.events("AFTER_CALL_WORK_STARTED") == []


# --------------------------------------------------------------------------- contact requests


def offers_request(floor: Floor) -> str:
    """Give Ada a contact request of Maria; returns the title of the work item."""
    floor.free(floor.ada)
    body = {"phoneNumber": CUSTOMER, "userName": ADA, "name": "Maria"}
    floor.demo("contact-requests", body)
    floor.ada.expect_work("Contact request from Maria")
    return "Contact request from Maria"


def test_a_contact_request_is_called_back(floor: Floor) -> None:
    ada = floor.ada
    title = offers_request(floor)
    ada.do_work("Accept", title)
    ada.expect_work(title, "ACCEPTED")

    ada.do_work("Call Back", title)

    ada.expect_call("ringing")
    wait_until(
        "the dialled callback",
        lambda: ada.events("QUEUED_CALL_STARTED", "CALL_STARTED"),
    )
    assert {call["callType"] for _, call in ada.events("QUEUED_CALL_STARTED", "CALL_STARTED")} == {
        "DialedCallback"
    }
    floor.remote.answers("Customer")
    ada.expect_card(MARIA, "connected")
    ada.press("End Call")
    ada.expect_no_call()
    ada.do_work("Close", title)
    ada.expect_no_work()


def test_a_contact_request_is_passed_on_by_the_transfer_view(floor: Floor) -> None:
    ada, ben = floor.ada, floor.ben
    floor.free(ben)
    title = offers_request(floor)
    ada.do_work("Accept", title)
    ada.expect_work(title, "ACCEPTED")

    ada.do_work("Transfer", title)
    expect(ada.transfer_view).to_be_visible()
    ada.pass_on("Ben Agent", "Agents")

    assert "call" not in ada.message("ADD_PARTICIPANT")
    ben.expect_work(title)
    ada.expect_no_work()


def test_a_contact_request_that_cannot_be_passed_on_stays(floor: Floor) -> None:
    ada, remote = floor.ada, floor.remote
    title = offers_request(floor)
    ada.do_work("Accept", title)
    ada.expect_work(title, "ACCEPTED")
    ada.do_work("Transfer", title)
    ada.choose_destination("Ben Agent", "Agents")
    floor.change_settings(error={})
    ada.press("Transfer Request")
    refused = {"message": "CAN_NOT_ADD_PARTICIPANT"}
    wait_until("it is refused", lambda: ("ERROR", refused) in ada.events("ERROR"))
    floor.change_settings(error=None)
    ada.page.get_by_role("button", name="Close transfer view").click()

    ada.do_work("Call Back", title)
    remote.answers("Customer")
    ada.expect_card(MARIA, "connected")
    ada.add_participant(THEO)
    ada.expect_party(THEO_SHOWN, "ringing")
    remote.answers("Third party")
    ada.expect_party(THEO_SHOWN, "connected")

    expect(ada.transfer_view).to_be_hidden()
    ada.expect_work(title, "ACCEPTED")
    # During the call the message of a transfer would hand the call over.
    expect(ada.work(title).get_by_role("button", name="Transfer ")).to_be_disabled()
    events = [one["agentWork"]["workEvent"] for one in ada.sent("AGENT_WORK_EVENT")]
    assert events == ["ASSIGNED", "ACCEPTED"]


def test_a_contact_request_goes_to_agents_and_queues_only(floor: Floor) -> None:
    ada = floor.ada
    title = offers_request(floor)
    ada.do_work("Accept", title)
    ada.expect_work(title, "ACCEPTED")
    ada.do_work("Transfer", title)
    view = ada.transfer_view
    found = view.get_by_test_id("destination")

    expect(found.filter(has_text="Ben Agent")).to_be_visible()
    expect(found.filter(has_text="Support")).to_be_visible()
    expect(view.get_by_label("Contacts", exact=True)).to_be_hidden()
    expect(view.get_by_label("Flows", exact=True)).to_be_hidden()
    view.get_by_label("Search or Enter a Number").fill(THEO)
    expect(found).to_have_count(0)
    expect(view.get_by_role("button", name="Transfer Request")).to_be_disabled()
    view.get_by_role("button", name="Close transfer view").click()


def test_the_telephony_system_opens_the_transfer_view(floor: Floor) -> None:
    ada, remote = floor.ada, floor.remote
    floor.free(ada)
    remote.choose_agent("Ada Agent")
    remote.tab("Messages")

    remote.press_until_done("Show Transfer View", "transfer-view")

    expect(ada.transfer_view).to_be_visible()
    ada.event("SHOW_TRANSFER_VIEW")
    ada.page.get_by_role("button", name="Close transfer view").click()


# ------------------------------------------------------------------------ dialers, voicemail


def test_a_progressive_dialer_brings_a_customer_who_answered(floor: Floor) -> None:
    ada, remote = floor.ada, floor.remote
    floor.free(ada)
    remote.choose_agent("Ada Agent")

    remote.start("Progressive Dialer", CUSTOMER)

    ada.expect_card(MARIA, "ringing")
    started = ada.event("CALL_STARTED")
    assert started["callType"] == "Inbound"
    assert floor.record(started["callId"])["callOrigin"] == "Progressive"
    ada.press("Accept")
    ada.expect_call("connected")


def test_a_preview_dialer_lets_the_agent_decide(floor: Floor) -> None:
    ada, remote = floor.ada, floor.remote
    floor.free(ada)
    remote.choose_agent("Ada Agent")

    remote.start("Preview Dialer", "+14155550166")
    ada.skip_preview("555-0166")
    expect(ada.preview("555-0166")).to_have_count(0)
    ada.expect_no_call()
    remote.start("Preview Dialer", CUSTOMER)
    ada.call_preview("555-0123")

    ada.expect_call("ringing")
    started = ada.event("CALL_STARTED")
    assert started["callAttributes"]["dialerType"] == "OutboundPreview"
    remote.answers("Customer")
    ada.expect_card(MARIA, "connected")


def test_a_voicemail_is_work(floor: Floor) -> None:
    ada = floor.ada
    floor.free(ada)
    voicemail = {
        "caller": CUSTOMER,
        "dialedNumber": "+12025550199",
        "transcript": "Please call me back.",
        "recordingUrl": "https://recordings.demo.example/voicemail.wav",
        "seconds": 12,
    }
    key = str(floor.demo("voicemails", voicemail)["callId"])

    ada.expect_work("Voicemail")
    ada.do_work("Accept", "Voicemail")
    ada.expect_work("Voicemail", "ACCEPTED")
    ada.do_work("Open Record of", "Voicemail")

    ada.expect_conversation("Please call me back.")
    record = floor.record(key)
    assert record["recording"]["location"] == voicemail["recordingUrl"]
    assert record["workItems"][0]["status"] == "ACCEPTED"
    ada.do_work("Close", "Voicemail")
    ada.expect_no_work()
    floor.expect_state(ADA, "available")


def test_declined_work_goes_away(floor: Floor) -> None:
    ada = floor.ada
    title = offers_request(floor)

    ada.do_work("Decline", title)

    ada.expect_no_work()
    assert [one["agentWork"]["workEvent"] for one in ada.sent("AGENT_WORK_EVENT")] == [
        "ASSIGNED",
        "DECLINED",
    ]
    assert floor.agent(BEN)["state"] == "offline"
