"""Switches that make the simulated org misbehave, for tests and for the demo."""

import asyncio
from dataclasses import dataclass, replace
from enum import StrEnum
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

LONGEST_SILENCE: Final = 60.0
"""Seconds after which even a silent org cuts the connection, so that nothing waits for ever."""


class FaultMode(StrEnum):
    """How the telephony API misbehaves."""

    NONE = "none"
    FAIL = "fail"
    """500 at once, nothing done."""
    TIMEOUT = "timeout"
    """No answer, nothing done."""
    RATE_LIMIT = "rate_limit"
    """429 at once, nothing done."""
    SLOW = "slow"
    """The right answer, later."""
    LOSE_REPLY = "lose_reply"
    """The work is done, but its answer never comes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One setting of the switches.

    Args:
        mode: What goes wrong.
        delay_seconds: How long SLOW waits.
        remaining: For how many more requests; None means until switched off.
    """

    mode: FaultMode = FaultMode.NONE
    delay_seconds: float = 0.0
    remaining: int | None = None


class FaultSwitch:
    """The setting that counts now."""

    def __init__(self) -> None:
        self._fault = Fault()
        self._released = asyncio.Event()
        self._waiting = 0

    @property
    def fault(self) -> Fault:
        """What is set."""
        return self._fault

    @property
    def waiting(self) -> int:
        """How many requests wait in silence or for their delay."""
        return self._waiting

    def set(self, fault: Fault) -> None:
        """Set the switches anew; requests that wait in silence stay silent."""
        self._fault = Fault() if fault.remaining == 0 else fault

    def take(self) -> Fault:
        """Return the fault of the next request, and count it."""
        fault = self._fault
        if fault.remaining is not None:
            left = fault.remaining - 1
            self._fault = replace(fault, remaining=left) if left > 0 else Fault()
        return fault

    def release(self) -> None:
        """End every silence and every delay, now and from now on; for shutting down."""
        self._released.set()

    async def pause(self, request: Request, seconds: float) -> None:
        """Wait, but no longer than the client does, and not once released."""
        waits = [
            asyncio.create_task(self._until_released()),
            asyncio.create_task(_until_disconnected(request)),
        ]
        self._waiting += 1
        try:
            await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._waiting -= 1
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)

    async def _until_released(self) -> None:
        await self._released.wait()

    async def silence(self, request: Request) -> Response:
        """Give no answer while the client waits; what is returned then reaches nobody."""
        await self.pause(request, LONGEST_SILENCE)
        return Response(status_code=HTTPStatus.GATEWAY_TIMEOUT)


async def _until_disconnected(request: Request) -> None:
    """Return when the client has gone; its body must have been read before."""
    while (await request.receive())["type"] != "http.disconnect":
        continue


def refusal(mode: FaultMode) -> Response | None:
    """Return the answer of a fault that refuses at once, or None."""
    if mode is FaultMode.FAIL:
        return JSONResponse(
            {"code": "INTERNAL_ERROR", "message": "the simulated org fails as told"},
            status_code=HTTPStatus.INTERNAL_SERVER_ERROR,
        )
    if mode is FaultMode.RATE_LIMIT:
        return JSONResponse(
            {"code": "RATE_LIMITED", "message": "the simulated org is over its limit as told"},
            status_code=HTTPStatus.TOO_MANY_REQUESTS,
        )
    return None
