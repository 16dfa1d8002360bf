"""The org's Omni-Channel flows, and the channels whose dialed numbers lead to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from server.salesforce_simulator.documents import DocumentKind
from server.salesforce_simulator.errors import FlowError, invalid_field
from server.salesforce_simulator.fields import Field, json_object, list_of, read_fields, text
from server.salesforce_simulator.records import RecordBook

ANY_NUMBER: Final = "*"
"""The channel of every number that has none of its own."""

DEFAULT_FLOWS: Final[tuple[Mapping[str, Any], ...]] = (
    {"name": "Route_To_Support", "target": {"queue": "queue-support"}},
    {"name": "Route_To_Ben", "target": {"agentUserName": "ben@demo.example"}},
    {
        "name": "Route_Voicemail",
        "target": {"queue": "queue-support"},
        "phoneNumbers": [ANY_NUMBER],
    },
)

_FLOW_FIELDS: Final = (
    Field("name", text(), required=True),
    Field("target", json_object(Field("agentUserName", text()), Field("queue", text())), True),
    Field("phoneNumbers", list_of(text(40))),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a flow sends work: a user, or a queue by the telephony system's id of it."""

    user_name: str | None = None
    queue: str | None = None
    flow: str | None = None
    """The flow that chose it; None when it was the fallback queue."""


def flows_of(book: RecordBook) -> list[dict[str, Any]]:
    """Return the org's flows."""
    stored = book.documents.get(DocumentKind.FLOWS, "")
    return [dict(flow) for flow in (DEFAULT_FLOWS if stored is None else stored)]


def set_flows(book: RecordBook, body: object) -> list[dict[str, Any]]:
    """Write the org's flows anew.

    Raises:
        ApiError: 400, what came is no list of flows with different names and one target each.
    """
    if not isinstance(body, list):
        raise invalid_field("body", "must be a list of flows")
    flows: list[dict[str, Any]] = []
    for index, item in enumerate(cast("list[object]", body)):
        path = f"[{index}]"
        if not isinstance(item, dict):
            raise invalid_field(path, "must be an object")
        flow = read_fields(cast("dict[str, object]", item), _FLOW_FIELDS, path=f"{path}.")
        if len(flow["target"]) != 1:
            raise invalid_field(f"{path}.target", "must have agentUserName or queue")
        if any(flow["name"] == other["name"] for other in flows):
            raise invalid_field(f"{path}.name", "comes twice")
        flows.append(flow)
    book.documents.put(DocumentKind.FLOWS, "", flows)
    return flows


def choose_target(
    book: RecordBook,
    *,
    dialed_number: str | None,
    flow_name: str | None,
    fallback_queue: str | None,
) -> Target:
    """Return where a call goes (telephony-rest-api.md 3.5, "Precedence").

    First the channel with the dialed number, then the flow and the fallback queue of the request.
    The channel for any number counts only when the request names no flow.

    Raises:
        FlowError: No flow runs and there is no fallback queue.
    """
    flows = flows_of(book)
    channel = None if dialed_number is None else _channel(flows, dialed_number)
    if channel is None and flow_name is None and dialed_number is not None:
        channel = _channel(flows, ANY_NUMBER)
    named = next((flow for flow in flows if flow["name"] == flow_name), None)
    flow = channel or named
    if flow is not None:
        target = flow["target"]
        return Target(
            user_name=target.get("agentUserName"), queue=target.get("queue"), flow=flow["name"]
        )
    if fallback_queue is not None:
        return Target(queue=fallback_queue)
    if flow_name is not None:
        raise FlowError(f"there is no active flow {flow_name[:80]}")
    raise FlowError("no channel has the dialed number")


def _channel(flows: list[dict[str, Any]], number: str) -> dict[str, Any] | None:
    return next((flow for flow in flows if number in flow.get("phoneNumbers", ())), None)
