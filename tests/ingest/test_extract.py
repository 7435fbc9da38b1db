"""Files that hold no readable gazette."""

import os
from pathlib import Path

import pytest

from app.cli.main import main
from app.ingest.extract import DAMAGE_NOTE, MAX_TEXT_BYTES, NotAnIssueError, extract_issue, read_official_areas
from app.ingest.seed import SEED_DIRECTORY
from app.model.text_rules import REPLACEMENT
from app.parser.parse import MAX_LINE_LENGTH, MAX_LINES
from tests.support import packages
from tests.support.invented_issue import ISSUE
from tests.support.issues import ROADS, issue_text
from tests.support.texts import TEXT, LoadFile, parse


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings(tmp_path: Path, issue_file: Path, encoding: str, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "other.txt"
    other.write_bytes(TEXT.replace("\n", "\r\n").encode(encoding))
    wanted, found = parse(issue_file), parse(other)
    assert found["encoding"] == encoding.removesuffix("-sig").removesuffix("-le").removesuffix("-be")
    assert found | {"encoding": ""} == wanted | {"encoding": ""}
    assert main(["parse", str(other), "-o", str(tmp_path / "p")]) == 0
    assert (found["encoding"] in capsys.readouterr().out) == (found["encoding"] != "utf-8")


BAD = {
    "empty": b"",
    "blank": b"\n \n\t\n",
    "pdf": b"%PDF-1.7\n" + TEXT.encode(),
    "zip": b"PK\x03\x04" + TEXT.encode(),
    "bytes": bytes(range(256)) * 40,
    "nul": TEXT.encode() + b"\x00",
    "latin": "Zeitung für Alle, né à Paris. Ünï".encode("latin-1"),
    "two": (issue_text(11, documents=[ROADS]) + issue_text(12)).encode(),
    "no masthead": TEXT[TEXT.index("## 市府办文件") :].encode(),
    "json": b'{"a": 1}',
    "html": b"\xef\xbb\xbf\n<!DOCTYPE html><html><body><pre>" + TEXT.encode(),
    "page": b"<HTML><body><pre>\n" + TEXT.encode(),
    "xml": b"<?xml version='1.0'?>\n<text>" + TEXT.encode(),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_refused_in_one_line(
    name: str, tmp_path: Path, loaded_sqlite: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, directory = tmp_path / "bad.txt", tmp_path / "package"
    bad.write_bytes(BAD[name])
    (directory).mkdir()
    (directory / "issues.csv").write_text("id\n", encoding="utf-8")
    monkeypatch.setenv("DATABASE_URL", loaded_sqlite)
    before = packages.dump(loaded_sqlite)
    for arguments in (["parse", str(bad), "-o", str(directory)], ["load", str(bad)]):
        assert main(arguments) == 2
        told = capsys.readouterr()
        assert told.out == ""
        [line] = told.err.splitlines()
        assert line.startswith(f"gazette: {bad} ")
    assert [path.name for path in directory.iterdir()] == ["issues.csv"]
    assert (directory / "issues.csv").read_text(encoding="utf-8") == "id\n"
    assert packages.dump(loaded_sqlite) == before


def test_two_copies_of_one_issue_are_refused(
    issue_file: Path, loaded_sqlite: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    issue_file.write_text(TEXT + TEXT, encoding="utf-8")
    second = TEXT.count("\n") + TEXT[: TEXT.index("出版日期")].count("\n") + 1
    fault = f": line {second} starts the same issue again; its rows would be loaded twice"
    assert parse(issue_file)["faults"] == [f"the text{fault}"]
    monkeypatch.setenv("DATABASE_URL", loaded_sqlite)
    before = packages.dump(loaded_sqlite)
    assert main(["load", str(issue_file)]) == 2
    assert capsys.readouterr().err == f"gazette: refused: {issue_file}{fault}; nothing was loaded\n"
    assert packages.dump(loaded_sqlite) == before


DAMAGE = ("\x02", "\x1b", "\x9b", "\u202e", "\u2067", "\u2028", "&#8238;", "&#13;")


@pytest.mark.slow
def test_characters_that_no_text_may_have_are_replaced_and_noted(tmp_path: Path, load_file: LoadFile) -> None:
    path = tmp_path / "issue.txt"
    activity = "参加冰雪产业座谈会"
    assert activity in ISSUE
    path.write_text(ISSUE.replace(activity, activity + "甲".join(DAMAGE) + "乙"), encoding="utf-8")
    issue = extract_issue(path, read_official_areas(SEED_DIRECTORY))
    [event] = issue.rows["events"]
    assert f"座谈会{'甲'.join(REPLACEMENT for _ in DAMAGE)}乙" in event["activity"]
    assert DAMAGE_NOTE in event["notes"]
    assert DAMAGE_NOTE in [doubt.reason for doubt in issue.parsed.doubts]
    assert "events" in load_file(path).added


@pytest.mark.parametrize("kind", ["fifo", "directory", "large", "lines", "line"])
def test_what_is_no_text_of_an_issue_is_refused_at_once(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "issue.txt"
    match kind:
        case "fifo":
            os.mkfifo(path)
        case "directory":
            path.mkdir()
        case "large":
            path.write_bytes(b"\n" * (MAX_TEXT_BYTES + 1))
        case "lines":
            path.write_text(TEXT + "\n" * MAX_LINES, encoding="utf-8")
        case "line":
            path.write_text(TEXT + "甲" * (MAX_LINE_LENGTH + 1), encoding="utf-8")
    with pytest.raises(NotAnIssueError) as caught:
        extract_issue(path, [])
    assert str(caught.value).startswith("issue.txt ")
    assert "\n" not in str(caught.value)


def test_the_bounds_of_a_text_are_reached(tmp_path: Path) -> None:
    path = tmp_path / "issue.txt"
    lines = TEXT + "\n" + "甲" * MAX_LINE_LENGTH
    path.write_text(lines + "\n" * (MAX_LINES - lines.count("\n")), encoding="utf-8")
    assert extract_issue(path, []).parsed.nonblank_count
