"""Read the period that a statistics table or one of its columns is about."""

from __future__ import annotations

import re
from datetime import date
from enum import Enum
from typing import NamedTuple

from app.parser.text.normalise import fold_width, parse_numeral

_N = r"(\d{1,2}|[一二三四五六七八九十]{1,2})"
_YEAR = re.compile(
    r"((?:19|20)\d\d)\s*年|([一二]\s*[零一二三四五六七八九]\s*[零一二三四五六七八九]\s*[零一二三四五六七八九])\s*年"
)
_MONTHS = re.compile(rf"{_N}\s*月?(?:份)?\s*(?:-+|~|至|到)\s*{_N}\s*月")
_MONTH = re.compile(rf"{_N}\s*月")
_QUARTER = re.compile(r"第?([一二三四1234])\s*季度")
_DOTTED = re.compile(r"(?<!\d)((?:19|20)\d\d)[.-](0?[1-9]|1[0-2])(?!\d)")
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_HAN_DIGITS = {digit: str(value) for value, digit in enumerate("零一二三四五六七八九")}


class Span(Enum):
    """How long a period is."""

    MONTH = "a month"
    ACCUMULATED = "the months from January to a month"
    QUARTER = "a quarter"
    YEAR = "a year"
    OTHER = "several months that do not begin in January"


class Period(NamedTuple):
    """A period: its year, None where none is printed, and its last month."""

    span: Span
    year: int | None
    month: int

    def of_year(self, published_on: date) -> Period:
        """Return the period with a year: the latest in which it was over when it was published."""
        if self.year is not None:
            return self
        is_past = self.month <= published_on.month
        return self._replace(year=published_on.year if is_past else published_on.year - 1)

    @property
    def month_id(self) -> str:
        """The last month, as `2021-05`."""
        return f"{self.year}-{self.month:02d}"


def read_period(text: str) -> Period | None:
    """Return the period that a title or a head names, None when it names none."""
    folded = fold_width(text)
    year = _read_year(folded)
    if span := _MONTHS.search(folded):
        first, last = parse_numeral(span[1]), parse_numeral(span[2])
        if first is None or last is None or not 1 <= first <= last <= 12:
            return None
        if first == 1:
            return Period(Span.ACCUMULATED if last > 1 else Span.MONTH, year, last)
        is_quarter = last == first + 2 and last % 3 == 0
        return Period(Span.QUARTER if is_quarter else Span.OTHER, year, last)
    for word, last in (("前三季度", 9), ("1-3季度", 9), ("一至三季度", 9), ("上半年", 6)):
        if word in folded:
            return Period(Span.ACCUMULATED, year, last)
    if quarter := _QUARTER.search(folded):
        return Period(Span.QUARTER, year, 3 * _QUARTERS[quarter[1]])
    if single := _MONTH.search(folded):
        month = parse_numeral(single[1])
        return Period(Span.MONTH, year, month) if month and 1 <= month <= 12 else None
    if dotted := _DOTTED.search(folded):
        return Period(Span.MONTH, int(dotted[1]), int(dotted[2]))
    if "全年" in folded or year is not None:
        return Period(Span.YEAR, year, 12)
    return None


def _read_year(folded: str) -> int | None:
    match = _YEAR.search(folded)
    if match is None:
        return None
    return int(match[1] or "".join(_HAN_DIGITS[digit] for digit in match[2] if digit.strip()))
