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
from server.contact_center.link_errors import labelled
from server.entities import TenantSettings

_MESSAGE = "An error was ordered in this org's settings; take it away there"
_FACTS = (ReportPresenceStatuses, ReportAgentWork)
"""What a connector tells without asking for anything."""


def simulated_error(settings: TenantSettings, command: Command) -> LinkError | None:
    """Return the error that is set, if there is one and the command asks for something."""
    error = settings.error
    if error is None or isinstance(command, _FACTS):
        return None
    plain = LinkError(code=error.code or RefusalCode.SWITCH_FAILED, message=_MESSAGE)
    return labelled(plain, settings, error.namespace, error.label_name)
