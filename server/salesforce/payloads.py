"""Requests and answers of the telephony API, field by field (telephony-rest-api.md 3.1, 3.2).

A request knows its limits: `check` raises InvalidRequestError before anything is sent. Names are
the API's own in snake_case; `to_payload` and `from_payload` translate, also for the outbox.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Self

import msgspec

from server.salesforce.errors import InvalidRequestError
from server.salesforce.rules import (
    check_call_attributes,
    check_count,
    check_optional_text,
    check_order,
    check_text,
    check_time,
    check_url,
    to_json_values,
)

LONGEST_VENDOR_CALL_KEY: Final = 255
LONGEST_PHONE_NUMBER: Final = 40
LONGEST_NAME: Final = 255
LONGEST_RECORDING_LOCATION: Final = 1000


class InitiationMethod(StrEnum):
    """How a call came to be; outbound calls are recorded by Omni-Channel itself."""

    INBOUND = "Inbound"
    TRANSFER = "Transfer"


class CallOrigin(StrEnum):
    """Special beginnings of a call."""

    PREVIEW = "Preview"
    PROGRESSIVE = "Progressive"
    VOICEMAIL = "Voicemail"


class VoiceCallSubtype(StrEnum):
    """The line that the customer uses."""

    PSTN = "PSTN"
    WEB_RTC = "WebRTC"


class TelephonyRequest(
    msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True
):
    """Base of every request body."""

    def check(self) -> None:
        """Check every documented limit.

        Raises:
            InvalidRequestError: A field breaks a rule; names both.
        """
        raise NotImplementedError

    def to_payload(self) -> dict[str, Any]:
        """Return the JSON body: absent fields left out, times as ISO 8601 in UTC."""
        return to_json_values(msgspec.to_builtins(self, builtin_types=(datetime,)))

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any]) -> Self:
        """Read a body that `to_payload` wrote; unknown fields are ignored.

        Raises:
            InvalidRequestError: A field is missing or has the wrong type.
        """
        try:
            return msgspec.convert(payload, cls)
        except msgspec.ValidationError as error:
            field, rule = _field_and_rule(str(error))
            raise InvalidRequestError(field, rule) from None


class EndUser(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The customer; Salesforce replaces the key for privacy, so any unique id serves."""

    participant_key: str
    type: str = "END_USER"


class CreateVoiceCallRequest(TelephonyRequest, frozen=True, kw_only=True):
    """Body of `POST /voiceCalls`; the client adds callCenterApiName.

    `to_number` and `from_number` are `to` and `from` on the wire. Inbound: `to_number` is the
    contact center's, which Salesforce calls WEBRTC_DEFAULT when it is absent, and `from_number`
    the customer's. Transfer needs `parent_voice_call_id`, the
    parent's VoiceCall id or vendorCallKey; `queue` counts for transfers only.
    """

    vendor_call_key: str
    to_number: str | None = msgspec.field(name="to", default=None)
    from_number: str = msgspec.field(name="from")
    initiation_method: InitiationMethod
    start_time: datetime
    participants: tuple[EndUser, ...]
    parent_voice_call_id: str | None = None
    queue: str | None = None
    call_origin: CallOrigin | None = None
    call_subtype: VoiceCallSubtype | None = None
    call_attributes: str | None = None

    def check(self) -> None:
        """Check every documented limit (telephony-rest-api.md 3.1)."""
        check_text("vendorCallKey", self.vendor_call_key, longest=LONGEST_VENDOR_CALL_KEY)
        check_optional_text("to", self.to_number, longest=LONGEST_PHONE_NUMBER)
        check_text("from", self.from_number, longest=LONGEST_PHONE_NUMBER)
        check_time("startTime", self.start_time)
        check_optional_text("queue", self.queue, longest=LONGEST_NAME)
        check_call_attributes(self.call_attributes)
        self._check_participants()
        self._check_parent()

    def _check_participants(self) -> None:
        if not self.participants:
            raise InvalidRequestError("participants", "must hold one end user")
        first = self.participants[0]
        check_text("participants[0].participantKey", first.participant_key, longest=LONGEST_NAME)
        if first.type != "END_USER":
            raise InvalidRequestError("participants[0].type", "must be END_USER")

    def _check_parent(self) -> None:
        check_optional_text(
            "parentVoiceCallId", self.parent_voice_call_id, longest=LONGEST_VENDOR_CALL_KEY
        )
        is_transfer = self.initiation_method is InitiationMethod.TRANSFER
        if is_transfer and self.parent_voice_call_id is None:
            raise InvalidRequestError("parentVoiceCallId", "is required for a Transfer")
        if not is_transfer and self.parent_voice_call_id is not None:
            raise InvalidRequestError("parentVoiceCallId", "is for a Transfer only")


