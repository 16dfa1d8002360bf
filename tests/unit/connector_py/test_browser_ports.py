"""What Python asks of the page: sockets, events, log; and its clock and randomness."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest

from connector_py.api import AgentIdentity, MethodFailed
from connector_py.browser.headset import PageHeadset
from connector_py.browser.log import HostLog
from connector_py.browser.page_requests import (
    PageAudioDevices,
    PageRequests,
    PageStorageAccess,
)
from connector_py.browser.publisher import HostPublisher
from connector_py.browser.sockets import BrowserSockets
from connector_py.browser.system import RandomIds, RandomJitter, SystemClock
from connector_py.entities import CallResult, HidDevice, LogLevel
from connector_py.errors import (
    ConnectorError,
    CustomError,
    LinkDownError,
    MicrophoneNotSharedError,
    PageRefusedError,
    SignInRequiredError,
    UnsupportedBrowserError,
    ValidationError,
)
from connector_py.transport import TextSocket
from tests.support.builders import make_phone_call

ADA = AgentIdentity(organization_id="00D1", user_name="ada")


class RecordingHost:
    def __init__(self) -> None:
        self.posted: list[dict[str, Any]] = []

    def post(self, text: str, /) -> None:
        self.posted.append(
            json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
        )


class Owner:
    def __init__(self) -> None:
        self.heard: list[Any] = []

    def opened(self, ticket: str) -> None:
        self.heard.append(ticket)

    def text(self, text: str) -> None:
        self.heard.append(text)

    def closed(self, code: str, reason: str) -> None:
        self.heard.append((code, reason))

    def failed(self, error: ConnectorError) -> None:
        self.heard.append(error)


class Sockets(BrowserSockets):
    """Sockets of a host that records."""

    def __init__(self) -> None:
        self.host = RecordingHost()
        super().__init__(self.host)

    def opens(self, owner: Owner) -> tuple[str, TextSocket]:
        """Open a socket; returns its id on the wire too."""
        socket = self.open(ADA, owner)
        return self.host.posted[-1]["id"], socket


# ---- sockets ---------------------------------------------------------------------------------


def test_opening_says_who_the_agent_is() -> None:
    sockets = Sockets()
    full = AgentIdentity(
        organization_id="00D1",
        user_name="ada",
        user_id="0051",
        user_full_name="Ada Agent",
        call_center_name="Demo",
    )
    sockets.open(full, Owner())
    (message,) = sockets.host.posted
    assert message["type"] == "socket_open"
    assert message["identity"] == {
        "organizationId": "00D1",
        "userName": "ada",
        "userId": "0051",
        "userFullName": "Ada Agent",
        "callCenterName": "Demo",
    }


def test_what_is_unknown_about_the_agent_is_left_out() -> None:
    sockets = Sockets()
    sockets.opens(Owner())
    identity = sockets.host.posted[0]["identity"]
    assert identity == {"organizationId": "00D1", "userName": "ada"}


def test_every_socket_has_an_id_of_its_own() -> None:
    sockets = Sockets()
    assert sockets.opens(Owner())[0] != sockets.opens(Owner())[0]


def test_a_text_goes_to_the_page() -> None:
    sockets = Sockets()
    socket_id, socket = sockets.opens(Owner())
    socket.send("{}")
    assert sockets.host.posted[1:] == [{"type": "socket_send", "id": socket_id, "text": "{}"}]


def test_after_closing_the_owner_hears_nothing_and_nothing_is_sent() -> None:
    sockets, owner = Sockets(), Owner()
    socket_id, socket = sockets.opens(owner)
    socket.close(4400, "unreadable")
    socket.close()
    socket.send("late")
    sockets.opened(socket_id, "t")
    sockets.text(socket_id, "late")
    sockets.closed(socket_id, "4400", "")
    sockets.failed(socket_id, "unreachable", "")
    assert owner.heard == []
    assert sockets.host.posted[1:] == [
        {"type": "socket_close", "id": socket_id, "code": 4400, "reason": "unreadable"}
    ]


def test_after_the_other_side_closed_nothing_more_is_asked_of_the_page() -> None:
    sockets, owner = Sockets(), Owner()
    socket_id, socket = sockets.opens(owner)
    sockets.closed(socket_id, "1012", "restart")
    sockets.closed(socket_id, "1012", "restart")
    socket.send("late")
    socket.close()
    assert owner.heard == [("1012", "restart")]
    assert len(sockets.host.posted) == 1


@pytest.mark.parametrize(
    ("code", "error"),
    [("sign_in_required", SignInRequiredError), ("unreachable", LinkDownError)],
)
def test_why_a_socket_did_not_open(code: str, error: type[ConnectorError]) -> None:
    sockets, owner = Sockets(), Owner()
    socket_id, socket = sockets.opens(owner)
    sockets.failed(socket_id, code, "because")
    (heard,) = owner.heard
    assert type(heard) is error
    assert heard.message == "because"
    socket.close()
    assert len(sockets.host.posted) == 1


# ---- publisher -------------------------------------------------------------------------------


def test_events_say_when_they_may_go() -> None:
    host = RecordingHost()
    publisher = HostPublisher(host)
    publisher.publish("CALL_STARTED", CallResult(call=make_phone_call()))
    publisher.publish_after_result("AFTER_CALL_WORK_STARTED", {"callId": "call-1"})
    started, wrap_up = host.posted
    assert (started["eventType"], started["afterResult"]) == ("CALL_STARTED", False)
    assert started["payload"]["$class"] == "CallResult"
    assert started["payload"]["call"]["$class"] == "PhoneCall"
    assert wrap_up == {
        "type": "publish_event",
        "eventType": "AFTER_CALL_WORK_STARTED",
        "payload": {"callId": "call-1"},
        "afterResult": True,
    }


@pytest.mark.parametrize(
    ("error", "written"),
    [
        (
            MethodFailed("CAN_NOT_LOG_IN", "why"),
            {"kind": "type", "type": "CAN_NOT_LOG_IN", "message": "why"},
        ),
        (
            CustomError("Label", "acme"),
            {
                "kind": "custom",
                "labelName": "Label",
                "namespace": "acme",
                "message": "acme.Label",
            },
        ),
        (
            ValidationError("phone", "+12025550143", "text"),
            {"kind": "type", "type": "GENERIC_ERROR", "message": "validation_error"},
        ),
        (
            LinkDownError("reload the page"),
            {"kind": "type", "type": "GENERIC_ERROR", "message": "reload the page"},
        ),
        (
            RuntimeError("+12025550143"),
            {"kind": "type", "type": "GENERIC_ERROR", "message": "RuntimeError"},
        ),
    ],
)
def test_errors_that_no_method_waits_for(error: Exception, written: dict[str, str]) -> None:
    host = RecordingHost()
    HostPublisher(host).publish_error("LOGIN_RESULT", error)
    told = {"type": "publish_error", "eventType": "LOGIN_RESULT", "error": written}
    assert host.posted == [{**told, "afterResult": False}]


# ---- log -------------------------------------------------------------------------------------


def test_a_log_entry() -> None:
    host = RecordingHost()
    HostLog(host).write(LogLevel.INFO, "link_lost", {"code": "1006", "attempt": 2})
    assert host.posted == [
        {
            "type": "log",
            "level": "INFO",
            "event": "link_lost",
            "fields": {"code": "1006", "attempt": 2},
        }
    ]


@pytest.mark.parametrize("odd", [float("nan"), {1, 2}, b"bytes"])
def test_an_entry_with_a_value_that_json_cannot_hold_is_not_lost(odd: object) -> None:
    host = RecordingHost()
    HostLog(host).write(LogLevel.ERROR, "odd", {"value": odd, "attempt": 2})
    assert host.posted[0]["fields"] == {"value": str(odd), "attempt": "2"}


def test_the_log_as_a_file() -> None:
    host = RecordingHost()
    HostLog(host).offer_download(("one", "two"))
    assert host.posted == [{"type": "offer_download", "lines": ["one", "two"]}]


# ---- questions to the page -------------------------------------------------------------------


async def test_a_question_and_its_answer() -> None:
    host = RecordingHost()
    requests = PageRequests(host)
    devices = asyncio.ensure_future(PageAudioDevices(requests).list())
    access = asyncio.ensure_future(PageStorageAccess(requests).has_access())
    await asyncio.sleep(0)
    first, second = host.posted
    assert (first["type"], first["name"], first["args"]) == ("host_request", "audio_devices", {})
    assert (second["name"], second["id"] != first["id"]) == ("storage_access", True)
    requests.answered(second["id"], {"ok": False})
    microphone = {"deviceId": "m1", "label": "Microphone", "kind": "audioinput"}
    requests.answered(first["id"], {"ok": [microphone]})
    requests.answered(first["id"], {"ok": []})
    assert await devices == [microphone]
    assert await access is False
    requests.answered(first["id"], {"ok": []})


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"error": "audio_devices: NotAllowedError: no"}, "audio_devices: NotAllowedError: no"),
        ({"ok": {"0": 1}}, "audio_devices: the page gave no list"),
        ({}, "no reason given"),
    ],
)
async def test_a_question_that_is_refused(answer: dict[str, Any], reason: str) -> None:
    host = RecordingHost()
    requests = PageRequests(host)
    devices = asyncio.ensure_future(PageAudioDevices(requests).list())
    await asyncio.sleep(0)
    requests.answered(host.posted[0]["id"], answer)
    with pytest.raises(PageRefusedError, match=reason):
        await devices


@pytest.mark.parametrize(
    ("kind", "refusal"),
    [
        ("NotAllowedError", MicrophoneNotSharedError),
        ("NotSupportedError", UnsupportedBrowserError),
        ("NotFoundError", PageRefusedError),
        ("", PageRefusedError),
    ],
)
async def test_why_there_are_no_audio_devices(kind: str, refusal: type[PageRefusedError]) -> None:
    host = RecordingHost()
    requests = PageRequests(host)
    devices = asyncio.ensure_future(PageAudioDevices(requests).list())
    storage = asyncio.ensure_future(PageStorageAccess(requests).has_access())
    await asyncio.sleep(0)
    for posted in host.posted:
        requests.answered(posted["id"], {"error": "no", "kind": kind})
    for question, wanted in ((devices, refusal), (storage, PageRefusedError)):
        with pytest.raises(PageRefusedError) as refused:
            await question
        assert type(refused.value) is wanted


async def test_a_question_without_an_answer_ends() -> None:
    requests = PageRequests(RecordingHost(), answer_seconds=0.01)
    with pytest.raises(PageRefusedError, match="storage_access: the browser does not answer"):
        await PageStorageAccess(requests).has_access()
    requests.answered("request-1", {"ok": True})


# ---- headset ---------------------------------------------------------------------------------


def test_the_page_is_told_what_to_do_with_the_headset() -> None:
    host = RecordingHost()
    headset = PageHeadset(host)
    headset.open(HidDevice(vendor_id=0x047F, product_id=0xC053))
    headset.send(9, b"\x01\xff")
    headset.close()
    assert host.posted == [
        {"type": "hid_open", "vendorId": 0x047F, "productId": 0xC053},
        {"type": "hid_send", "reportId": 9, "bytes": "01ff"},
        {"type": "hid_close"},
    ]


# ---- system ----------------------------------------------------------------------------------


def test_the_clock_knows_its_time_zone_and_does_not_stand_still() -> None:
    clock = SystemClock()
    first = clock.now()
    assert first.utcoffset() == timedelta(0)
    assert any(clock.now() > first for _ in range(1_000_000))


def test_ids_do_not_repeat() -> None:
    ids = RandomIds()
    many = {ids.new_id() for _ in range(1000)}
    assert len(many) == 1000
    assert {len(one) for one in many} == {32}


def test_fractions_fill_the_range_from_0_to_1() -> None:
    jitter = RandomJitter()
    many = [jitter.fraction() for _ in range(1000)]
    assert all(0 <= one < 1 for one in many)
    assert min(many) < 0.1
    assert max(many) > 0.9
