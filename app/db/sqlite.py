"""Reading SQLite with `apsw`: short statements run on the event loop, long ones in a thread.

A thread hop costs more than most statements here, but one long statement must not hold up every
other request. So each starts on the loop with a budget of virtual-machine steps; what exceeds the
budget is begun again in a thread. Nothing is guessed from the statement's text.

`apsw` brings a newer SQLite than most systems have, and hands out rows in little more than half the time of
the standard library's module. That one writes (`app.db.engine`): never in a process that reads, for the file
locks of two copies of SQLite in one process would undo each other (sqlite.org/howtocorrupt.html, section 2.2.1).
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

from app.concurrency import in_thread
from app.db.reader import Lookup, Rows, Statement, TooExpensive, TooLong, Unavailable, Values
from app.db.sql_functions import as_bytes
from app.db.text_matching import FOLD, fold_text

LOOK_STEPS = 25_000
LOOKS = 4
"""A statement may take about a hundred thousand steps on the event loop, some two milliseconds.

SQLite counts them on from one run of a statement to the next, so that even a short one is looked at now
and then. The first look in a run therefore says nothing; each further one does.
"""
FIRST_BATCH = 50
BATCH = 2000
"""A stream begins with a small batch, so that its first byte comes at once."""
THREADS = 4
PATIENCE = 5000
"""Milliseconds that a connection waits for a lock: while the log of a crashed writer is recovered, or without a log."""
STATEMENTS = 512
"""Prepared statements that a connection keeps."""
CACHED_KIB = 16_384
"""Pages of the file that the short statements' connection keeps. As fast as a memory map, whose pages would all be
counted as this process's memory."""


