"""What happened in the page (`BridgeEvent` in web/types/bridge.d.ts), for whom it concerns."""

import json
from collections.abc import Callable, Coroutine, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Protocol, cast

from connector_py.api.headset_reports import ConnectedHeadset
from connector_py.browser.page_requests import PageRequests
from connector_py.browser.sockets import BrowserSockets
from connector_py.errors import ValidationError

Event = Mapping[str, Any]
Start = Callable[[str, Coroutine[Any, Any, None]], None]


class HeadsetNews(Protocol):
    """Hears of the headset (`HeadsetControl`)."""

    def connected(self, headset: ConnectedHeadset) -> None:
        """It is open."""
        ...

    def report(self, report_id: int, data: bytes) -> None:
        """It says something."""
        ...

    def disconnected(self) -> None:
        """It is gone."""
        ...

    def failed(self, code: str, message: str) -> None:
        """It could not be used."""
        ...


class NewsTakers(Protocol):
    """Who hears of the page (`ConnectorApi`)."""

    @property
    def headset(self) -> HeadsetNews:
        """Hears of the headset."""
        ...

    async def signed_in(self) -> None:
        """The agent signed in to the telephony system."""
        ...

    async def storage_access_decided(self, granted: bool) -> None:
        """The agent allowed or refused the page its cookies."""
        ...

    def network_is_back(self) -> None:
        """The browser says that there is a network again."""
        ...


class PageNews:
    """Reads events of the page.

    Args:
        takers: Who hears of them.
        sockets: Where news of sockets goes.
        requests: Where answers go.
        start: Runs what takes longer; is told what to call it in the log.
    """

    def __init__(
        self, *, takers: NewsTakers, sockets: BrowserSockets, requests: PageRequests, start: Start
    ) -> None:
        self._takers = takers
        self._sockets = sockets
        self._requests = requests
        self._start = start
        self._readers: Mapping[str, Callable[[Event], None]] = MappingProxyType(
            {
                "socket_opened": self._socket_opened,
                "socket_text": self._socket_text,
                "socket_closed": self._socket_closed,
                "socket_failed": self._socket_failed,
                "signed_in": self._signed_in,
                "online": self._online,
                "host_answer": self._host_answer,
                "storage_access": self._storage_access,
                "hid_connected": self._hid_connected,
                "hid_report": self._hid_report,
                "hid_disconnected": self._hid_disconnected,
                "hid_failed": self._hid_failed,
            }
        )

    def take(self, kind: str, event: Event) -> bool:
        """Pass an event on; False when there is no such kind of event.

        Raises:
            ValidationError: A part of it is missing or odd.
        """
        reader = self._readers.get(kind)
        if reader is not None:
            reader(event)
        return reader is not None

    def _socket_opened(self, event: Event) -> None:
        self._sockets.opened(text_of(event, "id"), text_of(event, "ticket"))

    def _socket_text(self, event: Event) -> None:
        self._sockets.text(text_of(event, "id"), text_of(event, "text"))

    def _socket_closed(self, event: Event) -> None:
        code, reason = str(event.get("code")), text_of(event, "reason")
        self._sockets.closed(text_of(event, "id"), code, reason)

    def _socket_failed(self, event: Event) -> None:
        code, message = text_of(event, "code"), text_of(event, "message")
        self._sockets.failed(text_of(event, "id"), code, message)

    def _signed_in(self, event: Event) -> None:
        self._start("signed_in", self._takers.signed_in())

    def _online(self, event: Event) -> None:
        self._takers.network_is_back()

    def _host_answer(self, event: Event) -> None:
        self._requests.answered(text_of(event, "id"), event)

    def _storage_access(self, event: Event) -> None:
        granted = event.get("granted")
        if not isinstance(granted, bool):
            raise ValidationError("granted", granted, "true or false")
        self._start("storage_access", self._takers.storage_access_decided(granted))

    def _hid_connected(self, event: Event) -> None:
        collections = event.get("collections")
        headset = ConnectedHeadset(
            vendor_id=_whole(event, "vendorId"),
            product_id=_whole(event, "productId"),
            product_name=text_of(event, "productName"),
            collections=cast("Sequence[Any]", collections) if isinstance(collections, list) else (),
        )
        self._takers.headset.connected(headset)

    def _hid_report(self, event: Event) -> None:
        data = text_of(event, "bytes")
        try:
            report = bytes.fromhex(data)
        except ValueError:
            raise ValidationError("bytes", data, "hexadecimal digits") from None
        self._takers.headset.report(_whole(event, "reportId"), report)

    def _hid_disconnected(self, event: Event) -> None:
        self._takers.headset.disconnected()

    def _hid_failed(self, event: Event) -> None:
        self._takers.headset.failed(text_of(event, "code"), text_of(event, "message"))


def read_event(event_json: str) -> Event:
    """Read an event.

    Raises:
        ValidationError: It is no JSON object.
        ValueError: It is no JSON.
    """
    event: object = json.loads(event_json)
    if not isinstance(event, dict):
        raise ValidationError("event", event, "a JSON object")
    return cast("Event", event)


def text_of(event: Event, key: str) -> str:
    """Return a text of an event.

    Raises:
        ValidationError: There is none.
    """
    value = event.get(key)
    if not isinstance(value, str):
        raise ValidationError(key, value, "text")
    return value


def _whole(event: Event, key: str) -> int:
    value = event.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValidationError(key, value, "a whole number")
    return value
