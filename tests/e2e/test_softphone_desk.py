"""Beside calls: supervisor, messages, work, settings, record page; a scripted connector."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.demo_server import DemoServer, wait_until
from tests.support.scripted_connector import (
    ScriptedConnector,
    call,
    open_scripted,
    third_party,
)
from tests.support.softphone_page import SoftphonePage

pytestmark = pytest.mark.e2e

ADA, MARIA = "ada@demo.example", "Maria Customer"
UI = "/salesforce-simulator/ui"
MakePage = Callable[[], Page]
Phone = tuple[SoftphonePage, ScriptedConnector]


@pytest.fixture
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoServer]:
    running = DemoServer(tmp_path_factory.mktemp("data")).start()
    yield running
    running.stop()


@pytest.fixture
def phone(demo: DemoServer, new_page: MakePage) -> Phone:
    return open_scripted(new_page(), demo.url, ADA)


# ------------------------------------------------------------------------------ supervisor


def overview(*calls: dict[str, Any]) -> dict[str, Any]:
    """Return what `/demo/v1/overview` would: Ben is on these calls, Ada is not."""
    agents = [
        {"userName": ADA, "agentId": "005A", "fullName": "Ada Agent"},
        {"userName": "ben@demo.example", "agentId": "005B", "fullName": "Ben Agent"},
    ]
    return {"agents": agents, "calls": list(calls)}


BENS_CALL = {
    "callId": "s1",
    "callType": "Inbound",
    "voiceCallId": "0LQs1",
    "fromNumber": "+14155550123",
    "toNumber": "+12025550199",
    "startedAt": "2026-01-01T10:00:00Z",
    "participants": [
        {"participantType": "Initial_Caller", "state": "connected", "phoneNumber": "+14155550123"},
        {"participantType": "Agent", "agentId": "005B", "state": "connected"},
    ],
}


def test_a_supervisor_listens_in_barges_in_and_leaves(phone: Phone) -> None:
    ada, line = phone
    ada.page.route("**/demo/v1/overview", lambda route: route.fulfill(json=overview(BENS_CALL)))
    supervised = {"callAttributes": {"participantType": "Supervisor"}, "state": "connected"}

    ada.listen_in("Ben Agent")
    asked = ada.message("SUPERVISE_CALL")["call"]
    assert (asked["callId"], asked["voiceCallId"], asked["callType"]) == ("s1", "0LQs1", "Inbound")
    assert (asked["from"], asked["to"]) == ("+14155550123", "+12025550199")
    assert asked["supervisorName"] == "Ada Agent"
    line.event("SUPERVISOR_CALL_CONNECTED", call("s1", MARIA, **supervised))
    ada.expect_supervising("connected")
    expect(ada.page.get_by_test_id("supervised-state")).to_contain_text("not heard")

    ada.press("Pause Recording")
    assert ada.message("PAUSE_RECORDING")["call"]["callId"] == "s1"
    line.event("RECORDING_TOGGLE", {"isRecordingPaused": True})
    expect(ada.page.get_by_role("button", name="Resume Recording")).to_be_visible()
    ada.barge_in()
    assert ada.message("SUPERVISOR_BARGE_IN")["call"]["callId"] == "s1"
    line.event("SUPERVISOR_BARGED_IN", call("s1", MARIA, **supervised))
    ada.expect_supervising("barged-in")
    ada.stop_listening()
    assert ada.message("SUPERVISOR_DISCONNECT")["call"]["callId"] == "s1"
    line.event("SUPERVISOR_HANGUP", [call("s1", MARIA, state="ended")])
    ada.expect_not_supervising()
    ada.expect_no_call()


def test_an_accepted_call_ends_the_supervision_first(phone: Phone) -> None:
    """There SUPERVISOR_HANGUP carries {calls}, not a list (connector-api.md B11)."""
    ada, line = phone
    line.event("SUPERVISOR_CALL_STARTED", call("s1", MARIA, state="ringing"))
    ada.open_tab("Supervisor")
    ada.expect_supervising("ringing")
    line.event("CALL_STARTED", call("c1", "Quinn"))
    ada.press("Accept")

    line.event("SUPERVISOR_HANGUP", {"calls": [call("s1", MARIA, state="ended")]})
    line.event("CALL_CONNECTED", call("c1", "Quinn", state="connected"))

    ada.expect_not_supervising()
    ada.expect_card("Quinn", "connected")


@pytest.mark.parametrize(
    ("changes", "info"),
    [
        ({"RECORD": False}, {}),
        ({"SUPERVISOR_BARGE_IN": False}, {}),
        ({}, {"recordEnabled": False}),
    ],
)
def test_a_supervisor_records_only_under_all_conditions(
    demo: DemoServer, new_page: MakePage, changes: dict[str, bool], info: dict[str, bool]
) -> None:
    ada, line = open_scripted(new_page(), demo.url, ADA, **changes)
    ada.open_tab("Supervisor")

    line.event("SUPERVISOR_CALL_CONNECTED", call("s1", MARIA, state="connected", callInfo=info))

    ada.expect_supervising("connected")
    expect(ada.page.get_by_role("button", name="Disconnect")).to_be_visible()
    expect(ada.page.get_by_role("button", name="Pause Recording")).to_be_hidden()


def test_without_the_capability_there_is_no_supervisor_tab(
    demo: DemoServer, new_page: MakePage
) -> None:
    ada, _ = open_scripted(new_page(), demo.url, ADA, SUPERVISOR_LISTEN_IN=False)

    expect(ada.page.get_by_role("tab", name="Work")).to_be_visible()
    expect(ada.page.get_by_role("tab", name="Supervisor")).to_be_hidden()


# ------------------------------------------------------------------- messages and previews


def test_messages_travel_both_ways(phone: Phone) -> None:
    ada, line = phone

    line.event("MESSAGE", {"greeting": "hello"})
    expect(ada.page.get_by_test_id("messages-badge")).to_have_text("1")
    ada.expect_message('"greeting": "hello"')
    expect(ada.page.get_by_test_id("messages-badge")).to_be_hidden()

    ada.send_message("plain words")
    ada.send_message('{"a": [1]}')
    assert [message["message"] for message in ada.sent("MESSAGE")] == ["plain words", {"a": [1]}]


def test_a_preview_is_called_or_skipped(demo: DemoServer, phone: Phone) -> None:
    ada, line = phone
    for number, name in (("+14155550111", "Paul"), ("+14155550112", "Pia")):
        proposal = {"type": "PREVIEW_CALL", "phoneNumber": number, "name": name}
        line.event("MESSAGE", proposal)

    ada.skip_preview("Pia")
    expect(ada.preview("Pia")).to_have_count(0)
    ada.call_preview("Paul")

    message = ada.message("DIAL")
    assert (message["contact"]["phoneNumber"], message["params"]) == ("+14155550111", "")
    started = call("o1", "Paul", callType="Outbound", phoneNumber="+14155550111")
    del started["callAttributes"]["voiceCallId"]
    line.event("CALL_STARTED", started)
    wait_until("the VoiceCall exists", lambda: demo.voice_calls("o1"))
    assert demo.voice_calls("o1")[0]["callOrigin"] == "Preview"


# ------------------------------------------------------------------------------------ work


def contact_request(demo: DemoServer) -> dict[str, Any]:
    body = {"type": "ContactRequest", "userName": ADA, "phoneNumber": "+14155550188", "name": MARIA}
    return dict(demo.post(f"{UI}/workItems", body))


def steps(ada: SoftphonePage) -> list[str]:
    return [message["agentWork"]["workEvent"] for message in ada.sent("AGENT_WORK_EVENT")]


def test_a_contact_request_is_accepted_called_back_and_closed(
    demo: DemoServer, phone: Phone
) -> None:
    ada, _ = phone
    item = contact_request(demo)
    title = f"Contact request from {MARIA}"
    ada.expect_work(title)
    expect(ada.page.get_by_test_id("work-badge")).to_have_text("1")

    ada.do_work("Accept", title)
    ada.expect_work(title, "ACCEPTED")
    ada.do_work("Call Back", title)
    message = ada.message("DIAL")
    assert (message["contact"]["phoneNumber"], message["params"]) == (
        "+14155550188",
        "isCallback=true",
    )
    ada.do_work("Close", title)
    ada.expect_no_work()
    assert steps(ada) == ["ASSIGNED", "ACCEPTED", "CLOSED"]
    first = ada.sent("AGENT_WORK_EVENT")[0]["agentWork"]
    assert (first["workId"], first["workItemId"]) == (item["workId"], item["workItemId"])


def test_a_contact_request_is_passed_on(demo: DemoServer, phone: Phone) -> None:
    ada, line = phone
    contact_request(demo)
    title = f"Contact request from {MARIA}"
    ada.expect_work(title)
    ada.do_work("Accept", title)
    ada.expect_work(title, "ACCEPTED")

    ada.do_work("Transfer", title)
    expect(ada.page.get_by_test_id("transfer-hint")).to_contain_text(MARIA)
    agents = demo.get("/demo/v1/overview")["agents"]
    ben = next(agent for agent in agents if agent["userName"] == "ben@demo.example")
    contact = {"id": ben["agentId"], "type": "Agent", "name": "Ben Agent"}
    line.event("PHONE_CONTACTS", {"contacts": [contact], "contactTypes": []})
    ada.page.get_by_test_id("destination").filter(has_text="Ben Agent").click()
    ada.press("Transfer Request")

    message = ada.message("ADD_PARTICIPANT")
    assert message["isBlindTransfer"] is True
    assert "call" not in message, "it is no call that is passed on"
    line.event("PARTICIPANT_ADDED", third_party("r1", "Ben Agent", initialCallHasEnded=True))
    line.event("HANGUP")
    ada.expect_no_work()
    wait_until(
        "Ben has the work",
        lambda: (
            [item["status"] for item in demo.get(f"{UI}/workItems?user=ben@demo.example")]
            == ["ASSIGNED"]
        ),
    )
    assert steps(ada)[-1] == "CLOSED"
    ada.expect_no_call()


def test_work_is_declined(demo: DemoServer, phone: Phone) -> None:
    ada, _ = phone
    contact_request(demo)
    ada.expect_work("Contact request")

    ada.do_work("Decline", "Contact request")

    ada.expect_no_work()
    assert steps(ada) == ["ASSIGNED", "DECLINED"]


def test_after_conversation_work_is_shown_while_it_lasts(phone: Phone) -> None:
    ada, line = phone

    line.event("AFTER_CONVERSATION_WORK_STARTED", {"workItemId": "0Mw1"})
    ada.open_tab("Work")
    expect(ada.page.get_by_test_id("conversation-work")).to_contain_text("0Mw1")
    line.event("AFTER_CONVERSATION_WORK_ENDED", {"workItemId": "0Mw1"})

    expect(ada.page.get_by_test_id("conversation-work")).to_have_count(0)


# -------------------------------------------------------------------------------- settings


def test_phone_and_audio_devices_are_sent_as_the_config(phone: Phone) -> None:
    ada, line = phone
    ada.choose_phone("Desk Phone", "+12025550150")
    desk = {"type": "DESK_PHONE", "number": "+12025550150"}
    assert ada.message("SET_AGENT_CONFIG")["config"] == {"selectedPhone": desk}
    line.event("AGENT_CONFIG_UPDATED", {"success": True})

    ada.message("GET_AUDIO_DEVICES")
    devices = [
        {"deviceId": "out1", "kind": "audiooutput", "label": "Desk speaker"},
        {"deviceId": "in1", "kind": "audioinput", "label": "Desk microphone"},
    ]
    line.event("GET_AUDIO_DEVICES", {"audioDevices": devices})
    ada.choose_audio_devices(speaker="Desk speaker", microphone="Desk microphone")
    config = ada.message("SET_AGENT_CONFIG", count=2)["config"]
    assert config == {
        "selectedPhone": desk,
        "speakerDeviceId": "out1",
        "microphoneDeviceId": "in1",
    }


def test_audio_devices_follow_the_four_capabilities(demo: DemoServer, new_page: MakePage) -> None:
    off = {"HAS_SET_EXTERNAL_SPEAKER": False, "HAS_GET_EXTERNAL_MICROPHONE": False}
    ada, _ = open_scripted(new_page(), demo.url, ADA, HAS_SET_EXTERNAL_MICROPHONE=False, **off)
    ada.open_tab("Settings")

    expect(ada.page.get_by_label("Speaker", exact=True)).to_be_disabled()
    expect(ada.page.get_by_label("Microphone", exact=True)).to_be_hidden()
    expect(ada.page.get_by_role("button", name="Save Audio Devices")).to_be_hidden()


def test_a_headset_is_chosen_on_this_page(phone: Phone) -> None:
    ada, _ = phone
    ada.page.evaluate(
        """() => Object.defineProperty(navigator.hid, 'requestDevice', {
          value: async () => [{ productId: 12, vendorId: 34, productName: 'Fake headset' }],
        })"""
    )
    ada.open_tab("Settings")

    ada.press("Choose Headset")

    device = ada.message("SET_AGENT_CONFIG")["config"]["hidDeviceInfo"]
    assert device == {"productId": 12, "vendorId": 34}
    expect(ada.page.locator("#headset-note")).to_have_text("Headset: Fake headset")


def test_debug_information_needs_the_capability(demo: DemoServer, new_page: MakePage) -> None:
    ada, _ = open_scripted(new_page(), demo.url, ADA)
    ada.open_tab("Settings")
    ada.press("Download agent debug information")
    assert ada.sent("DOWNLOAD_VENDOR_LOGS")

    other, _ = open_scripted(new_page(), demo.url, ADA, DEBUG_ENABLED=False)
    other.open_tab("Settings")
    expect(other.page.get_by_text("Download agent debug information")).to_be_hidden()


def test_the_status_in_the_telephony_system(phone: Phone) -> None:
    ada, line = phone
    line.event("STATE_CHANGE", {"newVendorStateInfo": {"statusType": "on_call"}})
    ada.open_tab("Settings")
    expect(ada.page.get_by_test_id("vendor-status")).to_have_text("on call")

    ada.press("Ask for the Status")
    assert ada.sent("GET_AGENT_STATUS")
    answer = {"statusId": "0", "statusType": "available", "statusName": "Ready"}
    line.event("GET_AGENT_STATUS_RESULT", answer)

    expect(ada.page.get_by_test_id("vendor-status")).to_have_text("available, Ready")


# ---------------------------------------------------------------------------------- record


def record(**parts: Any) -> dict[str, Any]:
    return {"voiceCallId": "0LQ1", "vendorCallKey": "c1", "callType": "Inbound", **parts}


def show_record(ada: SoftphonePage, line: ScriptedConnector, **parts: Any) -> None:
    """Let Salesforce hold this record of a call, and start the call."""
    ada.page.route(f"**{UI}/voiceCalls/c1", lambda route: route.fulfill(json=record(**parts)))
    line.event("CALL_CONNECTED", call("c1", MARIA, state="connected"))


def test_the_conversation_is_shown_in_its_order(phone: Phone) -> None:
    said = [
        {"senderType": "END_USER", "content": "Hello?", "startTime": 1000},
        {"senderType": "HUMAN_AGENT", "content": "Good morning.", "startTime": 2000},
    ]
    events = [{"type": "IntelligenceSignal__Category", "value": "Billing", "startTime": 1500}]
    ada, line = phone

    show_record(
        ada, line, transcript=said, conversationEvents=[{"service": "AI", "events": events}]
    )

    ada.expect_conversation("Hello?", "Good morning.")
    expect(ada.record.get_by_test_id("conversation-events")).to_contain_text("Billing")


def test_related_calls_and_waiting_routing(phone: Phone) -> None:
    ada, line = phone
    child = {"voiceCallId": "0LQ2", "callType": "Transfer", "callDisposition": "new"}
    routing = {"id": "0JR1", "queue": "queue-support"}

    show_record(ada, line, childCalls=[child], pendingServiceRouting=routing)

    related = ada.record.get_by_test_id("related")
    expect(related).to_contain_text("Child: 0LQ2 Transfer, new")
    expect(related).to_contain_text("queue queue-support")


def test_a_recording_is_played_from_a_signed_address(phone: Phone) -> None:
    ada, line = phone
    show_record(ada, line, recording={"location": "https://pbx.example/rec/1", "seconds": 61})

    asked = ada.message("GET_SIGNED_RECORDING_URL")
    assert asked["recordingUrl"] == "https://pbx.example/rec/1"
    assert (asked["vendorCallKey"], asked["callId"]) == ("c1", "0LQ1")
    signed = {"success": True, "url": "/recordings/1?sig=x", "duration": 61, "callId": "0LQ1"}
    line.event("SIGNED_RECORDING_URL", signed)

    ada.expect_recording("Length 1:01")
    player = ada.record.locator("audio")
    expect(player).to_have_attribute("src", "/recordings/1?sig=x")


def test_the_recording_of_the_record_that_was_opened_meanwhile(phone: Phone) -> None:
    ada, line = phone
    show_record(ada, line, recording={"location": "https://pbx.example/rec/1", "seconds": 61})
    ada.message("GET_SIGNED_RECORDING_URL")
    other = {"location": "https://pbx.example/rec/2", "seconds": 5}
    show_record(ada, line, voiceCallId="0LQ2", recording=other)

    line.event("SIGNED_RECORDING_URL", {"success": False})

    ada.expect_recording("Asking")
    assert ada.sent("GET_SIGNED_RECORDING_URL")[-1]["recordingUrl"] == "https://pbx.example/rec/2"
    signed = {"success": True, "url": "/recordings/2?sig=x", "duration": 5, "callId": "0LQ2"}
    line.event("SIGNED_RECORDING_URL", signed)
    expect(ada.record.locator("audio")).to_have_attribute("src", "/recordings/2?sig=x")


def test_a_recording_that_is_not_signed_is_said(phone: Phone) -> None:
    ada, line = phone
    show_record(ada, line, recording={"location": "https://pbx.example/rec/1", "seconds": 61})
    ada.message("GET_SIGNED_RECORDING_URL")

    line.event("SIGNED_RECORDING_URL", {"success": False})

    ada.expect_recording("be opened")
    expect(ada.page.get_by_role("button", name="Open Recording")).to_be_visible()
