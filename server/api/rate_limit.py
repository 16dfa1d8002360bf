"""How often one address may try something: a window that slides, in memory."""

from collections import OrderedDict, deque
from datetime import datetime, timedelta

from server.entities.ports import Clock
from server.errors import TooManyRequestsError

_MOST_ADDRESSES = 10_000


class RateLimit:
    """Allows so many tries in so many seconds, for every key by itself.

    Args:
        clock: Tells the time.
        tries: How many are allowed.
        seconds: In how many seconds.
    """

    def __init__(self, clock: Clock, *, tries: int, seconds: int) -> None:
        self._clock = clock
        self._tries = tries
        self._window = timedelta(seconds=seconds)
        self._seen: OrderedDict[str, deque[datetime]] = OrderedDict()

    def check(self, key: str) -> None:
        """Count a try.

        Args:
            key: Who tries, such as a client's address.

        Raises:
            TooManyRequestsError: When there were too many; this one does not count.
        """
        now = self._clock.now()
        tries = self._seen.setdefault(key, deque())
        self._seen.move_to_end(key)
        while tries and now - tries[0] >= self._window:
            tries.popleft()
        if len(tries) >= self._tries:
            wait = (tries[0] + self._window - now).total_seconds()
            raise TooManyRequestsError("Too many tries. Wait a moment.", retry_after=int(wait) + 1)
        tries.append(now)
        # Somebody with many addresses must not fill the memory.
        while len(self._seen) > _MOST_ADDRESSES:
            self._seen.popitem(last=False)

    def forgive(self, key: str) -> None:
        """Take back the last try: it was a good one.

        Many agents may share one address; only what fails there counts.
        """
        tries = self._seen.get(key)
        if tries:
            tries.pop()
