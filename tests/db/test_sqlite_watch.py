"""What happens to the file of a database while the service runs on it."""

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from starlette.testclient import TestClient

from app.db.engine import PAGE_SIZE
from app.db.reader import DatabaseUnavailable, Statement
from app.db.sqlite import SQLiteReader
from app.db.sqlite_connections import PageCheck
from app.db.sqlite_watch import SETTLE_SECONDS
from tests.support.service import client_for

VILLAGES = "/v1/urban-villages"
NOTICE_SECONDS = 2
SQL = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); c.executescript(sys.argv[2])"
MARK = """
UPDATE urban_villages SET village = '改' || village, row_json = replace(row_json, '"village":"', '"village":"改'),
    row_csv = replace(row_csv, village, '改' || village);
UPDATE data_state SET revision = '{revision}';
"""
"""Makes another database of a copy: every village has a mark, and so has the revision."""


def copy(source: Path, target: Path) -> None:
    """Write over a file in a process of its own: closing the file would end all locks of this one."""
    program = "import shutil, sys; shutil.copyfile(*sys.argv[1:])"
    subprocess.run([sys.executable, "-c", program, source, target], check=True)


def execute(path: Path, sql: str) -> None:
    """Run SQL in a process of its own: two copies of SQLite in one undo each other's locks."""
    subprocess.run([sys.executable, "-c", SQL, str(path), sql], check=True)


@pytest.fixture
def path(tmp_path: Path, loaded_sqlite: str) -> Path:
    """Return a database file of the test's own."""
    shutil.copy(loaded_sqlite.removeprefix("sqlite:///"), tmp_path / "gazette.db")
    return tmp_path / "gazette.db"


@pytest.fixture
def marked(tmp_path: Path, loaded_sqlite: str) -> Callable[[str], Path]:
    """Return a function that makes another database with a revision, in which every village has a mark."""

    def make(revision: str) -> Path:
        new = tmp_path / "new.db"
        shutil.copy(loaded_sqlite.removeprefix("sqlite:///"), new)
        execute(new, MARK.format(revision=revision))
        return new

    return make


@pytest.fixture
def other(marked: Callable[[str], Path]) -> Path:
    """Return another database with another revision."""
    return marked("f" * 32)


@pytest.fixture
def client(path: Path) -> Iterator[TestClient]:
    """Return a client of the service on the file."""
    with client_for(f"sqlite:///{path}") as client:
        yield client


def await_that(holds: Callable[[], bool], seconds: float = NOTICE_SECONDS) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline


def state_of(client: TestClient) -> set[tuple[str, bool]]:
    """Return the revision that each representation says, and whether its rows have the mark. 503s are left out."""
    states = set()
    answer = client.get(f"{VILLAGES}?limit=3")
    if answer.status_code == 200:
        states |= {(answer.json()["meta"]["revision"][:8], row["village"][0] == "改") for row in answer.json()["data"]}
    for suffix in (".csv", ".ndjson", ".xlsx"):
        answer = client.get(f"{VILLAGES}{suffix}?limit=3&fields=village")
        if answer.status_code != 200:
            assert answer.status_code == 503
            continue
        revision = answer.headers["content-disposition"].partition("urban-villages-")[2][:8]
        if suffix == ".xlsx":
            text = str(openpyxl.load_workbook(BytesIO(answer.content)).worksheets[0]["A2"].value)
        else:
            text = answer.text
        states.add((revision, "改" in text))
    return states


def revision_of(client: TestClient) -> str:
    """Return the revision that is served."""
    revision: str = client.get("/readyz").json().get("revision", "")
    return revision


def test_a_replaced_file_is_opened_again_as_a_whole(client: TestClient, path: Path, other: Path) -> None:
    old = revision_of(client)
    assert state_of(client) == {(old[:8], False)}
    other.rename(path)
    seen = set()
    deadline = time.monotonic() + NOTICE_SECONDS
    while ("f" * 8, True) not in seen:
        assert time.monotonic() < deadline
        seen |= state_of(client)
    assert seen <= {(old[:8], False), ("f" * 8, True)}
    assert state_of(client) == {("f" * 8, True)}
    assert client.get("/readyz").json()["revision"] == "f" * 32


