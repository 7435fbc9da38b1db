"""Read which issue a text is: year, number, serial number and day of publication, as head and back cover print them.

The head and the back cover say it twice. Where they disagree, both are reported and the operator decides. What the
print leaves open is asked for and never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

from app.parser.records import Doubt, Line
from app.parser.structure.contents import find_contents
from app.parser.structure.covers import MAX_COVER_LINES, Cover, Said, read_covers
from app.parser.structure.masthead_forms import Printed, make_date

_ISSUE_ID = re.compile(r"((?:19|20)[0-9]{2})-([0-9]{2})(?:_([0-9]{2}))?(?:-s([1-9][0-9]?))?")
_MAX_LINES_TO_BARE_DAY = 4
_MAX_NAMED = 4
_ISSUES_A_MONTH = 3
"""How many issues a gazette has in a month at most. A number that is too high for its day is of the year before."""
T = TypeVar("T")


class NotAGazetteError(ValueError):
    """The text is no gazette issue, or more than one. The message says what is missing or contradictory."""


class IssueNumber(NamedTuple):
    """Year and number of an issue, with the last number of a combined issue or the number of a supplement."""

    year: int
    number: int
    number_to: int | None = None
    supplement: int | None = None

    @property
    def issue_id(self) -> str:
        """The issue's id: `2021-05`, of a combined issue `2021-05_06`, of a supplement `2021-05-s1`."""
        to = f"_{self.number_to:02d}" if self.number_to else ""
        return f"{self.year}-{self.number:02d}{to}{f'-s{self.supplement}' if self.supplement else ''}"


def parse_issue_id(text: str) -> IssueNumber | None:
    """Parse an issue's id; return None when the text has not the form of one."""
    match = _ISSUE_ID.fullmatch(text)
    if not match:
        return None
    year, number = int(match[1]), int(match[2])
    number_to, supplement = (int(part) if part else None for part in match.group(3, 4))
    if not number or (number_to is not None and number_to <= number):
        return None
    return IssueNumber(year, number, number_to, supplement)


class IssueDecisions(NamedTuple):
    """What the operator decides where the print contradicts itself or says nothing; None leaves it to the print."""

    issue: IssueNumber | None = None
    serial: int | None = None
    published_on: date | None = None


NO_DECISIONS = IssueDecisions()


class Contradiction(NamedTuple):
    """What a text prints in two ways and nobody has decided: the values with their lines.

    `option` is the option of the command line that decides it.
    """

    subject: str
    option: str
    printed: tuple[tuple[str, int], ...]

    def __str__(self) -> str:
        named = ", ".join(f"{value} (line {line})" for value, line in self.printed[:_MAX_NAMED])
        return f"head and back cover disagree: {self.subject} {named}; decide with {self.option}"


class IssueIdentity(NamedTuple):
    """Which issue a text is: year, number in the year, serial number over all years, day of publication.

    `number_to` is the last number of a combined issue, `supplement` the number of a supplement to the issue.
    `doubts` lists what the print says otherwise, `contradictions` what of it the operator has not decided: such an
    issue is not loaded. `remark` says when the print gives no day of publication but that of printing. `repeated_at` is
    the line of a second masthead of the same issue, when the text holds two copies of it.
    """

    year: int
    number: int
    cumulative_number: int | None
    published_on: date
    doubts: tuple[Doubt, ...] = ()
    repeated_at: int | None = None
    number_to: int | None = None
    supplement: int | None = None
    contradictions: tuple[Contradiction, ...] = ()
    remark: str | None = None

    @property
    def issue_id(self) -> str:
        """The issue's id, like `2021-05`."""
        return IssueNumber(self.year, self.number, self.number_to, self.supplement).issue_id


class _Day(NamedTuple):
    """A day that a cover prints, and whether the print says that it is the day of publication."""

    day: date
    line: int
    is_publication: bool
    label: str | None


