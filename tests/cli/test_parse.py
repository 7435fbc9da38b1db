"""The command that parses a text."""

import json
from pathlib import Path

import pytest

from app.cli.main import main
from tests.support import packages
from tests.support.issues import issue_text


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


@pytest.fixture
def contradictory(tmp_path: Path) -> str:
    """Return the path of the eleventh issue, whose back cover says that it is the tenth."""
    path = tmp_path / "text.txt"
    path.write_text(issue_text(11) + "\n第 10 期 (总第81期)\n", encoding="utf-8")
    return str(path)


def test_what_head_and_back_cover_say_in_two_ways_is_decided_before_a_load(
    contradictory: str,
    tmp_path: Path,
    empty_url: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_url)
    directory = str(tmp_path / "package")
    assert main(["parse", contradictory, "-o", directory]) == 0
    report = json.loads((tmp_path / "package" / "report.json").read_text(encoding="utf-8"))
    [fault] = report["faults"]
    assert "number 2023-11 (line 1), 2023-10 (line " in fault
    assert "decide with --issue" in fault
    [doubt] = [each for each in report["low_confidence"] if each["printed"] == "2023-10"]
    assert f"2023-10 (line {doubt['line']})" in fault
    for source in (contradictory, directory):
        assert main(["load", source]) == 2
        assert "decide with --issue" in capsys.readouterr().err
    assert main(["load", directory, "--issue", "2023-10"]) == 2
    assert "parse the text again with --issue 2023-10" in capsys.readouterr().err
    assert packages.fetch(empty_url, "SELECT id FROM issues") == []
    assert main(["load", directory, "--issue", "2023-11"]) == 0
    assert main(["parse", contradictory, "--issue", "2023-10", "-o", directory]) == 0
    assert json.loads((tmp_path / "package" / "report.json").read_text(encoding="utf-8"))["faults"] == []


def test_what_the_text_leaves_open_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "text.txt"
    path.write_text(issue_text(11).replace("出版日期：2023年12月20日", "出版日期：2023年12月"), encoding="utf-8")
    assert main(["parse", str(path)]) == 2
    assert "no date of publication; say it with --published-on" in capsys.readouterr().err
    assert main(["parse", str(path), "--published-on", "2023-12-20", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["issue"] == "2023-11"
