"""How long to wait before the next attempt to reach the server."""

from typing import Protocol

FIRST_SECONDS = 0.2
"""Upper end of the first wait."""
CAP_SECONDS = 5.0
"""Upper end of every later wait."""
HURRY_SECONDS = 1.0
"""Upper end of every wait while a command waits for its answer, which it does not do for long."""


class Jitter(Protocol):
    """The randomness in the waits."""

    def fraction(self) -> float:
        """Return a number in [0, 1)."""
        ...


def full_jitter(
    attempt: int,
    fraction: float,
    *,
    first_seconds: float = FIRST_SECONDS,
    cap_seconds: float = CAP_SECONDS,
) -> float:
    """Return the seconds to wait before a reconnect.

    Full jitter (any wait up to the limit, not around it) spreads thousands of connectors that
    lost the same server at the same moment.

    Args:
        attempt: Attempts that already failed, from 0.
        fraction: A random number in [0, 1).
        first_seconds: Upper end for attempt 0; doubles with each attempt.
        cap_seconds: The upper end never exceeds this.
    """
    # The exponent is bounded because 2.0**1024 overflows on a page that is offline for hours.
    return fraction * min(cap_seconds, first_seconds * 2.0 ** min(attempt, 32))
