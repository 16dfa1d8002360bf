"""What is said in a call: transcript messages and real-time events.

Telephony-rest-api.md 3.3 and 3.7. Both are addressed by the vendorCallKey of the conversation's
first VoiceCall.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

import msgspec

from server.salesforce.errors import InvalidRequestError
from server.salesforce.payloads import LONGEST_NAME, TelephonyRequest
from server.salesforce.rules import check_text

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EARLIEST: Final = 100_000_000_000
_LATEST: Final = 100_000_000_000_000
_USER_ID_LENGTHS: Final = (15, 18)
_LARGEST_SENTIMENT: Final = 1000.0
_LARGEST_SCORE: Final = 1000.0


def epoch_milliseconds(moment: datetime) -> int:
    """Write a time as the conversation endpoints read it."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


class SenderType(StrEnum):
    """Who says something."""

    END_USER = "END_USER"
    EXTERNAL_USER = "EXTERNAL_USER"
    HUMAN_AGENT = "HUMAN_AGENT"
    SUPERVISOR = "SUPERVISOR"
    VIRTUAL_AGENT = "VIRTUAL_AGENT"
    """An agent, when the audio does not tell which one."""


_COINED: Final = (SenderType.END_USER, SenderType.SUPERVISOR, SenderType.VIRTUAL_AGENT)


def sender_id(vendor_call_key: str, sender: SenderType, own_id: str | None = None) -> str:
    """Return the participantId of a sender (telephony-rest-api.md 3.3).

    Args:
        vendor_call_key: Of the conversation's first VoiceCall.
        sender: What they are.
        own_id: Salesforce user id of a HUMAN_AGENT, our own id of an EXTERNAL_USER; the ids of
            the others follow from the key.
    """
    return f"{vendor_call_key}{sender}" if sender in _COINED else own_id or ""


class TranscriptMessageRequest(TelephonyRequest, frozen=True, kw_only=True):
    """Body of `POST /voiceCalls/{vendorCallKey}/messages`; times are epoch milliseconds in UTC.

    Salesforce keeps the message only when its time lies within the conversation.
    """

    participant_id: str
    message_id: str
    start_time: int
    end_time: int
    content: str
    sender_type: SenderType

    def check(self) -> None:
        """Check every documented limit (telephony-rest-api.md 3.3); `content` has none."""
        check_text("participantId", self.participant_id, longest=2 * LONGEST_NAME)
        check_text("messageId", self.message_id, longest=LONGEST_NAME)
        check_milliseconds("startTime", self.start_time)
        check_milliseconds("endTime", self.end_time)
        if self.end_time < self.start_time:
            raise InvalidRequestError("endTime", "must not be earlier than startTime")
        if not self.content.strip():
            raise InvalidRequestError("content", "must not be empty")
        if self.sender_type is SenderType.HUMAN_AGENT and not _is_user_id(self.participant_id):
            raise InvalidRequestError("participantId", "must be the agent's Salesforce user id")


class ConversationEventType(StrEnum):
    """What a real-time event is about."""

    CATEGORY = "IntelligenceSignal__Category"
    SENTIMENT = "IntelligenceSignal__Sentiment"


class ConversationParty(StrEnum):
    """Whose sentiment it is."""

    AGENT = "AGENT"
    CUSTOMER = "CUSTOMER"


class ConversationEvent(
    msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True
):
    """One event; `start_time` is epoch milliseconds in UTC.

    `value` is the name of a category, or a sentiment from -1000 to 1000 as text; `score` says how
    sure the service is, from 0 to 1000.
    """

    type: ConversationEventType
    value: str
    start_time: int
    score: float | None = None
    participant: ConversationParty | None = None
    details: Mapping[str, Any] | None = None

    def check(self, path: str) -> None:
        """Check the limits; `path` comes before the names in errors."""
        check_text(f"{path}.value", self.value, longest=LONGEST_NAME)
        check_milliseconds(f"{path}.startTime", self.start_time)
        if self.score is not None and not 0 <= self.score <= _LARGEST_SCORE:
            raise InvalidRequestError(f"{path}.score", "must be between 0 and 1000")
        if self.type is ConversationEventType.SENTIMENT:
            if not _is_sentiment(self.value):
                raise InvalidRequestError(f"{path}.value", "must be between -1000 and 1000")
            if self.participant is None:
                raise InvalidRequestError(f"{path}.participant", "is required for a sentiment")


class RealtimeEventsRequest(TelephonyRequest, frozen=True, kw_only=True):
    """Body of `POST /voiceCalls/{vendorCallKey}/realtimeConversationEvents`."""

    service: str
    events: tuple[ConversationEvent, ...]
    persist: bool | None = None

    def check(self) -> None:
        """Check every documented limit (telephony-rest-api.md 3.7)."""
        check_text("service", self.service, longest=LONGEST_NAME)
        if not self.events:
            raise InvalidRequestError("events", "must hold one event")
        earlier = 0
        for index, event in enumerate(self.events):
            event.check(f"events[{index}]")
            if event.start_time < earlier:
                raise InvalidRequestError(
                    f"events[{index}].startTime",
                    "must not be earlier than that of the event before",
                )
            earlier = event.start_time


class ConversationResponse(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Answer of both endpoints; what is stored, is stored later."""

    result: str = ""


def check_milliseconds(field: str, value: int) -> None:
    """Check a time in epoch milliseconds; one in seconds or microseconds is refused as such."""
    if not _EARLIEST <= value <= _LATEST:
        raise InvalidRequestError(field, "must be a time in epoch milliseconds")


def _is_user_id(text: str) -> bool:
    return len(text) in _USER_ID_LENGTHS and text.startswith("005") and text.isalnum()


def _is_sentiment(value: str) -> bool:
    try:
        return abs(float(value)) <= _LARGEST_SENTIMENT
    except ValueError:
        return False
