"""A complete adapter for a switch that speaks JSON; see docs/switch-adapter.md.

The switch is invented: it takes requests and sends reports. It knows by itself whether a request
would change anything, and each report holds the whole call as it is after it. So the adapter has
no rules of its own; `example_reports.py` puts the reports into our words.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from connector_py.entities import CallType
from docs.examples.example_reports import Json, event_of, page_message_of, switch_call_of
from server import pbx
from server.entities import AgentKey, SwitchCall

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
        self._calls = {call["id"]: switch_call_of(call) for call in found}

    async def stop(self) -> None:
        """Hear nothing more; the calls go on."""
        await self._client.unsubscribe()

    def active_calls(self) -> Sequence[SwitchCall]:
        """Return the calls that go on."""
        return tuple(self._calls.values())

    # ---- commands: calls ---------------------------------------------------------------------

    async def originate(
        self,
        agent: AgentKey,
        *,
        call_id: str,
        participant_id: str,
        destination: pbx.Destination,
        call_type: CallType = CallType.OUTBOUND,
    ) -> None:
        """Call somebody for an agent."""
        fields = _agent(agent) | _whom(destination) | {"type": call_type.value}
        await self._ask("dial", fields, call=call_id, part=participant_id)

    async def offer(self, call_id: str, agent: AgentKey, *, participant_id: str) -> None:
        """Let a waiting call, or a waiting party, ring at an agent."""
        await self._ask("offer", _agent(agent), call=call_id, part=participant_id)

    async def withdraw_offer(self, call_id: str, agent: AgentKey) -> None:
        """Stop the ringing at an agent."""
        await self._ask("withdraw", _agent(agent), call=call_id)

    async def answer(self, call_id: str, participant_id: str) -> None:
        """Connect the agent at whom the call rings."""
        await self._ask("answer", call=call_id, part=participant_id)

    async def hang_up(self, call_id: str, participant_id: str | None = None) -> None:
        """Let a party leave, or end the call."""
        await self._ask("hang_up", call=call_id, part=participant_id)

    # ---- commands: who else is on the call ---------------------------------------------------

    async def add_party(
        self,
        call_id: str,
        *,
        participant_id: str,
        added_by: str,
        destination: pbx.Destination,
        is_consult: bool = False,
        is_blind: bool = False,
    ) -> None:
        """Bring somebody into a call."""
        how = {"added_by": added_by, "consult": is_consult, "blind": is_blind}
        await self._ask("add", _whom(destination) | how, call=call_id, part=participant_id)

    async def swap(self, call_id: str, *, hold_id: str, resume_id: str) -> None:
        """Hold one party and retrieve another."""
        await self._ask("swap", {"hold": hold_id, "resume": resume_id}, call=call_id)

    async def conference(self, call_id: str) -> None:
        """Let everybody talk with everybody."""
        await self._ask("conference", call=call_id)

    async def listen_in(
        self, call_id: str, supervisor: AgentKey, *, participant_id: str, is_ringing: bool
    ) -> None:
        """Refuse: the switch has no supervisors."""
        raise pbx.SwitchError("This switch cannot let supervisors listen in")

    async def barge_in(self, call_id: str, participant_id: str) -> None:
        """Refuse: the switch has no supervisors."""
        raise pbx.SwitchError("This switch cannot let supervisors barge in")

    # ---- commands: hold, mute, recording -----------------------------------------------------

    async def hold(self, call_id: str, participant_id: str) -> None:
        """Put a participant on hold."""
        await self._ask("hold", call=call_id, part=participant_id)

    async def retrieve(self, call_id: str, participant_id: str) -> None:
        """Take a participant off hold."""
        await self._ask("resume", call=call_id, part=participant_id)

    async def mute(self, call_id: str, participant_id: str) -> None:
        """Mute a participant."""
        await self._ask("mute", call=call_id, part=participant_id)

    async def unmute(self, call_id: str, participant_id: str) -> None:
        """Unmute a participant."""
        await self._ask("unmute", call=call_id, part=participant_id)

    async def pause_recording(self, call_id: str) -> None:
        """Pause the recorder."""
        await self._ask("pause", call=call_id)

    async def resume_recording(self, call_id: str) -> None:
        """Let the recorder go on."""
        await self._ask("record", call=call_id)

    async def send_digits(self, call_id: str, participant_id: str, digits: str) -> None:
        """Send tones."""
        await self._ask("digits", {"digits": digits}, call=call_id, part=participant_id)

    async def take_message(self, agent: AgentKey, message: Any) -> None:  # noqa: ANN401 - JSON
        """Pass on what a component of the agent's page says."""
        await self._ask("message", _agent(agent) | {"message": message})

    # ---- inside ------------------------------------------------------------------------------

    async def _ask(self, verb: str, fields: Json | None = None, **ids: str | None) -> None:
        try:
            await self._client.request(verb, {**(fields or {}), **ids})
        except Refused as error:
            reason = str(error)
            if reason != "unchanged":
                kind = _REFUSALS.get(reason, pbx.SwitchError)
                raise kind(f"The switch says {reason}") from error

    def _report(self, report: Json) -> None:
        """Keep the call as it is now, then tell what happened."""
        if report["kind"] == "message":
            self._listener(page_message_of(report))
            return
        call = switch_call_of(report["call"])
        if report["kind"] in ("over", "failed"):
            self._calls.pop(call.call.call_id, None)
        else:
            self._calls[call.call.call_id] = call
        self._listener(event_of(report, call))


def _agent(agent: AgentKey) -> dict[str, Any]:
    return {"tenant": agent.tenant_id, "agent": agent.agent_id}


def _whom(destination: pbx.Destination) -> dict[str, Any]:
    contact_type = destination.contact_type
    return {
        "number": destination.number,
        "name": destination.name,
        "contact": destination.contact_id,
        "contact_type": None if contact_type is None else contact_type.value,
        "routed": destination.is_routed,
    }
