"""Forms of the voice-call simulator: what they send arrives where it belongs."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import FrameLocator, Page, Route, expect

from tests.support.demo_server import wait_until
from tests.support.floor import ADA, BEN, CUSTOMER, MARIA, Floor
from tests.support.remote_page import RemotePage
from tests.support.softphone_page import SoftphonePage

pytestmark = pytest.mark.e2e


@pytest.fixture
def remote(floor: Floor) -> RemotePage:
    """The simulator, driving Ada."""
    floor.remote.choose_agent("Ada Agent")
    return floor.remote


@pytest.fixture
def rebuilt(floor: Floor) -> Iterator[SoftphonePage]:
    """Ben's softphone for tests that change what it starts with; it starts anew afterwards."""
    yield floor.ben
    floor.change_settings(
        showsLogin=False,
        isSilentLogin=False,
        sharedCapabilities={"hasContactSearch": True, "hasAutoAcceptEnabled": False},
    )
    floor.ben.reload()


# ------------------------------------------------------------------------------ Conversation


def test_what_belongs_to_the_record_of_a_call(floor: Floor, remote: RemotePage) -> None:
    ada = floor.ada
    call_id = floor.talks(ada)
    remote.tab("Conversation")

    remote.select("Speaker", "Customer")
    remote.fill("What Is Said", "My order did not arrive.")
    remote.press_until_done("Add to Transcript", "transcript")
    remote.check_box("Persist")
    remote.press_until_done("Send Events", "conversation-events")
    remote.press("Fill in Template")
    remote.press("Send Statistics")
    expect(remote.page.get_by_test_id("audio-stats-done")).to_contain_text("mean opinion score")
    ada.expect_conversation("My order did not arrive.")
    expect(ada.page.get_by_test_id("audio-stats")).to_be_visible()
    ada.press("End Call")
    ada.expect_no_call()
    remote.fill("Recording URL", "https://recordings.example/2.wav")
    remote.fill("Recording Length (Seconds)", "42")
    remote.fill("On-Hold Time (Seconds)", "2")
    remote.press_until_done("Publish", "recording")

    ada.expect_recording("42")
    record = floor.record(call_id)
    assert record["recording"]["location"] == "https://recordings.example/2.wav"
    assert [one["content"] for one in record["transcript"]] == ["My order did not arrive."]
    (events,) = record["conversationEvents"]
    assert events["persist"] is True
    assert [one["value"] for one in events["events"]] == ["Complaint"]


def test_a_voicemail_is_shown_with_what_became_of_it(floor: Floor, remote: RemotePage) -> None:
    ada = floor.ada
    floor.free(ada)
    remote.tab("Conversation")
    remote.fill("Transcript of the Message", "Where is my parcel?")

    remote.press_until_done("Send Voicemail", "voicemail")

    ada.expect_work("Voicemail")
    remote.tab("Agent")
    work = remote.page.get_by_test_id("agent-work-item").first
    expect(work).to_contain_text("Offered: Voicemail")
    ada.do_work("Decline", "Voicemail")
    expect(work).to_have_attribute("data-status", "DECLINED")
    expect(work).to_contain_text("Declined")


# ----------------------------------------------------------------------------------- Routing


def test_a_call_goes_to_whom_the_flow_names(floor: Floor, remote: RemotePage) -> None:
    ada, ben = floor.ada, floor.ben
    floor.free(ada, ben)
    remote.tab("Routing")
    remote.select("Who Routes", "Unified: the agent whom the flow names, and nobody else")
    remote.fill("Flow (Developer Name)", "Route_To_Ben")
    remote.tab("Calls")
    remote.fill("Phone Number", CUSTOMER)
    remote.select("Who Gets the Call", "Whom the Omni-Channel flow chooses (tab Routing)")

    remote.press_until_done("Inbound Call", "inbound")

    ben.expect_card(MARIA, "ringing")
    ben.press("Decline")
    ben.expect_no_call()
    floor.expect_state(ADA, "available")
    ada.expect_no_call()
    remote.leaves("Customer")
    remote.expect_no_call()
    assert ada.events("CALL_STARTED") == []


# ------------------------------------------------------------------------------------- Agent


def test_conversation_work_begins_and_ends(floor: Floor, remote: RemotePage) -> None:
    ada = floor.ada
    floor.free(ada)
    ada.open_tab("Work")
    remote.tab("Agent")
    remote.fill("Agent Work ID", "0Bz000000000009")

    remote.press_until_done("Start After-Conversation Work", "after-work")
    expect(ada.page.get_by_test_id("conversation-work")).to_contain_text("0Bz000000000009")
    remote.press_until_done("End After-Conversation Work", "after-work")

    expect(ada.page.get_by_test_id("conversation-work")).to_have_count(0)
    remote.fill("Agent Work ID", "")
    remote.press("Start After-Conversation Work")
    remote.expect_refused("after-work", "missing")


def logs_in(remote: RemotePage, login: FrameLocator | Page) -> None:
    """Make a code for the chosen agent and type it on a login page."""
    remote.press("Make Sign-In Code")
    told = remote.page.get_by_test_id("login-done")
    expect(told).to_contain_text("good once: ")
    login.get_by_label("Sign-In Code").fill(told.inner_text().split(": ")[-1])
    login.get_by_role("button", name="Log In").click()


