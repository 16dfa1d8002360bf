"""What the switch could not do, in the words of the link, and in the org's own."""

from dataclasses import replace

from connector_py.entities import LinkError, RefusalCode
from server.entities import DialError, TenantSettings
from server.logs import get_logger
from server.pbx import (
    SwitchError,
    UnknownCallError,
    UnknownDestinationError,
    UnknownParticipantError,
)

_log = get_logger(__name__)


def link_error(settings: TenantSettings, error: SwitchError) -> LinkError:
    """Return why something was refused or failed, from what the switch says.

    Args:
        settings: The org's, with the labels that it has.
        error: What the switch says.
    """
    plain = LinkError(code=_code(error), message=error.message)
    label = error.label
    if label is None:
        return plain
    return labelled(plain, settings, label.namespace, label.name)


def labelled(
    error: LinkError, settings: TenantSettings, namespace: str | None, name: str | None
) -> LinkError:
    """Return an error with the custom label that Salesforce is to show.

    A label that the org does not have is not sent: Salesforce would show "We couldn't find" it.
    """
    if namespace is None or name is None:
        return error
    label = f"{namespace}.{name}"
    if label not in settings.labels:
        _log.warning("unknown_label", label=label)
        return error
    return replace(error, namespace=namespace, label_name=name)


def _code(error: SwitchError) -> str:
    if error.refusal_code is not None:
        if error.refusal_code in (*RefusalCode, *DialError):
            return error.refusal_code
        _log.warning("unknown_refusal_code", error_type=type(error).__name__)
    match error:
        case UnknownCallError():
            return RefusalCode.CALL_NOT_FOUND
        case UnknownParticipantError():
            return RefusalCode.INVALID_PARTICIPANT
        case UnknownDestinationError():
            return RefusalCode.INVALID_DESTINATION
        case _:
            return RefusalCode.SWITCH_FAILED
