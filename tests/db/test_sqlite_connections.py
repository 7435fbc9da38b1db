"""The connections to a SQLite file, and the check of its pages."""

import asyncio
import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import apsw
import pytest
import sqlalchemy as sa

from app.db.engine import PAGE_SIZE, migrate, open_engine
from app.db.reader import DatabaseUnavailable, DatabaseUnusable, Statement
from app.db.sqlite import MAX_CHECKS, STEPS_PER_CHECK, SQLiteReader
from app.db.sqlite_connections import MAX_IDLE_STREAM_CONNECTIONS, OpenFile, PageCheck
from app.ingest.pipeline import load_bundled


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
    with open_engine(f"sqlite:///{quote(str(file))}") as engine:
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


def test_every_statement_waits_for_a_locked_file(loaded_sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
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
        await reader.close()

    asyncio.run(run())
    assert waits == [5000, 0, 5000]  # the event loop waits for no lock, but the check of the pages does


def test_few_connections_for_streams_are_kept(loaded_sqlite: str) -> None:
    file = OpenFile(Path(loaded_sqlite.removeprefix("sqlite:///")), immutable=True)
    lent = [file.lend(for_stream=True) for _ in range(3)]
    for connection in lent:
        file.take_back(connection, for_stream=True)
    assert file.lend(for_stream=True) in lent[:MAX_IDLE_STREAM_CONNECTIONS]
    assert file.lend(for_stream=True) not in lent
    assert file.abort()


def damaged_copy(loaded_sqlite: str, tmp_path: Path) -> Path:
    """Return a copy of the file that has no sense at its end."""
    path = tmp_path / "damaged.db"
    content = bytearray(Path(loaded_sqlite.removeprefix("sqlite:///")).read_bytes())
    content[-4 * PAGE_SIZE :] = b"\xff" * 4 * PAGE_SIZE
    path.write_bytes(content)
    return path


def test_a_check_finds_damage(loaded_sqlite: str, tmp_path: Path) -> None:
    PageCheck(Path(loaded_sqlite.removeprefix("sqlite:///")), 60, immutable=True).run()
    path = damaged_copy(loaded_sqlite, tmp_path)
    with pytest.raises(DatabaseUnusable, match=r"^the database file is damaged \(.*restore a copy") as caught:
        PageCheck(path, 60, immutable=True).run()
    assert str(caught.value).isprintable()
    path.write_bytes(b"no database at all\n" * 1000)
    with pytest.raises(DatabaseUnusable, match="damaged"):
        PageCheck(path, 60, immutable=True).run()
    path.unlink()
    with pytest.raises(DatabaseUnavailable, match="cannot be read"):
        PageCheck(path, 60, immutable=True).run()


def test_a_check_ends_when_its_time_is_over_or_it_is_cancelled(
    loaded_sqlite: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.db.sqlite_connections.STEPS_PER_LOOK_AT_CLOCK", 1)
    path = damaged_copy(loaded_sqlite, tmp_path)
    PageCheck(path, -1, immutable=True).run()
    check = PageCheck(path, 60, immutable=True)
    check.cancel()
    check.run()


def open_files(path: Path) -> int:
    """Return how many descriptors of this process belong to a database and its log."""
    found = 0
    for link in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            found += os.readlink(link).startswith(str(path))
    return found


@pytest.mark.parametrize("for_stream", [True, False])
def test_files_of_connections_that_nobody_uses_are_given_back(
    loaded_sqlite: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, for_stream: bool
) -> None:
    path = tmp_path / "gazette.db"
    shutil.copy(loaded_sqlite.removeprefix("sqlite:///"), path)
    short = Statement("SELECT count(*) FROM urban_villages", (), {})

    async def run() -> None:
        reader = SQLiteReader(path)
        await reader.open()
        try:
            before = open_files(path)
            lent = [reader.file.lend(for_stream) for _ in range(6)]
            for connection in lent[:5]:
                reader.file.take_back(connection, for_stream)
            monkeypatch.setattr("app.db.sqlite_connections.UNUSED_SECONDS", 0.0)
            await reader.refresh_snapshot()
            assert open_files(path) > before, "one is in use"
            reader.file.take_back(lent[5], for_stream)
            assert await reader.fetch(short, {}) == [(102,)]
            await reader.refresh_snapshot()
            after = open_files(path)
            assert after <= before
            assert reader.generation == 0
            assert await reader.fetch(short, {}) == [(102,)]
            most = STEPS_PER_CHECK * (MAX_CHECKS + 1)
            count = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT count(*) FROM n"
            assert await reader.fetch(Statement(count, ("most",), {}), {"most": most}) == [(most,)]
            assert open_files(path) > after, "statements on the event loop are still limited"
        finally:
            await reader.close()

    asyncio.run(run())


def test_a_file_that_is_gone_when_files_are_given_back_is_noticed(
    loaded_sqlite: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "gazette.db"
    shutil.copy(loaded_sqlite.removeprefix("sqlite:///"), path)

    async def run() -> None:
        reader = SQLiteReader(path)
        await reader.open()
        try:
            lent = [reader.file.lend(for_stream=True) for _ in range(4)]
            for connection in lent:
                reader.file.take_back(connection, for_stream=True)
            monkeypatch.setattr("app.db.sqlite_connections.UNUSED_SECONDS", 0.0)
            monkeypatch.setattr("app.db.sqlite_watch.read_state", lambda _: reader.file.state)
            path.rename(tmp_path / "elsewhere.db")
            for _ in range(2):
                with pytest.raises(DatabaseUnavailable):
                    await reader.refresh_snapshot()
        finally:
            await reader.close()

    asyncio.run(run())
