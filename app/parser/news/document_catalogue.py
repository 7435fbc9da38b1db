"""The catalogue of the documents issued in a month, compared with the contents list of the issue."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.parser.records import DeclaredCount, Doubt, IssueContext, Line, ReadResult, UnreadLine
from app.parser.text.normalise import (
    fold_width,
    has_heading_mark,
    match_key,
    nonblank_lines,
    remove_spaces,
    strip_markup,
)

_NUMBER = re.compile(r"[一-龥]{2,12}\s*[\[(]\s*(?:19|20)\d\d\s*[\])]\s*(?:第\s*)?\d{1,5}\s*号")
_HEADING = re.compile(r"目录")
_COLUMN_HEADINGS = re.compile(r"(序号|编号)?(文号|发文字号|文件编号)(标题|文件名称|文件标题|名称)?")
# A title that ends in one of these is complete.
_TITLE_ENDS = ("通知", "决定", "意见", "公告", "批复", "通告", "办法", "规定", "方案", "命令", "的函", "通报", ")")
_MAX_TITLE_LENGTH = 300


@dataclass(slots=True)
class _Entry:
    """One document of the catalogue: its first line, its number and title as printed, and all its lines."""

    line: int
    number: str
    title: str
    lines: list[Line] = field(default_factory=list)


def extract_catalogue(
    lines: Sequence[Line], context: IssueContext, contents: Sequence[Mapping[str, Any]]
) -> ReadResult:
    """Compare the catalogue with the contents list of the issue; the result has no rows.

    `contents` holds the entries of the contents list (`document_number`, `title`). An entry that only one of
    the lists has, or that has different titles in them, is a doubt; the lines of one that only the catalogue has are
    unread, for no row holds it. The declared count is the number of
    documents in the catalogue, counted again by their numbers.
    """
    result = ReadResult()
    entries = _split_entries(nonblank_lines(lines), result)
    listed = {match_key(str(entry["document_number"])): entry for entry in contents if entry.get("document_number")}
    catalogued = {match_key(entry.number) for entry in entries}
    for entry in entries:
        match = listed.get(match_key(entry.number))
        if match is None:
            result.doubts.append(Doubt(entry.line, entry.number, "in the catalogue but not in the contents list"))
            result.read_lines.difference_update(line.number for line in entry.lines)
            result.unread += (
                UnreadLine(line.number, strip_markup(line.text)[:24], "a document that this issue does not print")
                for line in entry.lines
            )
        elif match_key(str(match.get("title") or "")) != match_key(entry.title):
            result.doubts.append(Doubt(entry.line, entry.title[:80], "title differs from the contents list"))
    for number_key, match in listed.items():
        if entries and number_key not in catalogued:
            line, number = entries[0].line, str(match["document_number"])
            result.doubts.append(Doubt(line, number, "in the contents list but not in the catalogue"))
    if entries:
        numbers = ",".join(_number_in_contents(entry, listed) for entry in entries)
        rule = f"documents?published_on={context.published_on.isoformat()}&document_number__in={numbers}"
        subject = "documents in the catalogue of issued documents"
        result.declared.append(DeclaredCount(subject, rule, len(entries), entries[0].line))
    return result


def _number_in_contents(entry: _Entry, listed: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the number as the contents list prints it, else as the catalogue prints it."""
    match = listed.get(match_key(entry.number))
    return str(match["document_number"]) if match else entry.number


def _split_entries(lines: Sequence[Line], result: ReadResult) -> list[_Entry]:
    """Split the section into entries; a line without a number continues the title above it."""
    entries: list[_Entry] = []
    for line in lines:
        text = strip_markup(line.text)
        number = _NUMBER.search(fold_width(text[:_MAX_TITLE_LENGTH]))
        if number:
            title = text[number.end() :].strip(" \t:：、|") or text[: number.start()]
            if not text[number.end() :].strip(" \t:：、|)）"):
                title = re.sub(r"^\s*\d{1,3}[.、\s]\s*", "", title).rstrip("(（ \t|")
            printed = "".join(text[number.start() : number.end()].split())
            entries.append(_Entry(line.number, printed, remove_spaces(title), [line]))
        elif (
            has_heading_mark(line.text)
            or (not entries and _HEADING.search(text[:60]))
            or _COLUMN_HEADINGS.fullmatch(match_key(text))
        ):
            pass
        elif (
            entries
            and len(entries[-1].title) + len(text) < _MAX_TITLE_LENGTH
            and not fold_width(entries[-1].title).endswith(_TITLE_ENDS)
        ):
            entries[-1].title = remove_spaces(entries[-1].title + text)
            entries[-1].lines.append(line)
        else:
            result.unread.append(UnreadLine(line.number, text[:24], "no document number in the catalogue"))
            continue
        result.read_lines.add(line.number)
    return entries
