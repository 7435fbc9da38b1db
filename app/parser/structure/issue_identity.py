"""Read which issue a text is: year, number, serial number and day of publication, as head and back cover print them.

The head and the back cover say it twice. Where they disagree the text is refused, unless the caller decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, TypeVar

from app.parser.records import Doubt, Line
from app.parser.text.dates import find_date
from app.parser.text.normalise import match_key, parse_numeral

_NUMERAL = r"[0-9]{1,2}|[一二三四五六七八九十]{1,3}"
_TO = r"[-、/,至和]第?"
# 增刊, (增刊), 增刊1, 增刊第一期
_SUPPLEMENT = rf"\(?增刊第?(?P<supplement>{_NUMERAL})?[期号]?\)?"
# 总第225期, 总第225-226期
_SERIAL = re.compile(rf"总第?([0-9]{{1,6}})(?:{_TO}[0-9]{{1,6}})?期")
# 2021.5, 2021年第5期, 2021.5-6, 2021年第5、6期合刊, 2021.5(增刊)
_YEAR_NUMBER = re.compile(
    rf"(?P<year>(?:19|20)[0-9]{{2}})(?:[.·]|年第?)(?P<number>[0-9]{{1,2}})(?:{_TO}(?P<to>[0-9]{{1,2}}))?[期号]?(?:合刊)?"
    rf"(?P<extra>{_SUPPLEMENT})?(?:\(.*\))?"
)
# 第5期, 第五期(总第225期), 第5-6期合刊
_COVER_NUMBER = re.compile(
    rf"(?:(?P<year>(?:19|20)[0-9]{{2}})年)?第(?P<number>{_NUMERAL})(?:{_TO}(?P<to>{_NUMERAL}))?期(?:合刊)?"
    rf"(?P<extra>{_SUPPLEMENT})?(?:\(?总第?[0-9]{{1,6}}.{{0,20}}|\(.*\))?"
)
# a line that only begins with a number, or holds one after the year
_ANY_NUMBER = re.compile(rf"(?:^|年)第({_NUMERAL})期")
_SUPPLEMENT_LINE = re.compile(_SUPPLEMENT)
_YEAR = re.compile(r"((?:19|20)[0-9]{2})年?")
_PUBLISHED = re.compile(r"(?:出版|发行|出刊)(?:日期|时间)?:?(?=.*[0-9])|出版日期")
_ISSUE_ID = re.compile(r"((?:19|20)[0-9]{2})-([0-9]{2})(?:_([0-9]{2}))?(?:-s([1-9][0-9]?))?")
_MAX_LINE_LENGTH = 40
_MAX_COVER_LINES = 8
"""How many lines apart the number, the year, the serial number and the day of one cover stand at most."""
_MAX_NAMED = 4
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


class IssueIdentity(NamedTuple):
    """Which issue a text is: year, number in the year, serial number over all years, day of publication.

    `number_to` is the last number of a combined issue, `supplement` the number of a supplement to the issue.
    `doubts` lists what the print says otherwise. `repeated_at` is the line of a second masthead of the same issue,
    when the text holds two copies of it.
    """

    year: int
    number: int
    cumulative_number: int | None
    published_on: date
    doubts: tuple[Doubt, ...] = ()
    repeated_at: int | None = None
    number_to: int | None = None
    supplement: int | None = None

    @property
    def issue_id(self) -> str:
        """The issue's id, like `2021-05`."""
        return IssueNumber(self.year, self.number, self.number_to, self.supplement).issue_id


class _PrintedNumber(NamedTuple):
    """The number of the issue as one line prints it; `on_cover` tells whether the line has the form of a cover's."""

    line: int
    year: int | None
    number: int
    number_to: int | None = None
    supplement: int | None = None
    on_cover: bool = True


@dataclass(slots=True)
class _Statements:
    """What the short lines of a text say about the issue, each as (line, value) in the order of the text."""

    numbers: list[_PrintedNumber] = field(default_factory=list)
    serials: list[tuple[int, int]] = field(default_factory=list)
    dates: list[tuple[int, date]] = field(default_factory=list)
    years: list[tuple[int, int]] = field(default_factory=list)
    supplements: list[tuple[int, int]] = field(default_factory=list)


def identify_issue(lines: Sequence[Line], decisions: IssueDecisions = NO_DECISIONS) -> IssueIdentity:
    """Return the identity of the issue, from the short lines of its whole text.

    Raises NotAGazetteError when the text prints no number or no day of publication, when it holds two issues, or when
    its head and its back cover disagree, each unless `decisions` say what is right.
    """
    said = _read_statements(lines)
    _reject_missing(said, decisions)
    covers = _cover_numbers(said)
    numbers = _distinct((line, each) for line, each in covers)
    serials, dates = _distinct(said.serials), _distinct(said.dates)
    _reject_contradictions(numbers, serials, dates, decisions)
    number = decisions.issue or next(iter(numbers))
    serial = decisions.serial or next(iter(serials), None)
    published_on = decisions.published_on or next(iter(dates))
    doubts = [
        *_doubts(numbers, number, "another number than the issue has"),
        *_doubts(serials, serial, "another serial number than the issue has"),
        *_doubts(dates, published_on, "another day of publication than the issue has"),
    ]
    is_repeated = len(said.dates) > 1 and sum(each.year is not None for each in said.numbers if each.on_cover) > 1
    return IssueIdentity(
        number.year,
        number.number,
        serial,
        published_on,
        tuple(doubts),
        said.dates[1][0] if is_repeated else None,
        number.number_to,
        number.supplement,
    )


