"""What Salesforce is told of a conversation: transcript, events, recording, voicemail."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from connector_py.entities import ParticipantState
from server.contact_center.outbox_entries import Envelope
from server.contact_center.voice_call_requests import HIDDEN_NUMBER
from server.entities import CallRecord, OutboxEntry, OutboxKind
from server.salesforce.conversations import (
    RealtimeEventsRequest,
    SenderType,
    TranscriptMessageRequest,
    epoch_milliseconds,
    sender_id,
)
from server.salesforce.payloads import (
    CallOrigin,
    CreateVoiceCallRequest,
    EndUser,
    InitiationMethod,
    UpdateVoiceCallRequest,
    VoiceCallSubtype,
)
from server.salesforce.routing import ExecuteFlowRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """Something that was said."""

    message_id: str
    """Unique in the conversation; the same one is written once."""
    sender: SenderType
    content: str
    started_at: datetime
    ended_at: datetime
    own_id: str | None = None
    """Salesforce user id of a HUMAN_AGENT, our own id of an EXTERNAL_USER; else not needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A recording that can be fetched."""

    location: str
    """Full URL, at most 1000 characters; its host must be a Trusted URL of the org."""
    interaction_seconds: int
    """How long agent and customer talked. With the holds it makes the length that is shown."""
    hold_seconds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Voicemail:
    """A message that a caller left."""

    tenant_id: str
    vendor_call_key: str
    caller: str
    dialed_number: str
    """The contact center's; its channel has the voicemail routing."""
    started_at: datetime
    seconds: int
    recording_location: str
    transcript: str = ""
    call_started_at: datetime | None = None
    """Set when the caller waited for an agent before: the call has its VoiceCall already."""

    @property
    def ended_at(self) -> datetime:
        """When the caller hung up."""
        return self.started_at + timedelta(seconds=self.seconds)


def transcript_entry(
    record: CallRecord,
    utterance: Utterance,
    *,
    entry_id: str,
    at: datetime,
    vendor_call_key: str | None = None,
) -> OutboxEntry:
    """Return the order to add to a call's transcript.

    Args:
        record: The call. Every party's words belong to it, those of added legs too.
        utterance: What was said.
        entry_id: Id of the new entry.
        at: When it may be sent.
        vendor_call_key: Only for a consult that is not merged yet: the consult leg's own key.
    """
    return _transcript(_envelope_of(record, entry_id, at, vendor_call_key), utterance)


def realtime_events_entry(
    record: CallRecord,
    request: RealtimeEventsRequest,
    *,
    occurrence: str,
    entry_id: str,
    at: datetime,
) -> OutboxEntry:
    """Return the order to send real-time conversation events.

    Args:
        record: The call.
        request: Service and events.
        occurrence: Tells one batch of events from the next.
        entry_id: Id of the new entry.
        at: When it may be sent.
    """
    return _envelope_of(record, entry_id, at).with_request(
        OutboxKind.REALTIME_EVENTS, request, occurrence
    )


def recording_entry(
    record: CallRecord,
    recording: Recording,
    *,
    occurrence: str,
    entry_id: str,
    at: datetime,
    vendor_call_key: str | None = None,
) -> OutboxEntry:
    """Return the order to give a VoiceCall its recording (guide chapter 11).

    An update that closes the call sets its number of holds to 0 unless it brings it, hence the
    holds are told again. While the call goes on the update keeps it open.

    Args:
        record: The call, best when it is over.
        recording: The recording.
        occurrence: Tells one recording from the next.
        entry_id: Id of the new entry.
        at: When it may be sent.
        vendor_call_key: Of an added leg, when the recording is for its own VoiceCall; the number
            of holds is that of the call, and so left out.
    """
    envelope = _envelope_of(record, entry_id, at, vendor_call_key)
    is_leg = envelope.vendor_call_key != record.call_id
    has_ended = record.is_over or _has_left(record, envelope.vendor_call_key)
    request = UpdateVoiceCallRequest(
        recording_location=recording.location,
        total_hold_duration=recording.hold_seconds,
        agent_interaction_duration=recording.interaction_seconds,
        longest_hold_duration=None if is_leg else record.holds.longest_seconds,
        number_of_holds=None if is_leg else record.holds.count,
        is_active_call=None if has_ended else True,
    )
    return envelope.with_request(OutboxKind.UPDATE_VOICE_CALL, request, f"recording:{occurrence}")


