"""Periods of statistics tables and of their columns."""

from datetime import date

import pytest

from app.parser.text.statistical_periods import Span, read_period


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("云州市2022年3月份主要指标", (Span.MONTH, 2022, 3)),
        ("云州市2022年1—2月主要指标", (Span.ACCUMULATED, 2022, 2)),
        ("2022年1～6月份", (Span.ACCUMULATED, 2022, 6)),
        ("2021年上半年主要指标", (Span.ACCUMULATED, 2021, 6)),
        ("2021年前三季度", (Span.ACCUMULATED, 2021, 9)),
        ("2021年一季度", (Span.QUARTER, 2021, 3)),
        ("2021年第二季度", (Span.QUARTER, 2021, 6)),
        ("2021年4—6月", (Span.QUARTER, 2021, 6)),
        ("2021年2—5月", (Span.OTHER, 2021, 5)),
        ("2021年国民经济主要指标", (Span.YEAR, 2021, 12)),
        ("二〇二二年六月", (Span.MONTH, 2022, 6)),
        ("12月份主要指标", (Span.MONTH, None, 12)),
        ("主要指标", None),
        ("2022年13月", None),
        ("2022年6—3月", None),
    ],
)
def test_period(text: str, wanted: tuple[Span, int | None, int] | None) -> None:
    assert read_period(text) == wanted


def test_a_period_without_a_year_was_over_when_it_was_published() -> None:
    december = read_period("12月份主要指标")
    assert december is not None
    assert december.of_year(date(2022, 4, 20)).month_id == "2021-12"
    assert december.of_year(date(2022, 12, 31)).month_id == "2022-12"
