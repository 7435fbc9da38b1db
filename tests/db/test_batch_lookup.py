"""Rows requested at the same time are read in one statement."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from app.datasets import DATASETS
from app.db.batch_lookup import MAX_BATCH_SIZE, BatchLoader
from app.db.connect import create_reader
from app.db.reader import DatabaseUnavailable, Lookup, Rows, Statement, Values
from app.model.rows import from_json
from app.query.repository import Repository
from tests.support.service import TODAY

VILLAGES = DATASETS["urban-villages"]


class Known:
    """A lookup whose statements are only names."""

    by_id = Statement("one", (), {})
    by_ids = Statement("several", (), {})


LOOKUP: Lookup = Known()


def gathered(
    answer: Callable[[list[str]], Rows], work: Callable[[BatchLoader, list[list[str]]], Awaitable[None]]
) -> list[list[str]]:
    """Run some work on a batch loader with an invented database; return the ids of each statement."""
    asked: list[list[str]] = []

    async def fetch(statement: Statement, values: Values) -> Rows:
        assert statement is LOOKUP.by_ids
        asked.append(list(values["ids"]))
        await asyncio.sleep(0)
        return answer(asked[-1])

    async def run() -> None:
        await work(BatchLoader(fetch), asked)

    asyncio.run(run())
    return asked


def even(ids: list[str]) -> Rows:
    """Return the rows of the even ids, the last first."""
    return [(key, key * 2, "revision") for key in reversed(ids) if int(key) % 2 == 0]


@settings(deadline=None)
@given(st.lists(st.integers(0, 300).map(str), max_size=250))
def test_each_caller_gets_the_row_it_requested(keys: list[str]) -> None:
    async def work(gathering: BatchLoader, asked: list[list[str]]) -> None:
        found = await asyncio.gather(*[gathering.load(LOOKUP, {}, key) for key in keys])
        assert found == [(key * 2, "revision") if int(key) % 2 == 0 else None for key in keys]
        assert len(asked) == -(-len(keys) // MAX_BATCH_SIZE)

    for ids in gathered(even, work):
        assert len(ids) == len(set(ids)) <= MAX_BATCH_SIZE


def test_other_options_are_another_statement() -> None:
    async def work(gathering: BatchLoader, asked: list[list[str]]) -> None:
        await asyncio.gather(*[gathering.load(LOOKUP, {"today": day}, "2") for day in ("a", "a", "b")])
        assert asked == [["2"], ["2"]]

    gathered(even, work)


def test_a_failure_reaches_the_callers_of_one_batch_only() -> None:
    failing = [True]

    def answer(ids: list[str]) -> Rows:
        if failing.pop():
            raise DatabaseUnavailable("gone")
        return even(ids)

    async def work(gathering: BatchLoader, asked: list[list[str]]) -> None:
        found = await asyncio.gather(*[gathering.load(LOOKUP, {}, key) for key in "24"], return_exceptions=True)
        assert [type(one) for one in found] == [DatabaseUnavailable, DatabaseUnavailable]
        failing.append(False)
        assert await gathering.load(LOOKUP, {}, "4") == ("44", "revision")
        assert len(asked) == 2

    gathered(answer, work)


def test_a_cancelled_caller_does_not_cancel_the_batch() -> None:
    async def work(gathering: BatchLoader, asked: list[list[str]]) -> None:
        tasks = [asyncio.create_task(gathering.load(LOOKUP, {}, key)) for key in "2244"]
        while not asked:
            await asyncio.sleep(0)
        tasks[0].cancel()
        tasks[2].cancel()
        found = await asyncio.gather(*tasks, return_exceptions=True)
        assert [one if isinstance(one, tuple) else type(one) for one in found] == [
            asyncio.CancelledError,
            ("22", "revision"),
            asyncio.CancelledError,
            ("44", "revision"),
        ]

    gathered(even, work)


def test_rows_of_a_real_database(loaded_url: str) -> None:
    """All villages and some ids that nobody has, at once."""

    async def run() -> None:
        reader: Any = create_reader(loaded_url)
        repository, sent, fetch = Repository(reader), [0], reader.fetch

        async def counting(statement: Statement, values: Values) -> Rows:
            sent[0] += 1
            rows: Rows = await fetch(statement, values)
            return rows

        await reader.open()
        try:
            await repository.refresh()
            ids = [row[0] for row in await repository.fetch("ids", lambda: sa.select(VILLAGES.table.c.id), {})]
            assert len(ids) == 102
            reader.fetch = counting
            odd = ["", "a'b", "村", '"', "{}", "a,b", "\\", "NULL", "a" * 5000]
            found = await asyncio.gather(*[repository.find_by_id(VILLAGES, key, {}, TODAY) for key in [*ids, *odd]])
            assert [row and from_json(row.row_json)["id"] for row in found] == [*ids, *[None] * len(odd)]
            assert sent == [2 if reader.row_locator == "ctid" else len(ids) + len(odd)]
        finally:
            await reader.close()

    asyncio.run(run())
