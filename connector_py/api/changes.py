"""What happened, and what is told of it: the two ends of the table of events."""

from dataclasses import dataclass, field
from typing import Any

from connector_py.call_model import Call, CallRegistry
from connector_py.entities import AgentSnapshot, CallResult, CallType, Notification, PhoneCall


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event for Salesforce: its type, and a result entity or plain JSON."""

    event_type: str
    payload: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedCall:
    """What after-call work needs of a call that is over."""

    call_key: str
    """The vendorCallKey under which Salesforce knows this agent's part."""
    call_type: CallType | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A notification with the call and the agent before and after it.

    None where there was or is no call, and before the first snapshot.
    """

    notification: Notification
    agent_id: str | None
    before: Call | None = None
    after: Call | None = None
    """After the end of a call: the call as it ended."""
    registry: CallRegistry = field(default_factory=CallRegistry)
    """All active calls after it."""
    old_agent: AgentSnapshot | None = None
    new_agent: AgentSnapshot | None = None
    ended: EndedCall | None = None
    """The call that is wrapped up, where that is known."""


Events = tuple[Event, ...]


def event(event_type: str, payload: Any) -> Events:  # noqa: ANN401 - entity or JSON
    """Return one event."""
    return (Event(event_type=event_type, payload=payload),)


def call_event(event_type: str, phone: PhoneCall | None) -> Events:
    """Return an event about one `PhoneCall`; none without it."""
    return () if phone is None else event(event_type, CallResult(call=phone))
