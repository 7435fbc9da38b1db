"""Time periods as SDMX writes them: Gregorian ones, dates with a time, and reporting periods."""

import re
from calendar import monthrange
from datetime import date, datetime, timedelta

from app.model.values import BadValue, clip
from app.settings import TIME_ZONE

_GREGORIAN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_REPORTING = re.compile(r"(\d{4})-([ASTQMWD])(\d{1,3})")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(T.+)?\Z")
_MONTHS = {"A": 12, "S": 6, "T": 4, "Q": 3, "M": 1}
FORMS = ("2021", "2021-05", "2021-05-31", "2021-Q2", "2021-M05", "2021-W20", "2021-05-31T00:00:00")


def span(text: str) -> tuple[date, date]:
    """The first and last day of a period; raises BadValue."""
    try:
        if match := _GREGORIAN.fullmatch(text):
            return _gregorian(*match.groups())
        if match := _REPORTING.fullmatch(text):
            year, kind, number = match.groups()
            return _reporting(int(year), kind, int(number))
        day = moment(text)
    except (ValueError, OverflowError):
        raise BadValue(f"'{clip(text)}' is no period", FORMS) from None
    return day, day


def moment(text: str) -> date:
    """The day of a date or of a date with a time, where the gazette is published; raises ValueError."""
    if not _MOMENT.match(text):
        raise ValueError("no date")
    when = datetime.fromisoformat(text)
    return (when.astimezone(TIME_ZONE) if when.tzinfo else when).date()


def _gregorian(year: str, month: str | None, day: str | None) -> tuple[date, date]:
    if day:
        found = date(int(year), int(month or 1), int(day))
        return found, found
    return _months(int(year), int(month or 1), 1 if month else 12)


def _reporting(year: int, kind: str, number: int) -> tuple[date, date]:
    if kind == "W":
        monday = date.fromisocalendar(year, number, 1)
        return monday, monday + timedelta(days=6)
    if kind == "D":
        found = date(year, 1, 1) + timedelta(days=number - 1)
        if number < 1 or found.year != year:
            raise ValueError("no such day")
        return found, found
    length = _MONTHS[kind]
    return _months(year, (number - 1) * length + 1, length)


def _months(year: int, first: int, length: int) -> tuple[date, date]:
    """Some months from the first on; raises ValueError outside the year."""
    return date(year, first, 1), date(year, first + length - 1, monthrange(year, first + length - 1)[1])


def first_month(text: str) -> str:
    """The first month that begins within or after a period; raises BadValue."""
    day = span(text)[0]
    year, month = (day.year, day.month) if day.day == 1 else (day.year + day.month // 12, day.month % 12 + 1)
    return f"{year:04d}-{month:02d}"


def last_month(text: str) -> str:
    """The last month that ends within or before a period; raises BadValue."""
    day = span(text)[1]
    ends = day.day == monthrange(day.year, day.month)[1]
    year, month = (day.year, day.month) if ends else (day.year - (day.month == 1), (day.month - 2) % 12 + 1)
    return f"{year:04d}-{month:02d}"
