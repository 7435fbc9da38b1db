"""`filter=` in SQL: three-valued logic, compared with the same logic in Python."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

VILLAGES = "/v1/urban-villages"

Pair = tuple[str, Callable[[dict[str, Any]], bool | None]]


def unknown_when_null(field: str, test: Any) -> Any:
    return lambda row: None if row[field] is None else test(row[field])


LEAVES: list[Pair] = [
    ("value > 100", unknown_when_null("value", lambda value: value > 100)),
    ("value_yoy <= 0", unknown_when_null("value_yoy", lambda value: value <= 0)),
    ("cumulative IN (489.60, 101.4)", unknown_when_null("cumulative", lambda value: value in (489.6, 101.4))),
    ("value IS NULL", lambda row: row["value"] is None),
    ("value_yoy IS NOT NULL", lambda row: row["value_yoy"] is not None),
    ("indicator_id LIKE '%re%'", lambda row: "re" in row["indicator_id"]),
    ("CASEI('ſTRAẞE Ｋ') = CASEI('sTraße ｋ')", lambda _: True),
    ("CASEI(indicator_id) = CASEI('CPI')", lambda row: row["indicator_id"] == "cpi"),
    ("value BETWEEN 65.41 AND 101.7", unknown_when_null("value", lambda value: 65.41 <= value <= 101.7)),
    (
        "value < cumulative",
        lambda row: None if None in (row["value"], row["cumulative"]) else row["value"] < row["cumulative"],
    ),
    ("true", lambda _: True),
    ("5 IS NULL OR CASEI('a') IS NULL", lambda _: False),
]


def negated(asked: Pair) -> Pair:
    text, check = asked

    def other(row: dict[str, Any]) -> bool | None:
        answer = check(row)
        return None if answer is None else not answer

    return f"NOT ({text})", other


def joined(pairs: tuple[Pair, Pair], word: str) -> Pair:
    (left, ask_left), (right, ask_right) = pairs
    absorbing = word == "OR"

    def both(row: dict[str, Any]) -> bool | None:
        answers = (ask_left(row), ask_right(row))
        return absorbing if absorbing in answers else None if None in answers else not absorbing

    return f"({left}) {word} ({right})", both


def asked_for_null(asked: Pair) -> Pair:
    text, check = asked
    return f"({text}) IS NULL", lambda row: check(row) is None


def larger(smaller: st.SearchStrategy[Pair]) -> st.SearchStrategy[Pair]:
    return (
        smaller.map(negated)
        | smaller.map(asked_for_null)
        | st.builds(joined, st.tuples(smaller, smaller), st.sampled_from(["AND", "OR"]))
    )


FILTERS = st.recursive(st.sampled_from(LEAVES), larger, max_leaves=12)
"""Filters of the observations, each with the same as a function of a row: true, false or None (unknown)."""


@pytest.mark.slow
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=FILTERS)
def test_three_valued_logic(client: TestClient, asked: Pair) -> None:
    text, check = asked
    found = client.get("/v1/observations", params={"filter": text, "limit": "1000"})
    whole = client.get("/v1/observations", params={"limit": "1000"}).json()["data"]
    assert found.status_code == 200, found.text
    assert [row["id"] for row in found.json()["data"]] == [row["id"] for row in whole if check(row) is True]


OPERATORS = "AND OR NOT IN LIKE BETWEEN IS NULL TRUE ( ) , = <> < CASEI( DATE( A_CONTAINS( TIMESTAMP( S_WITHIN( + *"

OPERANDS = ["village", "number", "plan", "district", "id", '"village"', "'x'", "'upgrade'", "'2021-01-01'", "1", "-1.5"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.lists(
        st.one_of(
            st.sampled_from([*OPERATORS.split(), *OPERANDS]),
            st.text(max_size=6).filter(lambda text: "\x00" not in text),
        ),
        max_size=12,
    )
)
def test_any_text_is_answered_or_refused(client: TestClient, words: list[str]) -> None:
    answer = client.get(VILLAGES, params={"filter": " ".join(words).encode("utf-8", "replace")})
    assert answer.status_code in (200, 400), answer.text
    if answer.status_code == 400:
        assert {fault["parameter"] for fault in answer.json()["errors"]} == {"filter"}
