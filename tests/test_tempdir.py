"""Temporary files where no directory can be written."""

import tempfile
from pathlib import Path

import pytest

from app import tempdir
from tests.support.service import client_for


@pytest.mark.parametrize("suffix", ["xlsx", "parquet"])
def test_files_are_made_in_memory_where_no_directory_can_be_written(
    loaded_sqlite: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    def none() -> str:
        raise FileNotFoundError("no usable temporary directory")

    monkeypatch.setattr(tempfile, "gettempdir", none)
    monkeypatch.setattr(tempdir, "MEMORY_FILE_SYSTEM", str(tmp_path))
    with client_for(loaded_sqlite) as client:
        assert client.get(f"/v1/urban-villages.{suffix}").content.startswith(b"P")
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(tempdir, "MEMORY_FILE_SYSTEM", str(tmp_path / "none"))
    with client_for(loaded_sqlite) as client:
        assert client.get(f"/v1/urban-villages.{suffix}").status_code == 503
