"""A source is an issue of the database's gazette, and the issue that it says it is."""

from datetime import date
from pathlib import Path

import pytest

from app.db.engine import open_engine
from app.ingest.identity import RefusedError, check_sources_agree
from app.ingest.load import Outcome
from app.ingest.package_reader import read_package
from app.ingest.pipeline import load_transaction, read_source, write_source
from app.parser.structure.issue_identity import NO_DECISIONS, IssueDecisions, IssueNumber
from tests.support import packages
from tests.support.issues import ROADS, issue_text
from tests.support.service import NOW
from tests.support.texts import DAY, TEXT, LoadFile


def load(url: str, path: Path, text: str, decisions: IssueDecisions = NO_DECISIONS) -> Outcome:
    path.write_text(text, encoding="utf-8")
    with open_engine(url) as engine, load_transaction(engine) as connection:
        return write_source(connection, read_source(path, DAY, decisions=decisions), NOW)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("主办：临江市", "主办：远江市", "publisher of 2023-11 is 远江市人民政府, .* gazette of 临江市人民政府"),
        ("总第81期", "总第82期", "serial number of 2023-11 is 81 in the database and 82 in the source"),
        ("12月20日", "12月21日", "day of publication of 2023-11 is 2023-12-20 in the database and 2023-12-21"),
        ("# 2023.11", "# 2023.12", "2023-12 has the serial number 81 and the day of publication 2023-12-20 of 2023-11"),
        (
            "# 2023.11\n\n总第81期\n\n出版日期：2023年12月20日",
            "# 2023.12\n\n总第81期\n\n出版日期：2024年1月20日",
            r"2023-12 has the serial number 81 of 2023-11 \(confirm with --serial 81\)",
        ),
    ],
)
def test_a_text_that_contradicts_the_database_is_refused(
    empty_url: str, issue_file: Path, load_file: LoadFile, old: str, new: str, said: str
) -> None:
    load_file(issue_file)
    before = packages.dump(empty_url)
    with pytest.raises(RefusedError, match=said):
        load(empty_url, issue_file, TEXT.replace(old, new))
    assert packages.dump(empty_url) == before


def test_a_new_issue_of_another_publisher_is_refused(empty_url: str, tmp_path: Path) -> None:
    load(empty_url, tmp_path / "a.txt", issue_text(10))
    load(empty_url, tmp_path / "b.txt", issue_text(11).replace("主办：临江市人民政府", "主办：临江市人民政府 办公室"))
    with pytest.raises(RefusedError, match="远江市"):
        load(empty_url, tmp_path / "c.txt", issue_text(12).replace("临江", "远江"))


def test_the_title_names_the_publisher_where_the_masthead_does_not(empty_url: str, tmp_path: Path) -> None:
    load(empty_url, tmp_path / "a.txt", issue_text(10))
    without = issue_text(11).replace("主办：临江市人民政府\n", "")
    with pytest.raises(RefusedError, match="远江市"):
        load(empty_url, tmp_path / "b.txt", without.replace("# 临江市人民政府公报", "# 远江市人民政府公报"))
    load(empty_url, tmp_path / "b.txt", without)


def test_the_operator_may_confirm_serial_number_and_day(empty_url: str, issue_file: Path, load_file: LoadFile) -> None:
    load_file(issue_file)
    text = TEXT.replace("总第81期", "总第82期").replace("12月20日", "12月21日")
    with pytest.raises(RefusedError, match="day of publication"):
        load(empty_url, issue_file, text, IssueDecisions(serial=82))
    load(empty_url, issue_file, text, IssueDecisions(serial=82, published_on=date(2023, 12, 21)))
    [(serial, day)] = packages.fetch(empty_url, "SELECT cumulative_number, published_on FROM issues")
    assert (serial, day) == (82, "2023-12-21")


def test_the_number_that_an_operator_gives_does_not_make_another_issue(empty_url: str, tmp_path: Path) -> None:
    load(empty_url, tmp_path / "a.txt", issue_text(11))
    with pytest.raises(RefusedError, match="2023-12 has the serial number 81 and the day of publication 2023-12-20"):
        load(empty_url, tmp_path / "b.txt", issue_text(11), IssueDecisions(IssueNumber(2023, 12)))
    load(empty_url, tmp_path / "b.txt", issue_text(11), IssueDecisions(IssueNumber(2023, 12), serial=81))
    load(empty_url, tmp_path / "c.txt", issue_text(11), IssueDecisions(IssueNumber(2023, 11, None, 1)))
    assert [key for (key,) in packages.fetch(empty_url, "SELECT id FROM issues ORDER BY id")] == [
        "2023-11", "2023-11-s1", "2023-12",
    ]  # fmt: skip


