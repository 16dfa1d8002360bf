"""What a browser gives a page only if it likes: audio devices, cookies, files."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.support.connector_host import ConnectorHost
from tests.support.conversation_in_chromium import ScriptedSite

pytestmark = pytest.mark.e2e

AUDIO = """
(isAllowed) => {
  let isNamed = false;
  const device = (deviceId, kind, label) => ({ deviceId, kind, label: isNamed ? label : '' });
  const media = {
    stopped: 0,
    async enumerateDevices() {
      return [
        device('m1', 'audioinput', 'Microphone'),
        device('c1', 'videoinput', 'Camera'),
        device('s1', 'audiooutput', 'Speaker'),
      ];
    },
    async getUserMedia(wanted) {
      if (!isAllowed) throw new DOMException('Permission denied', 'NotAllowedError');
      isNamed = wanted.audio === true;
      return { getTracks: () => [{ stop: () => { media.stopped += 1; } }] };
    },
  };
  Object.defineProperty(navigator, 'mediaDevices', { value: media });
}
"""
STORAGE = """
(answers) => {
  let isAllowed = false;
  let jar = '';
  window.storageAsked = 0;
  document.hasStorageAccess = async () => isAllowed;
  document.requestStorageAccess = async () => {
    window.storageAsked += 1;
    if (!navigator.userActivation.isActive) throw new DOMException('no click', 'NotAllowedError');
    isAllowed = answers.shift();
    if (!isAllowed) throw new DOMException('denied', 'NotAllowedError');
  };
  Object.defineProperty(document, 'cookie', {
    get: () => (isAllowed ? jar : ''),
    set: (text) => { jar = text.includes('Max-Age=0') ? '' : text.split(';')[0]; },
  });
}
"""
"""A browser that keeps no cookie in a frame until the agent allows it."""


@pytest.fixture(scope="module")
def site() -> Iterator[ScriptedSite]:
    with ScriptedSite().running() as running:
        yield running


@pytest.fixture
def host(new_page: Callable[[], Page], site: ScriptedSite) -> ConnectorHost:
    return ConnectorHost(new_page(), site).has()


# ------------------------------------------------------------------------- audio devices


def errors(host: ConnectorHost, count: int) -> list[str]:
    """The constants of all errors, once there are so many."""
    host.sees(lambda: host.names().count("ERROR") == count, "the errors")
    return [payload["message"] for name, payload in host.events() if name == "ERROR"]


def test_audio_devices_are_named_and_the_microphone_is_let_go(host: ConnectorHost) -> None:
    host.page.add_init_script(f"({AUDIO})(true);")
    host.opens().says({"type": "GET_AUDIO_DEVICES"})
    assert host.event("GET_AUDIO_DEVICES") == {
        "audioDevices": [
            {"deviceId": "m1", "label": "Microphone", "kind": "audioinput"},
            {"deviceId": "s1", "label": "Speaker", "kind": "audiooutput"},
        ]
    }
    assert host.run("() => navigator.mediaDevices.stopped") == 1


def test_audio_devices_that_the_agent_refuses_are_an_error_with_a_reason(
    host: ConnectorHost,
) -> None:
    host.page.add_init_script(f"({AUDIO})(false);")
    host.opens().says({"type": "GET_AUDIO_DEVICES"})
    assert errors(host, 2) == ["CAN_NOT_GET_AUDIO_DEVICES", "MICROPHONE_NOT_SHARED"]
    reasons = [entry["payload"].get("error") for entry in host.logged("GET_AUDIO_DEVICES")]
    assert "audio_devices: NotAllowedError: Permission denied" in str(reasons)


def test_a_page_without_audio_devices_says_so(host: ConnectorHost) -> None:
    script = "Object.defineProperty(navigator, 'mediaDevices', { value: undefined });"
    host.page.add_init_script(script)
    host.opens().says({"type": "GET_AUDIO_DEVICES"})
    assert errors(host, 2) == ["CAN_NOT_GET_AUDIO_DEVICES", "UNSUPPORTED_BROWSER"]


# ------------------------------------------------------------------------ storage access


def test_the_agent_allows_the_sign_in_to_be_kept(host: ConnectorHost) -> None:
    host.page.add_init_script(f"({STORAGE})([false, true]);")
    host.has(is_signed_in=False).loads().shakes_hands()
    assert host.event("SHOW_STORAGE_ACCESS") == {"success": True}
    question = host.connector.get_by_test_id("allow-storage")
    button = host.connector.get_by_role("button", name="Allow Sign-In")
    button.click()
    result = host.event("STORAGE_ACCESS_RESULT")
    assert result["showLogin"] is True
    # Refused: the login is offered all the same, and the question stays.
    assert host.event("SHOW_LOGIN")["loginFrameHeight"] == 350
    expect(question).to_be_visible()
    host.server.is_signed_in = True
    button.press("Enter")
    host.ready()
    assert host.event("STORAGE_ACCESS_RESULT")["showLogin"] is False
    expect(question).to_be_hidden()
    assert host.run("() => window.storageAsked") == 2


@pytest.mark.parametrize("has_access", [True, False])
def test_a_browser_that_keeps_cookies_shows_the_login_at_once(
    host: ConnectorHost, has_access: bool
) -> None:
    # Partitioned ones it keeps without access.
    script = f"document.hasStorageAccess = async () => {str(has_access).lower()};"
    host.page.add_init_script(script)
    host.has(is_signed_in=False).loads().shakes_hands()
    assert host.event("SHOW_LOGIN")["loginFrameHeight"] == 350
    assert "SHOW_STORAGE_ACCESS" not in host.names()
    expect(host.connector.get_by_test_id("allow-storage")).to_be_hidden()
    assert host.run("() => document.cookie") == "", "the trial leaves nothing behind"


LISTENING = """
() => {
  window.heard = [];
  new BroadcastChannel('scv-login').onmessage = ({ data }) => window.heard.push(data);
}
"""


@pytest.mark.parametrize("is_allowed", [True, False])
def test_the_login_page_asks_with_the_click_and_sends_the_code_in_any_case(
    new_page: Callable[[], Page], site: ScriptedSite, is_allowed: bool
) -> None:
    page = new_page()
    page.add_init_script(f"({STORAGE})([{str(is_allowed).lower()}]); ({LISTENING})();")
    codes = signs_in(page, "ada@demo.example")
    page.goto(f"{site.url}/login.html")
    page.get_by_label("Sign-In Code").fill("CODE-1")
    page.get_by_role("button", name="Log In").click()
    if is_allowed:
        expect(page.get_by_test_id("signed-in")).to_contain_text("Ada Agent")
    else:
        expect(page.get_by_role("alert")).to_contain_text("keep the sign-in")
    assert codes == ["CODE-1"]
    assert page.evaluate("() => window.storageAsked") == 1
    page.wait_for_function("() => window.heard.length === 1")
    assert page.evaluate("() => window.heard") == [
        {"type": "signed_in", "userName": "ada@demo.example", "tab": None, "isAlone": True}
    ]


def test_the_login_page_asks_nothing_where_cookies_are_kept(
    new_page: Callable[[], Page], site: ScriptedSite
) -> None:
    page = new_page()
    page.add_init_script(
        """
        document.hasStorageAccess = async () => false;
        document.requestStorageAccess = () => { throw new Error('asked'); };
        """
    )
    codes = signs_in(page, "ada@demo.example")
    page.goto(f"{site.url}/login.html")
    page.get_by_label("Sign-In Code").fill("CODE-1")
    page.get_by_role("button", name="Log In").click()
    expect(page.get_by_test_id("signed-in")).to_contain_text("Ada Agent")
    assert codes == ["CODE-1"]


def signs_in(page: Page, user_name: str) -> list[str]:
    """Let every code be one of this user; returns the codes that are sent."""
    codes: list[str] = []

    def sign_in(route: Route) -> None:
        codes.append(str(route.request.post_data_json["code"]))
        route.fulfill(json={"userName": user_name, "fullName": "Ada Agent"})

    page.route("**/api/v1/session", sign_in)
    return codes


# ------------------------------------------------------------------------------------ log


def test_the_log_is_a_text_file_without_personal_data(host: ConnectorHost, tmp_path: Path) -> None:
    host.opens()
    host.says({"type": "MESSAGE", "message": {"name": "Zoë Ünger", "note": "call +12025550143"}})
    with host.page.expect_download() as waiting:
        host.says({"type": "DOWNLOAD_VENDOR_LOGS"})
    download = waiting.value
    name = download.suggested_filename
    assert name.removeprefix("log-").removesuffix(".txt").isdigit(), name
    target = tmp_path / name
    download.save_as(target)
    text = target.read_text(encoding="utf-8")
    assert "MESSAGE" in text
    assert "[removed]" in text
    for secret in ("Zoë", "12025550143", "Ada Agent", "ada@demo.example"):
        assert secret not in text
