"""Weaknesses of Salesforce's base connector (connector-api.md, B1-B30), and what we do about them.

Each test shows our behaviour through the real base connector. Where only a faulty Python could
show it, the test plays Python.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from playwright.sync_api import Page

from connector_py.entities import (
    CallResult,
    LinkError,
    MuteToggleResult,
    ParticipantConnected,
    ParticipantHeld,
    ParticipantResumed,
    to_tagged,
)
from tests.support.builders import at, make_call_snapshot, make_connected_call_snapshot
from tests.support.connector_host import ConnectorHost
from tests.support.conversation_in_chromium import ScriptedSite
from tests.support.held_replies import HeldReplies
from tests.support.played_python import play_python
from tests.support.scripted_server import Answer

pytestmark = pytest.mark.e2e

CALL = {"callId": "call-1", "callType": "Inbound"}
CUSTOMER = {**CALL, "callAttributes": {"participantType": "Initial_Caller"}}
ANSWERED = ParticipantConnected(call_id="call-1", participant_id="agent-1", at=at(5))
HELD = ParticipantHeld(call_id="call-1", participant_id="customer-1", at=at(6))
RESUMED = ParticipantResumed(call_id="call-1", participant_id="customer-1", at=at(6))
WORK = {"workItemId": "0Mw1", "workId": "0Bz1", "workEvent": "ACCEPTED"}
STATUS_INFO = {"statusId": "0N51", "statusApiName": "Available", "statusName": "Available"}


@pytest.fixture(scope="module")
def site() -> Iterator[ScriptedSite]:
    with ScriptedSite().running() as running:
        yield running


@pytest.fixture
def host(new_page: Callable[[], Page], site: ScriptedSite) -> ConnectorHost:
    """Salesforce's page; an error that escapes in any frame fails the test."""
    return ConnectorHost(new_page(), site).has()


def with_python(host: ConnectorHost, **answers: Mapping[str, Any]) -> ConnectorHost:
    """The page, with a Python that answers as the test says."""
    play_python(host.page, answers)
    return host


def refused(code: str = "invalid_state") -> Answer:
    return Answer(error=LinkError(code=code, message="not now"))


# ------------------------------------------------------------------------------- start-up


def test_b01_the_cause_of_an_empty_connector_ready_is_in_the_log(host: ConnectorHost) -> None:
    wrong = {"ok": to_tagged(CallResult())}
    with_python(host, getAgentConfig=wrong).loads().shakes_hands()
    assert host.ready() == {}
    [entry] = host.logged("getAgentConfig")
    assert entry["isError"] is True
    assert (
        entry["payload"]["message"]
        == "getAgentConfig returned CallResult instead of AgentConfigResult"
    )


def test_b04_a_stranger_who_shakes_hands_first_does_not_lock_salesforce_out(
    host: ConnectorHost,
) -> None:
    host.loads()
    host.page.evaluate(
        """() => new Promise((done) => {
          const stranger = document.createElement('iframe');
          stranger.sandbox = 'allow-scripts';
          stranger.srcdoc = `<script>
            const { port2 } = new MessageChannel();
            const setup = { type: 'SETUP_CONNECTOR', connectorConfig: {} };
            parent.frames[0].postMessage(setup, '*', [port2]);
            parent.postMessage('said', '*');
          </script>`;
          addEventListener('message', ({ data }) => data === 'said' && done(), { once: true });
          document.body.append(stranger);
        })"""
    )
    host.sees(lambda: facts(host)["refused"] == 1, "the stranger is refused")
    host.shakes_hands()
    assert host.ready() != {}


@pytest.mark.parametrize(
    "origin",
    [
        "https://evillightning.x.soma.force.com",
        "https://a.lightning.localhost.foo.forceXcom",
        "https://demo.lightning.force.com:8443",
        "https://demo.lightning.force.com",
    ],
)
def test_b05_only_origins_of_the_settings_are_let_in_whatever_the_base_takes(
    host: ConnectorHost, origin: str
) -> None:
    with_python(host).loads()
    host.run(
        """(origin) => {
          const { port1, port2 } = new MessageChannel();
          window.strangerHeard = [];
          port1.onmessage = ({ data }) => window.strangerHeard.push(data);
          const data = { type: 'SETUP_CONNECTOR', connectorConfig: {} };
          dispatchEvent(new MessageEvent('message', { data, origin, ports: [port2] }));
        }""",
        origin,
    )
    host.sees(lambda: facts(host)["refused"] == 1, "it is refused")
    host.shakes_hands()
    assert host.ready() != {}
    assert facts(host)["acceptedOrigin"] != origin
    assert host.run("() => window.strangerHeard") == []


