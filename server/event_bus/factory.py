"""The choice of an event bus by its URL."""

from urllib.parse import urlsplit

from server.errors import ServerError
from server.event_bus.base import EventBus
from server.event_bus.memory import MemoryEventBus


class UnknownBusError(ServerError):
    """The URL names a bus that does not exist here."""


def open_event_bus(url: str) -> EventBus:
    """Return the bus that a URL names.

    Raises:
        UnknownBusError: Names the scheme and those that exist.
    """
    scheme = urlsplit(url).scheme
    if scheme == "memory":
        return MemoryEventBus()
    raise UnknownBusError(
        f"There is no event bus for {scheme or 'an address without a scheme'!r}; use memory://",
        field="event_bus_url",
    )
