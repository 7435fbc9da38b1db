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

from app.tempdir import temp_directory


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

    def __init__(self, most_bytes: int, builders: int = 2) -> None:
        self.max_bytes = most_bytes
        self._kept: OrderedDict[str, CachedFile] = OrderedDict()
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._building = asyncio.Semaphore(builders)

    async def get_or_build(self, key: str, build: Callable[[BinaryIO], Awaitable[None]]) -> CachedFile:
        """The file of that key, made when there is none.

        Two who ask at once wait for one making; who gives up lets the next one make it.
        Raises OSError when there is no room for it.
        """
        async with self._locks.setdefault(key, asyncio.Lock()):
            if key not in self._kept:
                async with self._building:
                    self._kept[key] = await _build_file(build)
            self._kept.move_to_end(key)
            whole = self._kept[key]
            lent = CachedFile(os.dup(whole.handle), whole.size)
            while self._kept and sum(kept.size for kept in self._kept.values()) > self.max_bytes:
                self._kept.popitem(last=False)[1].close()
            return lent

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
