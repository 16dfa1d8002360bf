"""When to try a failed request again; pure, the jitter comes from outside."""

import hashlib
from dataclasses import dataclass

from server.salesforce.errors import (
    ConfigurationError,
    PermanentError,
    RateLimitedError,
    SalesforceError,
)

_LARGEST_EXPONENT = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """Waiting times in seconds.

    Quick retries serve a call that is about to ring (guide chapter 5: up to three retries, then
    route anyway); `wait` serves the delivery loop afterwards. Salesforce's own code waits
    5, 10 and 20 seconds when the org is over a limit (telephony-rest-api.md 3.4).
    """

    quick_retries: int = 3
    quick_pauses: tuple[float, ...] = (0.05, 0.1, 0.2)
    first_wait: float = 1.0
    longest_wait: float = 60.0
    rate_limit_waits: tuple[float, ...] = (5.0, 10.0, 20.0)

    def quick_pause(
        self, error: SalesforceError, *, retries_done: int, time_left: float
    ) -> float | None:
        """Seconds to pause before the next quick retry.

        Args:
            error: Why the last try failed.
            retries_done: Quick retries made so far.
            time_left: Seconds until the call must ring.

        Returns:
            The pause, or None when trying again now makes no sense.
        """
        if isinstance(error, PermanentError | ConfigurationError | RateLimitedError):
            return None
        if retries_done >= self.quick_retries:
            return None
        pause = self.quick_pauses[min(retries_done, len(self.quick_pauses) - 1)]
        return pause if pause < time_left else None

    def quick_time_limit(self, *, retries_done: int, time_left: float) -> float:
        """Seconds that one quick try may take: half of what is left, the last one all of it.

        A silent Salesforce so leaves time for another try, which is safe: creating a VoiceCall
        again with the same vendorCallKey returns the first one.
        """
        return time_left if retries_done >= self.quick_retries else time_left / 2

    def wait(self, error: SalesforceError, *, attempts: int, jitter: float) -> float | None:
        """Seconds until the delivery loop tries again.

        Args:
            error: Why the last try failed.
            attempts: Failed tries so far, this one included, at least 1.
            jitter: Between 0 and 1; spreads entries that failed together.

        Returns:
            The wait, or None when the entry is dead.
        """
        if isinstance(error, PermanentError):
            return None
        if isinstance(error, RateLimitedError):
            waits = self.rate_limit_waits
            floor = max(waits[min(attempts, len(waits)) - 1], error.retry_after or 0.0)
            return floor * (1 + jitter / 10)
        if isinstance(error, ConfigurationError):
            return self.longest_wait * (0.5 + jitter / 2)
        doubled = self.first_wait * 2 ** min(attempts - 1, _LARGEST_EXPONENT)
        return min(doubled, self.longest_wait) * (0.5 + jitter / 2)


def jitter_of(entry_id: str, attempts: int) -> float:
    """A fraction in [0, 1) that is the same whenever the same try of the same entry fails."""
    digest = hashlib.sha256(f"{entry_id}:{attempts}".encode()).digest()
    return int.from_bytes(digest[:4], "big") / 2**32
