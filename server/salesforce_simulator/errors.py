"""Refusals of the simulated org, in the shape {"code", "message"} with a true status.

The real bodies are not documented (telephony-rest-api.md 3.13); Salesforce's related APIs use
these two members.
"""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response


class ApiError(Exception):
    """A request that the simulated org refuses.

    Args:
        status: HTTP status of the answer.
        code: Short upper-case name.
        message: What is wrong, with the field's name where there is one.
    """

    def __init__(self, status: HTTPStatus, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


class FlowError(ApiError):
    """A flow that failed; its answer is {"errors": [...]} (telephony-rest-api.md 3.5)."""

    def __init__(self, *errors: str) -> None:
        super().__init__(HTTPStatus.BAD_REQUEST, "FLOW_FAILED", "; ".join(errors))
        self.errors = errors


def not_found() -> ApiError:
    """Return the refusal of a request about a VoiceCall that does not exist."""
    return ApiError(HTTPStatus.NOT_FOUND, "NOT_FOUND", "there is no such VoiceCall")


def conflict(code: str, message: str) -> ApiError:
    """Return the refusal of a request that does not fit the state of things."""
    return ApiError(HTTPStatus.CONFLICT, code, message)


def invalid_field(field: str, rule: str) -> ApiError:
    """Return the refusal of a field that breaks a rule."""
    return ApiError(HTTPStatus.BAD_REQUEST, "INVALID_FIELD", f"{field} {rule}")


def unauthorized(message: str) -> ApiError:
    """Return the refusal of a token."""
    return ApiError(HTTPStatus.UNAUTHORIZED, "INVALID_TOKEN", message)


async def answer_api_error(_request: Request, error: Exception) -> Response:
    """Turn a refusal into its answer (registered with Starlette for ApiError)."""
    if not isinstance(error, ApiError):
        raise error
    if isinstance(error, FlowError):
        return JSONResponse({"errors": list(error.errors)}, status_code=error.status)
    return JSONResponse({"code": error.code, "message": error.message}, status_code=error.status)
