"""What is said in a call: transcript and real-time events (telephony-rest-api.md 3.3 and 3.7)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from server.salesforce_simulator.documents import DocumentKind
from server.salesforce_simulator.errors import conflict, invalid_field, not_found
from server.salesforce_simulator.fields import (
    Field,
    any_object,
    boolean,
    epoch_milliseconds,
    exactly_one_of,
    json_object,
    list_of,
    number,
    number_text,
    read_fields,
    text,
)
from server.salesforce_simulator.record_ids import is_voice_call_id
from server.salesforce_simulator.records import TRANSFER, RecordBook, VoiceCallRecord

_COINED_SENDERS = ("END_USER", "SUPERVISOR", "VIRTUAL_AGENT")
_USER_ID_LENGTHS = (15, 18)
_LONGEST_CONTENT = 100_000
_CATEGORY, _SENTIMENT = "IntelligenceSignal__Category", "IntelligenceSignal__Sentiment"

MESSAGE_FIELDS: Final = (
    Field("participantId", text(510), required=True),
    Field("messageId", text(), required=True),
    Field("startTime", epoch_milliseconds, required=True),
    Field("endTime", epoch_milliseconds, required=True),
    Field("content", text(_LONGEST_CONTENT), required=True),
    Field("senderType", exactly_one_of("EXTERNAL_USER", "HUMAN_AGENT", *_COINED_SENDERS), True),
)

_EVENT: Final = json_object(
    Field("type", exactly_one_of(_CATEGORY, _SENTIMENT), required=True),
    Field("value", text(), required=True),
    Field("startTime", epoch_milliseconds, required=True),
    Field("score", number),
    Field("participant", exactly_one_of("AGENT", "CUSTOMER")),
    Field("details", any_object),
)

EVENTS_FIELDS: Final = (
    Field("service", text(), required=True),
    Field("persist", boolean),
    Field("events", list_of(_EVENT), required=True),
)


def add_message(book: RecordBook, key: str, body: Mapping[str, object]) -> None:
    """Add a message to a conversation's transcript; the same messageId counts once.

    Args:
        book: The org's records.
        key: vendorCallKey of the conversation's first call.
        body: The request.

    Raises:
        ApiError: 400, a field breaks its rule, the key is not that of a first call, or the time
            lies outside the conversation; 404, nobody has the key.
    """
    values = read_fields(body, MESSAGE_FIELDS)
    if values["endTime"] < values["startTime"]:
        raise invalid_field("endTime", "must not be earlier than startTime")
    sender: str = values["senderType"]
    if sender in _COINED_SENDERS:
        values["participantId"] = f"{key}{sender}"
    elif sender == "HUMAN_AGENT" and not _is_user_id(values["participantId"]):
        raise invalid_field("participantId", "must be the agent's Salesforce user id")
    first = _first_call(book, key)
    _check_time(book, first, values)
    book.documents.put(DocumentKind.MESSAGE, values["messageId"], values, owner=first.voice_call_id)


def add_events(book: RecordBook, key: str, body: Mapping[str, object], unique: str) -> None:
    """Take real-time events of a conversation that is open.

    Args:
        book: The org's records.
        key: vendorCallKey of the conversation's first call.
        body: The request.
        unique: Tells this batch from every other.

    Raises:
        ApiError: 400, a field breaks its rule or the key is not that of a first call; 404, nobody
            has the key; 409, the conversation is closed.
    """
    values = read_fields(body, EVENTS_FIELDS)
    events: list[dict[str, Any]] = values["events"]
    earlier = 0
    for index, one in enumerate(events):
        _check_event(f"events[{index}]", one)
        if one["startTime"] < earlier:
            raise invalid_field(f"events[{index}].startTime", "must be in ascending order")
        earlier = one["startTime"]
    first = _first_call(book, key)
    if not first.conversation_open:
        raise conflict("CONVERSATION_CLOSED", "the conversation is closed")
    book.documents.put(DocumentKind.EVENTS, unique, values, owner=first.voice_call_id)


def transcript(book: RecordBook, record: VoiceCallRecord) -> list[dict[str, Any]]:
    """Return the messages of a call's conversation in the order of their times.

    Every call of a conversation shows all of it (guide chapter 10, "Transcribe Calls in Real
    Time").
    """
    found = book.documents.all(DocumentKind.MESSAGE, owner=_root(book, record).voice_call_id)
    return sorted(found, key=lambda message: message["startTime"])


def conversation_events(book: RecordBook, record: VoiceCallRecord) -> list[dict[str, Any]]:
    """Return the batches of events of a call's conversation, oldest first."""
    return book.documents.all(DocumentKind.EVENTS, owner=_root(book, record).voice_call_id)


def _check_event(path: str, one: Mapping[str, Any]) -> None:
    if not 0 <= one.get("score", 0) <= 1000:
        raise invalid_field(f"{path}.score", "must be from 0 to 1000")
    if one["type"] == _SENTIMENT:
        number_text(-1000, 1000)(f"{path}.value", one["value"])
        if "participant" not in one:
            raise invalid_field(f"{path}.participant", "is required for a sentiment")


def _first_call(book: RecordBook, key: str) -> VoiceCallRecord:
    """Return the call that a conversation endpoint names; it takes no VoiceCall ids."""
    record = book.by_key(key)
    if record is None:
        if is_voice_call_id(key):
            raise invalid_field("vendorCallKey", "must not be a VoiceCall id")
        raise not_found()
    first = _root(book, record)  # a transferred call can have the key of its parent
    if first.vendor_call_key != key:
        raise invalid_field("vendorCallKey", "must be that of the conversation's first call")
    return first


def _root(book: RecordBook, record: VoiceCallRecord) -> VoiceCallRecord:
    """Walk back from a transferred call to the first one."""
    seen = {record.voice_call_id}
    while record.call_type == TRANSFER and record.previous_call_id is not None:
        previous = book.find(record.previous_call_id)
        if previous is None or previous.voice_call_id in seen:
            break
        seen.add(previous.voice_call_id)
        record = previous
    return record


def _check_time(book: RecordBook, first: VoiceCallRecord, message: Mapping[str, Any]) -> None:
    """Refuse what was said before the conversation began or after it closed.

    Documents only say that such a message is not created (telephony-rest-api.md 3.3).
    """
    began = _milliseconds(first.fields.get("startTime") or first.created_at)
    if message["endTime"] < began:
        raise invalid_field("endTime", "must not be before the start of the conversation")
    if first.conversation_open:
        return
    ends = [
        _milliseconds(record.fields["endTime"])
        for record in _conversation(book, first)
        if record.fields.get("endTime")
    ]
    if ends and message["startTime"] > max(ends):
        raise invalid_field("startTime", "must not be after the end of the conversation")


def _conversation(book: RecordBook, first: VoiceCallRecord) -> list[VoiceCallRecord]:
    found = [first]
    for record in found:
        known = {one.voice_call_id for one in found}
        later = book.transferred_from(record.voice_call_id)
        found.extend(one for one in later if one.voice_call_id not in known)
    return found


def _milliseconds(iso: str) -> int:
    return int(datetime.fromisoformat(iso).timestamp() * 1000)


def _is_user_id(value: str) -> bool:
    return len(value) in _USER_ID_LENGTHS and value.startswith("005") and value.isalnum()
