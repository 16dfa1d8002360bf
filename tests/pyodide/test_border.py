"""The connector in a real Pyodide, over the border as the page crosses it.

`border.mjs` plays the page and the server once, and fails by itself where an answer that must be
there at once had to wait, or the other way round; the tests look at what it saw.
"""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
NODE_SECONDS = 90


@pytest.fixture(scope="module")
def seen() -> dict[str, Any]:
    script = Path(__file__).with_name("border.mjs")
    run = subprocess.run(
        ["node", str(script), str(CHECKOUT)],
        capture_output=True,
        text=True,
        timeout=NODE_SECONDS,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])


def test_python_is_new_enough_to_run_coroutines_at_once(seen: dict[str, Any]) -> None:
    assert tuple(int(part) for part in seen["python"].split(".")[:2]) >= (3, 12)


def test_answers_that_need_no_waiting_are_there_at_once(seen: dict[str, Any]) -> None:
    assert seen["eager"]["unknown"]["error"]["kind"] == "type"
    assert seen["eager"]["unknown"]["error"]["type"] == "GENERIC_ERROR"
    assert seen["eager"]["early"].keys() <= {"ok", "error"}


def test_init_waits_for_the_welcome(seen: dict[str, Any]) -> None:
    start_up = seen["startUp"]
    assert start_up["init"]["ok"]["$class"] == "InitResult"
    assert start_up["init"]["ok"]["showLogin"] is False
    assert start_up["hello"]["kind"] == "hello"
    assert start_up["hello"]["ticket"] == "ticket-1"
    assert start_up["identity"] == {
        "organizationId": "00D000000000001AAA",
        "userName": "ada@demo.example",
        "userFullName": "Ada Agent",
        "callCenterName": "Demo_Center",
    }


@pytest.mark.parametrize(
    ("method", "class_name"),
    [
        ("getAgentConfig", "AgentConfigResult"),
        ("getSharedCapabilities", "SharedCapabilitiesResult"),
        ("getVoiceCapabilities", "VoiceCapabilitiesResult"),
        ("getActiveCalls", "ActiveCallsResult"),
    ],
)
def test_what_the_base_asks_when_ready_is_there_at_once(
    seen: dict[str, Any], method: str, class_name: str
) -> None:
    assert seen["startUp"]["ready"][method]["ok"]["$class"] == class_name


def test_a_call_is_told_before_the_socket_s_event_is_over(seen: dict[str, Any]) -> None:
    event = seen["startUp"]["callStarted"]
    assert event["eventType"] == "CALL_STARTED"
    assert event["payload"]["$class"] == "CallResult"
    assert event["payload"]["call"]["callId"] == "call-1"
    assert event["payload"]["call"]["callInfo"]["callStateTimestamp"].keys() == {"$date"}


def test_a_command_waits_for_its_reply(seen: dict[str, Any]) -> None:
    assert seen["startUp"]["command"]["name"] == "answer_call"
    assert seen["startUp"]["accepted"]["error"] == {
        "kind": "type",
        "type": "CAN_NOT_ACCEPT_THE_CALL",
        "message": "too late",
    }


def test_the_agent_signs_in_on_the_way(seen: dict[str, Any]) -> None:
    assert seen["signIn"]["init"]["ok"]["showLogin"] is True
    login_result = seen["signIn"]["loginResult"]
    assert login_result["eventType"] == "LOGIN_RESULT"
    assert login_result["payload"] == {"$class": "GenericResult", "success": True}


def test_the_headset_opens_shows_the_call_and_answers_it(seen: dict[str, Any]) -> None:
    headset = seen["headset"]
    assert headset["opened"] == {"type": "hid_open", "vendorId": 0x1234, "productId": 0x5678}
    assert headset["dark"] == {"type": "hid_send", "reportId": 9, "bytes": "00"}
    assert headset["ring"] == {"type": "hid_send", "reportId": 9, "bytes": "02"}
    assert headset["isHIDCall"] is True
    assert headset["command"]["name"] == "answer_call"


def test_a_lost_headset_is_an_error_of_the_softphone(seen: dict[str, Any]) -> None:
    headset = seen["headset"]
    assert headset["lost"]["eventType"] == "SOFTPHONE_ERROR"
    assert headset["lost"]["error"]["type"] == "GENERIC_ERROR"
    assert headset["logged"][-2:] == ["headset_lost", "headset_failed"]


def test_without_storage_the_agent_is_asked_before_the_login(seen: dict[str, Any]) -> None:
    questions = seen["questions"]
    assert questions["storage"]["name"] == "storage_access"
    assert questions["init"]["ok"]["showStorageAccess"] is True
    assert questions["decided"]["eventType"] == "STORAGE_ACCESS_RESULT"
    assert questions["decided"]["payload"]["success"] is True


def test_audio_devices_come_from_the_page(seen: dict[str, Any]) -> None:
    questions = seen["questions"]
    assert questions["audio"]["name"] == "audio_devices"
    assert questions["devices"]["ok"]["audioDevices"] == [
        {"deviceId": "m1", "label": "Microphone", "kind": "audioinput"}
    ]
    error = questions["refused"]["error"]
    assert (error["type"], error["message"]) == ("CAN_NOT_GET_AUDIO_DEVICES", "not allowed")


def test_nonsense_is_answered_and_logged(seen: dict[str, Any]) -> None:
    answers = seen["nonsense"]["answers"]
    assert len(answers) == 28
    assert all(answer["error"]["type"] for answer in answers)
    assert seen["nonsense"]["logged"].count("bridge_event_failed") == 4
    assert seen["nonsense"]["logged"].count("bridge_event_unknown") == 1


def test_no_exception_escapes(seen: dict[str, Any]) -> None:
    assert seen["escaped"] == []
