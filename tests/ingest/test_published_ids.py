"""Ids of published rows stay with their facts."""

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.ingest.published_ids import find_published_ids


def row(value: object, **fields: Any) -> dict[str, Any]:
    return {"comparator": "eq", "value": value, "unit": "个", **fields}


def test_a_row_that_is_new_takes_the_next_free_number() -> None:
    published = {"d.s1.1": row("10"), "d.s1.2": row("20")}
    reading = {"d.s1.1": row(Decimal(5)), "d.s1.2": row(Decimal(10)), "d.s1.3": row(Decimal(20))}
    assert find_published_ids("commitments", reading, published) == {
        "d.s1.1": "d.s1.3",
        "d.s1.2": "d.s1.1",
        "d.s1.3": "d.s1.2",
    }


def test_a_number_of_a_removed_row_is_given_to_no_other() -> None:
    reading = {"d.s1.1": row(5), "d.s1.2": row(6)}
    assert find_published_ids("commitments", reading, {}, retired=["d.s1.1", "d.s1.4"]) == {"d.s1.2": "d.s1.5"}


def test_a_row_whose_comparator_was_mended_keeps_its_id() -> None:
    published = {"d.s1.1": row(30, comparator="gte"), "d.s1.2": row(40)}
    reading = {"d.s1.1": row(7), "d.s1.2": row(30, comparator="lte"), "d.s1.3": row(40)}
    changed = find_published_ids("commitments", reading, published)
    assert changed == {"d.s1.1": "d.s1.3", "d.s1.2": "d.s1.1", "d.s1.3": "d.s1.2"}


def test_other_provisions_are_not_touched() -> None:
    assert find_published_ids("commitments", {"d.s2.1": row(5)}, {"d.s1.1": row(5)}) == {}


@given(st.lists(st.integers(0, 5), max_size=8), st.lists(st.integers(0, 5), max_size=8))
def test_no_published_id_moves_to_another_fact(published_values: list[int], read_values: list[int]) -> None:
    published = {f"d.s1.{n}": row(value) for n, value in enumerate(published_values, 1)}
    reading = {f"d.s1.{n}": row(value) for n, value in enumerate(read_values, 1)}
    changed = find_published_ids("commitments", reading, published)
    kept = {changed.get(key, key): fields for key, fields in reading.items()}
    assert len(kept) == len(reading)
    assert all(kept[key]["value"] == published[key]["value"] for key in kept.keys() & published.keys())