def identify_issue(lines: Sequence[Line], decisions: IssueDecisions = NO_DECISIONS) -> IssueIdentity:
    """Return the identity of the issue, from the covers and imprints of its whole text.

    Where head and back cover disagree, the head's is taken and the contradiction returned. Raises NotAGazetteError when
    the print does not say which issue it is or when it was published, or when the text holds two issues, each unless
    `decisions` say what is right.
    """
    covers = list(read_covers(lines))
    years = _years(covers)
    days = _read_days(covers, years, decisions)
    numbers = _read_numbers(covers, years, days, decisions)
    serials = _distinct((each.line, each.printed.serial) for cover in covers for each in cover.of("serial"))
    _reject_missing(covers, numbers, days, decisions)
    _reject_two_issues(covers, numbers, days, decisions)
    number = decisions.issue or next(iter(numbers))
    serial = decisions.serial or next(iter(serials), None)
    published_on = decisions.published_on or next(iter(days))
    dates = {day: each.line for day, each in days.items()}
    doubts = [
        *_doubts(numbers, number, "another number than the issue has"),
        *_doubts(serials, serial, "another serial number than the issue has"),
        *_doubts(dates, published_on, "another day of publication than the issue has"),
    ]
    contradictions = list(_find_contradictions(numbers, serials, dates, decisions))
    if not decisions.published_on and not -1 <= published_on.year - number.year <= 1:
        printed = ((f"{number.issue_id} published on {published_on}", dates[published_on]),)
        contradictions.append(Contradiction("day of publication", "--published-on", printed))
        doubts.append(Doubt(dates[published_on], str(published_on), "a day of publication far from the issue's year"))
    chosen = days.get(published_on)
    return IssueIdentity(
        number.year,
        number.number,
        serial,
        published_on,
        tuple(doubts),
        _find_second_copy(lines, covers),
        number.number_to,
        number.supplement,
        tuple(contradictions),
        f"{chosen.label} {chosen.day}: the print names no day of publication"
        if chosen and chosen.label and not chosen.is_publication
        else None,
    )


def _years(covers: Sequence[Cover]) -> list[int]:
    """Return the years of the numbers that the covers print, in their order."""
    numbers = [each.printed.year for cover in covers for each in cover.of("number") if each.printed.year]
    return numbers or [each.printed.year for cover in covers for each in cover.of("year", "month") if each.printed.year]


def _read_days(covers: Sequence[Cover], years: Sequence[int], decisions: IssueDecisions) -> dict[date, _Day]:
    """Return the days of publication that the covers print, each with its first line.

    A day without a word for publication counts when no other day has one. Raises NotAGazetteError when one cover
    prints several such days.
    """
    by_cover = [list(_days_of(cover, years)) for cover in covers]
    published = [[each for each in days if each.is_publication] for days in by_cover]
    chosen = published if any(published) else by_cover
    for days in chosen:
        values = {each.day: each for each in days}
        if chosen is by_cover and len(values) > 1 and not decisions.published_on:
            named = ", ".join(f"{day} (line {each.line})" for day, each in values.items())
            raise NotAGazetteError(
                f"the text prints several days, {named}; say which is that of publication with --published-on"
            )
    result: dict[date, _Day] = {}
    for each in (each for days in chosen for each in days):
        result.setdefault(each.day, each)
    return result


def _days_of(cover: Cover, years: Sequence[int]) -> Iterator[_Day]:
    numbers = cover.of("number", "serial", "title")
    for each in cover.of("date", "day"):
        near = min((abs(each.line - other.line) for other in numbers), default=None)
        if each.printed.label is None and (near is None or near > _MAX_LINES_TO_BARE_DAY):
            continue
        day = each.printed.date or _complete(each.printed, cover, years)
        if day:
            yield _Day(day, each.line, each.printed.is_publication, each.printed.label)


def _complete(printed: Printed, cover: Cover, years: Sequence[int]) -> date | None:
    """Return a day whose year stands with the number, None when the number is too high for the day."""
    day = make_date(years[0] if years else None, printed.month, printed.day)
    number = next((each.printed.number for each in cover.of("number")), None)
    return day if day and (number is None or _may_be_published(number, day)) else None


def _may_be_published(number: int, day: date) -> bool:
    """Tell whether an issue of the day's year may have this number: No. 12 in January is of the year before."""
    return number <= _ISSUES_A_MONTH * day.month and not (number == 1 and day.month == 12)


def _read_numbers(
    covers: Sequence[Cover], years: Sequence[int], days: Iterable[date], decisions: IssueDecisions
) -> dict[IssueNumber, int]:
    """Return the numbers that the covers print, each with its first line.

    Raises NotAGazetteError when a print stands for several issues or when nothing says the year.
    """
    numbers: dict[IssueNumber, int] = {}
    if decisions.issue and not covers:
        return numbers
    for cover in covers:
        printed = [each for each in cover.of("number") if not each.printed.is_of_month] or cover.of("number")
        if decisions.issue is None:
            _reject_half_numbers(cover, printed)
        for each in printed:
            year = each.printed.year or _year_beside(each, cover) or next(iter(years), None)
            extra = _supplement_beside(each, cover)
            if decisions.issue is None and (each.printed.is_ambiguous or extra == 0):
                raise NotAGazetteError(
                    f"line {each.line} prints {each.printed.text}, which may be several issues; say which with --issue"
                )
            year = year or next((day.year for day in days if _may_be_published(each.printed.number or 0, day)), None)
            if year is not None and each.printed.number:
                number = IssueNumber(year, each.printed.number, each.printed.number_to, extra or None)
                numbers.setdefault(number, each.line)
            elif decisions.issue is None:
                raise NotAGazetteError(
                    f"line {each.line} prints {each.printed.text}, and nothing says the year; say which issue it is "
                    "with --issue"
                )
    return numbers


