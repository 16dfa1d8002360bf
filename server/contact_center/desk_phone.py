"""What agents do at their desk phones, and what the switch says of phones (guide chapter 15).

The handlers are those of the connectors' commands. No connector waits for the reply: it hears what
happened, and of a failure by its own event.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from connector_py.entities import (
    ActionFailed,
    AddParticipant,
    AnswerCall,
    BargeIn,
    Command,
    Conference,
    DeclineCall,
    Dial,
    EndCall,
    HangupStatus,
    Hold,
    LinkError,
    Mute,
    ParticipantSnapshot,
    ParticipantState,
    ParticipantType,
    PauseRecording,
    RemoveParticipant,
    Resume,
    ResumeRecording,
    SendDigits,
    SetAgentConfig,
    StopSupervising,
    SuperviseCall,
    Swap,
    Unmute,
    VoiceEventType,
)
from connector_py.errors import CommandRefusedError
from server.contact_center.desk import Desk
from server.contact_center.ledger import Ledger
from server.contact_center.link_errors import link_error
from server.contact_center.offers import Offered, taken_back
from server.contact_center.requests import Request, own_part
from server.entities import AgentKey
from server.errors import ConflictError, NotFoundError
from server.pbx import SwitchError
from server.store import Transaction

EVENT_TYPES: Mapping[type[Command], VoiceEventType] = MappingProxyType(
    {
        AnswerCall: VoiceEventType.CALL_CONNECTED,
        DeclineCall: VoiceEventType.HANGUP,
        EndCall: VoiceEventType.HANGUP,
        Hold: VoiceEventType.HOLD_TOGGLE,
        Resume: VoiceEventType.HOLD_TOGGLE,
        Mute: VoiceEventType.MUTE_TOGGLE,
        Unmute: VoiceEventType.MUTE_TOGGLE,
        PauseRecording: VoiceEventType.RECORDING_TOGGLE,
        ResumeRecording: VoiceEventType.RECORDING_TOGGLE,
        SendDigits: VoiceEventType.AGENT_ERROR,
        Dial: VoiceEventType.CALL_STARTED,
        AddParticipant: VoiceEventType.PARTICIPANT_ADDED,
        RemoveParticipant: VoiceEventType.PARTICIPANT_REMOVED,
        Swap: VoiceEventType.PARTICIPANTS_SWAPPED,
        Conference: VoiceEventType.PARTICIPANTS_CONFERENCED,
        SuperviseCall: VoiceEventType.SUPERVISOR_CALL_STARTED,
        StopSupervising: VoiceEventType.SUPERVISOR_HANGUP,
        BargeIn: VoiceEventType.SUPERVISOR_BARGED_IN,
        SetAgentConfig: VoiceEventType.AGENT_ERROR,
    }
)
"""What a desk phone can do, and the event that Salesforce would have got (connector-api.md 3.2)."""


class DeskPhone:
    """Tells what failed at desk phones; `requests.settle` notes who goes on there."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def tell_failure(self, request: Request[Command], error: LinkError) -> None:
        """Tell the agent's connector that the action failed."""

        def work(ledger: Ledger) -> None:
            ledger.tell(request.agent, _failed(_event_type(ledger.tx, request), error))

        await self._desk.write(work)

    def failure(
        self, agent: AgentKey, event_type: VoiceEventType, error: SwitchError
    ) -> Callable[[Ledger], None]:
        """Return what tells the agent's connector what failed in the switch itself."""

        def work(ledger: Ledger) -> None:
            if ledger.tx.agent(agent) is None:
                raise NotFoundError("There is no such agent.")
            told = link_error(ledger.tx.tenant_settings(agent.tenant_id), error)
            ledger.tell(agent, _failed(VoiceEventType(event_type), told))

        return work

    async def fail_offer(self, agent: AgentKey, call_id: str, status: HangupStatus) -> None:
        """End the ringing at an agent's phone; see `ContactCenter.fail_offer`."""
        desk = self._desk
        async with desk.lanes.hold(call_id) as lane:
            own = await desk.parts.store.run(lambda tx: _ringing_part(tx, agent, call_id))
            offered = Offered(call_id=call_id, agent=agent, participant_id=own.participant_id)
            try:
                async with taken_back(desk, lane, offered, status) as work:
                    await desk.write(work)
            except (SwitchError, CommandRefusedError) as error:
                raise ConflictError(error.message) from error


def _failed(event_type: VoiceEventType, error: LinkError) -> ActionFailed:
    return ActionFailed(
        event_type=event_type,
        code=error.code,
        message=error.message,
        namespace=error.namespace,
        label_name=error.label_name,
    )


def _event_type(tx: Transaction, request: Request[Command]) -> VoiceEventType:
    """Return the event of a failed action; who answers to listen in is no agent of the call."""
    call_id = getattr(request.command, "call_id", None)
    if isinstance(request.command, AnswerCall) and isinstance(call_id, str):
        own = own_part(tx.call(request.agent.tenant_id, call_id), request.agent)
        if own is not None and own.participant_type is ParticipantType.SUPERVISOR:
            return VoiceEventType.SUPERVISOR_CALL_CONNECTED
    return EVENT_TYPES[type(request.command)]


def _ringing_part(tx: Transaction, agent: AgentKey, call_id: str) -> ParticipantSnapshot:
    own = own_part(tx.call(agent.tenant_id, call_id), agent)
    if own is None or own.participant_type is ParticipantType.SUPERVISOR:
        raise NotFoundError("The agent has no such call.", field="callId")
    if own.state is not ParticipantState.RINGING:
        raise ConflictError("The call does not ring at the agent.", field="callId")
    return own
