"""SQLite's statements: short ones run on the event loop, long ones in a thread."""

import asyncio
from pathlib import Path

import apsw
import pytest
import sqlalchemy as sa

from app.datasets import DATASETS
from app.db.reader import Rows, Statement, compile_statement
from app.db.sqlite import MAX_CHECKS, STEPS_PER_CHECK, SQLiteReader

RUNS = 400
"""Many more steps than a long statement takes, in all."""

LONG = Statement(
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT count(*) FROM n", ("most",), {}
)


class Counting(SQLiteReader):
    """A reader that counts the statements it runs in a thread."""

    aside = 0

    async def _fetch_in_lanes(self, sql: str, arguments: list[object]) -> Rows:
        self.aside += 1
        return await super()._fetch_in_lanes(sql, arguments)


def test_only_a_long_statement_runs_in_a_thread(loaded_sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.db.sqlite.MAX_LOOP_SECONDS", float("inf"))  # the machine may be slow
    reader = Counting(Path(loaded_sqlite.removeprefix("sqlite:///")))
    table = DATASETS["urban-villages"].table
    short = compile_statement(sa.select(table.c.id).order_by(table.c.village), reader.dialect)

    async def run() -> None:
        await reader.open()
        try:
            assert {len(await reader.fetch(short, {})) for _ in range(RUNS)} == {102}
            assert reader.aside == 0
            most = STEPS_PER_CHECK * (MAX_CHECKS + 1)  # each row takes more than one step
            assert await reader.fetch(LONG, {"most": most}) == [(most,)]
            assert reader.aside == 1
            assert len(await reader.fetch(short, {})) == 102
            assert reader.aside == 1
        finally:
            await reader.close()

    asyncio.run(run())


@pytest.mark.parametrize(("mode", "seen_at_once"), [("wal", False), ("delete", True)])
def test_short_statements_share_a_snapshot_only_where_writers_do_not_wait_for_it(
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
            await reader.refresh_snapshot()
            assert await reader.fetch(count, {}) == [(1,)]
        finally:
            await reader.close()

    asyncio.run(run())
    writer.close()


def test_other_values_reuse_the_prepared_statement(loaded_sqlite: str) -> None:
    """SQLite prepares a statement again when bound values could change its plan; ours are prepared once."""
    table = DATASETS["urban-villages"].table
    most = sa.bindparam("most", type_=sa.BigInteger())
    statement = sa.select(table.c.id).where(table.c["plan"] == "demolition").order_by(table.c.number).limit(most)

    async def run() -> None:
        reader = SQLiteReader(Path(loaded_sqlite.removeprefix("sqlite:///")))
        compiled = compile_statement(statement, reader.dialect)
        await reader.open()
        try:
            seen: list[object] = []

            def preparing(*about: object) -> int:
                seen.append(about)
                return apsw.SQLITE_OK

            reader.file.loop_connection.authorizer = preparing
            await reader.fetch(compiled, {"most": 1})
            once = len(seen)
            assert once > 0
            for most in range(50):
                await reader.fetch(compiled, {"most": most})
            assert len(seen) == once
        finally:
            await reader.close()

    asyncio.run(run())


def test_the_event_loop_goes_on_while_a_statement_waits_for_a_lock(tmp_path: Path) -> None:
    writer = apsw.Connection(str(tmp_path / "numbers.db"))
    writer.execute("PRAGMA journal_mode = delete")
    writer.execute("CREATE TABLE numbers (n INTEGER)")
    count = Statement("SELECT count(*) FROM numbers", (), {})

    async def run() -> None:
        reader = SQLiteReader(tmp_path / "numbers.db")
        await reader.open()
        try:
            writer.execute("BEGIN EXCLUSIVE; INSERT INTO numbers VALUES (1)")
            answer = asyncio.ensure_future(reader.fetch(count, {}))
            for _ in range(100):
                await asyncio.sleep(0)
            assert not answer.done()
            writer.execute("COMMIT")
            assert await answer == [(1,)]
        finally:
            await reader.close()

    asyncio.run(run())
    writer.close()


def test_a_statement_that_took_long_is_not_tried_on_the_event_loop_again(
    loaded_sqlite: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = Counting(Path(loaded_sqlite.removeprefix("sqlite:///")))
    monkeypatch.setattr("app.db.sqlite.MAX_SLOW_STATEMENTS", 2)
    monkeypatch.setattr("app.db.sqlite.MAX_LOOP_SECONDS", float("inf"))
    monkeypatch.setattr("app.db.sqlite.SLOW_SECONDS", 3600.0)
    others = [
        Statement(LONG.sql + f" WHERE i <> -{n}", ("most",), {})  # the same with another text
        for n in range(3)
    ]

    async def run() -> None:
        await reader.open()
        try:
            assert await reader.fetch(LONG, {"most": 5}) == [(5,)]
            assert reader.aside == 0
            most = STEPS_PER_CHECK * (MAX_CHECKS + 1)
            await reader.fetch(LONG, {"most": most})
            assert await reader.fetch(LONG, {"most": 5}) == [(5,)]
            assert reader.aside == 2
            for other in others:
                await reader.fetch(other, {"most": most})
            assert await reader.fetch(LONG, {"most": 5}) == [(5,)]
            assert reader.aside == 5, "few are remembered"
            monkeypatch.setattr("app.db.sqlite.SLOW_SECONDS", 0.0)
            await reader.fetch(LONG, {"most": most})
            assert await reader.fetch(LONG, {"most": 5}) == [(5,)]
            assert reader.aside == 6, "not for long"
        finally:
            await reader.close()

    asyncio.run(run())


def test_a_statement_on_the_event_loop_is_limited_in_time(loaded_sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = Counting(Path(loaded_sqlite.removeprefix("sqlite:///")))
    monkeypatch.setattr("app.db.sqlite.MAX_LOOP_SECONDS", 0.0)

    async def run() -> None:
        await reader.open()
        try:
            most = 3 * STEPS_PER_CHECK // 2
            assert await reader.fetch(LONG, {"most": most}) == [(most,)]
            assert reader.aside == 1
        finally:
            await reader.close()

    asyncio.run(run())
