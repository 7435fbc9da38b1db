"""What the file system says about the file of a database, its log and the index of the log."""

from pathlib import Path
from typing import Any

import pytest

from app.db.sqlite_file import Change, FileState, compare_states, has_log_of_its_own, is_frozen, set_aside_log

OLD = FileState((1, 2), 8192, 10, (3, 0, 10), 4)


@pytest.mark.parametrize(
    ("now", "change"),
    [
        (OLD, Change.none),
        (OLD._replace(log=(3, 4096, 11)), Change.none),
        (OLD._replace(written=11, log=(3, 4096, 11)), Change.written),
        (OLD._replace(written=11, log=(3, 0, 11)), Change.written),
        (OLD._replace(written=11), Change.written_past_the_log),
        (OLD._replace(size=4096), Change.written_past_the_log),
        (OLD._replace(file=(1, 9)), Change.replaced),
        (OLD._replace(log=None), Change.replaced),
        (OLD._replace(log=(9, 0, 10)), Change.replaced),
        (OLD._replace(log_index=9), Change.replaced),
    ],
)
def test_the_kind_of_a_change(now: FileState, change: Change) -> None:
    assert compare_states(OLD, now) is change


def test_a_log_that_cannot_be_removed_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise PermissionError

    monkeypatch.setattr("os.unlink", refuse)
    assert not set_aside_log(tmp_path / "x.db", OLD, OLD._replace(file=(1, 9)))


@pytest.mark.parametrize(
    ("now", "is_own"),
    [
        (OLD, False),
        (OLD._replace(log=(3, 4096, 11)), False),
        (OLD._replace(log=(9, 0, 10)), False),
        (OLD._replace(log=(9, 4096, 10)), True),
        (OLD._replace(log=None), False),
    ],
)
def test_whose_log_it_is(now: FileState, is_own: bool) -> None:
    assert has_log_of_its_own(OLD, now) is is_own


def test_a_file_in_a_read_only_directory_is_frozen_unless_somebody_may_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.db"
    assert not is_frozen(path)
    monkeypatch.setattr("os.access", lambda *_: False)  # the tests may run as root, who may write everywhere
    assert is_frozen(path)
    Path(f"{path}-shm").touch()
    assert not is_frozen(path)
