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
    PartyAdded,
    PartyAnswered,
    PartyLeft,
    PbxEvent,
    WithdrawReason,
)
from server.pbx.simulated import SimulatedPbx, TemplateSource
from server.pbx.simulated_calls import CallTemplate
from server.pbx.simulated_dialing import NextDial

__all__ = [
    "AgentAnswered",
    "AgentRinging",
    "AgentWithdrawn",
    "CallArrived",
    "CallOver",
    "CallTemplate",
    "ControlChanged",
    "CustomerAnswered",
    "Destination",
    "DialFailed",
    "DialStarted",
    "EndedBy",
    "NextDial",
    "PartyAdded",
    "PartyAnswered",
    "PartyLeft",
    "Pbx",
    "PbxEvent",
    "PbxListener",
    "SimulatedPbx",
    "SwitchError",
    "TemplateSource",
    "UnknownCallError",
    "UnknownDestinationError",
    "UnknownParticipantError",
    "WithdrawReason",
]
