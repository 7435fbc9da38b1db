"""Read SQLite with `apsw`: short statements run on the event loop, long ones in a thread.

Switching to a thread costs more than most statements here, but one long statement must not block all other
requests. Each statement therefore starts on the event loop with a budget of virtual-machine steps. If it exceeds
the budget, it is started again in a thread. Nothing is guessed from the SQL.

`apsw` includes a newer SQLite than most systems have, and returns rows in little more than half the time of the
standard library's module. That module is used for writing (`app.db.engine`), but never in a process that reads:
the file locks of two copies of SQLite in one process would undo each other (sqlite.org/howtocorrupt.html,
section 2.2.1).

`app.db.sqlite_watch` decides which file is read; all connections belong to that one.
"""

import asyncio
import time
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, suppress
from itertools import islice
from pathlib import Path
from typing import Any

import apsw
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from app.concurrency import Turns, run_in_executor
from app.db.lanes import stream_in_lanes, take_turn
from app.db.reader import (
    DatabaseReplaced,
    DatabaseUnavailable,
    IntegerOverflow,
    Lookup,
    QueryTimeout,
    Rows,
    Statement,
    Values,
    WaitLimits,
)
from app.db.sql_functions import as_bytes
from app.db.sqlite_connections import OpenFile
from app.db.sqlite_watch import WatchedFile

STEPS_PER_CHECK = 5000
STEPS_PER_CHECK_IN_THREAD = 25_000
MAX_CHECKS = 20
MAX_LOOP_SECONDS = 0.008
"""A statement may take about a hundred thousand steps on the event loop, which is about two milliseconds.

Steps that read much take longer, so the time is limited, too. SQLite continues counting from one run of a statement to
the next, so that even a short one is sometimes checked. The first check in a run therefore means nothing, only the
following ones do.
"""
SLOW_SECONDS = 1.0
"""A statement that exceeded its budget is not tried on the event loop for so long, whatever values are bound."""
MAX_SLOW_STATEMENTS = 256
"""The number of statements of which that is remembered."""
FIRST_BATCH_SIZE = 50
BATCH_SIZE = 2000
"""A stream starts with a small batch, so that its first byte is sent immediately."""
SHORT_SECONDS = 0.1
"""How long a statement may take in the short lane, after the event loop and before the long lane."""
SHORT_STATEMENTS = 2
LONG_STATEMENTS = 3
SHORT_STREAMS = 4
LONG_STREAMS = 6
"""The number of statements and streams that are read at the same time in each lane; see `app.db.lanes`."""
MAX_THREADS = SHORT_STATEMENTS + LONG_STATEMENTS + SHORT_STREAMS + LONG_STREAMS + 1
"""One for each, and one to check a file, so that nothing waits for a thread."""
DEFAULT_LIMITS = WaitLimits()


