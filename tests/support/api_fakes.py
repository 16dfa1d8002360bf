"""A page with the connector in it, and everything around it: a line, Salesforce's ear, a switch."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from connector_py.api import AgentIdentity, ConnectorApi, LinkEnd, LinkListener, MethodFailed
from connector_py.entities import (
    AgentSnapshot,
    CallSnapshot,
    Command,
    LogLevel,
    Notification,
    NotificationFrame,
    RefusalCode,
)
from connector_py.errors import CommandRefusedError, ConnectorError, LinkDownError
from tests.support.builders import START, make_agent_snapshot

CONFIG: Mapping[str, Any] = {
    "organizationId": "00D000000000001AAA",
    "userName": "ada@demo.example",
    "userId": "005000000000001AAA",
    "userFullName": "Ada Agent",
    "/reqGeneralInfo/reqInternalName": "Demo_Center",
}
"""What of Salesforce's connectorConfig the connector reads."""

Serve = Callable[[Command], tuple[Sequence[Notification], Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a command does: what it causes, then its reply, or why there is none."""

    notifications: Sequence[Notification] = ()
    result: Any = None
    fails: ConnectorError | None = None
    gate: asyncio.Event | None = None


class FakeLink:
    """The line to a server whose answers the test names. Implements `TelephonyLink`.

    A command that no answer was named for is refused.
    """

    def __init__(self) -> None:
        self.requests: list[Command] = []
        """What was asked, in order."""
        self.command_ids: list[str] = []
        """The idempotency key of each request."""
        self.identities: list[AgentIdentity] = []
        """Who opened the line, each time."""
        self.is_closed = False
        self.is_down = False
        self.hurries = 0
        """How often the connector was told that the network is back."""
        self._listener: LinkListener | None = None
        self._agent = make_agent_snapshot()
        self._calls: Sequence[CallSnapshot] = ()
        self._offset = 0
        self._answers: dict[type[Command], Answer] = {}
        self._refusal: ConnectorError | None = None

    # ---- verbs of tests ----------------------------------------------------------------------

    def has(self, *calls: CallSnapshot, agent: AgentSnapshot | None = None) -> None:
        """The server's state, for the next snapshot."""
        self._calls, self._agent = calls, agent or self._agent

    def refuses_to_open(self, error: ConnectorError) -> None:
        self._refusal = error

    def lets_in(self) -> None:
        self._refusal = None

    def answers(
        self,
        command_type: type[Command],
        *notifications: Notification,
        result: Any = None,
        refuses: str | None = None,
        fails: ConnectorError | None = None,
    ) -> None:
        """From now on: what such a command causes, and its reply."""
        if refuses is not None:
            fails = CommandRefusedError(refuses, "no")
        self._answers[command_type] = Answer(
            notifications=notifications, result=result, fails=fails
        )

    def answers_late(
        self,
        command_type: type[Command],
        *notifications: Notification,
        result: Any = None,
        fails: ConnectorError | None = None,
    ) -> asyncio.Event:
        """As `answers`, but only when the event that it returns is set."""
        gate = asyncio.Event()
        self._answers[command_type] = Answer(
            notifications=notifications, result=result, fails=fails, gate=gate
        )
        return gate

    def delivers(self, notification: Notification, *, cause: str | None = None) -> None:
        """The next entry of the agent's stream."""
        frame = NotificationFrame(
            epoch="epoch-1", offset=self._offset + 1, notification=notification, cause=cause
        )
        self.listener.on_notification(frame)
        self._offset += 1

    def resyncs(self, *calls: CallSnapshot, agent: AgentSnapshot | None = None) -> None:
        """The line was away for so long that the server sends a snapshot."""
        self.has(*calls, agent=agent)
        self.is_down = False
        self.listener.on_snapshot(self._agent, calls)

    def goes_down(self) -> None:
        """From now on nothing is reached; what waits fails too."""
        self.is_down = True
        for answer in self._answers.values():
            if answer.gate is not None:
                answer.gate.set()

    def ends(self, end: LinkEnd) -> None:
        self.is_closed = True
        self.listener.on_end(end)

    @property
    def listener(self) -> LinkListener:
        assert self._listener is not None, "nobody listens"
        return self._listener

    # ---- TelephonyLink -----------------------------------------------------------------------

    def listen(self, listener: LinkListener) -> None:
        self._listener = listener

    async def open(self, identity: AgentIdentity) -> None:
        self.identities.append(identity)
        await asyncio.sleep(0)
        if self._refusal is not None:
            raise self._refusal
        self.is_closed = False
        self.listener.on_snapshot(self._agent, self._calls)

    async def request(
        self, command: Command, *, command_id: str, time_limit: float | None = None
    ) -> Any:
        assert time_limit is None, "the link's own limit is meant"
        self.requests.append(command)
        self.command_ids.append(command_id)
        self._check()
        answer = self._answers.get(type(command))
        if answer is None:
            raise CommandRefusedError(RefusalCode.NOT_SUPPORTED, f"{command.name}: not declared")
        await (answer.gate.wait() if answer.gate else asyncio.sleep(0))
        self._check()
        for notification in answer.notifications:
            self.delivers(notification, cause=command_id)
        if answer.fails is not None:
            raise answer.fails
        return answer.result

    def close(self) -> None:
        self.is_closed = True

    def reconnect_now(self) -> None:
        self.hurries += 1

    def _check(self) -> None:
        if self.is_down:
            raise LinkDownError("the line is down")


class RecordingPublisher:
    """Salesforce's ear. Implements `EventPublisher`."""

    def __init__(self) -> None:
        self.events: list[tuple[str, Any]] = []
        """Types and payloads, as Salesforce hears them."""
        self.waiting: list[tuple[str, Any]] = []
        """What waits for a method's result, and what came after that."""
        self.errors: list[tuple[str, Exception]] = []

    def publish(self, event_type: str, payload: Any) -> None:
        heard = self.waiting if self.waiting else self.events
        heard.append((str(event_type), payload))

    def publish_after_result(self, event_type: str, payload: Any) -> None:
        self.waiting.append((str(event_type), payload))

    def publish_error(
        self, event_type: str, error: Exception, *, after_result: bool = False
    ) -> None:
        del after_result
        self.errors.append((str(event_type), error))

    def result_is_handed_over(self) -> None:
        """What waited is heard now."""
        self.events += self.waiting
        self.waiting.clear()

    @property
    def types(self) -> list[str]:
        """The types of the events that were heard."""
        return [event_type for event_type, _ in self.events]


class RecordingLog:
    """Implements `Log`."""

    def __init__(self) -> None:
        self.entries: list[tuple[LogLevel, str, Mapping[str, Any]]] = []
        self.downloads: list[Sequence[str]] = []

    def write(self, level: LogLevel, event: str, fields: Mapping[str, Any]) -> None:
        self.entries.append((level, event, dict(fields)))

    def offer_download(self, lines: Sequence[str]) -> None:
        self.downloads.append(lines)

    def fields_of(self, event: str) -> list[Mapping[str, Any]]:
        """The fields of each entry of one kind."""
        return [fields for _, name, fields in self.entries if name == event]


class FakeAudioDevices:
    """The machine's microphones and speakers. Implements `AudioDevices`."""

    def __init__(self) -> None:
        self.devices: list[Any] = []
        self._failure: ConnectorError | None = None

    def fails(self, failure: ConnectorError) -> None:
        self._failure = failure

    async def list(self) -> Sequence[Any]:
        if self._failure is not None:
            raise self._failure
        return self.devices


class FakeStorage:
    """A browser that lets the page keep a sign-in, or not. Implements `StorageAccess`."""

    def __init__(self) -> None:
        self.is_free = True
        self._failure: ConnectorError | None = None

    def fails(self, failure: ConnectorError) -> None:
        self._failure = failure

    async def has_access(self) -> bool:
        if self._failure is not None:
            raise self._failure
        return self.is_free


class FixedClock:
    """Time stands still unless the test says otherwise. Implements `Clock`."""

    def __init__(self, now: datetime = START) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def passes(self, seconds: float) -> None:
        """So much later."""
        self._now += timedelta(seconds=seconds)


class CountingIds:
    """`id-1`, `id-2`, … Implements `IdSource`."""

    def __init__(self) -> None:
        self._count = 0

    def new_id(self) -> str:
        self._count += 1
        return f"id-{self._count}"


@dataclass(slots=True, kw_only=True)
class Page:
    """The connector's page in Salesforce."""

    link: FakeLink = field(default_factory=FakeLink)
    publisher: RecordingPublisher = field(default_factory=RecordingPublisher)
    log: RecordingLog = field(default_factory=RecordingLog)
    clock: FixedClock = field(default_factory=FixedClock)
    audio: FakeAudioDevices = field(default_factory=FakeAudioDevices)
    storage: FakeStorage = field(default_factory=FakeStorage)
    api: ConnectorApi = field(init=False)

    def __post_init__(self) -> None:
        self.api = ConnectorApi(
            link=self.link,
            publisher=self.publisher,
            clock=self.clock,
            ids=CountingIds(),
            log=self.log,
            audio_devices=self.audio,
            storage_access=self.storage,
        )

    async def asks(self, method: str, *arguments: Any) -> Any:
        """Salesforce calls a method, and then hears what waited for its result."""
        try:
            return await self.api.dispatch(method, arguments)
        finally:
            self.publisher.result_is_handed_over()

    async def starts_asking(self, method: str, *arguments: Any) -> "asyncio.Task[Any]":
        """Salesforce calls a method; returns as soon as it waits for something."""
        task = asyncio.ensure_future(self.api.dispatch(method, arguments))
        await settled()
        return task

    async def is_told(self, method: str, *arguments: Any) -> str:
        """The constant with which a method fails."""
        with pytest.raises(MethodFailed) as failed:
            await self.asks(method, *arguments)
        return failed.value.error_type

    async def sees_calls(self) -> list[tuple[str | None, str | None]]:
        """Ids and states of the active calls."""
        found = await self.asks("getActiveCalls")
        return [(call.call_id, call.state) for call in found.active_calls]


async def settled() -> None:
    """Everything that can run without the test has run."""
    for _ in range(10):
        await asyncio.sleep(0)


async def open_page(*calls: CallSnapshot, agent: AgentSnapshot | None = None) -> Page:
    """A page that is connected; the server has these calls."""
    page = Page()
    page.link.has(*calls, agent=agent)
    await page.asks("init", CONFIG)
    return page
