"""Files kept for repeated downloads."""

import asyncio
from typing import BinaryIO

from app.http.file_cache import FileCache


def test_the_cache_keeps_files_up_to_its_size() -> None:
    made: list[str] = []

    async def take(shelf: FileCache, key: str) -> bytes:
        async def build(file: BinaryIO) -> None:
            made.append(key)
            file.write(key.encode() * 4)

        whole = await shelf.get_or_build(key, build)
        try:
            return whole.read(0, whole.size)
        finally:
            whole.close()

    async def ask() -> None:
        shelf = FileCache(8)
        assert set(await asyncio.gather(take(shelf, "a"), take(shelf, "a"))) == {b"aaaa"}
        for key in ("b", "a", "c", "a", "b"):
            assert await take(shelf, key) == key.encode() * 4
        shelf.close()

    asyncio.run(ask())
    assert made == ["a", "b", "c", "b"]
