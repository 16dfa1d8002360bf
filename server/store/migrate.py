"""Brings the tables of a database up to date, with Alembic."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

from server.store.base import StoreError

_SCRIPTS = Path(__file__).parent / "migrations"


def migrate(connection: Connection) -> None:
    """Run the migrations that are missing, within the connection's transaction.

    Raises:
        StoreError: The database was made by a newer version of this program.
    """
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    scripts = ScriptDirectory.from_config(config)
    current = MigrationContext.configure(connection).get_current_revision()
    if current == scripts.get_current_head():
        return
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StoreError(
            f"The database has the version {current}, which this program does not know; "
            "use the program that made it, or a newer one"
        ) from error
