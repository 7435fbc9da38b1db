"""Parse figures and periods as statistical tables print them."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from app.parser.text.normalise import fold_width, parse_numeral

_MISSING = re.compile(r"[-/…*.\s]*")
_PLAIN = re.compile(r"([+-]?)\s?(\d{1,18})(?:\s?\.\s?(\d{1,12}))?\s?%?")
_GROUPED = re.compile(r"([+-]?)\s?(\d{1,3}(?:(?:,\s?|\s)\d{3}){1,5})(?:\s?\.\s?(\d{1,12}))?\s?%?")
_UNCHANGED = re.compile(r"(?:与?(?:上年)?同期)?(?:持平|相同)")
_INCREASE = re.compile(r"(?:增长|上升|提高|增|升|↑)\s?(?=\d)")
_DECREASE = re.compile(r"(?:下降|降低|减少|负增长|降|减|↓)\s?(?=\d)")
_YEAR = re.compile(r"((?:19|20)\d\d)\s*年")
_NUMBER = r"(\d{1,2}|[一二三四五六七八九十]{1,2})"
_MONTHS = re.compile(rf"{_NUMBER}\s*月?\s*(?:-+|~|至|到)\s*{_NUMBER}\s*月")
_MONTH = re.compile(rf"{_NUMBER}\s*月")
_NAMED_PERIODS = (("前三季度", 9), ("上半年", 6), ("一季度", 3), ("1季度", 3), ("全年", 12))


def parse_figure(cell: str) -> tuple[Decimal | None, bool]:
    """Return a printed number, exact to its last decimal, and whether the cell was understood.

    A dash or an empty cell means that there is no figure and gives (None, True). Any other cell that is no number
    gives (None, False). Signs, digits and thousands separators may be full-width.
    """
    text = fold_width(cell).strip()
    if _MISSING.fullmatch(text):
        return None, True
    match = _PLAIN.fullmatch(text) or _GROUPED.fullmatch(text)
    if match is None or not text.isascii():
        return None, False
    digits = re.sub(r"\D", "", match[2])
    return Decimal(f"{match[1]}{digits}" + (f".{match[3]}" if match[3] else "")), True


def parse_growth(cell: str) -> tuple[Decimal | None, bool]:
    """Return a printed growth rate and whether it was understood, like `parse_figure`.

    持平 is 0, 增长3.2 is 3.2, 下降3.2 is -3.2.
    """
    text = fold_width(cell).strip()
    if _UNCHANGED.fullmatch(text):
        return Decimal(0), True
    if word := _INCREASE.match(text):
        return parse_figure(text[word.end() :])
    if word := _DECREASE.match(text):
        return parse_figure(f"-{text[word.end() :]}")
    return parse_figure(text)


def parse_period(title: str, published_on: date) -> tuple[str | None, str | None]:
    """Return the month that a title names, as `2021-05`, and a remark when the title names a longer period.

    Several months (1-2月) and 上半年 stand for their last month. A title without a year gets the latest year in which
    the month was not after the month of publication. Both values are None when the title names no month.
    """
    text = fold_width(title)
    remark = None
    if span := _MONTHS.search(text):
        month, remark = parse_numeral(span[2]), "the title names several months; the period is the last of them"
    elif named := next(((word, last) for word, last in _NAMED_PERIODS if word in text), None):
        month, remark = named[1], f"the title says {named[0]}; the period is its last month"
    else:
        single = _MONTH.search(text)
        month = parse_numeral(single[1]) if single else None
    if month is None or not 1 <= month <= 12:
        return None, None
    year = _YEAR.search(text)
    if year:
        return f"{year[1]}-{month:02d}", remark
    is_past = month <= published_on.month
    return f"{published_on.year if is_past else published_on.year - 1}-{month:02d}", remark
