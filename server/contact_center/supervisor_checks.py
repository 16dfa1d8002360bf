"""What a supervisor may do with the call that they listen to (guide chapter 10)."""

from connector_py.call_model import Call
from connector_py.entities import (
    AnswerCall,
    BargeIn,
    Mute,
    ParticipantState,
    PauseRecording,
    ResumeRecording,
    StopSupervising,
    SuperviseCall,
    Unmute,
)
from server.contact_center.permission_facts import Facts, disabled, not_allowed

_NAMED = (SuperviseCall, BargeIn)
"""What only those may do whom the org names. Whoever listens can always leave."""
_RECORDING = (PauseRecording, ResumeRecording)
_OF_SUPERVISORS = (AnswerCall, StopSupervising, BargeIn, SuperviseCall, Mute, Unmute, *_RECORDING)
"""What a supervisor may do with the call they listen to; to answer is to join by desk phone."""


def check_supervisor(facts: Facts) -> str | None:
    """Return why a supervisor must not do something, or None; also for everybody else."""
    if isinstance(facts.command, BargeIn) and not facts.voice.has_supervisor_listen_in:
        return not_allowed("has_supervisor_listen_in")
    if isinstance(facts.command, _NAMED) and not _is_named(facts):
        return (
            "The org does not let this agent supervise: an administrator adds the user name to "
            "its setting supervisors (scv settings set)"
        )
    if not facts.is_supervisor:
        return None
    if not isinstance(facts.command, _OF_SUPERVISORS):
        return "A supervisor can listen in, barge in and leave, nothing else"
    if isinstance(facts.command, Mute | Unmute):
        own = facts.own
        named = facts.command.participant_id
        is_own = own is not None and named in (None, own.participant_id)
        return None if is_own else "A supervisor mutes nobody else"
    if isinstance(facts.command, _RECORDING):
        return _recording_by_supervisor(facts)
    return None


def _is_named(facts: Facts) -> bool:
    return facts.agent is not None and facts.settings.may_supervise(facts.agent.user_name)


def _recording_by_supervisor(facts: Facts) -> str | None:
    """Check the four conditions of guide chapter 10, "Supervisor Barge In Details"."""
    for name in ("has_record", "has_supervisor_listen_in", "has_supervisor_barge_in"):
        if not getattr(facts.voice, name):
            return not_allowed(name)
    if facts.record is None or not facts.record.call.call_info.record_enabled:
        return disabled("record_enabled")
    is_connected = Call(facts.record.call).is_connected()
    if facts.own is None or facts.own.state is not ParticipantState.CONNECTED or not is_connected:
        return "The call is not connected"
    return None
