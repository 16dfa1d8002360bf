"""The switch behind one protocol, and the simulated one."""

from server.pbx.base import (
    Destination,
    Pbx,
    PbxListener,
    SwitchError,
    UnknownCallError,
    UnknownDestinationError,
    UnknownParticipantError,
)
from server.pbx.events import (
    AgentAnswered,
    AgentRinging,
    AgentWithdrawn,
    CallArrived,
    CallOver,
    ControlChanged,
    CustomerAnswered,
    DialFailed,
    DialStarted,
    EndedBy,
    PbxEvent,
)
from server.pbx.simulated import NextDial, SimulatedPbx

__all__ = [
    "AgentAnswered",
    "AgentRinging",
    "AgentWithdrawn",
    "CallArrived",
    "CallOver",
    "ControlChanged",
    "CustomerAnswered",
    "Destination",
    "DialFailed",
    "DialStarted",
    "EndedBy",
    "NextDial",
    "Pbx",
    "PbxEvent",
    "PbxListener",
    "SimulatedPbx",
    "SwitchError",
    "UnknownCallError",
    "UnknownDestinationError",
    "UnknownParticipantError",
]
