"""Time periods in SDMX: Gregorian periods, dates with a time, and reporting periods."""

import re
from calendar import monthrange
from datetime import date, datetime, timedelta

from app.model.values import BadValue, clip
from app.settings import TIME_ZONE

_GREGORIAN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_REPORTING = re.compile(r"(\d{4})-([ASTQMWD])(\d{1,3})")
_DATE_OR_DATE_TIME = re.compile(r"\d{4}-\d{2}-\d{2}(T.+)?\Z")
_PERIOD_MONTHS = {"A": 12, "S": 6, "T": 4, "Q": 3, "M": 1}
PERIOD_EXAMPLES = ("2021", "2021-05", "2021-05-31", "2021-Q2", "2021-M05", "2021-W20", "2021-05-31T00:00:00")


def parse_period(text: str) -> tuple[date, date]:
    """Return the first and last day of a period; raises BadValue."""
    try:
        if match := _GREGORIAN.fullmatch(text):
            return _gregorian(*match.groups())
        if match := _REPORTING.fullmatch(text):
            year, kind, number = match.groups()
            return _reporting(int(year), kind, int(number))
        day = parse_day(text)
    except (ValueError, OverflowError):
        raise BadValue(f"'{clip(text)}' is not a period", PERIOD_EXAMPLES) from None
    return day, day


def parse_day(text: str) -> date:
    """Return the day of a date, or of a date-time in the gazette's time zone; raises ValueError."""
    if not _DATE_OR_DATE_TIME.match(text):
        raise ValueError("no date")
    moment = datetime.fromisoformat(text)
    return (moment.astimezone(TIME_ZONE) if moment.tzinfo else moment).date()


def _gregorian(year: str, month: str | None, day: str | None) -> tuple[date, date]:
    if day:
        date_found = date(int(year), int(month or 1), int(day))
        return date_found, date_found
    return _month_range(int(year), int(month or 1), 1 if month else 12)


def _reporting(year: int, kind: str, number: int) -> tuple[date, date]:
    if kind == "W":
        monday = date.fromisocalendar(year, number, 1)
        return monday, monday + timedelta(days=6)
    if kind == "D":
        date_found = date(year, 1, 1) + timedelta(days=number - 1)
        if number < 1 or date_found.year != year:
            raise ValueError("no such day")
        return date_found, date_found
    length = _PERIOD_MONTHS[kind]
    return _month_range(year, (number - 1) * length + 1, length)


def _month_range(year: int, first: int, length: int) -> tuple[date, date]:
    """Return the days of `length` months from `first`; raises ValueError outside the year."""
    return date(year, first, 1), date(year, first + length - 1, monthrange(year, first + length - 1)[1])


def first_month(text: str) -> str:
    """Return the first month that begins within or after a period; raises BadValue."""
    day = parse_period(text)[0]
    year, month = (day.year, day.month) if day.day == 1 else (day.year + day.month // 12, day.month % 12 + 1)
    return f"{year:04d}-{month:02d}"


def last_month(text: str) -> str:
    """Return the last month that ends within or before a period; raises BadValue."""
    day = parse_period(text)[1]
    is_month_end = day.day == monthrange(day.year, day.month)[1]
    year, month = (day.year, day.month) if is_month_end else (day.year - (day.month == 1), (day.month - 2) % 12 + 1)
    return f"{year:04d}-{month:02d}"
