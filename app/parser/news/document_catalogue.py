"""The catalogue of documents issued in a month, compared with the issue's contents list."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.parser.records import Context, Declared, Doubt, Line, Reading, Unread
from app.parser.text.normalise import fold, is_marked, key, nonblank, plain, unspaced

_NUMBER = re.compile(r"[一-龥]{2,12}\s*[\[(]\s*(?:19|20)\d\d\s*[\])]\s*(?:第\s*)?\d{1,5}\s*号")
_HEADING = re.compile(r"目录")
_HEAD_CELLS = re.compile(r"(序号|编号)?(文号|发文字号|文件编号)(标题|文件名称|文件标题|名称)?")
_COMPLETE = ("通知", "决定", "意见", "公告", "批复", "通告", "办法", "规定", "方案", "命令", "的函", "通报", ")")
_LONGEST_TITLE = 300


@dataclass(slots=True)
class _Entry:
    """One document of the catalogue: its number and title as printed, and its line."""

    line: int
    number: str
    title: str


def read_catalogue(lines: Sequence[Line], context: Context, contents: Sequence[Mapping[str, Any]]) -> Reading:
    """Read the catalogue; it gives no rows, but must agree with what the issue prints.

    `contents` is the issue's contents list (`document_number`, `title`). Every entry that only
    one of the two lists holds, or that they title differently, is a doubt. Declared: the
    documents of the catalogue, to be found by number among the documents.
    """
    reading = Reading()
    entries = _entries(nonblank(lines), reading)
    listed = {key(str(entry["document_number"])): entry for entry in contents if entry.get("document_number")}
    held = {key(entry.number) for entry in entries}
    for entry in entries:
        match = listed.get(key(entry.number))
        if match is None:
            reading.doubts.append(Doubt(entry.line, entry.number, "in the catalogue but not in the contents list"))
        elif key(str(match.get("title") or "")) != key(entry.title):
            reading.doubts.append(Doubt(entry.line, entry.title[:80], "title differs from the contents list"))
    for wanted, match in listed.items():
        if entries and wanted not in held:
            where, number = entries[0].line, str(match["document_number"])
            reading.doubts.append(Doubt(where, number, "in the contents list but not in the catalogue"))
    if entries:
        numbers = ",".join(_as_listed(entry, listed) for entry in entries)
        rule = f"documents?published_on={context.published_on.isoformat()}&document_number__in={numbers}"
        subject = "documents in the catalogue of issued documents"
        reading.declared.append(Declared(subject, rule, len(entries), entries[0].line))
    return reading


def _as_listed(entry: _Entry, listed: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the number in the print of the contents list, or as the catalogue prints it."""
    match = listed.get(key(entry.number))
    return str(match["document_number"]) if match else entry.number


def _entries(lines: Sequence[Line], reading: Reading) -> list[_Entry]:
    """Cut the section into entries; a line without a number goes on with the title above it."""
    entries: list[_Entry] = []
    for line in lines:
        text = plain(line.text)
        number = _NUMBER.search(fold(text[:_LONGEST_TITLE]))
        if number:
            title = text[number.end() :].strip(" \t:：、|") or text[: number.start()]
            if not text[number.end() :].strip(" \t:：、|)）"):
                title = re.sub(r"^\s*\d{1,3}[.、\s]\s*", "", title).rstrip("(（ \t|")
            printed = "".join(text[number.start() : number.end()].split())
            entries.append(_Entry(line.number, printed, unspaced(title)))
        elif is_marked(line.text) or (not entries and _HEADING.search(text[:60])) or _HEAD_CELLS.fullmatch(key(text)):
            pass
        elif (
            entries
            and len(entries[-1].title) + len(text) < _LONGEST_TITLE
            and not fold(entries[-1].title).endswith(_COMPLETE)
        ):
            entries[-1].title = unspaced(entries[-1].title + text)
        else:
            reading.unread.append(Unread(line.number, text[:24], "no document number in the catalogue"))
            continue
        reading.read.add(line.number)
    return entries
