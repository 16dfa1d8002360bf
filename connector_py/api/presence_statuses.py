"""The presence statuses that Salesforce offers the agent (guide chapter 12, status syncing)."""

import json
from collections.abc import Mapping
from typing import Any, cast

from connector_py.entities import PresenceStatus
from connector_py.errors import ValidationError

_FIELD = "connectorConfig.userPresenceStatuses"


def read_presence_statuses(config: Mapping[str, Any]) -> tuple[PresenceStatus, ...]:
    """Return the statuses in a connectorConfig; none when it does not name any.

    Args:
        config: Salesforce's configuration; `userPresenceStatuses` is JSON text, status id →
            `{statusName, hasChannels, isOffline, statusId}`, the two flags as text.

    Raises:
        ValidationError: It is no such text. The value is not repeated.
    """
    given: object = config.get("userPresenceStatuses")
    if not given:
        return ()
    if isinstance(given, str):
        try:
            given = json.loads(given)
        except ValueError:
            raise ValidationError(_FIELD, "…", "JSON") from None
    if not isinstance(given, Mapping):
        raise ValidationError(_FIELD, "…", "a map of statuses")
    entries = cast("Mapping[str, object]", given)
    return tuple(_status(str(status_id), entry) for status_id, entry in entries.items())


def _status(status_id: str, entry: object) -> PresenceStatus:
    if not isinstance(entry, Mapping):
        raise ValidationError(f"{_FIELD}.{status_id}", "…", "a status")
    fields = cast("Mapping[str, object]", entry)
    name = fields.get("statusName")
    if not isinstance(name, str) or not name:
        raise ValidationError(f"{_FIELD}.{status_id}.statusName", "…", "text")
    return PresenceStatus(
        status_id=str(fields.get("statusId") or status_id),
        status_name=name,
        has_channels=_is_true(fields.get("hasChannels")),
        is_offline=_is_true(fields.get("isOffline")),
    )


def _is_true(value: object) -> bool:
    return value is True or (isinstance(value, str) and value.casefold() == "true")