def test_b06_messages_that_are_nothing_break_nothing(host: ConnectorHost) -> None:
    with_python(host).loads()
    for odd in (None, 7, "SETUP_CONNECTOR", [], {"type": None}, {"type": "SETUP_CONNECTOR"}):
        host.page.evaluate(
            "(odd) => document.getElementById('connector').contentWindow.postMessage(odd, '*')", odd
        )
    host.shakes_hands()
    assert host.ready() != {}


def facts(host: ConnectorHost) -> dict[str, Any]:
    found: dict[str, Any] = host.run("() => ({ ...window.scvHandshakeGuard.facts() })")
    return found


# --------------------------------------------------------------- handlers without a guard


@pytest.mark.parametrize(
    ("message", "method"),
    [
        ({"type": "MESSAGE", "message": {"a": 1}}, "handleMessage"),
        ({"type": "WRAP_UP_CALL", "call": CALL}, "wrapUpCall"),
        ({"type": "AGENT_WORK_EVENT", "agentWork": {"workEvent": "never"}}, "onAgentWorkEvent"),
    ],
)
def test_b07_what_nobody_guards_fails_into_the_log_with_its_reason(
    host: ConnectorHost, message: dict[str, Any], method: str
) -> None:
    answers = {"send_message": refused(), "end_wrap_up": refused()}
    host.has(answers=answers).opens()
    host.says(message)
    [entry] = host.logged("method_failed")
    assert entry["isError"] is True
    assert entry["payload"]["method"] == method
    host.says({"type": "GET_AGENT_STATUS"})
    host.event("GET_AGENT_STATUS_RESULT")
    assert "ERROR" not in host.names()


def test_b07_a_failure_inside_the_base_itself_is_in_the_log(host: ConnectorHost) -> None:
    with_python(host).opens()
    host.says({"type": "AGENT_WORK_EVENT"})
    [entry] = host.logged("CONNECTOR_FAILURE")
    assert entry["isError"] is True
    assert "TypeError" in entry["payload"]["message"]


def test_b07_a_replay_that_gets_nonsense_is_in_the_log(host: ConnectorHost) -> None:
    with_python(host).opens()
    host.run("() => { window.answers.getActiveCalls = { ok: null }; }")
    host.says({"type": "AGENT_AVAILABLE", "isAvailable": True})
    [entry] = host.logged("getActiveCalls")
    assert (
        entry["payload"]["message"] == "getActiveCalls returned null instead of ActiveCallsResult"
    )
    host.logged("CONNECTOR_FAILURE")


# -------------------------------------------------------------------------- odd results


@pytest.mark.parametrize(
    ("message", "method", "error"),
    [
        ({"type": "HOLD", "call": CALL}, "hold", "CAN_NOT_HOLD_CALL"),
        ({"type": "RESUME", "call": CALL}, "resume", "CAN_NOT_RESUME_CALL"),
        ({"type": "PAUSE_RECORDING", "call": CALL}, "pauseRecording", "CAN_NOT_PAUSE_RECORDING"),
        ({"type": "RESUME_RECORDING", "call": CALL}, "resumeRecording", "CAN_NOT_RESUME_RECORDING"),
    ],
)
def test_b08_salesforce_never_waits_for_a_result_that_is_nothing(
    host: ConnectorHost, message: dict[str, Any], method: str, error: str
) -> None:
    with_python(host, **{method: {"ok": None}}).opens()
    host.says(message)
    assert host.event("ERROR") == {"message": error}
    assert host.logged(method)[0]["payload"]["message"].startswith(f"{method} returned null")


def test_b09_a_blind_transfer_with_an_odd_result_does_not_hang_up(host: ConnectorHost) -> None:
    with_python(host, addParticipant={"ok": to_tagged(CallResult())}).opens()
    contact = {"type": "PhoneNumber", "phoneNumber": "+12025550143"}
    host.says(
        {"type": "ADD_PARTICIPANT", "contact": contact, "call": CALL, "isBlindTransfer": True}
    )
    assert host.event("ERROR") == {"message": "CAN_NOT_ADD_PARTICIPANT"}
    host.quiet()
    assert host.names() == ["PARTICIPANT_REMOVED", "ERROR"]


# ------------------------------------------------------------------------------- reasons


