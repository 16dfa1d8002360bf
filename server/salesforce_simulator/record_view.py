"""A VoiceCall with everything that belongs to it, as a record page shows it."""

from typing import Any

from server.salesforce_simulator.conversations import conversation_events, transcript
from server.salesforce_simulator.records import TRANSFER, RecordBook, VoiceCallRecord
from server.salesforce_simulator.routing import pending_routing
from server.salesforce_simulator.work_items import Office


def record_view(office: Office, record: VoiceCallRecord) -> dict[str, Any]:
    """Return the record with its conversation, recording, routing, work and related calls.

    `parentCall` is the call that this one was transferred from, `childCalls` those transferred
    from it; `previousCall` and `nextCall` link a callback as well.
    """
    book = office.book
    previous = _summary(book, record.previous_call_id)
    children = book.transferred_from(record.voice_call_id)
    return {
        **record.to_wire(),
        "transcript": transcript(book, record),
        "conversationEvents": conversation_events(book, record),
        "recording": _recording(record),
        "mos": record.fields.get("qualityScore"),
        "pendingServiceRouting": pending_routing(book, record),
        "workItems": [
            item for item in office.items() if item.get("voiceCallId") == record.voice_call_id
        ],
        "parentCall": previous if record.call_type == TRANSFER else None,
        "childCalls": [_summarized(child) for child in children],
        "previousCall": previous,
        "nextCall": _summary(book, record.next_call_id),
    }


def _recording(record: VoiceCallRecord) -> dict[str, Any] | None:
    """Return the recording; its length is given, or that of talk and holds (guide chapter 11)."""
    fields = record.fields
    location = fields.get("recordingLocation")
    if location is None:
        return None
    talk, hold = fields.get("agentInteractionDuration", 0), fields.get("totalHoldDuration", 0)
    return {
        "location": location,
        "seconds": fields.get("totalRecordingDuration", talk + hold),
        "interactionSeconds": talk,
        "holdSeconds": hold,
    }


def _summary(book: RecordBook, voice_call_id: str | None) -> dict[str, Any] | None:
    record = None if voice_call_id is None else book.find(voice_call_id)
    return None if record is None else _summarized(record)


def _summarized(record: VoiceCallRecord) -> dict[str, Any]:
    return {
        "voiceCallId": record.voice_call_id,
        "vendorCallKey": record.vendor_call_key,
        "callType": record.call_type,
        "callDisposition": record.call_disposition,
    }
