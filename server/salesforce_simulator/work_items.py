"""Work that Omni-Channel offers to its agents: voicemails, contact requests, routed calls."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Final

from server.salesforce_simulator.documents import DocumentKind
from server.salesforce_simulator.errors import ApiError, conflict, invalid_field, not_found
from server.salesforce_simulator.fields import Field, exactly_one_of, read_fields, text
from server.salesforce_simulator.record_ids import AGENT_WORK_PREFIX, CONTACT_REQUEST_PREFIX
from server.salesforce_simulator.records import RecordBook


class WorkType(StrEnum):
    """What the work is about."""

    VOICEMAIL = "Voicemail"
    CONTACT_REQUEST = "ContactRequest"
    VOICE_CALL = "VoiceCall"


class WorkStatus(StrEnum):
    """How far an agent is with it."""

    ASSIGNED = "ASSIGNED"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    TRANSFERRED = "TRANSFERRED"
    CLOSED = "CLOSED"


_OPEN: Final = (WorkStatus.ASSIGNED, WorkStatus.ACCEPTED)

WORK_FIELDS: Final = (
    Field("type", exactly_one_of(*WorkType), required=True),
    Field("userName", text(), required=True),
    Field("phoneNumber", text(40)),
    Field("name", text()),
    Field("voiceCallId", text()),
)

TRANSFER_FIELDS: Final = (Field("userName", text()), Field("queue", text()))

NewId = Callable[[str], str]
"""Gets the 3 characters of an object; returns the id of a new record of it."""


@dataclass(frozen=True, slots=True)
class Office:
    """Where work is assigned: the records, the users, and ids and time for what is new."""

    book: RecordBook
    users: Mapping[str, str]
    """By user name, with the telephony system's id of each."""
    new_id: NewId
    now: str

    def items(self, user_name: str | None = None) -> list[dict[str, Any]]:
        """Return every work item, or those of one user, oldest first."""
        found = self.book.documents.all(DocumentKind.WORK)
        return [item for item in found if user_name in (None, item["userName"])]

    def create(self, body: Mapping[str, object]) -> dict[str, Any]:
        """Make a work item for a user, as a page asks for it.

        Raises:
            ApiError: 400, a field breaks its rule; 404, there is no such VoiceCall.
        """
        values = read_fields(body, WORK_FIELDS)
        kind = WorkType(values.pop("type"))
        user_name: str = values.pop("userName")
        self._check_user("userName", user_name)
        if "voiceCallId" in values:
            record = self.book.find(values["voiceCallId"])
            if record is None:
                raise not_found()
            values["voiceCallId"] = record.voice_call_id
        elif kind is not WorkType.CONTACT_REQUEST:
            raise invalid_field("voiceCallId", f"is required for a {kind}")
        return self.assign(kind, user_name, values)

    def assign(
        self, kind: WorkType, user_name: str, about: Mapping[str, Any], queue: str | None = None
    ) -> dict[str, Any]:
        """Make an AgentWork.

        Args:
            kind: What it is about.
            user_name: Whose it is.
            about: voiceCallId, contactRequestId, phoneNumber, name: what is known of them.
            queue: Where it comes from, when it was not meant for this user alone.
        """
        details = dict(about)
        if kind is WorkType.CONTACT_REQUEST and "contactRequestId" not in details:
            details["contactRequestId"] = self.new_id(CONTACT_REQUEST_PREFIX)
        subject = "contactRequestId" if kind is WorkType.CONTACT_REQUEST else "voiceCallId"
        item = {
            **details,
            "workId": self.new_id(AGENT_WORK_PREFIX),
            "workItemId": details[subject],
            "type": kind,
            "status": WorkStatus.ASSIGNED,
            "userName": user_name,
            "queue": queue,
            "at": self.now,
        }
        self._save(item)
        return item

    def least_busy(self, but: Collection[str] = ()) -> str | None:
        """Return the user with the least open work, None when there is nobody."""
        work = [item["userName"] for item in self.items() if item["status"] in _OPEN]
        able = sorted(user for user in self.users if user not in but)
        return min(able, key=work.count, default=None)

    def open_work_on(self, work_item_id: str) -> dict[str, Any] | None:
        """Return the open work on a VoiceCall or ContactRequest."""
        for item in self.items():
            if item["workItemId"] == work_item_id and item["status"] in _OPEN:
                return item
        return None

    def accept(self, item_id: str) -> dict[str, Any]:
        """Let the user take it; the VoiceCall that it is about becomes theirs.

        Raises:
            ApiError: 404, there is no such item; 409, it is not offered any more.
        """
        item = self._find(item_id)
        if item["status"] != WorkStatus.ACCEPTED:
            item = self._step(item, WorkStatus.ACCEPTED, WorkStatus.ASSIGNED)
            is_call = item["type"] != WorkType.CONTACT_REQUEST
            record = self.book.find(item["workItemId"]) if is_call else None
            if record is not None:
                self.book.save(record.with_fields({"ownerUserName": item["userName"]}))
                self.book.documents.remove(
                    DocumentKind.ROUTING, record.voice_call_id, owner=record.voice_call_id
                )
        return item

    def decline(self, item_id: str) -> dict[str, Any]:
        """Let the user refuse it; work from a queue goes to the next one who did not refuse it.

        Raises:
            ApiError: 404, there is no such item; 409, it is not offered any more.
        """
        item = self._find(item_id)
        if item["status"] == WorkStatus.DECLINED:
            return item
        declined = self._step(item, WorkStatus.DECLINED, WorkStatus.ASSIGNED)
        if declined["queue"] is not None:
            same = [one for one in self.items() if one["workItemId"] == item["workItemId"]]
            asked = {one["userName"] for one in same}
            self._pass_on(declined, self.least_busy(but=asked), declined["queue"])
        return declined

    def close(self, item_id: str) -> dict[str, Any]:
        """End work that was accepted.

        Raises:
            ApiError: 404, there is no such item; 409, it was not accepted.
        """
        item = self._find(item_id)
        if item["status"] == WorkStatus.CLOSED:
            return item
        return self._step(item, WorkStatus.CLOSED, WorkStatus.ACCEPTED)

    def transfer(self, item_id: str, body: Mapping[str, object]) -> dict[str, Any]:
        """Hand work on to a user, or to somebody else of a queue; returns the new item.

        Raises:
            ApiError: 400, the body names nobody to take it; 404, there is no such item; 409, it
                is not open.
        """
        values = read_fields(body, TRANSFER_FIELDS)
        if len(values) != 1:
            raise invalid_field("userName", "or queue must be given, not both")
        item = self._find(item_id)
        user_name: str | None = values.get("userName")
        if user_name is None:
            user_name = self.least_busy(but=[item["userName"]])
        else:
            self._check_user("userName", user_name)
        if user_name is None:
            raise invalid_field("queue", "has nobody else")
        self._step(item, WorkStatus.TRANSFERRED, *_OPEN)
        new = self._pass_on(item, user_name, values.get("queue"))
        return item if new is None else new

    def _pass_on(
        self, item: Mapping[str, Any], user_name: str | None, queue: str | None
    ) -> dict[str, Any] | None:
        if user_name is None:
            return None
        kept = ("voiceCallId", "contactRequestId", "phoneNumber", "name")
        about = {name: item[name] for name in kept if name in item}
        return self.assign(WorkType(item["type"]), user_name, about, queue)

    def _check_user(self, field: str, user_name: str) -> None:
        if user_name not in self.users:
            raise invalid_field(field, "is not a user of this org")

    def _find(self, item_id: str) -> dict[str, Any]:
        """Return the item with a work id, or the newest one about a record."""
        found = self.book.documents.get(DocumentKind.WORK, item_id)
        about = [item for item in self.items() if item["workItemId"] == item_id]
        if found is None and not about:
            raise ApiError(HTTPStatus.NOT_FOUND, "NOT_FOUND", "there is no such work item")
        return about[-1] if found is None else found

    def _step(
        self, item: Mapping[str, Any], to: WorkStatus, *allowed: WorkStatus
    ) -> dict[str, Any]:
        if item["status"] not in allowed:
            raise conflict("WRONG_STATUS", f"the work is {item['status']}")
        changed = {**item, "status": to}
        self._save(changed)
        return changed

    def _save(self, item: Mapping[str, Any]) -> None:
        self.book.documents.put(DocumentKind.WORK, item["workId"], dict(item))