def test_b16_why_a_call_was_not_accepted_is_in_the_log(host: ConnectorHost) -> None:
    host.has(make_call_snapshot(), answers={"answer_call": refused("call_not_found")}).opens()
    host.says({"type": "ACCEPT_CALL", "call": CALL})
    assert host.event("INFO") == {"message": "CAN_NOT_ACCEPT_THE_CALL"}
    [entry] = host.logged("method_failed")
    assert entry["payload"] == {"method": "acceptCall", "code": "call_not_found"}


@pytest.mark.parametrize(
    ("message", "error"),
    [
        (
            {"type": "SET_AGENT_STATUS", "agentStatus": "notOnline", "statusInfo": STATUS_INFO},
            "INVALID_AGENT_STATUS",
        ),
        (
            {"type": "SET_AGENT_CONFIG", "config": {"selectedPhone": {"type": "MY_SOFT_PHONE_2"}}},
            "CAN_NOT_SET_AGENT_CONFIG",
        ),
        (
            {"type": "GET_PHONE_CONTACTS", "filter": {"types": ["AGENT", "BOGUS"]}},
            "CAN_NOT_GET_PHONE_CONTACTS",
        ),
    ],
)
def test_b18_a_value_that_only_contains_a_right_one_is_refused(
    host: ConnectorHost, message: dict[str, Any], error: str
) -> None:
    host.opens().says(message)
    assert host.event("ERROR") == {"message": error}
    assert host.server.asked == []


def test_b19_reasons_are_texts_and_not_empty_objects(host: ConnectorHost) -> None:
    wrong = {"ok": {"$class": "PhoneCall", "callType": 7}}
    with_python(host, mute=wrong).opens()
    host.says({"type": "MUTE", "call": CALL})
    assert host.event("ERROR") == {"message": "CAN_NOT_MUTE_CALL"}
    [entry] = host.logged("mute")
    assert entry["payload"]["message"].startswith("mute returned what the base refuses: ")
    assert "function" not in entry["payload"]["message"]


# -------------------------------------------------------------------------------- events


@pytest.mark.parametrize(
    "event",
    [
        {"eventType": "AGENT_ERROR", "payload": None},
        {"eventType": "UPDATE_AUDIO_STATS", "payload": {"stats": []}},
    ],
)
def test_b22_an_event_that_the_base_would_drop_is_in_the_log(
    host: ConnectorHost, event: dict[str, Any]
) -> None:
    with_python(host).opens()
    message = {"type": "publish_event", "afterResult": False, **event}
    host.run("(message) => window.pythonHost.post(JSON.stringify(message))", message)
    [entry] = host.logged(event["eventType"])
    assert entry["isError"] is True
    assert entry["payload"]["message"]


def test_b27_events_from_before_the_handshake_are_kept(host: ConnectorHost) -> None:
    early = {"type": "publish_event", "afterResult": False, "eventType": "MESSAGE", "payload": 1}
    late = {**early, "payload": 2}
    entry = {"type": "log", "level": "ERROR", "event": "early", "fields": {}}
    play_python(host.page, {}, early=[early, entry, late])
    host.opens()
    host.sees(lambda: len(host.events()) == 2, "both events")
    assert host.events() == [("MESSAGE", 1), ("MESSAGE", 2)]
    host.logged("early")


def test_b27a_a_message_that_contains_itself_breaks_nothing_else(host: ConnectorHost) -> None:
    host.opens()
    host.page.evaluate(
        """() => {
          const message = { text: 'again' };
          message.itself = message;
          window.port.postMessage({ type: 'MESSAGE', message });
        }"""
    )
    [entry] = host.logged("CONNECTOR_FAILURE")
    assert "RangeError" in entry["payload"]["message"]
    host.says({"type": "GET_AGENT_STATUS"})
    host.event("GET_AGENT_STATUS_RESULT")


# -------------------------------------------------------------------------------- order


def stops_long_timers(host: ConnectorHost) -> ConnectorHost:
    """Nothing is told only because it waited long enough."""
    host.page.add_init_script(
        """
        const set = window.setTimeout;
        window.setTimeout = (work, millis, ...rest) =>
          millis >= 10_000 ? 0 : set(work, millis, ...rest);
        """
    )
    return host


def tells_after_the_result(host: ConnectorHost, message: str) -> None:
    event = {"eventType": "MESSAGE", "payload": message, "afterResult": True}
    event = json.dumps({"type": "publish_event", **event})
    host.run("(event) => window.pythonHost.post(event)", event)


