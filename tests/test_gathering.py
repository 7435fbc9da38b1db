"""Rows that are looked up together: on Postgres in one statement, each for whoever asked for it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from app.datasets import DATASETS
from app.db.batch_lookup import MOST, Gathering
from app.db.connect import reader_for
from app.db.reader import Lookup, Rows, Statement, Unavailable, Values
from app.model.rows import from_json
from app.query.repository import Store
from tests.conftest import TODAY

VILLAGES = DATASETS["urban-villages"]


class Known:
    """A lookup whose statements are only names."""

    one = Statement("one", (), {})
    several = Statement("several", (), {})


LOOKUP: Lookup = Known()


def gathered(
    answer: Callable[[list[str]], Rows], work: Callable[[Gathering, list[list[str]]], Awaitable[None]]
) -> list[list[str]]:
    """Run some work on a gathering whose database answers ids; returns the ids of each statement."""
    asked: list[list[str]] = []

    async def fetch(statement: Statement, values: Values) -> Rows:
        assert statement is LOOKUP.several
        asked.append(list(values["ids"]))
        await asyncio.sleep(0)
        return answer(asked[-1])

    async def run() -> None:
        await work(Gathering(fetch), asked)

    asyncio.run(run())
    return asked


def even(ids: list[str]) -> Rows:
    """The rows of the even ids, the last first."""
    return [(key, key * 2, "revision") for key in reversed(ids) if int(key) % 2 == 0]


@settings(deadline=None)
@given(st.lists(st.integers(0, 300).map(str), max_size=250))
def test_each_gets_the_row_that_was_asked_for(keys: list[str]) -> None:
    async def work(gathering: Gathering, asked: list[list[str]]) -> None:
        found = await asyncio.gather(*[gathering.find(LOOKUP, {}, key) for key in keys])
        assert found == [(key * 2, "revision") if int(key) % 2 == 0 else None for key in keys]
        assert len(asked) == -(-len(keys) // MOST)

    for ids in gathered(even, work):
        assert len(ids) == len(set(ids)) <= MOST


def test_other_options_are_another_statement() -> None:
    async def work(gathering: Gathering, asked: list[list[str]]) -> None:
        await asyncio.gather(*[gathering.find(LOOKUP, {"today": day}, "2") for day in ("a", "a", "b")])
        assert asked == [["2"], ["2"]]

    gathered(even, work)


def test_a_failure_is_everybodys_and_over_with_it() -> None:
    failing = [True]

    def answer(ids: list[str]) -> Rows:
        if failing.pop():
            raise Unavailable("gone")
        return even(ids)

    async def work(gathering: Gathering, asked: list[list[str]]) -> None:
        found = await asyncio.gather(*[gathering.find(LOOKUP, {}, key) for key in "24"], return_exceptions=True)
        assert [type(one) for one in found] == [Unavailable, Unavailable]
        failing.append(False)
        assert await gathering.find(LOOKUP, {}, "4") == ("44", "revision")
        assert len(asked) == 2

    gathered(answer, work)


def test_who_goes_away_takes_nobodys_row_along() -> None:
    async def work(gathering: Gathering, asked: list[list[str]]) -> None:
        tasks = [asyncio.create_task(gathering.find(LOOKUP, {}, key)) for key in "2244"]
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
        reader: Any = reader_for(loaded_url)
        store, sent, fetch = Store(reader), [0], reader.fetch

        async def counting(statement: Statement, values: Values) -> Rows:
            sent[0] += 1
            rows: Rows = await fetch(statement, values)
            return rows

        await reader.open()
        try:
            await store.refresh()
            ids = [row[0] for row in await store.fetch("ids", lambda: sa.select(VILLAGES.table.c.id), {})]
            assert len(ids) == 102
            reader.fetch = counting
            odd = ["", "a'b", "村", '"', "{}", "a,b", "\\", "NULL", "a" * 5000]
            found = await asyncio.gather(*[store.item(VILLAGES, key, {}, TODAY) for key in [*ids, *odd]])
            assert [row and from_json(row.row)["id"] for row in found] == [*ids, *[None] * len(odd)]
            assert sent == [2 if reader.row_address == "ctid" else len(ids) + len(odd)]
        finally:
            await reader.close()

    asyncio.run(run())
