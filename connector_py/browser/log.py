"""The connector's log, written by the page."""

from collections.abc import Mapping, Sequence
from typing import Any

from connector_py.browser.host import Host, encode
from connector_py.entities import LogLevel


class HostLog:
    """Hands entries to the page.

    Args:
        host: The page.
    """

    def __init__(self, host: Host) -> None:
        self._host = host

    def write(self, level: LogLevel, event: str, fields: Mapping[str, Any]) -> None:
        """Write one entry. Fields that have no place in JSON are written as text."""
        entry = {"type": "log", "level": level.value, "event": event}
        try:
            text = encode({**entry, "fields": dict(fields)})
        except (TypeError, ValueError):
            # An entry about an odd value must not be lost because of that value.
            text = encode({**entry, "fields": {str(key): str(fields[key]) for key in fields}})
        self._host.post(text)

    def offer_download(self, lines: Sequence[str]) -> None:
        """Give the lines of Salesforce's own log to the agent as a file."""
        self._host.post(encode({"type": "offer_download", "lines": list(lines)}))
