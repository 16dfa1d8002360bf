"""The state machines of a call and of an agent, each a small table.

A pair of state and input that is not in a table is a named error, and nothing changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Generic, TypeVar

from connector_py.entities import AgentState, ParticipantState, RecordingState
from connector_py.errors import UnknownTransitionError

S = TypeVar("S", bound=StrEnum)
I = TypeVar("I", bound=StrEnum)  # noqa: E741 - the input, as in every book on automata


class ParticipantInput(StrEnum):
    """What happens to a party of a call."""

    CONNECT = "connect"
    LEAVE = "leave"


class HoldState(StrEnum):
    """Whether a party is on hold."""

    TALKING = "talking"
    ON_HOLD = "on_hold"


class HoldInput(StrEnum):
    """What changes it."""

    HOLD = "hold"
    RESUME = "resume"


class MuteState(StrEnum):
    """Whether a party is heard."""

    UNMUTED = "unmuted"
    MUTED = "muted"


class MuteInput(StrEnum):
    """What changes it."""

    MUTE = "mute"
    UNMUTE = "unmute"


class RecordingInput(StrEnum):
    """What changes the recorder."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"


class AgentInput(StrEnum):
    """What changes what the switch may do with an agent."""

    SET_ONLINE = "set_online"
    SET_BUSY = "set_busy"
    SET_OFFLINE = "set_offline"
    CALL_STARTED = "call_started"
    CALL_ENDED_WITH_WRAP_UP = "call_ended_with_wrap_up"
    CALL_ENDED = "call_ended"
    """Declined, missed or failed: nothing to wrap up."""
    WRAP_UP_ENDED = "wrap_up_ended"


@dataclass(frozen=True, slots=True)
class TransitionTable(Generic[S, I]):
    """A state machine: its name and the next state for each pair of state and input."""

    name: str
    transitions: Mapping[tuple[S, I], S]


def next_state(table: TransitionTable[S, I], state: S, input: I) -> S:
    """Return where an input leads.

    Args:
        table: The machine.
        state: Where it stands.
        input: What comes.

    Raises:
        UnknownTransitionError: The table has no entry for the pair.
    """
    following = table.transitions.get((state, input))
    if following is None:
        raise UnknownTransitionError(table.name, state, input)
    return following


PARTICIPANT = TransitionTable(
    "participant",
    MappingProxyType(
        {
            (ParticipantState.RINGING, ParticipantInput.CONNECT): ParticipantState.CONNECTED,
            (ParticipantState.RINGING, ParticipantInput.LEAVE): ParticipantState.ENDED,
            (ParticipantState.CONNECTED, ParticipantInput.LEAVE): ParticipantState.ENDED,
        }
    ),
)

HOLD = TransitionTable(
    "hold",
    MappingProxyType(
        {
            (HoldState.TALKING, HoldInput.HOLD): HoldState.ON_HOLD,
            (HoldState.ON_HOLD, HoldInput.RESUME): HoldState.TALKING,
        }
    ),
)

MUTE = TransitionTable(
    "mute",
    MappingProxyType(
        {
            (MuteState.UNMUTED, MuteInput.MUTE): MuteState.MUTED,
            (MuteState.MUTED, MuteInput.UNMUTE): MuteState.UNMUTED,
        }
    ),
)

RECORDING = TransitionTable(
    "recording",
    MappingProxyType(
        {
            (RecordingState.OFF, RecordingInput.START): RecordingState.RECORDING,
            (RecordingState.RECORDING, RecordingInput.PAUSE): RecordingState.PAUSED,
            (RecordingState.PAUSED, RecordingInput.RESUME): RecordingState.RECORDING,
        }
    ),
)

_STATUS_INPUTS = MappingProxyType(
    {
        AgentInput.SET_ONLINE: AgentState.AVAILABLE,
        AgentInput.SET_BUSY: AgentState.BUSY,
        AgentInput.SET_OFFLINE: AgentState.OFFLINE,
    }
)

_OFF_CALL = (
    AgentState.OFFLINE,
    AgentState.BUSY,
    AgentState.AVAILABLE,
    AgentState.AFTER_CALL_WORK,
)

AGENT = TransitionTable(
    "agent",
    MappingProxyType(
        {
            **{
                (state, input): following
                for state in _OFF_CALL
                for input, following in _STATUS_INPUTS.items()
            },
            **{(state, AgentInput.CALL_STARTED): AgentState.ON_CALL for state in _OFF_CALL},
            (
                AgentState.ON_CALL,
                AgentInput.CALL_ENDED_WITH_WRAP_UP,
            ): AgentState.AFTER_CALL_WORK,
            (AgentState.ON_CALL, AgentInput.CALL_ENDED): AgentState.AVAILABLE,
            (AgentState.AFTER_CALL_WORK, AgentInput.WRAP_UP_ENDED): AgentState.AVAILABLE,
        }
    ),
)
"""Guide chapter 12, "Understand Agent Statuses": wrap-up lasts until the agent is made available.

A call may start in any state without a call: a call that was already there is found again after a
restart. When an agent may place one is for the server to decide. A status that is set during a
call is not in the table: `AgentSession` remembers it."""


def is_status_input(input: AgentInput) -> bool:
    """Tell whether an input is a status that somebody sets."""
    return input in _STATUS_INPUTS
