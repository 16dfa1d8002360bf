"""What create and update do to the records (telephony-rest-api.md 3.1 and 3.2)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from server.salesforce_simulator.errors import ApiError, invalid_field
from server.salesforce_simulator.fields import (
    Field,
    boolean,
    exactly_one_of,
    first_of_list,
    full_url,
    int32,
    json_object,
    json_text,
    one_of,
    read_fields,
    text,
    utc_time,
    utc_time_or_empty,
)
from server.salesforce_simulator.record_ids import is_voice_call_id
from server.salesforce_simulator.records import TRANSFER, RecordBook, VoiceCallRecord
from server.salesforce_simulator.routing import remove_routing

_PHONE_NUMBER = text(longest=40)
_CALL_ORIGIN = exactly_one_of("Preview", "Progressive", "Voicemail")
_CALL_SUBTYPE = one_of("PSTN", "WebRTC")
_STANDARD_ATTRIBUTES = frozenset({"SourceType", "CallerContactInfo", "RecordTypeId"})
_CUSTOM_FIELD = re.compile(r"[A-Za-z]\w{0,39}__c", re.ASCII)
_LONGEST_CUSTOM_TEXT = 255

CREATE_FIELDS: Final = (
    Field("callCenterApiName", text(), required=True),
    Field("vendorCallKey", text(), required=True),
    Field("to", _PHONE_NUMBER),
    Field("from", _PHONE_NUMBER, required=True),
    Field("initiationMethod", exactly_one_of("Inbound", "Transfer"), required=True),
    Field("parentVoiceCallId", text()),
    Field("queue", text()),
    Field("startTime", utc_time, required=True),
    Field("callOrigin", _CALL_ORIGIN),
    Field("callSubtype", _CALL_SUBTYPE),
    Field(
        "participants",
        first_of_list(
            json_object(
                Field("participantKey", text(), required=True),
                Field("type", exactly_one_of("END_USER"), required=True),
            )
        ),
        required=True,
    ),
    Field("callAttributes", json_text),
)

_NEED_RECORDING: Final = (
    "totalHoldDuration",
    "agentInteractionDuration",
    "totalRecordingDuration",
)

UPDATE_FIELDS: Final = (
    Field("callCenterApiName", text()),
    Field("startTime", utc_time),
    Field("endTime", utc_time),
    Field("enqueueTime", utc_time),
    Field("acceptTime", utc_time_or_empty),
    Field("fromNumber", _PHONE_NUMBER),
    Field("toNumber", _PHONE_NUMBER),
    Field("longestHoldDuration", int32),
    Field("numberOfHolds", int32),
    *(Field(name, int32) for name in _NEED_RECORDING),
    Field("queue", text()),
    Field("agent", text()),
    Field("callOrigin", _CALL_ORIGIN),
    Field("recordingLocation", full_url(1000)),
    Field("callAttributes", json_text),
    Field("isActiveCall", boolean),
    Field(
        "disconnectReason",
        json_object(
            Field("value", text(), required=True), Field("isError", boolean, required=True)
        ),
    ),
    Field("parentCallIdentifier", text()),
    Field("initiationMethod", one_of("INBOUND", "OUTBOUND", "CALLBACK", "TRANSFER", "WEBRTC_API")),
    Field("callSubType", _CALL_SUBTYPE),
)

_CALL_TYPES: Final = {
    "INBOUND": "Inbound",
    "OUTBOUND": "Outbound",
    "CALLBACK": "Callback",
    "TRANSFER": "Transfer",
    "WEBRTC_API": "Inbound",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRecord:
    """Id and time for a record that may have to be made."""

    voice_call_id: str
    created_at: str


def create_voice_call(
    book: RecordBook, organization: str, body: Mapping[str, object], new: NewRecord
) -> tuple[VoiceCallRecord, list[str]]:
    """Create a record, or find the one that the call's key has already.

    A request that comes again must not make a second record, as telephony systems try up to three
    times more (guide chapter 5): the key of an Inbound call means the record that has it, that of
    a Transfer the one with the same parent.

    Args:
        book: The org's records.
        organization: The org.
        body: The request.
        new: Id and time of a record that has to be made.

    Returns:
        The record, and soft errors: what could not be stored although the record is there.

    Raises:
        ApiError: 400, a field breaks its rule.
    """
    values = read_fields(body, CREATE_FIELDS)
    is_transfer = values["initiationMethod"] == TRANSFER
    parent = _parent(book, values.get("parentVoiceCallId"), is_transfer=is_transfer)
    existing = book.by_key(values["vendorCallKey"])
    if existing is not None and (parent is None or _is_transfer_of(existing, parent)):
        return existing, []
    attributes, errors = _attributes(values.get("callAttributes", {}))
    record = VoiceCallRecord(
        voice_call_id=new.voice_call_id,
        organization=organization,
        vendor_call_key=values["vendorCallKey"],
        call_type=values["initiationMethod"],
        created_at=new.created_at,
        previous_call_id=parent.voice_call_id if parent else None,
        fields={
            "fromNumber": values["from"],
            "toNumber": values.get("to", "WEBRTC_DEFAULT"),
            "startTime": values["startTime"],
            "callSubtype": values.get("callSubtype", "PSTN"),
            **{name: values[name] for name in ("callOrigin",) if name in values},
            **({"queue": values["queue"]} if is_transfer and "queue" in values else {}),
            "callAttributes": attributes,
        },
    )
    book.add(record)
    if parent is not None:
        book.save(replace(parent, next_call_id=record.voice_call_id))
    return record, errors


def update_voice_call(
    book: RecordBook,
    organization: str,
    call: str,
    body: Mapping[str, object],
    new: NewRecord,
) -> VoiceCallRecord:
    """Update a record, or make the one that is missing.

    Raises:
        ApiError: 400, a field breaks its rule; 404, an id that no record has.
    """
    values = read_fields(body, UPDATE_FIELDS)
    for name in _NEED_RECORDING:
        if name in values and "recordingLocation" not in values:
            raise invalid_field(name, "needs recordingLocation")
    if values.get("endTime", "~") < values.get("startTime", ""):
        raise invalid_field("endTime", "must not be earlier than startTime")
    record = book.find(call)
    if record is None:
        record = _missing_record(organization, call, values, new)
        book.add(record)
    updated = _updated(record, values)
    book.save(updated)
    if values.get("isActiveCall", False):
        return updated
    remove_routing(book, updated)
    return _close_conversation(book, updated)


def _parent(
    book: RecordBook, reference: str | None, *, is_transfer: bool
) -> VoiceCallRecord | None:
    if not is_transfer:
        if reference is not None:
            raise invalid_field("parentVoiceCallId", "is for a Transfer only")
        return None
    if reference is None:
        raise invalid_field("parentVoiceCallId", "is required for a Transfer")
    parent = book.find(reference)
    if parent is None:
        raise invalid_field("parentVoiceCallId", "is not a known VoiceCall")
    return parent


def _missing_record(
    organization: str, call: str, values: Mapping[str, Any], new: NewRecord
) -> VoiceCallRecord:
    if is_voice_call_id(call):
        raise ApiError(HTTPStatus.NOT_FOUND, "NOT_FOUND", "there is no VoiceCall with this id")
    return VoiceCallRecord(
        voice_call_id=new.voice_call_id,
        organization=organization,
        vendor_call_key=text()("vendorCallKey", call),
        call_type=_CALL_TYPES[values.get("initiationMethod", "INBOUND")],
        created_at=new.created_at,
    )


def _updated(record: VoiceCallRecord, values: Mapping[str, Any]) -> VoiceCallRecord:
    """Apply an update.

    One that leaves the call active keeps what it does not mention. One that closes it sets hold
    duration and number of holds to 0 unless it brings them.
    """
    plain = {
        name: value
        for name, value in values.items()
        if name not in ("callCenterApiName", "callAttributes", "isActiveCall", "callSubType")
    }
    if "callSubType" in values:
        plain["callSubtype"] = values["callSubType"]
    if "startTime" in values and "endTime" in values:
        plain["callDurationInSeconds"] = _seconds_between(values["startTime"], values["endTime"])
    attributes, errors = _attributes(values.get("callAttributes", {}))
    kept = record.fields.get("callAttributes", {})
    plain["callAttributes"] = {**kept, **attributes}
    if errors:
        plain["errors"] = errors
    if values.get("isActiveCall", False):
        disposition = "in-progress" if record.conversation_open else record.call_disposition
        return replace(record.with_fields(plain), call_disposition=disposition)
    closing = {"totalHoldDuration": 0, "numberOfHolds": 0}
    return replace(record.with_fields({**closing, **plain}), call_disposition="completed")


def _close_conversation(book: RecordBook, record: VoiceCallRecord) -> VoiceCallRecord:
    """Close what a completed call leaves without anybody: its own conversation and earlier ones.

    A conversation goes on while a call that was transferred from it does.
    """
    later = book.transferred_from(record.voice_call_id)
    is_done = record.call_disposition == "completed"
    if not record.conversation_open or not is_done or any(one.conversation_open for one in later):
        return record
    closed = replace(record, conversation_open=False)
    book.save(closed)
    if closed.call_type == TRANSFER and closed.previous_call_id is not None:
        previous = book.find(closed.previous_call_id)
        if previous is not None:
            _close_conversation(book, previous)
    return closed


def _is_transfer_of(record: VoiceCallRecord, parent: VoiceCallRecord) -> bool:
    return record.call_type == TRANSFER and record.previous_call_id == parent.voice_call_id


def _attributes(attributes: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Split custom fields into those that fit and the soft errors of the others."""
    kept: dict[str, Any] = {}
    errors: list[str] = []
    for name, value in attributes.items():
        if name not in _STANDARD_ATTRIBUTES and not _CUSTOM_FIELD.fullmatch(name):
            errors.append(f"{name[:80]}: no such column on VoiceCall")
        elif name == "SourceType" and value not in ("Sales", "Service"):
            errors.append("SourceType: bad value for restricted picklist field")
        elif isinstance(value, str) and len(value) > _LONGEST_CUSTOM_TEXT:
            errors.append(f"{name}: data value too large (max length={_LONGEST_CUSTOM_TEXT})")
        elif isinstance(value, dict | list):
            errors.append(f"{name}: a field cannot hold an object or a list")
        else:
            kept[name] = value
    return kept, errors


def _seconds_between(start: str, end: str) -> int:
    return int((datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds())
