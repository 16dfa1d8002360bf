"""What the telephony system knows of a conversation, on its way to Salesforce.

Transcripts, events, recordings, voicemails (guide chapters 9 to 11): each becomes an entry of the
outbox, so that Salesforce gets it also when it is down for a while.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from server.contact_center.conversation_requests import (
    Recording,
    Utterance,
    Voicemail,
    realtime_events_entry,
    recording_entry,
    transcript_entry,
    voicemail_entries,
)
from server.contact_center.desk import Desk
from server.contact_center.ledger import Ledger
from server.entities import CallRecord, OutboxEntry, OutboxKind, PublishedRecording
from server.errors import InvalidRequestError, NotFoundError
from server.pbx import VoicemailLeft
from server.salesforce import (
    CreateVoiceCallRequest,
    ExecuteFlowRequest,
    RealtimeEventsRequest,
    SenderType,
    TranscriptMessageRequest,
    UpdateVoiceCallRequest,
    epoch_milliseconds,
)
from server.salesforce import InvalidRequestError as RuleError
from server.salesforce.payloads import TelephonyRequest

_LONGEST_RECORDING = 24 * 60 * 60
_REQUESTS: Mapping[OutboxKind, type[TelephonyRequest]] = MappingProxyType(
    {
        OutboxKind.CREATE_VOICE_CALL: CreateVoiceCallRequest,
        OutboxKind.UPDATE_VOICE_CALL: UpdateVoiceCallRequest,
        OutboxKind.ADD_TRANSCRIPT: TranscriptMessageRequest,
        OutboxKind.REALTIME_EVENTS: RealtimeEventsRequest,
        OutboxKind.EXECUTE_FLOW: ExecuteFlowRequest,
    }
)
_OWN_NAMES: Mapping[str, str] = MappingProxyType(
    {"recordingLocation": "recordingUrl", "from": "caller", "to": "dialedNumber"}
)
"""How we call what Salesforce calls otherwise."""


class PostCall:
    """Orders what Salesforce is to be told: every method returns what does it in a transaction."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add_transcript(
        self,
        tenant_id: str,
        call_key: str,
        *,
        content: str,
        sender: str,
        own_id: str | None = None,
        at: datetime | None = None,
    ) -> Callable[[Ledger], str]:
        """Add to a transcript, said now or at `at`; see `ContactCenter.add_transcript`."""
        sender_type = _sender(sender)
        message_id = self._desk.parts.ids.new_id()

        def work(ledger: Ledger) -> str:
            record = _call(ledger, tenant_id, call_key)
            said_at = _moment(ledger, at)
            said = Utterance(
                message_id=message_id,
                sender=sender_type,
                content=content,
                started_at=said_at,
                ended_at=said_at,
                own_id=_own_id(record, sender_type, own_id),
            )
            entry = transcript_entry(
                record,
                said,
                entry_id=self._desk.parts.ids.new_id(),
                at=ledger.at,
                vendor_call_key=_consult_key(record, call_key),
            )
            _enqueue(ledger, entry)
            return message_id

        return work

    def send_events(
        self,
        tenant_id: str,
        call_key: str,
        *,
        service: str,
        events: Sequence[Mapping[str, Any]],
        persist: bool | None = None,
        at: datetime | None = None,
    ) -> Callable[[Ledger], None]:
        """Send conversation events of now or of `at`.

        See `ContactCenter.send_conversation_events`.
        """

        def work(ledger: Ledger) -> None:
            record = _call(ledger, tenant_id, call_key)
            heard_at = epoch_milliseconds(_moment(ledger, at))
            payload = {
                "service": service,
                "events": [{"startTime": heard_at, **event} for event in events],
                "persist": persist,
            }
            try:
                request = RealtimeEventsRequest.from_payload(payload)
            except RuleError as error:
                raise _refused(error) from None
            entry = realtime_events_entry(
                record,
                request,
                occurrence=self._desk.parts.ids.new_id(),
                entry_id=self._desk.parts.ids.new_id(),
                at=ledger.at,
            )
            _enqueue(ledger, entry)

        return work

    def publish_recording(
        self,
        tenant_id: str,
        call_key: str,
        *,
        recording_url: str,
        seconds: int,
        hold_seconds: int = 0,
    ) -> Callable[[Ledger], None]:
        """Tell where a recording is; see `ContactCenter.publish_recording`."""
        _check_seconds("seconds", seconds)
        _check_seconds("holdSeconds", hold_seconds)
        if hold_seconds > seconds:
            raise InvalidRequestError(
                "The holds cannot be longer than the recording.", field="holdSeconds"
            )
        # The same recording is told once, whoever asks how often.
        text = f"{recording_url}\n{seconds}\n{hold_seconds}"
        occurrence = hashlib.sha256(text.encode()).hexdigest()[:32]

        def work(ledger: Ledger) -> None:
            record = _call(ledger, tenant_id, call_key)
            key = record.key_of(call_key)
            recording = Recording(
                location=recording_url,
                interaction_seconds=seconds - hold_seconds,
                hold_seconds=hold_seconds,
            )
            entry = recording_entry(
                record,
                recording,
                occurrence=occurrence,
                entry_id=self._desk.parts.ids.new_id(),
                at=ledger.at,
                vendor_call_key=key,
            )
            _enqueue(ledger, entry)
            published = PublishedRecording(key=key, location=recording_url, seconds=seconds)
            others = tuple(one for one in record.recordings if one.key != key)
            ledger.save_call(replace(record, recordings=(*others, published)))

        return work

    def take_voicemail(self, left: VoicemailLeft) -> Callable[[Ledger], str]:
        """Bring a voicemail to an agent; see `ContactCenter.take_voicemail`."""
        _check_seconds("seconds", left.seconds)
        ids = self._desk.parts.ids
        vendor_call_key = ids.new_id()

        def work(ledger: Ledger) -> str:
            if ledger.tx.tenant(left.tenant_id) is None:
                raise NotFoundError("There is no such org.")
            voicemail = Voicemail(
                tenant_id=left.tenant_id,
                vendor_call_key=vendor_call_key,
                caller=left.caller,
                dialed_number=left.dialed_number,
                started_at=_moment(ledger, left.at) - timedelta(seconds=left.seconds),
                seconds=left.seconds,
                recording_location=left.recording_url,
                transcript=left.transcript,
            )
            for entry in voicemail_entries(voicemail, new_id=ids.new_id, at=ledger.at):
                _enqueue(ledger, entry)
            return vendor_call_key

        return work


