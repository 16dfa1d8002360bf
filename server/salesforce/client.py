"""Client of Salesforce's Telephony Integration REST API for one contact center.

Every endpoint is one method of a few lines over `_call`, which signs, sends, bounds and
translates; a new endpoint adds its payloads and its method.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import quote, urlsplit

import aiohttp
from yarl import URL

from server.salesforce.answers import (
    read_callback_answer,
    read_conversation_answer,
    read_create_answer,
    read_flow_answer,
    read_routing_answer,
    read_update_answer,
)
from server.salesforce.conversations import (
    ConversationResponse,
    RealtimeEventsRequest,
    TranscriptMessageRequest,
)
from server.salesforce.errors import (
    ConfigurationError,
    MalformedAnswerError,
    check_status,
    salesforce_errors,
)
from server.salesforce.payloads import (
    CreateVoiceCallRequest,
    CreateVoiceCallResponse,
    TelephonyRequest,
    UpdateVoiceCallRequest,
    UpdateVoiceCallResponse,
)
from server.salesforce.routing import (
    ClearRoutingRequest,
    ExecuteFlowRequest,
    ExecuteFlowResponse,
    RequestCallbackRequest,
    RequestCallbackResponse,
    RouteVoiceCallRequest,
    RoutingResponse,
)
from server.salesforce.rules import check_text
from server.salesforce.tokens import TokenSource

AnswerT = TypeVar("AnswerT")

_LARGEST_ANSWER = 1_048_576
_CHUNK = 65_536
_LONGEST_PATH_SEGMENT = 255
_LOOPBACK_HOSTS = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactCenterAddress:
    """Where one tenant's telephony API is, and what we call ourselves there.

    Args:
        scrt_base_url: Such as "https://example.my.salesforce-scrt.com"; http only on this machine.
        call_center_api_name: The contact center's internal name.
        telephony_provider_name: Value of the Telephony-Provider-Name header.
    """

    scrt_base_url: str
    call_center_api_name: str
    telephony_provider_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientTimeouts:
    """Longest waits in seconds: for a connection, and for the whole exchange."""

    connect: float = 3.0
    total: float = 10.0


@dataclass(frozen=True, slots=True)
class Endpoint(Generic[AnswerT]):
    """One operation: its name in errors, its HTTP method, and how its answer is read.

    `read` gets the operation's name and the body of a 2xx answer. `names_center` says whether the
    body holds callCenterApiName; only create and update are known to take it.
    """

    operation: str
    method: str
    read: Callable[[str, bytes], AnswerT]
    names_center: bool = True


class TelephonyApiClient:
    """Speaks to one contact center.

    Args:
        session: Shared HTTP session; the caller closes it.
        address: The contact center.
        tokens: Signs each request.
        timeouts: Longest waits.

    Raises:
        ConfigurationError: The base URL would send tokens unprotected, or is no URL; or the
            provider name cannot be a header.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        address: ContactCenterAddress,
        tokens: TokenSource,
        timeouts: ClientTimeouts | None = None,
    ) -> None:
        self._session = session
        self._address = address
        self._tokens = tokens
        self._timeouts = timeouts or ClientTimeouts()
        self._base = _checked_base(address.scrt_base_url) + "/telephony/v1"
        if not address.telephony_provider_name.isprintable():
            raise ConfigurationError(
                "the tenant's telephony provider name must be one line of text"
            )

    async def create_voice_call(
        self, request: CreateVoiceCallRequest, *, time_limit: float | None = None
    ) -> CreateVoiceCallResponse:
        """Create a VoiceCall; safe to repeat for Inbound, the key makes it the same record.

        Args:
            request: The call.
            time_limit: Seconds for this exchange, when less than the client's own limit.

        Raises:
            SalesforceError: No record is known to exist; the class says what to do.
        """
        return await self._call(_CREATE_VOICE_CALL, ("voiceCalls",), request, time_limit)

    async def update_voice_call(
        self, call: str, request: UpdateVoiceCallRequest, *, time_limit: float | None = None
    ) -> UpdateVoiceCallResponse:
        """Update, close or, when it is missing, create a VoiceCall after the fact.

        Args:
            call: VoiceCall id or vendorCallKey.
            request: What is known now; closes the call unless `is_active_call` is true.
            time_limit: Seconds for this exchange, when less than the client's own limit.

        Raises:
            SalesforceError: The update is not accepted; the class says what to do.
        """
        return await self._call(_UPDATE_VOICE_CALL, ("voiceCalls", call), request, time_limit)

    async def add_transcript(
        self, key: str, request: TranscriptMessageRequest, *, time_limit: float | None = None
    ) -> ConversationResponse:
        """Add a message to a conversation's transcript.

        Args:
            key: vendorCallKey of the conversation's first VoiceCall; a VoiceCall id is not taken.
            request: What was said.
            time_limit: Seconds for this exchange, when less than the client's own limit.

        Raises:
            SalesforceError: The message is not accepted; the class says what to do.
        """
        path = ("voiceCalls", key, "messages")
        return await self._call(_ADD_TRANSCRIPT, path, request, time_limit)

    async def send_realtime_events(
        self, key: str, request: RealtimeEventsRequest, *, time_limit: float | None = None
    ) -> ConversationResponse:
        """Send what an intelligence service noticed during a conversation.

        Args:
            key: vendorCallKey of the conversation's first VoiceCall; a VoiceCall id is not taken.
            request: Service and events.
            time_limit: Seconds for this exchange, when less than the client's own limit.

        Raises:
            SalesforceError: The events are not accepted; the class says what to do.
        """
        path = ("voiceCalls", key, "realtimeConversationEvents")
        return await self._call(_REALTIME_EVENTS, path, request, time_limit)

    async def execute_flow(
        self, call: str, request: ExecuteFlowRequest, *, time_limit: float | None = None
    ) -> ExecuteFlowResponse:
        """Let an Omni-Channel flow say where a call goes; it waits there until it is accepted.

        Args:
            call: VoiceCall id or vendorCallKey.
            request: Which flow.
            time_limit: Seconds for this exchange, when less than the client's own limit.

        Raises:
            SalesforceError: The flow did not run; the class says what to do.
        """
        path = ("voiceCalls", call, "omniFlow")
        return await self._call(_EXECUTE_FLOW, path, request, time_limit)

    async def clear_routing(self, call: str, *, time_limit: float | None = None) -> RoutingResponse:
        """Remove a call's pending routing; safe to repeat.

        Args:
            call: VoiceCall id or vendorCallKey.
            time_limit: Seconds for this exchange, when less than the client's own limit.

        Raises:
            SalesforceError: The routing is not known to be cleared; the class says what to do.
        """
        path = ("voiceCalls", call, "clearRouting")
        return await self._call(_CLEAR_ROUTING, path, ClearRoutingRequest(), time_limit)

    async def route_voice_call(
        self, call: str, request: RouteVoiceCallRequest, *, time_limit: float | None = None
    ) -> RoutingResponse:
        """Let Salesforce route a call; contact centers with unified routing only.

        Args:
            call: VoiceCall id or vendorCallKey.
            request: Where to.
            time_limit: Seconds for this exchange, when less than the client's own limit.

        Raises:
            SalesforceError: The call is not routed; the class says what to do.
        """
        path = ("voiceCalls", call, "routeVoiceCall")
        return await self._call(_ROUTE_VOICE_CALL, path, request, time_limit)

    async def request_callback(
        self, call: str, request: RequestCallbackRequest, *, time_limit: float | None = None
    ) -> RequestCallbackResponse:
        """Ask for a callback; contact centers with unified routing only. Not safe to repeat.

        Args:
            call: VoiceCall id or vendorCallKey of the call in which it was asked for.
            request: Whom to call back, and when.
            time_limit: Seconds for this exchange, when less than the client's own limit.

        Raises:
            SalesforceError: No callback is known to be queued; the class says what to do.
        """
        path = ("voiceCalls", call, "requestCallback")
        return await self._call(_REQUEST_CALLBACK, path, request, time_limit)

    async def _call(
        self,
        endpoint: Endpoint[AnswerT],
        path: tuple[str, ...],
        request: TelephonyRequest,
        time_limit: float | None,
    ) -> AnswerT:
        """Check, sign, send and read one request."""
        request.check()
        for segment in path:
            check_text("call", segment, longest=_LONGEST_PATH_SEGMENT)
        body = request.to_payload()
        if endpoint.names_center:
            body = {"callCenterApiName": self._address.call_center_api_name, **body}
        with salesforce_errors(endpoint.operation):
            timeout = self._timeout(time_limit)
            async with self._session.request(
                endpoint.method,
                self._url(path),
                json=body,
                headers={
                    "Authorization": f"Bearer {self._tokens.token()}",
                    "Accept": "application/json",
                    "Telephony-Provider-Name": self._address.telephony_provider_name,
                },
                timeout=timeout,
                allow_redirects=False,
            ) as response:
                answer = await _read_bounded(response)
                check_status(
                    endpoint.operation,
                    response.status,
                    response.headers,
                    answer,
                    names_a_call=len(path) > 1,
                )
        return endpoint.read(endpoint.operation, answer)

    def _url(self, path: tuple[str, ...]) -> URL:
        """Join the path with each segment percent-encoded, "/" and "." tricks included."""
        encoded = "/".join(_encoded_segment(segment) for segment in path)
        return URL(f"{self._base}/{encoded}", encoded=True)

    def _timeout(self, time_limit: float | None) -> aiohttp.ClientTimeout:
        """Bound an exchange, unless no time is left for one."""
        # The library reads 0 as "no limit".
        if time_limit is not None and time_limit <= 0:
            raise TimeoutError
        total = (
            self._timeouts.total if time_limit is None else min(time_limit, self._timeouts.total)
        )
        return aiohttp.ClientTimeout(total=total, connect=min(self._timeouts.connect, total))


