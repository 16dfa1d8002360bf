"""What the switch could not do, in the words of the link."""

from connector_py.entities import LinkError, RefusalCode
from server.pbx import SwitchError, UnknownCallError, UnknownParticipantError


def link_error(error: SwitchError) -> LinkError:
    """Return why something was refused or failed, from what the switch says."""
    return LinkError(code=_code(error), message=error.message)


def _code(error: SwitchError) -> RefusalCode:
    match error:
        case UnknownCallError():
            return RefusalCode.CALL_NOT_FOUND
        case UnknownParticipantError():
            return RefusalCode.INVALID_PARTICIPANT
        case _:
            return RefusalCode.SWITCH_FAILED