class DisconnectReason(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Why a call ended; `is_error` must be true for Salesforce to show the reason.

    `value` is "CALLBACK" when the customer took a callback; anything else on an unanswered call
    counts as abandoned.
    """

    value: str
    is_error: bool = True


class UpdateVoiceCallRequest(TelephonyRequest, frozen=True, kw_only=True):
    """Body of `PATCH /voiceCalls/{call}`; every field is optional.

    Without `is_active_call=True` the update closes the call. Durations are whole seconds; those
    of holds and of the agent's talk need `recording_location`. `parent_call_identifier`,
    `initiation_method`, `to_number` and `call_sub_type` let the update create a record that is
    missing.
    """

    start_time: datetime | None = None
    end_time: datetime | None = None
    enqueue_time: datetime | None = None
    accept_time: datetime | None = None
    from_number: str | None = None
    to_number: str | None = None
    total_hold_duration: int | None = None
    longest_hold_duration: int | None = None
    number_of_holds: int | None = None
    queue: str | None = None
    agent: str | None = None
    agent_interaction_duration: int | None = None
    call_origin: CallOrigin | None = None
    recording_location: str | None = None
    total_recording_duration: int | None = None
    call_attributes: str | None = None
    is_active_call: bool | None = None
    disconnect_reason: DisconnectReason | None = None
    parent_call_identifier: str | None = None
    initiation_method: str | None = None
    call_sub_type: VoiceCallSubtype | None = None

    def check(self) -> None:
        """Check every documented limit (telephony-rest-api.md 3.2)."""
        self._check_times()
        self._check_numbers()
        for field, value in (("fromNumber", self.from_number), ("toNumber", self.to_number)):
            check_optional_text(field, value, longest=LONGEST_PHONE_NUMBER)
        check_optional_text("queue", self.queue, longest=LONGEST_NAME)
        check_optional_text("agent", self.agent, longest=LONGEST_NAME)
        check_optional_text(
            "parentCallIdentifier", self.parent_call_identifier, longest=LONGEST_VENDOR_CALL_KEY
        )
        check_url("recordingLocation", self.recording_location, longest=LONGEST_RECORDING_LOCATION)
        check_call_attributes(self.call_attributes)
        if self.disconnect_reason is not None:
            check_text("disconnectReason.value", self.disconnect_reason.value, longest=LONGEST_NAME)

    def _check_times(self) -> None:
        check_time("startTime", self.start_time)
        check_time("endTime", self.end_time)
        check_time("enqueueTime", self.enqueue_time)
        check_time("acceptTime", self.accept_time)
        check_order("startTime", self.start_time, "endTime", self.end_time)

    def _check_numbers(self) -> None:
        need_recording = {
            "totalHoldDuration": self.total_hold_duration,
            "agentInteractionDuration": self.agent_interaction_duration,
            "totalRecordingDuration": self.total_recording_duration,
        }
        others = {
            "longestHoldDuration": self.longest_hold_duration,
            "numberOfHolds": self.number_of_holds,
        }
        for field, value in (need_recording | others).items():
            check_count(field, value)
        for field, value in need_recording.items():
            if value is not None and self.recording_location is None:
                raise InvalidRequestError(field, "needs recordingLocation")


class CreateVoiceCallResponse(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Answer to create. `errors` are soft: the record exists in spite of them."""

    voice_call_id: str
    errors: tuple[str, ...] = ()


class UpdateVoiceCallResponse(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Answer to update; the work is done later and cannot be asked for."""

    status: str = ""


def encode_call_attributes(attributes: Mapping[str, object]) -> str:
    """Write callAttributes as the JSON text that Salesforce expects."""
    return json.dumps(attributes, separators=(",", ":"), ensure_ascii=False)


def _field_and_rule(text: str) -> tuple[str, str]:
    """Split msgspec's text "Expected `str`, got `int` - at `$.from`" into field and rule."""
    rule, mark, path = text.partition(" - at `$")
    field = path.rstrip("`").lstrip(".") if mark else ""
    return field or "body", f"is not valid ({rule})"
