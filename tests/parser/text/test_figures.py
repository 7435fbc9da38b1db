"""Figures, growth and periods as they are printed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.parser.text.figures import parse_figure, parse_growth, parse_period
from tests.support.invented_lines import context


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("108.30", ("108.30", True)),
        ("－0.3", ("-0.3", True)),
        ("−0.3", ("-0.3", True)),
        ("+9.8%", ("9.8", True)),
        ("15 521.25", ("15521.25", True)),
        ("15,521.25", ("15521.25", True)),
        ("—", (None, True)),
        ("", (None, True)),
        ("8l.0", (None, False)),
        ("81 0", (None, False)),
        ("1.2.3", (None, False)),
        ("٣", (None, False)),
    ],
)
def test_figure(cell: str, wanted: tuple[str | None, bool]) -> None:
    value, readable = parse_figure(cell)
    assert (str(value) if value is not None else None, readable) == wanted


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("持平", 0),
        ("与上年同期持平", 0),
        ("增长3.2", "3.2"),
        ("下降０.5%", "-0.5"),
        ("↓1.0", "-1.0"),
        ("－2.1", "-2.1"),
    ],
)
def test_growth_in_words(cell: str, wanted: str | int) -> None:
    assert parse_growth(cell) == (Decimal(wanted), True)


def test_words_are_no_growth_by_themselves() -> None:
    assert parse_growth("大幅下降") == (None, False)


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("云州市2022年3月份主要指标", "2022-03"),
        ("云州市2022年1—2月主要指标", "2022-02"),
        ("2021年上半年主要指标", "2021-06"),
        ("12月份主要指标", "2021-12"),
        ("主要指标", None),
        ("2022年13月", None),
    ],
)
def test_period(title: str, wanted: str | None) -> None:
    assert parse_period(title, context().published_on)[0] == wanted
