"""Numbers in Arabic and Chinese figures."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.parser.text.numerals import parse_number, scale_value, split_scale

DIGITS = "零一二三四五六七八九"


def to_han(number: int) -> str:
    """Return a number below 10^12 as it is written in full."""
    if number >= 10**8:
        rest = number % 10**8
        return to_han(number // 10**8) + "亿" + ((("零" if rest < 10**7 else "") + to_han(rest)) if rest else "")
    if number >= 10**4:
        rest = number % 10**4
        return to_han(number // 10**4) + "万" + ((("零" if rest < 10**3 else "") + to_han(rest)) if rest else "")
    text, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            text += ("零" if gap and text else "") + DIGITS[digit] + name
            gap = False
        else:
            gap = True
    return text or "零"


@given(st.integers(0, 10**12 - 1))
def test_a_number_in_chinese_figures_is_read_exactly(number: int) -> None:
    assert parse_number(to_han(number)) == number


@given(st.decimals(0, 10**9, allow_nan=False, places=3))
def test_a_number_in_arabic_figures_is_read_exactly(number: Decimal) -> None:
    assert parse_number(f"{number:f}") == number
    assert parse_number(f"{number:,f}") == number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十五", "15"),
        ("二十", "20"),
        ("两千", "2000"),
        ("一百二十点五", "120.5"),
        ("二零二一", "2021"),
        ("百", None),
        ("三五", None),
        ("", None),
        ("十个", None),
        ("1,20", None),
        ("一点十", None),
    ],
)
def test_a_printed_number(text: str, value: str | None) -> None:
    assert parse_number(text) == (None if value is None else Decimal(value))


def test_the_last_scale_of_a_number_is_a_part_of_its_unit() -> None:
    assert split_scale("五千万") == ("五千", "万")
    assert split_scale("一万五千") == ("一万五千", "")
    assert split_scale("一亿五千万") == ("一亿五千万", "")
    assert [scale_value(scale) for scale in ("", "万", "千万", "亿")] == [1, 10**4, 10**7, 10**8]
