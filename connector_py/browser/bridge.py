"""What JavaScript calls. Strings go in, strings come out, and no exception gets through."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Coroutine, Mapping, Sequence
from typing import Any, Protocol, TypeVar, cast

from connector_py.api import MethodFailed
from connector_py.api.ports import Log
from connector_py.browser.host import encode
from connector_py.browser.page_news import NewsTakers, PageNews, read_event, text_of
from connector_py.browser.page_requests import PageRequests
from connector_py.browser.sockets import BrowserSockets
from connector_py.browser.wire_errors import generic_error, log_fields, wire_error
from connector_py.entities import LogLevel, to_tagged
from connector_py.errors import CustomError, ValidationError

T = TypeVar("T")


class Api(NewsTakers, Protocol):
    """The part of `ConnectorApi` that the page reaches."""

    async def dispatch(self, method: str, args: Sequence[Any]) -> Any:  # noqa: ANN401 - entity
        """Run a method of the vendor's interface."""
        ...


class VendorBridge:
    """The Python end of the border (`RawBridge` in web/types/bridge.d.ts).

    Args:
        api: The connector.
        sockets: Where news of sockets goes.
        requests: Where answers of the page go.
        log: For what went wrong here.
    """

    def __init__(
        self, *, api: Api, sockets: BrowserSockets, requests: PageRequests, log: Log
    ) -> None:
        self._api = api
        self._log = log
        self._news = PageNews(
            takers=api, sockets=sockets, requests=requests, start=self._start_unawaited
        )
        # The loop holds tasks weakly: without these one that waits could be collected.
        self._running: set[asyncio.Task[Any]] = set()

    def call(self, method: str, args_json: str) -> str | Awaitable[str]:
        """Run a method of the vendor's interface.

        Args:
            method: Its name, such as `acceptCall`.
            args_json: Its arguments, a JSON list.

        Returns:
            JSON, `{"ok": result}` or `{"error": WireError}`: at once when nothing was waited
            for, because each turn of the browser's event loop costs more than the method.
        """
        task = self._start(self._answer(method, args_json))
        return task.result() if task.done() else task

    def handle(self, event_json: str) -> None:
        """Take notice of something that happened in the page (`BridgeEvent`)."""
        kind: str | None = None
        try:
            event = read_event(event_json)
            kind = text_of(event, "type")
            if not self._news.take(kind, event):
                self._log.write(LogLevel.ERROR, "bridge_event_unknown", {"type": kind})
        except Exception as error:  # noqa: BLE001 - JavaScript could do nothing with it
            self._log_failure("bridge_event_failed", error, {"type": kind})

    # ---- methods -----------------------------------------------------------------------------

    async def _answer(self, method: str, args_json: str) -> str:
        try:
            args = _read_args(args_json)
            return encode({"ok": to_tagged(await self._api.dispatch(method, args))})
        except (MethodFailed, CustomError) as error:
            return encode({"error": wire_error(error)})
        except Exception as error:  # noqa: BLE001 - Salesforce must get an answer
            self._log_failure("method_failed_unexpectedly", error, {"method": method})
            return encode({"error": generic_error(f"{method}: {type(error).__name__}")})

    # ---- helpers -----------------------------------------------------------------------------

    def _start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Run a coroutine until it really waits, the rest by the event loop."""
        loop = asyncio.get_running_loop()
        if sys.version_info >= (3, 12):
            task = asyncio.Task(work, loop=loop, eager_start=True)
        else:
            task = loop.create_task(work)
        if not task.done():
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        return task

    def _start_unawaited(self, event: str, work: Coroutine[Any, Any, None]) -> None:
        self._start(self._guarded(event, work))

    async def _guarded(self, event: str, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001 - nobody awaits this
            self._log_failure(f"{event}_failed", error, {})

    def _log_failure(self, event: str, error: Exception, fields: Mapping[str, Any]) -> None:
        self._log.write(LogLevel.ERROR, event, {**fields, **log_fields(error)})


def _read_args(args_json: str) -> list[Any]:
    args: object = json.loads(args_json)
    if not isinstance(args, list):
        raise ValidationError("args", args, "a JSON list")
    return cast("list[Any]", args)
