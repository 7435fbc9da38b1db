"""Read SQLite with `apsw`: short statements run on the event loop, long ones in a thread.

Switching to a thread costs more than most statements here, but one long statement must not block all other
requests. Each statement therefore starts on the event loop with a budget of virtual-machine steps. If it exceeds
the budget, it is started again in a thread. Nothing is guessed from the SQL.

`apsw` includes a newer SQLite than most systems have, and returns rows in little more than half the time of the
standard library's module. That module is used for writing (`app.db.engine`), but never in a process that reads:
the file locks of two copies of SQLite in one process would undo each other (sqlite.org/howtocorrupt.html,
section 2.2.1).

All connections belong to one file. When another file has taken its place, all of them are opened again together.
"""

import asyncio
import logging
import os
import time
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, suppress
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

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
from app.db.sqlite_file import Change, FileState, compare_states, read_state, set_aside_log
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
SHORT_SECONDS = 0.1
"""How long a statement may take in the short lane, after the event loop and before the long lane."""
SHORT_STATEMENTS = 2
LONG_STATEMENTS = 3
SHORT_STREAMS = 4
LONG_STREAMS = 6
"""The number of statements and streams that are read at the same time in each lane; see `app.db.lanes`."""
MAX_THREADS = SHORT_STATEMENTS + LONG_STATEMENTS + SHORT_STREAMS + LONG_STREAMS + 1
"""One for each, and one to check a file, so that nothing waits for a thread."""
LOCK_TIMEOUT_MS = 5000
"""How long a connection waits for a lock, for example while the log of a crashed writer is recovered."""
MAX_IDLE_STREAM_CONNECTIONS = 1
"""The number of connections for streams that are kept while nobody uses them."""
MAX_PREPARED_STATEMENTS = 512
"""The number of prepared statements that a connection keeps."""
CACHE_KIB = 16_384
"""The page cache of the connection for short statements.

It is as fast as a memory map, all of whose pages would count as memory of this process.
"""
DOUBT_SECONDS = 0.75
"""How long the content of the file may be unexplained, before it counts as another database."""
SETTLE_SECONDS = 0.3
"""How long a file that was changed in place must have been left alone before it is opened again."""
MAX_CHECK_SECONDS = 30.0
"""How long the structure of a file that was changed in place is checked."""
DEFAULT_LIMITS = WaitLimits()
logger = logging.getLogger("gazette")


