"""Long statements and streams do not hold up short ones, and end when nobody waits for them any more."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import Any

import pytest

from app.db.connect import create_reader
from app.db.reader import DatabaseBusy, DatabaseUnavailable, QueryTimeout, Statement, WaitLimits

COUNT = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n{until}) SELECT {what} FROM n"
MEDIUM = Statement(COUNT.format(until=" WHERE i < 20000", what="count(*)"), (), {})
"""A statement that is too long for the event loop, and short enough for the short lane."""
MANY = 40
LIMITS = WaitLimits(statement=60, turn=60)
ANSWER_SECONDS = 20
"""Far less than what waits in front takes, and more than the short lane needs for it on a slow machine."""


def endless(reader: Any) -> Statement:
    """Return a statement that does not end by itself."""
    if reader.dialect.name == "sqlite":
        return Statement(COUNT.format(until="", what="count(*)"), (), {})
    return Statement("SELECT pg_sleep(3600)", (), {})


def endless_rows(reader: Any) -> Statement:
    """Return a statement of one text column, whose rows come at once and without end."""
    count = COUNT.format(until="", what="i")
    if reader.dialect.name == "sqlite":
        return Statement(f"SELECT CAST(i || char(13, 10) AS BLOB) FROM ({count}) AS numbers", (), {})
    return Statement("SELECT generate_series(1, 1000000000) || E'\\r\\n'", (), {})


def few_rows(reader: Any) -> Statement:
    """Return a statement of one text column with a single row."""
    if reader.dialect.name == "sqlite":
        return Statement("SELECT CAST('x' || char(13, 10) AS BLOB)", (), {})
    return Statement("SELECT E'x\\r\\n'", (), {})


def run(url: str, limits: WaitLimits, use: Callable[[Any], Awaitable[None]]) -> None:
    """Open a reader, use it, and close it."""

    async def opened() -> None:
        reader = create_reader(url, limits)
        await reader.open()
        try:
            await use(reader)
        finally:
            await reader.close()

    asyncio.run(opened())


async def work_left(reader: Any) -> int:
    """Return how many statements the database runs for this reader, except the one that asks."""
    if reader.dialect.name == "sqlite":
        return len(reader.file._lent)
    active = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle'"
    rows = await reader.fetch(Statement(f"{active} AND pid <> pg_backend_pid()", (), {}), {})
    count: int = rows[0][0]
    return count


async def await_no_work(reader: Any) -> None:
    """Wait until the database runs nothing."""
    async with asyncio.timeout(ANSWER_SECONDS):
        while await work_left(reader):
            await asyncio.sleep(0)


async def cancel(tasks: list[asyncio.Task[Any]]) -> None:
    """Cancel tasks and wait for their end."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def test_a_short_statement_does_not_wait_behind_long_ones(loaded_url: str) -> None:
    async def use(reader: Any) -> None:
        long = [asyncio.create_task(reader.fetch(endless(reader), {})) for _ in range(MANY)]
        await asyncio.sleep(0)
        async with asyncio.timeout(ANSWER_SECONDS):
            assert await reader.fetch(MEDIUM, {}) == [(20_000,)]
        assert not any(task.done() for task in long)
        await cancel(long)
        await await_no_work(reader)

    run(loaded_url, LIMITS, use)


def test_cancelled_statements_end_wherever_they_wait(loaded_url: str) -> None:
    async def use(reader: Any) -> None:
        for _ in range(3):
            tasks = [asyncio.create_task(reader.fetch(endless(reader), {})) for _ in range(MANY)]
            while not await work_left(reader):
                await asyncio.sleep(0)
            await cancel(tasks)
            await await_no_work(reader)
        assert await reader.fetch(MEDIUM, {}) == [(20_000,)]

    run(loaded_url, LIMITS, use)


def test_the_time_limit_counts_from_the_question(loaded_url: str) -> None:
    """Those whose turn does not come have no more time than the others."""

    async def use(reader: Any) -> None:
        async with asyncio.timeout(ANSWER_SECONDS):
            outcomes = await asyncio.gather(
                *[reader.fetch(endless(reader), {}) for _ in range(MANY)], return_exceptions=True
            )
        assert {type(outcome) for outcome in outcomes} <= {QueryTimeout, DatabaseBusy}
        assert await reader.fetch(MEDIUM, {}) == [(20_000,)]
        await await_no_work(reader)

    run(loaded_url, WaitLimits(statement=2), use)


@pytest.mark.parametrize("method", ["stream", "stream_csv"])
def test_a_small_export_does_not_wait_behind_large_ones(loaded_url: str, method: str) -> None:
    async def read(reader: Any, statement: Statement, most: int) -> int:
        batches = 0
        async with aclosing(getattr(reader, method)(statement, {})) as stream:
            async for batch in stream:
                batches += bool(batch)
                if batches >= most:
                    await asyncio.Event().wait()  # like a client that has stopped reading
        return batches

    async def use(reader: Any) -> None:
        large = [asyncio.create_task(read(reader, endless_rows(reader), 4)) for _ in range(MANY)]
        await asyncio.sleep(0)
        async with asyncio.timeout(ANSWER_SECONDS):
            assert await read(reader, few_rows(reader), 10) == 1
        assert not any(task.done() for task in large)
        await cancel(large)
        await await_no_work(reader)
        async with asyncio.timeout(ANSWER_SECONDS):
            assert await read(reader, few_rows(reader), 10) == 1

    run(loaded_url, LIMITS, use)


def test_an_export_whose_turn_does_not_come_is_refused(loaded_url: str) -> None:
    async def read(reader: Any) -> None:
        async with aclosing(reader.stream(endless_rows(reader), {})) as stream:
            async for _ in stream:
                await asyncio.Event().wait()

    async def use(reader: Any) -> None:
        tasks = [asyncio.create_task(read(reader)) for _ in range(MANY)]
        async with asyncio.timeout(ANSWER_SECONDS):
            done, waiting = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        assert {type(task.exception()) for task in done} == {DatabaseBusy}
        await cancel(list(waiting))
        await await_no_work(reader)

    run(loaded_url, WaitLimits(turn=1), use)


def test_a_broken_statement_keeps_no_turn(loaded_url: str) -> None:
    async def use(reader: Any) -> None:
        wrong = Statement("SELECT * FROM nowhere", (), {})
        for _ in range(MANY):
            with pytest.raises(DatabaseUnavailable):
                await reader.fetch(wrong, {})
            with pytest.raises(DatabaseUnavailable):
                async for _ in reader.stream(wrong, {}):
                    pass
        assert await reader.fetch(MEDIUM, {}) == [(20_000,)]

    run(loaded_url, LIMITS, use)
