"""What an org's administrators choose for all its agents, checked and told."""

import re

from connector_py.entities import CapabilitiesChanged, RefusalCode
from server.contact_center.desk import Desk
from server.contact_center.ledger import Ledger
from server.entities import DialError, TenantSettings
from server.errors import InvalidRequestError, NotFoundError
from server.store import Transaction

_NAME = r"[A-Za-z][A-Za-z0-9_]{0,79}"
_LABEL = re.compile(rf"{_NAME}\.{_NAME}")
_LONGEST_WAIT = 24 * 60 * 60
_MOST_LABELS = 1000
_MOST_SUPERVISORS = 1000


class SettingsOfTenants:
    """Reads and changes settings."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def read(self, tenant_id: str) -> TenantSettings:
        """Return an org's settings; see `ContactCenter.tenant_settings`."""

        def work(tx: Transaction) -> TenantSettings:
            _check_tenant(tx, tenant_id)
            return tx.tenant_settings(tenant_id)

        return await self._desk.parts.store.run(work)

    async def change(self, tenant_id: str, settings: TenantSettings) -> None:
        """Write all of an org's settings; see `ContactCenter.change_tenant_settings`."""
        check(settings)

        def work(ledger: Ledger) -> None:
            _check_tenant(ledger.tx, tenant_id)
            before = ledger.tx.tenant_settings(tenant_id)
            ledger.tx.save_tenant_settings(tenant_id, settings)
            is_same = (
                before.shared_capabilities == settings.shared_capabilities
                and before.voice_capabilities == settings.voice_capabilities
            )
            if not is_same:
                _tell(ledger, tenant_id, settings)

        await self._desk.write(work)


def check(settings: TenantSettings) -> None:
    """Check what the types do not say.

    Raises:
        InvalidRequestError: Names the field on the wire.
    """
    if len(settings.labels) > _MOST_LABELS:
        raise InvalidRequestError(f"There can be {_MOST_LABELS} labels at most.", field="labels")
    for label in settings.labels:
        if not _LABEL.fullmatch(label):
            raise InvalidRequestError(
                "A label is written as namespace.labelName; without a namespace as c.labelName.",
                field="labels",
            )
    names = settings.supervisors or ()
    if len(names) > _MOST_SUPERVISORS or not all(name.strip() for name in names):
        raise InvalidRequestError(
            f"supervisors are the user names of {_MOST_SUPERVISORS} agents at most; null is "
            "everybody whom Salesforce lets.",
            field="supervisors",
        )
    for seconds in settings.queue_wait_seconds.values():
        if not 0 <= seconds <= _LONGEST_WAIT:
            raise InvalidRequestError("A wait is 0 seconds to one day.", field="queueWaitSeconds")
    _check_error(settings)


def _check_error(settings: TenantSettings) -> None:
    error = settings.error
    if error is None:
        return
    if (error.namespace is None) != (error.label_name is None):
        raise InvalidRequestError("A label has a namespace and a name.", field="error.label")
    if error.namespace is not None and not _LABEL.fullmatch(
        f"{error.namespace}.{error.label_name}"
    ):
        raise InvalidRequestError("A label is written as namespace.labelName.", field="error.label")
    known = (*DialError, *RefusalCode)
    if error.code is not None and error.code not in known:
        raise InvalidRequestError(f"code must be one of: {', '.join(known)}.", field="error.code")


def _tell(ledger: Ledger, tenant_id: str, settings: TenantSettings) -> None:
    """Tell the connectors that are there; others get it with their welcome."""
    for agent in ledger.tx.agents(tenant_id):
        if agent.link is not None and agent.link.is_open:
            ledger.tell(
                agent.key,
                CapabilitiesChanged(
                    shared_capabilities=settings.shared_capabilities,
                    voice_capabilities=settings.voice_capabilities,
                ),
            )


def _check_tenant(tx: Transaction, tenant_id: str) -> None:
    if tx.tenant(tenant_id) is None:
        raise NotFoundError("There is no such org.")