class SQLiteReader:
    """Read-only connections to one database file."""

    row_address = "rowid"

    @staticmethod
    def piece(column: "sa.ColumnElement[str]") -> "sa.ColumnElement[bytes]":
        return as_bytes(column)

    def __init__(self, path: Path, statement_seconds: float = 10) -> None:
        self._seconds = statement_seconds
        self.dialect = sqlite.dialect(paramstyle="qmark")
        self.path = path
        self._here: apsw.Connection | None = None
        self._looks = 0
        self._idle: list[apsw.Connection] = []
        self._idle_streams: list[apsw.Connection] = []
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="sqlite")

    async def open(self) -> None:
        self._here = self._connect()
        self._here.execute(f"PRAGMA cache_size = -{CACHED_KIB}")
        # Asked after so many steps; what it answers ends the statement.
        self._here.set_progress_handler(self._too_long, LOOK_STEPS)
        await self.renew()

    async def renew(self) -> None:
        """Short statements read one snapshot until the next call: to begin one for each takes half of its time.

        Only with a write-ahead log, where a reader holds up no writer.
        """
        assert self._here is not None, "open() comes first"
        try:
            if self._here.in_transaction:
                self._here.execute("COMMIT")
            elif self._here.execute("PRAGMA journal_mode").fetchone() != ("wal",):
                return
            self._here.execute("BEGIN")
        except apsw.Error as error:
            raise Unavailable("the database does not answer") from error

    def _too_long(self) -> bool:
        self._looks += 1
        return self._looks > LOOKS

    async def close(self) -> None:
        self._threads.shutdown(wait=True)
        for connection in (*self._idle, *self._idle_streams, *([self._here] if self._here else [])):
            connection.close()
        self._idle.clear()
        self._idle_streams.clear()
        self._here = None

    def _connect(self) -> apsw.Connection:
        uri = f"file:{quote(str(self.path))}?mode=ro{'&immutable=1' if is_frozen(self.path) else ''}"
        try:
            flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
            connection = apsw.Connection(uri, flags=flags, statementcachesize=STATEMENTS)
            connection.set_busy_timeout(PATIENCE)
            connection.execute("SELECT 1 FROM sqlite_master").fetchone()
        except apsw.Error as error:
            raise Unavailable("the database file cannot be read") from error
        # One plan for a statement, whatever is bound: SQLite would otherwise prepare it anew for each LIMIT.
        connection.config(apsw.SQLITE_DBCONFIG_ENABLE_QPSG, 1)
        connection.execute("PRAGMA mmap_size = 0")
        connection.execute("PRAGMA query_only = 1")
        connection.create_scalar_function(FOLD, _fold, 1, deterministic=True)
        return connection

    async def fetch(self, statement: Statement, values: Values) -> Rows:
        sql, arguments = statement.sql, statement.arguments(values)
        rows = self._fetch_here(sql, arguments)
        if rows is None:
            loop = asyncio.get_running_loop()
            rows = await loop.run_in_executor(self._threads, self._fetch_aside, sql, arguments)
        return rows

    async def find(self, lookup: Lookup, values: Values, key: str) -> tuple[Any, ...] | None:
        rows = await self.fetch(lookup.one, {**values, "id": key})
        return rows[0] if rows else None

    def _fetch_here(self, sql: str, arguments: list[object]) -> Rows | None:
        """The rows, read on the event loop; None when that takes too long."""
        assert self._here is not None, "open() comes first"
        self._looks = 0
        try:
            return self._here.execute(sql, arguments).fetchall()
        except apsw.InterruptError:
            return None
        except apsw.Error as error:
            raise _failure(error) from error

    def _fetch_aside(self, sql: str, arguments: list[object]) -> Rows:
        connection = self._take()
        deadline = time.monotonic() + self._seconds
        connection.set_progress_handler(lambda: time.monotonic() > deadline, LOOK_STEPS)
        try:
            return connection.execute(sql, arguments).fetchall()
        except apsw.InterruptError as error:
            raise TooExpensive("the statement took too long") from error
        except apsw.Error as error:
            raise _failure(error) from error
        finally:
            connection.set_progress_handler(None, 0)
            self._idle.append(connection)

    def _take(self) -> apsw.Connection:
        try:
            return self._idle.pop()
        except IndexError:
            return self._connect()

    def _take_for_stream(self) -> apsw.Connection:
        try:
            return self._idle_streams.pop()
        except IndexError:
            return self._connect()

    async def text(self, statement: Statement, values: Values) -> AsyncGenerator[bytes, None]:
        async with aclosing(self._batches(statement, values)) as batches:
            async for rows in batches:
                yield b"".join([row[0] for row in rows])

    def stream(self, statement: Statement, values: Values) -> AsyncGenerator[Rows, None]:
        return self._batches(statement, values)

    async def _batches(self, statement: Statement, values: Values) -> AsyncGenerator[Rows, None]:
        connection = await in_thread(self._threads, _nothing, self._take_for_stream)
        stop = connection.interrupt
        cursor = connection.cursor()
        size = FIRST_BATCH
        try:
            # Also the start is in a thread: an order that no index has makes the first row the slowest.
            await in_thread(self._threads, stop, cursor.execute, statement.sql, statement.arguments(values))
            while rows := await in_thread(self._threads, stop, _some, cursor, size):
                yield rows
                size = BATCH
        except apsw.Error as error:
            raise Unavailable("the database does not answer") from error
        finally:
            cursor.close()
            self._idle_streams.append(connection)


def is_frozen(path: Path) -> bool:
    """Whether a database must be read as a file that never changes.

    On a read-only file system the write-ahead log's index cannot be made beside it, nor can anything change. Where an
    index lies there, somebody else may write, and it can be read.
    """
    return not os.access(path.parent, os.W_OK) and not Path(f"{path}-shm").exists()


def _fold(*arguments: Any) -> str | None:
    """`fold_text` as the driver calls it."""
    return fold_text(arguments[0])


def _some(cursor: apsw.Cursor, size: int) -> Rows:
    """The next rows, at most `size`."""
    return list(islice(cursor, size))


def _nothing() -> None:
    """There is nothing to interrupt yet."""


def _failure(error: apsw.Error) -> Unavailable:
    """What a failed statement is to those who asked."""
    if "integer overflow" in str(error):
        return TooLong("a sum is too long")
    return Unavailable("the database does not answer")
