"""The government diary: who took part in what, and on which day."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.parser.news.participants import collect_known_names, extract_participants
from app.parser.records import Doubt, IssueContext, Line, ParsedRow, ReadResult, UnreadLine, Value
from app.parser.text.normalise import (
    fold_width,
    has_heading_mark,
    match_key,
    nonblank_lines,
    parse_numeral,
    strip_markup,
)

# 5月18日 星期二 上午：
_DAY = re.compile(
    r"(?:(?:19|20)\d\d\s*年\s*)?(?:(\d{1,2}|[一二三四五六七八九十]{1,2})\s*月)?\s*(\d{1,2}|[一二三四五六七八九十]{1,3})\s*[日号]"
    r"\s*(?:\(?\s*(?:星期|周|礼拜)[一二三四五六日天]\s*\)?)?\s*(?:[上下中]午|晚上?|凌晨|全天)?\s*[:：]?"
)
_ENTRY_MARK = re.compile(r"[△▲∆Δ▵◆◇●•·■□▷▶☆★*]\s*")
_MISREAD_MARK = re.compile(r"^[^一-龥0-9《“（(]{1,2}\s*")
_MONTH_HEADING = re.compile(r"(?:((?:19|20)\d\d)\s*年)?\s*(\d{1,2}|[一二三四五六七八九十]{1,2})\s*月")
_DIARY_TITLE = re.compile(r"记事|大事记|日志")
_REPEATED_WORD = re.compile(r"([\u4e00-\u9fff]{2,8})\1")
_SENTENCE_ENDS = tuple("。！？!?")
_MAX_TITLE_LENGTH = 60


@dataclass(slots=True)
class _Entry:
    """One diary entry: its day, its lines and their texts."""

    day: date
    lines: list[Line]
    parts: list[str]

    @property
    def text(self) -> str:
        """The text of the entry without line breaks."""
        return "".join(self.parts)

    @property
    def is_complete(self) -> bool:
        """Whether the entry ends with the end of a sentence."""
        return self.parts[-1].endswith(_SENTENCE_ENDS)


def extract_events(lines: Sequence[Line], context: IssueContext) -> ReadResult:
    """Return the diary as `events` rows, with ids such as `2021-05-18.3` in the printed order of each day.

    The month is that of the section's heading, else that of the issue; the year is that of the issue.
    `activity` is the text after the participants without its full stop and without the verb 参加; other verbs
    stay. The activity of an entry without participants is its whole text.
    """
    result = ReadResult()
    entries = _split_entries(nonblank_lines(lines), context, result)
    names = collect_known_names(entry.text for entry in entries)
    counts: dict[date, int] = {}
    for entry in entries:
        counts[entry.day] = counts.get(entry.day, 0) + 1
        result.rows.append(_build_row(entry, counts[entry.day], names, result))
        result.mark_read(entry.lines)
    return result


def _build_row(entry: _Entry, number: int, names: Mapping[str, str], result: ReadResult) -> ParsedRow:
    participants, activity, is_certain = extract_participants(entry.text, names)
    first = entry.lines[0].number
    notes = [] if is_certain else ["participants cannot be told from the activity"]
    notes += [f"{match[1]} is printed twice in a row" for match in _REPEATED_WORD.finditer(activity)]
    result.doubts += [Doubt(first, entry.text[:24], note) for note in notes]
    fields: dict[str, Value] = {
        "date": entry.day,
        "number": number,
        "participants": [participant._asdict() for participant in participants],
        "activity": activity,
    }
    last, remark = entry.lines[-1].number, "; ".join(notes) or None
    return ParsedRow("events", f"{entry.day.isoformat()}.{number}", fields, first, last, notes=remark)


def _split_entries(lines: Sequence[Line], context: IssueContext, result: ReadResult) -> list[_Entry]:
    """Split the section into entries; all other lines are marked as read (headings, days) or unread."""
    year, month = _month_of_issue(context)
    entries: list[_Entry] = []
    day: date | None = None
    for line in lines:
        text = strip_markup(line.text)
        is_marked = has_heading_mark(line.text)
        may_be_title = (is_marked or not entries) and len(text) < _MAX_TITLE_LENGTH
        if may_be_title and _DIARY_TITLE.search(match_key(text)):
            year, month = _month_of_heading(text, year, month)
            result.read_lines.add(line.number)
            continue
        heading = _parse_day_heading(text, year, month)
        if heading is not None:
            day, text = heading
            result.read_lines.add(line.number)
            _check_day_order(entries, day, line, result)
            if not text:
                continue
        mark = _ENTRY_MARK.match(text) or (None if is_marked else _ENTRY_MARK.match(line.text.strip()))
        if mark and day:
            entries.append(_Entry(day, [line], [_ENTRY_MARK.sub("", text, count=1)]))
        elif mark:
            result.unread.append(UnreadLine(line.number, text[:24], "a diary entry before any day"))
        elif heading is None and entries and entries[-1].day == day and not entries[-1].is_complete:
            entries[-1].lines.append(line)
            entries[-1].parts.append(text)
        elif day and (unmarked := _unmarked_entry(text)):
            entries.append(_Entry(day, [line], [unmarked]))
            result.doubts.append(Doubt(line.number, text[:24], "a diary entry whose mark is lost or misread"))
        else:
            result.unread.append(UnreadLine(line.number, text[:24], "a diary line without an entry mark"))
    return entries


def _unmarked_entry(text: str) -> str | None:
    """Return the entry of a line that names officials with their titles but has no known mark, else None."""
    text = _MISREAD_MARK.sub("", text, count=1)
    participants, _, is_certain = extract_participants(text, {})
    return text if participants and is_certain else None


def _parse_day_heading(text: str, year: int, month: int) -> tuple[date | None, str] | None:
    """Return the day of a heading such as 6日 or 5月6日, and the rest of its line."""
    match = _DAY.match(fold_width(text[:40]))
    if match is None:
        return None
    rest = text[match.end() :].strip()
    if rest and not _ENTRY_MARK.match(rest):
        return None
    named_month = parse_numeral(match[1]) if match[1] else month
    if named_month is not None and named_month > month:
        year -= 1
    try:
        return date(year, named_month or 0, parse_numeral(match[2]) or 0), rest
    except ValueError:
        return None


def _month_of_issue(context: IssueContext) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{4})-(\d{1,2})", context.issue_id)
    if match and 1 <= int(match[2]) <= 12:
        return int(match[1]), int(match[2])
    return context.published_on.year, context.published_on.month


def _month_of_heading(text: str, year: int, month: int) -> tuple[int, int]:
    """Return the year and month that a heading names; a month after that of the issue is in the year before."""
    match = _MONTH_HEADING.search(fold_width(text))
    named = parse_numeral(match[2]) if match else None
    if match is None or named is None or not 1 <= named <= 12:
        return year, month
    if match[1]:
        return int(match[1]), named
    return (year - 1 if named > month else year), named


def _check_day_order(entries: Sequence[_Entry], day: date | None, line: Line, result: ReadResult) -> None:
    if entries and day and day < entries[-1].day:
        result.doubts.append(Doubt(line.number, strip_markup(line.text)[:24], "a day before the day above it"))
