"""The government diary: who took part in what, and on which day."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.parser.news.diary_forms import (
    ENTRY_MARK,
    Month,
    PrintedDay,
    begins_with_a_day,
    is_diary_title,
    is_month_heading,
    is_undated,
    month_of_issue,
    month_of_title,
    read_day,
)
from app.parser.news.participants import collect_known_names, extract_participants, find_people
from app.parser.records import Doubt, IssueContext, Line, ParsedRow, ReadResult, UnreadLine, Value
from app.parser.text.normalise import has_heading_mark, match_key, nonblank_lines, strip_markup

_MISREAD_MARK = re.compile(r"^[^一-龥0-9《“（(]{1,2}\s*")
_REPEATED_WORD = re.compile(r"([\u4e00-\u9fff]{2,8})\1")
_SENTENCE_ENDS = tuple("。！？!?")
_SOURCE_LINE = re.compile(r"[(（]?(?:来源|供稿|整理|撰稿|责任编辑|信息来源)[:：].{0,40}|[(（].{2,20}(?:供稿|整理)[)）]")
_MAX_EXCERPT = 24
_MIN_ENTRY_LENGTH = 12


@dataclass(slots=True)
class _Entry:
    """One diary entry: its first and last day as dates and as printed, its lines and their texts."""

    day: PrintedDay
    lines: list[Line]
    parts: list[str]

    @property
    def date(self) -> date:
        """The first day."""
        assert self.day.first is not None, "entries without a day are unread"
        return self.day.first

    @property
    def text(self) -> str:
        """The text of the entry without line breaks."""
        return "".join(self.parts)

    @property
    def is_complete(self) -> bool:
        """Whether the entry ends with the end of a sentence."""
        return self.parts[-1].rstrip("”’」』）)").endswith(_SENTENCE_ENDS)


def extract_events(lines: Sequence[Line], context: IssueContext, listed_title: str | None = None) -> ReadResult:
    """Return the diary as `events` rows, with ids such as `2021-05-18.3` in the printed order of each day.

    The month is that of the section's heading, else that of `listed_title` in the contents list, else that of the
    issue. The date of an entry about several days is the first of them; its notes tell the last. `activity` is the text
    after the participants without its full stop and without the verb 参加; other verbs stay. The activity of an entry
    that does not begin with its participants is its whole text.
    """
    result = ReadResult()
    reader = _DiaryReader(context, month_of_title(listed_title, context.published_on), result)
    printed = nonblank_lines(lines)
    reader.has_marks = any(ENTRY_MARK.match(strip_markup(line.text)) for line in printed)
    for line in printed:
        reader.read(line)
    entries = reader.entries
    names = collect_known_names(entry.text for entry in entries)
    counts: dict[date, int] = {}
    for entry in entries:
        counts[entry.date] = counts.get(entry.date, 0) + 1
        result.rows.append(_build_row(entry, counts[entry.date], names, result))
        result.mark_read(entry.lines)
    return result


def _build_row(entry: _Entry, number: int, names: Mapping[str, str], result: ReadResult) -> ParsedRow:
    participants, activity, is_certain = extract_participants(entry.text, names)
    first = entry.lines[0].number
    activity = activity or entry.text
    notes = [] if is_certain else ["participants cannot be told from the activity"]
    notes += [f"{match[1]} is printed twice in a row" for match in _REPEATED_WORD.finditer(activity)]
    result.doubts += [Doubt(first, entry.text[:_MAX_EXCERPT], note) for note in notes]
    if entry.day.last != entry.day.first:
        notes.append(f"from {entry.day.first} to {entry.day.last}, printed {entry.day.printed}")
    if is_certain:
        participants += find_people(activity, participants)
    fields: dict[str, Value] = {
        "date": entry.date,
        "number": number,
        "participants": [participant._asdict() for participant in participants],
        "activity": activity,
    }
    last, remark = entry.lines[-1].number, "; ".join(notes) or None
    return ParsedRow("events", f"{entry.date.isoformat()}.{number}", fields, first, last, notes=remark)


class _DiaryReader:
    """Splits the lines of a section into entries; all other lines are marked as read (headings, days) or unread."""

    def __init__(self, context: IssueContext, listed: Month | None, result: ReadResult) -> None:
        self.entries: list[_Entry] = []
        self._published_on = context.published_on
        self._month = listed or month_of_issue(context.issue_id, context.published_on)
        self._result = result
        self._day: PrintedDay | None = None
        self._is_inline = False
        self.has_marks = False

    def read(self, line: Line) -> None:
        """Read the next line."""
        text = strip_markup(line.text)
        if self._read_title(line, text):
            return
        mark = ENTRY_MARK.match(text) or (None if has_heading_mark(line.text) else ENTRY_MARK.match(line.text.strip()))
        words = _without_mark(text) if mark else text
        day = self._read_day(words)
        if day is not None and self._opens_day(day, line, is_marked=mark is not None):
            self._begin_day(day, line)
        elif mark and self._day:
            self._add_entry(line, words)
        elif mark:
            self._leave(line, words, "a diary entry before any day")
        else:
            self._read_unmarked(line, text)

    def _read_title(self, line: Line, text: str) -> bool:
        """Read a heading: the title of the diary, or a month."""
        may_be_title = has_heading_mark(line.text) or not self.entries
        key = match_key(text)
        if not (may_be_title and is_diary_title(key)) and not is_month_heading(key):
            return False
        self._month = month_of_title(text, self._published_on) or self._month
        self._result.read_lines.add(line.number)
        return True

    def _read_day(self, text: str) -> PrintedDay | None:
        """Return the day of a line; after a span into the next month, a lower day is one of that month."""
        day, last = read_day(text, self._month, self._published_on), self.entries[-1].day.last if self.entries else None
        if day and day.first and last and day.first < self.entries[-1].date and last.month != self._month.month:
            return read_day(text, Month(last.year, last.month), self._published_on)
        return day

    def _opens_day(self, day: PrintedDay, line: Line, *, is_marked: bool) -> bool:
        """Tell whether a line that begins with a day opens it, and is not the rest of a torn sentence."""
        if is_marked or day.is_alone or has_heading_mark(line.text) or not self.entries:
            return True
        last = self.entries[-1]
        is_apart = line.number > last.lines[-1].number + 1 and day.first is not None and day.first >= last.date
        return last.is_complete or is_apart or self._day is not last.day

    def _begin_day(self, day: PrintedDay, line: Line) -> None:
        self._day = None
        if day.first is None:
            reason = "a day without a month" if self._month.month is None else "no such day"
            self._leave(line, strip_markup(line.text), reason)
            return
        self._day = day
        self._month = Month(day.first.year, day.first.month)
        self._is_inline = not day.is_alone
        if self.entries and day.first < self.entries[-1].date:
            self._result.doubts.append(
                Doubt(line.number, strip_markup(line.text)[:_MAX_EXCERPT], "a day before the day above it")
            )
        if day.is_alone:
            self._result.read_lines.add(line.number)
        else:
            self._add_entry(line, _without_mark(day.rest))

    def _add_entry(self, line: Line, text: str) -> None:
        if self._day is not None:
            self.entries.append(_Entry(self._day, [line], [text.strip()]))

    def _read_unmarked(self, line: Line, text: str) -> None:
        """Read a line without mark and day: the rest of a torn entry, a further paragraph, or an entry."""
        last = self.entries[-1] if self.entries and self.entries[-1].day is self._day else None
        if _SOURCE_LINE.fullmatch(text):
            self._leave(line, text, "who wrote the diary")
        elif is_undated(text):
            self._leave(line, text, "a diary entry without a day")
            self._day = None
        elif last is not None and not last.is_complete and not has_heading_mark(line.text):
            last.lines.append(line)
            last.parts.append(text)
        elif self._day is None:
            self._leave(line, text, "a diary line without an entry mark")
        elif begins_with_a_day(text):
            self._leave(line, text, "a day that is not read")
            self._day = None
        elif last is not None and self._is_inline:
            last.lines.append(line)
            last.parts.append(text)
            self._doubt(line, text, "a paragraph without a mark, read as part of the entry above")
        elif unmarked := _unmarked_entry(text):
            self._add_entry(line, unmarked)
            self._doubt(line, text, "a diary entry whose mark is lost or misread")
        elif not self.has_marks and len(text) >= _MIN_ENTRY_LENGTH and text.endswith(_SENTENCE_ENDS):
            self._add_entry(line, text)
        else:
            self._leave(line, text, "a diary line without an entry mark")

    def _doubt(self, line: Line, text: str, reason: str) -> None:
        self._result.doubts.append(Doubt(line.number, text[:_MAX_EXCERPT], reason))

    def _leave(self, line: Line, text: str, reason: str) -> None:
        self._result.unread.append(UnreadLine(line.number, text[:_MAX_EXCERPT], reason))


def _without_mark(text: str) -> str:
    mark = ENTRY_MARK.match(text)
    return text[mark.end() :] if mark else text


def _unmarked_entry(text: str) -> str | None:
    """Return the entry of a line that names officials with their titles but has no known mark, else None."""
    text = _MISREAD_MARK.sub("", text, count=1)
    participants, _, is_certain = extract_participants(text, {})
    return text if participants and is_certain else None
