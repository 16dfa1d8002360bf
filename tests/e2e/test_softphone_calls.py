"""Calls of every type in the softphone, by the protocol alone: a scripted connector."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from connector_py.entities import SharedErrorType, VoiceErrorType
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
MakePage = Callable[[], Page]
Phone = tuple[SoftphonePage, ScriptedConnector]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoServer]:
    running = DemoServer(tmp_path_factory.mktemp("data")).start()
    yield running
    running.stop()


@pytest.fixture
def phone(demo: DemoServer, new_page: MakePage) -> Phone:
    return open_scripted(new_page(), demo.url, ADA)


def without_record(call_id: str, name: str, call_type: str, **fields: Any) -> dict[str, Any]:
    """Return a call of which Salesforce has no VoiceCall yet."""
    whole = call(call_id, name, callType=call_type, **fields)
    del whole["callAttributes"]["voiceCallId"]
    return whole


def record_of(demo: DemoServer, call_id: str) -> dict[str, Any]:
    """Wait for the VoiceCall of a call, and return it with its related calls."""
    wait_until(f"a VoiceCall of {call_id}", lambda: demo.voice_calls(call_id))
    return dict(demo.get(f"/salesforce-simulator/ui/voiceCalls/{call_id}"))


# ------------------------------------------------------------------------------- callbacks


def test_a_queued_callback_is_accepted_then_dialled(demo: DemoServer, phone: Phone) -> None:
    ada, line = phone
    before = demo.post("/demo/v1/inbound-calls", {"from": "+14155550123"})["callId"]
    record_of(demo, before)
    info = {"initialCallId": before}
    line.event("QUEUED_CALL_STARTED", without_record("q1", MARIA, "Callback", callInfo=info))
    ada.expect_card(MARIA, "ringing")
    expect(ada.page.get_by_test_id("call-state-text")).to_have_text("Callback request")
    record = record_of(demo, "q1")
    assert record["callType"] == "Callback"
    assert record["previousCall"]["vendorCallKey"] == before

    ada.press("Accept")
    assert ada.message("ACCEPT_CALL")["call"]["callType"] == "Callback"
    line.event("CALL_STARTED", call("q1", MARIA, callType="Callback"))

    expect(ada.page.get_by_test_id("call-state-text")).to_have_text("Calling…")
    expect(ada.page.get_by_role("button", name="Accept", exact=True)).to_be_hidden()
    line.event("CALL_CONNECTED", call("q1", MARIA, callType="Callback", state="connected"))
    ada.expect_card(MARIA, "connected")


def test_a_callback_beside_a_call_is_declined(phone: Phone) -> None:
    ada, line = phone
    line.event("CALL_CONNECTED", call("c1", MARIA, state="connected"))
    line.event("QUEUED_CALL_STARTED", call("q1", "Quinn", callType="Callback"))
    expect(ada.call).to_have_count(2)

    ada.press("Decline")

    assert ada.message("DECLINE_CALL")["call"]["callId"] == "q1"
    declined = {"state": "ended", "reason": "error", "agentStatus": "DeclinedByAgent"}
    line.event("HANGUP", call("q1", "Quinn", callType="Callback", **declined))
    expect(ada.call).to_have_count(1)
    ada.expect_card(MARIA, "connected")


@pytest.mark.parametrize("was_accepted", [False, True])
def test_a_callback_after_a_reload_waits_only_when_it_was_not_accepted(
    phone: Phone, was_accepted: bool
) -> None:
    ada, line = phone
    line.event("QUEUED_CALL_STARTED", call("q1", MARIA, callType="Callback"))
    if was_accepted:
        line.event("CALL_STARTED", call("q1", MARIA, callType="Callback"))
        expect(ada.page.get_by_test_id("call-state-text")).to_have_text("Calling…")
    ada.page.reload()
    line.ready()
    ada.wait_ready()

    line.event("CALL_STARTED", call("q1", MARIA, callType="Callback", isReplayedCall=True))

    accept = ada.page.get_by_role("button", name="Accept", exact=True)
    ada.expect_card(MARIA, "ringing")
    expect(accept).to_be_visible(visible=not was_accepted)


def test_a_dialled_callback_is_the_agents_own_call(demo: DemoServer, phone: Phone) -> None:
    ada, line = phone

    line.event("QUEUED_CALL_STARTED", without_record("d1", MARIA, "DialedCallback"))

    expect(ada.page.get_by_test_id("call-state-text")).to_have_text("Calling…")
    assert record_of(demo, "d1")["callType"] == "Callback"


# -------------------------------------------------------------------------- between agents


def test_a_call_between_agents_from_both_sides(demo: DemoServer, new_page: MakePage) -> None:
    ada, adas = open_scripted(new_page(), demo.url, ADA)
    ben, bens = open_scripted(new_page(), demo.url, "ben@demo.example")
    called = {"callAttributes": {"participantType": "Agent"}}

    adas.event("CALL_STARTED", without_record("i1", "Ben Agent", "InternalCall"))
    bens.event("CALL_STARTED", without_record("i1", "Ada Agent", "InternalCall", **called))

    expect(ada.page.get_by_test_id("call-state-text")).to_have_text("Calling…")
    assert record_of(demo, "i1")["ownerUserName"] == ADA
    ben.press("Accept")
    connected = without_record("i1", "Ada Agent", "InternalCall", state="connected", **called)
    bens.event("CALL_CONNECTED", connected)
    wait_until(
        "the one who was called owns the record",
        lambda: record_of(demo, "i1")["ownerUserName"] == "ben@demo.example",
    )
    assert len(demo.voice_calls("i1")) == 1
    ben.press("End Call")
    leaving = ben.message("END_CALL")["call"]
    assert leaving == {"callAttributes": {"participantType": "Agent"}}


def test_a_transferred_call_rings_at_the_next_agent(phone: Phone) -> None:
    ada, line = phone

    line.event("CALL_STARTED", call("t1", MARIA, callType="Transfer"))

    ada.press("Accept")
    assert ada.message("ACCEPT_CALL")["call"]["callType"] == "Transfer"


# ------------------------------------------------------------------------------- controls


@pytest.mark.parametrize(
    ("button", "info", "capabilities"),
    [
        ("Mute", {"showMuteButton": False}, {}),
        ("Mute", {}, {"MUTE": False}),
        ("Pause Recording", {"showRecordButton": False}, {}),
        ("Pause Recording", {}, {"RECORD": False}),
        ("Merge", {"showMergeButton": False}, {}),
        ("Merge", {}, {"MERGE": False}),
        ("Swap", {"showSwapButton": False}, {}),
        ("Swap", {}, {"SWAP": False}),
    ],
)
def test_hidden_controls(
    demo: DemoServer,
    new_page: MakePage,
    button: str,
    info: dict[str, bool],
    capabilities: dict[str, bool],
) -> None:
    ada, line = open_scripted(new_page(), demo.url, ADA, **capabilities)
    line.event("CALL_CONNECTED", call("c1", MARIA, state="connected", callInfo=info))
    line.event("PARTICIPANT_CONNECTED", third_party("p1", "Guest"))
    ada.expect_parties(2)

    expect(ada.page.get_by_role("button", name="End Call")).to_be_visible()
    expect(ada.page.get_by_role("button", name=button, exact=True)).to_be_hidden()


@pytest.mark.parametrize(
    ("button", "field"),
    [
        ("Mute", "muteEnabled"),
        ("Hold", "holdEnabled"),
        ("Pause Recording", "recordEnabled"),
        ("Dial Pad", "extensionEnabled"),
        ("Add Caller / Transfer", "addCallerEnabled"),
    ],
)
def test_controls_are_disabled_during_the_call(phone: Phone, button: str, field: str) -> None:
    ada, line = phone
    line.event("CALL_CONNECTED", call("c1", MARIA, state="connected"))
    control = ada.page.get_by_role("button", name=button, exact=True)
    expect(control).to_be_enabled()

    changed = call("c1", MARIA, state="connected", callInfo={field: False})
    line.event("CALL_UPDATED", {"call": changed})

    expect(control).to_be_disabled()


@pytest.mark.parametrize(
    ("button", "field"), [("Accept", "acceptEnabled"), ("Decline", "declineEnabled")]
)
def test_answering_can_be_left_to_the_desk_phone(phone: Phone, button: str, field: str) -> None:
    ada, line = phone

    line.event("CALL_STARTED", call("c1", MARIA, callInfo={field: False}))

    expect(ada.page.get_by_role("button", name=button, exact=True)).to_be_disabled()


def test_the_end_of_a_call_can_be_disabled(phone: Phone) -> None:
    ada, line = phone
    line.event("CALL_CONNECTED", call("c1", MARIA, state="connected"))

    changed = call("c1", MARIA, state="connected", callInfo={"endCallDisabled": True})
    line.event("CALL_UPDATED", {"call": changed})

    expect(ada.page.get_by_role("button", name="End Call")).to_be_disabled()


@pytest.mark.parametrize("has_capability", [True, False])
def test_calls_are_accepted_automatically_where_the_phone_can(
    demo: DemoServer, new_page: MakePage, has_capability: bool
) -> None:
    ada, line = open_scripted(new_page(), demo.url, ADA, AUTO_ACCEPT_ENABLED=True)
    ada.open_tab("Settings")
    ada.page.get_by_label("Automatically accept requests").check()
    ada.page.reload()
    line.ready(AUTO_ACCEPT_ENABLED=has_capability)
    ada.wait_ready()

    line.event("CALL_STARTED", call("c1", MARIA))

    ada.expect_card(MARIA, "ringing")
    assert len(ada.sent("ACCEPT_CALL")) == int(has_capability)


def test_dial_pad_and_phone_book_can_be_switched_off(demo: DemoServer, new_page: MakePage) -> None:
    ada, _ = open_scripted(new_page(), demo.url, ADA, DIAL_PAD=True, PHONEBOOK_DISABLE=True)

    expect(ada.page.get_by_label("Phone Number", exact=True)).to_be_disabled()
    expect(ada.page.get_by_role("button", name="5")).to_be_disabled()
    expect(ada.page.get_by_role("tab", name="Contacts")).to_be_hidden()


# --------------------------------------------------------------------------------- errors


def test_every_error_constant_has_a_sentence(phone: Phone) -> None:
    ada, _ = phone
    constants = [str(one) for one in (*SharedErrorType, *VoiceErrorType)]

    unknown = ada.page.evaluate(
        """async (constants) => {
          const { errorSentence } = await import('/softphone/error_sentences.js');
          const nothing = errorSentence('NO_SUCH_CONSTANT');
          return constants.filter((one) => errorSentence(one) === nothing);
        }""",
        constants,
    )

    assert unknown == ["CUSTOM_ERROR"], "a custom error has a text of its own"


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("c.cannotMuteLabel", "the caller must be able to hear you"),
        ("acme.unknownLabel", "find [acme.unknownLabel]."),
    ],
)
def test_custom_errors_show_their_label(phone: Phone, label: str, text: str) -> None:
    ada, line = phone

    line.custom_error(label)

    ada.expect_notice(text)


def test_another_page_took_the_phone_over(phone: Phone) -> None:
    ada, line = phone
    line.event("CALL_CONNECTED", call("c1", MARIA, state="connected"))

    line.log("link_ended", {"reason": "replaced"})
    line.error("AGENT_ERROR")

    state = ada.page.get_by_test_id("phone-state")
    expect(state).to_have_attribute("data-phase", "replaced")
    expect(state).to_contain_text("opened on another page")
    ada.expect_no_call()
    expect(ada.page.get_by_role("tab")).to_have_count(0)
    expect(ada.page.get_by_test_id("agent-status")).to_be_disabled()
    ada.press("Use the Phone Here")
    line.ready()
    ada.wait_ready()
    expect(ada.page.get_by_role("tab", name="Call")).to_be_visible()


# --------------------------------------------------------------------- statuses and work


def test_a_status_chosen_on_a_call_waits_for_its_end(phone: Phone) -> None:
    ada, line = phone
    ada.become("Available")
    line.event("SET_AGENT_STATUS_RESULT", {"success": True})
    line.event("CALL_CONNECTED", call("c1", MARIA, state="connected"))

    ada.become("Away")

    assert ada.sent("SET_AGENT_STATUS")[-1]["enqueueNextState"] is True
    expect(ada.page.get_by_test_id("pending-status")).to_have_text("Then: Away")
    expect(ada.page.locator("#status-name")).to_have_text("Available")
    line.event("HANGUP", [call("c1", MARIA, state="ended", reason="ended")])
    line.event("AFTER_CALL_WORK_STARTED", {"callId": "c1"})
    ada.press("Finish")
    assert ada.message("WRAP_UP_CALL")["call"]["callId"] == "c1"
    line.event("WRAP_UP_ENDED", {"callType": "inbound", "callId": "c1", "callStatus": "ended"})
    expect(ada.page.get_by_test_id("after-call-work")).to_be_hidden()
    expect(ada.page.locator("#status-name")).to_have_text("Away")


def test_without_pending_statuses_the_menu_rests_during_a_call(
    demo: DemoServer, new_page: MakePage
) -> None:
    ada, line = open_scripted(new_page(), demo.url, ADA, PENDING_STATUS_CHANGE=False)
    expect(ada.page.get_by_test_id("agent-status")).to_be_enabled()

    line.event("CALL_CONNECTED", call("c1", MARIA, state="connected"))

    expect(ada.page.get_by_test_id("agent-status")).to_be_disabled()


def test_a_status_of_the_telephony_system_is_taken_over_and_told_back(phone: Phone) -> None:
    ada, line = phone
    told = len(ada.sent("SET_AGENT_STATUS"))

    line.event("SET_AGENT_STATUS", {"statusId": "0N5000000000003AAA"})

    expect(ada.page.get_by_test_id("agent-status")).to_contain_text("Busy")
    message = ada.message("SET_AGENT_STATUS", count=told + 1)
    assert message["statusInfo"]["statusId"] == "0N5000000000003AAA"
    line.event("CALL_CONNECTED", call("c1", MARIA, state="connected"))
    line.event("SET_AGENT_STATUS", {"statusId": "0N5000000000001AAA"})
    expect(ada.page.get_by_test_id("agent-status")).to_contain_text("Busy")
    assert len(ada.sent("SET_AGENT_STATUS")) == told + 1, "ignored on a call"


def test_a_status_that_is_refused_goes_back(phone: Phone) -> None:
    ada, line = phone
    ada.become("Available")

    line.event("SET_AGENT_STATUS_RESULT", {"success": False})

    expect(ada.page.get_by_test_id("agent-status")).to_contain_text("Offline")


# --------------------------------------------------------------------------------- audio


def test_audio_figures_and_the_score_in_the_record(demo: DemoServer, phone: Phone) -> None:
    ada, line = phone
    line.event("CALL_STARTED", without_record("o1", MARIA, "Outbound"))
    record_of(demo, "o1")
    line.event("CALL_CONNECTED", without_record("o1", MARIA, "Outbound", state="connected"))
    heard = {"packetsCount": 1000, "packetsLost": 20, "jitterBufferMillis": 12}
    stats = {"callId": "o1", "stats": [{"inputChannelStats": heard}]}

    line.event("AUDIO_STATS", {"audioStats": stats})
    ada.page.get_by_text("Audio quality").click()
    expect(ada.page.get_by_test_id("audio-stats")).to_contain_text("2.0 %")
    line.event("UPDATE_AUDIO_STATS_COMPLETED", {"callId": "o1", "mos": 4.25})

    wait_until("the score is stored", lambda: record_of(demo, "o1")["mos"] == 4.25)
    ada.expect_record(qualityScore="4.25")
