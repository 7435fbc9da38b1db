"""Directories for unfinished work: those of killed processes are removed, those in use never."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.tempdir import remove_abandoned, staging_directory

PREFIX = ".work-"
WORK = """
import sys
from pathlib import Path
from app.tempdir import staging_directory
with staging_directory(Path(sys.argv[1]), sys.argv[2]) as directory:
    (directory / "half").write_text("half")
    print(directory, flush=True)
    sys.stdin.read()
"""


def start(parent: Path) -> "tuple[subprocess.Popen[str], Path]":
    """Start a process that works in a directory until it is told to end."""
    pipe = subprocess.PIPE
    process = subprocess.Popen([sys.executable, "-c", WORK, parent, PREFIX], stdin=pipe, stdout=pipe, text=True)
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def end(process: "subprocess.Popen[str]") -> None:
    """Let a process end, and wait for it."""
    process.communicate("")


def fail_halfway(parent: Path) -> None:
    with staging_directory(parent, PREFIX) as directory:
        (directory / "half").write_text("half")
        raise KeyError


def test_a_directory_is_removed_at_the_end(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        fail_halfway(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_removed_by_the_next(tmp_path: Path) -> None:
    process, left = start(tmp_path)
    os.kill(process.pid, signal.SIGKILL)
    end(process)
    assert (left / "half").exists()
    with staging_directory(tmp_path, PREFIX) as directory:
        assert list(tmp_path.iterdir()) == [directory]


def test_what_is_in_use_is_not_removed(tmp_path: Path) -> None:
    process, theirs = start(tmp_path)
    try:
        with staging_directory(tmp_path, PREFIX):
            assert (theirs / "half").exists()
    finally:
        end(process)
    assert list(tmp_path.iterdir()) == []


def test_what_others_have_made_is_not_removed(tmp_path: Path) -> None:
    kept = [tmp_path / name for name in (f"{PREFIX}notes", f"{PREFIX}1234567", "work-12345678")]
    for path in kept:
        path.mkdir()
    (tmp_path / f"{PREFIX}12345678").symlink_to(kept[0])
    (tmp_path / f"{PREFIX}abcdefgh").write_text("a file")
    before = sorted(tmp_path.iterdir())
    remove_abandoned(tmp_path, PREFIX)
    assert sorted(tmp_path.iterdir()) == before


def test_a_prefix_has_no_wildcards(tmp_path: Path) -> None:
    (tmp_path / ".a-12345678").mkdir()
    with staging_directory(tmp_path, ".[a]-"):
        assert (tmp_path / ".a-12345678").exists()


def test_the_error_names_the_place_where_nothing_can_be_made(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught, staging_directory(tmp_path / "none", PREFIX):
        pass
    assert caught.value.filename == str(tmp_path / "none")
