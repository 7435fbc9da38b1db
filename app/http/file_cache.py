"""Cache of built files, bounded in bytes and in number, so that ranges of them can be requested.

A file has no name from the moment it is made, so nothing is left behind however the process ends.
"""

import asyncio
import errno
import os
import tempfile
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import BinaryIO
from weakref import WeakValueDictionary

from app.concurrency import Turns
from app.tempdir import temp_directory

SMALL_BUILDERS = 4
LARGE_BUILDERS = 2
"""The number of files that are built at the same time, so that a small one does not wait behind large ones."""
UNUSED_SECONDS = 30.0
"""A file that was not asked for in so many seconds is closed, so that many odd ones do not stay open for good."""
KEPT_FILES = 2
"""The files that were used last are kept for longer: a large one may be fetched range by range."""


class BuildersBusy(Exception):
    """No builder was free in time."""


@dataclass(slots=True)
class CachedFile:
    """A handle of a finished file. The receiver closes it."""

    handle: int
    size: int

    def read(self, start: int, length: int) -> bytes:
        """Return some bytes from an offset."""
        return os.pread(self.handle, length, start)

    def close(self) -> None:
        """Close the handle."""
        os.close(self.handle)


@dataclass(slots=True)
class InMemoryFile:
    """The same for a small file, which is kept in memory."""

    content: bytes

    @property
    def size(self) -> int:
        """The number of bytes."""
        return len(self.content)

    def read(self, start: int, length: int) -> bytes:
        """Return some bytes from an offset."""
        return self.content[start : start + length]

    def close(self) -> None:
        """Do nothing: no handle is open."""


class FileCache:
    """The finished files of one process. The least recently used is evicted first."""

    def __init__(
        self,
        max_bytes: int,
        turn_seconds: float = 10,
        max_files: int = 64,
        unused_seconds: float = UNUSED_SECONDS,
    ) -> None:
        self.max_bytes = max_bytes
        self.max_files = max_files
        self.unused_seconds = unused_seconds
        self._files: OrderedDict[str, CachedFile] = OrderedDict()
        self._used_at: dict[str, float] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._turn_seconds = turn_seconds
        self._small_builders, self._large_builders = Turns(SMALL_BUILDERS), Turns(LARGE_BUILDERS)

    async def get_or_build(
        self, key: str, build: Callable[[BinaryIO], Awaitable[None]], is_small: bool = False
    ) -> CachedFile:
        """Return the file of a key, which is built if there is none.

        Two requests for one file wait for one build. If its client goes away, the build ends, and the next request
        begins it again. Raises BuildersBusy if no builder is free in time, and OSError if there is no room.
        """
        async with self._locks.setdefault(key, asyncio.Lock()):
            if key not in self._files:
                builders = self._small_builders if is_small else self._large_builders
                await self._take_turn(builders)
                try:
                    self._files[key] = await self._build(build)
                finally:
                    builders.give_back()
            self._note_use(key)
            cached = self._files[key]
            lent = CachedFile(os.dup(cached.handle), cached.size)
            while self._files and not self._is_within_bounds():
                self.evict(next(iter(self._files)))
            return lent

    def _note_use(self, key: str) -> None:
        loop = asyncio.get_running_loop()
        self._files.move_to_end(key)
        self._used_at[key] = loop.time()
        if self._timer is None:
            self._timer = loop.call_later(self.unused_seconds, self._close_unused, loop)

    def _close_unused(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = None
        for key in list(self._files)[:-KEPT_FILES]:
            if loop.time() - self._used_at[key] >= self.unused_seconds:
                self.evict(key)
        if len(self._files) > KEPT_FILES:
            self._timer = loop.call_later(self.unused_seconds, self._close_unused, loop)

    def lend(self, key: str) -> CachedFile | None:
        """Return the file of a key if it is cached, else None."""
        cached = self._files.get(key)
        if cached is None:
            return None
        self._note_use(key)
        try:
            return CachedFile(os.dup(cached.handle), cached.size)
        except OSError:  # the process may open no more files
            return None

    async def _build(self, build: Callable[[BinaryIO], Awaitable[None]]) -> CachedFile:
        """Build a file; where the process may open no more files, first close those that are cached."""
        try:
            return await _build_file(build)
        except OSError as error:
            if error.errno not in (errno.EMFILE, errno.ENFILE) or not self._files:
                raise
        self.close()
        return await _build_file(build)

    def _is_within_bounds(self) -> bool:
        return len(self._files) <= self.max_files and sum(file.size for file in self._files.values()) <= self.max_bytes

    async def _take_turn(self, builders: Turns) -> None:
        if builders.take_now():
            return
        try:
            async with asyncio.timeout(self._turn_seconds):
                await builders.take()
        except TimeoutError:
            raise BuildersBusy from None

    def evict(self, key: str) -> None:
        """Evict one file, if it is cached."""
        if key in self._files:
            self._files.pop(key).close()
            del self._used_at[key]

    def close(self) -> None:
        """Evict everything."""
        while self._files:
            self.evict(next(iter(self._files)))


async def _build_file(build: Callable[[BinaryIO], Awaitable[None]]) -> CachedFile:
    with tempfile.TemporaryFile(dir=temp_directory()) as file:
        await build(file)
        size = file.seek(0, os.SEEK_END)
        file.flush()
        return CachedFile(os.dup(file.fileno()), size)
