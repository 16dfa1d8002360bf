"""Headsets for tests: their layouts as WebHID tells them, and a port that a test plugs in."""

from collections.abc import Sequence
from typing import Any

from connector_py.api.headset import HeadsetControl
from connector_py.api.headset_reports import ConnectedHeadset
from connector_py.entities import HidDevice

TELEPHONY, LEDS = 0x0B, 0x08
GENERIC = HidDevice(vendor_id=0x1234, product_id=0x5678)


def item(*usages: int, size: int = 1, count: int | None = None, **fields: Any) -> dict[str, Any]:
    """One item of a report; without usages it is padding."""
    return {
        "usages": list(usages),
        "reportSize": size,
        "reportCount": len(usages) if count is None else count,
        "isConstant": not usages,
        "isAbsolute": True,
        "isArray": False,
        "isRange": False,
        "logicalMinimum": 0,
        "logicalMaximum": 1,
        **fields,
    }


def collection(
    inputs: dict[int, Sequence[dict[str, Any]]],
    outputs: dict[int, Sequence[dict[str, Any]]] | None = None,
    **fields: Any,
) -> dict[str, Any]:
    """A collection of telephony with reports by their ids."""

    def reports(of: dict[int, Sequence[dict[str, Any]]]) -> list[dict[str, Any]]:
        return [{"reportId": report_id, "items": list(items)} for report_id, items in of.items()]

    return {
        "usagePage": TELEPHONY,
        "usage": 0x05,
        "type": 1,
        "inputReports": reports(inputs),
        "outputReports": reports(outputs or {}),
        "featureReports": [],
        "children": [],
        **fields,
    }


def generic_collections() -> list[dict[str, Any]]:
    """A usual headset: volume keys, then hook switch, mute button and drop; three lamps.

    Input report 8: bit 0 hook, bit 1 mute (a button), bit 2 drop. Output report 9: bit 0 off-hook,
    bit 1 mute, bit 2 ring, in two bytes.
    """
    keys = [item(0x0C00E9, 0x0C00EA), item(count=6)]
    buttons = [item(0x0B0020), item(0x0B002F, 0x0B0026, isAbsolute=False), item(count=5)]
    lamps = [item(0x080017, 0x080009, 0x080018), item(count=13)]
    volume = collection({1: keys}, usagePage=0x0C, usage=0x01)
    return [volume, collection({8: buttons}, {9: lamps})]


def generic_headset(collections: Sequence[Any] | None = None) -> ConnectedHeadset:
    assert GENERIC.vendor_id is not None
    assert GENERIC.product_id is not None
    return ConnectedHeadset(
        vendor_id=GENERIC.vendor_id,
        product_id=GENERIC.product_id,
        product_name="Some Headset",
        collections=generic_collections() if collections is None else collections,
    )


def plantronics(*, with_lamps: bool = False) -> ConnectedHeadset:
    outputs = {9: [item(0x080017, 0x080009, 0x080018), item(count=5)]} if with_lamps else {}
    return ConnectedHeadset(
        vendor_id=0x047F,
        product_id=0xC053,
        product_name="Plantronics Blackwire 5220 Series",
        collections=[collection({8: [item(0x0B002F, 0x0B0020), item(count=6)]}, outputs)],
    )


def jabra() -> ConnectedHeadset:
    return ConnectedHeadset(
        vendor_id=0x0B0E, product_id=0x0305, product_name="Jabra EVOLVE LINK MS"
    )


class FakeHeadset:
    """The page's way to headsets, with one that the test plugs in. Implements `Headset`."""

    def __init__(self) -> None:
        self.open_wishes: list[HidDevice] = []
        self.times_closed = 0
        self.sent: list[tuple[int, str]] = []
        """Output reports: id, and bytes in hexadecimal."""
        self._control: HeadsetControl | None = None

    # ---- verbs of tests ----------------------------------------------------------------------

    def belongs_to(self, control: HeadsetControl) -> None:
        self._control = control

    def is_plugged_in(self, headset: ConnectedHeadset | None = None) -> None:
        self.control.connected(headset or generic_headset())

    def says(self, *reports: int, report_id: int = 8) -> None:
        """Send reports of one byte."""
        for report in reports:
            self.control.report(report_id, bytes([report]))

    def is_pulled_out(self) -> None:
        self.control.disconnected()

    @property
    def control(self) -> HeadsetControl:
        assert self._control is not None
        return self._control

    # ---- Headset -----------------------------------------------------------------------------

    def open(self, device: HidDevice) -> None:
        self.open_wishes.append(device)

    def close(self) -> None:
        self.times_closed += 1

    def send(self, report_id: int, data: bytes) -> None:
        self.sent.append((report_id, data.hex()))
