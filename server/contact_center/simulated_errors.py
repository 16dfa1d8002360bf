"""Errors on purpose, for trying out what Salesforce shows (guide chapter 8).

"Test Custom Error Messages": while an error is set, everything that a connector asks for is
refused before anything happens (demo-connector.md 5.12).
"""

from connector_py.entities import (
    Command,
    LinkError,
    RefusalCode,
    ReportAgentWork,
    ReportPresenceStatuses,
)
from server.entities import TenantSettings
from server.logs import get_logger

_log = get_logger(__name__)

DIAL_ERRORS = (
    "AREA_CODE_NOT_IN_DIALABLE_LIST",
    "PHONE_NUMBER_NOT_VALID",
    "PHONE_NUMBER_NOT_VALID_E164_FORMAT",
    "UNAUTHORIZED_SERVICE_CALL",
    "AGENT_AT_MAXIMUM_CAPACITY",
    "OUTBOUND_QUEUE_MISCONFIGURED",
    "CALL_THROTTLED",
    "TIMEOUT_ERROR",
    "UNABLE_TO_CONNECT_TO_AGENT",
    "AGENT_NOT_INITIALIZED",
)
"""Why a call cannot be placed, by names of their own (connector-api.md section 0)."""

_MESSAGE = "An error was ordered in this org's settings; take it away there"
_FACTS = (ReportPresenceStatuses, ReportAgentWork)
"""What a connector tells without asking for anything."""


def simulated_error(settings: TenantSettings, command: Command) -> LinkError | None:
    """Return the error that is set, if there is one and the command asks for something.

    A label that the org does not have is not sent: Salesforce would show "We couldn't find" it.
    """
    error = settings.error
    if error is None or isinstance(command, _FACTS):
        return None
    code = error.code or RefusalCode.SWITCH_FAILED
    if error.namespace is None or error.label_name is None:
        return LinkError(code=code, message=_MESSAGE)
    label = f"{error.namespace}.{error.label_name}"
    if label not in settings.labels:
        _log.warning("unknown_label", label=label)
        return LinkError(code=code, message=_MESSAGE)
    return LinkError(
        code=code, message=_MESSAGE, namespace=error.namespace, label_name=error.label_name
    )
