"""Read the masthead: which issue this is, who publishes it, and the row of the issue."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from app.parser.records import Doubt, Line, ParsedRow, ReadResult
from app.parser.structure.contents import ContentsEntry, to_contents_field
from app.parser.text.dates import find_date
from app.parser.text.normalise import (
    fold_width,
    has_heading_mark,
    match_key,
    parse_numeral,
    remove_spaces,
    strip_markup,
)

_SERIAL = re.compile(r"总第?(\d{1,6})期")
_YEAR_NUMBER = re.compile(r"((?:19|20)\d{2})(?:[.·]|年第?)(\d{1,2})[期号]?(?:\(.*\))?")
_NUMBER = re.compile(r"(?:^|年)第(\d{1,2}|[一二三四五六七八九十]{1,3})期")
_YEAR = re.compile(r"(?:19|20)\d{2}")
_PUBLISHED = re.compile(r"(?:出版|发行|出刊)(?:日期|时间)?:?(?=.*\d)|出版日期")
_LABEL = re.compile(r"([^\s\d:,.。《》]{1,6}(?:\s[^\s\d:]{1,3})?)\s?:\s?")
_UNLABELLED = re.compile(r"[《●○*■◆]|.{0,30}(?:公报|标准文本)$")
_MAX_LINE_LENGTH = 40


class NotAGazetteError(ValueError):
    """The text is no gazette issue, or more than one. The message says what is missing."""


class IssueIdentity(NamedTuple):
    """Which issue a text is: year, number in the year, serial number over all years, day of publication.

    `repeated_at` is the line of a second masthead of the same issue, when the text holds two copies of it.
    """

    year: int
    number: int
    cumulative_number: int | None
    published_on: date
    doubts: tuple[Doubt, ...] = ()
    repeated_at: int | None = None

    @property
    def issue_id(self) -> str:
        """The issue's id, like `2021-05`."""
        return f"{self.year}-{self.number:02d}"


def identify_issue(lines: Sequence[Line]) -> IssueIdentity:
    """Return the identity of the issue, from the short lines of its whole text.

    Raises NotAGazetteError when the text prints no number or no date, or when it holds two issues.
    """
    serials: dict[int, int] = {}
    numbers: list[tuple[int | None, int]] = []
    dates: list[date] = []
    dated_at: list[int] = []
    year: int | None = None
    for line in lines:
        if not 2 <= len(line.text) <= _MAX_LINE_LENGTH:
            continue
        text = match_key(line.text)
        if match := _SERIAL.search(text):
            serials.setdefault(int(match[1]), line.number)
        if match := _YEAR_NUMBER.fullmatch(text):
            numbers.append((int(match[1]), int(match[2])))
        elif (match := _NUMBER.search(text)) and (number := parse_numeral(match[1])):
            numbers.append((None, number))
        elif year is None and _YEAR.fullmatch(text):
            year = int(text)
        if _PUBLISHED.match(text) and (day := find_date(text)):
            dated_at.append(line.number)
            if day not in dates:
                dates.append(day)
    _reject_two_issues(serials, numbers, dates)
    is_repeated = len(dated_at) > 1 and sum(printed_year is not None for printed_year, _ in numbers) > 1
    return _build_identity(serials, numbers, dates, year)._replace(repeated_at=dated_at[1] if is_repeated else None)


def _reject_two_issues(
    serials: dict[int, int], numbers: Sequence[tuple[int | None, int]], dates: Sequence[date]
) -> None:
    """Raise NotAGazetteError for two issues in one text.

    Two issues have two dates of publication, or two serials and two numbers. A second serial alone may be a misread
    character.
    """
    printed = sorted({f"{year}-{number:02d}" for year, number in numbers if year})
    if len(dates) > 1:
        named = ", ".join(day.isoformat() for day in dates[:4])
        raise NotAGazetteError(f"the text holds more than one issue: dates of publication {named}")
    if len(serials) > 1 and len(printed) > 1:
        named = ", ".join(f"serial {serial} (line {line})" for serial, line in list(serials.items())[:4])
        raise NotAGazetteError(f"the text holds more than one issue: {named}")


def _build_identity(
    serials: dict[int, int], numbers: Sequence[tuple[int | None, int]], dates: Sequence[date], year: int | None
) -> IssueIdentity:
    missing = []
    if not numbers:
        missing.append("issue number")
    if not dates:
        missing.append("date of publication")
    if missing:
        also = "" if serials else ", nor a serial number"
        raise NotAGazetteError(f"this is no gazette issue: the text has no {' and no '.join(missing)}{also}")
    year_and_number = next((each for each in numbers if each[0]), (None, numbers[0][1]))
    in_year = year_and_number[0] or year or dates[0].year
    reason = "another serial number than the first one printed"
    doubts = tuple(Doubt(line, str(serial), reason) for serial, line in list(serials.items())[1:])
    return IssueIdentity(in_year, year_and_number[1], next(iter(serials), None), dates[0], doubts)


def extract_issue_row(
    masthead: Sequence[Line], contents_lines: Sequence[Line], entries: Sequence[ContentsEntry], identity: IssueIdentity
) -> ReadResult:
    """Return the issue's row; all lines of the masthead and the contents list count as read."""
    imprint = _extract_imprint(masthead)
    labels = {item["label"]: item["value"] for item in imprint}
    publisher = next((labels[name] for name in ("主办", "主办单位", "出版", "编印") if name in labels), None)
    lines = [line for line in [*masthead, *contents_lines] if line.text.strip()]
    row = ParsedRow(
        "issues",
        identity.issue_id,
        {
            "year": identity.year,
            "number": identity.number,
            "cumulative_number": identity.cumulative_number,
            "published_on": identity.published_on,
            "title": _find_title(masthead),
            "publisher": publisher,
            "contents": to_contents_field(entries),
            "imprint": imprint,
        },
        lines[0].number if lines else 1,
        lines[-1].number if lines else 1,
    )
    result = ReadResult(rows=[row], doubts=list(identity.doubts))
    result.mark_read(lines)
    return result


def _find_title(masthead: Sequence[Line]) -> str | None:
    short = [line.text for line in masthead if len(line.text) <= _MAX_LINE_LENGTH]
    titles = [remove_spaces(text) for text in short if match_key(text).endswith("公报")]
    if titles:
        return min(titles, key=len)
    match = re.search(r"《([^《》]{2,30}公报)》", "\n".join(line.text for line in masthead[:200]))
    return match[1] if match else None


def _extract_imprint(masthead: Sequence[Line]) -> list[dict[str, str | None]]:
    """Return the masthead as labels and values; a line without a label continues the value before it."""
    items: list[dict[str, str | None]] = []
    for line in masthead:
        text = " ".join(strip_markup(line.text).split())
        if not text:
            continue
        match = _LABEL.match(fold_width(text))
        if match:
            items.append({"label": "".join(text[: match.end(1)].split()), "value": text[match.end() :].strip()})
        elif has_heading_mark(line.text) or _UNLABELLED.match(text) or not items or items[-1]["label"] is None:
            items.append({"label": None, "value": text})
        else:
            items[-1]["value"] = f"{items[-1]['value']} {text}".strip()
    return items