def test_caches_keep_nothing_of_a_replaced_file_with_the_same_revision(
    client: TestClient, path: Path, marked: Callable[[str], Path]
) -> None:
    revision = revision_of(client)
    assert state_of(client) == state_of(client) == {(revision[:8], False)}
    marked(revision).rename(path)
    await_that(lambda: (revision[:8], True) in state_of(client))
    assert state_of(client) == {(revision[:8], True)}


@pytest.mark.parametrize("revision", ["f" * 32, None])
def test_a_file_that_is_written_over_is_not_served_until_it_was_checked(
    client: TestClient, path: Path, marked: Callable[[str], Path], revision: str | None
) -> None:
    """Also if the other database has the same revision, size and header."""
    old = revision_of(client)
    new = revision or old
    source = marked(new)
    assert state_of(client) == {(old[:8], False)}
    copy(source, path)
    unready = []

    def is_new() -> bool:
        unready.append(client.get("/readyz").status_code == 503)
        return state_of(client) == {(new[:8], True)}

    await_that(is_new, 4)
    assert any(unready)
    assert state_of(client) == {(new[:8], True)}


def test_half_a_file_is_never_served(client: TestClient, path: Path, other: Path) -> None:
    content = other.read_bytes()
    with path.open("wb") as file:
        file.write(content[: len(content) // 2])
        file.flush()
        await_that(lambda: client.get("/readyz").status_code == 503)
        until = time.monotonic() + 1
        while time.monotonic() < until:
            assert client.get("/readyz").status_code == 503
            assert client.get(f"{VILLAGES}?limit=3").status_code == 503
            assert client.get(f"{VILLAGES}.csv").status_code == 503
        file.write(content[len(content) // 2 :])
    await_that(lambda: state_of(client) == {("f" * 8, True)}, 4)


def test_a_deleted_file_is_an_unavailable_database(client: TestClient, path: Path, other: Path) -> None:
    page = f"{VILLAGES}?limit=3"
    headers = client.get(page).headers
    conditions = {"If-None-Match": headers["etag"]}, {"If-Modified-Since": headers["last-modified"]}
    path.unlink()
    await_that(lambda: client.get("/readyz").status_code == 503)
    assert client.get("/readyz").headers["retry-after"]
    assert client.get(page).status_code == 503
    for condition in conditions:
        for address in (page, "/v1", f"{VILLAGES}.csv", f"{VILLAGES}/schema"):
            assert client.get(address, headers=condition).status_code == 503
    assert client.get("/healthz").status_code == 200
    copy(other, path)
    await_that(lambda: state_of(client) == {("f" * 8, True)}, 4)


def test_commits_of_another_process_are_no_replacement(client: TestClient, path: Path) -> None:
    """With and without a checkpoint, which writes the file."""
    readiness = set()

    def is_served(mark: str) -> bool:
        readiness.add(client.get("/readyz").status_code)
        return revision_of(client) == mark * 32

    for mark, checkpoint in (("1", "TRUNCATE"), ("2", "PASSIVE"), ("3", "PASSIVE")):
        sql = f"UPDATE data_state SET revision = '{mark * 32}'; PRAGMA wal_checkpoint({checkpoint})"
        execute(path, f"PRAGMA busy_timeout = 5000; {sql}")
        await_that(lambda mark=mark: is_served(mark))  # type: ignore[misc]
        until = time.monotonic() + 1
        while time.monotonic() < until:
            assert is_served(mark)
    assert readiness == {200}


def test_a_file_of_another_version_is_not_served(client: TestClient, path: Path, other: Path) -> None:
    execute(other, "UPDATE alembic_version SET version_num = 'newer'")
    other.rename(path)
    await_that(lambda: client.get("/readyz").status_code == 503)
    assert client.get(f"{VILLAGES}?limit=3").status_code == 503


def test_the_log_of_a_replaced_file_is_not_read_into_the_new_one(client: TestClient, path: Path, other: Path) -> None:
    """It is kept, because it may hold changes of a database that was only moved."""
    execute(path, "PRAGMA wal_autocheckpoint = 0; UPDATE data_state SET revision = 'late'")
    await_that(lambda: revision_of(client) == "late")
    assert Path(f"{path}-wal").stat().st_size
    other.rename(path)
    await_that(lambda: state_of(client) == {("f" * 8, True)})
    assert Path(f"{path}-wal.replaced").stat().st_size
    with sqlite3.connect(f"file:{path}?immutable=1&mode=ro", uri=True) as new:
        assert new.execute("SELECT revision FROM data_state").fetchone() == ("f" * 32,)


def test_an_empty_log_may_be_removed(client: TestClient, path: Path) -> None:
    revision = revision_of(client)
    Path(f"{path}-wal").unlink()
    Path(f"{path}-shm").unlink()
    until = time.monotonic() + 1
    while time.monotonic() < until:
        assert revision_of(client) == revision
        assert state_of(client) == {(revision[:8], False)}
    execute(path, "UPDATE data_state SET revision = 'next'")
    await_that(lambda: revision_of(client) == "next")


def damage(path: Path) -> None:
    """Overwrite the last pages of a file."""
    with path.open("rb+") as file:
        file.seek(-4 * PAGE_SIZE, os.SEEK_END)
        file.write(b"\xff" * 4 * PAGE_SIZE)


@pytest.mark.parametrize("way", ["moved", "written over"])
def test_a_damaged_file_is_not_served(client: TestClient, path: Path, other: Path, way: str, tmp_path: Path) -> None:
    """A good one that takes its place is."""
    good = tmp_path / "good.db"
    shutil.copy(other, good)
    damage(other)
    if way == "moved":
        other.rename(path)
    else:
        copy(other, path)
    await_that(lambda: client.get("/readyz").status_code == 503)
    until = time.monotonic() + 1
    while time.monotonic() < until:
        assert client.get("/readyz").status_code == 503
        assert state_of(client) == set()
    good.rename(path)
    await_that(lambda: state_of(client) == {("f" * 8, True)}, 4)


def test_a_damaged_file_is_not_opened(path: Path) -> None:
    damage(path)
    with pytest.raises(DatabaseUnavailable, match="the database file is damaged"), client_for(f"sqlite:///{path}"):
        pass


def test_a_file_that_stays_damaged_is_checked_once(path: Path, other: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checks = []

    class Counted(PageCheck):
        def run(self) -> None:
            checks.append(self)
            super().run()

    monkeypatch.setattr("app.db.sqlite_watch.PageCheck", Counted)
    damage(other)

    async def run() -> None:
        reader = SQLiteReader(path)
        await reader.open()
        try:
            checks.clear()
            other.rename(path)
            deadline = time.monotonic() + 2 * SETTLE_SECONDS
            while time.monotonic() < deadline:
                with pytest.raises(DatabaseUnavailable):
                    await reader.refresh_snapshot()
        finally:
            await reader.close()

    asyncio.run(run())
    assert len(checks) == 1


def test_the_old_file_is_served_while_the_new_one_is_checked(
    path: Path, other: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_checking, may_end = threading.Event(), threading.Event()

    class Slow(PageCheck):
        def run(self) -> None:
            is_checking.set()
            may_end.wait()

    revision = Statement("SELECT revision FROM data_state", (), {})

    async def run() -> None:
        reader = SQLiteReader(path)
        await reader.open()
        try:
            [(old,)] = await reader.fetch(revision, {})
            monkeypatch.setattr("app.db.sqlite_watch.PageCheck", Slow)
            other.rename(path)
            refresh = asyncio.ensure_future(reader.refresh_snapshot())
            await asyncio.to_thread(is_checking.wait)
            assert await reader.fetch(revision, {}) == [(old,)]
            assert reader.generation == 0
            may_end.set()
            await refresh
            assert await reader.fetch(revision, {}) == [("f" * 32,)]
            assert reader.generation == 1
        finally:
            may_end.set()
            await reader.close()

    asyncio.run(run())


def test_a_link_that_leads_to_another_file_is_followed(path: Path, other: Path, tmp_path: Path) -> None:
    """The log of the first file stays beside it."""
    link, new_link = tmp_path / "current.db", tmp_path / "next.db"
    link.symlink_to(path)
    new_link.symlink_to(other)
    with client_for(f"sqlite:///{link}") as client:
        revision = revision_of(client)
        execute(path, "PRAGMA wal_autocheckpoint = 0; UPDATE data_state SET loaded_at = '2021-07-02T00:00:00+00:00'")
        assert state_of(client) == {(revision[:8], False)}
        new_link.rename(link)
        await_that(lambda: state_of(client) == {("f" * 8, True)})
        assert Path(f"{path}-wal").exists()
        assert not Path(f"{path}-wal.replaced").exists()
        execute(other, f"UPDATE data_state SET revision = '{'e' * 32}'")
        await_that(lambda: revision_of(client) == "e" * 32)
