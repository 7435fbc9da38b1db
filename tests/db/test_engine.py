"""Migrations and new database files."""

import uuid
from pathlib import Path

import apsw
import pytest
import sqlalchemy as sa

from app.db.engine import PAGE_SIZE, migrate, open_engine, require_migrated
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


def test_the_check_of_a_file_ends_in_time(loaded_sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.db.engine.FILE_CHECK_SECONDS", 0)
    monkeypatch.setattr("app.db.engine.FILE_CHECK_STEPS", 1)
    with open_engine(loaded_sqlite) as engine, engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM issues")).scalar_one() == 1
