"""How the bodies of 2xx answers are read; documents leave much open, so what can vary, may.

Each function gets the operation's name, for the text of errors, and the body.
"""

import json
from typing import Any, cast

from server.salesforce.conversations import ConversationResponse
from server.salesforce.errors import MalformedAnswerError, PermanentError
from server.salesforce.payloads import CreateVoiceCallResponse, UpdateVoiceCallResponse
from server.salesforce.routing import (
    ExecuteFlowResponse,
    RequestCallbackResponse,
    RoutingResponse,
)

_LONGEST_DETAIL = 500


def read_create_answer(operation: str, body: bytes) -> CreateVoiceCallResponse:
    """Read the answer to create.

    Raises:
        MalformedAnswerError: It names no VoiceCall.
    """
    answer = _json_object(body)
    return CreateVoiceCallResponse(
        voice_call_id=_needed(operation, body, answer, "voiceCallId"),
        errors=_errors(answer.get("errors")),
    )


def read_update_answer(_operation: str, body: bytes) -> UpdateVoiceCallResponse:
    """Read the answer to update."""
    return UpdateVoiceCallResponse(status=_text(_json_object(body).get("status")))


def read_flow_answer(operation: str, body: bytes) -> ExecuteFlowResponse:
    """Read where a flow sends a call; whichever of the two is not used may be null or empty.

    Raises:
        PermanentError: The flow failed (telephony-rest-api.md 3.5); a later try finds the same.
    """
    answer = _json_object(body)
    agent, queue = _text(answer.get("agent")), _text(answer.get("queue"))
    errors = _errors(answer.get("errors"))
    if errors and not agent and not queue:
        raise PermanentError(f"{operation}: the flow failed", detail="; ".join(errors))
    return ExecuteFlowResponse(agent=agent or None, queue=queue or None)


def read_routing_answer(_operation: str, body: bytes) -> RoutingResponse:
    """Read the answer of a routing endpoint; it may be empty."""
    return RoutingResponse(status=_text(_json_object(body).get("status")))


def read_callback_answer(operation: str, body: bytes) -> RequestCallbackResponse:
    """Read which record stands for a callback.

    Raises:
        MalformedAnswerError: It names none.
    """
    return RequestCallbackResponse(
        record_id=_needed(operation, body, _json_object(body), "recordId")
    )


def read_conversation_answer(_operation: str, body: bytes) -> ConversationResponse:
    """Read the answer of a conversation endpoint; it may be empty."""
    answer = _json_object(body)
    return ConversationResponse(result=_text(answer.get("result") or answer.get("status")))


def _needed(operation: str, body: bytes, answer: dict[str, Any], name: str) -> str:
    value = _text(answer.get(name))
    if not value:
        raise MalformedAnswerError(
            f"{operation}: success without a {name}",
            detail=body[:_LONGEST_DETAIL].decode("utf-8", "replace"),
        )
    return value


def _json_object(body: bytes) -> dict[str, Any]:
    """Return the body's JSON object, or an empty one for anything else."""
    try:
        value: object = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _errors(value: object) -> tuple[str, ...]:
    """`errors` comes as an empty list, one text or a list of texts (telephony-rest-api.md 3.1)."""
    if isinstance(value, str):
        return (value,) if value else ()
    if isinstance(value, list):
        return tuple(str(item) for item in cast("list[object]", value))
    return ()
