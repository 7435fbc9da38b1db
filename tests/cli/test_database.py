"""The commands that migrate, check and export."""

import sqlite3
from pathlib import Path

import pytest

from app.cli.main import main
from app.model.rows import from_json, to_json
from tests.support import packages


@pytest.fixture(autouse=True)
def database(writable_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Make a copy of the loaded database the one that the commands use."""
    monkeypatch.setenv("DATABASE_URL", writable_url)
    return writable_url


def test_a_known_failure_does_not_fail_the_check(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    told = capsys.readouterr().out
    assert told.endswith("44 of 45 checks pass, 1 known to fail (--all shows why)\n")
    assert "jiangkoudu" not in told
    assert main(["check", "--all"]) == 0
    told = capsys.readouterr().out
    assert "known  sections named in the goals and sections of the printed table  only in the first: jiangkoudu" in told
    assert "江口渡" in told


def test_a_new_failure_fails_the_check(database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = packages.tables()
    content["checks"] = [{"id": "c", "subject": "s", "rule": "issues", "declared": "9", **packages.SOURCE}]
    packages.load(database, packages.write(tmp_path / "package", content))
    assert main(["check"]) == 1
    assert "fail  s  declared 9, counted 2" in capsys.readouterr().out


def test_another_failure_of_a_known_check_fails_the_check(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A section of the table is gone, so that the goals name another one that the table lacks."""
    packages.execute(database, "DELETE FROM water_sections WHERE id = 'yongzhong'")
    assert main(["check"]) == 1
    assert "fail  sections named in the goals" in capsys.readouterr().out


def test_migrate_makes_a_database_without_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/new.db")
    assert main(["migrate"]) == 0
    assert main(["check"]) == 0
    assert capsys.readouterr().out == "0 of 0 checks pass\n"


def test_migrate_brings_older_rows_to_the_form_of_this_version(database: str) -> None:
    """Rows of an older version lack fields, and its bundled check is not acknowledged."""
    rows = packages.dump(database)
    state = packages.fetch(database, "SELECT revision FROM data_state")
    for table, field in (("issues", "number_to"), ("checks", "acknowledged"), ("documents", "status_on")):
        for key, text in packages.fetch(database, f"SELECT id, row_json FROM {table}"):
            row = from_json(text)
            del row[field]
            packages.execute(
                database, f"UPDATE {table} SET row_json = :text WHERE id = :key", text=to_json(row), key=key
            )
    packages.execute(database, "UPDATE checks SET acknowledged = NULL, row_acknowledgement = NULL")
    packages.execute(database, "UPDATE data_state SET facts = NULL, revision = 'old'")
    assert main(["migrate"]) == 0
    assert packages.dump(database) == rows
    assert packages.fetch(database, "SELECT revision FROM data_state") == state


def test_sqlite_files_are_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log is folded into the file, so that a copy of the file is a copy of the data."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/new.db")
    assert main(["migrate"]) == 0
    assert [path.name for path in tmp_path.glob("new*")] == ["new.db"]
    with sqlite3.connect(tmp_path / "new.db") as connection:
        assert connection.execute("SELECT count(*) FROM issues").fetchone() == (0,)
    connection.close()
