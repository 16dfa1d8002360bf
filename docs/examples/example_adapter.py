"""A complete adapter for a switch that speaks JSON; see docs/switch-adapter.md.

The switch is invented: it takes requests and sends reports. Each report holds the whole call as it
is after it, so that the adapter has no rules of its own.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from connector_py import entities as link
from connector_py.entities import CallSnapshot, ParticipantSnapshot, ParticipantState
from server import pbx
from server.entities import AgentKey, DialFailure, SwitchCall

Json = Mapping[str, Any]
Role = link.ParticipantType

_CONTROLS: Mapping[str, type[link.Notification]] = {
    "held": link.ParticipantHeld,
    "resumed": link.ParticipantResumed,
    "muted": link.ParticipantMuted,
    "unmuted": link.ParticipantUnmuted,
    "recording_paused": link.RecordingPaused,
    "recording_resumed": link.RecordingResumed,
}
_REFUSALS: Mapping[str, type[pbx.SwitchError]] = {
    "no_call": pbx.UnknownCallError,
    "no_part": pbx.UnknownParticipantError,
    "no_destination": pbx.UnknownDestinationError,
}


class Refused(Exception):  # noqa: N818 - the switch's own word
    """The switch's client raises it, with the switch's reason."""


class SwitchClient(Protocol):
    """The client library of the switch."""

    async def subscribe(self, on_report: Callable[[Json], None]) -> Sequence[Json]:
        """Return the calls that go on, and report what happens from that moment on."""
        ...

    async def unsubscribe(self) -> None:
        """Report nothing more."""
        ...

    async def request(self, verb: str, fields: Json) -> None:
        """Ask the switch for something."""
        ...


class ExamplePbx:
    """Implements `Pbx`."""

    def __init__(self, client: SwitchClient) -> None:
        self._client = client
        self._calls: dict[str, SwitchCall] = {}
        self._listener: pbx.PbxListener = lambda event: None

    def listen(self, listener: pbx.PbxListener) -> None:
        """Name the one who hears the events."""
        self._listener = listener

    async def start(self) -> None:
        """Read the calls that go on, and hear what happens to them from then on."""
        found = await self._client.subscribe(self._report)
        self._calls = {call["id"]: _switch_call(call) for call in found}

    async def stop(self) -> None:
        """Hear nothing more; the calls go on."""
        await self._client.unsubscribe()

    def active_calls(self) -> Sequence[SwitchCall]:
        """Return the calls that go on."""
        return tuple(self._calls.values())

    # ---- commands ----------------------------------------------------------------------------

    async def originate(
        self, agent: AgentKey, *, call_id: str, participant_id: str, destination: pbx.Destination
    ) -> None:
        """Call somebody for an agent."""
        if call_id not in self._calls:
            whom = {"number": destination.number, "contact": destination.contact_id}
            await self._ask("dial", _agent(agent) | whom, call=call_id, part=participant_id)

    async def offer(self, call_id: str, agent: AgentKey, *, participant_id: str) -> None:
        """Let a waiting call ring at an agent."""
        if self._part_of(call_id, agent) is None:
            await self._ask("offer", _agent(agent), call=call_id, part=participant_id)

    async def withdraw_offer(self, call_id: str, agent: AgentKey) -> None:
        """Stop the ringing at an agent."""
        part = self._part_of(call_id, agent)
        if part is not None:
            await self._ask("withdraw", call=call_id, part=part.participant_id)

    async def answer(self, call_id: str, participant_id: str) -> None:
        """Connect the agent at whom the call rings."""
        if self._part(call_id, participant_id).state is ParticipantState.RINGING:
            await self._ask("answer", call=call_id, part=participant_id)

    async def hold(self, call_id: str, participant_id: str) -> None:
        """Put a participant on hold."""
        if not self._part(call_id, participant_id).is_on_hold:
            await self._ask("hold", call=call_id, part=participant_id)

    async def retrieve(self, call_id: str, participant_id: str) -> None:
        """Take a participant off hold."""
        if self._part(call_id, participant_id).is_on_hold:
            await self._ask("resume", call=call_id, part=participant_id)

    async def mute(self, call_id: str, participant_id: str) -> None:
        """Mute a participant."""
        if not self._part(call_id, participant_id).is_muted:
            await self._ask("mute", call=call_id, part=participant_id)

    async def unmute(self, call_id: str, participant_id: str) -> None:
        """Unmute a participant."""
        if self._part(call_id, participant_id).is_muted:
            await self._ask("unmute", call=call_id, part=participant_id)

    async def pause_recording(self, call_id: str) -> None:
        """Pause the recorder."""
        if self._call(call_id).recording is not link.RecordingState.PAUSED:
            await self._ask("pause", call=call_id)

    async def resume_recording(self, call_id: str) -> None:
        """Let the recorder go on."""
        if self._call(call_id).recording is not link.RecordingState.RECORDING:
            await self._ask("record", call=call_id)

    async def send_digits(self, call_id: str, participant_id: str, digits: str) -> None:
        """Send tones."""
        await self._ask("digits", {"digits": digits}, call=call_id, part=participant_id)

    async def hang_up(self, call_id: str, participant_id: str | None = None) -> None:
        """End the call."""
        await self._ask("hang_up", call=call_id, part=participant_id)

    async def take_message(self, agent: AgentKey, message: Any) -> None:  # noqa: ANN401 - JSON
        """Pass on what a component of the agent's page says."""
        await self._ask("message", _agent(agent) | {"message": message})

    # ---- reports -----------------------------------------------------------------------------

    def _report(self, report: Json) -> None:
        """Keep the call as it is now, then tell what happened."""
        call = _switch_call(report["call"])
        call_id = call.call.call_id
        if report["kind"] in ("over", "failed"):
            self._calls.pop(call_id, None)
        else:
            self._calls[call_id] = call
        self._listener(_event(report, call))

    # ---- inside ------------------------------------------------------------------------------

    async def _ask(self, verb: str, fields: Json | None = None, **ids: str | None) -> None:
        try:
            await self._client.request(verb, {**(fields or {}), **ids})
        except Refused as error:
            reason = str(error)
            raise _REFUSALS.get(reason, pbx.SwitchError)(f"The switch says {reason}") from error

    def _call(self, call_id: str) -> CallSnapshot:
        if call_id not in self._calls:
            raise pbx.UnknownCallError("The switch has no such call")
        return self._calls[call_id].call

    def _part(self, call_id: str, participant_id: str) -> ParticipantSnapshot:
        for part in self._call(call_id).participants:
            if part.participant_id == participant_id:
                return part
        raise pbx.UnknownParticipantError("The call has no such participant")

    def _part_of(self, call_id: str, agent: AgentKey) -> ParticipantSnapshot | None:
        parts = self._call(call_id).participants
        if self._calls[call_id].tenant_id != agent.tenant_id:
            raise pbx.UnknownCallError("The switch has no such call")
        return next((part for part in parts if part.agent_id == agent.agent_id), None)


