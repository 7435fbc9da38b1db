"""The export command."""

import errno
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from app.cli.main import main
from app.datasets import DATASETS
from app.renderers.tabular.writers import write_export_file


def test_export_writes_every_dataset(
    loaded_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", loaded_url)
    first, second = tmp_path / "deep" / "one", tmp_path / "two"
    assert main(["export", str(first)]) == main(["export", str(second)]) == 0
    assert "urban-villages: 102" in capsys.readouterr().out
    package = json.loads((first / "datapackage.json").read_text(encoding="utf-8"))
    names = {path.name for path in first.iterdir()}
    assert names == {"datapackage.json", *(f"{name}.{form}" for name in DATASETS for form in ("csv", "parquet"))}
    for resource in package["resources"]:
        content = (first / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    assert all((first / name).read_bytes() == (second / name).read_bytes() for name in names)
    [villages] = [resource for resource in package["resources"] if resource["path"] == "urban-villages.csv"]
    heading = (first / "urban-villages.csv").read_text(encoding="utf-8").splitlines()[0]
    assert heading == ",".join(field["name"] for field in villages["schema"]["fields"])


def test_export_reports_an_unwritable_directory(
    loaded_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", loaded_url)
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert main(["export", str(tmp_path / "file")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_a_failed_export_leaves_the_files_of_the_last_one(
    loaded_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", loaded_url)
    directory = tmp_path / "archive"
    directory.mkdir()
    (directory / "areas.csv").write_text("old", encoding="utf-8")
    calls = iter(range(100))

    async def write_until_full(*arguments: Any) -> None:
        if next(calls) == 5:
            raise OSError(errno.ENOSPC, "No space left on device")
        await write_export_file(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr("app.cli.archive.write_export_file", write_until_full)
        assert main(["export", str(directory)]) == 2
    assert "No space left on device" in capsys.readouterr().err
    assert [path.name for path in directory.iterdir()] == ["areas.csv"]
    assert (directory / "areas.csv").read_text(encoding="utf-8") == "old"
    (directory / "briefs.csv").mkdir()
    assert main(["export", str(directory)]) == 2
    assert "is a directory" in capsys.readouterr().err
    assert sorted(path.name for path in directory.iterdir()) == ["areas.csv", "briefs.csv"]


def test_what_a_killed_export_left_is_removed_by_the_next(
    loaded_sqlite: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", loaded_sqlite)
    left = tmp_path / ".gazette-export-abcdefgh"
    left.mkdir()
    (left / "areas.csv").write_text("half", encoding="utf-8")
    assert main(["export", str(tmp_path)]) == 0
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
