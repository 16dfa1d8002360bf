"""Time and identity as everything on the server gets them."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> datetime:
        """Return the present moment, in UTC with its time zone."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait; nothing or less returns at the next turn of the event loop."""
        ...


class IdSource(Protocol):
    """The only source of randomness."""

    def new_id(self) -> str:
        """Return a new id: starts with a letter, only letters and digits, at least 128 bits."""
        ...

    def token(self) -> str:
        """Return a new secret for URLs and cookies, at least 256 bits."""
        ...
