"""Files kept for repeated downloads."""

import asyncio
import errno
import os
from typing import BinaryIO

import pytest

from app.http.file_cache import KEPT_FILES, LARGE_BUILDERS, BuildersBusy, FileCache


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


async def build_endlessly(_: BinaryIO) -> None:
    """Build a file that is never finished."""
    await asyncio.Event().wait()


async def build_at_once(file: BinaryIO) -> None:
    """Build a small file."""
    file.write(b"small")


def test_a_small_file_does_not_wait_behind_large_ones() -> None:
    async def ask() -> None:
        cache = FileCache(1000)
        large = [asyncio.create_task(cache.get_or_build(f"{n}", build_endlessly)) for n in range(10)]
        await asyncio.sleep(0)
        async with asyncio.timeout(5):
            (await cache.get_or_build("small", build_at_once, is_small=True)).close()
        for task in large:
            task.cancel()
        await asyncio.gather(*large, return_exceptions=True)
        async with asyncio.timeout(5):
            (await cache.get_or_build("large", build_at_once)).close()
        cache.close()

    asyncio.run(ask())


def test_a_file_whose_turn_does_not_come_is_refused() -> None:
    async def ask() -> None:
        cache = FileCache(1000, turn_seconds=0.05)
        large = [asyncio.create_task(cache.get_or_build(f"{n}", build_endlessly)) for n in range(LARGE_BUILDERS)]
        await asyncio.sleep(0)
        with pytest.raises(BuildersBusy):
            await cache.get_or_build("one more", build_at_once)
        for task in large:
            task.cancel()
        await asyncio.gather(*large, return_exceptions=True)

    asyncio.run(ask())


def test_files_are_bounded_in_number() -> None:
    async def build_all() -> None:
        cache = FileCache(10**6, max_files=3)
        open_before = len(os.listdir("/proc/self/fd"))
        for number in range(10):
            (await cache.get_or_build(f"file {number}", build_at_once)).close()
        assert len(os.listdir("/proc/self/fd")) - open_before == 3
        cache.close()

    asyncio.run(build_all())


def test_cached_files_are_closed_where_no_more_can_be_opened() -> None:
    async def build_again() -> None:
        cache = FileCache(10**6)
        (await cache.get_or_build("old", build_at_once)).close()
        attempts = []

        async def build(file: BinaryIO) -> None:
            attempts.append(len(cache._files))
            if len(attempts) == 1:
                raise OSError(errno.EMFILE, "too many open files")
            file.write(b"new")

        built = await cache.get_or_build("new", build)
        assert built.read(0, 3) == b"new"
        assert attempts == [1, 0]
        built.close()
        cache.close()

    asyncio.run(build_again())


def test_files_that_nobody_asks_for_any_more_are_closed() -> None:
    async def build_and_wait() -> None:
        cache = FileCache(10**6, unused_seconds=0.02)
        open_before = len(os.listdir("/proc/self/fd"))
        for number in range(10):
            (await cache.get_or_build(f"file {number}", build_at_once)).close()
        async with asyncio.timeout(5):
            while len(os.listdir("/proc/self/fd")) - open_before > KEPT_FILES:
                await asyncio.sleep(0)
        kept = cache.lend("file 9")
        assert kept is not None, "those used last are kept for longer"
        kept.close()
        assert cache.lend("file 0") is None
        cache.close()
        assert len(os.listdir("/proc/self/fd")) == open_before

    asyncio.run(build_and_wait())
