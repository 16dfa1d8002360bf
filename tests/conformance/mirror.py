"""The calls as the events of a switch alone tell them."""

from dataclasses import replace
from typing import Any

from connector_py.call_model import Call
from connector_py.entities import (
    CallSnapshot,
    Notification,
    ParticipantAdded,
    ParticipantConnected,
    ParticipantLeft,
    ParticipantOffered,
    ParticipantType,
)
from server.pbx import (
    AgentAnswered,
    AgentRinging,
    AgentWithdrawn,
    CallArrived,
    CallOver,
    ControlChanged,
    CustomerAnswered,
    DialFailed,
    DialStarted,
    PartyAdded,
    PartyAnswered,
    PartyLeft,
    PbxEvent,
    PbxReport,
)


class Mirror:
    """Folds events, and finds fault with what cannot follow: `AssertionError`."""

    def __init__(self) -> None:
        self.calls: dict[str, CallSnapshot] = {}
        self._over: set[str] = set()
        self._answered: set[tuple[str, str]] = set()

    def hear(self, event: PbxEvent) -> None:
        if isinstance(event, PbxReport):
            return
        call_id = event.call_id
        assert call_id not in self._over, f"{event} after the end"
        match event:
            case CallArrived() | DialStarted():
                assert call_id not in self.calls
                self.calls[call_id] = event.switch_call.call
            case CallOver() | DialFailed():
                del self.calls[call_id]
                self._over.add(call_id)
            case AgentRinging() | AgentWithdrawn():
                self._offers(event)
            case PartyAdded():
                self._apply(ParticipantAdded(call_id=call_id, participant=event.participant))
            case AgentAnswered() | CustomerAnswered() | PartyAnswered():
                self._answers(event)
            case PartyLeft():
                self._leaves(event)
            case ControlChanged():
                self._apply(event.notification)
            case _:
                raise AssertionError(event)

    def _offers(self, event: AgentRinging | AgentWithdrawn) -> None:
        call = self.calls[event.call_id]
        rings = isinstance(event, AgentRinging)
        part_id = event.participant.participant_id if rings else event.participant_id
        part = next((one for one in call.participants if one.participant_id == part_id), None)
        if isinstance(event, AgentRinging) and part is None:
            assert event.participant.participant_type is ParticipantType.AGENT
            self._apply(ParticipantAdded(call_id=call.call_id, participant=event.participant))
            return
        assert part is not None
        if isinstance(event, AgentRinging):
            assert part.agent_id is None
            agent_id = event.participant.agent_id
            at = event.participant.state_since
        else:
            assert part.agent_id == event.agent_id
            agent_id, at = None, event.at
        if part.participant_type is ParticipantType.AGENT:
            left = tuple(one for one in call.participants if one != part)
            self.calls[call.call_id] = replace(call, participants=left)
        else:
            self._apply(
                ParticipantOffered(
                    call_id=call.call_id, participant_id=part_id, agent_id=agent_id, at=at
                )
            )

    def _answers(self, event: AgentAnswered | CustomerAnswered | PartyAnswered) -> None:
        key = (event.call_id, event.participant_id)
        assert key not in self._answered, "answered twice"
        self._answered.add(key)
        [part] = [
            one
            for one in self.calls[event.call_id].participants
            if one.participant_id == event.participant_id
        ]
        is_customer = part.participant_type is ParticipantType.INITIAL_CALLER
        assert isinstance(event, AgentAnswered) == (part.agent_id is not None)
        assert part.agent_id is not None or isinstance(event, CustomerAnswered) == is_customer
        self._apply(
            ParticipantConnected(
                call_id=event.call_id, participant_id=event.participant_id, at=event.at
            )
        )

    def _leaves(self, event: PartyLeft) -> None:
        self._apply(
            ParticipantLeft(call_id=event.call_id, participant_id=event.participant_id, at=event.at)
        )
        assert len(Call(self.calls[event.call_id]).parties) >= 2, "fewer than two are left"

    def _apply(self, notification: Notification) -> None:
        call_id: Any = getattr(notification, "call_id", None)
        self.calls[call_id] = Call(self.calls[call_id]).apply(notification).snapshot
