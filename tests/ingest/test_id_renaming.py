"""Ids of a package that another issue already uses."""

from functools import partial
from pathlib import Path

import pytest

from app.cli.main import main
from app.model.rows import from_json
from tests.support import packages
from tests.support.packages import load_text
from tests.support.plan_issues import DAY, TEXTS, ids, issue_package, rows
from tests.support.texts import LoadText


@pytest.fixture
def load(empty_url: str, tmp_path: Path) -> LoadText:
    """Return a function that loads a text into a database that held nothing."""
    return partial(load_text, empty_url, tmp_path / "issue.txt", DAY)


def test_a_title_without_a_number_is_the_same_document_on_the_same_day(empty_url: str, tmp_path: Path) -> None:
    days = {1: "1999-01-31", 2: "1999-02-28", 3: "1999-02-28"}
    for number, day in days.items():
        directory = packages.write(tmp_path / str(number), issue_package(number, signed_on=day))
        packages.load(empty_url, directory)
    assert ids(empty_url, "1999-01", "documents", "water-sections", "watersheds") == {
        "documents": ["baogao"],
        "water-sections": ["qiao"],
        "watersheds": ["baogao.1"],
    }
    assert ids(empty_url, "1999-02", "documents") == {"documents": []}
    assert ids(empty_url, "1999-03", "documents") == {"documents": ["baogao-2"]}
    held = rows(empty_url)
    assert held["watersheds", "baogao-2.1"]["section_ids"] == ["qiao-2"]
    assert held["watersheds", "baogao-2.1"]["number"] == 1
    assert held["water-sections", "qiao-2"]["watershed_id"] == "baogao-2.1"


def test_equal_titles_without_number_and_day_are_two_documents(empty_url: str, tmp_path: Path) -> None:
    for number in (1, 2, 3, 3):
        packages.load(empty_url, packages.write(tmp_path / str(number), issue_package(number, signed_on="")))
    assert sorted(key for name, key in rows(empty_url) if name == "documents") == ["baogao", "baogao-2", "baogao-3"]


def test_corrections_name_the_ids_of_the_package(empty_url: str, tmp_path: Path) -> None:
    packages.load(empty_url, packages.write(tmp_path / "a", issue_package(1)))
    directory = packages.write(tmp_path / "b", issue_package(2, signed_on="1999-02-28"))
    correction = "dataset,id,field,from,to,reason\nwater-sections,qiao,river,甲河,乙河,misprint\n"
    (directory / "corrections.csv").write_text(correction, encoding="utf-8")
    outcome = packages.load(empty_url, directory)
    held = rows(empty_url)
    assert [held["water-sections", key]["river"] for key in ("qiao", "qiao-2")] == ["甲河", "乙河"]
    assert [(entry["row_id"], entry["cause"]) for entry in outcome.log] == [
        ("1999-02", "source"),
        ("qiao-2", "erratum"),
    ]
    assert packages.load(empty_url, directory).log == []


@pytest.mark.slow
def test_the_command_prints_renamed_ids(
    empty_url: str, load: LoadText, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    load(TEXTS[0])
    before = rows(empty_url)
    monkeypatch.setenv("DATABASE_URL", empty_url)
    path = tmp_path / "next.txt"
    path.write_text(TEXTS[1], encoding="utf-8")
    assert main(["load", str(path), "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert "events: 1 with new ids, because rows of other issues have those of the package" in told
    assert "    2024-01-31.1 → 2024-01-31.3\n" in told
    assert main(["load", str(path), "--dry-run", "--json"]) == 0
    assert from_json(capsys.readouterr().out)["renamed"]["water-targets"] == {
        "liuqiao.2024.1": "liuqiao-2.2024.1",
        "xingdu.2024.1": "xingdu-2.2024.1",
    }
    assert rows(empty_url) == before
