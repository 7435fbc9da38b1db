"""Checks across issues: accumulated figures and issue numbers, in any order of loading."""

from decimal import Decimal
from itertools import permutations

import pytest

from tests.support import packages
from tests.support.issue_sequence import REPEAL, get, total
from tests.support.issues import FIGURES, ROADS, Figures, issue_text
from tests.support.texts import LoadText


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
    empty_url: str, load: LoadText, value: str, cumulative: str, status: str, detail: str
) -> None:
    load(issue_text(10))
    load(issue_text(11, figures=total(value, cumulative)))
    [check] = get(empty_url, "checks?id=2023-11.cumulative.fiscal_revenue")
    assert (check["status"], check["source"]["issue_id"]) == (status, "2023-11")
    assert check["detail"].startswith(detail)
    assert Decimal(str(check["declared"])) == Decimal(cumulative)


@pytest.mark.slow
@pytest.mark.parametrize(("value", "cumulative"), [("—", "130.40"), ("20.10", "—"), ("2o.1", "130.40")])
def test_a_missing_figure_is_not_checked(empty_url: str, load: LoadText, value: str, cumulative: str) -> None:
    load(issue_text(10))
    load(issue_text(11, figures=total(value, cumulative)))
    assert get(empty_url, "checks?id__contains=cumulative") == []


@pytest.mark.slow
def test_indexes_gaps_and_other_years_are_not_checked(empty_url: str, load: LoadText) -> None:
    index: Figures = {"六、居民消费价格总指数": ("%", "102.0", "—", "101.4", "—")}
    for month in (3, 4):
        load(issue_text(month, figures=index))
    load(issue_text(7))
    load(issue_text(12))
    load(issue_text(1, year=2024, serial=83))
    assert get(empty_url, "checks?id__contains=cumulative") == []


def test_a_revision_is_checked_with_the_latest_vintages(empty_url: str, load: LoadText) -> None:
    load(issue_text(10))
    load(issue_text(11, figures=total("20.10", "130.40")))
    revised = issue_text(12, figures=total("20.10", "131.40")).replace("2023年12月份", "2023年11月份")
    load(revised)
    [check] = get(empty_url, "checks?id__contains=cumulative")
    assert (check["status"], check["source"]["issue_id"]) == ("fail", "2023-12")
    vintages = get(empty_url, "observations?period=2023-11&vintages=all")
    assert [row["cumulative"] for row in vintages] == [130.4, 131.4]


@pytest.mark.slow
@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_issue_numbers_are_checked_in_any_order_of_loading(empty_url: str, load: LoadText, order: list[int]) -> None:
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


def test_a_missing_issue_is_published(empty_url: str, load: LoadText) -> None:
    load(issue_text(8))
    load(issue_text(10))
    [number] = get(empty_url, "checks?id=2023-10.number")
    assert (number["status"], number["declared"], number["counted"]) == ("fail", 10, 9)
    [serial] = get(empty_url, "checks?id=2023-10.serial")
    assert serial["status"] == "pass"
    load(issue_text(9))
    assert {row["status"] for row in get(empty_url, "checks?id__contains=number")} == {"pass"}


def test_an_unknown_indicator_is_stored(empty_url: str, load: LoadText) -> None:
    load(issue_text(10))
    load(issue_text(11, figures=FIGURES | {"二、港口货物吞吐量": ("万吨", "88.1", "3.0", "900.2", "4.0")}))
    [indicator] = get(empty_url, "indicators?name_zh=港口货物吞吐量")
    assert indicator["id"] == "gangkouhuowutuntuliang"
    assert "not seen before" in indicator["notes"]
    [row] = get(empty_url, "observations?indicator_id=gangkouhuowutuntuliang")
    assert (row["value"], row["cumulative"]) == (88.1, 900.2)


def test_checks_are_listed_by_the_command(
    empty_url: str, load: LoadText, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.cli.main import main

    load(issue_text(10))
    load(issue_text(11, serial=99, figures=total("20.10", "130.40")))
    monkeypatch.setenv("DATABASE_URL", empty_url)
    assert main(["check"]) == 1
    told = capsys.readouterr().out
    assert "fail  serial number of 2023-11 after 2023-10  serial 99, but 2023-10 has serial 80" in told
    assert "difference 0.00" in told


def test_loading_again_changes_nothing(empty_url: str, load: LoadText) -> None:
    texts = [issue_text(10, documents=[ROADS]), issue_text(11, documents=[REPEAL])]
    for text in texts:
        load(text)
    before = packages.dump(empty_url), packages.fetch(empty_url, "SELECT * FROM data_state")
    for text in texts:
        outcome = load(text)
        assert (outcome.added, outcome.changed, outcome.removed, outcome.relocated, outcome.log) == ({}, {}, {}, {}, [])
    assert (packages.dump(empty_url), packages.fetch(empty_url, "SELECT * FROM data_state")) == before


def test_a_check_of_another_issue_may_change(empty_url: str, load: LoadText) -> None:
    """A document printed again belongs to the later issue, so a check declared by the earlier one fails."""
    load(issue_text(11, documents=[ROADS]))
    load(issue_text(12, figures=total("1", "2"), documents=[ROADS]))
    by_issue = {row["id"]: row for row in get(empty_url, "checks?subject__startswith=documents")}
    assert [(by_issue[key]["declared"], by_issue[key]["counted"]) for key in sorted(by_issue)] == [(1, 0), (1, 1)]