def document_package(directory: Path, *rows: tuple[str, str]) -> Path:
    """Write the package of an issue with documents, given by their ids and numbers."""
    document = {"title": "计划", "published_on": "1999-02-01", "document_type": "notice", "is_normative": "false"}
    document |= packages.SOURCE
    documents = [document | {"id": key, "document_number": number} for key, number in rows]
    return packages.write(directory, packages.tables() | {"documents": documents})


FIRST, SECOND = ("mouzhengban-1999-1", "某政办〔1999〕1号"), ("mouzhengban-1999-2", "某政办〔1999〕2号")


def test_the_id_of_a_document_does_not_move_to_another(empty_url: str, tmp_path: Path) -> None:
    packages.load(empty_url, document_package(tmp_path / "a", FIRST, SECOND))
    before = packages.dump(empty_url)
    swapped = document_package(tmp_path / "b", (FIRST[0], SECOND[1]), (SECOND[0], FIRST[1]))
    with pytest.raises(RefusedError, match="mouzhengban-1999-1 is that of 某政办〔1999〕1号 in the database"):
        packages.load(empty_url, swapped)
    assert packages.dump(empty_url) == before


def test_the_number_of_a_document_may_be_corrected_and_the_correction_taken_back(
    empty_url: str, tmp_path: Path
) -> None:
    directory = document_package(tmp_path, FIRST)
    packages.load(empty_url, directory)
    corrections = directory / "corrections.csv"
    line = f"documents,{FIRST[0]},document_number,{FIRST[1]},某政办〔1999〕7号,misprint"
    corrections.write_text(f"dataset,id,field,from,to,reason\n{line}\n", encoding="utf-8")
    assert packages.load(empty_url, directory).changed == {"documents": 1}
    corrections.unlink()
    assert packages.load(empty_url, directory).changed == {"documents": 1}


def test_what_the_operator_decided_is_noted(empty_url: str, tmp_path: Path) -> None:
    text = issue_text(11, documents=[ROADS]) + "\n第 10 期 (总第81期)\n"
    load(empty_url, tmp_path / "a.txt", text, IssueDecisions(IssueNumber(2023, 11)))
    [(key, notes)] = packages.fetch(empty_url, "SELECT id, notes FROM issues")
    assert key == "2023-11"
    assert "2023-10 (line " in notes


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"id": "spring"}, "'spring' is not the id of an issue"),
        ({"year": "1998"}, "year of the issue 1999-01 is 1998"),
        ({"number": "2"}, "number of the issue 1999-01 is 2"),
        ({"number_to": "2"}, "number_to of the issue 1999-01 is 2"),
        ({"cumulative_number": "0"}, "serial number of 1999-01 is 0"),
    ],
)
def test_an_id_that_contradicts_the_issue_is_refused(
    empty_url: str, tmp_path: Path, fields: dict[str, str], said: str
) -> None:
    content = packages.tables()
    content = {"issues": [content["issues"][0] | fields]}
    with pytest.raises(RefusedError, match=said):
        packages.load(empty_url, packages.write(tmp_path, content))


def test_a_combined_issue_and_a_supplement_stand_beside_the_issue(empty_url: str, tmp_path: Path) -> None:
    issue = packages.ISSUE | {"number_to": ""}
    for key, more in (
        ("1999-01", {}),
        ("1999-01-s1", {}),
        ("1999-02_03", {"number": "2", "number_to": "3", "published_on": "1999-04-01", "cumulative_number": "2"}),
        ("1999-04", {"number": "4", "published_on": "1999-05-01", "cumulative_number": "3"}),
    ):
        content = {"issues": [issue | more | {"id": key, "source.issue_id": key}]}
        packages.load(empty_url, packages.write(tmp_path / key, content))
    rows = packages.fetch(empty_url, "SELECT id, number_to FROM issues ORDER BY id")
    assert [tuple(row) for row in rows] == [
        ("1999-01", None),
        ("1999-01-s1", None),
        ("1999-02_03", 3),
        ("1999-04", None),
    ]
    checks = dict(packages.fetch(empty_url, "SELECT id, status FROM checks"))
    assert checks == {"1999-02_03.number": "pass", "1999-04.number": "pass", "1999-04.serial": "pass"}


def test_sources_of_one_call_must_agree(tmp_path: Path) -> None:
    package = read_package(packages.write(tmp_path, packages.tables()))
    with pytest.raises(RefusedError, match="a and b are both the issue 1999-01"):
        check_sources_agree([("a", package), ("b", package)])
