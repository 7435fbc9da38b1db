"""The commands that load, check and export."""

import json
from pathlib import Path

import pytest

from app.cli.main import main
from app.ingest.seed import SEED_DIRECTORY
from tests.support import packages
from tests.support.texts import ID, TEXT, LoadFile


def test_load_and_check(
    writable_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", writable_url)
    assert main(["load", str(SEED_DIRECTORY / "2021-05")]) == 0
    assert "nothing changed" in capsys.readouterr().out
    content = packages.tables()
    content["checks"] = [{"id": "c", "subject": "s", "rule": "issues", "declared": "9", **packages.SOURCE}]
    assert main(["load", str(packages.write(tmp_path, content))]) == 0
    assert "check failed: s: declared 9, counted 2" in capsys.readouterr().out
    assert main(["check"]) == 1
    assert "fail  s  declared 9, counted 2" in capsys.readouterr().out


def test_a_refused_package_names_every_fault(
    empty_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_url)
    content = packages.tables()
    content["observations"][0] |= {"value": "x", "period": "y"}
    assert main(["load", str(packages.write(tmp_path, content))]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("gazette: observations.csv, row 2, column ")
    assert lines[-1] == "gazette: refused, 2 fault(s); nothing was loaded"


def test_a_dry_run_shows_the_change_and_writes_nothing(
    issue_file: Path,
    load_file: LoadFile,
    empty_url: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    load_file(issue_file)
    before = packages.dump(empty_url), packages.fetch(empty_url, "SELECT * FROM data_state")
    issue_file.write_text(TEXT.replace("20.10", "20.70"), encoding="utf-8")
    monkeypatch.setenv("DATABASE_URL", empty_url)
    assert main(["load", str(issue_file), "--dry-run"]) == 0
    told = capsys.readouterr()
    assert f"~ observations {ID} (source)\n    value: 20.10 → 20.70\n" in told.out
    assert told.out.endswith("dry run: nothing was written\n")
    assert told.err == ""
    assert main(["load", str(issue_file), "--dry-run", "--json"]) == 0
    outcome = json.loads(capsys.readouterr().out)
    assert outcome["changed"] == {"observations": 1}
    assert outcome["changes"][0]["changed"] == [{"field": "value", "from": 20.1, "to": 20.7}]
    assert (packages.dump(empty_url), packages.fetch(empty_url, "SELECT * FROM data_state")) == before
