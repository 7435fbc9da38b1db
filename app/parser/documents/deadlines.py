"""Deadlines: dates by which, or years in which, something must be done, as sentences print them."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from app.parser.text.dates import month_end, to_date
from app.parser.text.normalise import fold_width

_YEAR = r"((?:19|20)\d{2})"
# 2021年至2023年
_RANGE = re.compile(rf"(?<![自从\d]){_YEAR}年?\s?[至到~-]+\s?{_YEAR}年(?!期间|度)")
# 到2023年底, 2021年6月底前, 2022年
_DATED = re.compile(
    rf"(?<![自从\d])(?P<to>到|至|截至)?{_YEAR}年(?!度|期间)(?P<end>底|末|年底|内)?"
    r"(?:(?P<month>\d{1,2})月份?(?:(?P<day>\d{1,2})日|(?P<part>底|末|上旬|中旬|下旬))?)?(?P<before>之?前|以前)?(?!起|\d)"
)
# 6月底前, 每年3月15日之前
_MONTH = re.compile(
    r"(?:(?P<of>当年|每年|次年|次月|每月)|(?<![\d年]))(?P<month>\d{1,2})月份?(?:(?P<day>\d{1,2})日|(?P<part>底|末|上旬|中旬|下旬))?(?:之?前|以前)"
)
# 年底前, 今年底以前
_YEAR_END = re.compile(r"(?<!\d年)(?:今年|本年|年)底(?:之?前|以前)")
# The last day of a third of a month; 下旬 ends with the month.
_LAST_DAYS = {"上旬": 10, "中旬": 20}
_MAX_YEARS_AHEAD = 30  # a bare year further ahead of the document is no deadline
_TITLE_YEARS = re.compile(r"\(?((?:19|20)\d{2})年?\s?[-~至到]+\s?((?:19|20)\d{2})年?\)?")  # （2021—2023年） in a title


class Deadline(NamedTuple):
    """A deadline: its span in the sentence, its first and last day (None when unknown), and a note."""

    start: int
    end: int
    due_from: date | None
    due_to: date | None
    note: str | None = None


def find_deadlines(sentence: str, signed_on: date | None, recurring: bool) -> list[Deadline]:
    """Return the deadlines of a folded sentence in text order.

    A month without a year is in the year of signature. Its dates are None when that day was over at the
    signature, or when the text speaks of every year (当年, 每年: `recurring`). Past years are no deadlines.
    """
    year = signed_on.year if signed_on else None
    deadlines: list[Deadline] = []
    for match in _RANGE.finditer(sentence):
        if match[1] <= match[2] and (year is None or int(match[2]) >= year):
            deadlines.append(_deadline_from_years(match, int(match[1]), int(match[2])))
    for match in _DATED.finditer(sentence):
        if not _overlaps(deadlines, match) and (deadline := _deadline_from_date(match, year)):
            deadlines.append(deadline)
    for match in _MONTH.finditer(sentence):
        if not _overlaps(deadlines, match) and (deadline := _deadline_from_month(match, signed_on, recurring)):
            deadlines.append(deadline)
    for match in _YEAR_END.finditer(sentence):
        if not _overlaps(deadlines, match):
            day = None if recurring or year is None else date(year, 12, 31)
            deadlines.append(Deadline(match.start(), match.end(), None, day))
    return sorted(deadlines)


def _overlaps(deadlines: list[Deadline], match: re.Match[str]) -> bool:
    return any(deadline.start < match.end() and match.start() < deadline.end for deadline in deadlines[-8:])


def _deadline_from_years(match: re.Match[str], first: int, last: int) -> Deadline:
    return Deadline(match.start(), match.end(), date(first, 1, 1), date(last, 12, 31))


def _deadline_from_date(match: re.Match[str], year: int | None) -> Deadline | None:
    printed_year = int(match[2])
    if year is not None and not year <= printed_year <= year + _MAX_YEARS_AHEAD:
        return None
    if match["month"]:
        last = _last_day(printed_year, match)
        return Deadline(match.start(), match.end(), None, last) if last else None
    if match["to"] or match["before"] or match["end"]:
        return Deadline(match.start(), match.end(), None, date(printed_year, 12, 31))
    return _deadline_from_years(match, printed_year, printed_year)


def _deadline_from_month(match: re.Match[str], signed_on: date | None, recurring: bool) -> Deadline | None:
    if not 1 <= int(match["month"]) <= 12:
        return None
    last = _last_day(signed_on.year, match) if signed_on else None
    if match["of"] or recurring or signed_on is None or (last is not None and last < signed_on):
        return Deadline(match.start(), match.end(), None, None, f"printed without a year: {match[0]}")
    note = "the year is that of the document's signature"
    return Deadline(match.start(), match.end(), None, last, note) if last else None


def _last_day(year: int, match: re.Match[str]) -> date | None:
    if match["day"]:
        return to_date(str(year), match["month"], match["day"])
    if match["part"] in _LAST_DAYS:
        return to_date(str(year), match["month"], str(_LAST_DAYS[match["part"]]))
    return month_end(year, int(match["month"]))


def extract_plan_years(title: str) -> tuple[int, int] | None:
    """Return the years in a plan's title: (2021, 2023) for `…（2021—2023年）`."""
    match = _TITLE_YEARS.search(fold_width(title))
    return (int(match[1]), int(match[2])) if match and match[1] <= match[2] else None
