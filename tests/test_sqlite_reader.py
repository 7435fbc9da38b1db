"""SQLite's statements: short ones on the event loop, long ones aside, told apart by the clock alone."""

import asyncio
import itertools
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.datasets import DATASETS
from app.db.reader import Rows, compile_statement
from app.db.sqlite import SQLiteReader

RUNS = 400
"""Enough for SQLite to look at the clock several times."""


class Counting(SQLiteReader):
    """A reader that counts what it runs aside."""

    aside = 0

    def _fetch_aside(self, sql: str, arguments: list[object]) -> Rows:
        self.aside += 1
        return super()._fetch_aside(sql, arguments)


async def run(url: str) -> tuple[int, set[int]]:
    """How many of many runs of a short statement went aside, and what they found."""
    reader = Counting(Path(url.removeprefix("sqlite:///")))
    await reader.open()
    try:
        table = DATASETS["urban-villages"].table
        statement = compile_statement(sa.select(table.c.id).order_by(table.c.village), reader.dialect)
        found = {len(await reader.fetch(statement, {})) for _ in range(RUNS)}
        return reader.aside, found
    finally:
        await reader.close()


@pytest.mark.parametrize(
    ("clock", "some_aside"), [(lambda: 0.0, False), (itertools.count().__next__, True)], ids=["still", "running"]
)
def test_only_the_clock_sends_a_statement_aside(
    loaded_sqlite: str, monkeypatch: pytest.MonkeyPatch, clock: Callable[[], float], some_aside: bool
) -> None:
    monkeypatch.setattr(time, "perf_counter", clock)
    aside, found = asyncio.run(run(loaded_sqlite))
    assert (aside > 0) is some_aside
    assert aside < RUNS
    assert found == {102}
