"""Issues after each other: vintages, repeals, numbers that must follow, whatever the order of loading."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from app.ingest.load import Outcome
from tests import packages
from tests.conftest import client_for
from tests.issues import FIGURES, ROADS, Document, Figures, issue_text
from tests.packages import load_text

REPEAL = Document(
    "临政办〔2023〕50号",
    "临江市人民政府办公室关于印发临江市养路办法的通知",
    "2024年2月1日",
    "《临江市冬季养路办法》（临政办〔2023〕41号）",
)
DAY = date(2024, 1, 31)
Load = Callable[[str], Outcome]


@pytest.fixture
def load(empty_url: str, tmp_path: Path) -> Load:
    """Load a text into a database that held nothing."""

    return partial(load_text, empty_url, tmp_path / "issue.txt", DAY)


def get(url: str, question: str) -> list[dict[str, Any]]:
    with client_for(url) as client:
        answer = client.get(f"/v1/{question}")
        assert answer.status_code == 200, answer.text
        rows: list[dict[str, Any]] = answer.json()["data"]
        return rows


def total(value: str, cumulative: str) -> Figures:
    return {"一、财政总收入": ("亿元", value, "1.0", cumulative, "2.0")}


@pytest.mark.parametrize("first", [0, 1])
def test_a_repeal_works_whichever_issue_is_loaded_first(empty_url: str, load: Load, first: int) -> None:
    texts = [issue_text(11, documents=[ROADS]), issue_text(12, figures=total("1", "2"), documents=[REPEAL])]
    for text in (texts[first], texts[1 - first]):
        load(text)

    def status(day: str) -> str:
        [row] = get(empty_url, f"documents?id=linzhengban-2023-41&on={day}")
        return str(row["status"])

    assert [status(day) for day in ("2023-11-30", "2023-12-01", "2024-01-31", "2024-02-01")] == [
        *("not_yet_in_force", "in_force", "in_force", "repealed"),
    ]
    [relation] = get(empty_url, "relations?relation=repeals")
    assert relation["target_id"] == "linzhengban-2023-41"


def test_a_repeal_taken_back_by_a_corrected_text_is_undone(empty_url: str, load: Load) -> None:
    load(issue_text(11, documents=[ROADS]))
    load(issue_text(12, documents=[REPEAL]))
    load(issue_text(12, documents=[Document(REPEAL.number, REPEAL.title, REPEAL.effective)]))
    [row] = get(empty_url, "documents?id=linzhengban-2023-41&on=2025-01-01")
    assert row["status"] == "in_force"


@pytest.mark.parametrize(
    ("value", "cumulative", "status", "detail"),
    [
        ("20.10", "130.40", "pass", "difference 0.00, within ±0.015"),
        ("20.1", "130.45", "pass", "difference 0.05, within ±0.060"),
        ("20.10", "130.42", "fail", "difference 0.02, more than ±0.015"),
        ("20.10", "120.40", "fail", "difference -10.00, more than"),
    ],
)
def test_accumulated_figures_follow(
    empty_url: str, load: Load, value: str, cumulative: str, status: str, detail: str
) -> None:
    load(issue_text(10))
    load(issue_text(11, figures=total(value, cumulative)))
    [check] = get(empty_url, "checks?id=2023-11.cumulative.fiscal_revenue")
    assert (check["status"], check["source"]["issue_id"]) == (status, "2023-11")
    assert check["detail"].startswith(detail)
    assert Decimal(str(check["declared"])) == Decimal(cumulative)


@pytest.mark.parametrize(("value", "cumulative"), [("—", "130.40"), ("20.10", "—"), ("2o.1", "130.40")])
def test_nothing_is_checked_where_a_figure_is_missing(empty_url: str, load: Load, value: str, cumulative: str) -> None:
    load(issue_text(10))
    load(issue_text(11, figures=total(value, cumulative)))
    assert get(empty_url, "checks?id__contains=cumulative") == []


def test_indexes_gaps_and_other_years_do_not_add_up(empty_url: str, load: Load) -> None:
    index: Figures = {"六、居民消费价格总指数": ("%", "102.0", "—", "101.4", "—")}
    for month in (3, 4):
        load(issue_text(month, figures=index))
    load(issue_text(7))
    load(issue_text(12))
    load(issue_text(1, year=2024, serial=83))
    assert get(empty_url, "checks?id__contains=cumulative") == []


def test_a_revision_is_checked_with_the_latest_vintages(empty_url: str, load: Load) -> None:
    load(issue_text(10))
    load(issue_text(11, figures=total("20.10", "130.40")))
    revised = issue_text(12, figures=total("20.10", "131.40")).replace("2023年12月份", "2023年11月份")
    load(revised)
    [check] = get(empty_url, "checks?id__contains=cumulative")
    assert (check["status"], check["source"]["issue_id"]) == ("fail", "2023-12")
    vintages = get(empty_url, "observations?period=2023-11&vintages=all")
    assert [row["cumulative"] for row in vintages] == [130.4, 131.4]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_numbers_in_sequence_whatever_the_order_of_loading(empty_url: str, load: Load, order: list[int]) -> None:
    texts = [issue_text(10), issue_text(11, serial=99), issue_text(1, serial=83, year=2024)]
    for n in order:
        load(texts[n])
    checks = {row["id"]: row["status"] for row in get(empty_url, "checks?id__contains=r&id__ne=x")}
    sequence = {key: value for key, value in checks.items() if key.endswith(("number", "serial"))}
    assert sequence == {
        "2023-11.number": "pass",
        "2023-11.serial": "fail",
        "2024-01.number": "pass",
        "2024-01.serial": "fail",
    }


def test_a_missing_issue_is_published(empty_url: str, load: Load) -> None:
    load(issue_text(8))
    load(issue_text(10))
    [number] = get(empty_url, "checks?id=2023-10.number")
    assert (number["status"], number["declared"], number["counted"]) == ("fail", 10, 9)
    [serial] = get(empty_url, "checks?id=2023-10.serial")
    assert serial["status"] == "pass"
    load(issue_text(9))
    assert {row["status"] for row in get(empty_url, "checks?id__contains=number")} == {"pass"}


def test_an_indicator_never_seen_is_taken_in(empty_url: str, load: Load) -> None:
    load(issue_text(10))
    load(issue_text(11, figures=FIGURES | {"二、港口货物吞吐量": ("万吨", "88.1", "3.0", "900.2", "4.0")}))
    [indicator] = get(empty_url, "indicators?name_zh=港口货物吞吐量")
    assert indicator["id"] == "gangkouhuowutuntuliang"
    assert "not seen before" in indicator["notes"]
    [row] = get(empty_url, "observations?indicator_id=gangkouhuowutuntuliang")
    assert (row["value"], row["cumulative"]) == (88.1, 900.2)


def test_checks_are_listed_by_the_command(
    empty_url: str, load: Load, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.cli.main import main

    load(issue_text(10))
    load(issue_text(11, serial=99, figures=total("20.10", "130.40")))
    monkeypatch.setenv("DATABASE_URL", empty_url)
    assert main(["check"]) == 1
    told = capsys.readouterr().out
    assert "fail  serial number of 2023-11 after 2023-10  serial 99, but 2023-10 has serial 80" in told
    assert "difference 0.00" in told


def test_loading_again_changes_nothing(empty_url: str, load: Load) -> None:
    texts = [issue_text(10, documents=[ROADS]), issue_text(11, documents=[REPEAL])]
    for text in texts:
        load(text)
    before = packages.dump(empty_url), packages.fetch(empty_url, "SELECT * FROM data_state")
    for text in texts:
        outcome = load(text)
        assert (outcome.added, outcome.changed, outcome.removed, outcome.moved, outcome.log) == ({}, {}, {}, {}, [])
    assert (packages.dump(empty_url), packages.fetch(empty_url, "SELECT * FROM data_state")) == before


@pytest.mark.parametrize("first", [0, 1])
def test_a_repeal_by_title_alone(empty_url: str, load: Load, first: int) -> None:
    repeal = replace(REPEAL, repeals="《临江市冬季养路办法》")
    texts = [issue_text(11, documents=[ROADS]), issue_text(12, figures=total("1", "2"), documents=[repeal])]
    for text in (texts[first], texts[1 - first]):
        load(text)
    [row] = get(empty_url, "relations?relation=repeals")
    assert (row["target_number"], row["target_id"]) == (None, "linzhengban-2023-41")
    assert [row["status"] for row in get(empty_url, "documents?id=linzhengban-2023-41&on=2024-02-01")] == ["repealed"]
    assert load(texts[1]).log == []
    # A second bearer of the title: which one is repealed is not known any more.
    load(issue_text(10, figures=total("1", "1"), documents=[replace(ROADS, number="临政办〔2023〕39号")]))
    assert [row["target_id"] for row in get(empty_url, "relations?relation=repeals")] == [None]


def test_a_check_of_another_issue_may_change(empty_url: str, load: Load) -> None:
    """A document that a later issue prints again is that issue's: what the earlier one declared fails from then on."""
    load(issue_text(11, documents=[ROADS]))
    load(issue_text(12, figures=total("1", "2"), documents=[ROADS]))
    by_issue = {row["id"]: row for row in get(empty_url, "checks?subject__startswith=documents")}
    assert [(by_issue[key]["declared"], by_issue[key]["counted"]) for key in sorted(by_issue)] == [(1, 0), (1, 1)]
