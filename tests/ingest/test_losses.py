"""A reload that loses rows, checks or facts of an issue is refused, unless the loss is accepted."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.ingest.load import LossRefusedError, Outcome
from tests.support import packages
from tests.support.issue_sequence import get, total
from tests.support.issues import FIGURES, ROADS, Document, issue_text
from tests.support.packages import Tables
from tests.support.service import NOW
from tests.support.texts import TEXT, LoadFile, parse


def village_tables(number: int) -> Tables:
    """Return an issue with a document and this many villages."""
    document = {
        "id": "d",
        "title": "计划",
        "published_on": "1999-02-01",
        "document_type": "notice",
        "is_normative": "false",
    }
    document |= packages.SOURCE
    village = {"document_id": "d", "district": "某区", "street": "某街道", "plan": "upgrade", **packages.SOURCE}
    rows = [village | {"id": f"d.v-{n:02d}", "number": str(n), "village": f"村{n}"} for n in range(1, number + 1)]
    return packages.tables() | {"documents": [document], "urban-villages": rows}


def reload(url: str, tmp_path: Path, content: Tables, accept_loss: bool = False) -> Outcome:
    return packages.load(url, packages.write(tmp_path / "again", content), accept_loss)


def test_a_tenth_of_the_rows_may_go_and_no_more(empty_url: str, tmp_path: Path) -> None:
    packages.load(empty_url, packages.write(tmp_path / "first", village_tables(20)))
    before = packages.dump(empty_url)
    with pytest.raises(LossRefusedError) as refused:
        reload(empty_url, tmp_path, village_tables(17))
    assert str(refused.value) == "urban-villages of 1999-01 loses 3 of 20 rows"
    assert packages.dump(empty_url) == before
    assert reload(empty_url, tmp_path, village_tables(18)).removed == {"urban-villages": 2}


def test_a_dataset_that_would_be_empty_is_a_loss(empty_url: str, tmp_path: Path) -> None:
    packages.load(empty_url, packages.write(tmp_path / "first", packages.tables()))
    empty = packages.write(tmp_path / "again", packages.tables())
    (empty / "observations.csv").write_text("id\n", encoding="utf-8")
    with pytest.raises(LossRefusedError, match="observations of 1999-01 loses all 1 rows"):
        packages.load(empty_url, empty)
    outcome = packages.load(empty_url, empty, accept_loss=True)
    assert outcome.removed == {"observations": 1}
    log = get(empty_url, "changes?dataset=observations")
    assert [(row["kind"], row["cause"]) for row in log] == [("removed", "source")]


def test_a_dataset_that_the_package_leaves_out_stays(empty_url: str, tmp_path: Path) -> None:
    packages.load(empty_url, packages.write(tmp_path / "first", packages.tables()))
    content = packages.tables()
    del content["observations"]
    assert reload(empty_url, tmp_path, content).removed == {}


def test_a_row_with_a_new_id_is_not_lost(empty_url: str, tmp_path: Path) -> None:
    packages.load(empty_url, packages.write(tmp_path / "first", village_tables(3)))
    content = village_tables(3)
    for row in content["urban-villages"]:
        row["id"] = row["id"].replace("v-", "w-")
    outcome = reload(empty_url, tmp_path, content)
    assert (outcome.removed, list(outcome.losses.lines())) == ({"urban-villages": 3}, [])


def test_an_issue_does_not_lose_its_serial_number(issue_file: Path, load_file: LoadFile) -> None:
    load_file(issue_file)
    issue_file.write_text(TEXT.replace("总第81期\n", ""), encoding="utf-8")
    with pytest.raises(LossRefusedError, match="cumulative_number of 2023-11 is 81"):
        load_file(issue_file)


def test_a_check_that_can_no_longer_be_counted_fails(empty_url: str, tmp_path: Path) -> None:
    checks = [
        {"id": f"1999-01.{n}", "subject": f"s{n}", "rule": rule, "declared": "1", **packages.SOURCE}
        for n, rule in ((1, "issues"), (2, "observations"), (3, "indicators"))
    ]
    packages.load(empty_url, packages.write(tmp_path / "first", packages.tables() | {"checks": checks}))
    less = packages.tables() | {"checks": [checks[2] | {"id": "1999-01.1"}]}
    with pytest.raises(LossRefusedError, match=r"the check 1999-01.1 can no longer be counted: s1.*1999-01.2"):
        reload(empty_url, tmp_path, less)
    outcome = reload(empty_url, tmp_path, less, accept_loss=True)
    logged = [(e["dataset"], e["row_id"], e["changed"][0]["to"]) for e in outcome.log]
    assert logged == [("checks", "1999-01.1", "fail"), ("checks", "1999-01.2", "fail")]
    rows = {row["id"]: (row["subject"], row["status"], row["counted"]) for row in get(empty_url, "checks")}
    assert rows == {
        "1999-01.1": ("s1", "fail", None),
        "1999-01.2": ("s2", "fail", None),
        "1999-01.3": ("s3", "pass", 1),
    }
    assert list(reload(empty_url, tmp_path, less).losses.lines()) == []
    restored = packages.load(empty_url, tmp_path / "first")
    assert restored.failed_checks == []


def test_a_check_across_issues_that_loses_a_figure_fails(empty_url: str, tmp_path: Path) -> None:
    def load(month: int, text: str, accept_loss: bool = False) -> Outcome:
        return packages.load_text(empty_url, tmp_path / f"{month}.txt", NOW.date(), text, accept_loss)

    load(10, issue_text(10))
    load(11, issue_text(11, figures=total("20.10", "130.40")))
    without = issue_text(10, figures={"一、财政总收入": ("亿元", "20.10", "1.0", "—", "2.0")})
    with pytest.raises(LossRefusedError, match=r"2023-11\.cumulative\.fiscal_revenue"):
        load(10, without)
    load(10, without, accept_loss=True)
    [check] = get(empty_url, "checks?id=2023-11.cumulative.fiscal_revenue")
    assert (check["status"], check["counted"]) == ("fail", None)
    load(10, issue_text(10))
    [check] = get(empty_url, "checks?id=2023-11.cumulative.fiscal_revenue")
    assert check["status"] == "pass"


def test_the_same_text_read_differently_is_a_re_extraction(
    issue_file: Path, tmp_path: Path, load_file: LoadFile
) -> None:
    """The package has a figure that the parser does not find in the text of the same digest."""
    directory = tmp_path / "package"
    parse(issue_file, directory)
    path = directory / "observations.csv"
    heading, row = path.read_text(encoding="utf-8").splitlines()
    more = row.replace("fiscal_revenue.", "retail_sales.", 1)
    path.write_text("\n".join([heading, row, more]) + "\n", encoding="utf-8")
    load_file(directory)
    outcome = load_file(issue_file)
    assert outcome.losses.re_extraction
    assert list(outcome.losses.lines()) == ["observations of 2023-11 loses 1 of 2 rows"]
    assert [(e["kind"], e["cause"]) for e in outcome.log] == [("removed", "re-extraction")]


def test_a_package_that_was_changed_only_says_which_text_it_is_from(
    issue_file: Path, tmp_path: Path, load_file: LoadFile
) -> None:
    issue_file.write_text(issue_text(11, documents=[ROADS], figures=FIGURES), encoding="utf-8")
    load_file(issue_file)
    directory = tmp_path / "package"
    parse(issue_file, directory)
    path = directory / "observations.csv"
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    with pytest.raises(LossRefusedError):
        load_file(directory)


def test_a_package_as_the_parser_wrote_it_is_a_re_extraction(
    issue_file: Path, tmp_path: Path, load_file: LoadFile
) -> None:
    """The database has a figure of the same text that the parser does not find."""
    directory = tmp_path / "package"
    parse(issue_file, directory)
    written = (directory / "observations.csv").read_text(encoding="utf-8")
    row = written.splitlines()[1].replace("fiscal_revenue.", "retail_sales.", 1)
    (directory / "observations.csv").write_text(f"{written}{row}\n", encoding="utf-8")
    load_file(directory)
    (directory / "observations.csv").write_text(written, encoding="utf-8")
    outcome = load_file(directory)
    assert outcome.losses.re_extraction
    assert list(outcome.losses.lines()) == ["observations of 2023-11 loses 1 of 2 rows"]
    assert [(e["kind"], e["cause"]) for e in outcome.log] == [("removed", "re-extraction")]


def test_a_package_of_another_text_is_no_re_extraction(issue_file: Path, tmp_path: Path, load_file: LoadFile) -> None:
    load_file(issue_file)
    issue_file.write_text(TEXT.replace("\t", " "), encoding="utf-8")
    parse(issue_file, tmp_path / "package")
    with pytest.raises(LossRefusedError, match="observations of 2023-11 loses all 1 rows"):
        load_file(tmp_path / "package")


BRIDGES, LAMPS = (
    replace(ROADS, number=f"临政办〔2023〕{number}号", title=ROADS.title.replace("养路", what))
    for number, what in ((42, "养桥"), (43, "路灯"))
)


def test_one_document_may_be_printed_again_and_no_more(empty_url: str, tmp_path: Path) -> None:
    """Several documents of one issue under another number are that issue under a wrong number."""

    def load(month: int, documents: list[Document], accept_loss: bool = False) -> Outcome:
        text = issue_text(month, documents=documents)
        return packages.load_text(empty_url, tmp_path / f"{month}.txt", NOW.date(), text, accept_loss)

    load(10, [ROADS, BRIDGES, LAMPS])
    before = packages.dump(empty_url)
    with pytest.raises(LossRefusedError, match=r"^all 3 documents of 2023-10 would become those of 2023-11$"):
        load(11, [ROADS, BRIDGES, LAMPS])
    with pytest.raises(LossRefusedError, match=r"^2 of 3 documents of 2023-10 would become those of 2023-11$"):
        load(11, [BRIDGES, LAMPS])
    assert packages.dump(empty_url) == before
    load(11, [ROADS])
    assert load(10, [ROADS, BRIDGES, LAMPS]).losses.shared == []
    with pytest.raises(LossRefusedError, match=r"^all 2 documents of 2023-09 are held as those of 2023-10$"):
        load(9, [BRIDGES, LAMPS])
    load(12, [BRIDGES, LAMPS], accept_loss=True)
    assert load(12, [BRIDGES, LAMPS]).losses.shared == []
    assert load(10, [ROADS, BRIDGES, LAMPS]).losses.shared == []


def test_a_few_of_many_documents_may_be_printed_again(empty_url: str, tmp_path: Path) -> None:
    document = dict(village_tables(1)["documents"][0])
    many = [document | {"id": f"d-{n}", "document_number": f"某政办〔1999〕{n}号"} for n in range(1, 31)]
    packages.load(empty_url, packages.write(tmp_path / "a", packages.tables() | {"documents": many}))
    later = {"published_on": "1999-03-01", "source.issue_id": "1999-02"}
    issue = packages.ISSUE | later | {"id": "1999-02", "number": "2"}
    for number, refused in ((4, True), (3, False)):
        again = {"issues": [issue], "documents": [row | later for row in many[:number]]}
        path = packages.write(tmp_path / str(number), again)
        if refused:
            with pytest.raises(LossRefusedError, match="4 of 30 documents of 1999-01 would become those of 1999-02"):
                packages.load(empty_url, path)
        else:
            packages.load(empty_url, path)
