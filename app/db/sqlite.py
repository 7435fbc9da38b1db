"""Read SQLite with `apsw`: short statements run on the event loop, long ones in a thread.

Switching to a thread costs more than most statements here, but one long statement must not block all other
requests. Each statement therefore starts on the event loop with a budget of virtual-machine steps. If it exceeds
the budget, it is started again in a thread. Nothing is guessed from the SQL.

`apsw` includes a newer SQLite than most systems have, and returns rows in little more than half the time of the
standard library's module. That module is used for writing (`app.db.engine`), but never in a process that reads:
the file locks of two copies of SQLite in one process would undo each other (sqlite.org/howtocorrupt.html,
section 2.2.1).
"""

import asyncio
import os
import time
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

import apsw
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from app.concurrency import run_in_executor
from app.db.reader import DatabaseUnavailable, IntegerOverflow, Lookup, QueryTimeout, Rows, Statement, Values
from app.db.sql_functions import as_bytes
from app.db.text_matching import FOLD_FUNCTION, casefold

STEPS_PER_CHECK = 25_000
MAX_CHECKS = 4
"""A statement may take about a hundred thousand steps on the event loop, which is about two milliseconds.

SQLite continues counting from one run of a statement to the next, so that even a short one is sometimes checked.
The first check in a run therefore means nothing, only the following ones do.
"""
FIRST_BATCH_SIZE = 50
BATCH_SIZE = 2000
"""A stream starts with a small batch, so that its first byte is sent immediately."""
MAX_THREADS = 4
LOCK_TIMEOUT_MS = 5000
"""How long a connection waits for a lock, for example while the log of a crashed writer is recovered."""
MAX_PREPARED_STATEMENTS = 512
"""The number of prepared statements that a connection keeps."""
CACHE_KIB = 16_384
"""The page cache of the connection for short statements.

It is as fast as a memory map, all of whose pages would count as memory of this process.
"""


