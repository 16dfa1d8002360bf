"""How a call sounded to an agent (guide chapter 11, "Mean Opinion Score")."""

from collections.abc import Callable
from dataclasses import replace

from connector_py.call_model import Call
from connector_py.call_model.voice_quality import mean_opinion_score
from connector_py.entities import AudioStats, AudioStatsReported
from server.contact_center.ledger import Ledger
from server.entities import AgentKey, CallRecord, VoiceQuality
from server.errors import NotFoundError
from server.logs import get_logger

_log = get_logger(__name__)

_MOST_SAMPLES = 500
"""So many newest ones make the score; one each ten seconds is more than an hour."""


def measured(agent: AgentKey, call_id: str, stats: AudioStats) -> Callable[[Ledger], float | None]:
    """Return what takes measurements of a call; see `ContactCenter.report_audio_stats`.

    They are passed on to Salesforce, and our own score is kept with the call.
    """

    def work(ledger: Ledger) -> float | None:
        record = ledger.tx.call(agent.tenant_id, call_id)
        if record is None or record.is_over or record.agent(agent.agent_id) is None:
            raise NotFoundError("The agent has no such call.", field="callId")
        return _take(ledger, record, agent, stats)

    return work


def _take(ledger: Ledger, record: CallRecord, agent: AgentKey, stats: AudioStats) -> float | None:
    """Keep the measurements and tell the agent's connector.

    Before the call is connected, and after the last ones, none count.
    """
    known = next(
        (one for one in record.voice_quality if one.agent_id == agent.agent_id),
        VoiceQuality(agent_id=agent.agent_id),
    )
    call = Call(record.call)
    if known.is_completed or not call.is_connected(agent.agent_id):
        _log.info("audio_stats_ignored", call=record.call_id)
        return known.score
    samples = (*known.samples, *(stats.stats or ()))[-_MOST_SAMPLES:]
    is_completed = bool(stats.is_audio_stats_completed)
    quality = replace(
        known,
        score=mean_opinion_score(samples),
        samples=() if is_completed else samples,
        is_completed=is_completed,
    )
    others = tuple(one for one in record.voice_quality if one.agent_id != agent.agent_id)
    ledger.save_call(replace(record, voice_quality=(*others, quality)))
    told = replace(stats, call_id=call.call_key_of(agent.agent_id))
    ledger.tell(agent, AudioStatsReported(call_id=record.call_id, audio_stats=told))
    return quality.score
