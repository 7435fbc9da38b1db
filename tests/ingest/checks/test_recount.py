"""A check keeps its id when its issue is read again."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.ingest.checks.recount import assign_check_ids

RULES = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), max_size=8)


def checks(pairs: list[tuple[str, str]]) -> dict[str, dict[str, Any]]:
    """Return checks as a parser numbers them, from rules and subjects."""
    return {
        f"2023-11.{n}": {"id": f"2023-11.{n}", "rule": rule, "subject": subject, "source": {"issue_id": "2023-11"}}
        for n, (rule, subject) in enumerate(pairs, start=1)
    }


def test_checks_are_recognised_by_what_they_count() -> None:
    before = checks([("a", "x"), ("b", "y"), ("c", "z")])
    now = checks([("b", "y"), ("d", "w"), ("c", "new words")])
    assert assign_check_ids(now, before, before) == {
        "2023-11.1": "2023-11.2",
        "2023-11.2": "2023-11.4",
        "2023-11.3": "2023-11.3",
    }


@given(RULES, RULES)
def test_no_id_is_given_twice_or_moves(first: list[tuple[str, str]], second: list[tuple[str, str]]) -> None:
    before, now = checks(first), checks(second)
    assigned = assign_check_ids(now, before, before)
    assert list(assigned) == list(now)
    assert len(set(assigned.values())) == len(now)
    for key, own in assigned.items():
        if own in before:
            same = (before[own]["rule"] == now[key]["rule"], before[own]["subject"] == now[key]["subject"])
            assert any(same)
    assert assign_check_ids(before, before, before) == {key: key for key in before}
