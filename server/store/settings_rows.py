"""What an org's administrators chose, and its presence statuses, in the database."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, select
from sqlalchemy.dialects.sqlite import insert as upsert

from server.entities import MappedStatus, TenantSettings
from server.store.json_text import read_json, write_json
from server.store.tables import presence_statuses, tenant_settings

_KEPT_SETTINGS = 64


class SettingsRows:
    """Implements `SettingsTransaction`."""

    _connection: Connection

    def tenant_settings(self, tenant_id: str) -> TenantSettings:
        """Return an org's settings; those that were never chosen are the usual ones."""
        text = self._connection.execute(
            select(tenant_settings.c.settings).where(tenant_settings.c.tenant_id == tenant_id)
        ).scalar_one_or_none()
        return TenantSettings() if text is None else _settings(text)

    def save_tenant_settings(self, tenant_id: str, settings: TenantSettings) -> None:
        """Write all of an org's settings."""
        text = write_json(settings)
        self._connection.execute(
            upsert(tenant_settings)
            .values(tenant_id=tenant_id, settings=text)
            .on_conflict_do_update(index_elements=["tenant_id"], set_={"settings": text})
        )

    def presence_statuses(self, tenant_id: str) -> Sequence[MappedStatus]:
        """Return an org's presence statuses, by id."""
        rows = self._connection.execute(
            select(presence_statuses)
            .where(presence_statuses.c.tenant_id == tenant_id)
            .order_by(presence_statuses.c.status_id)
        )
        return [_status(row) for row in rows]

    def save_presence_status(self, tenant_id: str, status: MappedStatus) -> None:
        """Add or replace a presence status."""
        values = {
            "status_name": status.status_name,
            "has_channels": status.has_channels,
            "is_offline": status.is_offline,
            "telephony_status": status.telephony_status,
        }
        keys = {"tenant_id": tenant_id, "status_id": status.status_id}
        self._connection.execute(
            upsert(presence_statuses)
            .values(**keys, **values)
            .on_conflict_do_update(index_elements=list(keys), set_=values)
        )


@lru_cache(maxsize=_KEPT_SETTINGS)
def _settings(text: str) -> TenantSettings:
    """Read settings; every command needs its org's, and they seldom change."""
    return read_json(TenantSettings, text)


def _status(row: Row[Any]) -> MappedStatus:
    return MappedStatus(
        status_id=row.status_id,
        status_name=row.status_name,
        has_channels=row.has_channels,
        is_offline=row.is_offline,
        telephony_status=row.telephony_status,
    )
