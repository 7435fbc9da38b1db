"""Memory is given back after a burst of exports."""

import asyncio
import weakref

import pytest

from app.http import memory


class Node:
    """An object that refers to itself, so that only the collector frees it."""

    def __init__(self) -> None:
        self.itself = self


def test_one_collection_follows_a_burst(monkeypatch: pytest.MonkeyPatch) -> None:
    trims: list[int] = []
    monkeypatch.setattr(memory, "IDLE_SECONDS", 0.01)
    monkeypatch.setattr(memory, "load_malloc_trim", lambda: trims.append)

    async def run() -> None:
        trimmer = memory.MemoryTrimmer()
        node = weakref.ref(Node())
        for _ in range(5):
            trimmer.schedule()
        async with asyncio.timeout(5):
            while not trims:
                await asyncio.sleep(0)
        assert node() is None
        trimmer.schedule()
        async with asyncio.timeout(5):
            while len(trims) < 2:
                await asyncio.sleep(0)

    asyncio.run(run())
    assert trims == [0, 0]


def test_a_c_library_without_trimming_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: object) -> None:
        raise OSError

    monkeypatch.setattr("ctypes.CDLL", missing)
    assert memory.load_malloc_trim() is None
    memory.limit_arenas()
