"""The contents list of an issue: sections, titles, document numbers and pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from app.gazette.numbers import NUMBER_AT_END
from app.gazette.records import Line
from app.gazette.text import fold, is_marked, plain, unspaced

_PAGE = re.compile(r"(?:[….·]{2,}|…|-{3,})\s*\(?\s*(\d{1,4})\s*\)?$")
_SECTION = re.compile(r"(?:文件|简讯|记事|目录|资料|任免|解读|规章|选登|公告|动态|法规|专栏|要闻|通报|讲话)$")
_LONGEST_SECTION = 16
_MOST_BETWEEN = 8  # non-blank lines between two entries; more of them end the list


class Entry(NamedTuple):
    """One entry: its section heading, printed title and number, page, and its first line."""

    section: str | None
    title: str
    document_number: str | None
    page: int
    line: int


class Contents(NamedTuple):
    """The list and the span of line indexes [start, end) that it takes."""

    entries: list[Entry]
    start: int
    end: int


def as_field(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Return the `contents` field of the issue's row."""
    return [
        {
            "section": entry.section,
            "title": entry.title,
            "document_number": entry.document_number,
            "page": entry.page,
        }
        for entry in entries
    ]


def read_contents(lines: Sequence[Line]) -> Contents | None:
    """Find the contents list; None when no line ends in leaders and a page number."""
    ends = _entry_ends(lines)
    if not ends:
        return None
    start = _start(lines, ends[0])
    entries: list[Entry] = []
    section: str | None = None
    pending: list[str] = []
    for index in range(start, ends[-1] + 1):
        text = plain(lines[index].text)
        if not text:
            continue
        if not pending and _is_section(lines[index].text, text):
            section = unspaced(text)
            continue
        pending.append(text)
        if match := _PAGE.search(fold(text)):
            pending[-1] = text[: match.start()]
            entries.append(_entry(section, "".join(pending), int(match[1]), lines[index].number))
            pending = []
    return Contents(entries, start, ends[-1] + 1)


def _entry_ends(lines: Sequence[Line]) -> list[int]:
    """Return the indexes of the lines that end an entry, up to the first long gap."""
    found: list[int] = []
    between = 0
    for index, line in enumerate(lines):
        text = line.text.strip()
        if not text:
            continue
        if len(text) < 300 and _PAGE.search(fold(plain(text))):
            found.append(index)
            between = 0
        elif found:
            between += 1
            if between > _MOST_BETWEEN:
                break
    return found


def _start(lines: Sequence[Line], first_end: int) -> int:
    """Return where the list begins: the section heading above its first entry."""
    seen = 0
    for index in range(first_end - 1, -1, -1):
        text = plain(lines[index].text)
        if not text:
            continue
        if _is_section(lines[index].text, text):
            return index
        seen += 1
        if seen > 4:
            break
    return first_end


def _is_section(printed: str, text: str) -> bool:
    short = unspaced(text)
    if len(short) > _LONGEST_SECTION or _PAGE.search(fold(text)):
        return False
    return is_marked(printed) or _SECTION.search(short) is not None


def _entry(section: str | None, text: str, page: int, line: int) -> Entry:
    title = unspaced(text)
    number = None
    if match := NUMBER_AT_END.search(fold(title)):
        number = title[match.start(1) : match.end(1)]
        title = title[: match.start()]
    return Entry(section, title, number, page, line)