class SQLiteReader:
    """Read-only connections to one database file."""

    row_locator = "rowid"

    @staticmethod
    def stream_cast(column: "sa.ColumnElement[str]") -> "sa.ColumnElement[bytes]":
        return as_bytes(column)

    def __init__(self, path: Path, statement_seconds: float = 10) -> None:
        self._statement_seconds = statement_seconds
        self.dialect = sqlite.dialect(paramstyle="qmark")
        self.path = path
        self._loop_connection: apsw.Connection | None = None
        self._checks = 0
        self._idle_connections: list[apsw.Connection] = []
        self._idle_stream_connections: list[apsw.Connection] = []
        self._executor = ThreadPoolExecutor(MAX_THREADS, thread_name_prefix="sqlite")

    async def open(self) -> None:
        self._loop_connection = self._connect()
        self._loop_connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        # SQLite calls the handler after so many steps; returning True interrupts the statement.
        self._loop_connection.set_progress_handler(self._exceeds_budget, STEPS_PER_CHECK)
        await self.refresh_snapshot()

    async def refresh_snapshot(self) -> None:
        """Start a new snapshot for short statements. Starting one for each statement would take half of its time.

        This is done only with a write-ahead log, where a reader does not block writers.
        """
        assert self._loop_connection is not None, "open() comes first"
        try:
            if self._loop_connection.in_transaction:
                self._loop_connection.execute("COMMIT")
            elif self._loop_connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
                return
            self._loop_connection.execute("BEGIN")
        except apsw.Error as error:
            raise DatabaseUnavailable("the database does not answer") from error

    def _exceeds_budget(self) -> bool:
        self._checks += 1
        return self._checks > MAX_CHECKS

    async def close(self) -> None:
        self._executor.shutdown(wait=True)
        for connection in (
            *self._idle_connections,
            *self._idle_stream_connections,
            *([self._loop_connection] if self._loop_connection else []),
        ):
            connection.close()
        self._idle_connections.clear()
        self._idle_stream_connections.clear()
        self._loop_connection = None

    def _connect(self) -> apsw.Connection:
        uri = f"file:{quote(str(self.path))}?mode=ro{'&immutable=1' if is_frozen(self.path) else ''}"
        try:
            flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
            connection = apsw.Connection(uri, flags=flags, statementcachesize=MAX_PREPARED_STATEMENTS)
            connection.set_busy_timeout(LOCK_TIMEOUT_MS)
            connection.execute("SELECT 1 FROM sqlite_master").fetchone()
        except apsw.Error as error:
            raise DatabaseUnavailable("the database file cannot be read") from error
        # One query plan whatever values are bound; otherwise SQLite prepares a statement again for each LIMIT.
        connection.config(apsw.SQLITE_DBCONFIG_ENABLE_QPSG, 1)
        connection.execute("PRAGMA mmap_size = 0")
        connection.execute("PRAGMA query_only = 1")
        connection.create_scalar_function(FOLD_FUNCTION, _sqlite_fold, 1, deterministic=True)
        return connection

    async def fetch(self, statement: Statement, values: Values) -> Rows:
        sql, arguments = statement.sql, statement.arguments(values)
        rows = self._fetch_on_loop(sql, arguments)
        if rows is None:
            loop = asyncio.get_running_loop()
            rows = await loop.run_in_executor(self._executor, self._fetch_in_thread, sql, arguments)
        return rows

    async def lookup(self, lookup: Lookup, values: Values, row_id: str) -> tuple[Any, ...] | None:
        rows = await self.fetch(lookup.by_id, {**values, "id": row_id})
        return rows[0] if rows else None

    def _fetch_on_loop(self, sql: str, arguments: list[object]) -> Rows | None:
        """Return the rows, read on the event loop, or None if the statement exceeds its budget."""
        assert self._loop_connection is not None, "open() comes first"
        self._checks = 0
        try:
            return self._loop_connection.execute(sql, arguments).fetchall()
        except apsw.InterruptError:
            return None
        except apsw.Error as error:
            raise _to_unavailable(error) from error

    def _fetch_in_thread(self, sql: str, arguments: list[object]) -> Rows:
        connection = self._acquire()
        deadline = time.monotonic() + self._statement_seconds
        connection.set_progress_handler(lambda: time.monotonic() > deadline, STEPS_PER_CHECK)
        try:
            return connection.execute(sql, arguments).fetchall()
        except apsw.InterruptError as error:
            raise QueryTimeout("the statement exceeded the time limit") from error
        except apsw.Error as error:
            raise _to_unavailable(error) from error
        finally:
            connection.set_progress_handler(None, 0)
            self._idle_connections.append(connection)

    def _acquire(self) -> apsw.Connection:
        try:
            return self._idle_connections.pop()
        except IndexError:
            return self._connect()

    def _acquire_for_stream(self) -> apsw.Connection:
        try:
            return self._idle_stream_connections.pop()
        except IndexError:
            return self._connect()

    async def stream_csv(self, statement: Statement, values: Values) -> AsyncGenerator[bytes, None]:
        async with aclosing(self._stream_batches(statement, values)) as batches:
            async for rows in batches:
                yield b"".join([row[0] for row in rows])

    def stream(self, statement: Statement, values: Values) -> AsyncGenerator[Rows, None]:
        return self._stream_batches(statement, values)

    async def _stream_batches(self, statement: Statement, values: Values) -> AsyncGenerator[Rows, None]:
        connection = await run_in_executor(self._executor, _no_interrupt, self._acquire_for_stream)
        interrupt = connection.interrupt
        cursor = connection.cursor()
        size = FIRST_BATCH_SIZE
        try:
            # Execute in a thread, too: without an index for the order, the first row is the slowest.
            await run_in_executor(self._executor, interrupt, cursor.execute, statement.sql, statement.arguments(values))
            while rows := await run_in_executor(self._executor, interrupt, _next_rows, cursor, size):
                yield rows
                size = BATCH_SIZE
        except apsw.Error as error:
            raise DatabaseUnavailable("the database does not answer") from error
        finally:
            cursor.close()
            self._idle_stream_connections.append(connection)


def is_frozen(path: Path) -> bool:
    """Return whether a database must be opened as a file that never changes.

    In a read-only directory, the index of the write-ahead log cannot be created, and nothing can change. If an
    index exists there, another process may write, and the index can be read.
    """
    return not os.access(path.parent, os.W_OK) and not Path(f"{path}-shm").exists()


def _sqlite_fold(*arguments: Any) -> str | None:
    """Call `casefold` with the arguments that the driver passes."""
    return casefold(arguments[0])


def _next_rows(cursor: apsw.Cursor, size: int) -> Rows:
    return list(islice(cursor, size))


def _no_interrupt() -> None:
    """Do nothing: there is nothing to interrupt yet."""


def _to_unavailable(error: apsw.Error) -> DatabaseUnavailable:
    """Return the error to raise for a failed statement."""
    if "integer overflow" in str(error):
        return IntegerOverflow("a sum exceeds 64 bits")
    return DatabaseUnavailable("the database does not answer")
