"""Whom the simulated switch can call, and what becomes of it."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from server.entities import DialFailure, SwitchMemory
from server.pbx.base import Destination, UnknownDestinationError

_DIALABLE = re.compile(r"\+?[0-9]{3,15}")
_SPELLING = re.compile(r"[\s().\-/]")
_LONGEST_RING = 60.0


class NextDial(StrEnum):
    """What becomes of the next call to somebody outside the contact center."""

    RING = "ring"
    """It rings until somebody answers, hangs up, or the switch gives up."""
    BUSY = "busy"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a phone that rings stops ringing when nobody does anything."""

    failure: DialFailure
    fails_at: datetime


class DialPlan:
    """What becomes of the next call to somebody outside, and of that one only."""

    def __init__(self) -> None:
        self._next = NextDial.RING
        self._ring_seconds: float | None = None
        self.taken = 0
        """How many calls began to ring so far."""

    @property
    def next_dial(self) -> NextDial:
        """What becomes of the next one."""
        return self._next

    @property
    def ring_seconds(self) -> float | None:
        """How long the next one rings before it fails; None is the usual time."""
        return self._ring_seconds

    def choose(self, outcome: NextDial | str, ring_seconds: float | None) -> None:
        """Choose; see `SimulatedPbx.set_next_dial`.

        Raises:
            ValueError: There is no such outcome, or the time is negative.
        """
        if ring_seconds is not None and ring_seconds < 0:
            raise ValueError("ring_seconds: expected 0 or more")
        self._next = NextDial(outcome)
        self._ring_seconds = ring_seconds

    def take(self, at: datetime) -> Outcome:
        """Return the outcome of a call that begins to ring; the one after it is as usual."""
        self.taken += 1
        chosen, seconds = self._next, self._ring_seconds
        self._next, self._ring_seconds = NextDial.RING, None
        is_ring = chosen is NextDial.RING
        if seconds is None:
            seconds = _LONGEST_RING if is_ring else 0.0
        return Outcome(
            failure=DialFailure.NO_ANSWER if is_ring else DialFailure(chosen.value),
            fails_at=at + timedelta(seconds=seconds),
        )


async def number_of(memory: SwitchMemory, tenant_id: str, destination: Destination) -> str:
    """Return what to dial: the number without its spelling, or an id of the directory.

    Raises:
        UnknownDestinationError: It is neither.
    """
    number = _SPELLING.sub("", destination.number or "")
    if _DIALABLE.fullmatch(number):
        return number
    contact_id = destination.contact_id
    is_known = contact_id is not None and await memory.knows_contact(tenant_id, contact_id)
    if number or contact_id is None or not is_known:
        raise UnknownDestinationError(
            "Dial a number with 3 to 15 digits, or choose somebody from the phone book"
        )
    return contact_id
