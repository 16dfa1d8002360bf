"""Routing of calls: flows, unified routing, callbacks (telephony-rest-api.md 3.5 to 3.11)."""

from collections.abc import Mapping
from typing import Any, Final

from server.salesforce_simulator.documents import DocumentKind
from server.salesforce_simulator.errors import conflict, invalid_field, not_found
from server.salesforce_simulator.fields import (
    Field,
    any_object,
    boolean,
    read_fields,
    text,
    utc_time,
)
from server.salesforce_simulator.flows import Target, choose_target
from server.salesforce_simulator.record_ids import CONTACT_REQUEST_PREFIX, PENDING_ROUTING_PREFIX
from server.salesforce_simulator.records import RecordBook, VoiceCallRecord
from server.salesforce_simulator.work_items import Office, WorkType

FLOW_FIELDS: Final = (
    Field("dialedNumber", text(40)),
    Field("flowDevName", text()),
    Field("fallbackQueue", text()),
    Field("flowInputParameters", any_object),
    Field("transferTarget", text()),
)

ROUTE_FIELDS: Final = (
    Field("routingTarget", text(), required=True),
    Field("fallbackQueue", text()),
    Field("flowInputParameters", any_object),
)

CALLBACK_FIELDS: Final = (
    Field("callbackNumber", text(40), required=True),
    Field("scheduledRoutingDateTime", utc_time),
    Field("isPreviewCallback", boolean),
    Field("vendorCallKey", text()),
)


def execute_flow(office: Office, call: str, body: Mapping[str, object]) -> dict[str, str | None]:
    """Run a flow for a call; it then waits until an agent accepts it.

    A voicemail is not for the telephony system to route: it becomes work of an agent at once.

    Args:
        office: Records and work of the org.
        call: VoiceCall id or vendorCallKey.
        body: The request.

    Returns:
        The answer: `agent` and `queue` by the telephony system's ids, one of them None.

    Raises:
        ApiError: 400, a field breaks its rule or no flow runs; 404, there is no such call; 409,
            its conversation is closed.
    """
    values = read_fields(body, FLOW_FIELDS)
    if "dialedNumber" not in values and "flowDevName" not in values:
        raise invalid_field("dialedNumber", "is required without flowDevName")
    record = _open_call(office.book, call)
    target = choose_target(
        office.book,
        dialed_number=values.get("dialedNumber"),
        flow_name=values.get("flowDevName"),
        fallback_queue=values.get("fallbackQueue"),
    )
    if record.is_voicemail:
        _assign_voicemail(office, record, target)
    else:
        _add_routing(office, record, target, "ExternalRouting")
    agent = (
        None if target.user_name is None else office.users.get(target.user_name, target.user_name)
    )
    return {"agent": agent, "queue": target.queue}


def clear_routing(book: RecordBook, call: str, body: Mapping[str, object]) -> None:
    """Remove a call's pending routing, if it has one.

    Raises:
        ApiError: 400, the body has fields; 404, there is no such call.
    """
    read_fields(body, ())
    record = book.find(call)
    if record is None:
        raise not_found()
    remove_routing(book, record)


def remove_routing(book: RecordBook, record: VoiceCallRecord) -> None:
    """Remove what waits for an agent to accept a call."""
    key = record.voice_call_id
    book.documents.remove(DocumentKind.ROUTING, key, owner=key)


def pending_routing(book: RecordBook, record: VoiceCallRecord) -> dict[str, Any] | None:
    """Return a call's PendingServiceRouting."""
    key = record.voice_call_id
    return book.documents.get(DocumentKind.ROUTING, key, owner=key)


def route_voice_call(office: Office, call: str, body: Mapping[str, object]) -> None:
    """Let Omni-Channel route a call by itself (unified routing).

    Raises:
        ApiError: 400, a field breaks its rule; 404, there is no such call; 409, its conversation
            is closed.
    """
    values = read_fields(body, ROUTE_FIELDS)
    record = _open_call(office.book, call)
    wanted: str = values["routingTarget"]
    user_name = next((name for name, user_id in office.users.items() if user_id == wanted), None)
    target = Target(user_name=user_name, queue=wanted if user_name is None else None)
    _add_routing(office, record, target, "MostAvailable")
    if user_name is not None and office.open_work_on(record.voice_call_id) is None:
        office.assign(WorkType.VOICE_CALL, user_name, {"voiceCallId": record.voice_call_id})


def request_callback(office: Office, call: str, body: Mapping[str, object]) -> str:
    """Make a ContactRequest for the least busy agent; returns its id.

    Raises:
        ApiError: 400, a field breaks its rule; 404, there is no such call.
    """
    values = read_fields(body, CALLBACK_FIELDS)
    record = office.book.find(call)
    if record is None:
        raise not_found()
    about = {
        "contactRequestId": office.new_id(CONTACT_REQUEST_PREFIX),
        "phoneNumber": values["callbackNumber"],
        "voiceCallId": record.voice_call_id,
    }
    user_name = office.least_busy()
    if user_name is None:
        raise conflict("NO_AGENT", "the org has no users who could call back")
    office.assign(WorkType.CONTACT_REQUEST, user_name, about, queue="")
    return about["contactRequestId"]


def _assign_voicemail(office: Office, record: VoiceCallRecord, target: Target) -> None:
    if office.open_work_on(record.voice_call_id) is not None:
        return
    user_name = target.user_name or office.least_busy()
    if user_name is None:
        _add_routing(office, record, target, "MostAvailable")
        return
    about = {
        "voiceCallId": record.voice_call_id,
        "phoneNumber": record.fields.get("fromNumber"),
    }
    office.assign(WorkType.VOICEMAIL, user_name, about, target.queue)


def _add_routing(
    office: Office, record: VoiceCallRecord, target: Target, routing_model: str
) -> None:
    """Write the PendingServiceRouting; a call has one at most."""
    known = pending_routing(office.book, record)
    key = record.voice_call_id
    routing = {
        "id": office.new_id(PENDING_ROUTING_PREFIX) if known is None else known["id"],
        "workItemId": key,
        "routingModel": routing_model,
        "userName": target.user_name,
        "queue": target.queue,
        "flow": target.flow,
        "createdAt": office.now,
    }
    office.book.documents.put(DocumentKind.ROUTING, key, routing, owner=key)


def _open_call(book: RecordBook, call: str) -> VoiceCallRecord:
    record = book.find(call)
    if record is None:
        raise not_found()
    if not record.conversation_open:
        raise conflict("CONVERSATION_CLOSED", "the conversation is closed")
    return record
