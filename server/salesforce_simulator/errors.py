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
    return JSONResponse({"code": error.code, "message": error.message}, status_code=error.status)
