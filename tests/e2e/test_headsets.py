"""A headset at the connector in Chromium: WebHID is played, everything else is real."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from connector_py.entities import (
    AgentConfigChanged,
    AgentConfigResult,
    AgentSnapshot,
    CallEnded,
    CallStarted,
    HangupReason,
    HidDevice,
    ParticipantConnected,
    ParticipantMuted,
    VoiceCapabilitiesResult,
)
from tests.support.builders import at, make_agent_snapshot, make_call_snapshot
from tests.support.connector_host import ConnectorHost
from tests.support.conversation_in_chromium import ScriptedSite
from tests.support.headset_webhid import FAKE_HID
from tests.support.headsets import generic_collections
from tests.support.scripted_server import Answer

pytestmark = pytest.mark.e2e

GRANTED = "navigator.hid.granted.push(window.headset);"
PARTS = """
([volume, buttons]) => {
  navigator.hid.pull(window.headset);
  window.volume = navigator.hid.makes(volume);
  window.headset = navigator.hid.makes(buttons);
}
"""
"""Another headset: the machine sees its volume keys and its buttons as two devices."""
ANSWERED = ParticipantConnected(call_id="call-1", participant_id="agent-1", at=at(5))
ENDED = CallEnded(call_id="call-1", reason=HangupReason.PHONE_CALL_ENDED, at=at(9))
ANSWERS = {
    "answer_call": Answer(causes=(ANSWERED,)),
    "mute": Answer(causes=(ParticipantMuted(call_id="call-1", participant_id="agent-1"),)),
    "end_call": Answer(causes=(ENDED,)),
}


def agent() -> AgentSnapshot:
    chosen = HidDevice(vendor_id=0x1234, product_id=0x5678)
    return make_agent_snapshot(
        agent_config=AgentConfigResult(hid_device_info=chosen),
        voice_capabilities=VoiceCapabilitiesResult(is_hid_supported=True),
    )


@pytest.fixture(scope="module")
def site() -> Iterator[ScriptedSite]:
    with ScriptedSite().running() as running:
        yield running


@pytest.fixture
def host(new_page: Callable[[], Page], site: ScriptedSite) -> ConnectorHost:
    """A page whose browser knows a headset that is plugged in and not yet allowed."""
    page = new_page()
    page.add_init_script(f"({FAKE_HID})({json.dumps(generic_collections())});")
    return ConnectorHost(page, site).has(agent=agent(), answers=ANSWERS)


def allowed(host: ConnectorHost) -> ConnectorHost:
    """The page where the headset was allowed before."""
    host.page.add_init_script(GRANTED)
    return host.opens()


def sent(host: ConnectorHost) -> list[Any]:
    found: list[Any] = host.run("() => window.headset.sent")
    return found


def is_open(host: ConnectorHost) -> bool:
    return bool(host.run("() => window.headset.opened"))


def presses(host: ConnectorHost, *reports: int) -> None:
    host.run("(all) => all.forEach((one) => window.headset.says(8, one))", list(reports))


def test_a_call_from_ring_to_end_at_the_headset(host: ConnectorHost) -> None:
    allowed(host)
    host.sees(lambda: sent(host) == [[9, [0, 0]]], "the lamps are dark")
    host.happens(CallStarted(call=make_call_snapshot()))
    assert host.event("CALL_STARTED")["callInfo"]["isHIDCall"] is True
    host.sees(lambda: sent(host)[-1] == [9, [4, 0]], "it rings")
    presses(host, 0b001)
    assert host.event("CALL_CONNECTED")["state"] == "connected"
    host.sees(lambda: sent(host)[-1] == [9, [1, 0]], "it is off-hook")
    presses(host, 0b011, 0b001)
    assert host.event("MUTE_TOGGLE")["isMuted"] is True
    host.sees(lambda: sent(host)[-1] == [9, [3, 0]], "it is muted")
    presses(host, 0b000)
    assert host.event("HANGUP")[0]["reason"] == "ended"
    host.sees(lambda: sent(host)[-1] == [9, [0, 0]], "the lamps are dark again")
    assert [name for name, _ in host.server.asked] == ["answer_call", "mute", "end_call"]


def test_the_agent_allows_the_headset_at_the_connector_page(host: ConnectorHost) -> None:
    host.opens()
    question = host.connector.get_by_test_id("allow-headset")
    expect(question).to_be_visible()
    [entry] = host.logged("headset_failed")
    assert entry["payload"]["code"] == "not_granted"
    button = host.connector.get_by_role("button", name="Allow Headset")
    button.focus()
    host.page.keyboard.press("Enter")
    expect(question).to_be_hidden()
    host.sees(lambda: is_open(host), "the headset is open")
    asked = host.run("() => navigator.hid.asked")
    assert asked == [[{"vendorId": 0x1234, "productId": 0x5678}]]


def test_a_headset_that_is_pulled_out_and_plugged_in_again(host: ConnectorHost) -> None:
    allowed(host)
    host.sees(lambda: is_open(host), "the headset is open")
    host.happens(CallStarted(call=make_call_snapshot()))
    host.run("() => navigator.hid.pull(window.headset)")
    assert host.event("ERROR") == {"message": "GENERIC_ERROR"}
    host.logged("headset_lost")
    before = len(sent(host))
    host.run("() => navigator.hid.plug(window.headset)")
    host.sees(lambda: len(sent(host)) > before, "the lamps are told again")
    assert sent(host)[-1] == [9, [4, 0]]
    presses(host, 0b001)
    host.event("CALL_CONNECTED")


def test_the_half_with_the_buttons_is_taken_when_it_comes_last(host: ConnectorHost) -> None:
    allowed(host).run(PARTS, [[part] for part in generic_collections()])
    host.run("() => navigator.hid.plug(window.volume)")
    host.logged("headset_without_known_buttons")
    host.happens(CallStarted(call=make_call_snapshot()))
    assert host.event("CALL_STARTED")["callInfo"]["isHIDCall"] is False
    host.run("() => navigator.hid.plug(window.headset)")
    host.sees(lambda: sent(host) == [[9, [4, 0]]], "it rings")
    assert host.run("() => window.volume.opened") is False
    presses(host, 0b001)
    assert host.event("CALL_CONNECTED")["callInfo"]["isHIDCall"] is True


def test_the_half_with_the_buttons_is_taken_while_the_other_is_opened(host: ConnectorHost) -> None:
    allowed(host).run(PARTS, [[part] for part in generic_collections()])
    host.run("() => { window.volume.takesLong(); navigator.hid.plug(window.volume); }")
    host.sees(lambda: host.run("() => window.volume.isOpening"), "the volume keys are opened")
    host.run("() => { navigator.hid.plug(window.headset); window.volume.goesOn(); }")
    host.sees(lambda: is_open(host), "the buttons are open")
    host.sees(lambda: host.run("() => !window.volume.opened"), "the volume keys are closed")
    host.happens(CallStarted(call=make_call_snapshot()))
    presses(host, 0b001)
    host.event("CALL_CONNECTED")


def test_a_headset_that_is_pulled_out_while_it_is_opened(host: ConnectorHost) -> None:
    allowed(host).run(PARTS, [[part] for part in generic_collections()])
    host.run("() => { window.headset.takesLong(); navigator.hid.plug(window.headset); }")
    host.sees(lambda: host.run("() => window.headset.isOpening"), "the headset is opened")
    host.run("() => { navigator.hid.pull(window.headset); window.headset.goesOn(); }")
    [entry] = host.logged("headset_failed")
    assert entry["payload"]["code"] == "not_granted"
    assert not is_open(host)
    host.run("() => navigator.hid.plug(window.headset)")
    host.sees(lambda: is_open(host), "the headset is open")
    host.happens(CallStarted(call=make_call_snapshot()))
    assert host.event("CALL_STARTED")["callInfo"]["isHIDCall"] is True
    presses(host, 0b001)
    host.event("CALL_CONNECTED")


def test_a_headset_that_is_not_there_any_more_is_not_taken(host: ConnectorHost) -> None:
    allowed(host).run(PARTS, [[part] for part in generic_collections()])
    host.run("() => { window.headset.takesLong(); navigator.hid.plug(window.headset); }")
    host.sees(lambda: host.run("() => window.headset.isOpening"), "the headset is opened")
    host.run("() => { navigator.hid.plugged = []; window.headset.goesOn(); }")
    [entry] = host.logged("headset_failed")
    assert entry["payload"]["code"] == "broken"
    assert not is_open(host)
    host.run("() => navigator.hid.plug(window.headset)")
    host.sees(lambda: is_open(host), "the headset is open")


def test_a_headset_that_takes_no_reports_is_said_and_the_buttons_work(host: ConnectorHost) -> None:
    allowed(host)
    host.sees(lambda: is_open(host), "the headset is open")
    host.run("() => { window.headset.writeError = 'no power'; }")
    host.happens(CallStarted(call=make_call_snapshot()))
    [entry] = host.logged("headset_failed")
    assert entry["payload"] == {"code": "broken", "reason": "no power"}
    presses(host, 0b001)
    host.event("CALL_CONNECTED")


def test_choosing_another_headset_lets_go_of_this_one(host: ConnectorHost) -> None:
    allowed(host)
    host.sees(lambda: is_open(host), "the headset is open")
    other = replace(agent().agent_config, hid_device_info=None)
    host.happens(AgentConfigChanged(agent_config=other))
    host.sees(lambda: not is_open(host), "the headset is closed")


def test_a_browser_without_webhid_says_so_and_calls_work(
    new_page: Callable[[], Page], site: ScriptedSite
) -> None:
    page = new_page()
    page.add_init_script("delete Navigator.prototype.hid;")
    host = ConnectorHost(page, site).has(agent=agent(), answers=ANSWERS).opens()
    [entry] = host.logged("headset_failed")
    assert entry["payload"]["code"] == "unsupported"
    expect(host.connector.get_by_test_id("allow-headset")).to_be_hidden()
    host.happens(CallStarted(call=make_call_snapshot()))
    assert host.event("CALL_STARTED")["callInfo"]["isHIDCall"] is False
    host.says({"type": "ACCEPT_CALL", "call": host.event("CALL_STARTED")})
    host.event("CALL_CONNECTED")