def expect_login(phone: SoftphonePage) -> None:
    """Wait until the softphone wants a sign-in."""
    expect(phone.page.get_by_test_id("phone-state")).to_have_attribute("data-phase", "login")


def test_logging_out_and_in_with_a_code(
    floor: Floor, remote: RemotePage, rebuilt: SoftphonePage
) -> None:
    ben = rebuilt
    remote.choose_agent("Ben Agent")
    remote.tab("Agent")
    remote.check("Show telephony login screen")

    ben.log_out()

    assert ben.event("LOGOUT_RESULT")["success"] is True
    expect_login(ben)
    ben.open_tab("Call")
    logs_in(remote, ben.page.frame_locator("#login-frame"))
    ben.wait_ready()
    remote.press_until_done("Log Out Agent", "login")
    expect_login(ben)


def test_a_silent_login_waits_for_another_page(
    floor: Floor, remote: RemotePage, rebuilt: SoftphonePage
) -> None:
    ben = rebuilt
    remote.choose_agent("Ben Agent")
    remote.tab("Agent")
    remote.check("Silent login")
    remote.press_until_done("Log Out Agent", "login")

    ben.page.reload()

    expect_login(ben)
    expect(ben.page.get_by_test_id("phone-state")).to_contain_text("come back here")
    expect(ben.page.locator("#login-frame")).to_be_hidden()
    login = ben.page.context.new_page()
    login.goto(f"{floor.server.url}/login.html")
    logs_in(remote, login)
    expect(login.get_by_test_id("signed-in")).to_contain_text("Go back to your phone")
    ben.page.bring_to_front()
    ben.wait_ready()
    login.close()


# ------------------------------------------------------------------------------------ Errors


def test_dialing_fails_for_the_chosen_reason(floor: Floor, remote: RemotePage) -> None:
    ada = floor.ada
    floor.free(ada)
    remote.tab("Errors")
    remote.select("Which Error", "A reason for which dialing fails")
    remote.select("Dialing Error", "CALL_THROTTLED")
    remote.press_until_done("Display an Error", "simulated-error")
    expect(remote.page.get_by_test_id("error-state")).to_have_text("Errors are on: CALL_THROTTLED")

    ada.dial(CUSTOMER)

    # The base connector from 4.9.1 on would pass the name on.
    assert ada.event("ERROR")["message"] == "CAN_NOT_START_THE_CALL"
    ada.expect_notice("CAN_NOT_START_THE_CALL")
    remote.stop_errors()
    expect(remote.page.get_by_test_id("error-state")).to_have_text("Errors are off.")
    remote.select("Which Error", "The usual one of each request")


def test_salesforce_fails_for_as_many_requests_as_chosen(floor: Floor, remote: RemotePage) -> None:
    ada = floor.ada
    remote.tab("Errors")
    faults = "/salesforce-simulator/ui/faults"
    first: list[Route] = []

    def hold_first(route: Route) -> None:
        if first:
            route.continue_()
        else:
            first.append(route)

    remote.page.route(f"**{faults}", hold_first)
    remote.fill("Number of Requests (empty: all)", "1")
    remote.page.keyboard.press("Tab")
    # The next choice comes before the answer to this one.
    remote.page.get_by_role("radio", name="Fail", exact=True).check()
    with remote.page.expect_request(lambda one: '"fail"' in (one.post_data or "")):
        first[0].continue_()
    remote.page.unroute(f"**{faults}")
    wait_until("the fault is set", lambda: floor.server.get(faults)["mode"] == "fail")

    call_id = floor.talks(ada)

    # The request that failed is sent again, and then the fault is over.
    floor.record(call_id)
    assert floor.server.get(faults)["mode"] == "none"
    ada.press("End Call")
    ada.expect_no_call()
    expect(remote.page.get_by_role("radio", name="None", exact=True)).to_be_checked()
    remote.fill("Number of Requests (empty: all)", "")


# ------------------------------------------------------------------------------ Capabilities


def test_calls_accepted_by_themselves_and_contacts_without_a_search(
    floor: Floor, remote: RemotePage, rebuilt: SoftphonePage
) -> None:
    ben = rebuilt
    remote.tab("Capabilities")
    remote.check("Accept calls automatically")
    remote.check("Search contacts", is_on=False)
    ben.reload()
    ben.open_tab("Settings")
    ben.page.get_by_label("Automatically accept requests").check()
    ben.open_tab("Contacts")
    ben.page.get_by_label("Search Contacts").fill("Alice And")
    expect(ben.page.get_by_test_id("contact")).to_have_count(1)
    asked = [json.dumps(one) for one in ben.sent("GET_PHONE_CONTACTS")]
    assert not any("Alice" in one for one in asked), "the page searches in the whole phone book"
    floor.free(ben)

    floor.demo("inbound-calls", {"from": CUSTOMER, "userName": BEN})

    ben.expect_card(MARIA, "connected")
    ben.press("End Call")
    ben.expect_no_call()
    ben.open_tab("Settings")
    ben.page.get_by_label("Automatically accept requests").uncheck()
