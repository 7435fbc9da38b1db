"""Words and characters of filters."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.datasets import DATASETS
from app.model.values import BadValue
from app.query.cql.filter import parse_filter
from app.settings import Settings
from tests.support.filters import VILLAGES


@pytest.mark.parametrize(
    ("text", "place", "hint"),
    [
        ("", None, "empty"),
        ("   ", None, "empty"),
        ("distrct = 'x'", 1, "'district'"),
        ("plan = 'upgrade' AND distrct = 'x'", 22, "'district'"),
        ("plan = 'upgrad'", 8, "'upgrade'"),
        ("district = 5", 12, "text"),
        ("year_from = 'x'", 13, "number"),
        ("year_from = 9223372036854775808", 13, "64 bits"),
        ("year_from = 1e99", 13, "whole number"),
        ("year_from = true", 13, "number"),
        ("district = true", 12, "text"),
        ("year_from = DATE('2021-01-01')", 18, "number"),
        ("district = year_from", 12, "types differ"),
        ("plan IN ('upgrade', 'x')", 21, "not a value"),
        ("year_from LIKE '2%'", 1, "LIKE"),
        ("village LIKE district", 14, "pattern"),
        ("1 LIKE 'a'", 1, "LIKE"),
        ("'a' LIKE district", 10, "pattern"),
        ("DATE('x') = DATE('x')", 6, "YYYY-MM-DD"),
        ("TIMESTAMP('x') = TIMESTAMP('x')", 11, "YYYY-MM-DDThh:mm:ssZ"),
        ("TIMESTAMP('2021-02-30T00:00:00Z') = TIMESTAMP('2021-02-30T00:00:00Z')", 11, "not a timestamp"),
        ("TIMESTAMP('2021-05-01T00:00:00') > DATE('2021-05-01')", 41, "a timestamp cannot be compared with a date"),
        ("year_from = TIMESTAMP('2021-01-01T00:00:00Z')", 23, "number"),
        ("CASEI(year_from) = 1", 7, "CASEI"),
        ("ACCENTI(village) = ACCENTI('x')", 1, "not supported"),
        ("CASEY(village) = 'x'", 1, "'CASEI'"),
        ("S_INTERSECTS(village, POINT(0 0))", 1, "not supported"),
        ("S_CONTAINS(village, POINT(0 0))", 1, "The functions are CASEI"),
        ("T_AFTER(village, DATE('2021-01-01'))", 1, "The functions are CASEI"),
        ("year_from + 1 = 2022", 11, "arithmetic"),
        ("year_from div 2 = 1010", 11, "'div': arithmetic"),
        ("2020 = (year_from DIV 1)", 19, "'DIV': arithmetic"),
        ("year_from = 2 * 3", 15, "arithmetic"),
        ("year_from = -year_to", 13, "arithmetic"),
        ("district = 'x' ADN plan = 'upgrade'", 16, "'AND'"),
        ("district = 'x", 12, "closed"),
        ('"district = 1', 1, "closed"),
        (r"district = 'x\'", 12, "closed"),
        ('district = "龙湾区"', 12, "single quotes"),
        ('"distrct" = 1', 1, "'district'"),
        (":x = 1", 1, "':x' is not a field"),
        ("district = 'x' AND", 19, "ends"),
        ("district == 'x'", 11, "not expected"),
        ("(district = 'x'", 16, "ends"),
        ("district = 'x')", 15, "not expected"),
        ("district = NULL", 12, "IS NULL"),
        ("district IN ()", 14, "not expected"),
        ("district", 1, "comparison"),
        ("'x'", 1, "comparison"),
        ("5", 1, "comparison"),
        ("(plan = 'upgrade') = (plan = 'upgrade')", 2, "expected"),
        ("DATE('2021-02-30') IS NULL", 6, "YYYY-MM-DD"),
        ("(distrct = 'x') IS NULL", 2, "'district'"),
        ("1 = 'x'", 5, "number"),
        ("A_CONTAINS(district, ('x'))", 12, "list"),
        ("A_EQUALS(('x'), district)", 17, "list"),
        ("A_CONTAINEDBY(('x'), ('x'))", 16, "list"),
        ("district = 'x'; DROP TABLE urban_villages", 15, "cannot read"),
        ("row_json = 'x'", 1, "not a field"),
        ("source.row = 1", 1, "not a field"),
        ("district = 'x' -- y", 16, "arithmetic"),
        ("年 = 1", 1, "not a field"),
    ],
)
def test_errors_have_a_position(client: TestClient, text: str, place: int | None, hint: str) -> None:
    answer = client.get(VILLAGES, params={"filter": text})
    assert answer.status_code == 400, answer.text
    [fault] = answer.json()["errors"]
    assert fault["parameter"] == "filter"
    assert hint in fault["detail"]
    if place is not None:
        assert fault["detail"].startswith(f"at character {place}: ")


@pytest.mark.parametrize(
    "text",
    [
        "(" * 2000,
        "(" * 1000 + "number = 1" + ")" * 1000,
        "NOT " * 1000 + "number = 1",
        "NOT(" * 800 + "number = 1" + ")" * 800,
        "CASEI(" * 600 + "village" + ")" * 600 + " = 'x'",
        "number = " + "-" * 3000 + "1",
        "number IN " + "(" * 1500,
        "number BETWEEN " * 200 + "1",
        "'" * 2001,
        "\\'" * 900,
        "'" + "\\'" * 900,
        "%" * 2000,
        "number = 1" + "0" * 3000,
        "number = 1e" + "9" * 3000,
        "number = 1e-999999999",
        "village LIKE '" + "%a" * 1000 + "'",
        "village LIKE '" + "\\" * 1001 + "'",
    ],
)
def test_hostile_filters_are_refused_or_answered(client: TestClient, text: str) -> None:
    assert client.get("/v1/urban-villages", params={"filter": text}).status_code in (200, 400)


KEYWORDS = "AND OR NOT LIKE BETWEEN IN IS NULL CASEI DATE TIMESTAMP A_CONTAINS TRUE FALSE = <> < > <= >= ( ) ,"

OPERANDS = ["number", "village", "plan", "notes", "x", '"village"', "'a'", "'upgrade'", "'2021-01-01'", "1", "-1.5"]


@given(st.lists(st.sampled_from([*KEYWORDS.split(), *OPERANDS]), max_size=9).map(" ".join))
def test_tokens_in_any_order_are_a_filter_or_an_error(text: str) -> None:
    with suppress(BadValue):
        parse_filter(DATASETS["urban-villages"], text, Settings())


@pytest.mark.parametrize("text", ["OR", "number = AND", "IN(1)", "id IN ()", "NOT BETWEEN"])
def test_a_keyword_alone_is_an_error(client: TestClient, text: str) -> None:
    answer = client.get(VILLAGES, params={"filter": text})
    assert answer.status_code == 400
    assert "at character" in answer.json()["errors"][0]["detail"]
