"""The switch, as the contact center sees it. A vendor writes one adapter.

`tests/conformance/pbx_conformance.py` is the kit that shows whether an adapter keeps these rules:

* A command returns when the switch took it. What it did comes as an event, before or soon after.
* A command that would change nothing (hold a held participant, hang up for one who left, the same
  ids again in `originate`, `offer`, `add_party` or `listen_in`) succeeds and causes no event.
* A command that the switch cannot do raises `SwitchError` and causes no event. Whoever has left a
  call is an `UnknownParticipantError` to every command but `hang_up`.
* Events of one call come in order, and `active_calls` shows the state after the last of them:
  `Call.apply` of the call model, fed with the events, leads to the same.
* A call has at least two parties who have not left, from the moment that an agent is on it.
  Supervisors do not count. With fewer it is over for everybody.
* An agent has one part in a call at most, and a call or party rings at one agent at a time.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from connector_py.entities import CallType, ContactType, RefusalCode
from server.entities import AgentKey, DialError, SwitchCall
from server.errors import ServerError
from server.pbx.events import PbxEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorLabel:
    """A custom label of the org, whose text Salesforce shows for a failure (guide chapter 8)."""

    namespace: str
    name: str


class SwitchError(ServerError):
    """The switch cannot do it; the text says why.

    Args:
        message: Why, for people: no numbers, no names.
        field: See `ServerError`.
        refusal_code: Why, for Salesforce, when it is not what the class of the error says. It
            shows a `DialError` by its own name when a call is placed.
        label: What Salesforce is to show instead; one of the org's labels, or it is left out.
    """

    status = 409
    code = "switch_failed"

    def __init__(
        self,
        message: str,
        *,
        field: str | None = None,
        refusal_code: RefusalCode | DialError | None = None,
        label: ErrorLabel | None = None,
    ) -> None:
        super().__init__(message, field=field)
        self.refusal_code = refusal_code
        self.label = label


class UnknownCallError(SwitchError):
    """The switch has no such call, or not any more."""


class UnknownParticipantError(SwitchError):
    """The call has no such participant."""


class UnknownDestinationError(SwitchError):
    """The switch does not know whom to call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Whom to call: a number, an entry of the switch's directory, or an agent of ours.

    With `is_routed` the switch calls nobody: the new party waits until the contact center offers
    it to an agent (a queue, a flow, an agent).
    """

    number: str | None = None
    contact_id: str | None = None
    contact_type: ContactType | None = None
    name: str | None = None
    is_routed: bool = False


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
        self,
        agent: AgentKey,
        *,
        call_id: str,
        participant_id: str,
        destination: Destination,
        call_type: CallType = CallType.OUTBOUND,
    ) -> None:
        """Call somebody for an agent; causes DialStarted.

        Args:
            agent: Who calls. They may listen to another call as a supervisor, and leave it as soon
                as this one is taken.
            call_id: Id of the new call. When the call exists already, nothing happens.
            participant_id: Id that the agent's part gets.
            destination: Whom to call.
            call_type: Outbound, DialedCallback or InternalCall. An internal call is routed: its
                INITIAL_CALLER rings only when it is offered to the agent who is called.

        Raises:
            UnknownDestinationError: The switch does not know whom to call.
        """
        ...

    async def offer(self, call_id: str, agent: AgentKey, *, participant_id: str) -> None:
        """Let a waiting call, or a waiting party, ring at an agent; causes AgentRinging.

        A call waits when it came in or is a callback, and no agent has answered it. A party waits
        that was added as routed, and in an internal call the INITIAL_CALLER.

        Args:
            call_id: The call.
            agent: At whom it rings.
            participant_id: Id of the agent's part: a new one for a call that waits, or that of a
                party that waits.

        Raises:
            SwitchError: Nothing waits, it rings at somebody else, or the agent has a part in the
                call already.
        """
        ...

    async def withdraw_offer(self, call_id: str, agent: AgentKey) -> None:
        """Stop the ringing at an agent; causes AgentWithdrawn. A routed party waits again.

        Nothing happens when the call does not ring at the agent.

        Raises:
            SwitchError: The agent is on the call already, or it rings there for listening in.
        """
        ...

    async def answer(self, call_id: str, participant_id: str) -> None:
        """Connect the agent or the supervisor at whom the call rings; causes AgentAnswered.

        The customer of a callback is called only now, and rings until CustomerAnswered.

        Raises:
            SwitchError: It rings at no agent.
        """
        ...

    async def add_party(
        self,
        call_id: str,
        *,
        participant_id: str,
        added_by: str,
        destination: Destination,
        is_consult: bool = False,
        is_blind: bool = False,
    ) -> None:
        """Bring somebody into a call; causes PartyAdded.

        Before that the customer is put on hold (ControlChanged(ParticipantHeld)), unless the call
        merges by itself or the transfer is blind; for an agent who was called by another, that
        other. A blind transfer is one step: PartyAdded, then PartyLeft of who added them. An
        outside party answers with PartyAnswered, or is not reached, which causes PartyLeft.

        Args:
            call_id: The call.
            participant_id: Id of the new party; when it is or was there, nothing happens.
            added_by: Participant id of the agent who asks.
            destination: Whom.
            is_consult: Only who added them talks to them, until a conference.
            is_blind: The agent leaves at the same moment; not of a consult.

        Raises:
            UnknownDestinationError: The switch does not know whom to call.
            SwitchError: `added_by` is no agent who is on the call.
        """
        ...

    async def swap(self, call_id: str, *, hold_id: str, resume_id: str) -> None:
        """Hold one party and retrieve another; causes ControlChanged(ParticipantsSwapped).

        Raises:
            SwitchError: Not one of them talks and the other is on hold, or the call merges by
                itself.
        """
        ...

    async def conference(self, call_id: str) -> None:
        """Let everybody talk with everybody; causes ControlChanged(ParticipantsConferenced).

        Nobody is on hold then, and no consult is private. Nothing happens when that is so.
        """
        ...

    async def listen_in(
        self, call_id: str, supervisor: AgentKey, *, participant_id: str, is_ringing: bool
    ) -> None:
        """Let a supervisor hear a call, unheard; causes PartyAdded.

        Args:
            call_id: The call.
            supervisor: Who listens.
            participant_id: Id of their part; when it is or was there, nothing happens.
            is_ringing: Their desk phone rings first; `answer` connects them.

        Raises:
            SwitchError: No agent is on the call, or the supervisor has a part in it already.
        """
        ...

    async def barge_in(self, call_id: str, participant_id: str) -> None:
        """Let everybody hear a supervisor; causes ControlChanged(SupervisorBargedIn)."""
        ...

    async def hold(self, call_id: str, participant_id: str) -> None:
        """Put a participant on hold; causes ControlChanged(ParticipantHeld).

        Raises:
            SwitchError: They are not on the call yet, or the call merges by itself.
        """
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
        """Let a party leave; causes PartyLeft, or CallOver when fewer than two would be left.

        Supervisors do not count. Nor does it matter who asks: an agent hangs up for themselves,
        or for somebody else.

        When an agent leaves a party whom they brought in, a transfer is done; when no other agent
        is on the call, nobody could take anybody off hold. So after PartyLeft those who stay are
        brought together as `conference` does it (ControlChanged(ParticipantsConferenced)), if
        anybody is on hold or a consult is private.

        Args:
            call_id: The call.
            participant_id: Who leaves; None when the switch itself ends the call for everybody.
        """
        ...

    async def take_message(self, agent: AgentKey, message: Any) -> None:  # noqa: ANN401 - JSON
        """Take what a component of the agent's Salesforce page says."""
        ...
