"""Dates in running text."""

from datetime import date

from app.parser.text.dates import find_date, last_day_of_term


def test_dates_in_both_figures() -> None:
    assert find_date("二〇二三年十一月三日") == date(2023, 11, 3)
    assert find_date("2023 年 11 月 3 日") == date(2023, 11, 3)
    assert find_date("2023年13月3日") is None


def test_a_term_ends_on_the_day_before() -> None:
    assert last_day_of_term(date(2023, 3, 1), years=2) == date(2025, 2, 28)
    assert last_day_of_term(date(2024, 2, 29), years=1) == date(2025, 2, 28)
