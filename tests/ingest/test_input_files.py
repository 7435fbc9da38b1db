"""Files that a load is given."""

import io
import os
from pathlib import Path

import pytest

from app.ingest.input_files import InputFileError, read_input_file


def test_a_file_of_the_bound_is_read_and_a_larger_one_is_not(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"x" * 2**20)
    assert len(read_input_file(path, 2**20)) == 2**20
    path.write_bytes(b"x" * (2**20 + 1))
    with pytest.raises(InputFileError, match="is larger than 1 MiB"):
        read_input_file(path, 2**20)


def test_no_file_is_no_fault_but_a_link_to_none_is(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_input_file(tmp_path / "x", 10)
    (tmp_path / "x").symlink_to("y")
    with pytest.raises(InputFileError, match="is a link to a file that is not there"):
        read_input_file(tmp_path / "x", 10)


def test_a_file_that_would_wait_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel has regular files that wait for an event, such as its log."""

    class Waiting(io.BytesIO):
        def read(self, size: int | None = -1) -> None:  # type: ignore[override]  # noqa: ARG002
            return None

    (tmp_path / "x").touch()
    monkeypatch.setattr(os, "fdopen", lambda *_, **__: Waiting())
    with pytest.raises(InputFileError, match="has no content at the moment"):
        read_input_file(tmp_path / "x", 10)