def _agent(agent: AgentKey) -> dict[str, Any]:
    return {"tenant": agent.tenant_id, "agent": agent.agent_id}


def _event(report: Json, call: SwitchCall) -> pbx.PbxEvent:
    kind, at = report["kind"], datetime.fromisoformat(report["at"])
    part: str = report.get("part", "")
    ids: dict[str, Any] = {"tenant_id": call.tenant_id, "call_id": call.call.call_id}
    if kind in _CONTROLS:
        told = {"call_id": call.call.call_id, "participant_id": part, "at": at}
        known = _CONTROLS[kind].__dataclass_fields__
        fields = {name: value for name, value in told.items() if name in known}
        return pbx.ControlChanged(**ids, notification=_CONTROLS[kind](**fields))
    match kind:
        case "arrived":
            return pbx.CallArrived(**ids, switch_call=call)
        case "dialled":
            return pbx.DialStarted(**ids, switch_call=call)
        case "rings":
            [ringing] = [one for one in call.call.participants if one.participant_id == part]
            return pbx.AgentRinging(**ids, participant=ringing)
        case "withdrawn":
            return pbx.AgentWithdrawn(**ids, participant_id=part, agent_id=report["agent"], at=at)
        case "agent_answered":
            return pbx.AgentAnswered(**ids, participant_id=part, at=at)
        case "customer_answered":
            return pbx.CustomerAnswered(**ids, participant_id=part, at=at)
        case "failed":
            return pbx.DialFailed(**ids, failure=DialFailure(report["reason"]), at=at)
        case _:
            return pbx.CallOver(**ids, ended_by=pbx.EndedBy(report["by"]), at=at)


def _switch_call(call: Json) -> SwitchCall:
    snapshot = CallSnapshot(
        call_id=call["id"],
        call_type=link.CallType(call["type"]),
        participants=tuple(_participant(part) for part in call["parts"]),
        started_at=datetime.fromisoformat(call["started"]),
        recording=link.RecordingState(call["recording"]),
    )
    return SwitchCall(
        tenant_id=call["tenant"], call=snapshot, from_number=call["from"], to_number=call["to"]
    )


def _participant(part: Json) -> ParticipantSnapshot:
    return ParticipantSnapshot(
        participant_id=part["id"],
        participant_type=Role.INITIAL_CALLER if part["agent"] is None else Role.AGENT,
        state=ParticipantState(part["state"]),
        state_since=datetime.fromisoformat(part["since"]),
        phone_number=part["number"],
        agent_id=part["agent"],
        is_on_hold=part["held"],
        is_muted=part["muted"],
    )
