"""Follow what the name of a SQLite file stands for, while the service reads it.

All connections belong to one file. When another file has taken its place (`mv`), that one is checked and all
connections are opened again together. When the file was changed in place (`cp`) or is missing, nothing is served
until the file can be opened and checked.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path

import apsw

from app.concurrency import run_in_executor
from app.db.reader import DatabaseReplaced, DatabaseUnavailable, DatabaseUnusable
from app.db.sqlite_connections import SIZE_SQL, OpenFile, PageCheck
from app.db.sqlite_file import (
    Change,
    FileContent,
    FileState,
    compare_states,
    has_log_of_its_own,
    is_frozen,
    read_state,
    set_aside_log,
)

DOUBT_SECONDS = 0.75
"""How long the content of the file may be unexplained, before it counts as another database."""
SETTLE_SECONDS = 0.3
"""How long a file that was changed in place must have been left alone before it is opened again."""
START_CHECK_SECONDS = 2.0
"""How long the pages of the file are checked before the first request."""
MOVED_CHECK_SECONDS = 0.75
"""How long the pages of a file that was moved into place are checked, while the old one is still served."""
IN_PLACE_CHECK_SECONDS = 30.0
"""How long the pages of a file that was changed in place are checked."""
logger = logging.getLogger("gazette")


class WatchedFile:
    """The file that is read now; `file` is None while it is missing or not yet checked.

    `prepare` is called with the connection for short statements of each file that is opened. Checks run in threads
    of the executor. `generation` is how many times another file has taken the place of the one that was opened.
    """

    def __init__(self, path: Path, executor: Executor, prepare: Callable[[apsw.Connection], None]) -> None:
        self.path = path
        self.file: OpenFile | None = None
        self.generation = 0
        self._executor = executor
        self._prepare = prepare
        self._broken: OpenFile | None = None
        """The file that was open before it went missing or was changed in place."""
        self._fault = "open() comes first"
        self._seen: FileState | None = None
        """The state of the broken file when it was last looked at."""
        self._unusable: FileContent | None = None
        """The content of the file that was found to be damaged or of another version."""
        self._settled_at = 0.0
        self._doubt_since: float | None = None
        self._revisions: set[object] = set()
        self._reopening: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Open the file. Raises DatabaseUnavailable if it is missing, damaged or no database."""
        file = OpenFile(self.path, is_frozen(self.path))
        try:
            await self._check_pages(START_CHECK_SECONDS, file.immutable)
            self._use(file)
        except BaseException:
            file.abort()
            raise

    def get(self) -> OpenFile:
        """Return the open file. Raises DatabaseReplaced while there is none."""
        if self.file is None:
            raise DatabaseReplaced(self._fault)
        return self.file

    async def refresh(self) -> None:
        """Let short statements see what has been committed, and what has become of the file.

        Raises DatabaseUnavailable.
        """
        state = read_state(self.path)
        if self.file is None:
            await self._recover(state)
        elif state != self.file.state:
            await self._follow(self.file, state)
        elif self.file.has_unused_files():
            self._give_back_files(self.file)
        try:
            self.get().begin_snapshot()
        except apsw.Error as error:
            raise DatabaseUnavailable("the database does not answer") from error

    def _give_back_files(self, file: OpenFile) -> None:
        try:
            file.give_back_files()
        except DatabaseUnavailable as error:
            raise self._lose(str(error)) from error
        self._prepare(file.loop_connection)

    def interrupt(self) -> None:
        """End the statements that run in threads, and open no other file."""
        if self._reopening is not None:
            self._reopening.cancel()
        for file in (self.file, self._broken):
            if file is not None:
                file.interrupt()

    def close(self) -> None:
        """Close all connections."""
        for file in (self.file, self._broken):
            if file is not None:
                file.abort()
        self.file = self._broken = None

    def _use(self, file: OpenFile) -> None:
        try:
            file.begin_snapshot()
            self._revisions = {file.read_revision()}
        except apsw.Error as error:
            raise DatabaseUnavailable("the database does not answer") from error
        self._prepare(file.loop_connection)
        self.file, self._doubt_since = file, None

    async def _follow(self, file: OpenFile, state: FileState | None) -> None:
        """Go on with what the file is now. Raises DatabaseReplaced while that is not clear."""
        if state is None:
            raise self._lose("the database file is missing")
        if state.file != file.state.file:
            await self._reopen(file, state, MOVED_CHECK_SECONDS)
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
            self._revisions.add(file.read_revision())
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
        if self.file is not None:
            self._broken, self.file, self._seen = self.file, None, None
            self._broken.abort()
        return DatabaseReplaced(fault)

    async def _recover(self, state: FileState | None) -> None:
        """Open the file again after it was missing or changed in place. Raises DatabaseReplaced while it cannot be."""
        old = self._broken
        if old is None or state is None:
            raise DatabaseReplaced(self._fault)
        if self._reopening is None:
            if state != self._seen:
                self._seen, self._settled_at = state, time.monotonic() + SETTLE_SECONDS
            if state.content == self._unusable or time.monotonic() < self._settled_at or not old.abort():
                raise DatabaseReplaced(self._fault)
        in_place = state.file == old.state.file
        await self._reopen(old, state, IN_PLACE_CHECK_SECONDS if in_place else MOVED_CHECK_SECONDS)

    async def _reopen(self, old: OpenFile, state: FileState, check_seconds: float) -> None:
        """Wait until the file is checked and open; only one task does that at a time."""
        if self._reopening is None:
            self._reopening = asyncio.ensure_future(self._check_and_open(old, state, check_seconds))
            self._reopening.add_done_callback(self._end_reopening)
        await asyncio.shield(self._reopening)

    def _end_reopening(self, task: "asyncio.Task[None]") -> None:
        self._reopening = None
        if not task.cancelled():
            task.exception()  # retrieve it, or asyncio logs that it was never retrieved

    async def _check_and_open(self, old: OpenFile, state: FileState, check_seconds: float) -> None:
        """Check the pages of the file, then open it. A file that was moved away is served until then."""
        if not has_log_of_its_own(old.state, state):  # the pages of a file may not fit together without its log
            try:
                await self._check_pages(check_seconds, immutable=True)
            except DatabaseUnavailable as error:
                raise self._refuse(error, state) from error
        now = read_state(self.path)
        if now is not None and now.content == state.content:
            self._open_again(old, now)
        elif self.file is None:
            raise DatabaseReplaced(self._fault)

    async def _check_pages(self, seconds: float, immutable: bool) -> None:
        check = PageCheck(self.path, seconds, immutable)
        await run_in_executor(self._executor, check.cancel, check.run)

    def _open_again(self, old: OpenFile, state: FileState) -> None:
        """Open the file that has taken the place of the old one. Streams of another file are read to their end."""
        try:
            has_own_log = set_aside_log(self.path, old.state, state)
            new = OpenFile(self.path, is_frozen(self.path) or not has_own_log)
            if new.migration != old.migration:
                new.abort()
                raise DatabaseUnusable(f"the database file has version {new.migration}, not {old.migration}")
            self._use(new)
        except DatabaseUnavailable as error:
            raise self._refuse(error, state) from error
        old.retire()
        self._broken, self._fault, self._unusable = None, "", None
        self.generation += 1
        logger.info("another database file has taken the place of the old one and has been opened")

    def _refuse(self, error: DatabaseUnavailable, state: FileState) -> DatabaseReplaced:
        """Serve nothing from a file that cannot be opened, and return the error to raise."""
        if isinstance(error, DatabaseUnusable):
            self._unusable = state.content
        return self._lose(str(error))
