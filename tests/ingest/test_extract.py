"""Files that hold no readable gazette."""

from pathlib import Path

import pytest

from app.cli.main import main
from tests.support import packages
from tests.support.issues import ROADS, issue_text
from tests.support.texts import TEXT, parse


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
        assert line.startswith("gazette: bad.txt ")
    assert [path.name for path in directory.iterdir()] == ["issues.csv"]
    assert (directory / "issues.csv").read_text(encoding="utf-8") == "id\n"
    assert packages.dump(loaded_sqlite) == before


def test_two_copies_of_one_issue_are_refused(
    issue_file: Path, loaded_sqlite: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    issue_file.write_text(TEXT + TEXT, encoding="utf-8")
    second = TEXT.count("\n") + TEXT[: TEXT.index("出版日期")].count("\n") + 1
    fault = f"the text: line {second} starts the same issue again; its rows would be loaded twice"
    assert parse(issue_file)["faults"] == [fault]
    monkeypatch.setenv("DATABASE_URL", loaded_sqlite)
    before = packages.dump(loaded_sqlite)
    assert main(["load", str(issue_file)]) == 2
    assert fault in capsys.readouterr().err
    assert packages.dump(loaded_sqlite) == before
