"""Commands that the agent gives at the headset: nobody in Salesforce waits for them."""

import asyncio
from collections.abc import Callable, Mapping
from itertools import count
from types import MappingProxyType

from connector_py.api.ports import EventPublisher, IdSource, Log, TelephonyLink
from connector_py.api.requests import Requests
from connector_py.entities import (
    AnswerCall,
    Command,
    DeclineCall,
    EndCall,
    LogLevel,
    Mute,
    Unmute,
    VoiceEventType,
)
from connector_py.errors import ConnectorError

_FAILURE_EVENTS: Mapping[type[Command], VoiceEventType] = MappingProxyType(
    {
        AnswerCall: VoiceEventType.CALL_CONNECTED,
        DeclineCall: VoiceEventType.HANGUP,
        EndCall: VoiceEventType.HANGUP,
        Mute: VoiceEventType.MUTE_TOGGLE,
        Unmute: VoiceEventType.MUTE_TOGGLE,
    }
)
"""Which event Salesforce is told not to expect (connector-api.md 3.2)."""


class HeadsetActions:
    """Sends commands so that what they cause becomes events of its own.

    Args:
        link: The line to the server.
        ids: Where idempotency keys come from.
        requests: Keeps the order of commands for one call.
        publisher: Salesforce's ear.
        log: Where it writes.
    """

    def __init__(
        self,
        *,
        link: TelephonyLink,
        ids: IdSource,
        requests: Requests,
        publisher: EventPublisher,
        log: Log,
    ) -> None:
        self._link = link
        self._ids = ids
        self._requests = requests
        self._publisher = publisher
        self._log = log
        # The loop holds tasks weakly: without these one that waits could be collected.
        self._running: set[asyncio.Task[None]] = set()
        self._mutes: list[Mute | Unmute] = []
        self._numbers = count(1)

    def wished_mute(self, call_id: str) -> bool | None:
        """Return whether the newest press under way mutes the agent; None without such a press."""
        wishes = (one for one in reversed(self._mutes) if one.call_id == call_id)
        newest = next(wishes, None)
        return None if newest is None else isinstance(newest, Mute)

    def start(
        self, command: Command, *, on_success: Callable[[], None], on_failure: Callable[[], None]
    ) -> None:
        """Send a command about a call.

        Args:
            command: What was pressed.
            on_success: Called when it worked.
            on_failure: Called when it failed, after Salesforce was told.
        """
        # Noted now and not in the task: the next press can come before the task runs.
        if isinstance(command, Mute | Unmute):
            self._mutes.append(command)
        task = asyncio.get_running_loop().create_task(self._do(command, on_success, on_failure))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _do(
        self, command: Command, on_success: Callable[[], None], on_failure: Callable[[], None]
    ) -> None:
        try:
            await self._send(command)
        except ConnectorError as error:
            fields = {"command": command.name, "code": error.code}
            self._log.write(LogLevel.ERROR, "headset_action_failed", fields)
            self._publisher.publish_error(_event_of(command), error)
            on_failure()
        else:
            on_success()

    async def _send(self, command: Command) -> None:
        async def send() -> None:
            await self._link.request(command, command_id=self._ids.new_id())

        call_id: str = getattr(command, "call_id", "")
        if not isinstance(command, Mute | Unmute):
            # Pressed twice it is still one answer or one end: the second would be refused.
            await self._requests.in_turn(call_id, f"headset {command.name}", send)
            return
        try:
            doing = f"headset {command.name} {next(self._numbers)}"
            # An un-mute that nobody answered may have worked: the microphone must not stay open.
            is_urgent = isinstance(command, Mute)
            await self._requests.in_turn(call_id, doing, send, is_urgent=is_urgent)
        finally:
            # Of equal ones the oldest goes, as it ends first.
            self._mutes.remove(command)


def _event_of(command: Command) -> VoiceEventType:
    # The base connector has no error for a supervisor who cannot leave but its own method's.
    return _FAILURE_EVENTS.get(type(command), VoiceEventType.SOFTPHONE_ERROR)
