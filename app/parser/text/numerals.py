"""Numerals of running text: Arabic and Chinese figures of any size, with decimals and scales."""

from __future__ import annotations

import re
from decimal import Decimal

HAN_DIGITS = "零一二三四五六七八九两"
SCALES = ("万亿", "千亿", "百亿", "十亿", "千万", "百万", "十万", "亿", "万", "千", "百")
"""Scales that may stand between Arabic figures and a unit (1.2亿千瓦), longest first."""
ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d{1,6})?|\d{1,12}(?:\.\d{1,6})?"
HAN = rf"[{HAN_DIGITS}十百千万亿]{{1,12}}(?:点[{HAN_DIGITS}]{{1,6}})?"

_DIGIT_VALUES = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2}
_SMALL_UNITS = {"十": 10, "百": 100, "千": 1000}
_LARGE_UNITS = {"万": 10**4, "亿": 10**8}
_SCALE_VALUES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}


def scale_value(scale: str) -> int:
    """Return the factor of a printed scale: 10000 of 万, 1 of an empty text."""
    factor = 1
    for char in scale:
        factor *= _SCALE_VALUES[char]
    return factor


def parse_number(text: str) -> Decimal | None:
    """Return the exact value of a printed number: `1,200`, `0.15`, `五千万`, `一百二十点五`; None for no number."""
    if text[:1].isdigit() and text.isascii():
        return Decimal(text.replace(",", "")) if re.fullmatch(ARABIC, text) else None
    whole, _, part = text.partition("点")
    value = _parse_han(whole)
    if value is None or not part:
        return value
    digits = [_DIGIT_VALUES.get(char) for char in part]
    return None if None in digits else Decimal(f"{value}.{''.join(map(str, digits))}")


def _parse_han(text: str) -> Decimal | None:
    if not text:
        return None
    if all(char in _DIGIT_VALUES for char in text):
        # 二零二一 is read digit by digit, as a year is printed. 三五 is no number: it means three to five.
        return Decimal("".join(str(_DIGIT_VALUES[char]) for char in text)) if len(text) in (1, 4) else None
    total, section = 0, 0
    pending: int | None = None
    for char in text:
        if char in _DIGIT_VALUES and not pending:
            pending = _DIGIT_VALUES[char]
        elif char in _SMALL_UNITS and (pending is not None or char == "十"):
            section += (1 if pending is None else pending) * _SMALL_UNITS[char]
            pending = None
        elif char in _LARGE_UNITS and (total or section or pending):
            section += pending or 0
            total, section = (total + section, 0) if char == "亿" else (total, section)
            total, section = (total * 10**8, 0) if char == "亿" else (total + section * 10**4, 0)
            pending = None
        else:
            return None
    return Decimal(total + section + (pending or 0))


def split_scale(text: str) -> tuple[str, str]:
    """Return a Chinese number without its last scale, and that scale: `五千万` is (`五千`, `万`).

    A number with figures behind its scale (一万五千) keeps it.
    """
    if len(text) > 1 and text[-1] in _LARGE_UNITS and not any(char in _LARGE_UNITS for char in text[:-1]):
        return text[:-1], text[-1]
    return text, ""
