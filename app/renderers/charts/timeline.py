"""Periods on an axis of time: days, months, quarters and years, their distance and their names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from app.renderers.site.language import Translate

PERIOD = re.compile(r"(?P<year>\d{4})(?:-(?:(?P<month>\d{2})(?:-(?P<day>\d{2}))?|Q(?P<quarter>[1-4])))?\Z")
ENGLISH_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Period:
    """A day (`2021-05-18`), month (`2021-05`), quarter (`2021-Q2`) or year (`2021`)."""

    unit: str
    """`day`, `month`, `quarter` or `year`."""
    year: int
    number: int
    """The month or quarter of the year; the day of the month is in `day`."""
    day: int = 0

    @property
    def position(self) -> int:
        """Where the period lies, counted in its own units."""
        match self.unit:
            case "day":
                return date(self.year, self.number, self.day).toordinal()
            case "month":
                return self.year * 12 + self.number - 1
            case "quarter":
                return self.year * 4 + self.number - 1
            case _:
                return self.year

    def name(self, text: Translate) -> str:
        """Return the full name."""
        match self.unit:
            case "day":
                english = f"{self.day} {ENGLISH_MONTHS[self.number - 1]} {self.year}"
                return text(f"{self.year}年{self.number}月{self.day}日", english)
            case "month":
                return text(f"{self.year}年{self.number}月", f"{ENGLISH_MONTHS[self.number - 1]} {self.year}")
            case "quarter":
                return text(f"{self.year}年第{self.number}季度", f"Q{self.number} {self.year}")
            case _:
                return text(f"{self.year}年", str(self.year))

    def short_name(self, text: Translate) -> str:
        """Return the name within the line above it: the month of a year, the day of a month."""
        match self.unit:
            case "day":
                return text(f"{self.number}月{self.day}日", f"{self.day} {ENGLISH_MONTHS[self.number - 1]}")
            case "month":
                return text(f"{self.number}月", ENGLISH_MONTHS[self.number - 1])
            case "quarter":
                return text(f"{self.number}季", f"Q{self.number}")
            case _:
                return str(self.year)


def parse_period(text: str) -> Period | None:
    """Return the period of a text, or None for anything else."""
    match = PERIOD.match(text)
    if match is None:
        return None
    year = int(match["year"])
    if match["day"]:
        try:
            day = date(year, int(match["month"]), int(match["day"]))
        except ValueError:
            return None
        return Period("day", day.year, day.month, day.day)
    if match["month"]:
        return Period("month", year, int(match["month"])) if 1 <= int(match["month"]) <= 12 else None
    return Period("quarter", year, int(match["quarter"])) if match["quarter"] else Period("year", year, 0)


def period_at(unit: str, position: int) -> Period:
    """Return the period of a unit at a position."""
    match unit:
        case "day":
            day = date.fromordinal(position)
            return Period(unit, day.year, day.month, day.day)
        case "month":
            return Period(unit, position // 12, position % 12 + 1)
        case "quarter":
            return Period(unit, position // 4, position % 4 + 1)
        case _:
            return Period(unit, position, 0)


STEPS = {"day": (1, 2, 5, 7, 14), "month": (1, 2, 3, 6), "quarter": (1, 2), "year": (1,)}
"""Every how many units there may be a label."""
YEAR_STEPS = (1, 2, 5, 10, 20, 50, 100)


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled position on the axis, and what stands in its two lines."""

    position: int
    label: str
    year: str = ""


def choose_ticks(unit: str, first: int, last: int, max_ticks: int, text: Translate) -> list[Tick]:
    """Return the labels of an axis: as many periods, at regular steps, as there is room for."""
    periods = [period_at(unit, position) for position in range(first, last + 1)]
    for step in STEPS[unit]:
        # Months and quarters count from the beginning of their year.
        offset = first if unit in ("day", "year") else 0
        chosen = [period for period in periods if (period.position - offset) % step == 0]
        if len(chosen) <= max_ticks:
            return _with_years(chosen, text)
    if unit == "day":
        months = [period for period in periods if period.day == 1]
        if 0 < len(months) <= max_ticks:
            return _with_years(months, text)
    years = [period for period in periods if period.number <= 1 and period.day <= 1] or periods[:1]
    steps = (step for step in YEAR_STEPS if -(-len(years) // step) <= max_ticks)
    chosen = years[:: next(steps, len(years))]
    return [Tick(period.position, Period("year", period.year, 0).name(text)) for period in chosen]


def _with_years(periods: Sequence[Period], text: Translate) -> list[Tick]:
    """Return ticks that name the year where it begins or changes."""
    if periods and periods[0].unit == "year":
        return [Tick(period.position, period.name(text)) for period in periods]
    years = [None, *(period.year for period in periods)]
    return [
        Tick(
            period.position,
            period.short_name(text),
            Period("year", period.year, 0).name(text) if period.year != before else "",
        )
        for before, period in zip(years, periods, strict=False)
    ]


def name_ranges(periods: Sequence[Period], text: Translate) -> list[str]:
    """Return the names of periods in their order; neighbours are one range."""
    ranges: list[list[Period]] = []
    for period in periods:
        if ranges and period.position == ranges[-1][-1].position + 1:
            ranges[-1].append(period)
        else:
            ranges.append([period])
    return [
        each[0].name(text) if len(each) == 1 else f"{each[0].name(text)}{text('至', '–')}{each[-1].name(text)}"
        for each in ranges
    ]


def missing_between(periods: Sequence[Period]) -> list[Period]:
    """Return the periods that are missing between sorted ones of the same unit."""
    return [
        period_at(before.unit, position)
        for before, after in pairwise(periods)
        for position in range(before.position + 1, after.position)
    ]