def _has_left(record: CallRecord, participant_id: str) -> bool:
    return any(
        one.participant_id == participant_id and one.state is ParticipantState.ENDED
        for one in record.call.participants
    )


def voicemail_entries(
    voicemail: Voicemail, *, new_id: Callable[[], str], at: datetime
) -> tuple[OutboxEntry, ...]:
    """Return the orders that bring a voicemail to an agent, in the order in which they must go out.

    Guide chapter 9, "Send Voicemails to Agents": the VoiceCall with its origin, the transcript,
    the flow of the dialed number, and the closing update with the recording. That update closes
    the call: no other one may be written for it.

    Args:
        voicemail: The message.
        new_id: Gives the ids of the entries.
        at: When they may be sent.
    """

    def envelope() -> Envelope:
        return Envelope(
            tenant_id=voicemail.tenant_id,
            vendor_call_key=voicemail.vendor_call_key,
            entry_id=new_id(),
            at=at,
        )

    begin = _create_voicemail if voicemail.call_started_at is None else _mark_voicemail
    entries = [begin(voicemail, envelope())]
    if voicemail.transcript.strip():
        said = Utterance(
            message_id=f"{voicemail.vendor_call_key}-voicemail",
            sender=SenderType.END_USER,
            content=voicemail.transcript,
            started_at=voicemail.started_at,
            ended_at=voicemail.ended_at,
        )
        entries.append(_transcript(envelope(), said))
    flow = ExecuteFlowRequest(dialed_number=voicemail.dialed_number)
    entries.append(envelope().with_request(OutboxKind.EXECUTE_FLOW, flow, "voicemail"))
    entries.append(_close_voicemail(voicemail, envelope()))
    return tuple(entries)


def _create_voicemail(voicemail: Voicemail, envelope: Envelope) -> OutboxEntry:
    """Create the VoiceCall with its origin, which spares the update that would set it."""
    request = CreateVoiceCallRequest(
        vendor_call_key=voicemail.vendor_call_key,
        to_number=voicemail.dialed_number,
        from_number=voicemail.caller.strip() or HIDDEN_NUMBER,
        initiation_method=InitiationMethod.INBOUND,
        start_time=voicemail.started_at,
        participants=(EndUser(participant_key=voicemail.vendor_call_key),),
        call_origin=CallOrigin.VOICEMAIL,
        call_subtype=VoiceCallSubtype.PSTN,
    )
    return envelope.with_request(OutboxKind.CREATE_VOICE_CALL, request)


def _mark_voicemail(_voicemail: Voicemail, envelope: Envelope) -> OutboxEntry:
    """Mark the VoiceCall before the flow runs, so that the flow picks the voicemail's routing."""
    request = UpdateVoiceCallRequest(is_active_call=True, call_origin=CallOrigin.VOICEMAIL)
    return envelope.with_request(OutboxKind.UPDATE_VOICE_CALL, request, "voicemail:mark")


def _close_voicemail(voicemail: Voicemail, envelope: Envelope) -> OutboxEntry:
    request = UpdateVoiceCallRequest(
        start_time=voicemail.call_started_at or voicemail.started_at,
        end_time=voicemail.ended_at,
        call_origin=CallOrigin.VOICEMAIL,
        recording_location=voicemail.recording_location,
        total_recording_duration=voicemail.seconds,
        is_active_call=False,
    )
    return envelope.with_request(OutboxKind.UPDATE_VOICE_CALL, request, "voicemail:close")


def _transcript(envelope: Envelope, utterance: Utterance) -> OutboxEntry:
    request = TranscriptMessageRequest(
        participant_id=sender_id(envelope.vendor_call_key, utterance.sender, utterance.own_id),
        message_id=utterance.message_id,
        start_time=epoch_milliseconds(utterance.started_at),
        end_time=epoch_milliseconds(utterance.ended_at),
        content=utterance.content,
        sender_type=utterance.sender,
    )
    return envelope.with_request(OutboxKind.ADD_TRANSCRIPT, request, utterance.message_id)


def _envelope_of(
    record: CallRecord, entry_id: str, at: datetime, vendor_call_key: str | None = None
) -> Envelope:
    return Envelope(
        tenant_id=record.tenant_id,
        vendor_call_key=vendor_call_key or record.call_id,
        entry_id=entry_id,
        at=at,
    )
