"""When two issues use the same id, the rows of the later one get new ids."""

from functools import partial
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.ingest.id_assignment import RowIdentity, assign_ids
from app.ingest.stored_rows import issue_of
from app.parser.text.slugs import unique_id
from tests.support import packages
from tests.support.packages import load_text
from tests.support.plan_issues import DAY, SECOND, TEXTS, WATER, ids, issue_text, rows
from tests.support.texts import LoadText


@pytest.fixture
def load(empty_url: str, tmp_path: Path) -> LoadText:
    """Return a function that loads a text into a database that held nothing."""
    return partial(load_text, empty_url, tmp_path / "issue.txt", DAY)


@pytest.mark.slow
@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_an_issue_never_takes_rows_of_another(empty_url: str, load: LoadText, order: list[int]) -> None:
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
        assert (outcome.added, outcome.changed, outcome.removed, outcome.relocated, outcome.log) == ({}, {}, {}, {}, [])
    assert (rows(empty_url), packages.fetch(empty_url, "SELECT * FROM data_state")) == state


def test_the_later_issue_gets_the_next_ids(empty_url: str, load: LoadText) -> None:
    assert load(TEXTS[0]).renamed == {}
    outcome = load(TEXTS[1])
    assert ids(empty_url, "2024-01", *WATER) == WATER
    assert ids(empty_url, "2024-02", *SECOND, "events") == SECOND | {"events": ["2024-01-31.3"]}
    assert outcome.renamed["events"] == {"2024-01-31.1": "2024-01-31.3"}
    assert outcome.renamed["water-sections"] == {"liuqiao": "liuqiao-2", "xingdu": "xingdu-2"}
    assert [entry["row_id"] for entry in outcome.log] == ["2024-02"]
    assert outcome.failed_checks == []


@pytest.mark.slow
def test_an_assigned_id_stays(empty_url: str, load: LoadText) -> None:
    """It stays even when the issue with the plain id no longer names the section."""
    load(TEXTS[0])
    load(TEXTS[1])
    load(issue_text(1, "临政办〔2024〕4号", ["市长李江参加冰雪座谈会。"], "杏渡1"), accept_loss=True)
    outcome = load(TEXTS[1])
    assert (outcome.added, outcome.changed, outcome.removed) == ({}, {}, {})
    assert ids(empty_url, "2024-02", *SECOND) == SECOND
    load(TEXTS[0], accept_loss=True)
    assert ids(empty_url, "2024-01", *WATER, "events") == WATER | {"events": ["2024-01-31.1", "2024-01-31.2"]}


def test_a_later_entry_gets_the_next_number(empty_url: str, load: LoadText) -> None:
    load(TEXTS[0])
    load(TEXTS[1])
    more = [f"市长李江参加{each}座谈会。" for each in ("冰雪", "河湖", "森林")]
    assert load(issue_text(1, "临政办〔2024〕4号", more)).added == {"events": 1}
    assert ids(empty_url, "2024-01", "events") == {"events": ["2024-01-31.1", "2024-01-31.2", "2024-01-31.4"]}


@pytest.mark.slow
def test_a_document_printed_again_is_the_same(empty_url: str, load: LoadText) -> None:
    load(TEXTS[0])
    load(TEXTS[1])
    again = issue_text(3, "临政办〔2024〕9号", sections="柳桥、梅滩、杏渡3")
    assert load(again).renamed.keys() == {"water-sections", "water-targets"}
    assert ids(empty_url, "2024-01", *WATER) == WATER
    assert ids(empty_url, "2024-03", "water-sections") == {"water-sections": ["liuqiao-2", "meitan", "xingdu-2"]}
    assert ids(empty_url, "2024-03", "documents") == {"documents": ["linzhengban-2024-9"]}
    assert load(again).log == []
    assert load(TEXTS[1]).log == []


def test_numbers_with_the_same_pinyin_are_two_documents(empty_url: str, load: LoadText) -> None:
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


def test_a_number_refers_to_the_document_that_has_it(empty_url: str, load: LoadText) -> None:
    """In any order of loading of two numbers with the same pinyin, and also when one is not stored."""
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


def of(thing: str, issue: str) -> RowIdentity:
    return RowIdentity(issue, thing)


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
        ({"x": B}, {"x": RowIdentity(None, "list")}, ["x"]),
        ({"x": RowIdentity(None, "list")}, {"x": A}, ["x"]),
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
def test_which_id_a_row_gets(wanted: dict[str, RowIdentity], held: dict[str, RowIdentity], given: list[str]) -> None:
    assert list(assign_ids(wanted, held, {str(row.issue_id) for row in wanted.values()}).values()) == given


Text = list[tuple[str, int]]

TEXT = st.lists(st.tuples(st.sampled_from(["x", "y", "d.", "e."]), st.integers(0, 1)), max_size=6)


class Loads:
    """A model of a database: the texts of issues, each a list of row stems with their plan."""

    def __init__(self) -> None:
        self.store: dict[str, RowIdentity] = {}

    def load(self, issue: str, text: Text) -> list[str]:
        """Load an issue, check that the rows of others are unchanged, and return its ids."""
        wanted = self._wanted(issue, text)
        found = assign_ids(wanted, self.store, [issue])
        assert len(set(found.values())) == len(wanted) == len(text)
        others = {key: bearer for key, bearer in self.store.items() if bearer.issue_id != issue}
        self.store = others | {found[key]: bearer for key, bearer in wanted.items()}
        assert {key: self.store[key] for key in others} == others
        assert assign_ids(wanted, self.store, [issue]) == found
        return list(found.values())

    @staticmethod
    def _wanted(issue: str, text: Text) -> dict[str, RowIdentity]:
        taken: dict[str, int] = {}
        counts: dict[str, int] = {}
        wanted = {}
        for stem, plan in text:
            number = counts[stem] = counts.get(stem, 0) + 1
            counted = stem.endswith(".")
            wanted[f"{stem}{number}" if counted else unique_id(stem, taken)] = of(
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
