"""No violations (axe-core, all its rules) in any state of the pages."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.support.axe import assert_accessible
from tests.support.demo_server import DemoServer
from tests.support.floor import ADA, CUSTOMER, MARIA, THEO, THEO_SHOWN, Floor
from tests.support.remote_page import RemotePage
from tests.support.scripted_connector import call, open_scripted
from tests.support.softphone_page import SoftphonePage

pytestmark = pytest.mark.e2e

SOFTPHONE_TABS = ("Contacts", "Supervisor", "Messages", "Work", "Settings")
REMOTE_TABS = (
    "Calls",
    "Desk Phone",
    "Agent",
    "Call Controls",
    "Capabilities",
    "Conversation",
    "Routing",
    "Messages",
    "Errors",
)
MakePage = Callable[[], Page]


@pytest.fixture
def dark(file_floor: tuple[Floor, list[str]]) -> Iterator[None]:
    """Show both pages in dark colours, as the system of some readers asks for."""
    opened, _ = file_floor
    pages = (opened.ada.page, opened.remote.page)
    for page in pages:
        page.emulate_media(color_scheme="dark")
    yield
    for page in pages:
        page.emulate_media(color_scheme="light")


def connector_of(phone: SoftphonePage) -> Frame:
    """Return the connector's frame."""
    return next(one for one in phone.page.frames if "connector.html" in one.url)


def test_what_is_wrong_is_found(new_page: MakePage) -> None:
    page = new_page()
    page.set_content("<main><h1>Title</h1><button></button></main>")
    with pytest.raises(AssertionError, match="button-name"):
        assert_accessible(page, "a button without a name")


# ------------------------------------------------------------------------------- softphone.html


def test_the_softphone_without_a_call(floor: Floor) -> None:
    ada = floor.ada
    assert_accessible(ada.page, "offline")
    floor.free(ada)
    assert_accessible(ada.page, "available")
    ada.page.get_by_test_id("agent-status").click()
    assert_accessible(ada.page, "status menu")
    ada.page.keyboard.press("Escape")
    for name in SOFTPHONE_TABS:
        ada.open_tab(name)
        assert_accessible(ada.page, f"tab {name}")
    ada.open_tab("Call")
    ada.press("Keyboard Shortcuts")
    expect(ada.page.get_by_role("dialog")).to_be_visible()
    assert_accessible(ada.page, "shortcuts")
    ada.page.keyboard.press("Escape")


def test_the_softphone_with_a_call(floor: Floor) -> None:
    ada = floor.ada
    floor.rings(ada)
    assert_accessible(ada.page, "ringing")
    ada.press("Accept")
    ada.expect_call("connected")
    assert_accessible(ada.page, "connected")
    ada.press("Mute")
    ada.expect_flag("Muted")
    ada.press("Pause Recording")
    ada.expect_flag("Recording paused")
    ada.press("Dial Pad")
    assert_accessible(ada.page, "muted, recording paused, dial pad")
    ada.press("Hold")
    ada.expect_call("held")
    assert_accessible(ada.page, "held")
    ada.press("End Call")
    ada.expect_no_call()
    expect(ada.page.get_by_test_id("after-call-work")).to_be_visible()
    assert_accessible(ada.page, "after-call work")


def test_the_softphone_with_several_parties(floor: Floor) -> None:
    ada, ben = floor.ada, floor.ben
    floor.talks(ada)
    ada.open_transfer_view()
    expect(ada.page.get_by_test_id("destination").first).to_be_visible()
    assert_accessible(ada.page, "transfer view")
    ada.page.get_by_label("Search or Enter a Number").fill("nobody at all")
    expect(ada.page.get_by_test_id("destination")).to_have_count(0)
    assert_accessible(ada.page, "transfer view, nothing found")
    ada.choose_destination(THEO)
    assert_accessible(ada.page, "transfer view, chosen")
    ada.press("Add")
    ada.expect_party(THEO_SHOWN, "ringing")
    assert_accessible(ada.page, "third party rings")
    floor.remote.answers("Third party")
    ada.expect_party(THEO_SHOWN, "connected")
    assert_accessible(ada.page, "third party, customer held")
    ada.merge()
    ada.expect_party(MARIA, "connected")
    assert_accessible(ada.page, "conference")
    ben.listen_in("Ada Agent")
    ben.expect_supervising("connected")
    assert_accessible(ben.page, "supervising")
    ben.barge_in()
    ben.expect_supervising("barged-in")
    ada.expect_flag("Supervisor")
    assert_accessible(ben.page, "barged in")
    assert_accessible(ada.page, "a supervisor barged in")


