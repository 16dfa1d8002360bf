"""What the demo's administrator chooses: settings of the org, and its table of statuses."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, cast

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from connector_py.entities import (
    CallInfo,
    SharedCapabilitiesResult,
    VoiceCapabilitiesResult,
    to_wire,
)
from connector_py.entities.wire import wire_fields
from server.api.body import json_body, optional_text, text_field
from server.api.demo_parts import object_field, read_entity
from server.api.demo_views import settings_json
from server.api.services import Services, demo_of, services_of
from server.entities import SimulatedError, TenantSettings
from server.errors import InvalidRequestError

_OBJECTS: Mapping[str, type[Any]] = MappingProxyType(
    {
        "sharedCapabilities": SharedCapabilitiesResult,
        "voiceCapabilities": VoiceCapabilitiesResult,
        "callInfo": CallInfo,
        "thirdPartyCallInfo": CallInfo,
    }
)
"""Settings of which a part can be sent: what is left out stays as it is."""


async def settings(request: Request) -> Response:
    """Return the org's settings: `GET /demo/v1/settings`."""
    services = services_of(request)
    tenant_id = demo_of(services).tenant_id
    return JSONResponse(settings_json(await services.contact_center.tenant_settings(tenant_id)))


async def change_settings(request: Request) -> Response:
    """Change some of them: `PUT /demo/v1/settings {…}`; what is left out stays."""
    services = services_of(request)
    demo = demo_of(services)
    body = await json_body(request)
    # Two pages may change different settings at once.
    async with demo.settings_lock:
        before = await services.contact_center.tenant_settings(demo.tenant_id)
        after = changed_settings(before, body)
        await services.contact_center.change_tenant_settings(demo.tenant_id, after)
    return JSONResponse(settings_json(after))


def changed_settings(before: TenantSettings, body: Mapping[str, Any]) -> TenantSettings:
    """Return settings with the given ones changed.

    Args:
        before: The settings until now.
        body: Some of them in wire form; objects may be given in part, `error` is null, an empty
            object, `{"label": "namespace.name"}` or `{"code": …}`.

    Raises:
        InvalidRequestError: A setting is unknown or does not fit; names it.
    """
    known = {field.wire_name for field in wire_fields(TenantSettings)}
    _refuse_unknown(body, known)
    wire: dict[str, Any] = to_wire(replace(before, error=None))
    for name, value in body.items():
        if name in _OBJECTS:
            part = object_field(body, name)
            allowed = {field.wire_name for field in wire_fields(_OBJECTS[name])}
            _refuse_unknown(part, allowed, path=f"{name}.")
            wire[name] = {**wire[name], **part}
        elif name != "error":
            wire[name] = value
    error = _read_error(body["error"]) if "error" in body else before.error
    return replace(read_entity(TenantSettings, wire), error=error)


def _refuse_unknown(body: Mapping[str, Any], known: set[str], *, path: str = "") -> None:
    unknown = next((name for name in body if name not in known), None)
    if unknown is not None:
        raise InvalidRequestError(
            f"There is no such setting; known are: {', '.join(sorted(known))}.",
            field=f"{path}{unknown}"[:100],
        )


def _read_error(value: object) -> SimulatedError | None:
    if value is None:
        return None
    if not isinstance(value, dict):
        raise InvalidRequestError("error must be null or a JSON object.", field="error")
    body = cast("dict[str, Any]", value)
    _refuse_unknown(body, {"label", "code"}, path="error.")
    label = optional_text(body, "label")
    if label is None:
        return SimulatedError(code=optional_text(body, "code"))
    namespace, _, label_name = label.partition(".")
    if not namespace or not label_name:
        raise InvalidRequestError(
            "A label is written as namespace.labelName; without a namespace as c.labelName.",
            field="error.label",
        )
    return SimulatedError(
        namespace=namespace, label_name=label_name, code=optional_text(body, "code")
    )


async def status_map(request: Request) -> Response:
    """Return the table of statuses: `GET /demo/v1/status-map`."""
    return JSONResponse(await _status_map(services_of(request)))


async def change_status_map(request: Request) -> Response:
    """Rename telephony statuses: `PUT /demo/v1/status-map {"statuses": […]}`.

    Each has a `statusId` and a `telephonyStatus`; without one it stays as it is.
    """
    services = services_of(request)
    names = _names((await json_body(request)).get("statuses"))
    await services.contact_center.rename_statuses(demo_of(services).tenant_id, names)
    return JSONResponse(await _status_map(services))


async def _status_map(services: Services) -> list[dict[str, Any]]:
    mapped = await services.contact_center.status_map(demo_of(services).tenant_id)
    return [to_wire(status) for status in mapped]


def _names(value: object) -> dict[str, str]:
    if not isinstance(value, list):
        raise InvalidRequestError("statuses must be a list.", field="statuses")
    names: dict[str, str] = {}
    for item in cast("list[object]", value):
        if not isinstance(item, dict):
            raise InvalidRequestError("statuses must be a list of objects.", field="statuses")
        entry = cast("dict[str, Any]", item)
        if entry.get("telephonyStatus") is not None:
            names[text_field(entry, "statusId")] = text_field(entry, "telephonyStatus")
    return names
