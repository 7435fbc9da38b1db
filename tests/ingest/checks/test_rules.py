"""Rules that count what an issue declares."""

from decimal import Decimal
from pathlib import Path

import pytest

from app.db.engine import open_engine
from app.ingest.checks.rules import evaluate_check
from tests.support import packages
from tests.support.service import client_for


def test_failing_checks_are_published(empty_url: str, tmp_path: Path) -> None:
    content = packages.tables()
    rules = ["indicators", "indicators?name_zh=鸡蛋", "indicators#id = observations#indicator_id", "nonsense?a=b"]
    content["checks"] = [
        {"id": f"1999-01.{n}", "subject": "s", "rule": rule, "declared": "2" if n == 0 else "1", **packages.SOURCE}
        for n, rule in enumerate(rules)
    ]
    packages.load(empty_url, packages.write(tmp_path, content))
    with client_for(empty_url) as client:
        checks = client.get("/v1/checks?sort=id").json()["data"]
    assert [(check["counted"], check["status"]) for check in checks] == [
        (1, "fail"), (1, "pass"), (1, "pass"), (None, "fail"),
    ]  # fmt: skip
    assert checks[0]["detail"] == "declared 2, counted 1"


@pytest.mark.parametrize(
    ("rule", "counted", "detail"),
    [
        ("documents?status=in_force", 2, None),
        ("documents?on=2021-06-10&status=in_force", 1, None),
        ("documents#id = provisions#document_id", 5, None),
        ("observations?value__gte=100", 4, None),
        ("observations?cumulative__lt=250.5#id = observations#id", 2, "only in the second"),
        ("briefs#id = events#id", 0, "only in the first: 2021-05.1, "),
        ("urban-villages?plan=demolition&year_to__lte=2023 >= 41", 51, None),
        ("briefs#text = briefs#title", 0, "only in the second: "),
    ],
)
def test_a_rule_is_any_query(loaded_url: str, rule: str, counted: int, detail: str | None) -> None:
    """Also one whose rows depend on a day, or which compares decimals."""
    with open_engine(loaded_url) as engine, engine.connect() as connection:
        check = evaluate_check(connection, {"rule": rule, "declared": Decimal(counted)})
    assert (check["counted"], check["status"]) == (counted, "fail" if detail else "pass")
    assert (detail or "") in (check["detail"] or "")


def test_a_rule_may_ask_for_the_least_number_of_rows(loaded_url: str) -> None:
    with open_engine(loaded_url) as engine, engine.connect() as connection:
        enough, too_few = (
            evaluate_check(connection, {"rule": f"issues >= {number}", "declared": Decimal(number)})
            for number in (0, 9)
        )
    assert (enough["counted"], enough["status"], enough["detail"]) == (1, "pass", None)
    assert (too_few["counted"], too_few["status"]) == (1, "fail")


def test_the_detail_of_a_comparison_is_bounded(empty_url: str, tmp_path: Path) -> None:
    content = packages.tables()
    content["indicators"][0]["name_zh"] = "鸡" * 5000
    packages.load(empty_url, packages.write(tmp_path, content))
    with open_engine(empty_url) as engine, engine.connect() as connection:
        check = evaluate_check(connection, {"rule": "indicators#name_zh = indicators#id", "declared": Decimal(1)})
    assert check["detail"] == f"only in the first: {'鸡' * 100}…; only in the second: eggs"
