"""Migrations and new database files."""

import apsw

from app.db.engine import PAGE_SIZE, migrate, open_engine
from tests.support import packages


def test_migrating_twice_changes_nothing(empty_url: str) -> None:
    with open_engine(empty_url) as engine:
        migrate(engine)
        migrate(engine)
    assert packages.dump(empty_url) == [[]] * 7


def test_a_new_file_has_large_pages(loaded_sqlite: str) -> None:
    connection = apsw.Connection(loaded_sqlite.removeprefix("sqlite:///"), flags=apsw.SQLITE_OPEN_READONLY)
    assert connection.pragma("page_size") == PAGE_SIZE
    connection.close()
