"""Files made for an answer, kept while there is room, so that parts of them can be asked for.

Each file has no name from the moment it is made: whatever ends the process, nothing is left behind.
"""

import asyncio
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


class BuildersBusy(Exception):
    """No builder was free in time."""


@dataclass(slots=True)
class CachedFile:
    """One finished file, open for reading at any place; whoever got it closes it."""

    handle: int
    size: int

    def read(self, start: int, length: int) -> bytes:
        """Some bytes from a place."""
        return os.pread(self.handle, length, start)

    def close(self) -> None:
        """Give the file back."""
        os.close(self.handle)


@dataclass(slots=True)
class InMemoryFile:
    """The same for an answer that is small enough to stand in memory."""

    content: bytes

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return len(self.content)

    def read(self, start: int, length: int) -> bytes:
        """Some bytes from a place."""
        return self.content[start : start + length]

    def close(self) -> None:
        """Nothing is held open."""


class FileCache:
    """The finished files of one process, the least lately used thrown out first."""

    def __init__(self, most_bytes: int, turn_seconds: float = 10) -> None:
        self.max_bytes = most_bytes
        self._kept: OrderedDict[str, CachedFile] = OrderedDict()
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
            if key not in self._kept:
                builders = self._small_builders if is_small else self._large_builders
                await self._take_turn(builders)
                try:
                    self._kept[key] = await _build_file(build)
                finally:
                    builders.give_back()
            self._kept.move_to_end(key)
            whole = self._kept[key]
            lent = CachedFile(os.dup(whole.handle), whole.size)
            while self._kept and sum(kept.size for kept in self._kept.values()) > self.max_bytes:
                self._kept.popitem(last=False)[1].close()
            return lent

    async def _take_turn(self, builders: Turns) -> None:
        if builders.take_now():
            return
        try:
            async with asyncio.timeout(self._turn_seconds):
                await builders.take()
        except TimeoutError:
            raise BuildersBusy from None

    def evict(self, key: str) -> None:
        """Throw one file out, if it is there."""
        if key in self._kept:
            self._kept.pop(key).close()

    def close(self) -> None:
        """Throw everything out."""
        while self._kept:
            self._kept.popitem()[1].close()


async def _build_file(build: Callable[[BinaryIO], Awaitable[None]]) -> CachedFile:
    with tempfile.TemporaryFile(dir=temp_directory()) as file:
        await build(file)
        size = file.seek(0, os.SEEK_END)
        file.flush()
        return CachedFile(os.dup(file.fileno()), size)
