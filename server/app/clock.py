"""The real sources of time and randomness."""

import asyncio
import secrets
from datetime import UTC, datetime


class SystemClock:
    """The machine's clock. Implements `Clock`."""

    def now(self) -> datetime:
        """Return the present moment, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - this is the clock

    async def sleep(self, seconds: float) -> None:
        """Wait; nothing or less returns at the next turn of the event loop."""
        await asyncio.sleep(max(0.0, seconds))


class SystemIds:
    """The machine's randomness. Implements `IdSource`."""

    def new_id(self) -> str:
        """Return a letter and 128 random bits in hexadecimal."""
        return f"c{secrets.token_hex(16)}"

    def token(self) -> str:
        """Return 256 random bits for URLs and cookies."""
        return secrets.token_urlsafe(32)
