"""The rules of calls and agents: pure, without a clock, without input or output."""

from connector_py.call_model.agent_session import AgentSession
from connector_py.call_model.call import Call
from connector_py.call_model.call_registry import CallRegistry
from connector_py.call_model.differences import differences
from connector_py.call_model.phone_calls import (
    answering_type,
    is_own_consult,
    to_phone_calls,
)
from connector_py.call_model.states import (
    AGENT,
    HOLD,
    MUTE,
    PARTICIPANT,
    RECORDING,
    AgentInput,
    HoldInput,
    HoldState,
    MuteInput,
    MuteState,
    ParticipantInput,
    RecordingInput,
    TransitionTable,
    is_status_input,
    next_state,
)

__all__ = [
    "AGENT",
    "HOLD",
    "MUTE",
    "PARTICIPANT",
    "RECORDING",
    "AgentInput",
    "AgentSession",
    "Call",
    "CallRegistry",
    "HoldInput",
    "HoldState",
    "MuteInput",
    "MuteState",
    "ParticipantInput",
    "RecordingInput",
    "TransitionTable",
    "answering_type",
    "differences",
    "is_own_consult",
    "is_status_input",
    "next_state",
    "to_phone_calls",
]
