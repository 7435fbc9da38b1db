"""Read dates as the gazette prints them: in Arabic or Chinese figures, with stray spaces."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from app.parser.text.normalise import fold_width, parse_numeral

_NUMERAL = r"[0-9零一二三四五六七八九十]"
DATE = re.compile(rf"({_NUMERAL}{{4}})\s?年\s?({_NUMERAL}{{1,3}})\s?月\s?({_NUMERAL}{{1,3}})\s?[日号]")


def find_date(text: str) -> date | None:
    """Return the first full date in a text; None when there is none or the day does not exist."""
    match = DATE.search(fold_width(text))
    return to_date(*match.groups()) if match else None


def is_date_line(text: str) -> bool:
    """Return whether a line holds a full date and nothing else."""
    return DATE.fullmatch(fold_width(text).strip()) is not None


def to_date(year: str, month: str, day: str) -> date | None:
    """Return the date of three printed figures; None when they are no date."""
    parts = [parse_numeral(part) for part in (year, month, day)]
    if parts[0] is None or parts[1] is None or parts[2] is None:
        return None
    try:
        return date(parts[0], parts[1], parts[2])
    except ValueError:
        return None


def month_end(year: int, month: int) -> date | None:
    """Return the last day of a month; None when there is no such month."""
    if not (1 <= month <= 12 and 1 <= year <= 9999):
        return None
    return date(year, month, calendar.monthrange(year, month)[1])


def last_day_of_term(start: date, years: int = 0, months: int = 0) -> date | None:
    """Return the last day of a term that begins on `start`; None after the year 9999.

    A term of 3 years from 2021-06-10 ends on 2024-06-09.
    """
    index = start.year * 12 + start.month - 1 + years * 12 + months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9999:
        return None
    day = min(start.day, calendar.monthrange(year, month + 1)[1])
    following = date(year, month + 1, day)
    return following - timedelta(days=1) if day == start.day else following
