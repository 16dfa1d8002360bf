"""The calls and the agent as the server says they are: the connector's one gate.

Nothing else changes the call model here, and nothing is guessed: a method asks, the server's
notification comes through this gate, and Salesforce is told.
"""

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager

from connector_py.api.awaited import Awaited, AwaitedCommands
from connector_py.api.changes import Change, EndedCall, Event
from connector_py.api.events import as_it_is_now, events_of
from connector_py.api.failures import event_failure_of
from connector_py.api.ports import Clock, EventPublisher, LinkEnd, Log
from connector_py.api.views import call_type_of, is_supervised
from connector_py.call_model import AgentSession, Call, CallRegistry, differences
from connector_py.entities import (
    ActionFailed,
    AgentSnapshot,
    AgentStateChanged,
    CallEnded,
    CallSnapshot,
    CallStarted,
    Command,
    HangupResult,
    LogLevel,
    LogoutResult,
    Notification,
    NotificationFrame,
    PhoneCall,
    SharedEventType,
    VoiceEventType,
    WrapUpEnded,
    WrapUpStarted,
)
from connector_py.errors import LinkDownError

_REMEMBERED_CALLS = 8
"""Ended calls whose keys are kept for after-call work; an agent wraps up one at a time."""


class Mirror:
    """Implements `LinkListener`.

    Args:
        publisher: Salesforce's ear.
        clock: For what a snapshot shows to have happened unseen.
        log: Where it writes.
    """

    def __init__(self, *, publisher: EventPublisher, clock: Clock, log: Log) -> None:
        self.awaited = AwaitedCommands()
        self.registry = CallRegistry()
        self.over: LinkDownError | None = None
        """Why this page is out of use: another one took its place, or the server is newer."""
        self._session: AgentSession | None = None
        self._ended: dict[str, EndedCall] = {}
        self._watchers: list[Callable[[], None]] = []
        self._publisher = publisher
        self._clock = clock
        self._log = log

    @property
    def agent(self) -> AgentSnapshot:
        """The agent.

        Raises:
            LinkDownError: The server did not say yet who the agent is.
        """
        if self._session is None:
            raise LinkDownError("the telephony system is not connected yet")
        return self._session.agent

    @property
    def agent_id(self) -> str | None:
        """The agent's id; None before the first snapshot."""
        return None if self._session is None else self._session.agent.agent_id

    def watch(self, watcher: Callable[[], None]) -> None:
        """Call somebody after each change of calls or agent; it must return at once."""
        self._watchers.append(watcher)

    def forget(self) -> None:
        """Start anew, as before the first snapshot."""
        self._session = None
        self.registry = CallRegistry()
        self._ended.clear()
        self._tell_watchers()

    def wrap_up_call_id(self, call_key: str | None) -> str | None:
        """Return the server's id of the call that is wrapped up, or None.

        Args:
            call_key: How Salesforce names it; None is the one that is wrapped up now.
        """
        now = None if self._session is None else self._session.agent.wrap_up_call_id
        if call_key is None:
            return now
        for call_id, ended in self._ended.items():
            if call_key in {call_id, ended.call_key}:
                return call_id
        # A page that was loaded during after-call work does not know the call's key any more.
        return call_key if now is None or now in self._ended else now

    @contextmanager
    def waiting(self, command_id: str, command: Command) -> Generator[Awaited]:
        """Know of a command for as long as a method waits for it."""
        with self.awaited.waiting(command_id, command) as awaited:
            try:
                yield awaited
            finally:
                self._publish_after_result(self._waited_for(awaited))

    def also_ended(self, calls: Sequence[PhoneCall]) -> None:
        """Tell of parties that left with a call, where the base connector names only the call."""
        if calls:
            self.tell_after_result(VoiceEventType.HANGUP, HangupResult(calls=tuple(calls)))

    def tell_after_result(self, event_type: str, payload: object) -> None:
        """Tell something that the base connector does not make of a method's result."""
        self._publisher.publish_after_result(event_type, payload)

    # --------------------------------------------------------------- what the link brings

    def on_snapshot(self, agent: AgentSnapshot, calls: Sequence[CallSnapshot]) -> None:
        """Take over the whole state; Salesforce is told what changed since the last one.

        The first snapshot of a page is not news: Salesforce asks for active calls itself, when
        the agent becomes available.
        """
        if self._session is None:
            self._session = AgentSession(agent)
            self.registry = CallRegistry.of(calls)
            self._tell_watchers()
            return
        old = self._session.agent
        missed = self._missed(old, agent, calls)
        self._session = AgentSession(agent)
        for notification in missed:
            self._take(notification, cause=None, old_agent=old, is_snapshot=True)
        # Facts that no notification tells, such as the queue, come from the snapshot itself.
        self.registry = CallRegistry.of(calls)
        self._tell_watchers()

    def on_notification(self, frame: NotificationFrame) -> None:
        """Apply the next entry of the stream and tell Salesforce.

        Raises:
            ConnectorError: It does not fit; nothing was changed.
        """
        before = self._session
        after = before and before.apply(frame.notification)
        self._session = after
        try:
            old_agent = None if before is None else before.agent
            self._take(frame.notification, cause=frame.cause, old_agent=old_agent)
        except Exception:
            self._session = before
            raise
        self._tell_watchers()

    def on_end(self, end: LinkEnd) -> None:
        """The link is over for good: Salesforce shows the login, or the reason."""
        self._log.write(LogLevel.ERROR, "link_ended", {"reason": end.value})
        if end is LinkEnd.SIGN_IN_REQUIRED:
            # Whoever signs in next may be somebody else, and gets a ready sequence of their own.
            self.forget()
            event_type = SharedEventType.LOGOUT_RESULT
            self._publisher.publish(event_type, LogoutResult(success=True))
            return
        reasons = {
            LinkEnd.REPLACED: "the connector was opened somewhere else for this agent",
            LinkEnd.SCHEMA_MISMATCH: "the server has another version: reload the page",
        }
        self.over = LinkDownError(reasons[end])
        # What is here would grow old: from now on every click gets this one reason.
        self.forget()
        self._publisher.publish_error(VoiceEventType.AGENT_ERROR, self.over)

    # ----------------------------------------------------------------------------- gate

    def _missed(
        self, old: AgentSnapshot, agent: AgentSnapshot, calls: Sequence[CallSnapshot]
    ) -> list[Notification]:
        """Return what happened between the picture that is here and the server's."""
        missed = differences(
            self.registry.snapshots, calls, self._clock.now(), agent_id=agent.agent_id
        )
        before, now = old.wrap_up_call_id, agent.wrap_up_call_id
        if before is not None and before != now:
            missed.insert(0, WrapUpEnded(call_id=before))
        if now is not None and before != now:
            missed.append(WrapUpStarted(call_id=now))
        if (old.state, old.status_info) != (agent.state, agent.status_info):
            missed.append(AgentStateChanged(state=agent.state, status_info=agent.status_info))
        return missed

    def _take(
        self,
        notification: Notification,
        *,
        cause: str | None,
        old_agent: AgentSnapshot | None,
        is_snapshot: bool = False,
    ) -> None:
        change = self._apply(notification, old_agent)
        if isinstance(notification, ActionFailed):
            self._tell_failure(notification)
            return
        events = events_of(change)
        awaited = self.awaited.effect_of(change, cause, is_snapshot=is_snapshot)
        if awaited is not None:
            awaited.effect, awaited.call_id = change, _call_id_of(notification)
            # The first event is the base connector's, out of the result.
            self._publish_after_result([*self._waited_for(awaited), *events[1:]])
            return
        if not events:
            self._log.write(LogLevel.INFO, "not_for_salesforce", {"name": notification.name})
            return
        ahead = self.awaited.on_the_way_to(cause)
        if ahead is not None:
            ahead.earlier.append((change, events))
        elif self.awaited.concerns(_call_id_of(notification), cause):
            self._publish_after_result(events)
        else:
            for event in events:
                self._publisher.publish(event.event_type, event.payload)

    def _apply(self, notification: Notification, old_agent: AgentSnapshot | None) -> Change:
        call_id = _call_id_of(notification)
        before = self.registry.find(call_id) if call_id else None
        self.registry = self.registry.apply(notification)
        after = self.registry.find(call_id) if call_id else None
        if before is not None and isinstance(notification, CallEnded):
            after = before.apply(notification)
            self._remember(before)
        change = Change(
            notification=notification,
            agent_id=self.agent_id,
            before=before,
            after=after,
            registry=self.registry,
            old_agent=old_agent,
            new_agent=None if self._session is None else self._session.agent,
            ended=self._ended.get(call_id) if call_id else None,
        )
        if isinstance(notification, WrapUpEnded):
            self._ended.pop(notification.call_id, None)
        return change

    def _remember(self, call: Call) -> None:
        """Keep the key of a call that ends: its after-call work comes afterwards."""
        if is_supervised(call, self.agent_id):
            return
        if len(self._ended) >= _REMEMBERED_CALLS:
            del self._ended[next(iter(self._ended))]
        self._ended[call.call_id] = EndedCall(
            call_key=call.call_key_of(self.agent_id), call_type=call_type_of(call, self.agent_id)
        )

    # -------------------------------------------------------------------------- telling

    def _waited_for(self, awaited: Awaited) -> list[Event]:
        """Return what a command did before its effect, and let it go.

        It is told as it is now. Of a call that is over nothing but the end is told.
        """
        earlier, awaited.earlier = awaited.earlier, []
        told: list[Event] = []
        for change, events in earlier:
            is_end = isinstance(change.notification, CallEnded)
            is_gone = change.after is not None and not self.registry.find(change.after.call_id)
            if is_end or not is_gone:
                told += [as_it_is_now(one, self.agent_id, self.registry) for one in events]
        return told

    def _publish_after_result(self, events: Iterable[Event]) -> None:
        for event in events:
            self._publisher.publish_after_result(event.event_type, event.payload)

    def _tell_failure(self, failed: ActionFailed) -> None:
        event_type, error = event_failure_of(failed)
        fields = {"event": failed.event_type, "code": failed.code}
        self._log.write(LogLevel.ERROR, "action_failed", fields)
        self._publisher.publish_error(event_type, error)

    def _tell_watchers(self) -> None:
        for watcher in self._watchers:
            try:
                watcher()
            except Exception as error:  # noqa: BLE001 - a lamp must not cost the agent the call
                fields = {"error": type(error).__name__}
                self._log.write(LogLevel.ERROR, "watcher_failed", fields)


def _call_id_of(notification: Notification) -> str | None:
    if isinstance(notification, CallStarted):
        return notification.call.call_id
    return getattr(notification, "call_id", None)
