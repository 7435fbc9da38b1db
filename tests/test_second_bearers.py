"""Two issues that name the same thing: the later one's rows get ids of their own, the older one's stay."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.cli.main import main
from app.datasets import DATASETS
from app.ingest.id_assignment import Bearer, settle
from app.ingest.load import Outcome
from app.ingest.stored_rows import issue_of
from app.model.rows import from_json
from app.parser.text.slugs import unique
from tests import packages
from tests.packages import Tables, load_text

DAY = date(2024, 3, 31)
Load = Callable[[str], Outcome]
WATER = {
    "water-sections": ["liuqiao", "xingdu"],
    "water-targets": ["liuqiao.2024.1", "xingdu.2024.1"],
}
SECOND = {
    "water-sections": ["liuqiao-2", "xingdu-2"],
    "water-targets": ["liuqiao-2.2024.1", "xingdu-2.2024.1"],
}
PLAN = """\
# {name}

{number}

各区政府：

现将计划印发给你们。

临江市人民政府办公室

2024年1月20日

## 临江市碧水行动计划

一、行动目标

2024年，{sections}个断面水质提升到III类。

二、主要任务

6月底前完成12处排口整治。
"""


def issue_text(
    month: int, number: str | None = None, entries: Sequence[str] = (), sections: str = "柳桥、杏渡2", year: int = 2024
) -> str:
    """An issue with a plan that names sections, and with diary entries for 31 January."""
    heads = [
        f"# {year}.{month}\n\n总第{80 + month}期\n\n出版日期：{year}年{month + 1}月5日\n\n主办：临江市人民政府\n",
        "# 临江市人民政府公报\n",
    ]
    parts = []
    if number:
        name = "临江市人民政府办公室关于印发临江市碧水行动计划的通知"
        heads.append(f"## 市府办文件\n\n{name}（{number}）……（4）\n")
        parts.append(PLAN.format(name=name, number=number, sections=sections))
    if entries:
        heads.append("## 政府记事\n\n政府记事……（24）\n")
        parts.append("## 1月份市政府记事\n\n31日\n\n" + "\n\n".join(f"△ {each}" for each in entries) + "\n")
    return "\n".join([*heads, *parts])


TEXTS = [
    issue_text(1, "临政办〔2024〕4号", ["市长李江参加冰雪座谈会。", "市长李江参加河湖座谈会。"]),
    issue_text(2, "临政办〔2024〕9号", ["市长李江参加桥梁座谈会。"]),
    issue_text(3, "临政办〔2024〕11号", ["市长李江参加公路座谈会。", "市长李江参加铁路座谈会。"], "杏渡1"),
]


@pytest.fixture
def load(empty_url: str, tmp_path: Path) -> Load:
    """Load a text into a database that held nothing."""

    return partial(load_text, empty_url, tmp_path / "issue.txt", DAY)


def rows(url: str) -> dict[tuple[str, str], dict[str, Any]]:
    """Every row that a gazette issue owns, by dataset and id."""
    found = {}
    for name, dataset in DATASETS.items():
        if name not in ("changes", "checks"):
            for key, text in packages.fetch(url, f"SELECT id, row_json FROM {dataset.table.name}"):
                if issue_of(row := from_json(text)):
                    found[name, key] = row
    return found


def ids(url: str, issue: str, *names: str) -> dict[str, list[str]]:
    """The ids that an issue owns, of some datasets."""
    owned = [each for each, row in rows(url).items() if issue_of(row) == issue]
    return {name: sorted(key for dataset, key in owned if dataset == name) for name in names}


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_no_issue_takes_rows_of_another(empty_url: str, load: Load, order: list[int]) -> None:
    held: dict[tuple[str, str], dict[str, Any]] = {}
    for n in order:
        load(TEXTS[n])
        now = rows(empty_url)
        assert {key: now.get(key) for key in held} == held
        held = now
    assert sum(name == "events" for name, _ in held) == 5
    assert sorted(key for name, key in held if name == "events") == [f"2024-01-31.{n}" for n in range(1, 6)]
    for (name, key), row in held.items():
        if name == "events":
            assert row["number"] == int(key.rpartition(".")[2])
        if name == "water-targets":
            section = held["water-sections", row["section_id"]]
            assert section["document_id"] == row["document_id"]
            assert key.startswith(f"{row['section_id']}.")
    first = f"2024-0{order[0] + 1}"
    assert not any("-2" in key for key in ids(empty_url, first, "water-sections")["water-sections"])

    state = rows(empty_url), packages.fetch(empty_url, "SELECT * FROM data_state")
    for n in (0, 1, 2):
        outcome = load(TEXTS[n])
        assert (outcome.added, outcome.changed, outcome.removed, outcome.moved, outcome.log) == ({}, {}, {}, {}, [])
    assert (rows(empty_url), packages.fetch(empty_url, "SELECT * FROM data_state")) == state


def test_the_later_issue_gets_the_next_ids(empty_url: str, load: Load) -> None:
    assert load(TEXTS[0]).renamed == {}
    outcome = load(TEXTS[1])
    assert ids(empty_url, "2024-01", *WATER) == WATER
    assert ids(empty_url, "2024-02", *SECOND, "events") == SECOND | {"events": ["2024-01-31.3"]}
    assert outcome.renamed["events"] == {"2024-01-31.1": "2024-01-31.3"}
    assert outcome.renamed["water-sections"] == {"liuqiao": "liuqiao-2", "xingdu": "xingdu-2"}
    assert [entry["row_id"] for entry in outcome.log] == ["2024-02"]
    assert outcome.failed_checks == []


def test_an_id_once_given_stays(empty_url: str, load: Load) -> None:
    """Though the issue that had the plain one does not name the section any more, and has fewer entries."""
    load(TEXTS[0])
    load(TEXTS[1])
    load(issue_text(1, "临政办〔2024〕4号", ["市长李江参加冰雪座谈会。"], "杏渡1"))
    outcome = load(TEXTS[1])
    assert (outcome.added, outcome.changed, outcome.removed) == ({}, {}, {})
    assert ids(empty_url, "2024-02", *SECOND) == SECOND
    load(TEXTS[0])
    assert ids(empty_url, "2024-01", *WATER, "events") == WATER | {"events": ["2024-01-31.1", "2024-01-31.2"]}


def test_an_entry_found_later_counts_on(empty_url: str, load: Load) -> None:
    load(TEXTS[0])
    load(TEXTS[1])
    more = [f"市长李江参加{each}座谈会。" for each in ("冰雪", "河湖", "森林")]
    assert load(issue_text(1, "临政办〔2024〕4号", more)).added == {"events": 1}
    assert ids(empty_url, "2024-01", "events") == {"events": ["2024-01-31.1", "2024-01-31.2", "2024-01-31.4"]}


def test_a_document_printed_again_is_the_same(empty_url: str, load: Load) -> None:
    load(TEXTS[0])
    load(TEXTS[1])
    again = issue_text(3, "临政办〔2024〕9号", sections="柳桥、梅滩、杏渡3")
    assert load(again).renamed.keys() == {"water-sections", "water-targets"}
    assert ids(empty_url, "2024-01", *WATER) == WATER
    assert ids(empty_url, "2024-03", "water-sections") == {"water-sections": ["liuqiao-2", "meitan", "xingdu-2"]}
    assert ids(empty_url, "2024-03", "documents") == {"documents": ["linzhengban-2024-9"]}
    assert load(again).log == []
    assert load(TEXTS[1]).log == []


def test_numbers_that_sound_alike_are_two_documents(empty_url: str, load: Load) -> None:
    load(TEXTS[0])
    outcome = load(issue_text(2, "林政办〔2024〕4号"))
    assert ids(empty_url, "2024-02", "documents", "provisions", "commitments") == {
        "documents": ["linzhengban-2024-4-2"],
        "provisions": [f"linzhengban-2024-4-2.{path}" for path in ("pre", "s1", "s2")],
        "commitments": ["linzhengban-2024-4-2.s1.1", "linzhengban-2024-4-2.s2.1"],
    }
    for (name, key), row in rows(empty_url).items():
        if issue_of(row) == "2024-02" and name != "issues":
            assert "linzhengban-2024-4-2" in {key, row.get("document_id")}
            assert row["source"]["document_id"] in (None, "linzhengban-2024-4-2")
    assert outcome.failed_checks == []
    [(rule,)] = packages.fetch(empty_url, "SELECT rule FROM checks WHERE id = '2024-02.2'")
    assert rule.startswith("water-targets?provision_id=linzhengban-2024-4-2.s1&year_from=2024")
    assert load(issue_text(2, "林政办〔2024〕4号")).log == []


def test_a_number_means_the_document_that_bears_it(empty_url: str, load: Load) -> None:
    """Whichever of two that sound alike was loaded first, and though the other is not held at all."""
    repeal = "\n三、附则\n\n《临江市碧水行动计划》（{}〔2024〕4号）同时废止。\n"
    load(issue_text(1, "林政办〔2024〕4号"))
    for number, target in (("临政办", None), ("林政办", "linzhengban-2024-4")):
        load(issue_text(3, "临政办〔2024〕30号") + repeal.format(number))
        found = packages.fetch(empty_url, "SELECT target_number, target_id FROM relations WHERE relation = 'repeals'")
        assert [tuple(row) for row in found] == [(f"{number}〔2024〕4号", target)]
    load(issue_text(2, "临政办〔2024〕4号"))
    load(issue_text(3, "临政办〔2024〕30号") + repeal.format("临政办"))
    found = packages.fetch(empty_url, "SELECT target_id FROM relations WHERE relation = 'repeals'")
    assert [tuple(row) for row in found] == [("linzhengban-2024-4-2",)]


def issue_package(number: int, **document: str) -> Tables:
    """An issue of 1999 with a document, one of its sections, and a watershed that lists it."""
    source = {"source.issue_id": f"1999-0{number}", "source.lines": "1;1", "source.sha256": f"0{number}"}
    own = {"id": "baogao", "title": "报告", "document_type": "report", "signed_on": "1999-01-31"} | document
    return {
        "issues": [packages.ISSUE | source | {"id": f"1999-0{number}", "number": str(number)}],
        "documents": [own | source | {"published_on": "1999-02-01", "is_normative": "false"}],
        "water-sections": [
            {"id": "qiao", "name": "桥", "river": "甲河", "document_id": "baogao", "watershed_id": "baogao.1"} | source
        ],
        "watersheds": [
            {"id": "baogao.1", "number": "1", "name": "甲", "document_id": "baogao", "section_ids": "qiao"} | source
        ],
    }


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


def test_a_title_without_number_and_day_is_each_issues_own(empty_url: str, tmp_path: Path) -> None:
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


def test_the_command_tells_which_ids_are_others(
    empty_url: str, load: Load, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    load(TEXTS[0])
    before = rows(empty_url)
    monkeypatch.setenv("DATABASE_URL", empty_url)
    path = tmp_path / "next.txt"
    path.write_text(TEXTS[1], encoding="utf-8")
    assert main(["load", str(path), "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert "events: 1 under other ids than in the package" in told
    assert "    2024-01-31.1 → 2024-01-31.3\n" in told
    assert main(["load", str(path), "--dry-run", "--json"]) == 0
    assert from_json(capsys.readouterr().out)["renamed"]["water-targets"] == {
        "liuqiao.2024.1": "liuqiao-2.2024.1",
        "xingdu.2024.1": "xingdu-2.2024.1",
    }
    assert rows(empty_url) == before


def of(thing: str, issue: str) -> Bearer:
    return Bearer(issue, thing)


A, B, C = (of(f"plan of {issue}", issue) for issue in "abc")


@pytest.mark.parametrize(
    ("wanted", "held", "given"),
    [
        ({"x": B}, {}, ["x"]),
        ({"x": B}, {"x": B}, ["x"]),
        ({"x": B}, {"x": A}, ["x-2"]),
        ({"x": B, "x-2": B}, {"x": A}, ["x-2", "x-3"]),
        ({"x": B, "x-2": B}, {"x": A, "x-2": B}, ["x-2", "x-3"]),
        ({"x": B}, {"x": A, "x-2": C}, ["x-3"]),
        ({"x": B}, {"x": A, "x-3": B}, ["x-3"]),
        ({"x": B}, {"x-2": B}, ["x-2"]),
        ({"x": B, "x-3": B}, {"x": B, "x-2": B, "x-3": B}, ["x", "x-3"]),
        ({"x": B}, {"x": Bearer(None, "list")}, ["x"]),
        ({"x": Bearer(None, "list")}, {"x": A}, ["x"]),
        ({"x-2021-28": B}, {"x-2021-28": A}, ["x-2021-28-2"]),
        ({"x": of("reprinted", "b")}, {"x": of("reprinted", "a")}, ["x"]),
        ({"x": of("reprinted", "c")}, {"x": A, "x-2": of("reprinted", "b")}, ["x-2"]),
        ({"x": C, "x-2": of("reprinted", "c")}, {"x": A, "x-2": of("reprinted", "b")}, ["x-3", "x-2"]),
        ({"x": of("b1", "b"), "x-2": of("b0", "b")}, {"x-3": of("b0", "b")}, ["x-2", "x-3"]),
        ({"x": of("b1", "b"), "x-2": of("b0", "b")}, {"x": of("b0", "b")}, ["x", "x-2"]),
        ({"d.1": B, "d.2": B}, {"d.1": A}, ["d.2", "d.3"]),
        ({"d.1": B, "d.2": B}, {"d.1": A, "d.2": B, "d.3": B}, ["d.2", "d.3"]),
        ({"d.1": A, "d.2": A, "d.3": A}, {"d.1": A, "d.2": A, "d.3": B}, ["d.1", "d.2", "d.4"]),
        ({"d.1": of("b", "b"), "d.2": of("b", "b")}, {"d.4": of("b", "b")}, ["d.4", "d.5"]),
        ({"d.1": B, "d.2": B}, {"d.2": B}, ["d.1", "d.2"]),
        ({"d.1": A, "d.4": A}, {"d.1": A, "d.2": A, "d.3": A}, ["d.1", "d.4"]),
    ],
)
def test_which_id_a_row_gets(wanted: dict[str, Bearer], held: dict[str, Bearer], given: list[str]) -> None:
    assert list(settle(wanted, held, {str(row.issue) for row in wanted.values()}).values()) == given


Text = list[tuple[str, int]]
TEXT = st.lists(st.tuples(st.sampled_from(["x", "y", "d.", "e."]), st.integers(0, 1)), max_size=6)


class Loads:
    """A database in small: texts of issues, each the stems of its rows with the plan that they stand in."""

    def __init__(self) -> None:
        self.store: dict[str, Bearer] = {}

    def load(self, issue: str, text: Text) -> list[str]:
        """Load an issue, look whether the others' rows are untouched, and answer its ids."""
        wanted = self._wanted(issue, text)
        found = settle(wanted, self.store, [issue])
        assert len(set(found.values())) == len(wanted) == len(text)
        others = {key: bearer for key, bearer in self.store.items() if bearer.issue != issue}
        self.store = others | {found[key]: bearer for key, bearer in wanted.items()}
        assert {key: self.store[key] for key in others} == others
        assert settle(wanted, self.store, [issue]) == found
        return list(found.values())

    @staticmethod
    def _wanted(issue: str, text: Text) -> dict[str, Bearer]:
        taken: dict[str, int] = {}
        counts: dict[str, int] = {}
        wanted = {}
        for stem, plan in text:
            number = counts[stem] = counts.get(stem, 0) + 1
            counted = stem.endswith(".")
            wanted[f"{stem}{number}" if counted else unique(stem, taken)] = of(
                issue if counted else f"{issue}{plan}", issue
            )
        return wanted


@given(st.lists(st.tuples(st.sampled_from("abc"), TEXT), max_size=8))
@settings(max_examples=200, deadline=None)
def test_corrected_texts_in_any_order_take_nothing_from_each_other(loads: list[tuple[str, Text]]) -> None:
    database = Loads()
    for issue, text in loads:
        database.load(issue, text)


@given(st.fixed_dictionaries(dict.fromkeys("abc", TEXT)), st.lists(st.sampled_from("abc"), max_size=8))
@settings(max_examples=200, deadline=None)
def test_an_issue_has_the_same_ids_after_every_load(texts: dict[str, Text], order: list[str]) -> None:
    database, first = Loads(), dict[str, list[str]]()
    for issue in order:
        found = database.load(issue, texts[issue])
        assert first.setdefault(issue, found) == found
