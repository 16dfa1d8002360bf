"""The records of a simulated org without its server: requests as verbs."""

from pathlib import Path
from typing import Any

from server.salesforce_simulator.conversations import (
    add_events,
    add_message,
    conversation_events,
    transcript,
)
from server.salesforce_simulator.flows import flows_of, set_flows
from server.salesforce_simulator.record_ids import record_id, voice_call_id
from server.salesforce_simulator.record_view import record_view
from server.salesforce_simulator.records import RecordBook, Records, VoiceCallRecord
from server.salesforce_simulator.routing import (
    clear_routing,
    execute_flow,
    pending_routing,
    request_callback,
    route_voice_call,
)
from server.salesforce_simulator.voice_calls import (
    NewRecord,
    create_voice_call,
    update_voice_call,
)
from server.salesforce_simulator.work_items import Office
from tests.support.salesforce_org import CALL_CENTER, CountingIds

ORGANIZATION = "00DHs00000Kmpyr"
START = "2026-03-02T12:00:00.000Z"
START_MS = 1_772_452_800_000
END = "2026-03-02T12:01:30.000Z"
END_MS = START_MS + 90_000
ADA, BEN = "ada@demo.example", "ben@demo.example"
USERS = {ADA: "agent-ada", BEN: "agent-ben"}


def create_body(**changes: Any) -> dict[str, Any]:
    """Return the body of a create; `...` takes a field away."""
    body = {
        "callCenterApiName": CALL_CENTER,
        "vendorCallKey": "call1",
        "to": "+18005550100",
        "from": "+14155550123",
        "initiationMethod": "Inbound",
        "startTime": "2026-03-02T12:00:00Z",
        "participants": [{"participantKey": "c", "type": "END_USER"}],
    }
    return {name: value for name, value in {**body, **changes}.items() if value is not ...}


def message_body(**changes: Any) -> dict[str, Any]:
    """Return the body of a transcript message; `...` takes a field away."""
    body = {
        "participantId": "somebody",
        "messageId": "m1",
        "startTime": START_MS + 1000,
        "endTime": START_MS + 2000,
        "content": "Hello",
        "senderType": "END_USER",
    }
    return {name: value for name, value in {**body, **changes}.items() if value is not ...}


class Org:
    """The records of one org, with the requests as verbs."""

    def __init__(self, folder: Path, users: dict[str, str] | None = None) -> None:
        self._records = Records(folder / "org.sqlite3")
        self._ids = CountingIds()
        self._users = USERS if users is None else users

    # ---- what a telephony system asks ----------------------------------------------------------

    def create(self, **changes: Any) -> tuple[VoiceCallRecord, list[str]]:
        with self._records.book(ORGANIZATION) as book:
            return create_voice_call(book, ORGANIZATION, create_body(**changes), self._new())

    def transfer(self, key: str, parent: str = "call1", **changes: Any) -> VoiceCallRecord:
        record, _ = self.create(
            vendorCallKey=key,
            initiationMethod="Transfer",
            parentVoiceCallId=parent,
            **changes,
        )
        return record

    def update(self, call: str = "call1", **body: Any) -> VoiceCallRecord:
        with self._records.book(ORGANIZATION) as book:
            return update_voice_call(book, ORGANIZATION, call, body, self._new())

    def say(self, key: str = "call1", **changes: Any) -> None:
        with self._records.book(ORGANIZATION) as book:
            add_message(book, key, message_body(**changes))

    def send_events(self, key: str = "call1", **body: Any) -> None:
        with self._records.book(ORGANIZATION) as book:
            add_events(book, key, body, self._ids.new_id())

    def run_flow(self, call: str = "call1", **body: Any) -> dict[str, str | None]:
        with self._records.book(ORGANIZATION) as book:
            return execute_flow(self._office(book), call, body)

    def clear(self, call: str = "call1", **body: Any) -> None:
        with self._records.book(ORGANIZATION) as book:
            clear_routing(book, call, body)

    def route(self, call: str = "call1", **body: Any) -> None:
        with self._records.book(ORGANIZATION) as book:
            route_voice_call(self._office(book), call, body)

    def call_back(self, call: str = "call1", **body: Any) -> str:
        with self._records.book(ORGANIZATION) as book:
            return request_callback(self._office(book), call, body)

    # ---- what agents and admins do -------------------------------------------------------------

    def work(self, verb: str, *arguments: Any) -> Any:
        """Do something with work items, by the name of the method."""
        with self._records.book(ORGANIZATION) as book:
            return getattr(self._office(book), verb)(*arguments)

    def flows(self, new: Any = None) -> list[dict[str, Any]]:
        """Return the flows, written anew when given."""
        with self._records.book(ORGANIZATION) as book:
            return flows_of(book) if new is None else set_flows(book, new)

    # ---- what is there -------------------------------------------------------------------------

    def find(self, call: str, organization: str = ORGANIZATION) -> VoiceCallRecord | None:
        with self._records.book(organization) as book:
            return book.find(call)

    def found(self, call: str = "call1") -> VoiceCallRecord:
        record = self.find(call)
        assert record is not None
        return record

    def view(self, call: str = "call1") -> dict[str, Any]:
        with self._records.book(ORGANIZATION) as book:
            return record_view(self._office(book), self._in(book, call))

    def transcript(self, call: str = "call1") -> list[dict[str, Any]]:
        with self._records.book(ORGANIZATION) as book:
            return transcript(book, self._in(book, call))

    def events(self, call: str = "call1") -> list[dict[str, Any]]:
        with self._records.book(ORGANIZATION) as book:
            return conversation_events(book, self._in(book, call))

    def routing(self, call: str = "call1") -> dict[str, Any] | None:
        with self._records.book(ORGANIZATION) as book:
            return pending_routing(book, self._in(book, call))

    def count(self) -> int:
        with self._records.book(ORGANIZATION) as book:
            return len(book.latest(1000))

    def close(self) -> None:
        self._records.close()

    def _in(self, book: RecordBook, call: str) -> VoiceCallRecord:
        record = book.find(call)
        assert record is not None
        return record

    def _office(self, book: RecordBook) -> Office:
        return Office(
            book=book,
            users=self._users,
            new_id=lambda prefix: record_id(prefix, self._ids.new_id()),
            now=START,
        )

    def _new(self) -> NewRecord:
        return NewRecord(voice_call_id=voice_call_id(self._ids.new_id()), created_at=START)
