"""Errors as answers: the one place that gives them their shape.

`{"error": {"code": …, "message": …, "field": …}}`, `field` only where one is to blame.
"""

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from server.errors import ServerError, TooManyRequestsError

_INTERNAL = "The server failed. Its log says why."


def error_response(error: Exception) -> JSONResponse:
    """Return the answer to a request that ended in an error.

    Args:
        error: A `ServerError`, or an `HTTPException` of the framework. Anything else is a fault
            of the server and says nothing about itself.
    """
    if isinstance(error, ServerError):
        return _answer(error)
    if isinstance(error, HTTPException):
        code = HTTPStatus(error.status_code).name.lower()
        body = {"error": {"code": code, "message": f"{error.detail}."}}
        return JSONResponse(body, error.status_code, dict(error.headers or {}))
    return JSONResponse({"error": {"code": "internal", "message": _INTERNAL}}, 500)


def _answer(error: ServerError) -> JSONResponse:
    body = {"code": error.code, "message": error.message}
    if error.field is not None:
        body["field"] = error.field
    headers: dict[str, str] = {}
    if isinstance(error, TooManyRequestsError):
        headers["Retry-After"] = str(error.retry_after)
    return JSONResponse({"error": body}, error.status, headers)
