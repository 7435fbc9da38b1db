"""The government diary: who took part in what on which day."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.parser.news.participants import Participant, known_names, read_participants
from app.parser.records import Context, Doubt, Line, Reading, Row, Unread, Value
from app.parser.text.normalise import fold, is_marked, key, nonblank, numeral, plain

_DAY = re.compile(
    r"(?:(?:19|20)\d\d\s*年\s*)?(?:(\d{1,2}|[一二三四五六七八九十]{1,2})\s*月)?\s*(\d{1,2}|[一二三四五六七八九十]{1,3})\s*[日号]"
    r"\s*(?:\(?\s*(?:星期|周|礼拜)[一二三四五六日天]\s*\)?)?\s*(?:[上下中]午|晚上?|凌晨|全天)?\s*[:：]?"
)
_ENTRY = re.compile(r"[△▲∆Δ▵◆◇●•·■□▷▶☆★*]\s*")
_MISREAD_MARK = re.compile(r"^[^一-龥0-9《“（(]{1,2}\s*")
_HEADING = re.compile(r"(?:((?:19|20)\d\d)\s*年)?\s*(\d{1,2}|[一二三四五六七八九十]{1,2})\s*月")
_DIARY_TITLE = re.compile(r"记事|大事记|日志")
_TWICE = re.compile(r"([\u4e00-\u9fff]{2,8})\1")
_ENDS = tuple("。！？!?")


@dataclass(slots=True)
class _Entry:
    """One entry before its participants are told apart: its day, lines and their texts."""

    day: date
    lines: list[Line]
    parts: list[str]

    @property
    def text(self) -> str:
        """Return the entry with the line breaks inside it taken out."""
        return "".join(self.parts)


def read_diary(lines: Sequence[Line], context: Context) -> Reading:
    """Read the diary into `events`, ids `2021-05-18.3` by the printed order of each day.

    The month stands in the section's heading, else it is the issue's; the year is the issue's.
    `activity` is the text behind the participants without its full stop; the verb 参加 is left
    off, any other verb stays. An entry that names no participants is all activity.
    """
    reading = Reading()
    entries = _entries(nonblank(lines), context, reading)
    names = known_names(entry.text for entry in entries)
    counts: dict[date, int] = {}
    for entry in entries:
        counts[entry.day] = counts.get(entry.day, 0) + 1
        reading.rows.append(_event(entry, counts[entry.day], names, reading))
        reading.claim(entry.lines)
    return reading


def _event(entry: _Entry, number: int, names: Mapping[str, str], reading: Reading) -> Row:
    participants, activity, sure = read_participants(entry.text, names)
    first = entry.lines[0].number
    notes = [] if sure else ["participants cannot be told from the activity"]
    notes += [f"{match[1]} is printed twice in a row" for match in _TWICE.finditer(activity)]
    reading.doubts += [Doubt(first, entry.text[:24], note) for note in notes]
    fields: dict[str, Value] = {
        "date": entry.day,
        "number": number,
        "participants": [_as_mapping(participant) for participant in participants],
        "activity": activity,
    }
    last, remark = entry.lines[-1].number, "; ".join(notes) or None
    return Row("events", f"{entry.day.isoformat()}.{number}", fields, first, last, notes=remark)


def _as_mapping(participant: Participant) -> dict[str, str]:
    return {"name": participant.name, "title": participant.title}


def _entries(lines: Sequence[Line], context: Context, reading: Reading) -> list[_Entry]:
    """Cut the section into entries; every other line is claimed (headings, days) or unread."""
    year, month = _month_of_issue(context)
    entries: list[_Entry] = []
    day: date | None = None
    for line in lines:
        text = plain(line.text)
        if _DIARY_TITLE.search(key(text[:60])) and (is_marked(line.text) or not entries) and len(text) < 60:
            year, month = _month_of_heading(text, year, month)
            reading.read.add(line.number)
            continue
        found = _day_heading(text, year, month)
        if found is not None:
            day, text = found
            reading.read.add(line.number)
            _check_order(entries, day, line, reading)
            if not text:
                continue
        mark = _ENTRY.match(text) or (_ENTRY.match(line.text.strip()) if not is_marked(line.text) else None)
        if mark and day:
            entries.append(_Entry(day, [line], [_ENTRY.sub("", text, count=1)]))
        elif mark:
            reading.unread.append(Unread(line.number, text[:24], "a diary entry before any day"))
        elif entries and not entries[-1].parts[-1].endswith(_ENDS) and found is None and entries[-1].day == day:
            entries[-1].lines.append(line)
            entries[-1].parts.append(text)
        elif day and (unmarked := _unmarked_entry(text)):
            entries.append(_Entry(day, [line], [unmarked]))
            reading.doubts.append(Doubt(line.number, text[:24], "a diary entry whose mark is lost or misread"))
        else:
            reading.unread.append(Unread(line.number, text[:24], "a diary line without an entry mark"))
    return entries


def _unmarked_entry(text: str) -> str | None:
    """Return the entry of a line that names officials with their titles, but has no known mark."""
    text = _MISREAD_MARK.sub("", text, count=1)
    participants, _, sure = read_participants(text, {})
    return text if participants and sure else None


def _day_heading(text: str, year: int, month: int) -> tuple[date | None, str] | None:
    """Return the day of a heading such as 6日 or 5月6日 and what follows it on its line."""
    match = _DAY.match(fold(text[:40]))
    if match is None:
        return None
    rest = text[match.end() :].strip()
    if rest and not _ENTRY.match(rest):
        return None
    printed = numeral(match[1]) if match[1] else month
    if printed is not None and printed > month:
        year -= 1
    try:
        return date(year, printed or 0, numeral(match[2]) or 0), rest
    except ValueError:
        return None


def _month_of_issue(context: Context) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{4})-(\d{1,2})", context.issue_id)
    if match and 1 <= int(match[2]) <= 12:
        return int(match[1]), int(match[2])
    return context.published_on.year, context.published_on.month


def _month_of_heading(text: str, year: int, month: int) -> tuple[int, int]:
    """Return the month that the heading names; one later than the issue's lies in the year before."""
    match = _HEADING.search(fold(text))
    named = numeral(match[2]) if match else None
    if match is None or named is None or not 1 <= named <= 12:
        return year, month
    if match[1]:
        return int(match[1]), named
    return (year - 1 if named > month else year), named


def _check_order(entries: Sequence[_Entry], day: date | None, line: Line, reading: Reading) -> None:
    if entries and day and day < entries[-1].day:
        reading.doubts.append(Doubt(line.number, plain(line.text)[:24], "a day before the day above it"))
