"""Presence statuses both ways (guide chapter 12, "Two-Way Agent Status Syncing").

Salesforce names its statuses when a connector starts; the table of an org maps each to a status of
the telephony system, and administrators may change those names.
"""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import count

from connector_py.entities import (
    AgentStatusInfo,
    PresenceStatus,
    RefusalCode,
    Reply,
    ReportPresenceStatuses,
)
from connector_py.errors import CommandRefusedError
from server.contact_center import agent_changes
from server.contact_center.desk import Desk
from server.contact_center.ledger import Ledger
from server.contact_center.requests import Request, settle
from server.entities import AgentKey, MappedStatus
from server.errors import ConflictError, InvalidRequestError, NotFoundError
from server.logs import get_logger
from server.store import Transaction

log = get_logger(__name__)

OFFLINE_STATUS_ID = "0"
"""Guide chapter 12: the status that is reserved for Offline."""
MOST_STATUSES = 500
"""Most presence statuses of an org; nothing is ever dropped, so there must be an end."""
_LONGEST_NAME = 255
_LONGEST_ID = 255
_LONGEST_PREFIX = 240
_SHORT_ID, _LONG_ID = 15, 18


class Statuses:
    """Keeps the table, and asks Salesforce for statuses."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def report(self, request: Request[ReportPresenceStatuses]) -> Reply:
        """Take over the presence statuses that Salesforce named.

        An agent may have fewer than the org, so that none is ever dropped.

        Raises:
            CommandRefusedError: An id or a name does not fit, or the org would have too many; then
                nothing is taken over.
        """
        tenant_id, statuses = request.agent.tenant_id, request.command.statuses
        _check_report(statuses)

        def work(ledger: Ledger) -> None:
            # All is read once and worked out in memory: everybody waits for this transaction.
            before = ledger.tx.presence_statuses(tenant_id)
            changed = _changed_by(before, statuses)
            known = {one.status_id for one in before}
            added = sum(one.status_id not in known for one in changed)
            if added and len(before) + added > MOST_STATUSES:
                log.warning("presence statuses refused", known=len(before), added=added)
                raise _refused(f"An org has at most {MOST_STATUSES} presence statuses")
            for status in changed:
                ledger.tx.save_presence_status(tenant_id, status)

        return await settle(self._desk, request, work)

    async def of_tenant(self, tenant_id: str) -> Sequence[MappedStatus]:
        """Return the table of an org; see `ContactCenter.status_map`."""
        return await self._desk.parts.store.run(lambda tx: tx.presence_statuses(tenant_id))

    async def rename(self, tenant_id: str, names: Mapping[str, str]) -> None:
        """Change what the telephony system calls statuses; see `ContactCenter.rename_statuses`."""
        await self._desk.write(lambda ledger: rename_statuses(ledger.tx, tenant_id, names))

    def request(
        self, agent: AgentKey, *, status_id: str | None, telephony_status: str | None
    ) -> Callable[[Ledger], None]:
        """Return what asks Salesforce for a status; see `ContactCenter.request_agent_status`."""
        if (status_id is None) == (telephony_status is None):
            raise InvalidRequestError("Name a status by its id or by its telephony status.")

        def work(ledger: Ledger) -> None:
            known = ledger.tx.agent(agent)
            if known is None:
                raise NotFoundError("There is no such agent.")
            info = _wanted(
                ledger.tx.presence_statuses(agent.tenant_id), status_id, telephony_status
            )
            agent_changes.status_requested(ledger, known, info)

        return work


def is_known_status(statuses: Sequence[MappedStatus], status_id: str) -> bool:
    """Tell whether an org has a presence status; before any was named, every one counts.

    Salesforce writes an id with 15 or with 18 characters.
    """
    if not statuses or status_id == OFFLINE_STATUS_ID:
        return True
    return any(_is_same(one.status_id, status_id) for one in statuses)


def rename_statuses(tx: Transaction, tenant_id: str, names: Mapping[str, str]) -> None:
    """Change what the telephony system calls presence statuses.

    Args:
        tx: The transaction.
        tenant_id: The org.
        names: New telephony statuses by the presence statuses' ids.

    Raises:
        NotFoundError: The org has no such presence status.
        InvalidRequestError: A name is empty or too long.
        ConflictError: Two presence statuses would have the same name.
    """
    known = {one.status_id: one for one in tx.presence_statuses(tenant_id)}
    changed: dict[str, MappedStatus] = {}
    for given, name in names.items():
        status = next((one for one in known.values() if _is_same(one.status_id, given)), None)
        if status is None:
            raise NotFoundError("The org has no such presence status.", field="statusId")
        if not 0 < len(name.strip()) <= _LONGEST_NAME:
            raise InvalidRequestError(
                f"A telephony status has 1 to {_LONGEST_NAME} characters.", field="telephonyStatus"
            )
        changed[status.status_id] = replace(status, telephony_status=name.strip())
    after = known | changed
    if len({one.telephony_status for one in after.values()}) != len(after):
        raise ConflictError(
            "Each presence status needs a telephony status of its own.", field="telephonyStatus"
        )
    # Two statuses may swap their names, hence in two steps.
    for status in changed.values():
        aside = replace(status, telephony_status=f"{status.status_id}\n")
        tx.save_presence_status(tenant_id, aside)
    for status in changed.values():
        tx.save_presence_status(tenant_id, status)


def _wanted(
    statuses: Sequence[MappedStatus], status_id: str | None, telephony_status: str | None
) -> AgentStatusInfo:
    for status in statuses:
        is_it = status.telephony_status == telephony_status or (
            status_id is not None and _is_same(status.status_id, status_id)
        )
        if is_it:
            return AgentStatusInfo(status_id=status.status_id, status_name=status.status_name)
    if status_id and is_known_status(statuses, status_id):
        return AgentStatusInfo(status_id=status_id)
    raise NotFoundError("The org has no such presence status.", field="status")


def _check_report(statuses: Sequence[PresenceStatus]) -> None:
    if len(statuses) > MOST_STATUSES:
        raise _refused(f"A report names at most {MOST_STATUSES} presence statuses")
    for status in statuses:
        if not 0 < len(status.status_id) <= _LONGEST_ID:
            raise _refused(f"A presence status's id has 1 to {_LONGEST_ID} characters")
        if len(status.status_name) > _LONGEST_NAME:
            raise _refused(f"A presence status's name has at most {_LONGEST_NAME} characters")
        # Administrators see both in a terminal.
        if any(unicodedata.category(one) == "Cc" for one in status.status_id + status.status_name):
            raise _refused("A presence status's id and name hold no control characters")


def _refused(message: str) -> CommandRefusedError:
    return CommandRefusedError(RefusalCode.INVALID_REQUEST, message)


def _changed_by(
    before: Sequence[MappedStatus], statuses: Sequence[PresenceStatus]
) -> Sequence[MappedStatus]:
    """Return the entries of the table that a report adds or changes."""
    table = {_key(one.status_id): one for one in before}
    taken = {one.telephony_status for one in before}
    changed: dict[str, MappedStatus] = {}
    for status in statuses:
        key = _key(status.status_id)
        known = table.get(key)
        after = MappedStatus(
            status_id=known.status_id if known else status.status_id,
            status_name=status.status_name,
            has_channels=status.has_channels,
            is_offline=status.is_offline,
            telephony_status=known.telephony_status if known else _first_name(status, taken),
        )
        if after != known:
            table[key] = changed[key] = after
            taken.add(after.telephony_status)
    return list(changed.values())


def _first_name(status: PresenceStatus, taken: set[str]) -> str:
    """Return what the telephony system calls a status as long as nobody chose another name."""
    name = "_".join(status.status_name.casefold().split())[:_LONGEST_NAME]
    if name and name not in taken:
        return name
    if status.status_id not in taken:
        return status.status_id
    # An administrator, or another status, has even the id as its name.
    numbered = (f"{status.status_id[:_LONGEST_PREFIX]}_{number}" for number in count(2))
    return next(one for one in numbered if one not in taken)


def _is_same(one: str, other: str) -> bool:
    return _key(one) == _key(other)


def _key(status_id: str) -> str:
    """Return what both spellings share: the last 3 of 18 characters are a checksum."""
    return status_id[:_SHORT_ID] if len(status_id) == _LONG_ID else status_id