class OpenFile:
    """The connections to one database file, and what was last known of the file.

    Raises DatabaseUnavailable, when it is made, if the file cannot be read.
    """

    def __init__(self, path: Path, immutable: bool) -> None:
        self.path = path
        self.immutable = immutable
        state = read_state(path)
        if state is None:
            raise DatabaseUnavailable("the database file is missing")
        self.state = state
        self._idle: list[apsw.Connection] = []
        self._idle_for_streams: list[apsw.Connection] = []
        self._lent: set[apsw.Connection] = set()
        self._is_retired = False
        self.loop_connection = self.connect()
        """The connection for short statements, which are run on the event loop."""
        try:
            self.has_log = self.loop_connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
            self.migration = read_scalar(self.loop_connection, "SELECT version_num FROM alembic_version")
        except apsw.Error as error:
            self.loop_connection.close()
            raise DatabaseUnavailable("the database file cannot be read") from error
        self.state = read_state(path) or state  # the first statement has made a log and its index
        if self.state.file != state.file:
            self.loop_connection.close()
            raise DatabaseReplaced("the database file was replaced while it was opened")

    def connect(self) -> apsw.Connection:
        """Open a connection. Raises DatabaseReplaced if the name belongs to another file now."""
        uri = f"file:{quote(str(self.path))}?mode=ro{'&immutable=1' if self.immutable else ''}"
        try:
            flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
            connection = apsw.Connection(uri, flags=flags, statementcachesize=MAX_PREPARED_STATEMENTS)
            connection.set_busy_timeout(LOCK_TIMEOUT_MS)
            # Before the first statement, which would open a log that may belong to the other file.
            state = read_state(self.path)
            if state is None or state.file != self.state.file:
                connection.close()
                raise DatabaseReplaced("the database file was replaced")
            connection.execute("SELECT 1 FROM sqlite_master").fetchone()
        except apsw.Error as error:
            raise DatabaseUnavailable("the database file cannot be read") from error
        # One query plan whatever values are bound; otherwise SQLite prepares a statement again for each LIMIT.
        connection.config(apsw.SQLITE_DBCONFIG_ENABLE_QPSG, 1)
        connection.execute("PRAGMA mmap_size = 0")
        connection.execute("PRAGMA query_only = 1")
        connection.create_scalar_function(FOLD_FUNCTION, _sqlite_fold, 1, deterministic=True)
        return connection

    def begin_snapshot(self) -> None:
        """Start a new snapshot for short statements. Starting one for each statement would take half of its time.

        This is done only with a write-ahead log, where a reader does not block writers.
        """
        if not self.has_log or self.immutable:
            return
        if self.loop_connection.in_transaction:
            self.loop_connection.execute("COMMIT")
        self.loop_connection.execute("BEGIN")

    def lend(self, for_stream: bool) -> apsw.Connection:
        """Return a connection that nobody else uses."""
        idle = self._idle_for_streams if for_stream else self._idle
        try:
            connection = idle.pop()
        except IndexError:
            connection = self.connect()
        self._lent.add(connection)
        return connection

    def take_back(self, connection: apsw.Connection, for_stream: bool) -> None:
        """Keep a connection for the next one who needs it, but few for streams: each has files and a cache."""
        self._lent.discard(connection)
        idle = self._idle_for_streams if for_stream else self._idle
        if self._is_retired or (for_stream and len(idle) >= MAX_IDLE_STREAM_CONNECTIONS):
            connection.close()
        else:
            idle.append(connection)

    def retire(self) -> None:
        """Close the connections that nobody uses. The others are closed when they are given back."""
        self._is_retired = True
        while self._idle:
            self._idle.pop().close()
        while self._idle_for_streams:
            self._idle_for_streams.pop().close()
        self.loop_connection.close()

    def interrupt(self) -> None:
        """End the statements that run in threads."""
        for connection in list(self._lent):
            with suppress(apsw.Error):
                connection.interrupt()

    def abort(self) -> bool:
        """Close all connections, and return whether none is left; one that is in use is only interrupted."""
        self.retire()
        self.interrupt()
        for connection in list(self._lent):
            with suppress(apsw.Error):
                connection.close(True)
                self._lent.discard(connection)
        return not self._lent

    def read_revision_past_log(self) -> object:
        """Return the revision of the data in the file itself, whatever the log holds; None if it cannot be read."""
        with suppress(apsw.Error):
            flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
            connection = apsw.Connection(f"file:{quote(str(self.path))}?mode=ro&immutable=1", flags=flags)
            try:
                return read_scalar(connection, REVISION_SQL)
            finally:
                connection.close()
        return None


REVISION_SQL = "SELECT revision FROM data_state"
SIZE_SQL = "SELECT page_count, page_size FROM pragma_page_count, pragma_page_size"


def read_scalar(connection: apsw.Connection, sql: str) -> object:
    """Return the first value of a statement; None without a row, or if the table is missing."""
    try:
        row = connection.execute(sql).fetchone()
    except apsw.SQLError:
        return None
    return None if row is None else row[0]


