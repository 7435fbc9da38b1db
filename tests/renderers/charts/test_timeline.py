"""Periods and the labels of an axis of time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.renderers.charts.timeline import choose_ticks, missing_between, name_ranges, parse_period, period_at
from app.renderers.site.language import choose_chinese, choose_english

PERIODS = [
    ("2021-05-18", "2021年5月18日", "18 May 2021"),
    ("2021-05", "2021年5月", "May 2021"),
    ("2021-Q2", "2021年第2季度", "Q2 2021"),
    ("2021", "2021年", "2021"),
]


@pytest.mark.parametrize(("text", "zh", "en"), PERIODS)
def test_periods_have_names(text: str, zh: str, en: str) -> None:
    period = parse_period(text)
    assert period is not None
    assert (period.name(choose_chinese), period.name(choose_english)) == (zh, en)


@pytest.mark.parametrize("text", ["", "2021-13", "2021-02-30", "2021-Q5", "第五期", "20210518", "2021-5"])
def test_other_texts_are_no_periods(text: str) -> None:
    assert parse_period(text) is None


@given(st.sampled_from(("day", "month", "quarter", "year")), st.integers(3000, 700_000))
def test_a_position_leads_back_to_its_period(unit: str, position: int) -> None:
    position = position if unit == "day" else position % 9000 + 900
    assert period_at(unit, position).position == position


@given(st.sampled_from(("day", "month", "quarter", "year")), st.integers(1, 3000), st.integers(1, 20))
def test_an_axis_has_as_many_labels_as_there_is_room_for(unit: str, count: int, max_ticks: int) -> None:
    first = {"day": 737_000, "month": 24_200, "quarter": 8000, "year": 2000}[unit]
    ticks = choose_ticks(unit, first, first + count - 1, max_ticks, choose_chinese)
    assert 1 <= len(ticks) <= max_ticks
    assert all(first <= tick.position < first + count for tick in ticks)


def test_months_name_the_year_where_it_begins() -> None:
    ticks = choose_ticks("month", 2020 * 12 + 9, 2021 * 12 + 2, 6, choose_chinese)
    assert [(tick.label, tick.year) for tick in ticks] == [
        ("10月", "2020年"), ("11月", ""), ("12月", ""), ("1月", "2021年"), ("2月", ""), ("3月", ""),
    ]  # fmt: skip
    years = choose_ticks("month", 2011 * 12 + 5, 2021 * 12 + 4, 5, choose_english)
    assert [tick.label for tick in years] == ["2012", "2014", "2016", "2018", "2020"]


def test_what_is_missing_is_named_in_ranges() -> None:
    held = [parse_period(text) for text in ("2020-11", "2021-02", "2021-03", "2021-05")]
    missing = missing_between([period for period in held if period])
    assert name_ranges(missing, choose_chinese) == ["2020年12月至2021年1月", "2021年4月"]
    assert name_ranges(missing, choose_english) == ["Dec 2020–Jan 2021", "Apr 2021"]
