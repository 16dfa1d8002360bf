"""Timers of the event loop, as a port so that tests turn the clock themselves."""

import asyncio
from collections.abc import Callable
from typing import Protocol


class Timer(Protocol):
    """A call that will happen unless it is cancelled."""

    def cancel(self) -> None:
        """Do not call; without effect after the call."""
        ...


class Timers(Protocol):
    """Calls something later."""

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        """Call `callback` after `seconds`."""
        ...


class LoopTimers:
    """Timers of the running asyncio loop; Pyodide's loop makes them browser timers."""

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        """Call `callback` after `seconds`."""
        return asyncio.get_running_loop().call_later(seconds, callback)