def test_an_event_waits_for_the_result_before_it(host: ConnectorHost) -> None:
    muted = {"ok": to_tagged(MuteToggleResult(is_muted=True))}
    with_python(host, mute={"late": muted}).opens()
    host.says({"type": "MUTE"})
    host.sees(lambda: host.run("() => 'giveAnswer' in window"), "the call")
    tells_after_the_result(host, "after that")
    host.quiet()
    assert host.events() == []
    host.run("() => window.giveAnswer.mute()")
    host.sees(lambda: len(host.events()) == 2, "both")
    assert [name for name, _ in host.events()] == ["MUTE_TOGGLE", "MESSAGE"]


def test_no_event_waits_while_the_browser_asks_for_the_microphone(host: ConnectorHost) -> None:
    with_python(stops_long_timers(host), getAudioDevices={"late": {"ok": None}}).opens()
    host.says({"type": "GET_AUDIO_DEVICES"})
    host.sees(lambda: host.run("() => 'giveAnswer' in window"), "the question")
    tells_after_the_result(host, "a call rings")
    host.sees(lambda: host.events() == [("MESSAGE", "a call rings")], "the event")


@pytest.mark.parametrize(
    ("method", "message"),
    [
        ("handleMessage", {"type": "MESSAGE", "message": "anything"}),
        ("onAgentWorkEvent", {"type": "AGENT_WORK_EVENT", "agentWork": WORK}),
        ("wrapUpCall", {"type": "WRAP_UP_CALL", "call": CALL}),
        ("sendDigits", {"type": "SEND_DIGITS", "digits": "1"}),
    ],
)
def test_no_event_waits_for_a_method_without_a_result(
    host: ConnectorHost, method: str, message: dict[str, Any]
) -> None:
    """The base connector tells Salesforce nothing of it, so nothing has to come first."""
    with_python(stops_long_timers(host), **{method: {"late": {"ok": None}}}).opens()
    host.says(message)
    host.sees(lambda: host.run("() => 'giveAnswer' in window"), "the call")
    tells_after_the_result(host, "another call rings")
    host.sees(lambda: host.events() == [("MESSAGE", "another call rings")], "the event")


def test_b23_a_slow_hold_and_a_fast_resume_end_resumed(host: ConnectorHost) -> None:
    replies = HeldReplies(host.page)
    answers = {"hold": Answer(causes=(HELD,)), "resume": Answer(causes=(RESUMED,))}
    host.has(make_connected_call_snapshot(), answers=answers).opens()
    replies.is_holding = True
    host.says({"type": "HOLD", "call": CUSTOMER}, {"type": "RESUME", "call": CUSTOMER})
    host.sees(lambda: host.names() is not None and replies.count, "the reply is held")
    host.quiet()
    assert [name for name, _ in host.server.asked] == ["hold"]
    replies.release()
    host.sees(lambda: len(host.events()) == 2, "both results")
    toggles = [(name, payload["isCustomerOnHold"]) for name, payload in host.events()]
    assert toggles == [("HOLD_TOGGLE", True), ("HOLD_TOGGLE", False)]


def test_b23_a_double_click_gives_one_command(host: ConnectorHost) -> None:
    host.has(make_call_snapshot(), answers={"answer_call": Answer(causes=(ANSWERED,))}).opens()
    accept = {"type": "ACCEPT_CALL", "call": CALL}
    host.says(accept, accept, accept)
    host.sees(lambda: len(host.events()) == 3, "an answer to each click")
    assert set(host.names()) == {"CALL_CONNECTED"}
    assert [name for name, _ in host.server.asked] == ["answer_call"]


# ------------------------------------------------------------------------- custom errors


def test_b29_a_status_that_is_refused_with_a_text_does_not_leave_salesforce_waiting(
    host: ConnectorHost,
) -> None:
    error = LinkError(
        code="invalid_agent_status", message="no", namespace="acme", label_name="Not_Now"
    )
    host.has(answers={"set_agent_status": Answer(error=error)}).opens()
    host.says({"type": "SET_AGENT_STATUS", "agentStatus": "Online", "statusInfo": STATUS_INFO})
    assert host.event("SET_AGENT_STATUS_RESULT") == {"success": False}
    host.sees(lambda: host.names().count("ERROR") == 2, "both errors")
    errors = [payload for name, payload in host.events() if name == "ERROR"]
    custom = [payload["customError"] for payload in errors if "customError" in payload]
    assert [(one["namespace"], one["labelName"]) for one in custom] == [("acme", "Not_Now")]