def test_the_softphone_with_errors_and_notes(floor: Floor) -> None:
    ada = floor.ada
    floor.talks(ada)
    floor.change_settings(error={})
    ada.press("Mute")
    ada.event("ERROR")
    expect(ada.page.get_by_test_id("toast").first).to_be_visible()
    assert_accessible(ada.page, "an error")
    floor.change_settings(error=None)
    ada.press("End Call")
    ada.expect_no_call()
    ada.press("Close voice call tab")
    ada.page.get_by_label("Phone Number", exact=True).fill("nobody")
    ada.press("Call")
    assert_accessible(ada.page, "a number that is none")


def test_the_softphone_with_work_previews_and_messages(floor: Floor) -> None:
    ada = floor.ada
    floor.free(ada)
    body = {"phoneNumber": CUSTOMER, "userName": ADA, "name": "Maria"}
    floor.demo("contact-requests", body)
    ada.expect_work("Contact request from Maria")
    assert_accessible(ada.page, "offered work")
    ada.do_work("Accept", "Contact request from Maria")
    ada.expect_work("Contact request from Maria", "ACCEPTED")
    assert_accessible(ada.page, "accepted work")
    ada.do_work("Transfer", "Contact request from Maria")
    expect(ada.transfer_view).to_be_visible()
    assert_accessible(ada.page, "transfer view for a contact request")
    ada.page.get_by_role("button", name="Close transfer view").click()
    floor.demo("previews", body)
    expect(ada.preview("Maria")).to_be_visible()
    assert_accessible(ada.page, "preview")
    ada.skip_preview("Maria")
    floor.demo(f"agents/{ADA}/message", {"message": {"text": "hello"}})
    ada.expect_message("hello")
    assert_accessible(ada.page, "messages")


def test_the_softphone_with_a_whole_record(floor: Floor) -> None:
    ada = floor.ada
    call_id = floor.talks(ada)
    said = {"content": "I need help.", "senderType": "END_USER"}
    floor.demo(f"calls/{call_id}/transcripts", said)
    recording = {
        "recordingUrl": "https://recordings.demo.example/1.wav",
        "seconds": 9,
        "holdSeconds": 1,
    }
    ada.press("End Call")
    ada.expect_no_call()
    floor.demo(f"calls/{call_id}/recording", recording)
    ada.expect_conversation("I need help.")
    ada.expect_recording("9")
    assert_accessible(ada.page, "record with transcript and recording")


def test_the_softphone_with_a_callback_a_consult_and_figures(
    floor: Floor, new_page: MakePage
) -> None:
    ada, line = open_scripted(new_page(), floor.server.url, ADA)
    ada.open_tab("Settings")
    expect(ada.page.get_by_role("button", name="Choose Headset")).to_be_visible()
    assert_accessible(ada.page, "settings with headset")
    line.event("QUEUED_CALL_STARTED", call("q1", "Maria", callType="Callback"))
    ada.expect_card("Maria", "ringing")
    assert_accessible(ada.page, "callback")
    line.event("CALL_CONNECTED", call("q1", "Maria", callType="Callback", state="connected"))
    ada.expect_card("Maria", "connected")
    heard = {"packetsCount": 1000, "packetsLost": 20, "jitterBufferMillis": 12}
    stats = {"callId": "q1", "stats": [{"inputChannelStats": heard}]}
    line.event("AUDIO_STATS", {"audioStats": stats})
    ada.page.get_by_text("Audio quality").click()
    expect(ada.page.get_by_test_id("audio-stats").get_by_role("table")).to_be_visible()
    assert_accessible(ada.page, "audio quality")
    consult = {"isConsultCall": True, "parentId": "q1"}
    theo = call("t1", "Theo", callType="Consult", callAttributes=consult)
    line.event("CALL_STARTED", theo)
    line.event("CALL_CONNECTED", theo | {"state": "connected"})
    ada.expect_party("Theo", "connected")
    assert_accessible(ada.page, "consult")


