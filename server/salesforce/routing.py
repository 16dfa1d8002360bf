"""Routing by Salesforce: flows, clearing, unified routing (telephony-rest-api.md 3.5 to 3.11)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from server.salesforce.errors import InvalidRequestError
from server.salesforce.payloads import (
    LONGEST_NAME,
    LONGEST_PHONE_NUMBER,
    LONGEST_VENDOR_CALL_KEY,
    TelephonyRequest,
)
from server.salesforce.rules import check_optional_text, check_text, check_time


class ExecuteFlowRequest(TelephonyRequest, frozen=True, kw_only=True):
    """Body of `PATCH /voiceCalls/{call}/omniFlow`.

    By `dialed_number` the flow of the contact center's channel runs; for a transfer to a flow
    `flow_dev_name` names it and the number stays away (guide chapter 13). `flow_dev_name` may
    have a namespace: "acme__Route_To_Support". `fallback_queue` is a queue's developer name or id.
    """

    dialed_number: str | None = None
    flow_dev_name: str | None = None
    fallback_queue: str | None = None
    flow_input_parameters: Mapping[str, Any] | None = None

    def check(self) -> None:
        """Check every documented limit (telephony-rest-api.md 3.5)."""
        check_optional_text("dialedNumber", self.dialed_number, longest=LONGEST_PHONE_NUMBER)
        check_optional_text("flowDevName", self.flow_dev_name, longest=LONGEST_NAME)
        check_optional_text("fallbackQueue", self.fallback_queue, longest=LONGEST_NAME)
        if self.dialed_number is None and self.flow_dev_name is None:
            raise InvalidRequestError("dialedNumber", "is required without flowDevName")


class ExecuteFlowResponse(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Where the flow sends the call: ids of the telephony system, from the org's routing map.

    Both are absent when Omni-Channel itself takes the work, as with a voicemail.
    """

    agent: str | None = None
    queue: str | None = None


class ClearRoutingRequest(TelephonyRequest, frozen=True, kw_only=True):
    """Body of `PATCH /voiceCalls/{call}/clearRouting`; it has no fields."""

    def check(self) -> None:
        """Accept it: nothing can be wrong."""


class RouteVoiceCallRequest(TelephonyRequest, frozen=True, kw_only=True):
    """Body of `POST /voiceCalls/{call}/routeVoiceCall`; unified routing only.

    `routing_target` is the Salesforce id of an agent, a queue or a flow.
    """

    routing_target: str
    fallback_queue: str | None = None
    flow_input_parameters: Mapping[str, Any] | None = None

    def check(self) -> None:
        """Check every documented limit (telephony-rest-api.md 3.9)."""
        check_text("routingTarget", self.routing_target, longest=LONGEST_NAME)
        check_optional_text("fallbackQueue", self.fallback_queue, longest=LONGEST_NAME)


class RequestCallbackRequest(TelephonyRequest, frozen=True, kw_only=True):
    """Body of `POST /voiceCalls/{call}/requestCallback`; unified routing only."""

    callback_number: str
    scheduled_routing_date_time: datetime | None = None
    is_preview_callback: bool | None = None
    vendor_call_key: str | None = None

    def check(self) -> None:
        """Check every documented limit (telephony-rest-api.md 3.11)."""
        check_text("callbackNumber", self.callback_number, longest=LONGEST_PHONE_NUMBER)
        check_time("scheduledRoutingDateTime", self.scheduled_routing_date_time)
        check_optional_text("vendorCallKey", self.vendor_call_key, longest=LONGEST_VENDOR_CALL_KEY)


class RoutingResponse(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Answer of clearRouting and routeVoiceCall; documents say not to depend on it."""

    status: str = ""


class RequestCallbackResponse(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Answer of requestCallback: the ContactRequest, or the VoiceCall in older orgs."""

    record_id: str
