"""Packages and reports that the parser writes."""

import json
from datetime import date
from pathlib import Path

from app.ingest.package_reader import read_package
from tests.support.texts import DAY, TEXT, parse, rows


def test_package_and_report_are_written(issue_file: Path, tmp_path: Path) -> None:
    directory = tmp_path / "package"
    report = parse(issue_file, directory)
    assert json.loads((directory / "report.json").read_text(encoding="utf-8"))["counts"] == report["counts"]
    assert "22 of 22 non-blank lines read (100 %)" in (directory / "report.md").read_text(encoding="utf-8")
    package = read_package(directory)
    assert (package.created, package.issue_ids) == (DAY, ["2023-11"])
    assert package.digest == report["text"]
    assert "text" not in rows(directory, "provisions")[0]
    parse(issue_file, directory, with_text=True)
    assert rows(directory, "provisions")[1]["text"]


def test_a_package_is_dated_anew_only_when_it_differs(issue_file: Path, tmp_path: Path) -> None:
    directory = tmp_path / "package"
    parse(issue_file, directory, date(2023, 12, 24))
    parse(issue_file, directory)
    assert read_package(directory).created == date(2023, 12, 24)
    issue_file.write_text(TEXT.replace("30万元", "40万元"), encoding="utf-8")
    parse(issue_file, directory)
    assert read_package(directory).created == DAY
