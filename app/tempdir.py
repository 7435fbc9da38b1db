"""Where temporary files are, and directories for unfinished work, which outlive no killed process for long."""

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

MEMORY_FILE_SYSTEM = "/dev/shm"
"""A file system in memory, which is writable even in a container whose root file system is read-only."""
RANDOM_PART = re.compile(r"[a-z0-9_]{8}")
"""What `tempfile` adds to a prefix."""


def temp_directory() -> str:
    """Return the system's temporary directory, or one in memory if the system has none that is writable."""
    try:
        return tempfile.gettempdir()
    except FileNotFoundError:
        return MEMORY_FILE_SYSTEM


@contextmanager
def staging_directory(parent: Path, prefix: str) -> Iterator[Path]:
    """Make a directory inside `parent` for unfinished work, and remove it at the end.

    A process that is killed leaves its directory behind; the next one with the same parent and prefix removes it. Who
    works in a directory holds a lock on it, which ends with the process, so no directory in use is removed.
    """
    remove_abandoned(parent, prefix)
    path, descriptor = _make_locked(parent, prefix)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        os.close(descriptor)


def remove_abandoned(parent: Path, prefix: str) -> None:
    """Remove what killed processes have left in their staging directories. What cannot be removed stays."""
    with suppress(OSError):
        for name in os.listdir(parent):
            if name.startswith(prefix) and RANDOM_PART.fullmatch(name.removeprefix(prefix)):
                _remove_unlocked(parent / name)


def _make_locked(parent: Path, prefix: str) -> tuple[Path, int]:
    """Make a directory and lock it. Another process may take it for an abandoned one before it is locked.

    Raises OSError with the name of the parent when nothing can be made there.
    """
    while True:
        try:
            path = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(parent)) from None
        with suppress(FileNotFoundError):
            descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            with suppress(OSError):  # a file system without locks, where nothing is removed
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            if _is_same(path, descriptor):
                return path, descriptor
            os.close(descriptor)


def _is_same(path: Path, descriptor: int) -> bool:
    with suppress(FileNotFoundError):
        return os.path.samestat(os.stat(path), os.fstat(descriptor))
    return False


def _remove_unlocked(path: Path) -> None:
    with suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(path, ignore_errors=True)
        finally:
            os.close(descriptor)