def test_the_softphone_that_does_not_work(floor: Floor, new_page: MakePage) -> None:
    ada, line = open_scripted(new_page(), floor.server.url, ADA)
    state = ada.page.get_by_test_id("phone-state")
    line.event("SHOW_LOGIN", {"isSilentLogin": True})
    expect(state).to_have_attribute("data-phase", "login")
    assert_accessible(ada.page, "silent login")
    line.event("SHOW_LOGIN", {"loginFrameHeight": 350})
    login = ada.page.frame_locator("#login-frame")
    expect(login.get_by_role("heading", name="Sign in")).to_be_visible()
    assert_accessible(ada.page, "login")
    line.log("link_ended", {"reason": "schema_mismatch"})
    expect(state).to_have_attribute("data-phase", "failed")
    assert_accessible(ada.page, "failed")
    line.log("link_ended", {"reason": "replaced"})
    expect(state).to_have_attribute("data-phase", "replaced")
    assert_accessible(ada.page, "replaced")


def test_the_choice_of_an_agent(floor: Floor, new_page: MakePage) -> None:
    page = new_page()
    page.goto(f"{floor.server.url}/softphone.html")
    expect(page.get_by_text("Ben Agent")).to_be_visible()
    assert_accessible(page, "chooser")


def test_the_start_page(floor: Floor, new_page: MakePage) -> None:
    page = new_page()
    page.goto(f"{floor.server.url}/")
    expect(page.locator("main")).to_be_visible()
    assert_accessible(page, "start page")


# ---------------------------------------------------------------------------------- remote.html


def test_the_simulator_without_a_call(floor: Floor) -> None:
    remote = floor.remote
    for name in REMOTE_TABS:
        remote.tab(name)
        assert_accessible(remote.page, f"tab {name}")
    remote.tab("Calls")
    remote.show_more()
    assert_accessible(remote.page, "more options")
    remote.show_more()


def test_the_simulator_with_calls_and_refusals(floor: Floor) -> None:
    ada, remote = floor.ada, floor.remote
    floor.talks(ada)
    ada.add_participant(THEO)
    ada.expect_party(THEO_SHOWN, "ringing")
    remote.choose_agent("Ada Agent")
    for name in REMOTE_TABS:
        remote.tab(name)
        assert_accessible(remote.page, f"call, tab {name}")
    remote.tab("Desk Phone")
    remote.press("More ways to end")
    assert_accessible(remote.page, "menu")
    remote.page.keyboard.press("Escape")
    remote.tab("Calls")
    remote.fill("Phone Number", "")
    remote.press("Inbound Call")
    remote.expect_refused("inbound", "missing")
    assert_accessible(remote.page, "refused")
    remote.fill("Phone Number", CUSTOMER)
    ada.press("End Call")
    remote.leaves("Customer")
    remote.expect_no_call()
    expect(remote.page.get_by_test_id("ended-call").first).to_be_visible()
    assert_accessible(remote.page, "ended calls")


@pytest.mark.usefixtures("dark")
def test_in_dark_colours(floor: Floor) -> None:
    ada, remote = floor.ada, floor.remote
    floor.talks(ada)
    ada.press("Hold")
    ada.expect_call("held")
    assert_accessible(ada.page, "softphone, held")
    for name in REMOTE_TABS:
        remote.tab(name)
        assert_accessible(remote.page, f"simulator, tab {name}")


# ------------------------------------------------------------------- connector.html, login.html


def test_the_connector_as_salesforce_shows_it(floor: Floor) -> None:
    assert_accessible(connector_of(floor.ada), "ready")


def test_the_connector_on_its_own_and_the_login(floor: Floor, new_page: MakePage) -> None:
    page = new_page()
    page.goto(f"{floor.server.url}/connector.html")
    expect(page.get_by_test_id("connector-status")).not_to_have_text("")
    assert_accessible(page, "connector without Salesforce")
    for part in ("allow-storage", "allow-headset"):
        page.get_by_test_id(part).evaluate("(it) => { it.hidden = false; }")
    assert_accessible(page, "connector that asks for permission")
    page.goto(f"{floor.server.url}/login.html")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert_accessible(page, "login")
    page.get_by_role("button", name="Log In").click()
    expect(page.locator("#code-error")).not_to_be_empty()
    assert_accessible(page, "login, refused")
    code = floor.demo(f"agents/{ADA}/sign-in-code")["code"]
    page.get_by_label("Sign-In Code").fill(code)
    page.get_by_role("button", name="Log In").click()
    expect(page.get_by_test_id("signed-in")).to_contain_text("Ada Agent")
    assert_accessible(page, "login, signed in")


def test_without_a_server(new_page: MakePage, server: DemoServer) -> None:
    remote = RemotePage(new_page(), server.url).open()
    server.kill()
    expect(remote.page.get_by_test_id("line-state")).not_to_have_attribute("data-line", "open")
    remote.press("Inbound Call")
    remote.expect_refused("inbound")
    assert_accessible(remote.page, "simulator without a server")
