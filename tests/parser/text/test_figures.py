"""Figures and growth as they are printed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.parser.text.figures import parse_figure, parse_growth


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