def _checked_base(base_url: str) -> str:
    """Return the base URL without a trailing slash, when tokens may be sent there."""
    try:
        parts = urlsplit(base_url)
        host = parts.hostname
    except ValueError:
        host = None
        parts = urlsplit("")
    protected = parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK_HOSTS)
    if not host or not protected or parts.query or parts.fragment or parts.username:
        raise ConfigurationError(
            "the tenant's SCRT base URL must be an https address "
            "(http only for this machine), without query or user"
        )
    return base_url.rstrip("/")


def _encoded_segment(segment: str) -> str:
    """Percent-encode one path segment; dots alone would otherwise climb the path."""
    encoded = quote(segment, safe="")
    return encoded.replace(".", "%2E") if set(segment) == {"."} else encoded


async def _read_bounded(response: aiohttp.ClientResponse) -> bytes:
    """Read the body, refusing one that is far larger than any answer."""
    body = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        body += chunk
        if len(body) > _LARGEST_ANSWER:
            raise MalformedAnswerError("the answer is too large", status=response.status)
    return bytes(body)


_CREATE_VOICE_CALL = Endpoint("create_voice_call", "POST", read_create_answer)
_UPDATE_VOICE_CALL = Endpoint("update_voice_call", "PATCH", read_update_answer)
_EXECUTE_FLOW = Endpoint("execute_flow", "PATCH", read_flow_answer, names_center=False)
_CLEAR_ROUTING = Endpoint("clear_routing", "PATCH", read_routing_answer, names_center=False)
_ROUTE_VOICE_CALL = Endpoint("route_voice_call", "POST", read_routing_answer, names_center=False)
_REQUEST_CALLBACK = Endpoint("request_callback", "POST", read_callback_answer, names_center=False)
_ADD_TRANSCRIPT = Endpoint("add_transcript", "POST", read_conversation_answer, names_center=False)
_REALTIME_EVENTS = Endpoint("realtime_events", "POST", read_conversation_answer, names_center=False)
