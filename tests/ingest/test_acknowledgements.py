"""Known failures of checks."""

from pathlib import Path

import pytest

from app.ingest.package_reader import PackageError
from tests.support import packages
from tests.support.issue_sequence import get
from tests.support.texts import LoadFile

HEADING = "id,failure,reason,day\n"
CHECK = {"id": "1999-01.1", "subject": "s", "rule": "issues", "declared": "9", **packages.SOURCE}
KNOWN = '1999-01.1,"declared 9, counted 1",the print counts volumes,1999-02-03\n'


def package(directory: Path, known: str | None) -> Path:
    packages.write(directory, packages.tables() | {"checks": [CHECK]})
    path = directory / "acknowledgements.csv"
    path.unlink(missing_ok=True)
    if known is not None:
        path.write_text(HEADING + known, encoding="utf-8")
    return directory


def acknowledged(url: str) -> str | None:
    [check] = get(url, "checks?id=1999-01.1")
    assert check["status"] == "fail"
    reason: str | None = check["acknowledged"]
    return reason


def test_a_known_failure_has_its_reason(empty_url: str, tmp_path: Path) -> None:
    packages.load(empty_url, package(tmp_path, KNOWN))
    assert acknowledged(empty_url) == "the print counts volumes (1999-02-03)"
    packages.load(empty_url, package(tmp_path, None))
    assert acknowledged(empty_url) is not None
    packages.load(empty_url, package(tmp_path, ""))
    assert acknowledged(empty_url) is None


def test_another_failure_of_the_same_check_is_new(empty_url: str, tmp_path: Path) -> None:
    packages.load(empty_url, package(tmp_path / "a", KNOWN))
    second = packages.ISSUE | {"id": "1999-02", "number": "2", "published_on": "1999-03-01"}
    packages.load(empty_url, packages.write(tmp_path / "b", {"issues": [second | {"source.issue_id": "1999-02"}]}))
    assert acknowledged(empty_url) is None


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ("1999-01.2,f,r,1999-01-01\n", "there is no check '1999-01.2'. Did you mean '1999-01.1'?"),
        ("1999-01.1,f,r,January\n", "row 2: day is 'January', not a date"),
        ("1999-01.1,f,,1999-01-01\n", "row 2: reason is empty"),
        ("1999-01.1,f,r\n", "row 2: has 3 cells under 4 columns"),
        (KNOWN + KNOWN, "row 3: acknowledges '1999-01.1' twice"),
        ("1999-01.1,f,\u202er,1999-01-01\n", "row 2, column reason: contains the character U+202E"),
    ],
)
def test_a_faulty_file_is_refused(empty_url: str, tmp_path: Path, known: str, said: str) -> None:
    with pytest.raises(PackageError) as refused:
        packages.load(empty_url, package(tmp_path, known))
    assert said in str(refused.value.faults[0])


def test_the_bundled_failure_is_known(loaded_url: str) -> None:
    failing = get(loaded_url, "checks?status=fail")
    assert [row["id"] for row in failing] == ["2021-05.6"]
    assert "江口渡" in failing[0]["acknowledged"]


def test_an_acknowledgement_beside_a_text_is_read(issue_file: Path, load_file: LoadFile) -> None:
    (issue_file.parent / "acknowledgements.csv").write_text(HEADING + "2023-11.9,f,r,2024-01-01\n")
    with pytest.raises(PackageError):
        load_file(issue_file)
