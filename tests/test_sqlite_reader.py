"""SQLite's statements: short ones on the event loop, long ones aside."""

import asyncio
import os
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import quote

import apsw
import pytest
import sqlalchemy as sa

from app.cli.main import load_bundled
from app.datasets import DATASETS
from app.db.engine import PAGE_SIZE, engine_for, migrate
from app.db.reader import Rows, Statement, compile_statement
from app.db.sqlite import LOOK_STEPS, LOOKS, SQLiteReader
from tests.conftest import client_for

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


@pytest.mark.parametrize(("mode", "seen_at_once"), [("wal", False), ("delete", True)])
def test_short_statements_read_one_snapshot_where_that_holds_up_no_writer(
    tmp_path: Path, mode: str, seen_at_once: bool
) -> None:
    writer = apsw.Connection(str(tmp_path / "numbers.db"))
    writer.execute(f"PRAGMA journal_mode = {mode}")
    writer.execute("CREATE TABLE numbers (n INTEGER)")
    count = Statement("SELECT count(*) FROM numbers", (), {})

    async def run() -> None:
        reader = SQLiteReader(tmp_path / "numbers.db")
        await reader.open()
        try:
            assert await reader.fetch(count, {}) == [(0,)]
            writer.execute("INSERT INTO numbers VALUES (1)")
            assert await reader.fetch(count, {}) == [(1 if seen_at_once else 0,)]
            await reader.renew()
            assert await reader.fetch(count, {}) == [(1,)]
        finally:
            await reader.close()

    asyncio.run(run())
    writer.close()


@pytest.mark.parametrize("name", ["gazette.db", "a b?c%d#e.db"])
def test_serving_from_a_read_only_file_system_makes_no_file(
    loaded_sqlite: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    file = tmp_path / name
    shutil.copy(loaded_sqlite.removeprefix("sqlite:///"), file)
    allowed = os.access

    def access(path: str | Path, mode: int) -> bool:
        return allowed(path, mode) and not (mode & os.W_OK and Path(path) in (tmp_path, file))

    monkeypatch.setattr(os, "access", access)  # the tests may run as root, who may write everywhere
    with engine_for(f"sqlite:///{quote(str(file))}") as engine:
        migrate(engine)
        load_bundled(engine)
        with engine.connect() as connection:
            assert connection.execute(sa.text("SELECT count(*) FROM urban_villages")).scalar_one() == 102
            assert list(tmp_path.iterdir()) == [file]

    async def run() -> None:
        reader = SQLiteReader(file)
        await reader.open()
        try:
            assert await reader.fetch(Statement("SELECT count(*) FROM urban_villages", (), {}), {}) == [(102,)]
            assert list(tmp_path.iterdir()) == [file]
        finally:
            await reader.close()

    asyncio.run(run())


def test_other_values_do_not_make_a_statement_anew(loaded_sqlite: str) -> None:
    """SQLite may prepare a statement again when the values bound could change its plan; ours are prepared once."""
    table = DATASETS["urban-villages"].table
    most = sa.bindparam("most", type_=sa.BigInteger())
    statement = sa.select(table.c.id).where(table.c["plan"] == "demolition").order_by(table.c.number).limit(most)

    async def run() -> None:
        reader = SQLiteReader(Path(loaded_sqlite.removeprefix("sqlite:///")))
        compiled = compile_statement(statement, reader.dialect)
        await reader.open()
        try:
            assert reader._here is not None
            seen: list[object] = []

            def preparing(*about: object) -> int:
                seen.append(about)
                return apsw.SQLITE_OK

            reader._here.authorizer = preparing
            await reader.fetch(compiled, {"most": 1})
            once = len(seen)
            assert once > 0
            for most in range(50):
                await reader.fetch(compiled, {"most": most})
            assert len(seen) == once
        finally:
            await reader.close()

    asyncio.run(run())


def test_a_locked_file_is_waited_for(loaded_sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the first statement on, which may have to recover a log that another process is recovering."""
    waits: list[int] = []

    class Patient(apsw.Connection):
        def set_busy_timeout(self, milliseconds: int) -> None:
            waits.append(milliseconds)
            super().set_busy_timeout(milliseconds)

        def execute(self, *args: Any, **kwargs: Any) -> apsw.Cursor:
            assert waits, "a statement before the time-out is set"
            return super().execute(*args, **kwargs)

    monkeypatch.setattr(apsw, "Connection", Patient)

    async def run() -> None:
        reader = SQLiteReader(Path(loaded_sqlite.removeprefix("sqlite:///")))
        await reader.open()
        assert await reader.fetch(Statement("PRAGMA busy_timeout", (), {}), {}) == [(5000,)]
        await reader.close()

    asyncio.run(run())


def test_a_new_file_has_large_pages(loaded_sqlite: str) -> None:
    connection = apsw.Connection(loaded_sqlite.removeprefix("sqlite:///"), flags=apsw.SQLITE_OPEN_READONLY)
    assert connection.pragma("page_size") == PAGE_SIZE
    connection.close()


@pytest.mark.parametrize("by", ["area_id", "period"])
@pytest.mark.parametrize("narrowed", [{}, {"period__gte": "2010-01"}])
def test_groups_of_an_indicator_are_read_from_an_index_alone(
    loaded_sqlite: str, narrowed: dict[str, str], by: str
) -> None:
    asked = {"by": by, "metric": "avg:value,sum:cumulative", "indicator_id": "retail_sales", **narrowed}
    with client_for(loaded_sqlite) as client:
        reader = client.app.desk.store.reader  # type: ignore[attr-defined]
        sent: list[str] = []
        fetch = reader.fetch

        async def noting(statement: Statement, values: Any) -> Rows:
            sent.append(statement.sql)
            rows: Rows = await fetch(statement, values)
            return rows

        reader.fetch = noting
        assert client.get("/v1/observations/aggregate", params=asked).status_code == 200
    [sql] = [sql for sql in sent if "GROUP BY" in sql]
    connection = apsw.Connection(loaded_sqlite.removeprefix("sqlite:///"), flags=apsw.SQLITE_OPEN_READONLY)
    plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", ("x",) * sql.count("?"))]
    connection.close()
    assert "COVERING INDEX ix_observations_measures" in plan[0]
