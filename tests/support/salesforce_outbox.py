"""A stored call with its outbox entries, and a Salesforce that fails on demand."""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from enum import StrEnum
from typing import Any, TypeVar

from connector_py.entities import CallSnapshot, CallType
from server.entities import (
    CallRecord,
    OutboxEntry,
    OutboxKind,
    Routing,
    Tenant,
)
from server.salesforce import (
    AuthenticationError,
    ConversationResponse,
    CreateVoiceCallRequest,
    CreateVoiceCallResponse,
    ExecuteFlowRequest,
    ExecuteFlowResponse,
    InitiationMethod,
    PermanentError,
    RateLimitedError,
    RealtimeEventsRequest,
    RetryableError,
    RoutingResponse,
    TranscriptMessageRequest,
    UnreachableError,
    UpdateVoiceCallRequest,
    UpdateVoiceCallResponse,
)
from server.salesforce.payloads import TelephonyRequest
from server.store import Store, Transaction
from tests.support.salesforce_org import NOON, ORGANIZATION_ID, create_request

T = TypeVar("T")


def call_record(call_id: str, tenant_id: str = ORGANIZATION_ID) -> CallRecord:
    """Return an inbound call that waits for its VoiceCall."""
    return CallRecord(
        tenant_id=tenant_id,
        call=CallSnapshot(
            call_id=call_id, call_type=CallType.INBOUND, participants=(), started_at=NOON
        ),
        from_number="+14155550123",
        to_number="+18005550100",
        routing=Routing.ANNOUNCING,
    )


def create_entry(call_id: str, **changes: Any) -> OutboxEntry:
    """Return the entry that creates a call's record; its id is "create-" and the call's."""
    values: dict[str, Any] = {
        "entry_id": f"create-{call_id}",
        "tenant_id": ORGANIZATION_ID,
        "call_id": call_id,
        "kind": OutboxKind.CREATE_VOICE_CALL,
        "payload": create_request(call_id).to_payload(),
        "natural_key": f"create:{call_id}",
        "next_attempt_at": NOON,
    }
    return OutboxEntry(**{**values, **changes})


def update_entry(call_id: str, number: int = 1, **changes: Any) -> OutboxEntry:
    """Return an entry that updates a call's record; `number` tells one update from the next."""
    update = UpdateVoiceCallRequest(
        is_active_call=True, accept_time=NOON + timedelta(seconds=number)
    )
    values: dict[str, Any] = {
        "entry_id": f"update-{call_id}-{number}",
        "tenant_id": ORGANIZATION_ID,
        "call_id": call_id,
        "kind": OutboxKind.UPDATE_VOICE_CALL,
        "payload": update.to_payload(),
        "natural_key": f"update:{call_id}:{number}",
        "next_attempt_at": NOON,
    }
    return OutboxEntry(**{**values, **changes})


def transfer_of(leg: str, parent: str, **changes: Any) -> OutboxEntry:
    """Return the entry that creates an added leg's record; its id is "create-" and the leg's."""
    request = create_request(
        leg, initiation_method=InitiationMethod.TRANSFER, parent_voice_call_id=parent
    )
    return create_entry(leg, **{"payload": request.to_payload(), **changes})


def entry_for(
    kind: OutboxKind, call_id: str, request: TelephonyRequest, number: int = 1, **changes: Any
) -> OutboxEntry:
    """Return an entry of any kind; its id is the kind, the call's id and the number."""
    values: dict[str, Any] = {
        "entry_id": f"{kind}-{call_id}-{number}",
        "tenant_id": ORGANIZATION_ID,
        "call_id": call_id,
        "kind": kind,
        "payload": request.to_payload(),
        "natural_key": f"{kind}:{call_id}:{number}",
        "next_attempt_at": NOON,
    }
    return OutboxEntry(**{**values, **changes})


async def enqueue(store: Store, *entries: OutboxEntry) -> None:
    """Write what Salesforce is to be told about calls that have no record of their own."""

    def work(transaction: Transaction) -> None:
        for entry in entries:
            assert transaction.enqueue(entry)

    await store.run(work)


async def store_call(store: Store, call_id: str, *entries: OutboxEntry) -> None:
    """Write a call together with what Salesforce is to be told."""

    def work(transaction: Transaction) -> None:
        transaction.save_call(call_record(call_id))
        for entry in entries:
            transaction.enqueue(entry)

    await store.run(work)


async def entry_of(store: Store, entry_id: str) -> OutboxEntry:
    """Return an entry as it is stored now."""
    found = await store.run(lambda transaction: transaction.outbox_entry(entry_id))
    assert found is not None
    return found


async def voice_call_id_of(store: Store, call_id: str) -> str | None:
    """Return what the stored call knows of its VoiceCall."""
    record = await store.run(lambda transaction: transaction.call(ORGANIZATION_ID, call_id))
    assert record is not None
    return record.call.voice_call_id


class Crash(BaseException):
    """The end of the process, at this very point."""


class Mishap(StrEnum):
    """What can happen to one request."""

    NONE = "none"
    FAILED = "failed"
    UNREACHABLE = "unreachable"
    LOST_REPLY = "lost reply"
    RATE_LIMITED = "rate limited"
    REFUSED = "refused for good"
    FORBIDDEN = "not permitted for this org"
    CRASH_BEFORE = "crash before the work"
    CRASH_AFTER = "crash after the work"