def _read_statements(lines: Iterable[Line]) -> _Statements:
    said = _Statements()
    for line in lines:
        if not 2 <= len(line.text) <= _MAX_LINE_LENGTH:
            continue
        text, at = match_key(line.text), line.number
        serial = _SERIAL.search(text)
        if serial:
            said.serials.append((at, int(serial[1])))
        if match := _YEAR_NUMBER.fullmatch(text) or _COVER_NUMBER.fullmatch(text):
            said.numbers += _read_number(match, at)
        elif (match := _ANY_NUMBER.search(text)) and (number := parse_numeral(match[1])):
            said.numbers.append(_PrintedNumber(at, None, number, on_cover=serial is not None))
        elif match := _YEAR.fullmatch(text):
            said.years.append((at, int(match[1])))
        elif match := _SUPPLEMENT_LINE.fullmatch(text):
            said.supplements.append((at, parse_numeral(match["supplement"] or "1") or 1))
        if _PUBLISHED.match(text) and (day := find_date(text)):
            said.dates.append((at, day))
    return said


def _read_number(match: re.Match[str], line: int) -> Iterable[_PrintedNumber]:
    number, number_to = (parse_numeral(match[name]) if match[name] else None for name in ("number", "to"))
    supplement = parse_numeral(match["supplement"] or "1") if match["extra"] else None
    if number and not (number_to and number_to <= number):
        yield _PrintedNumber(line, int(match["year"]) if match["year"] else None, number, number_to, supplement)


def _reject_missing(said: _Statements, decisions: IssueDecisions) -> None:
    missing = []
    if not said.numbers and not decisions.issue:
        missing.append("issue number")
    if not said.dates and not decisions.published_on:
        missing.append("date of publication")
    if missing:
        also = "" if said.serials else ", nor a serial number"
        raise NotAGazetteError(f"this is no gazette issue: the text has no {' and no '.join(missing)}{also}")


def _cover_numbers(said: _Statements) -> list[tuple[int, IssueNumber]]:
    """Return what head and back cover print as the number of the issue; what the running text mentions does not count.

    A line is of a cover when the serial number or the day of publication stands near it. Where no such line has a
    number, the first number of the text is taken.
    """
    anchors = [line for line, _ in (*said.serials, *said.dates)]
    numbers = [each for each in said.numbers if each.on_cover and _nearest(each.line, anchors) is not None]
    if not numbers:
        numbers = [each for each in said.numbers if each.year and each.on_cover][:1] or said.numbers[:1]
    year = next((each.year for each in numbers if each.year), None)
    if year is None and said.years:
        year = said.years[0][1]
    if year is None and said.dates:
        year = said.dates[0][1].year
    years, supplements = dict(said.years), dict(said.supplements)
    covers = []
    for each in numbers:
        year_line, extra_line = _nearest(each.line, years), _nearest(each.line, supplements)
        printed_year = each.year or (years[year_line] if year_line is not None else year)
        extra = each.supplement or (supplements[extra_line] if extra_line is not None else None)
        if printed_year is not None:
            covers.append((each.line, IssueNumber(printed_year, each.number, each.number_to, extra)))
    return covers


def _nearest(line: int, others: Iterable[int]) -> int | None:
    """Return the nearest of the other lines, None when it is not on the same cover."""
    near = [other for other in others if abs(other - line) <= _MAX_COVER_LINES]
    return min(near, key=lambda other: abs(other - line), default=None)


def _distinct(printed: Iterable[tuple[int, T]]) -> dict[T, int]:
    """Return each value with the first line that prints it."""
    values: dict[T, int] = {}
    for line, value in printed:
        values.setdefault(value, line)
    return values


def _reject_contradictions(
    numbers: dict[IssueNumber, int], serials: dict[int, int], dates: dict[date, int], decisions: IssueDecisions
) -> None:
    """Raise NotAGazetteError for what is printed in two ways and not decided."""
    contradictions, options = [], []
    for title, option, values, decided in (
        ("number", "--issue", {each.issue_id: line for each, line in numbers.items()}, decisions.issue),
        ("serial number", "--serial", {str(each): line for each, line in serials.items()}, decisions.serial),
        ("day of publication", "--published-on", {str(each): at for each, at in dates.items()}, decisions.published_on),
    ):
        if len(values) > 1 and not decided:
            named = ", ".join(f"{value} (line {line})" for value, line in list(values.items())[:_MAX_NAMED])
            contradictions.append(f"{title} {named}")
            options.append(option)
    if contradictions:
        is_two = len(dates) > 1 or (len(numbers) > 1 and len(serials) > 1)
        what = "the text holds more than one issue, or its" if is_two else "the text's"
        raise NotAGazetteError(
            f"{what} head and back cover disagree: {'; '.join(contradictions)}; decide with {' and '.join(options)}"
        )


def _doubts(printed: dict[T, int], chosen: object, reason: str) -> Iterable[Doubt]:
    for value, line in printed.items():
        if value != chosen:
            yield Doubt(line, value.issue_id if isinstance(value, IssueNumber) else str(value), reason)
