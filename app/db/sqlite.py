"""Reading SQLite: short statements run on the event loop, long ones in a thread.

A thread hop costs more than most statements here, but one long statement must not hold up every
other request. So each starts on the loop with a budget of virtual-machine steps; what exceeds the
budget is begun again in a thread. Nothing is guessed from the statement's text.
"""

import asyncio
import os
import sqlite3
import time
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy.dialects import sqlite

from app.db.matching import FOLD, fold_text
from app.db.reader import Lookup, Rows, Statement, TooExpensive, TooLong, Unavailable, Values
from app.threads import in_thread

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
CACHED_KIB = 16_384
"""Pages of the file that the short statements' connection keeps. As fast as a memory map, whose pages would all be
counted as this process's memory."""


class SQLiteReader:
    """Read-only connections to one database file."""

    row_address = "rowid"

    def __init__(self, path: Path, statement_seconds: float = 10) -> None:
        self._seconds = statement_seconds
        self.dialect = sqlite.dialect(paramstyle="qmark")
        self.path = path
        self._here: sqlite3.Connection | None = None
        self._looks = 0
        self._idle: list[sqlite3.Connection] = []
        self._idle_streams: list[sqlite3.Connection] = []
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
        except sqlite3.DatabaseError as error:
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

    def _connect(self) -> sqlite3.Connection:
        uri = f"file:{quote(str(self.path))}?mode=ro{'&immutable=1' if is_frozen(self.path) else ''}"
        try:
            connection = sqlite3.connect(
                uri, uri=True, isolation_level=None, check_same_thread=False, cached_statements=512
            )
            connection.execute("SELECT 1 FROM sqlite_master").fetchone()
        except sqlite3.Error as error:
            raise Unavailable("the database file cannot be read") from error
        connection.execute("PRAGMA mmap_size = 0")
        connection.execute("PRAGMA query_only = 1")
        connection.create_function(FOLD, 1, fold_text, deterministic=True)
        return connection

    async def fetch(self, statement: Statement, values: Values) -> Rows:
        arguments = statement.arguments(values)
        assert self._here is not None, "open() comes first"
        self._looks = 0
        try:
            return self._here.execute(statement.sql, arguments).fetchall()
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise _failure(error) from error
        return await asyncio.get_running_loop().run_in_executor(
            self._threads, self._fetch_aside, statement.sql, arguments
        )

    async def find(self, lookup: Lookup, values: Values, key: str) -> tuple[Any, ...] | None:
        rows = await self.fetch(lookup.one, {**values, "id": key})
        return rows[0] if rows else None

    def _fetch_aside(self, sql: str, arguments: list[object]) -> Rows:
        connection = self._take()
        deadline = time.monotonic() + self._seconds
        connection.set_progress_handler(lambda: time.monotonic() > deadline, LOOK_STEPS)
        try:
            return connection.execute(sql, arguments).fetchall()
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
                raise TooExpensive("the statement took too long") from error
            raise _failure(error) from error
        finally:
            connection.set_progress_handler(None, 0)
            self._idle.append(connection)

    def _take(self) -> sqlite3.Connection:
        try:
            return self._idle.pop()
        except IndexError:
            return self._connect()

    def _take_for_stream(self) -> sqlite3.Connection:
        try:
            return self._idle_streams.pop()
        except IndexError:
            return self._connect()

    async def text(self, statement: Statement, values: Values) -> AsyncGenerator[bytes, None]:
        async with aclosing(self._batches(statement, values, bytes)) as batches:
            async for rows in batches:
                yield b"".join([row[0] for row in rows])

    def stream(self, statement: Statement, values: Values) -> AsyncGenerator[Rows, None]:
        return self._batches(statement, values, str)

    async def _batches(
        self, statement: Statement, values: Values, text: type[str | bytes]
    ) -> AsyncGenerator[Rows, None]:
        connection = await in_thread(self._threads, _nothing, self._take_for_stream)
        stop = connection.interrupt
        connection.text_factory = text
        cursor = connection.cursor()
        size = FIRST_BATCH
        try:
            # Also the start is in a thread: an order that no index has makes the first row the slowest.
            await in_thread(self._threads, stop, cursor.execute, statement.sql, statement.arguments(values))
            while rows := await in_thread(self._threads, stop, cursor.fetchmany, size):
                yield rows
                size = BATCH
        except sqlite3.OperationalError as error:
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


def _nothing() -> None:
    """There is nothing to interrupt yet."""


def _failure(error: sqlite3.DatabaseError) -> Unavailable:
    """What a failed statement is to those who asked."""
    if str(error) == "integer overflow":
        return TooLong("a sum is too long")
    return Unavailable("the database does not answer")
