"""Clock and randomness of the machine: the only place that asks for them.

`os.urandom` is the browser's `crypto.getRandomValues`; `secrets` and `uuid` take longer to import.
"""

import os
from datetime import UTC, datetime

_ID_BYTES = 16
_FRACTION_BITS = 53
"""As many as a float holds exactly."""


class SystemClock:
    """The machine's time of day."""

    def now(self) -> datetime:
        """Return the time now, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - this is the Clock that everybody takes


class RandomIds:
    """Ids of 128 random bits."""

    def new_id(self) -> str:
        """Return 32 hexadecimal digits."""
        return os.urandom(_ID_BYTES).hex()


class RandomJitter:
    """Evenly spread random numbers."""

    def fraction(self) -> float:
        """Return a number in [0, 1)."""
        bits = int.from_bytes(os.urandom(8), "big") >> (64 - _FRACTION_BITS)
        return bits / 2**_FRACTION_BITS
