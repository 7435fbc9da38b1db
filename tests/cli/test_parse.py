"""The command that parses a text."""

import json
from pathlib import Path

import pytest

from app.cli.main import main


def test_the_report_is_printed(issue_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["parse", str(issue_file)]) == 0
    assert capsys.readouterr().out.startswith("# Gazette issue 2023-11\n")
    assert main(["parse", str(issue_file), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["issue"], report["encoding"], report["faults"]) == ("2023-11", "utf-8", [])


def test_an_unwritable_directory_is_reported(issue_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["parse", str(issue_file), "-o", str(issue_file)]) == 2
    assert "cannot be written" in capsys.readouterr().err
    assert main(["parse", str(issue_file.parent)]) == 2
    assert "is a directory" in capsys.readouterr().err
