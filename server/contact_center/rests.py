"""Agents whom the switch could not reach are left alone for a while."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from server.entities import AgentKey

Who = tuple[str, AgentKey]
"""What waits, by its `waiting_id`, and the agent who was to get it."""

FIRST_REST = 15.0
"""Seconds; each further rest is twice as long."""
LONGEST_REST = 600.0
"""Seconds; a rest that is over for longer is forgotten."""
_MOST_DOUBLINGS = 10


@dataclass(slots=True)
class _Rest:
    refusals: int
    ends_at: datetime
    is_over: bool = False


class Rests:
    """Who rests, and for how many seconds: each time for longer.

    A switch that always refuses must not be asked all the time, but somebody may be the only one
    who could get a call, so no rest is for ever. A rest that is long over counts no more.
    """

    def __init__(self) -> None:
        self._rests: dict[Who, _Rest] = {}

    def __len__(self) -> int:
        """How many rests are remembered."""
        return len(self._rests)

    @property
    def resting(self) -> frozenset[Who]:
        """Who rests now."""
        return frozenset(who for who, rest in self._rests.items() if not rest.is_over)

    def is_resting(self, who: Who) -> bool:
        """Whether somebody rests now."""
        rest = self._rests.get(who)
        return rest is not None and not rest.is_over

    def begin(self, who: Who, now: datetime) -> float:
        """Begin a rest and return its seconds."""
        self._forget(now)
        known = self._rests.get(who)
        refusals = 0 if known is None else known.refusals
        seconds = min(FIRST_REST * 2 ** min(refusals, _MOST_DOUBLINGS), LONGEST_REST)
        ends_at = now + timedelta(seconds=seconds)
        self._rests[who] = _Rest(refusals=refusals + 1, ends_at=ends_at)
        return seconds

    def end(self, who: Who) -> None:
        """End a rest; the next one would be longer."""
        rest = self._rests.get(who)
        if rest is not None:
            rest.is_over = True

    def _forget(self, now: datetime) -> None:
        long_ago = now - timedelta(seconds=LONGEST_REST)
        for who, rest in list(self._rests.items()):
            if rest.is_over and rest.ends_at < long_ago:
                del self._rests[who]
