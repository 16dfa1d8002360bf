"""What the voice-call simulator's fields, buttons and flags do, through the pages."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.support.demo_server import wait_until
from tests.support.floor import CUSTOMER, MARIA, THEO, THEO_SHOWN, Floor
from tests.support.remote_page import RemotePage

pytestmark = pytest.mark.e2e

FIELDS = {"Priority__c": "High"}
FLOWS = "/salesforce-simulator/ui/flows"
STATUS_MAP = "/demo/v1/status-map"


@pytest.fixture
def remote(floor: Floor) -> Iterator[RemotePage]:
    """The simulator, which drives Ada; what was typed under "More Options" is forgotten after."""
    page = floor.remote
    page.choose_agent("Ada Agent")
    page.tab("Calls")
    more = page.page.locator("details.more").filter(has=page.page.locator("#called-number"))
    more.evaluate("(one) => { one.open = true; }")
    yield page
    page.tab("Calls")
    for label in ("Additional Fields", "Called Number", "Initial Call ID", "Customer Name"):
        page.fill(label, "")


def attributes(floor: Floor, key: str) -> dict[str, Any]:
    """Return the fields that a VoiceCall got from the telephony system."""
    (record,) = floor.server.voice_calls(key)
    return dict(record.get("callAttributes") or {})


# ------------------------------------------------------------------------------- the tab Calls


def test_a_call_begins_as_the_fields_say(floor: Floor, remote: RemotePage) -> None:
    floor.free(floor.ada)
    remote.fill("Additional Fields", '{"Priority__c"')
    fields = remote.page.get_by_label("Additional Fields", exact=True)
    for button in ("Inbound Call", "Outbound Call", "Callback"):
        remote.press(button)
        # A refusal leads to the field; the sentence stands there since it was typed.
        expect(fields).to_be_focused()
        remote.expect_refused("inbound", "This is not JSON")
    assert floor.overview()["calls"] == []
    remote.fill("Additional Fields", '{"Priority__c": "High"}')
    remote.fill("Called Number", "+12025550142")

    remote.inbound_call(CUSTOMER, agent="Ada Agent")

    floor.ada.expect_call("ringing")
    call = floor.call()
    assert call["toNumber"] == "+12025550142"
    assert floor.record(call["callId"])["callAttributes"] == FIELDS


def test_a_callback_knows_why_and_keeps_its_fields(floor: Floor, remote: RemotePage) -> None:
    ada = floor.ada
    before = floor.rings(ada)
    remote.leaves("Customer")
    ada.expect_no_call()
    floor.free(ada)
    remote.fill("Initial Call ID", before)
    remote.fill("Additional Fields", '{"Priority__c": "High"}')
    remote.select("Who Gets the Call", "Whom the Omni-Channel flow chooses (tab Routing)")
    remote.press("Callback")
    remote.expect_refused("inbound", "No flow chooses who calls back")
    remote.select("Who Gets the Call", "The agent chosen above, when free")

    remote.start("Callback", CUSTOMER)

    ada.expect_card(MARIA, "ringing")
    key = floor.call()["callId"]
    assert floor.call()["initialCallId"] == before
    remote.expect_call("VoiceCall ID", floor.record(key)["voiceCallId"])
    expect(remote.calls).not_to_contain_text("no VoiceCall yet")
    ada.press("Decline")
    remote.leaves("Customer")
    remote.expect_no_call()
    wait_until("the fields of the callback", lambda: attributes(floor, key) == FIELDS)


def test_a_contact_request_has_the_customer_s_name(floor: Floor, remote: RemotePage) -> None:
    floor.free(floor.ada)
    remote.fill("Customer Name", "Maria")
    remote.start("Contact Request", CUSTOMER)
    floor.ada.expect_work("Contact request from Maria")


def test_a_number_is_added_to_the_call(floor: Floor, remote: RemotePage) -> None:
    remote.press("Add Participant")
    remote.expect_refused("inbound", "There is no call to add somebody to")
    floor.talks(floor.ada)
    remote.start("Add Participant", THEO)
    floor.ada.expect_party(THEO_SHOWN, "ringing")


def test_every_call_is_shown(floor: Floor, remote: RemotePage) -> None:
    floor.talks(floor.ada)
    remote.inbound_call(THEO)
    expect(remote.calls).to_have_count(2)
    for shown in (MARIA, THEO_SHOWN):
        expect(remote.calls.filter(has_text=shown)).to_have_count(1)
    expect(remote.page.get_by_text("2 active")).to_be_visible()


def test_the_next_dialed_call_goes_as_chosen(floor: Floor, remote: RemotePage) -> None:
    floor.free(floor.ada)
    rings = remote.page.get_by_role("radio", name="Rings", exact=True)
    remote.page.route("**/demo/v1/pbx", refuse_put)
    remote.page.get_by_role("radio", name="Unreachable", exact=True).click()
    remote.expect_refused("next-dial", "not now")
    expect(rings).to_be_checked()
    remote.page.unroute("**/demo/v1/pbx")
    remote.next_dial("Busy")
    wait_until(
        "the switch is busy next", lambda: floor.server.get("/demo/v1/pbx")["nextDial"] == "busy"
    )

    remote.start("Outbound Call", CUSTOMER)

    (ended,) = floor.ada.event("HANGUP")
    assert ended["agentStatus"] == "FailedConnectCustomer"
    remote.expect_no_call()
    expect(rings).to_be_checked()


def refuse_put(route: Route) -> None:
    """Answer as a server that refuses every change."""
    if route.request.method == "PUT":
        refusal = {"error": {"code": "conflict", "message": "not now"}}
        route.fulfill(status=409, json=refusal)
    else:
        route.continue_()


# ------------------------------------------------------------------------------ the desk phone


def test_the_desk_phone_dials_sends_digits_and_consults(floor: Floor, remote: RemotePage) -> None:
    floor.free(floor.ada)
    floor.change_settings(voiceCapabilities={"canConsult": True})
    remote.bring_in("Dial", number=CUSTOMER)
    remote.answers("Customer")
    floor.ada.expect_card(MARIA, "connected")
    remote.expect_call("VoiceCall ID")
    remote.fill("Digits", "123#")
    remote.at_desk("Send Digits", "desk-digits")
    expect(remote.party("Ada Agent")).to_contain_text("Digits: 123#")

    remote.bring_in("Consult", number=THEO)

    remote.answers("Third party")
    expect(remote.party("Third party")).to_contain_text("consult")
    theo = next(one for one in floor.call()["participants"] if one.get("isConsult"))
    floor.record(theo["participantId"])
    remote.expect_call("VoiceCall ID of")
    keys = remote.page.locator(f"#call-keys option[value='{theo['participantId']}']")
    expect(keys).to_have_text(f"Consult: Third party {THEO_SHOWN}")
    remote.with_party("Remove", "Third party")
    expect(remote.party("Third party")).to_have_count(0)


def test_the_desk_phone_ends_a_call_for_all(floor: Floor, remote: RemotePage) -> None:
    floor.talks(floor.ada)
    remote.bring_in("Add", contact="Alice Andersen")
    remote.answers("Alice Andersen")
    expect(remote.party("Alice Andersen")).to_have_attribute("data-state", "connected")
    remote.end_leg("End Call for All")
    floor.ada.expect_no_call()
    remote.expect_no_call()


# ----------------------------------------------------------------------------- flags and flows


def test_a_flag_of_a_running_call_is_told_at_once(floor: Floor, remote: RemotePage) -> None:
    floor.talks(floor.ada)
    remote.controls_of("Running call")
    remote.check("End Call disabled")
    told = floor.ada.event("CALL_UPDATED")
    assert told["call"]["callInfo"]["endCallDisabled"] is True
    expect(floor.ada.page.get_by_role("button", name="End Call")).to_be_disabled()
    remote.check("End Call disabled", is_on=False)
    expect(floor.ada.page.get_by_role("button", name="End Call")).to_be_enabled()


def test_whoever_is_added_begins_as_chosen(floor: Floor, remote: RemotePage) -> None:
    floor.talks(floor.ada)
    remote.controls_of("New transfer participants")
    expect(remote.page.locator("#controls-state-isRecordingPaused")).to_be_hidden()
    for flag in ("Muted", "On hold"):
        remote.check(flag)
    remote.bring_in("Add", number=THEO)
    remote.answers("Third party")
    expect(remote.party("Third party")).to_contain_text("on hold")
    expect(remote.party("Third party")).to_contain_text("muted")
    floor.ada.expect_party(THEO_SHOWN, "held")


def test_two_pages_add_flows_and_keep_each_other_s(floor: Floor, remote: RemotePage) -> None:
    other = RemotePage(floor.remote.page.context.new_page(), floor.server.url).open()
    try:
        for page in (remote, other):
            page.tab("Routing")
            expect(flow(page.page, "Route_To_Support")).to_be_visible()
        for page, name in ((other, "Flow_Of_Page_B"), (remote, "Flow_Of_Page_A")):
            page.fill("Developer Name", name)
            page.press_until_done("Add Flow", "new-flow")
        expect(flow(remote.page, "Flow_Of_Page_B")).to_be_visible()
        names = [one["name"] for one in floor.server.get(FLOWS)]
        assert {"Flow_Of_Page_A", "Flow_Of_Page_B"} <= set(names)

        before = floor.server.get(STATUS_MAP)
        for page in (remote, other):
            page.tab("Agent")
            expect(page.page.get_by_label("Telephony status of Away")).to_be_visible()
        for page, status in ((other, "Away"), (remote, "Busy")):
            page.fill(f"Telephony status of {status}", f"{status.lower()}-renamed")
            page.press_until_done("Save Status Map", "status-map")
        statuses = {
            one["statusName"]: one["telephonyStatus"] for one in floor.server.get(STATUS_MAP)
        }
        assert (statuses["Away"], statuses["Busy"]) == ("away-renamed", "busy-renamed")
        floor.server.put(STATUS_MAP, {"statuses": before})
    finally:
        other.page.close()


def flow(page: Page, name: str) -> Any:
    """Return the choice of a flow's answer."""
    return page.get_by_label(f"{name} chooses", exact=True)