class SQLiteReader:
    """Read-only connections to one database file."""

    row_locator = "rowid"

    @staticmethod
    def stream_cast(column: "sa.ColumnElement[str]") -> "sa.ColumnElement[bytes]":
        return as_bytes(column)

    def __init__(self, path: Path, limits: WaitLimits = DEFAULT_LIMITS) -> None:
        self._limits = limits
        self.dialect = sqlite.dialect(paramstyle="qmark")
        self.path = path
        self.generation = 0
        self._file: OpenFile | None = None
        self._broken: OpenFile | None = None
        """The file that was open before it went missing or was changed in place."""
        self._fault = "open() comes first"
        self._seen: FileState | None = None
        """The state of the broken file when it was last looked at."""
        self._settled_at = 0.0
        self._doubt_since: float | None = None
        self._revisions: set[object] = set()
        self._reopening: asyncio.Task[None] | None = None
        self._checks = 0
        self._short_lane, self._long_lane = Turns(SHORT_STATEMENTS), Turns(LONG_STATEMENTS)
        self._short_streams, self._long_streams = Turns(SHORT_STREAMS), Turns(LONG_STREAMS)
        self._executor = ThreadPoolExecutor(MAX_THREADS, thread_name_prefix="sqlite")

    async def open(self) -> None:
        self._use(OpenFile(self.path, is_frozen(self.path)))

    def _use(self, file: OpenFile) -> None:
        connection = file.loop_connection
        try:
            connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
            connection.set_busy_timeout(0)  # the event loop waits for no lock
            file.begin_snapshot()
            self._revisions = {read_scalar(connection, REVISION_SQL)}
        except apsw.Error as error:
            raise DatabaseUnavailable("the database does not answer") from error
        # SQLite calls the handler after so many steps; returning True interrupts the statement.
        connection.set_progress_handler(self._exceeds_budget, STEPS_PER_CHECK)
        self._file, self._doubt_since = file, None

    @property
    def file(self) -> OpenFile:
        """Return the open file. Raises DatabaseReplaced while there is none."""
        if self._file is None:
            raise DatabaseReplaced(self._fault)
        return self._file

    async def refresh_snapshot(self) -> None:
        """Let short statements see what has been committed, and what has become of the file."""
        state = read_state(self.path)
        if self._file is None:
            await self._recover(state)
        elif state != self._file.state:
            await self._follow(self._file, state)
        try:
            self.file.begin_snapshot()
        except apsw.Error as error:
            raise DatabaseUnavailable("the database does not answer") from error

    async def _follow(self, file: OpenFile, state: FileState | None) -> None:
        """Go on with what the file is now. Raises DatabaseReplaced while that is not clear."""
        if state is None:
            raise self._lose("the database file is missing")
        if state.file != file.state.file:
            self._open_again(file, state)
            return
        change = compare_states(file.state, state)
        if file.immutable or (not file.has_log and change is not Change.none):
            if not file.abort():
                raise self._lose("the database file was changed")
            self._open_again(file, state)
            return
        if change is Change.replaced:
            is_same = (state.size, state.written, file.state.log_size) == (file.state.size, file.state.written, 0)
            if is_same and file.abort():
                self._open_again(file, state)
                return
            self._lose("the log of the database file was removed")
            self._seen, self._settled_at = state, 0.0
            await self._recover(state)
            return
        if change is Change.written_past_the_log or (change is Change.written and not self._is_checkpoint(file, state)):
            raise self._lose("the database file was changed in place")
        if self._doubt_since is None:
            file.state = state

    def _is_checkpoint(self, file: OpenFile, state: FileState) -> bool:
        """Return whether the file holds what the log held: data that has been seen already."""
        try:
            file.begin_snapshot()
            self._revisions.add(read_scalar(file.loop_connection, REVISION_SQL))
            [(pages, page_size)] = file.loop_connection.execute(SIZE_SQL)
        except apsw.Error:
            return False
        if state.size < min(file.state.size, pages * page_size):
            return False
        if file.read_revision_past_log() in self._revisions:
            self._doubt_since = None
            return True
        now = time.monotonic()
        if self._doubt_since is None:
            self._doubt_since = now
        return now - self._doubt_since < DOUBT_SECONDS

    def _lose(self, fault: str) -> DatabaseReplaced:
        """Close everything until the file can be opened again, and return the error to raise."""
        if fault != self._fault:
            logger.warning("%s; nothing is served from it until it can be opened again", fault)
        self._fault = fault
        if self._file is not None:
            self._broken, self._file, self._seen = self._file, None, None
            self._broken.abort()
        return DatabaseReplaced(fault)

    def _open_again(self, old: OpenFile, state: FileState) -> None:
        """Open the file that has taken the place of the old one. Streams of another file are read to their end."""
        try:
            has_own_log = set_aside_log(self.path, old.state, state)
            new = OpenFile(self.path, is_frozen(self.path) or not has_own_log)
            if new.migration != old.migration:
                new.abort()
                raise DatabaseUnavailable(f"the database file has version {new.migration}, not {old.migration}")
            self._use(new)
        except DatabaseUnavailable as error:
            raise self._lose(str(error)) from error
        old.retire()
        self._broken, self._fault = None, ""
        self.generation += 1
        logger.info("another database file has taken the place of the old one and has been opened")

    async def _recover(self, state: FileState | None) -> None:
        """Open the file again after it was missing or changed in place. Raises DatabaseReplaced while it cannot be."""
        if self._reopening is None:
            old = self._broken
            if old is None or state is None:
                raise DatabaseReplaced(self._fault)
            if state != self._seen:
                self._seen, self._settled_at = state, time.monotonic() + SETTLE_SECONDS
            in_place = state.file == old.state.file
            if in_place and (time.monotonic() < self._settled_at or not old.abort()):
                raise DatabaseReplaced(self._fault)
            self._reopening = asyncio.ensure_future(self._check_and_open(old, state, in_place))
            self._reopening.add_done_callback(self._end_reopening)
        await asyncio.shield(self._reopening)

    def _end_reopening(self, task: "asyncio.Task[None]") -> None:
        self._reopening = None
        if not task.cancelled():
            task.exception()  # retrieve it, or asyncio logs that it was never retrieved

    async def _check_and_open(self, old: OpenFile, state: FileState, in_place: bool) -> None:
        """Check the structure of a file that was changed in place, then open it."""
        if in_place:
            try:
                await run_in_executor(self._executor, _no_interrupt, check_structure, self.path)
            except apsw.Error as error:
                raise DatabaseReplaced(self._fault) from error
        if read_state(self.path) != state:
            raise DatabaseReplaced(self._fault)
        self._open_again(old, state)

    def _exceeds_budget(self) -> bool:
        self._checks += 1
        return self._checks > MAX_CHECKS

    async def close(self) -> None:
        if self._reopening is not None:
            self._reopening.cancel()
        for file in (self._file, self._broken):
            if file is not None:
                file.interrupt()
        self._executor.shutdown(wait=True)
        for file in (self._file, self._broken):
            if file is not None:
                file.abort()
        self._file = self._broken = None

    async def fetch(self, statement: Statement, values: Values) -> Rows:
        sql, arguments = statement.sql, statement.arguments(values)
        rows = self._fetch_on_loop(sql, arguments)
        return await self._fetch_in_lanes(sql, arguments) if rows is None else rows

    async def lookup(self, lookup: Lookup, values: Values, row_id: str) -> tuple[Any, ...] | None:
        rows = await self.fetch(lookup.by_id, {**values, "id": row_id})
        return rows[0] if rows else None

    def _fetch_on_loop(self, sql: str, arguments: list[object]) -> Rows | None:
        """Return the rows, read on the event loop, or None if the statement exceeds its budget or meets a lock."""
        file = self._file
        if file is None:
            raise DatabaseReplaced(self._fault)
        self._checks = 0
        try:
            return file.loop_connection.execute(sql, arguments).fetchall()
        except (apsw.InterruptError, apsw.BusyError):
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
        connection.set_progress_handler(job.is_over, STEPS_PER_CHECK)
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


def check_structure(path: Path) -> None:
    """Raise apsw.Error if the pages of a database file do not fit together; the log is not read."""
    deadline = time.monotonic() + MAX_CHECK_SECONDS
    flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
    connection = apsw.Connection(f"file:{quote(str(path))}?mode=ro&immutable=1", flags=flags)
    try:
        connection.create_scalar_function(FOLD_FUNCTION, _sqlite_fold, 1, deterministic=True)
        connection.set_progress_handler(lambda: time.monotonic() > deadline, STEPS_PER_CHECK)
        with suppress(apsw.InterruptError):
            if (found := connection.execute("PRAGMA quick_check(1)").fetchone()) != ("ok",):
                raise apsw.CorruptError(str(found))
    finally:
        connection.close()


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
