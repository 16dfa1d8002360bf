"""The border as JavaScript sees it: strings in, strings out, never an exception."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import pytest

from connector_py.api import AgentIdentity, MethodFailed
from connector_py.api.headset_reports import ConnectedHeadset
from connector_py.browser.bridge import VendorBridge
from connector_py.browser.log import HostLog
from connector_py.browser.page_requests import PageRequests
from connector_py.browser.sockets import BrowserSockets
from connector_py.entities import GenericResult
from connector_py.errors import ConnectorError, CustomError
from tests.support.api_fakes import settled
from tests.support.builders import START, make_phone_call
from tests.support.patience import PATIENCE


class Page:
    """A page with a bridge to an API whose methods the test writes."""

    def __init__(self, **methods: Callable[..., Awaitable[Any]]) -> None:
        self.posted: list[dict[str, Any]] = []
        self.methods = methods
        self.is_signed_in = asyncio.Event()
        self.has_logged = asyncio.Event()
        self.times_network_was_back = 0
        self.sign_in_waits_for: asyncio.Future[None] | None = None
        self.storage_access: list[bool] = []
        self.headset = HeadsetEars()
        self.sockets = BrowserSockets(self)
        self.requests = PageRequests(self)
        self.bridge = VendorBridge(
            api=self, sockets=self.sockets, requests=self.requests, log=HostLog(self)
        )

    def post(self, json: str, /) -> None:
        self.posted.append(_read(json))
        if self.posted[-1]["type"] == "log":
            self.has_logged.set()

    async def dispatch(self, method: str, args: Sequence[Any]) -> Any:
        return await self.methods[method](*args)

    async def signed_in(self) -> None:
        if self.sign_in_waits_for is not None:
            await self.sign_in_waits_for
        self.is_signed_in.set()

    async def storage_access_decided(self, granted: bool) -> None:
        self.storage_access.append(granted)

    def network_is_back(self) -> None:
        self.times_network_was_back += 1

    async def asks(self, method: str, args_json: str = "[]") -> dict[str, Any]:
        outcome = self.bridge.call(method, args_json)
        return _read(outcome if isinstance(outcome, str) else await outcome)

    def tells(self, **event: Any) -> None:
        self.bridge.handle(json.dumps(event))

    def logged(self) -> list[tuple[str, Mapping[str, Any]]]:
        return [
            (entry["event"], entry["fields"]) for entry in self.posted if entry["type"] == "log"
        ]


class HeadsetEars:
    """Hears the headset."""

    def __init__(self) -> None:
        self.heard: list[Any] = []

    def connected(self, headset: ConnectedHeadset) -> None:
        self.heard.append(headset)

    def report(self, report_id: int, data: bytes) -> None:
        self.heard.append((report_id, data))

    def disconnected(self) -> None:
        self.heard.append("disconnected")

    def failed(self, code: str, message: str) -> None:
        self.heard.append((code, message))


class Owner:
    """Hears a socket."""

    def __init__(self) -> None:
        self.heard: list[Any] = []

    def opened(self, ticket: str) -> None:
        self.heard.append(("opened", ticket))

    def text(self, text: str) -> None:
        self.heard.append(("text", text))

    def closed(self, code: str, reason: str) -> None:
        self.heard.append(("closed", code, reason))

    def failed(self, error: ConnectorError) -> None:
        self.heard.append(("failed", error.code))


def _read(text: str) -> dict[str, Any]:
    return json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))


def returns(value: Any) -> Callable[..., Awaitable[Any]]:
    async def method(*_args: Any) -> Any:
        return value

    return method


def raises(error: Exception) -> Callable[..., Awaitable[Any]]:
    async def method(*_args: Any) -> Any:
        raise error

    return method


# ---- call ------------------------------------------------------------------------------------


async def test_the_result_carries_the_marks_for_the_base_connectors_classes() -> None:
    answer = await Page(acceptCall=returns(make_phone_call())).asks("acceptCall")
    assert answer["ok"]["$class"] == "PhoneCall"
    stamp = answer["ok"]["callInfo"]["callStateTimestamp"]
    assert stamp == {"$date": START.isoformat(timespec="milliseconds").replace("+00:00", "Z")}


async def test_no_result_is_null() -> None:
    assert await Page(sendDigits=returns(None)).asks("sendDigits") == {"ok": None}


async def test_the_arguments_arrive_as_json_values() -> None:
    got: list[Any] = []

    async def dial(*args: Any) -> None:
        got.extend(args)

    await Page(dial=dial).asks("dial", '[{"phoneNumber":"1"},null,true]')
    assert got == [{"phoneNumber": "1"}, None, True]


async def test_a_method_that_waits_is_awaited() -> None:
    asked = asyncio.Event()
    allowed = asyncio.Event()

    async def mute() -> GenericResult:
        asked.set()
        await allowed.wait()
        return GenericResult(success=True)

    outcome = Page(mute=mute).bridge.call("mute", "[]")
    assert not isinstance(outcome, str)
    await asked.wait()
    allowed.set()
    assert _read(await outcome) == {"ok": {"$class": "GenericResult", "success": True}}


async def test_an_error_that_salesforce_has_a_name_for() -> None:
    page = Page(mute=raises(MethodFailed("CAN_NOT_MUTE_CALL", "no call")))
    assert await page.asks("mute") == {
        "error": {"kind": "type", "type": "CAN_NOT_MUTE_CALL", "message": "no call"}
    }
    assert page.logged() == []


async def test_an_error_with_a_label_of_its_own() -> None:
    page = Page(mute=raises(CustomError("Muted_By_Law", "acme", "not now")))
    assert await page.asks("mute") == {
        "error": {
            "kind": "custom",
            "labelName": "Muted_By_Law",
            "namespace": "acme",
            "message": "not now",
        }
    }


async def test_an_unexpected_error_is_answered_and_logged_without_its_text() -> None:
    page = Page(dial=raises(RuntimeError("+12025550143")))
    answer = await page.asks("dial")
    assert answer["error"]["kind"] == "type"
    assert answer["error"]["type"] == "GENERIC_ERROR"
    assert answer["error"]["message"] == "dial: RuntimeError"
    ((event, fields),) = page.logged()
    assert event == "method_failed_unexpectedly"
    assert (fields["method"], fields["error"]) == ("dial", "RuntimeError")
    assert fields["where"].startswith("raises.<locals>.method:")
    assert "+12025550143" not in json.dumps([answer, fields])


@pytest.mark.parametrize("value", [object(), float("nan"), {"speed": float("inf")}])
async def test_a_result_that_json_cannot_hold_is_an_error(value: Any) -> None:
    answer = await Page(mute=returns(value)).asks("mute")
    assert answer["error"]["type"] == "GENERIC_ERROR"


@pytest.mark.parametrize("args_json", ["", "{", "{}", "null", '"text"', "[" * 100_000])
async def test_arguments_that_are_no_json_list_are_an_error(args_json: str) -> None:
    page = Page(mute=returns(None))
    assert (await page.asks("mute", args_json))["error"]["type"] == "GENERIC_ERROR"
    assert [event for event, _ in page.logged()] == ["method_failed_unexpectedly"]


# ---- handle ----------------------------------------------------------------------------------


async def test_news_of_a_socket_reach_its_owner() -> None:
    page, owner, other = Page(), Owner(), Owner()
    identity = AgentIdentity(organization_id="00D1", user_name="ada")
    page.sockets.open(identity, owner)
    page.sockets.open(identity, other)
    first, second = (message["id"] for message in page.posted)
    page.tells(type="socket_opened", id=first, ticket="t-1")
    page.tells(type="socket_text", id=first, text="hällo")
    page.tells(type="socket_closed", id=first, code=1006, reason="")
    page.tells(type="socket_failed", id=second, code="unreachable", message="down")
    assert owner.heard == [("opened", "t-1"), ("text", "hällo"), ("closed", "1006", "")]
    assert other.heard == [("failed", "link_down")]
    assert page.logged() == []


async def test_the_network_is_back() -> None:
    page = Page()
    page.tells(type="online")
    assert page.times_network_was_back == 1


async def test_signing_in_goes_on_in_the_background() -> None:
    page = Page()
    page.sign_in_waits_for = asyncio.get_running_loop().create_future()
    page.tells(type="signed_in")
    assert not page.is_signed_in.is_set()
    page.sign_in_waits_for.set_result(None)
    async with asyncio.timeout(PATIENCE):
        await page.is_signed_in.wait()


async def test_a_sign_in_that_breaks_is_logged() -> None:
    page = Page()
    page.sign_in_waits_for = asyncio.get_running_loop().create_future()
    page.sign_in_waits_for.set_exception(RuntimeError("odd"))
    page.tells(type="signed_in")
    async with asyncio.timeout(PATIENCE):
        await page.has_logged.wait()
    assert page.logged()[0][0] == "signed_in_failed"


async def test_the_headset_is_heard() -> None:
    page = Page()
    layout = [{"usagePage": 11, "inputReports": []}]
    page.tells(
        type="hid_connected", vendorId=1, productId=2, productName="Some", collections=layout
    )
    page.tells(type="hid_report", reportId=8, bytes="00ff")
    page.tells(type="hid_disconnected")
    page.tells(type="hid_failed", code="broken", message="no")
    page.tells(type="hid_connected", vendorId=1, productId=2, productName="", collections=None)
    assert page.headset.heard == [
        ConnectedHeadset(vendor_id=1, product_id=2, product_name="Some", collections=layout),
        (8, b"\x00\xff"),
        "disconnected",
        ("broken", "no"),
        ConnectedHeadset(vendor_id=1, product_id=2, product_name="", collections=()),
    ]
    assert page.logged() == []


async def test_the_agent_decides_about_the_sign_in() -> None:
    page = Page()
    page.tells(type="storage_access", granted=True)
    page.tells(type="storage_access", granted=False)
    await settled()
    assert page.storage_access == [True, False]


async def test_an_answer_reaches_who_asked() -> None:
    page = Page()
    asked = asyncio.ensure_future(page.requests.ask("audio_devices"))
    await asyncio.sleep(0)
    page.tells(type="host_answer", id=page.posted[0]["id"], ok=[])
    assert await asked == []


async def test_an_unknown_event_is_logged() -> None:
    page = Page()
    page.tells(type="moon_rose", id="x")
    assert page.logged() == [("bridge_event_unknown", {"type": "moon_rose"})]


@pytest.mark.parametrize(
    "event_json",
    [
        "",
        "[]",
        "null",
        "{}",
        '{"type":7}',
        '{"type":"socket_text","id":"a"}',
        "[" * 100_000,
        '{"type":"hid_report","reportId":1,"bytes":"xy"}',
        '{"type":"hid_report","reportId":true,"bytes":""}',
        '{"type":"hid_connected","vendorId":"1","productId":2,"productName":""}',
        '{"type":"hid_failed","code":"broken"}',
        '{"type":"storage_access","granted":"yes"}',
        '{"type":"host_answer","ok":1}',
    ],
)
async def test_an_event_that_does_not_fit_is_logged(event_json: str) -> None:
    page = Page()
    page.bridge.handle(event_json)
    assert [event for event, _ in page.logged()] == ["bridge_event_failed"]


async def test_an_owner_that_breaks_is_logged_without_the_text() -> None:
    class Broken(Owner):
        def text(self, text: str) -> None:
            raise ValueError(text)

    page = Page()
    page.sockets.open(AgentIdentity(organization_id="00D1", user_name="ada"), Broken())
    page.tells(type="socket_text", id=page.posted[0]["id"], text="+12025550143")
    ((event, fields),) = page.logged()
    assert (event, fields["type"], fields["error"]) == (
        "bridge_event_failed",
        "socket_text",
        "ValueError",
    )
    assert "+12025550143" not in str(fields)
