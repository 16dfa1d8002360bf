"""Questions to the page that take a while, such as those that the browser asks the agent first."""

import asyncio
from collections.abc import Mapping, Sequence
from itertools import count
from types import MappingProxyType
from typing import Any, cast

from connector_py.browser.host import Host, encode
from connector_py.errors import (
    MicrophoneNotSharedError,
    PageRefusedError,
    UnsupportedBrowserError,
)

_ANSWER_SECONDS = 25.0
"""The agent may have to read and click a question of the browser."""
_REFUSALS: Mapping[tuple[str, str], type[PageRefusedError]] = MappingProxyType(
    {
        ("audio_devices", "NotAllowedError"): MicrophoneNotSharedError,
        ("audio_devices", "NotSupportedError"): UnsupportedBrowserError,
    }
)
"""What is asked, and the browser's name for its no."""


class PageRequests:
    """Asks the page and brings its answers to those who wait.

    Args:
        host: The page.
        answer_seconds: How long an answer may take.
    """

    def __init__(self, host: Host, *, answer_seconds: float = _ANSWER_SECONDS) -> None:
        self._host = host
        self._answer_seconds = answer_seconds
        self._numbers = count(1)
        self._waiting: dict[str, tuple[str, asyncio.Future[Any]]] = {}

    async def ask(self, name: str, args: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401
        """Ask and return the answer (JSON).

        Args:
            name: What is asked: `audio_devices` or `storage_access`.
            args: More about it.

        Raises:
            PageRefusedError: The browser says no, or nothing in time.
        """
        request_id = f"request-{next(self._numbers)}"
        answer = asyncio.get_running_loop().create_future()
        self._waiting[request_id] = name, answer
        message = {"type": "host_request", "id": request_id, "name": name, "args": dict(args or {})}
        self._host.post(encode(message))
        try:
            async with asyncio.timeout(self._answer_seconds):
                return await answer
        except TimeoutError:
            raise PageRefusedError(f"{name}: the browser does not answer") from None
        finally:
            del self._waiting[request_id]

    def answered(self, request_id: str, event: Mapping[str, Any]) -> None:
        """The page answers: `ok` with a value or `error` with a text and the `kind` of error.

        An answer that nobody waits for any more reaches nobody.
        """
        name, answer = self._waiting.get(request_id, ("", None))
        if answer is None or answer.done():
            return
        if "ok" in event:
            answer.set_result(event["ok"])
        else:
            refusal = _REFUSALS.get((name, str(event.get("kind"))), PageRefusedError)
            answer.set_exception(refusal(str(event.get("error", "no reason given"))))


class PageAudioDevices:
    """The microphones and speakers that the browser names. Implements `AudioDevices`.

    Args:
        requests: Asks the page.
    """

    def __init__(self, requests: PageRequests) -> None:
        self._requests = requests

    async def list(self) -> Sequence[Mapping[str, Any]]:
        """Return `{deviceId, label, kind: "audioinput" | "audiooutput"}` of each.

        Raises:
            PageRefusedError: The agent or the browser does not allow it.
        """
        answer = await self._requests.ask("audio_devices")
        if not isinstance(answer, list):
            raise PageRefusedError("audio_devices: the page gave no list")
        return cast("list[Mapping[str, Any]]", answer)


class PageStorageAccess:
    """Whether the browser sends our cookies inside Salesforce's page. Implements `StorageAccess`.

    When it does not, the page shows a button with which the agent can allow it, and tells the
    outcome later.

    Args:
        requests: Asks the page.
    """

    def __init__(self, requests: PageRequests) -> None:
        self._requests = requests

    async def has_access(self) -> bool:
        """Tell whether the sign-in survives; also true when the browser cannot say."""
        return await self._requests.ask("storage_access") is not False
