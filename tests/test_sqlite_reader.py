"""SQLite's statements: short ones on the event loop, long ones aside."""

import asyncio
from pathlib import Path

import sqlalchemy as sa

from app.datasets import DATASETS
from app.db.reader import Rows, Statement, compile_statement
from app.db.sqlite import LOOK_STEPS, LOOKS, SQLiteReader

RUNS = 400
"""Many more steps than a long statement takes, in all."""
LONG = Statement(
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT count(*) FROM n", ("most",), {}
)


class Counting(SQLiteReader):
    """A reader that counts what it runs aside."""

    aside = 0

    def _fetch_aside(self, sql: str, arguments: list[object]) -> Rows:
        self.aside += 1
        return super()._fetch_aside(sql, arguments)


def test_only_a_long_statement_goes_aside(loaded_sqlite: str) -> None:
    reader = Counting(Path(loaded_sqlite.removeprefix("sqlite:///")))
    table = DATASETS["urban-villages"].table
    short = compile_statement(sa.select(table.c.id).order_by(table.c.village), reader.dialect)

    async def run() -> None:
        await reader.open()
        try:
            assert {len(await reader.fetch(short, {})) for _ in range(RUNS)} == {102}
            assert reader.aside == 0
            most = LOOK_STEPS * (LOOKS + 1)  # each row takes more than one step
            assert await reader.fetch(LONG, {"most": most}) == [(most,)]
            assert reader.aside == 1
            assert len(await reader.fetch(short, {})) == 102
            assert reader.aside == 1
        finally:
            await reader.close()

    asyncio.run(run())
