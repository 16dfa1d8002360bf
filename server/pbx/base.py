"""The switch, as the contact center sees it. A vendor writes one adapter.

`tests/conformance/pbx_conformance.py` is the kit that shows whether an adapter keeps these rules:

* A command returns when the switch took it. What it did comes as an event, before or soon after.
* A command that would change nothing (hold a held participant, `originate` or `offer` again with
  the same ids) succeeds and causes no event.
* A command that the switch cannot do raises `SwitchError` and causes no event.
* Events of one call come in order, and `active_calls` shows the state after the last of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from server.entities import AgentKey, SwitchCall
from server.errors import ServerError
from server.pbx.events import PbxEvent


class SwitchError(ServerError):
    """The switch cannot do it; the text says why."""

    status = 409
    code = "switch_failed"


class UnknownCallError(SwitchError):
    """The switch has no such call, or not any more."""


class UnknownParticipantError(SwitchError):
    """The call has no such participant."""


class UnknownDestinationError(SwitchError):
    """The switch does not know whom to call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Whom to call: a number, or an entry of the switch's directory."""

    number: str | None = None
    contact_id: str | None = None
    name: str | None = None


PbxListener = Callable[[PbxEvent], None]
"""Hears events; returns at once and never raises."""


class Pbx(Protocol):
    """A switch."""

    def listen(self, listener: PbxListener) -> None:
        """Name the one who hears the events; before `start`."""
        ...

    async def start(self) -> None:
        """Find the calls that go on, so that `active_calls` tells the truth."""
        ...

    async def stop(self) -> None:
        """Let go of the switch; its calls go on."""
        ...

    def active_calls(self) -> Sequence[SwitchCall]:
        """Return the calls that go on, of every tenant."""
        ...

    async def originate(
        self, agent: AgentKey, *, call_id: str, participant_id: str, destination: Destination
    ) -> None:
        """Call somebody for an agent; causes DialStarted.

        Args:
            agent: Who calls.
            call_id: Id of the new call. When the call exists already, nothing happens.
            participant_id: Id that the agent's part gets.
            destination: Whom to call.

        Raises:
            UnknownDestinationError: The switch does not know whom to call.
        """
        ...

    async def offer(self, call_id: str, agent: AgentKey, *, participant_id: str) -> None:
        """Let a waiting call ring at an agent; causes AgentRinging."""
        ...

    async def withdraw_offer(self, call_id: str, agent: AgentKey) -> None:
        """Stop the ringing at an agent; causes AgentWithdrawn."""
        ...

    async def answer(self, call_id: str, participant_id: str) -> None:
        """Connect the agent at whom the call rings; causes AgentAnswered."""
        ...

    async def hold(self, call_id: str, participant_id: str) -> None:
        """Put a participant on hold; causes ControlChanged(ParticipantHeld)."""
        ...

    async def retrieve(self, call_id: str, participant_id: str) -> None:
        """Take a participant off hold; causes ControlChanged(ParticipantResumed)."""
        ...

    async def mute(self, call_id: str, participant_id: str) -> None:
        """Mute a participant; causes ControlChanged(ParticipantMuted)."""
        ...

    async def unmute(self, call_id: str, participant_id: str) -> None:
        """Unmute a participant; causes ControlChanged(ParticipantUnmuted)."""
        ...

    async def pause_recording(self, call_id: str) -> None:
        """Pause the recorder; causes ControlChanged(RecordingPaused)."""
        ...

    async def resume_recording(self, call_id: str) -> None:
        """Let the recorder go on; causes ControlChanged(RecordingResumed)."""
        ...

    async def send_digits(self, call_id: str, participant_id: str, digits: str) -> None:
        """Send tones for a participant; causes no event, and nobody may write them down."""
        ...

    async def hang_up(self, call_id: str, participant_id: str | None = None) -> None:
        """End the call, for everybody while it has two parties; causes CallOver.

        Args:
            call_id: The call.
            participant_id: Who hangs up; None when the switch itself ends it.
        """
        ...

    async def take_message(self, agent: AgentKey, message: Any) -> None:  # noqa: ANN401 - JSON
        """Take what a component of the agent's Salesforce page says."""
        ...
