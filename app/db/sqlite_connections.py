"""The connections to one SQLite file, all opened in the same way, and the check of its pages."""

import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import apsw

from app.db.reader import DatabaseReplaced, DatabaseUnavailable, DatabaseUnusable
from app.db.sqlite_file import DAMAGED_FILE, read_state
from app.db.text_matching import FOLD_FUNCTION, casefold

LOCK_TIMEOUT_MS = 5000
"""How long a connection waits for a lock, for example while the log of a crashed writer is recovered."""
MAX_IDLE_STREAM_CONNECTIONS = 1
"""The number of connections for streams that are kept while nobody uses them."""
MAX_UNUSED_FILES = 2
"""The number of files that connections beside the first one may keep open while nobody uses them."""
UNUSED_SECONDS = 10.0
"""How long nobody has used them then."""
MAX_PREPARED_STATEMENTS = 512
"""The number of prepared statements that a connection keeps."""
CACHE_KIB = 16_384
"""The page cache of the connection for short statements.

It is as fast as a memory map, all of whose pages would count as memory of this process.
"""
STEPS_PER_LOOK_AT_CLOCK = 10_000
"""The steps of SQLite's virtual machine between two looks at the clock while the pages of a file are checked."""
REVISION_SQL = "SELECT revision FROM data_state"
SIZE_SQL = "SELECT page_count, page_size FROM pragma_page_count, pragma_page_size"


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
        self._closed = 0
        """The number of closed connections whose files are still open; see `give_back_files`."""
        self._used_at = time.monotonic()
        self._open_first()

    def _open_first(self) -> None:
        """Open the connection for short statements. Raises DatabaseUnavailable."""
        state = self.state
        self.loop_connection = self.connect()
        """The connection for short statements, which are run on the event loop."""
        try:
            self.has_log = self.loop_connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
            self.migration = read_scalar(self.loop_connection, "SELECT version_num FROM alembic_version")
            self.loop_connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
            self.loop_connection.set_busy_timeout(0)  # the event loop waits for no lock
        except apsw.Error as error:
            self.loop_connection.close()
            raise DatabaseUnavailable("the database file cannot be read") from error
        self.state = read_state(self.path) or state  # the first statement has made a log and its index
        if self.state.file != state.file:
            self.loop_connection.close()
            raise DatabaseReplaced("the database file was replaced while it was opened")

    def has_unused_files(self) -> bool:
        """Return whether connections beside the first one keep files open, and nobody has used them for a while."""
        number = self._closed + len(self._idle) + len(self._idle_for_streams)
        return number > MAX_UNUSED_FILES and not self._lent and time.monotonic() - self._used_at > UNUSED_SECONDS

    def give_back_files(self) -> None:
        """Close all connections, and open the first one again. Raises DatabaseUnavailable.

        SQLite keeps the file of a closed connection open for as long as another connection of the process has a lock
        on the database, and the first one always has: to close the file would drop that lock, too (see the notes on
        POSIX locks in SQLite's os_unix.c).
        """
        self._close_idle()
        self.loop_connection.close()
        self._closed = 0
        self._open_first()

    def _close_idle(self) -> None:
        for idle in (self._idle, self._idle_for_streams):
            while idle:
                idle.pop().close()

    def connect(self) -> apsw.Connection:
        """Open a connection. Raises DatabaseReplaced if the name belongs to another file now."""
        try:
            connection = _connect(self.path, self.immutable)
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
            self._closed = max(self._closed - 1, 0)  # it takes one of the open files
        self._lent.add(connection)
        return connection

    def take_back(self, connection: apsw.Connection, for_stream: bool) -> None:
        """Keep a connection for the next one who needs it, but few for streams: each has files and a cache."""
        self._lent.discard(connection)
        self._used_at = time.monotonic()
        idle = self._idle_for_streams if for_stream else self._idle
        if self._is_retired or (for_stream and len(idle) >= MAX_IDLE_STREAM_CONNECTIONS):
            connection.close()
            self._closed += 1
        else:
            idle.append(connection)

    def retire(self) -> None:
        """Close the connections that nobody uses. The others are closed when they are given back."""
        self._is_retired = True
        self._close_idle()
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

    def read_revision(self) -> object:
        """Return the revision of the data that short statements see; None if there is none."""
        return read_scalar(self.loop_connection, REVISION_SQL)

    def read_revision_past_log(self) -> object:
        """Return the revision of the data in the file itself, whatever the log holds; None if it cannot be read."""
        with suppress(apsw.Error):
            connection = _connect(self.path, immutable=True)
            try:
                return read_scalar(connection, REVISION_SQL)
            finally:
                connection.close()
        return None


def _connect(path: Path, immutable: bool) -> apsw.Connection:
    uri = f"file:{quote(str(path))}?mode=ro{'&immutable=1' if immutable else ''}"
    flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
    connection = apsw.Connection(uri, flags=flags, statementcachesize=MAX_PREPARED_STATEMENTS)
    connection.create_scalar_function(FOLD_FUNCTION, _sqlite_fold, 1, deterministic=True)
    return connection


def _sqlite_fold(*arguments: Any) -> str | None:
    """Call `casefold` with the arguments that the driver passes."""
    return casefold(arguments[0])


def read_scalar(connection: apsw.Connection, sql: str) -> object:
    """Return the first value of a statement; None without a row, or if the table is missing."""
    try:
        row = connection.execute(sql).fetchone()
    except apsw.SQLError:
        return None
    return None if row is None else row[0]


class PageCheck:
    """A check of the pages of a database file, which takes some seconds at most; a larger file is checked in part.

    With `immutable` the log is not read.
    """

    def __init__(self, path: Path, seconds: float, immutable: bool) -> None:
        self._path = path
        self._immutable = immutable
        self._until = time.monotonic() + seconds

    def cancel(self) -> None:
        """End the check soon."""
        self._until = 0.0

    def run(self) -> None:
        """Check. Raises DatabaseUnusable for the first damage, DatabaseUnavailable when the file cannot be read."""
        try:
            connection = _connect(self._path, self._immutable)
            try:
                connection.set_busy_timeout(LOCK_TIMEOUT_MS)
                connection.set_progress_handler(lambda: time.monotonic() > self._until, STEPS_PER_LOOK_AT_CLOCK)
                with suppress(apsw.InterruptError):
                    [(answer,)] = connection.execute("PRAGMA quick_check(1)").fetchall()
                    if answer != "ok":
                        raise DatabaseUnusable(DAMAGED_FILE.format(str(answer).strip().splitlines()[-1]))
            finally:
                connection.close()
        except (apsw.CorruptError, apsw.NotADBError) as error:
            raise DatabaseUnusable(DAMAGED_FILE.format(error)) from None
        except apsw.Error as error:
            raise DatabaseUnavailable("the database file cannot be read") from error
