"""An inbound call through both pages, with Salesforce's own base connector in between."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.demo_server import DemoServer, wait_until
from tests.support.remote_page import RemotePage
from tests.support.softphone_page import SoftphonePage

pytestmark = pytest.mark.e2e

ADA = "ada@demo.example"
CUSTOMER = "+14155550123"
MakePage = Callable[[], Page]


def has(payload: Any, **expected: Any) -> None:
    """Assert that a payload holds these values; nested dicts are compared the same way."""
    for key, value in expected.items():
        assert key in payload, f"{key} missing in {payload}"
        if isinstance(value, dict):
            has(payload[key], **value)
        else:
            assert payload[key] == value, f"{key}: {payload[key]!r}, expected {value!r}"


def test_an_inbound_call_from_ring_to_wrap_up(server: DemoServer, new_page: MakePage) -> None:
    softphone = SoftphonePage(new_page(), server.url, ADA).open()
    remote = RemotePage(new_page(), server.url).open()
    softphone.become("Available")

    remote.inbound_call(CUSTOMER, agent="Ada Agent")
    softphone.expect_call("ringing")
    started = softphone.event("CALL_STARTED")
    call_id = started["callId"]
    record = voice_call(server, call_id)
    has(
        started,
        callId=call_id,
        connectionId=call_id,
        callType="Inbound",
        state="ringing",
        phoneNumber=CUSTOMER,
        contact={"phoneNumber": CUSTOMER},
        callAttributes={
            "voiceCallId": record["voiceCallId"],
            "participantType": "Initial_Caller",
            "dialerType": "None",
        },
        callInfo={
            "isOnHold": False,
            "isMuted": False,
            "isRecordingPaused": False,
            "isSoftphoneCall": True,
            "isReplayable": True,
            "removeParticipantVariant": "ALWAYS",
        },
    )
    remote.expect_call("Ringing", "Ada Agent")
    expect(softphone.page.get_by_test_id("voice-call-record")).to_contain_text(
        record["voiceCallId"]
    )

    softphone.press("Accept")
    softphone.expect_call("connected")
    has(softphone.event("CALL_CONNECTED"), callId=call_id, state="connected")
    has(softphone.sent("ACCEPT_CALL")[0], call={"callId": call_id})
    remote.expect_call("Connected")

    softphone.press("Hold")
    softphone.expect_call("held")
    toggle = softphone.event("HOLD_TOGGLE")
    has(toggle, isCustomerOnHold=True, isThirdPartyOnHold=False)
    has(toggle["calls"][call_id], callInfo={"isOnHold": True}, callAttributes={"isOnHold": True})
    remote.expect_call("On hold")

    softphone.press("Resume")
    softphone.expect_call("connected")
    has(softphone.event("HOLD_TOGGLE", count=2), isCustomerOnHold=False, isThirdPartyOnHold=False)
    remote.expect_call("Connected")

    softphone.press("Mute")
    softphone.expect_flag("Muted")
    has(softphone.event("MUTE_TOGGLE"), isMuted=True)
    remote.expect_call("muted")

    softphone.press("Unmute")
    softphone.expect_no_flag("Muted")
    has(softphone.event("MUTE_TOGGLE", count=2), isMuted=False)

    softphone.press("Pause Recording")
    softphone.expect_flag("Recording paused")
    has(softphone.event("RECORDING_TOGGLE"), isRecordingPaused=True)
    softphone.press("Resume Recording")
    softphone.expect_no_flag("Recording paused")
    has(softphone.event("RECORDING_TOGGLE", count=2), isRecordingPaused=False)

    softphone.press("Dial Pad")
    for digit in "12#":
        softphone.call.get_by_role("button", name=digit).first.click()
    expect(softphone.page.get_by_test_id("sent-digits")).to_have_text("12#")
    assert [message["digits"] for message in softphone.sent("SEND_DIGITS")] == ["1", "2", "#"]

    softphone.press("End Call")
    softphone.expect_no_call()
    (ended,) = softphone.event("HANGUP")
    has(ended, callId=call_id, state="ended", reason="ended")
    has(softphone.event("AFTER_CALL_WORK_STARTED"), callId=call_id)
    names = softphone.names()
    assert names.index("HANGUP") < names.index("AFTER_CALL_WORK_STARTED")
    remote.expect_no_call()
    expect(remote.page.get_by_test_id("agent").filter(has_text="Ada Agent")).to_contain_text(
        "After-call work"
    )

    softphone.press("Close voice call tab")
    expect(remote.page.get_by_test_id("agent").filter(has_text="Ada Agent")).to_contain_text(
        "Available"
    )
    assert softphone.events("ERROR", "INFO") == []
    for name in ("CALL_STARTED", "CALL_CONNECTED", "HANGUP", "AFTER_CALL_WORK_STARTED"):
        assert len(softphone.events(name)) == 1, name
    wait_until(
        "the VoiceCall is completed",
        lambda: voice_call(server, call_id)["callDisposition"] == "completed",
    )
    assert voice_call(server, call_id)["endTime"]


def test_the_customer_hangs_up_a_connected_call(server: DemoServer, new_page: MakePage) -> None:
    softphone = SoftphonePage(new_page(), server.url, ADA).open()
    remote = RemotePage(new_page(), server.url).open()
    softphone.become("Available")
    remote.inbound_call(CUSTOMER)
    softphone.expect_call("ringing")
    softphone.press("Accept")
    softphone.expect_call("connected")

    remote.press("Customer Leaves")

    softphone.expect_no_call()
    (ended,) = softphone.event("HANGUP")
    has(ended, state="ended", reason="ended")
    softphone.event("AFTER_CALL_WORK_STARTED")
    assert len(softphone.events("HANGUP")) == 1


def voice_call(server: DemoServer, call_id: str) -> dict[str, Any]:
    """Return the one VoiceCall record of a call."""
    records = server.voice_calls(call_id)
    assert len(records) == 1, records
    return records[0]
