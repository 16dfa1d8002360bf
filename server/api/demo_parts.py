"""What the demo's endpoints share: who is meant, what was sent, what was refused."""

import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import JSONResponse

from connector_py.entities import LinkError, RefusalCode, from_wire
from connector_py.errors import ValidationError
from server.api.services import Services, demo_of, services_of
from server.entities import Agent
from server.errors import ConflictError, InvalidRequestError, NotFoundError
from server.pbx import (
    SwitchError,
    UnknownCallError,
    UnknownDestinationError,
    UnknownParticipantError,
)

T = TypeVar("T")

_STATUSES: Mapping[str, HTTPStatus] = MappingProxyType(
    {
        RefusalCode.INVALID_REQUEST: HTTPStatus.BAD_REQUEST,
        RefusalCode.INVALID_DESTINATION: HTTPStatus.BAD_REQUEST,
        RefusalCode.INVALID_AGENT_STATUS: HTTPStatus.BAD_REQUEST,
        RefusalCode.INVALID_PHONE_NUMBER: HTTPStatus.BAD_REQUEST,
        RefusalCode.CALL_NOT_FOUND: HTTPStatus.NOT_FOUND,
        RefusalCode.INVALID_PARTICIPANT: HTTPStatus.NOT_FOUND,
        RefusalCode.SWITCH_FAILED: HTTPStatus.BAD_GATEWAY,
        RefusalCode.INTERNAL: HTTPStatus.INTERNAL_SERVER_ERROR,
    }
)
_LONGEST_FIELDS = 16 * 1024
_NO_FIELDS: Mapping[str, str] = MappingProxyType({})


async def agent_named(services: Services, user_name: str, *, field: str) -> Agent:
    """Return an agent of the demo's org.

    Raises:
        NotFoundError: There is none with that Salesforce user name.
    """
    tenant_id = demo_of(services).tenant_id
    agent = await services.store.run(
        lambda transaction: transaction.agent_by_user_name(tenant_id, user_name)
    )
    if agent is None:
        raise NotFoundError("There is no such agent.", field=field)
    return agent


async def agent_in_path(request: Request) -> Agent:
    """Return the agent whom the request's path names.

    Raises:
        NotFoundError: There is none with that Salesforce user name.
    """
    user_name: str = request.path_params["user_name"]
    return await agent_named(services_of(request), user_name, field="userName")


def read_entity(cls: type[T], body: Mapping[str, Any], *, path: str = "") -> T:
    """Make an entity out of a request's body.

    Args:
        cls: The class.
        body: The body, or the part of it.
        path: Name of that part, for errors.

    Raises:
        InvalidRequestError: It does not fit; names the field and what was expected.
    """
    try:
        return from_wire(cls, body, path=path)
    except ValidationError as error:
        raise InvalidRequestError(
            f"{error.field} must be {error.expected}.", field=error.field
        ) from None


def object_field(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return a field that must be a JSON object.

    Raises:
        InvalidRequestError: It is missing, or something else.
    """
    value = body.get(name)
    if not isinstance(value, dict):
        raise InvalidRequestError(f"{name} must be a JSON object.", field=name)
    return value  # pyright: ignore[reportUnknownVariableType] - keys of JSON are texts


def flag(body: Mapping[str, Any], name: str) -> bool:
    """Return a field that is true or false; false when it is missing.

    Raises:
        InvalidRequestError: It is something else.
    """
    value = body.get(name)
    if value is not None and not isinstance(value, bool):
        raise InvalidRequestError(f"{name} must be true or false.", field=name)
    return bool(value)


def additional_fields(body: Mapping[str, Any]) -> str | None:
    """Return `additionalFields`, the fields of a VoiceCall record, as JSON text.

    Raises:
        InvalidRequestError: It is something else than an object, or too long.
    """
    fields = body.get("additionalFields")
    if fields is None:
        return None
    text = json.dumps(fields)
    if not isinstance(fields, dict) or len(text) > _LONGEST_FIELDS:
        raise InvalidRequestError(
            f"additionalFields must be a JSON object of at most {_LONGEST_FIELDS} bytes.",
            field="additionalFields",
        )
    return text


@asynccontextmanager
async def asking_switch(*, number_field: str | None = None) -> AsyncGenerator[None]:
    """Turn what the switch refuses in the block into answers.

    Args:
        number_field: The request's field with whom to call, if it has one.

    Raises:
        NotFoundError: The switch has no such call or participant.
        InvalidRequestError: It cannot dial that.
        ConflictError: It cannot do it now.
    """
    try:
        yield
    except (UnknownCallError, UnknownParticipantError) as error:
        raise NotFoundError(error.message) from None
    except UnknownDestinationError as error:
        raise InvalidRequestError(error.message, field=number_field) from None
    except SwitchError as error:
        raise ConflictError(error.message) from None


def refusal(error: LinkError, fields: Mapping[str, str] = _NO_FIELDS) -> JSONResponse:
    """Return the answer to a command that was refused, with the refusal's own code.

    Args:
        error: The refusal.
        fields: Which field of the request a code is about, if it is about one.
    """
    status = _STATUSES.get(error.code, HTTPStatus.CONFLICT)
    message = error.message
    if error.label_name is not None:
        message = f"{message} ({error.namespace}.{error.label_name})"
    body = {"code": error.code, "message": message}
    if error.code in fields:
        body["field"] = fields[error.code]
    return JSONResponse({"error": body}, status.value)