_ERRORS: dict[Mishap, Callable[[], BaseException]] = {
    Mishap.FAILED: lambda: RetryableError("failed", status=500),
    Mishap.UNREACHABLE: lambda: UnreachableError("cut before"),
    Mishap.RATE_LIMITED: lambda: RateLimitedError("limited", status=429),
    Mishap.REFUSED: lambda: PermanentError("refused", status=400, detail="for the test"),
    Mishap.FORBIDDEN: lambda: AuthenticationError("forbidden", status=403),
    Mishap.CRASH_BEFORE: Crash,
}


class MoodySalesforce:
    """An org in memory that follows a list of mishaps, then behaves.

    `log` holds what was done, in order: (what, vendorCallKey), where what is "create", "update",
    "transcript", "events", "flow" or "clear".
    """

    def __init__(self, mishaps: Iterable[Mishap] = ()) -> None:
        self._mishaps: Iterator[Mishap] = iter(mishaps)
        self.voice_calls: dict[str, str] = {}
        self.made = 0
        self.updates: dict[str, UpdateVoiceCallRequest] = {}
        self.messages: dict[str, dict[str, TranscriptMessageRequest]] = {}
        self.events: dict[str, list[RealtimeEventsRequest]] = {}
        self.flows: list[tuple[str, ExecuteFlowRequest]] = []
        self.flow_answer = ExecuteFlowResponse()
        self.log: list[tuple[str, str]] = []
        self.time_limits: list[float | None] = []
        self.requests = 0

    def for_tenant(self, _tenant: Tenant) -> "MoodySalesforce":
        return self

    def has_voice_call(self, key: str) -> None:
        """Salesforce itself made the VoiceCall of a call."""
        self.voice_calls[key] = f"0LQ{key}"

    def expect(self, *mishaps: Mishap) -> None:
        """Set what happens to the next requests."""
        self._mishaps = iter(mishaps)

    async def create_voice_call(
        self, request: CreateVoiceCallRequest, *, time_limit: float | None = None
    ) -> CreateVoiceCallResponse:
        key = request.vendor_call_key
        after = self._before(time_limit)
        parent = request.parent_voice_call_id
        if parent is not None and parent not in self.voice_calls:
            raise PermanentError("parentVoiceCallId is not a known VoiceCall", status=400)
        if key not in self.voice_calls:
            self.made += 1
            self.voice_calls[key] = f"0LQ{self.made:015}"
        self.log.append(("create", key))
        self._after(after)
        return CreateVoiceCallResponse(voice_call_id=self.voice_calls[key])

    async def update_voice_call(
        self, call: str, request: UpdateVoiceCallRequest, *, time_limit: float | None = None
    ) -> UpdateVoiceCallResponse:
        after = self._before(time_limit)
        self.updates[call] = request
        self.log.append(("update", call))
        self._after(after)
        return UpdateVoiceCallResponse(status="pending")

    async def add_transcript(
        self, key: str, request: TranscriptMessageRequest, *, time_limit: float | None = None
    ) -> ConversationResponse:
        after = self._before(time_limit)
        self.messages.setdefault(key, {})[request.message_id] = request
        self.log.append(("transcript", key))
        self._after(after)
        return ConversationResponse(result="Accepted")

    async def send_realtime_events(
        self, key: str, request: RealtimeEventsRequest, *, time_limit: float | None = None
    ) -> ConversationResponse:
        after = self._before(time_limit)
        self.events.setdefault(key, []).append(request)
        self.log.append(("events", key))
        self._after(after)
        return ConversationResponse()

    async def execute_flow(
        self, call: str, request: ExecuteFlowRequest, *, time_limit: float | None = None
    ) -> ExecuteFlowResponse:
        after = self._before(time_limit)
        self.flows.append((call, request))
        self.log.append(("flow", call))
        self._after(after)
        return self.flow_answer

    async def clear_routing(self, call: str, *, time_limit: float | None = None) -> RoutingResponse:
        after = self._before(time_limit)
        self.log.append(("clear", call))
        self._after(after)
        return RoutingResponse()

    def _before(self, time_limit: float | None) -> Mishap:
        self.requests += 1
        self.time_limits.append(time_limit)
        mishap = next(self._mishaps, Mishap.NONE)
        if mishap in _ERRORS:
            raise _ERRORS[mishap]()
        return mishap

    def _after(self, mishap: Mishap) -> None:
        if mishap is Mishap.LOST_REPLY:
            raise UnreachableError("no answer in time")
        if mishap is Mishap.CRASH_AFTER:
            raise Crash


class CrashingStore:
    """A store at whose writes the process can end, before or after they are durable."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._before: int | None = None
        self._after: int | None = None

    def crash_at(self, run: int, *, after: bool) -> None:
        """End the process at the given run from now on, counted from 0."""
        self._before, self._after = (None, run) if after else (run, None)

    async def run(self, work: Callable[[Transaction], T]) -> T:
        self._before = self._count(self._before)
        result = await self._store.run(work)
        self._after = self._count(self._after)
        return result

    @staticmethod
    def _count(left: int | None) -> int | None:
        if left == 0:
            raise Crash
        return None if left is None else left - 1

    @property
    def switch_memory(self) -> Any:
        return self._store.switch_memory

    async def close(self) -> None:
        await self._store.close()


class Announcements:
    """What the contact center was told about VoiceCalls."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str, str]] = []

    async def voice_call_created(self, tenant_id: str, call_id: str, voice_call_id: str) -> None:
        self.told.append((tenant_id, call_id, voice_call_id))
