"""What belongs to the agent: statuses, work after calls, settings, contacts, messages, logs."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.support.demo_server import wait_until
from tests.support.floor import ADA, BEN, CUSTOMER, MARIA, Floor
from tests.support.softphone_page import SoftphonePage

pytestmark = pytest.mark.e2e


def expect_status(phone: SoftphonePage, status: str) -> None:
    expect(phone.page.get_by_test_id("agent-status")).to_contain_text(status)


# ----------------------------------------------------------------------------------- statuses


@pytest.mark.parametrize(("kind", "name"), [("Salesforce", "Busy"), ("Telephony", "away")])
def test_the_telephony_system_sets_the_status(floor: Floor, kind: str, name: str) -> None:
    ada, remote = floor.ada, floor.remote
    floor.free(ada)
    remote.choose_agent("Ada Agent")

    remote.set_status(name, kind)

    ada.event("SET_AGENT_STATUS")
    expect_status(ada, name.capitalize())
    floor.expect_state(ADA, "busy")
    # Like every change of status it is told to the connector again.
    told = ada.sent("SET_AGENT_STATUS")[-1]
    assert told["statusInfo"]["statusName"] == name.capitalize()


def test_salesforce_sets_the_status(floor: Floor) -> None:
    ada = floor.ada
    for status, state in (("Available", "available"), ("Busy", "busy"), ("Away", "busy")):
        ada.become(status)
        floor.expect_state(ADA, state)
        # Two of them are the same state.
        wait_until(status, lambda name=status: floor.agent(ADA)["statusName"] == name)
    assert {payload["success"] for _, payload in ada.events("SET_AGENT_STATUS_RESULT")} == {True}


def test_a_status_that_salesforce_sets_on_a_call_waits_for_its_end(floor: Floor) -> None:
    ada = floor.ada
    floor.talks(ada)

    ada.become("Busy")

    expect(ada.page.get_by_test_id("pending-status")).to_have_text("Then: Busy")
    floor.expect_state(ADA, "on_call")
    ada.press("End Call")
    ada.expect_no_call()
    ada.press("Close voice call tab")
    floor.expect_state(ADA, "busy")
    expect(ada.page.get_by_test_id("pending-status")).to_be_hidden()


def test_a_status_that_the_telephony_system_wants_on_a_call_waits_too(floor: Floor) -> None:
    ada, remote = floor.ada, floor.remote
    floor.talks(ada)
    remote.choose_agent("Ada Agent")

    remote.set_status("Away")

    floor.expect_state(ADA, "on_call")
    expect_status(ada, "Available")
    ada.press("End Call")
    ada.expect_no_call()
    floor.expect_state(ADA, "after_call_work")
    expect_status(ada, "Available")
    ada.press("Close voice call tab")
    expect_status(ada, "Away")
    floor.expect_state(ADA, "busy")


# ------------------------------------------------------------------------------ after the call


def test_after_call_work_lasts_until_the_agent_ends_it(floor: Floor) -> None:
    ada = floor.ada
    call_id = floor.talks(ada)
    ada.press("End Call")
    ada.expect_no_call()
    assert ada.event("AFTER_CALL_WORK_STARTED")["callId"] == call_id
    expect(ada.page.get_by_test_id("after-call-work-timer")).to_be_visible()
    floor.expect_state(ADA, "after_call_work")

    ada.press("Finish")

    ended = ada.event("WRAP_UP_ENDED")
    assert ended["callId"] == call_id
    expect(ada.page.get_by_test_id("after-call-work")).to_be_hidden()
    floor.expect_state(ADA, "available")


def test_after_call_work_ends_when_the_agent_becomes_available(floor: Floor) -> None:
    ada = floor.ada
    floor.talks(ada)
    ada.press("End Call")
    ada.event("AFTER_CALL_WORK_STARTED")
    floor.expect_state(ADA, "after_call_work")

    floor.free(ada)


def test_after_conversation_work_comes_and_goes(floor: Floor) -> None:
    ada = floor.ada
    floor.free(ada)
    path = f"agents/{ADA}/after-conversation-work"
    shown = ada.page.get_by_test_id("conversation-work")
    ada.open_tab("Work")

    floor.demo(path, {"agentWorkId": "0Bz000000000001", "started": True})
    expect(shown).to_contain_text("0Bz000000000001")
    floor.demo(path, {"agentWorkId": "0Bz000000000001", "started": False})

    expect(shown).to_have_count(0)
    for name in ("AFTER_CONVERSATION_WORK_STARTED", "AFTER_CONVERSATION_WORK_ENDED"):
        assert ada.event(name)["agentWorkId"] == "0Bz000000000001"


# ---------------------------------------------------------------------------- settings, session


def test_the_phone_is_chosen_and_kept(floor: Floor) -> None:
    ada = floor.ada
    ada.choose_phone("Desk Phone", "+12025550142")
    wait_until(
        "the server has it",
        lambda: (
            floor.agent(ADA)["selectedPhone"] == {"type": "DESK_PHONE", "number": "+12025550142"}
        ),
    )

    ada.reload()

    ada.open_tab("Settings")
    expect(ada.page.get_by_label("Desk Phone", exact=True)).to_be_checked()
    expect(ada.page.get_by_label("Desk Phone Number")).to_have_value("+12025550142")
    ada.choose_phone("Soft Phone")
    wait_until("back", lambda: floor.agent(ADA)["selectedPhone"]["type"] == "SOFT_PHONE")


def test_the_agent_asks_for_the_status_in_the_telephony_system(floor: Floor) -> None:
    floor.free(floor.ada)

    assert "available" in floor.ada.ask_vendor_status().lower()


def test_a_session_that_ends_shows_the_login(floor: Floor) -> None:
    ben = floor.ben
    floor.free(ben)
    floor.change_settings(showsLogin=True)

    floor.demo(f"agents/{BEN}/log-out")

    assert ben.event("LOGOUT_RESULT")["success"] is True
    expect(ben.page.get_by_test_id("phone-state")).to_have_attribute("data-phase", "login")
    expect_status(ben, "Offline")
    floor.expect_state(BEN, "offline")
    floor.change_settings(showsLogin=False)
    ben.reload()


# ----------------------------------------------------------------------------------- contacts


def contacts_came(ada: SoftphonePage, **wanted: Any) -> None:
    """Wait until the last question for contacts had this filter, and was answered."""

    def is_answered() -> bool:
        asked = ada.sent("GET_PHONE_CONTACTS")
        answers = len(ada.events("PHONE_CONTACTS"))
        return (
            bool(asked) and answers == len(asked) and wanted.items() <= asked[-1]["filter"].items()
        )

    wait_until(f"contacts by {wanted}", is_answered)


def test_contacts_page_by_page(floor: Floor) -> None:
    ada = floor.ada
    ada.open_tab("Contacts")
    ada.page.get_by_label("Contact Type").select_option("DIRECTORY")
    shown = ada.page.get_by_test_id("contact")
    contacts_came(ada, types=["DIRECTORY"], offset=0)
    expect(shown.filter(has_text="Alice Andersen")).to_have_count(1)
    ada.press("Next Page")
    expect(shown.filter(has_text="Alice Andersen")).to_have_count(0)
    expect(ada.page.get_by_test_id("contacts-page")).to_have_text("Page 2")
    contacts_came(ada, types=["DIRECTORY"], offset=10)
    ada.press("Previous Page")
    expect(shown.filter(has_text="Alice Andersen")).to_have_count(1)
    ada.page.get_by_label("Contact Type").select_option("")
    contacts_came(ada, types=[])


def test_contacts_by_name_type_and_availability(floor: Floor) -> None:
    ada, ben = floor.ada, floor.ben
    floor.change_settings(queueWaitSeconds={"queue-support": 240})
    floor.free(ben)
    ada.open_tab("Contacts")
    shown = ada.page.get_by_test_id("contact")

    ada.page.get_by_label("Search Contacts").fill("Ben")
    expect(shown.filter(has_text="Ben Agent")).to_contain_text("Available")
    ada.page.get_by_label("Search Contacts").fill("Support")
    expect(shown.filter(has_text="Support").first).to_contain_text("4 min")
    ada.page.get_by_label("Search Contacts").fill("")


# -------------------------------------------------------------------------- messages and errors


def test_messages_both_ways(floor: Floor) -> None:
    ada, remote = floor.ada, floor.remote
    floor.free(ada)
    remote.choose_agent("Ada Agent")
    remote.tab("Messages")
    remote.fill("Message", "the queue is long today")

    remote.press_until_done("Send Message", "send-message")
    ada.send_message("thank you for saying so")

    ada.expect_message("the queue is long today")
    assert ada.event("MESSAGE") == "the queue is long today"
    received = remote.page.get_by_test_id("received-message")
    expect(received.filter(has_text="thank you for saying so")).to_have_count(1)


def test_an_error_with_a_custom_label(floor: Floor) -> None:
    ada, remote = floor.ada, floor.remote
    floor.talks(ada)
    remote.tab("Errors")
    remote.fill("Labels", "c.cannotMuteLabel")
    remote.press_until_done("Save Labels", "labels")
    remote.display_error("c.cannotMuteLabel")

    ada.press("Mute")

    ada.expect_notice("the caller must be able to hear you")
    assert ada.event("ERROR")["customError"]["labelName"] == "cannotMuteLabel"
    ada.expect_no_flag("Muted")
    remote.stop_errors()
    ada.press("Mute")
    ada.expect_flag("Muted")


def test_a_label_of_ones_own_is_shown_by_its_name(floor: Floor) -> None:
    ada, remote = floor.ada, floor.remote
    floor.talks(ada)
    remote.tab("Errors")
    remote.fill("Labels", "acme.tryLater")
    remote.press_until_done("Save Labels", "labels")
    remote.display_error("acme.tryLater")

    ada.press("Mute")

    ada.expect_notice("the text of the custom label acme.tryLater")


def test_a_label_that_is_not_in_the_list_is_never_sent(floor: Floor) -> None:
    ada = floor.ada
    floor.talks(ada)
    floor.change_settings(error={"label": "c.unknownLabel"})

    ada.press("Mute")

    assert ada.event("ERROR") == {"message": "CAN_NOT_MUTE_CALL"}


# --------------------------------------------------------------------------------- audio, logs


def test_audio_statistics_and_both_scores(floor: Floor) -> None:
    ada = floor.ada
    call_id = floor.talks(ada)
    channel = {
        "packetsCount": 1000,
        "packetsLost": 50,
        "jitterBufferMillis": 30,
        "roundTripTimeMillis": 80,
    }
    stats = {"inputChannelStats": {"statsCount": 1, **channel}, "outputChannelStats": channel}

    def report(is_completed: bool) -> Any:
        audio = {"callId": call_id, "isAudioStatsCompleted": is_completed, "stats": [stats]}
        return floor.demo(f"agents/{ADA}/audio-stats", {"callId": call_id, "audioStats": audio})

    ours = report(is_completed=False)["mos"]
    audio = ada.page.get_by_test_id("audio-stats")
    expect(audio).to_be_visible()
    audio.locator("summary").click()
    expect(audio).to_contain_text("5.0 %")
    report(is_completed=True)

    theirs = ada.event("UPDATE_AUDIO_STATS_COMPLETED")
    assert theirs["callId"] == call_id
    assert 1 <= ours < theirs["mos"] <= 5, "ours reacts to loss, Salesforce's hardly"


DIGITS = "7319402856"
"""Typed digits: so long that no port, time or random id holds them by chance."""


def test_downloaded_logs_hold_no_number_and_no_name(floor: Floor, tmp_path: Path) -> None:
    ada = floor.ada
    floor.talks(ada)
    ada.press("Dial Pad")
    for digit in DIGITS:
        ada.call.get_by_role("button", name=digit).first.click()
    ada.press("End Call")
    ada.expect_no_call()

    text = ada.download_logs(tmp_path)

    assert "CALL_STARTED" in text
    for secret in (CUSTOMER, CUSTOMER[1:], "555-0123", "5550123", ADA, "Ada Agent", DIGITS):
        assert secret not in re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "", text), secret
    assert not re.search(r"\+\d{7,}", text)


# ------------------------------------------------------------------------------- call controls


def test_controls_are_hidden_and_disabled_by_call(floor: Floor) -> None:
    ada = floor.ada
    floor.change_settings(
        callInfo={
            "showMuteButton": False,
            "showRecordButton": False,
            "showAddCallerButton": False,
            "showAddBlindTransferButton": False,
            "holdEnabled": False,
            "extensionEnabled": False,
            "endCallDisabled": True,
        }
    )

    floor.talks(ada)

    for name in ("Mute", "Pause Recording", "Add Caller / Transfer"):
        expect(ada.page.get_by_role("button", name=name, exact=True)).to_be_hidden()
    for name in ("Hold", "Dial Pad", "End Call"):
        expect(ada.page.get_by_role("button", name=name, exact=True)).to_be_disabled()


def test_controls_change_in_the_middle_of_a_call(floor: Floor) -> None:
    ada, remote = floor.ada, floor.remote
    call_id = floor.talks(ada)
    before = len(ada.events("CALL_UPDATED"))
    hold = ada.page.get_by_role("button", name="Hold", exact=True)
    expect(hold).to_be_enabled()

    change = {"holdEnabled": False, "endCallDisabled": True, "showMuteButton": False}
    floor.demo(f"agents/{ADA}/call-info", {"callId": call_id, "callInfo": change})

    told = ada.event("CALL_UPDATED", count=before + 1)
    assert told["call"]["callInfo"]["holdEnabled"] is False
    expect(hold).to_be_disabled()
    expect(ada.page.get_by_role("button", name="End Call", exact=True)).to_be_disabled()
    expect(ada.page.get_by_role("button", name="Mute", exact=True)).to_be_hidden()
    ada.expect_card(MARIA, "connected")
    floor.demo(
        f"agents/{ADA}/call-info", {"callId": call_id, "callInfo": {"endCallDisabled": False}}
    )
    ada.press("End Call")
    ada.expect_no_call()
    remote.expect_no_call()


def test_dial_pad_and_phone_book_are_switched_off(floor: Floor) -> None:
    ada = floor.ada
    floor.change_settings(
        voiceCapabilities={"isDialPadDisabled": True, "isPhoneBookDisabled": True}
    )

    ada.reload()

    expect(ada.page.get_by_label("Phone Number", exact=True)).to_be_disabled()
    expect(ada.page.get_by_text("The dial pad is switched off.")).to_be_visible()
    floor.change_settings(
        voiceCapabilities={"isDialPadDisabled": False, "isPhoneBookDisabled": False}
    )
    ada.reload()
    ada.become("Available")
    expect(ada.page.get_by_label("Phone Number", exact=True)).to_be_enabled()
