"""SQLite: one file, one writer process, one thread, one connection.

One connection, because SQLite before 3.51.3 can corrupt a database in WAL mode when two
connections write and checkpoint at the same time.
"""

import asyncio
import fcntl
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Self, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError, ProgrammingError
from sqlalchemy.pool import StaticPool

from server.entities import IdSource, SwitchMemory
from server.store.agent_rows import AgentRows
from server.store.base import StoreError, StoreRuleError, Transaction
from server.store.call_rows import CallRows
from server.store.contact_rows import ContactRows
from server.store.contact_staging import ContactStaging
from server.store.migrate import migrate
from server.store.outbox_rows import OutboxRows
from server.store.settings_rows import SettingsRows
from server.store.switch_memory import StoredSwitchMemory
from server.store.work_rows import WorkRows

T = TypeVar("T")

_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 5000",
)


class SqliteTransaction(
    AgentRows, CallRows, OutboxRows, ContactRows, ContactStaging, SettingsRows, WorkRows
):
    """Implements `Transaction` on an open connection."""

    def __init__(self, connection: Connection, ids: IdSource) -> None:
        self._connection = connection
        self._ids = ids


class SqliteStore:
    """Implements `Store`."""

    def __init__(self, opened: "_Opened", thread: ThreadPoolExecutor, ids: IdSource) -> None:
        self._engine, self._lock = opened
        self._thread = thread
        self._ids = ids
        self._is_closed = False
        self._switch_memory = StoredSwitchMemory(self)

    @classmethod
    async def open(cls, path: str, *, ids: IdSource) -> Self:
        """Open a file, made when missing, and bring its tables up to date.

        Args:
            path: The file, or ":memory:".
            ids: Makes the epochs of new streams.

        Raises:
            StoreError: The file cannot be used, or another process uses it.
        """
        thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
        loop = asyncio.get_running_loop()
        try:
            opened = await loop.run_in_executor(thread, _open, path)
        except BaseException:
            thread.shutdown(wait=False)
            raise
        return cls(opened, thread, ids)

    async def run(self, work: Callable[[Transaction], T]) -> T:
        """Run one transaction on the store's thread."""
        return await self.run_with_connection(
            lambda connection: work(SqliteTransaction(connection, self._ids))
        )

    async def run_with_connection(self, work: Callable[[Connection], T]) -> T:
        """Run a function with the connection, in a transaction of its own."""
        if self._is_closed:
            raise StoreError("The database is closed; the server is stopping")
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._transact, work)

    def _transact(self, work: Callable[[Connection], T]) -> T:
        try:
            with self._engine.begin() as connection:
                return work(connection)
        except (DataError, IntegrityError, ProgrammingError) as error:
            raise StoreRuleError(f"The database refused: {type(error.orig).__name__}") from error
        except DatabaseError as error:
            raise StoreError(f"The database failed: {type(error.orig).__name__}") from error

    @property
    def switch_memory(self) -> SwitchMemory:
        """Where the simulated switch keeps its calls."""
        return self._switch_memory

    async def close(self) -> None:
        """Finish what runs and let go of the file."""
        if self._is_closed:
            return
        self._is_closed = True
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._thread, self._engine.dispose)
        if self._lock is not None:
            self._lock.close()
        await loop.run_in_executor(None, self._thread.shutdown)


_Opened = tuple[Engine, IO[str] | None]


def _open(path: str) -> _Opened:
    lock = None if path == ":memory:" else _lock(Path(path))
    try:
        engine = _engine(path)
        with engine.begin() as connection:
            migrate(connection)
    except BaseException as error:
        if lock is not None:
            lock.close()
        if isinstance(error, DatabaseError):
            raise StoreError(
                f"The database file {path} cannot be used: {error.orig}", field="database_url"
            ) from error
        raise
    return engine, lock


def _lock(path: Path) -> IO[str]:
    """Take the file for this process. The system lets go of it however the process ends."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.with_name(path.name + ".lock").open("w")
    except OSError as error:
        raise StoreError(
            f"The folder of the database {path} cannot be written: {error.strerror}",
            field="database_url",
        ) from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise StoreError(
            f"Another process uses the database {path}; stop that one first, "
            "or give this one a database of its own",
            field="database_url",
        ) from None
    return file


def _engine(path: str) -> Engine:
    # The pool's only connection is made and used on the store's thread alone.
    engine = create_engine(f"sqlite:///{path}", poolclass=StaticPool)

    def set_up(connection: DBAPIConnection, _record: object) -> None:
        # Autocommit, so that `begin` below decides when a transaction starts.
        connection.isolation_level = None
        for pragma in _PRAGMAS:
            connection.execute(pragma)

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    event.listen(engine, "connect", set_up)
    event.listen(engine, "begin", begin)
    return engine
