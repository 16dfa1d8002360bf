"""What belongs to the record of a call: transcript, events, recording; and voicemails."""

from typing import Any, cast

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from server.api.body import json_body, optional_number, text_field
from server.api.demo_parts import flag
from server.api.services import demo_of, services_of
from server.errors import InvalidRequestError

SENDERS = ("END_USER", "HUMAN_AGENT", "SUPERVISOR", "VIRTUAL_AGENT")
"""Who may have said something (telephony-rest-api.md 3.3)."""
_LONGEST = 24 * 60 * 60
_LONGEST_TEXT = 4000


async def transcript(request: Request) -> Response:
    """Add to the transcript: `POST /demo/v1/calls/{key}/transcripts {"content", "senderType"}`."""
    services = services_of(request)
    body = await json_body(request)
    sender = text_field(body, "senderType")
    if sender not in SENDERS:
        raise InvalidRequestError(
            f"senderType must be one of: {', '.join(SENDERS)}.", field="senderType"
        )
    message_id = await services.contact_center.add_transcript(
        demo_of(services).tenant_id,
        request.path_params["call_id"],
        content=_long_text(body, "content"),
        sender=sender,
    )
    return JSONResponse({"messageId": message_id}, 201)


async def conversation_events(request: Request) -> Response:
    """Send events: `POST /demo/v1/calls/{key}/conversation-events {"service", "events", …}`.

    `persist` says whether Salesforce is to keep them.
    """
    services = services_of(request)
    body = await json_body(request)
    given = body.get("events")
    events = cast("list[Any]", given) if isinstance(given, list) else []
    if not events or not all(isinstance(event, dict) for event in events):
        raise InvalidRequestError(
            "events must be a list of JSON objects, one at least.", field="events"
        )
    await services.contact_center.send_conversation_events(
        demo_of(services).tenant_id,
        request.path_params["call_id"],
        service=text_field(body, "service"),
        events=events,
        persist=flag(body, "persist"),
    )
    return JSONResponse({}, 201)


async def recording(request: Request) -> Response:
    """Publish one: `POST /demo/v1/calls/{key}/recording {"recordingUrl", "seconds", …}`.

    `holdSeconds` says how much of it are holds.
    """
    services = services_of(request)
    body = await json_body(request)
    await services.contact_center.publish_recording(
        demo_of(services).tenant_id,
        request.path_params["call_id"],
        recording_url=_long_text(body, "recordingUrl"),
        seconds=_seconds(body, "seconds"),
        hold_seconds=_seconds(body, "holdSeconds", missing=0),
    )
    return JSONResponse({}, 201)


async def voicemail(request: Request) -> Response:
    """Take a message: `POST /demo/v1/voicemails {"caller", "dialedNumber", "recordingUrl", …}`.

    Also `seconds` and `transcript`.
    """
    services = services_of(request)
    body = await json_body(request)
    key = await services.contact_center.take_voicemail(
        demo_of(services).tenant_id,
        caller=text_field(body, "caller"),
        dialed_number=text_field(body, "dialedNumber"),
        recording_url=_long_text(body, "recordingUrl"),
        seconds=_seconds(body, "seconds"),
        transcript=_long_text(body, "transcript", is_optional=True),
    )
    return JSONResponse({"callId": key}, 201)


def _long_text(body: dict[str, Any], name: str, *, is_optional: bool = False) -> str:
    """Return a text with line breaks, or longer than `text_field` takes.

    Raises:
        InvalidRequestError: It is missing, too long, or no text.
    """
    value = body.get(name)
    if value is None and is_optional:
        return ""
    if not isinstance(value, str) or not 0 < len(value.strip()) <= _LONGEST_TEXT:
        raise InvalidRequestError(
            f"{name} must be a text of 1 to {_LONGEST_TEXT} characters.", field=name
        )
    return value.strip()


def _seconds(body: dict[str, Any], name: str, *, missing: int | None = None) -> int:
    seconds = optional_number(body, name, least=0, most=_LONGEST)
    if seconds is None and missing is not None:
        return missing
    if seconds is None:
        raise InvalidRequestError(f"{name} is missing.", field=name)
    return round(seconds)
