"""The page's way to headsets: WebHID needs a page, everything else is in `connector_py.api`."""

from connector_py.browser.host import Host, encode
from connector_py.entities import HidDevice


class PageHeadset:
    """Asks the page to open a headset and to write to it. Implements `Headset`.

    Args:
        host: The page.
    """

    def __init__(self, host: Host) -> None:
        self._host = host

    def open(self, device: HidDevice) -> None:
        """Open a headset now, and again whenever it is plugged in; another one is closed."""
        message = {
            "type": "hid_open",
            "vendorId": device.vendor_id,
            "productId": device.product_id,
        }
        self._host.post(encode(message))

    def close(self) -> None:
        """Let go of the headset."""
        self._host.post(encode({"type": "hid_close"}))

    def send(self, report_id: int, data: bytes) -> None:
        """Send an output report; without effect when the headset is gone."""
        self._host.post(encode({"type": "hid_send", "reportId": report_id, "bytes": data.hex()}))
