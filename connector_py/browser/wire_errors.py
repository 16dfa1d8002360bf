"""Errors on their way to JavaScript (`WireError` in web/types/bridge.d.ts)."""

from collections.abc import Mapping
from typing import Any

from connector_py.api import MethodFailed
from connector_py.entities import SharedErrorType
from connector_py.errors import ConnectorError, CustomError, LinkDownError


def wire_error(error: Exception) -> dict[str, str]:
    """Write an error so that the bridge can make one of the base connector's own from it."""
    if isinstance(error, CustomError):
        return {
            "kind": "custom",
            "labelName": error.label_name,
            "namespace": error.namespace,
            "message": str(error),
        }
    if isinstance(error, MethodFailed):
        return _typed(error.error_type, error.message)
    if isinstance(error, LinkDownError):
        return generic_error(error.message)  # ours: it says what to do and quotes nobody
    return generic_error(error.code if isinstance(error, ConnectorError) else type(error).__name__)


def generic_error(message: str) -> dict[str, str]:
    """Write an error that Salesforce has no better name for."""
    return _typed(SharedErrorType.GENERIC_ERROR, message)


def _typed(error_type: str, message: str) -> dict[str, str]:
    return {"kind": "type", "type": str(error_type), "message": message}


def log_fields(error: Exception) -> Mapping[str, Any]:
    """Say what failed and where.

    The message is left out: it may quote what came from Salesforce, such as a phone number.
    """
    fields = {"error": type(error).__name__, "where": _where(error)}
    if isinstance(error, ConnectorError):
        fields["code"] = error.code
    return fields


def _where(error: Exception) -> str:
    """Return the innermost function and its line; the `traceback` module is slow to import."""
    frame = error.__traceback__
    if frame is None:
        return "unknown"
    while frame.tb_next is not None:
        frame = frame.tb_next
    code = frame.tb_frame.f_code
    return f"{code.co_qualname}:{frame.tb_lineno}"