def _moment(ledger: Ledger, at: datetime | None) -> datetime:
    if at is not None and at.tzinfo is None:
        raise InvalidRequestError("at must have a time zone.", field="at")
    return at or ledger.at


def _enqueue(ledger: Ledger, entry: OutboxEntry) -> None:
    """Write an entry that Salesforce can take.

    Raises:
        InvalidRequestError: It cannot; names the field.
    """
    try:
        _REQUESTS[entry.kind].from_payload(entry.payload).check()
    except RuleError as error:
        raise _refused(error) from None
    ledger.tx.enqueue(entry)


def _refused(error: RuleError) -> InvalidRequestError:
    """Return a broken rule of Salesforce's as an error of whoever asks us."""
    field = _OWN_NAMES.get(error.field, error.field)
    return InvalidRequestError(f"{field} {error.rule}.", field=field)


def _call(ledger: Ledger, tenant_id: str, call_key: str) -> CallRecord:
    record = ledger.tx.call_by_key(tenant_id, call_key)
    if record is None:
        raise NotFoundError("There is no such call.", field="callId")
    return record


def _consult_key(record: CallRecord, call_key: str) -> str | None:
    """Return the key of a consult that is not merged yet: its transcript is its own.

    Everybody else's words belong to the first call (guide chapter 10, "Transcribe Calls in Real
    Time").
    """
    key = record.key_of(call_key)
    party = record.party(key)
    return key if party is not None and party.is_consult else None


def _sender(name: str) -> SenderType:
    try:
        return SenderType(name)
    except ValueError:
        known = ", ".join(SenderType)
        raise InvalidRequestError(
            f"senderType must be one of: {known}.", field="senderType"
        ) from None


def _own_id(record: CallRecord, sender: SenderType, own_id: str | None) -> str | None:
    """Return the id that a sender of this type needs; an agent is the one who took the call."""
    is_agent = sender is SenderType.HUMAN_AGENT
    return own_id or (record.answered_by if is_agent else None)


def _check_seconds(field: str, seconds: int) -> None:
    if not 0 <= seconds <= _LONGEST_RECORDING:
        raise InvalidRequestError(f"{field} must be 0 to one day.", field=field)
