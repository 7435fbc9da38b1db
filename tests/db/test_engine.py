"""Migrations and new database files."""

import sqlite3
import threading
import uuid
from pathlib import Path

import apsw
import pytest
import sqlalchemy as sa

from app.db.engine import (
    FILE_CHECK_SECONDS,
    PAGE_SIZE,
    migrate,
    missing_file,
    new_sqlite_file,
    open_engine,
    remove_unfinished_files,
    require_migrated,
)
from app.errors import StartupError
from tests.support import packages
from tests.support.databases import new_database


def test_migrating_twice_changes_nothing(empty_url: str) -> None:
    with open_engine(empty_url) as engine:
        migrate(engine)
        migrate(engine)
    assert packages.dump(empty_url) == [[]] * 7


def test_a_new_file_has_large_pages(loaded_sqlite: str) -> None:
    connection = apsw.Connection(loaded_sqlite.removeprefix("sqlite:///"), flags=apsw.SQLITE_OPEN_READONLY)
    assert connection.pragma("page_size") == PAGE_SIZE
    connection.close()


def test_a_database_of_a_newer_version_is_refused_in_one_line(empty_url: str) -> None:
    with open_engine(empty_url) as engine, engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = 'ffffffffffff'"))
    for use in (migrate, require_migrated):
        with open_engine(empty_url) as engine, pytest.raises(StartupError, match=r"newer version.*'f{12}'") as caught:
            use(engine)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_tables_of_another_program_are_left_alone(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    if kind == "sqlite":
        url = f"sqlite:///{tmp_path}/other.db"
    else:
        url = new_database(request.getfixturevalue("postgres_server"), f"other_{uuid.uuid4().hex}")
    with open_engine(url) as engine:
        with engine.begin() as connection:
            connection.execute(sa.text("CREATE TABLE documents (name TEXT)"))
        with pytest.raises(StartupError, match="another program: it has a table 'documents'"):
            migrate(engine)
        assert sa.inspect(engine).get_table_names() == ["documents"]


@pytest.mark.parametrize("damage", ["page", "truncated", "text", "header"])
def test_a_damaged_file_is_found_before_it_is_used(loaded_sqlite: str, tmp_path: Path, damage: str) -> None:
    path = tmp_path / "gazette.db"
    content = bytearray(Path(loaded_sqlite.removeprefix("sqlite:///")).read_bytes())
    match damage:
        case "page":
            content[len(content) // 2 : len(content) // 2 + 4 * PAGE_SIZE] = b"\xff" * 4 * PAGE_SIZE
        case "truncated":
            del content[len(content) // 2 :]
        case "text":
            content[:] = b"no database at all, but long enough to be read as one\n" * 1000
        case "header":
            content[16:100] = b"\xff" * 84
    path.write_bytes(content)
    with pytest.raises(StartupError, match=r"damaged|cannot be used") as caught, open_engine(f"sqlite:///{path}"):
        pass
    assert "\n" not in str(caught.value)


def test_the_check_of_a_file_ends_in_time(loaded_sqlite: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A check that is interrupted before it comes to the damaged pages finds nothing."""
    path = tmp_path / "gazette.db"
    content = bytearray(Path(loaded_sqlite.removeprefix("sqlite:///")).read_bytes())
    content[-4 * PAGE_SIZE :] = b"\xff" * 4 * PAGE_SIZE
    path.write_bytes(content)
    seconds = []

    class AtFirstStep(threading.Timer):
        def start(self) -> None:
            seconds.append(self.interval)
            database: sqlite3.Connection = self.function.__self__  # type: ignore[attr-defined]
            database.set_progress_handler(database.interrupt, 1)

        def join(self, timeout: float | None = None) -> None:  # noqa: ARG002  # it was never started
            database: sqlite3.Connection = self.function.__self__  # type: ignore[attr-defined]
            database.set_progress_handler(None, 0)

    with pytest.raises(StartupError, match="damaged"), open_engine(f"sqlite:///{path}"):
        pass
    monkeypatch.setattr("threading.Timer", AtFirstStep)
    with open_engine(f"sqlite:///{path}") as engine, engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM issues")).scalar_one() == 1
    assert seconds == [FILE_CHECK_SECONDS]


def test_a_new_file_has_its_name_when_it_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    with new_sqlite_file(path) as part:
        part.write_text("data")
        assert not path.exists()
    assert [each.name for each in tmp_path.iterdir()] == ["new.db"]
    with pytest.raises(StartupError, match="was made by another command meanwhile"), new_sqlite_file(path) as part:
        part.write_text("other data")
    assert path.read_text() == "data"
    assert [each.name for each in tmp_path.iterdir()] == ["new.db"]


def test_what_killed_commands_left_of_a_new_file_is_removed(tmp_path: Path) -> None:
    left = tmp_path / ".new.db-new-abcdefgh"
    other = tmp_path / ".other.db-new-abcdefgh"
    for directory in (left, other):
        directory.mkdir()
        (directory / "new.db-wal").write_text("half")
    remove_unfinished_files(f"sqlite:///{tmp_path}/new.db")
    assert list(tmp_path.iterdir()) == [other]


def test_a_new_file_whose_log_could_not_be_written_into_it_gets_no_name(tmp_path: Path) -> None:
    """The committed data is in the log, which would not be found beside the name."""
    path = tmp_path / "new.db"
    with pytest.raises(StartupError, match=r"new\.db' could not be completed"), new_sqlite_file(path) as part:
        part.with_name("new.db-wal").write_text("committed")
    assert list(tmp_path.iterdir()) == []


def test_a_link_to_a_file_that_is_not_there_is_missing_and_one_to_itself_is_not(tmp_path: Path) -> None:
    (tmp_path / "dangling").symlink_to("target")
    (tmp_path / "loop").symlink_to("loop")
    assert missing_file(f"sqlite:///{tmp_path}/dangling") == tmp_path / "target"
    assert missing_file(f"sqlite:///{tmp_path}/loop") is None
    with pytest.raises(StartupError, match="cannot be used: unable to open"), open_engine(f"sqlite:///{tmp_path}/loop"):
        pass