class SQLiteReader:
    """Read-only connections to one database file."""

    row_locator = "rowid"

    @staticmethod
    def stream_cast(column: "sa.ColumnElement[str]") -> "sa.ColumnElement[bytes]":
        return as_bytes(column)

    def __init__(self, path: Path, limits: WaitLimits = DEFAULT_LIMITS) -> None:
        self._limits = limits
        self.dialect = sqlite.dialect(paramstyle="qmark")
        self._checks = 0
        self._checked_at = 0.0
        self._slow: dict[str, float] = {}
        """Statements that exceeded their budget, and until when they are not tried on the event loop."""
        self._short_lane, self._long_lane = Turns(SHORT_STATEMENTS), Turns(LONG_STATEMENTS)
        self._short_streams, self._long_streams = Turns(SHORT_STREAMS), Turns(LONG_STREAMS)
        self._executor = ThreadPoolExecutor(MAX_THREADS, thread_name_prefix="sqlite")
        self._watched = WatchedFile(path, self._executor, self._limit_steps)

    @property
    def generation(self) -> int:
        return self._watched.generation

    @property
    def file(self) -> OpenFile:
        """Return the open file. Raises DatabaseReplaced while there is none."""
        return self._watched.get()

    async def open(self) -> None:
        await self._watched.open()

    async def refresh_snapshot(self) -> None:
        """Let short statements see what has been committed, and what has become of the file."""
        await self._watched.refresh()

    async def close(self) -> None:
        self._watched.interrupt()
        self._executor.shutdown(wait=True)
        self._watched.close()

    def _limit_steps(self, connection: apsw.Connection) -> None:
        """Have the statements of the event loop interrupted when they exceed their budget."""
        # SQLite calls the handler after so many steps; returning True interrupts the statement.
        connection.set_progress_handler(self._exceeds_budget, STEPS_PER_CHECK)

    def _exceeds_budget(self) -> bool:
        self._checks += 1
        if self._checks == 1:
            self._checked_at = time.monotonic()
            return False
        return self._checks > MAX_CHECKS or time.monotonic() - self._checked_at > MAX_LOOP_SECONDS

    async def fetch(self, statement: Statement, values: Values) -> Rows:
        sql, arguments = statement.sql, statement.arguments(values)
        rows = self._fetch_on_loop(sql, arguments)
        return await self._fetch_in_lanes(sql, arguments) if rows is None else rows

    async def lookup(self, lookup: Lookup, values: Values, row_id: str) -> tuple[Any, ...] | None:
        rows = await self.fetch(lookup.by_id, {**values, "id": row_id})
        return rows[0] if rows else None

    def _fetch_on_loop(self, sql: str, arguments: list[object]) -> Rows | None:
        """Return the rows, read on the event loop, or None if the statement exceeds its budget or meets a lock."""
        connection = self._watched.get().loop_connection
        if sql in self._slow:
            if time.monotonic() < self._slow[sql]:
                return None
            del self._slow[sql]
        self._checks = 0
        try:
            return connection.execute(sql, arguments).fetchall()
        except apsw.InterruptError:
            while len(self._slow) >= MAX_SLOW_STATEMENTS:
                del self._slow[next(iter(self._slow))]
            self._slow[sql] = time.monotonic() + SLOW_SECONDS
            return None
        except apsw.BusyError:
            return None
        except apsw.Error as error:
            raise _to_unavailable(error) from error

    async def _fetch_in_lanes(self, sql: str, arguments: list[object]) -> Rows:
        """Return the rows, read in a thread: in the short lane, and else in the long one."""
        deadline = time.monotonic() + self._limits.statement
        try:
            rows = await self._fetch_in_lane(self._short_lane, sql, arguments, deadline, SHORT_SECONDS)
        except DatabaseReplaced:
            await self.refresh_snapshot()
            rows = await self._fetch_in_lane(self._short_lane, sql, arguments, deadline, SHORT_SECONDS)
        if rows is None and time.monotonic() < deadline:
            rows = await self._fetch_in_lane(self._long_lane, sql, arguments, deadline, self._limits.statement)
        if rows is None:
            raise QueryTimeout("the statement exceeded the time limit")
        return rows

    async def _fetch_in_lane(
        self, lane: Turns, sql: str, arguments: list[object], deadline: float, seconds: float
    ) -> Rows | None:
        """Return the rows, or None if the statement was interrupted at the deadline or after so many seconds."""
        loop = asyncio.get_running_loop()
        await take_turn(lane, loop.time() + deadline - time.monotonic())
        try:
            job = ThreadedFetch(self.file, min(time.monotonic() + seconds, deadline))
            return await run_in_executor(self._executor, job.cancel, self._fetch_in_thread, job, sql, arguments)
        finally:
            lane.give_back()

    def _fetch_in_thread(self, job: "ThreadedFetch", sql: str, arguments: list[object]) -> Rows | None:
        connection = job.file.lend(for_stream=False)
        connection.set_progress_handler(job.is_over, STEPS_PER_CHECK_IN_THREAD)
        try:
            return connection.execute(sql, arguments).fetchall()
        except apsw.InterruptError:
            return None
        except apsw.Error as error:
            raise _to_unavailable(error) from error
        finally:
            with suppress(apsw.Error):  # it has been closed because the file was changed in place
                connection.set_progress_handler(None, 0)
            job.file.take_back(connection, for_stream=False)

    async def stream_csv(self, statement: Statement, values: Values) -> AsyncGenerator[bytes, None]:
        async with aclosing(self.stream(statement, values)) as batches:
            async for rows in batches:
                yield b"".join([row[0] for row in rows])

    def stream(self, statement: Statement, values: Values) -> AsyncGenerator[Rows, None]:
        return stream_in_lanes(
            lambda: self._stream_batches(statement, values),
            len,
            self._short_streams,
            self._long_streams,
            self._limits.turn,
        )

    async def _stream_batches(self, statement: Statement, values: Values) -> AsyncGenerator[Rows, None]:
        try:
            file, connection = self.file, await self._lend_for_stream()
        except DatabaseReplaced:
            await self.refresh_snapshot()
            file, connection = self.file, await self._lend_for_stream()
        interrupt = connection.interrupt
        size = FIRST_BATCH_SIZE
        try:
            cursor = connection.cursor()
            try:
                # Execute in a thread, too: without an index for the order, the first row is the slowest.
                arguments = statement.arguments(values)
                await run_in_executor(self._executor, interrupt, cursor.execute, statement.sql, arguments)
                while rows := await run_in_executor(self._executor, interrupt, _next_rows, cursor, size):
                    yield rows
                    size = BATCH_SIZE
            finally:
                cursor.close(True)
        except apsw.Error as error:
            raise DatabaseUnavailable("the database does not answer") from error
        finally:
            file.take_back(connection, for_stream=True)

    async def _lend_for_stream(self) -> apsw.Connection:
        file, lent = self.file, list[apsw.Connection]()
        try:
            await run_in_executor(self._executor, _no_interrupt, lambda: lent.append(file.lend(for_stream=True)))
        except asyncio.CancelledError:
            for connection in lent:
                file.take_back(connection, for_stream=True)
            raise
        return lent[0]


class ThreadedFetch:
    """A statement that runs in a thread, until its time is over or it is cancelled."""

    def __init__(self, file: OpenFile, until: float) -> None:
        self.file = file
        self._until = until

    def is_over(self) -> bool:
        """Return whether the statement should end. SQLite asks while it runs."""
        return time.monotonic() > self._until

    def cancel(self) -> None:
        """End the statement soon."""
        self._until = 0.0


def _next_rows(cursor: apsw.Cursor, size: int) -> Rows:
    return list(islice(cursor, size))


def _no_interrupt() -> None:
    """Do nothing: there is nothing to interrupt yet."""


def _to_unavailable(error: apsw.Error) -> DatabaseUnavailable:
    """Return the error to raise for a failed statement."""
    if "integer overflow" in str(error):
        return IntegerOverflow("a sum exceeds 64 bits")
    return DatabaseUnavailable("the database does not answer")
