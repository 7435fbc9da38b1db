"""Days and spans of days in words."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.renderers.site.days import day_in_words, span_in_words


def test_a_day() -> None:
    assert day_in_words("2024-06-09", "zh") == "2024年6月9日"
    assert day_in_words("2024-06-09", "en") == "9 June 2024"


@pytest.mark.parametrize(
    ("first", "last", "zh", "en"),
    [
        (None, None, "", ""),
        (None, "2021-04-30", "最迟2021年4月30日", "by 30 April 2021"),
        ("2021-06-10", None, "自2021年6月10日起", "from 10 June 2021"),
        ("2021-01-01", "2021-12-31", "2021年内", "in 2021"),
        ("2022-01-01", "2023-12-31", "2022年至2023年", "from 2022 to 2023"),
        ("2024-02-01", "2024-02-29", "2024年2月内", "in February 2024"),
        ("2023-02-01", "2024-02-29", "2023年2月1日至2024年2月29日", "from 1 February 2023 to 29 February 2024"),
        ("2024-02-01", "2024-02-28", "2024年2月1日至2024年2月28日", "from 1 February 2024 to 28 February 2024"),
        ("2021-06-10", "2024-06-09", "2021年6月10日至2024年6月9日", "from 10 June 2021 to 9 June 2024"),
    ],
)
def test_a_span(first: str | None, last: str | None, zh: str, en: str) -> None:
    assert span_in_words(first, last, "zh") == zh
    assert span_in_words(first, last, "en") == en


@given(st.dates(), st.dates())
def test_a_span_always_names_its_years(first: date, last: date) -> None:
    words = span_in_words(first.isoformat(), last.isoformat(), "zh")
    assert f"{first.year}年" in words
    assert f"{last.year}年" in words
