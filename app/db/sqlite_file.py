"""Tell what has happened to the file of a SQLite database while it was open: its name, its log, its content.

Nothing here opens the file: closing it would end all locks that the process holds on it (POSIX).

A database with a write-ahead log is three files. `FILE-wal` holds committed pages that are not yet in the file, and
`FILE-shm` is the index of the log. When another database takes the place of the file, both stay behind and belong to
the old one (sqlite.org/howtocorrupt.html, section 2.5).
"""

import logging
import os
from contextlib import suppress
from enum import Enum, auto
from pathlib import Path
from typing import NamedTuple

MAX_ATTEMPTS = 5
"""How many times the files are looked at until nothing changes in between."""
DAMAGED_FILE = "the database file is damaged ({}); restore a copy of it, or load the issues into a new file"
logger = logging.getLogger("gazette")
FileContent = tuple[tuple[int, int], int, int]
"""Which file it is, its size and when it was last written: another content has another one."""


class FileState(NamedTuple):
    """What the file system says about the file, the log and its index, without opening them."""

    file: tuple[int, int]
    """Device and inode of the file: which file it is."""
    size: int
    written: int
    """When the file was last written (nanoseconds)."""
    log: tuple[int, int, int] | None
    """Inode, size and time of the last write of the log; None without a log."""
    log_index: int | None
    """Inode of the index."""

    @property
    def content(self) -> FileContent:
        """What tells the content of the file, without its log."""
        return self.file, self.size, self.written

    @property
    def log_size(self) -> int:
        """The bytes of the log."""
        return self.log[1] if self.log else 0


class Change(Enum):
    """What has happened between two states."""

    none = auto()
    """Nothing, or a commit to the log."""
    replaced = auto()
    """The name belongs to another file now, or the log does."""
    written = auto()
    """The file was written: by a checkpoint of the log, unless the log had nothing to be written."""
    written_past_the_log = auto()
    """The file was written, but not by SQLite: the log was empty before and has not changed."""


def read_state(path: Path) -> FileState | None:
    """Return the state of a database's files, or None if there is no file. Links are followed."""
    path = real_path(path)
    log = _log_state(path)
    for _ in range(MAX_ATTEMPTS):
        try:
            file = os.stat(path)
        except OSError:
            return None
        # A checkpoint changes the log before and after it writes the file: it is looked at before and after, too.
        log, before = _log_state(path), log
        if log == before:
            break
    try:
        index = os.stat(f"{path}-shm").st_ino
    except OSError:
        index = None
    return FileState((file.st_dev, file.st_ino), file.st_size, file.st_mtime_ns, log, index)


def real_path(path: Path) -> Path:
    """Return the path of the file that a link leads to: SQLite keeps the log beside it."""
    return Path(os.path.realpath(path))


def _log_state(path: Path) -> tuple[int, int, int] | None:
    try:
        log = os.stat(f"{path}-wal")
    except OSError:
        return None
    return log.st_ino, log.st_size, log.st_mtime_ns


def compare_states(before: FileState, now: FileState) -> Change:
    """Return what has happened between two states."""
    if now.file != before.file:
        return Change.replaced
    if before.log_index is not None and now.log_index != before.log_index:
        return Change.replaced
    if before.log is not None and (now.log is None or now.log[0] != before.log[0]):
        return Change.replaced
    if (now.size, now.written) == (before.size, before.written):
        return Change.none
    if now.log == before.log and not now.log_size:
        return Change.written_past_the_log
    return Change.written


def has_log_of_its_own(before: FileState, now: FileState) -> bool:
    """Return whether a file that took the place of another has come with a log that holds pages of it."""
    return now.log_size > 0 and (before.log is None or now.log is None or now.log[0] != before.log[0])


def set_aside_log(path: Path, before: FileState, now: FileState) -> bool:
    """Remove the log and the index that belong to the content before, and return whether none is left.

    The log of a file that was moved away may hold changes of it: it is renamed to `FILE-wal.replaced`. That of a
    file that was changed in place stays where it is, unless it is empty.
    """
    path = real_path(path)
    if now.log is None and now.log_index is None:
        return True
    if (now.log and now.log[0]) != (before.log and before.log[0]) or now.log_index != before.log_index:
        return True  # they are new, and belong to the new file
    try:
        if now.log_size and now.file == before.file:
            return False
        if now.log_size:
            os.rename(f"{path}-wal", f"{path}-wal.replaced")
            logger.warning("the log of the replaced database has content; it is kept as %s-wal.replaced", path)
        else:
            with suppress(FileNotFoundError):
                os.unlink(f"{path}-wal")
        with suppress(FileNotFoundError):
            os.unlink(f"{path}-shm")
    except OSError:
        return False
    return True


def is_frozen(path: Path) -> bool:
    """Return whether a database must be opened as a file that never changes.

    In a read-only directory, the index of the write-ahead log cannot be created, and nothing can change. If an
    index exists there, another process may write, and the index can be read.
    """
    path = real_path(path)
    return not os.access(path.parent, os.W_OK) and not Path(f"{path}-shm").exists()
