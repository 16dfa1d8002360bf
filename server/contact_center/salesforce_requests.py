"""How an outbox entry becomes a request to Salesforce, one way for each kind."""

from http import HTTPStatus
from typing import Protocol

from server.entities import OutboxEntry, OutboxKind
from server.logs import get_logger
from server.salesforce import (
    AuthenticationError,
    ConversationResponse,
    CreateVoiceCallRequest,
    CreateVoiceCallResponse,
    ExecuteFlowRequest,
    ExecuteFlowResponse,
    PermanentError,
    RealtimeEventsRequest,
    RoutingResponse,
    SalesforceError,
    TranscriptMessageRequest,
    UpdateVoiceCallRequest,
    UpdateVoiceCallResponse,
)

_log = get_logger(__name__)

_CONVERSATION_KINDS = (OutboxKind.ADD_TRANSCRIPT, OutboxKind.REALTIME_EVENTS)


class VoiceCallClient(Protocol):
    """What delivery needs of a client; `TelephonyApiClient` is the real one."""

    async def create_voice_call(
        self, request: CreateVoiceCallRequest, *, time_limit: float | None = None
    ) -> CreateVoiceCallResponse:
        """Create a VoiceCall."""
        ...

    async def update_voice_call(
        self, call: str, request: UpdateVoiceCallRequest, *, time_limit: float | None = None
    ) -> UpdateVoiceCallResponse:
        """Update a VoiceCall."""
        ...

    async def add_transcript(
        self, key: str, request: TranscriptMessageRequest, *, time_limit: float | None = None
    ) -> ConversationResponse:
        """Add a message to a transcript."""
        ...

    async def send_realtime_events(
        self, key: str, request: RealtimeEventsRequest, *, time_limit: float | None = None
    ) -> ConversationResponse:
        """Send conversation events."""
        ...

    async def execute_flow(
        self, call: str, request: ExecuteFlowRequest, *, time_limit: float | None = None
    ) -> ExecuteFlowResponse:
        """Let a flow route a call."""
        ...

    async def clear_routing(self, call: str, *, time_limit: float | None = None) -> RoutingResponse:
        """Remove a call's pending routing."""
        ...


async def send_entry(
    client: VoiceCallClient, entry: OutboxEntry, *, time_limit: float | None
) -> str | None:
    """Send what an entry says.

    Args:
        client: Of the entry's tenant.
        entry: The entry.
        time_limit: Seconds for the exchange, when less than the client's own limit.

    Returns:
        The VoiceCall id when it was a create.

    Raises:
        SalesforceError: It had no success; the class says what to do.
    """
    call, payload = entry.call_id, entry.payload
    match entry.kind:
        case OutboxKind.CREATE_VOICE_CALL:
            return await _create(client, entry, time_limit)
        case OutboxKind.UPDATE_VOICE_CALL:
            update = UpdateVoiceCallRequest.from_payload(payload)
            await client.update_voice_call(call, update, time_limit=time_limit)
        case OutboxKind.ADD_TRANSCRIPT:
            message = TranscriptMessageRequest.from_payload(payload)
            await client.add_transcript(call, message, time_limit=time_limit)
        case OutboxKind.REALTIME_EVENTS:
            events = RealtimeEventsRequest.from_payload(payload)
            await client.send_realtime_events(call, events, time_limit=time_limit)
        case OutboxKind.EXECUTE_FLOW:
            flow = ExecuteFlowRequest.from_payload(payload)
            await client.execute_flow(call, flow, time_limit=time_limit)
        case OutboxKind.CLEAR_ROUTING:
            await client.clear_routing(call, time_limit=time_limit)
    return None


def final_error(entry: OutboxEntry, error: SalesforceError) -> SalesforceError:
    """Return the error that decides what becomes of an entry.

    An org that does not have transcripts or conversation events answers 403 each time
    (telephony-rest-api.md 11). To wait for an admin there would hold up everything that the org
    is still to be told of the call, its end above all.
    """
    if (
        entry.kind in _CONVERSATION_KINDS
        and isinstance(error, AuthenticationError)
        and error.status == HTTPStatus.FORBIDDEN
    ):
        return PermanentError(str(error), status=error.status, detail=error.detail)
    return error


async def _create(
    client: VoiceCallClient, entry: OutboxEntry, time_limit: float | None
) -> str | None:
    request = CreateVoiceCallRequest.from_payload(entry.payload)
    created = await client.create_voice_call(request, time_limit=time_limit)
    if created.errors:
        _log.warning("voice_call_has_soft_errors", entry=entry.entry_id, errors=len(created.errors))
    return created.voice_call_id
