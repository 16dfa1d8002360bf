"""What Salesforce is told when something happens (connector-api.md 3.1): the table.

What is not in it is nothing for Salesforce. `docs/vendor-api.md` shows the same table.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from connector_py.api import agent_events, call_events, control_events
from connector_py.api.changes import Change, Event, Events
from connector_py.api.views import hold_toggle
from connector_py.call_model import CallRegistry
from connector_py.entities import (
    AfterConversationWorkEnded,
    AfterConversationWorkStarted,
    AgentStateChanged,
    AgentStatusRequested,
    AudioStatsReported,
    CallEnded,
    CallStarted,
    CallUpdated,
    HoldToggleResult,
    MessageReceived,
    Notification,
    ParticipantAdded,
    ParticipantConnected,
    ParticipantHeld,
    ParticipantLeft,
    ParticipantMuted,
    ParticipantResumed,
    ParticipantsConferenced,
    ParticipantsSwapped,
    ParticipantUnmuted,
    PhoneSwitched,
    RecordingPaused,
    RecordingResumed,
    SupervisorBargedIn,
    TransferViewRequested,
    WrapUpEnded,
    WrapUpStarted,
)

EVENTS: Mapping[type[Notification], Callable[[Change, Any], Events]] = MappingProxyType(
    {
        CallStarted: call_events.call_started,
        CallUpdated: call_events.call_updated,
        CallEnded: call_events.call_ended,
        PhoneSwitched: call_events.phone_switched,
        ParticipantAdded: call_events.participant_added,
        ParticipantConnected: call_events.participant_connected,
        ParticipantLeft: call_events.participant_left,
        ParticipantHeld: control_events.hold_toggled,
        ParticipantResumed: control_events.hold_toggled,
        ParticipantsSwapped: control_events.swapped,
        ParticipantsConferenced: control_events.conferenced,
        ParticipantMuted: control_events.mute_toggled,
        ParticipantUnmuted: control_events.mute_toggled,
        RecordingPaused: control_events.recording_toggled,
        RecordingResumed: control_events.recording_toggled,
        SupervisorBargedIn: control_events.barged_in,
        AudioStatsReported: control_events.audio_measured,
        AgentStateChanged: agent_events.state_changed,
        AgentStatusRequested: agent_events.status_requested,
        WrapUpStarted: agent_events.wrap_up_started,
        WrapUpEnded: agent_events.wrap_up_ended,
        AfterConversationWorkStarted: agent_events.conversation_work_started,
        AfterConversationWorkEnded: agent_events.conversation_work_ended,
        TransferViewRequested: agent_events.transfer_view_requested,
        MessageReceived: agent_events.message_received,
    }
)
"""Every notification that Salesforce may hear of. A failed action is an error, not an event."""


def events_of(change: Change) -> Events:
    """Return what Salesforce is told of a change, in order; nothing when it is not told.

    The first event is what the base connector publishes by itself, out of the result, when a
    method caused the change.
    """
    tell = EVENTS.get(type(change.notification))
    return () if tell is None else tell(change, change.notification)


def as_it_is_now(told: Event, agent_id: str | None, registry: CallRegistry) -> Event:
    """Return an event that waited with what is so meanwhile: a hold names all active calls."""
    if isinstance(told.payload, HoldToggleResult):
        return replace(told, payload=hold_toggle(registry, agent_id))
    return told