def _reject_half_numbers(cover: Cover, printed: Sequence[Said]) -> None:
    """Raise NotAGazetteError for a supplement or a combined issue without the number that tells which."""
    words = [] if printed else cover.of("supplement")
    if not any(each.printed.number_to for each in printed):
        words += cover.of("combined")
    for each in words[:1]:
        raise NotAGazetteError(
            f"line {each.line} prints {each.printed.text} without the numbers that belong to it; say which issue it is "
            "with --issue"
        )


def _year_beside(number: Said, cover: Cover) -> int | None:
    """Return the year that stands nearest to a number without one, else that of a day on which it may be published."""
    near = [each for each in cover.of("year", "month") if abs(each.line - number.line) <= MAX_COVER_LINES]
    nearest = min(near, key=lambda each: abs(each.line - number.line), default=None)
    if nearest:
        return nearest.printed.year
    days = (each.printed.date for each in cover.of("date"))
    return next((day.year for day in days if day and _may_be_published(number.printed.number or 0, day)), None)


def _supplement_beside(number: Said, cover: Cover) -> int | None:
    """Return the number of the supplement; 0 when 增刊 stands before the number, which may then be its own."""
    if number.printed.supplement:
        return number.printed.supplement
    near = [each for each in cover.of("supplement") if abs(each.line - number.line) <= MAX_COVER_LINES]
    nearest = min(near, key=lambda each: abs(each.line - number.line), default=None)
    if nearest is None:
        return None
    is_before = (nearest.line, nearest.printed.start) < (number.line, number.printed.start)
    return 0 if is_before else nearest.printed.supplement


def _distinct(printed: Iterable[tuple[int, T | None]]) -> dict[T, int]:
    """Return each value with the first line that prints it."""
    values: dict[T, int] = {}
    for line, value in printed:
        if value is not None:
            values.setdefault(value, line)
    return values


def _reject_missing(
    covers: Sequence[Cover], numbers: Iterable[IssueNumber], days: Iterable[date], decisions: IssueDecisions
) -> None:
    missing, options = [], []
    if not any(True for _ in numbers) and not decisions.issue:
        missing.append("issue number")
        options.append("--issue")
    if not any(True for _ in days) and not decisions.published_on:
        missing.append("date of publication")
        options.append("--published-on")
    if missing:
        what = (
            "this is no gazette issue"
            if len(missing) > 1 and not any(cover.of("serial") for cover in covers)
            else "the text does not say which issue it is"
        )
        raise NotAGazetteError(f"{what}: it has no {' and no '.join(missing)}; say it with {' and '.join(options)}")


def _reject_two_issues(
    covers: Sequence[Cover], numbers: dict[IssueNumber, int], days: dict[date, _Day], decisions: IssueDecisions
) -> None:
    """Raise NotAGazetteError when two covers have each a number and a day of their own."""
    if len(numbers) < 2 or len(days) < 2 or (decisions.issue and decisions.published_on):
        return
    named = ", ".join(f"{number.issue_id} (line {line})" for number, line in list(numbers.items())[:_MAX_NAMED])
    dated = sum(bool(cover.of("number") and cover.of("date", "day")) for cover in covers if not cover.is_running_head)
    if dated > 1:
        raise NotAGazetteError(
            f"the text holds more than one issue: {named}; load each alone, or decide with --issue and --published-on"
        )


def _find_contradictions(
    numbers: dict[IssueNumber, int], serials: dict[int, int], dates: dict[date, int], decisions: IssueDecisions
) -> Iterator[Contradiction]:
    """Yield what is printed in two ways and not decided."""
    for subject, option, values, decided in (
        ("number", "--issue", {each.issue_id: line for each, line in numbers.items()}, decisions.issue),
        ("serial number", "--serial", {str(each): line for each, line in serials.items()}, decisions.serial),
        ("day of publication", "--published-on", {str(each): at for each, at in dates.items()}, decisions.published_on),
    ):
        if len(values) > 1 and not decided:
            yield Contradiction(subject, option, tuple(values.items()))


def _find_second_copy(lines: Sequence[Line], covers: Sequence[Cover]) -> int | None:
    """Return the line of a second masthead, which has day and number and stands above another contents list."""
    for cover in covers[1 : 1 + _MAX_NAMED]:
        days = [each for each in cover.of("date", "day") if each.printed.is_publication]
        if days and cover.of("number") and find_contents(lines[days[0].line :]) is not None:
            return days[0].line
    return None


def _doubts(printed: dict[T, int], chosen: object, reason: str) -> Iterator[Doubt]:
    for value, line in printed.items():
        if value != chosen:
            yield Doubt(line, value.issue_id if isinstance(value, IssueNumber) else str(value), reason)
