"""The calls and the agent as the server says they are: the connector's one gate.

Nothing else changes the call model here, and nothing is guessed: a method asks, the server's
notification comes through this gate, and Salesforce is told.
"""

from collections.abc import Sequence

from connector_py.api.awaited import AwaitedCommands
from connector_py.api.events import Change, calls_after, event_of
from connector_py.api.ports import Clock, EventPublisher, LinkEnd, Log
from connector_py.call_model import AgentSession, CallRegistry, differences
from connector_py.entities import (
    AgentSnapshot,
    CallEnded,
    CallSnapshot,
    CallStarted,
    LogLevel,
    LogoutResult,
    Notification,
    NotificationFrame,
    SharedEventType,
    VoiceEventType,
    WrapUpEnded,
    WrapUpStarted,
)
from connector_py.errors import LinkDownError


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
        self._session: AgentSession | None = None
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

    def forget(self) -> None:
        """Start anew, as before the first snapshot."""
        self._session = None
        self.registry = CallRegistry()

    # --------------------------------------------------------------- what the link brings

    def on_snapshot(self, agent: AgentSnapshot, calls: Sequence[CallSnapshot]) -> None:
        """Take over the whole state; Salesforce is told what changed since the last one.

        The first snapshot of a page is not news: Salesforce asks for active calls itself, when
        the agent becomes available.
        """
        if self._session is None:
            self._session = AgentSession(agent)
            self.registry = CallRegistry.of(calls)
            return
        before, now = self._session.agent.wrap_up_call_id, agent.wrap_up_call_id
        missed = differences(self.registry.snapshots, calls, self._clock.now())
        if before is not None and before != now:
            missed.insert(0, WrapUpEnded(call_id=before))
        if now is not None and before != now:
            missed.append(WrapUpStarted(call_id=now))
        self._session = AgentSession(agent)
        for notification in missed:
            self._take(notification, cause=None)
        # Facts that no notification tells, such as the queue, come from the snapshot itself.
        self.registry = CallRegistry.of(calls)

    def on_notification(self, frame: NotificationFrame) -> None:
        """Apply the next entry of the stream and tell Salesforce.

        Raises:
            ConnectorError: It does not fit; nothing was changed.
        """
        session = self._session and self._session.apply(frame.notification)
        self._take(frame.notification, cause=frame.cause)
        self._session = session

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
        error = LinkDownError(reasons[end])
        self._publisher.publish_error(VoiceEventType.AGENT_ERROR, error)

    # ----------------------------------------------------------------------------- gate

    def _take(self, notification: Notification, *, cause: str | None) -> None:
        change = self._apply(notification)
        call_id = _call_id_of(notification)
        awaited = self.awaited.effect_of(notification, call_id, cause)
        if awaited is not None:
            awaited.is_done = True
            awaited.call_id = call_id
            awaited.calls = calls_after(change)
            return
        event = event_of(change, self.registry)
        if event is None:
            self._log.write(LogLevel.INFO, "not_for_salesforce", {"name": notification.name})
        elif self.awaited.concerns(call_id, cause):
            self._publisher.publish_after_result(event.event_type, event.payload)
        else:
            self._publisher.publish(event.event_type, event.payload)

    def _apply(self, notification: Notification) -> Change:
        call_id = _call_id_of(notification)
        before = self.registry.find(call_id) if call_id else None
        self.registry = self.registry.apply(notification)
        after = self.registry.find(call_id) if call_id else None
        if before is not None and isinstance(notification, CallEnded):
            after = before.apply(notification)
        return Change(notification=notification, agent_id=self.agent_id, before=before, after=after)


def _call_id_of(notification: Notification) -> str | None:
    if isinstance(notification, CallStarted):
        return notification.call.call_id
    return getattr(notification, "call_id", None)
