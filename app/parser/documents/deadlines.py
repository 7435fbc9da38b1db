"""Dates by which, or years in which, something is to be done, as sentences print them."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from app.parser.text.dates import month_end, to_date

_YEAR = r"((?:19|20)\d{2})"
_RANGE = re.compile(rf"(?<![自从\d]){_YEAR}年?\s?[至到~-]+\s?{_YEAR}年(?!期间|度)")
_DATED = re.compile(
    rf"(?<![自从\d])(?P<to>到|至|截至)?{_YEAR}年(?!度|期间)(?P<end>底|末|年底|内)?"
    r"(?:(?P<month>\d{1,2})月份?(?:(?P<day>\d{1,2})日|(?P<part>底|末|上旬|中旬|下旬))?)?(?P<before>之?前|以前)?(?!起|\d)"
)
_MONTH = re.compile(
    r"(?:(?P<of>当年|每年|次年|次月|每月)|(?<![\d年]))(?P<month>\d{1,2})月份?(?:(?P<day>\d{1,2})日|(?P<part>底|末|上旬|中旬|下旬))?(?:之?前|以前)"
)
_YEAR_END = re.compile(r"(?<!\d年)(?:今年|本年|年)底(?:之?前|以前)")
_DAYS = {"上旬": 10, "中旬": 20}
_FARTHEST = 30  # years after the document in which a bare year still is a promise


class Limit(NamedTuple):
    """A date limit: span in the sentence, first and last day (None when not dated), and a remark."""

    start: int
    end: int
    due_from: date | None
    due_to: date | None
    note: str | None = None


def find_limits(sentence: str, signed_on: date | None, recurring: bool) -> list[Limit]:
    """Return the limits of a folded sentence in text order.

    A month without a year is taken in the year of signature, unless that day has gone by then or
    the text speaks of every year (当年, 每年: `recurring`): then the dates are null. Years past
    are no limits.
    """
    year = signed_on.year if signed_on else None
    found: list[Limit] = []
    for match in _RANGE.finditer(sentence):
        if match[1] <= match[2] and (year is None or int(match[2]) >= year):
            found.append(_whole_years(match, int(match[1]), int(match[2])))
    for match in _DATED.finditer(sentence):
        if not _overlaps(found, match) and (limit := _dated(match, year)):
            found.append(limit)
    for match in _MONTH.finditer(sentence):
        if not _overlaps(found, match) and (limit := _month(match, signed_on, recurring)):
            found.append(limit)
    for match in _YEAR_END.finditer(sentence):
        if not _overlaps(found, match):
            day = None if recurring or year is None else date(year, 12, 31)
            found.append(Limit(match.start(), match.end(), None, day))
    return sorted(found)


def _overlaps(found: list[Limit], match: re.Match[str]) -> bool:
    return any(limit.start < match.end() and match.start() < limit.end for limit in found[-8:])


def _whole_years(match: re.Match[str], first: int, last: int) -> Limit:
    return Limit(match.start(), match.end(), date(first, 1, 1), date(last, 12, 31))


def _dated(match: re.Match[str], year: int | None) -> Limit | None:
    printed = int(match[2])
    if year is not None and not year <= printed <= year + _FARTHEST:
        return None
    if match["month"]:
        last = _last_day(printed, match)
        return Limit(match.start(), match.end(), None, last) if last else None
    if match["to"] or match["before"] or match["end"]:
        return Limit(match.start(), match.end(), None, date(printed, 12, 31))
    return _whole_years(match, printed, printed)


def _month(match: re.Match[str], signed_on: date | None, recurring: bool) -> Limit | None:
    if not 1 <= int(match["month"]) <= 12:
        return None
    last = _last_day(signed_on.year, match) if signed_on else None
    if match["of"] or recurring or signed_on is None or (last is not None and last < signed_on):
        return Limit(match.start(), match.end(), None, None, f"printed without a year: {match[0]}")
    note = "the year is that of the document's signature"
    return Limit(match.start(), match.end(), None, last, note) if last else None


def _last_day(year: int, match: re.Match[str]) -> date | None:
    if match["day"]:
        return to_date(str(year), match["month"], match["day"])
    if match["part"] in _DAYS:
        return to_date(str(year), match["month"], str(_DAYS[match["part"]]))
    return month_end(year, int(match["month"]))
