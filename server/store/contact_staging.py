"""A phone book on its way into the database, in steps that keep nobody waiting.

It is collected in a table of the connection's own, which is gone when the process ends, and enters
the phone book by one statement.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, text

from connector_py.entities import Contact
from server.store.contact_rows import contact_values

_TABLE = text("""
    CREATE TEMPORARY TABLE IF NOT EXISTS staged_contacts (
        import_id TEXT, contact_id TEXT, contact_type TEXT, sort_key TEXT, search_text TEXT,
        contact TEXT, PRIMARY KEY (import_id, contact_id)
    ) WITHOUT ROWID
""")
_STAGE = text("""
    INSERT OR REPLACE INTO staged_contacts VALUES
        (:import_id, :contact_id, :contact_type, :sort_key, :search_text, :contact)
""")
_SAVE = text("""
    INSERT INTO contacts (tenant_id, contact_id, contact_type, sort_key, search_text, contact)
    SELECT :tenant_id, contact_id, contact_type, sort_key, search_text, contact
    FROM staged_contacts WHERE import_id = :import_id
    ON CONFLICT (tenant_id, contact_id) DO UPDATE SET
        contact_type = excluded.contact_type, sort_key = excluded.sort_key,
        search_text = excluded.search_text, contact = excluded.contact
""")
_DROP = text("DELETE FROM staged_contacts WHERE import_id = :import_id")


class ContactStaging:
    """Implements `ContactStagingTransaction`."""

    _connection: Connection

    def stage_contacts(self, import_id: str, contacts: Sequence[Contact]) -> None:
        """Collect some of the contacts of an import."""
        self._connection.execute(_TABLE)
        rows = [{"import_id": import_id, **contact_values(one)} for one in contacts]
        if rows:
            self._connection.execute(_STAGE, rows)

    def save_staged_contacts(self, tenant_id: str, import_id: str) -> None:
        """Add what an import collected to the phone book, or replace those with the same id."""
        self._connection.execute(_TABLE)
        self._connection.execute(_SAVE, {"tenant_id": tenant_id, "import_id": import_id})

    def drop_staged_contacts(self, import_id: str) -> None:
        """Forget what an import collected."""
        self._connection.execute(_TABLE)
        self._connection.execute(_DROP, {"import_id": import_id})
