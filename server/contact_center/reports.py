"""What a switch reports beside its calls does what the methods of `ContactCenter` do."""

from collections.abc import Callable
from dataclasses import dataclass

from server.contact_center.agent_work import Work
from server.contact_center.audio_quality import measured
from server.contact_center.desk_phone import DeskPhone
from server.contact_center.ledger import Ledger
from server.contact_center.page_messages import PageMessages
from server.contact_center.post_call import PostCall
from server.contact_center.statuses import Statuses
from server.pbx import (
    AgentReport,
    AgentStatusWanted,
    AudioMeasured,
    CallInfoChanged,
    ContactRequestGiven,
    ConversationWorkChanged,
    DeskPhoneFailed,
    PageMessage,
    PbxReport,
    PreviewProposed,
    RecordingPublished,
    SignalsHeard,
    TransferViewWanted,
    VoicemailLeft,
    WordsSpoken,
)

_Writing = Callable[[Ledger], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reports:
    """Writes reports down: one rule for each kind."""

    statuses: Statuses
    pages: PageMessages
    phones: DeskPhone
    work: Work
    post_call: PostCall

    def record(self, ledger: Ledger, report: PbxReport) -> None:
        """Write a report.

        Raises:
            ServerError: It does not fit: no such agent or call, or a value that cannot be.
        """
        if isinstance(report, AgentReport):
            self._of_agent(report)(ledger)
        else:
            self._of_call(report)(ledger)

    def _of_agent(self, report: AgentReport) -> _Writing:
        agent = report.agent
        match report:
            case PageMessage():
                return self.pages.message(agent, report.message)
            case AgentStatusWanted():
                return self.statuses.request(
                    agent, status_id=report.status_id, telephony_status=report.telephony_status
                )
            case DeskPhoneFailed():
                return self.phones.failure(agent, report.event_type, report.error)
            case TransferViewWanted():
                return self.pages.transfer_view(agent, report.payload)
            case ConversationWorkChanged():
                return self.pages.conversation_work(agent, report.info, started=report.has_started)
            case ContactRequestGiven():
                return self.work.add_contact_request(
                    agent,
                    contact_request_id=report.contact_request_id,
                    phone_number=report.phone_number,
                    name=report.name,
                    work_item_id=report.work_item_id,
                )
            case PreviewProposed():
                return self.work.push_preview(agent, report.phone_number, report.name)
            case _:
                raise _no_rule(report)

    def _of_call(self, report: PbxReport) -> _Writing:
        tenant_id, call_id = report.tenant_id, report.call_id
        match report:
            case AudioMeasured():
                return measured(report.agent, call_id, report.stats)
            case CallInfoChanged():
                return self.pages.call_info(
                    tenant_id, call_id, report.call_info, participant_id=report.participant_id
                )
            case RecordingPublished():
                return self.post_call.publish_recording(
                    tenant_id,
                    report.participant_id or call_id,
                    recording_url=report.recording_url,
                    seconds=report.seconds,
                    hold_seconds=report.hold_seconds,
                )
            case VoicemailLeft():
                return self.post_call.take_voicemail(report)
            case WordsSpoken() | SignalsHeard():
                return self._of_conversation(report)
            case _:
                raise _no_rule(report)

    def _of_conversation(self, report: WordsSpoken | SignalsHeard) -> _Writing:
        tenant_id, key = report.tenant_id, report.participant_id or report.call_id
        match report:
            case WordsSpoken():
                return self.post_call.add_transcript(
                    tenant_id,
                    key,
                    content=report.content,
                    sender=report.sender,
                    own_id=report.own_id,
                    at=report.at,
                )
            case SignalsHeard():
                return self.post_call.send_events(
                    tenant_id,
                    key,
                    service=report.service,
                    events=report.events,
                    persist=report.persist,
                    at=report.at,
                )


def _no_rule(report: PbxReport) -> TypeError:
    return TypeError(f"no rule for the report {type(report).__name__}")
