"""Trying again for as long as it takes, where nobody else would ask again."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from server.entities import Clock
from server.logs import get_logger
from server.store import StoreRuleError

T = TypeVar("T")
_log = get_logger(__name__)

_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 15.0


async def persist(
    clock: Clock,
    step: Callable[[], Awaitable[T]],
    *,
    failures: tuple[type[Exception], ...],
    name: str,
) -> T:
    """Repeat a step until it does not fail, with pauses that grow.

    Args:
        clock: For the pauses.
        step: What to do; it must itself find out whether it is still to be done.
        failures: What may go away by itself. Other errors are raised, and so is what breaks a
            rule of the database.
        name: For the log.
    """
    pause = _FIRST_PAUSE
    shown: str | None = None
    while True:
        try:
            return await step()
        except StoreRuleError:
            raise
        except failures as error:
            # Once in full: an outage can be long.
            is_new = shown != str(error)
            shown = str(error)
            exc_info = error if is_new else None
            _log.warning("failed_for_now", task=name, again_in=pause, exc_info=exc_info)
        await clock.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)
