"""The choice of a database by its URL."""

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from server.entities import IdSource
from server.store.base import Store, StoreError
from server.store.sqlite import SqliteStore


async def open_store(url: str, *, ids: IdSource) -> Store:
    """Open a database and bring its tables up to date.

    Args:
        url: `sqlite:///path/to/file`.
        ids: Makes the epochs of new streams.

    Raises:
        StoreError: The URL is of another kind, or the file cannot be used: not writable, newer
            than this program, or in use by another process.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StoreError(
            "The database URL cannot be read; use sqlite:///path/to/file", field="database_url"
        ) from None
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        raise StoreError(
            f"There is no store for {parsed.drivername!r}; use sqlite:///path/to/file",
            field="database_url",
        )
    return await SqliteStore.open(parsed.database, ids=ids)
