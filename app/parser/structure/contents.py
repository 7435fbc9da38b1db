"""The contents list of an issue: sections, titles, document numbers and pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from app.parser.records import Line
from app.parser.text.document_numbers import NUMBER_AT_END
from app.parser.text.normalise import fold, is_marked, plain, unspaced

_PAGE = re.compile(r"(?:[….·]{2,}|…|-{3,})\s*[(\[]?\s*(\d{1,4})\s*[)\]]?$")
# Without leaders a page may also be the last figure of a table's row: only a run of titles counts.
_BARE_PAGE = re.compile(r"(?:\t\s*|\s{2,}|\s*/\s*|(?=[(\[]))[(\[]?\s*(\d{1,3})\s*[)\]]?$")
_TITLE = re.compile(r"关于|通知|意见|决定|办法|公告|简讯|记事|目录|指标|任免|要闻|动态")
_FEWEST_BARE = 3
_SECTION = re.compile(r"(?:文件|简讯|记事|目录|资料|任免|解读|规章|选登|公告|动态|法规|专栏|要闻|通报|讲话)$")
_LONGEST_SECTION = 16
_LONGEST_ENTRY = 300
_NEAR_BEGINNING = 300
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
    """Find the contents list; None when no line ends in leaders and a page, and no titles do in a page alone."""
    page, ends = _PAGE, _entry_ends(lines, _PAGE)
    if not ends:
        page, ends = _BARE_PAGE, _bare_ends(lines)
    if not ends:
        return None
    start = _start(lines, ends[0], page)
    entries: list[Entry] = []
    section: str | None = None
    pending: list[str] = []
    for index in range(start, ends[-1] + 1):
        text = plain(lines[index].text)
        if not text:
            continue
        if not pending and _is_section(lines[index].text, text, page):
            section = unspaced(text)
            continue
        pending.append(text)
        if match := page.search(fold(text)):
            pending[-1] = text[: match.start()]
            entries.append(_entry(section, "".join(pending), int(match[1]), lines[index].number))
            pending = []
    return Contents(entries, start, ends[-1] + 1)


def _entry_ends(lines: Sequence[Line], page: re.Pattern[str], begin: int = 0) -> list[int]:
    """Return the indexes of the lines that end an entry, up to the first long gap."""
    found: list[int] = []
    between = 0
    for index in range(begin, len(lines)):
        text = lines[index].text[: 2 * _LONGEST_ENTRY].strip()
        if not text:
            continue
        if len(text) < _LONGEST_ENTRY and page.search(fold(plain(text))):
            found.append(index)
            between = 0
        elif found:
            between += 1
            if between > _MOST_BETWEEN:
                break
    return found


def _bare_ends(lines: Sequence[Line]) -> list[int]:
    """Return the ends of entries printed without leaders: titles in a run, their pages going up, near the beginning."""
    near = lines[:_NEAR_BEGINNING]
    begin = 0
    while ends := _entry_ends(near, _BARE_PAGE, begin):
        pages = [int(match[1]) for index in ends if (match := _BARE_PAGE.search(fold(plain(near[index].text))))]
        titles = sum(_TITLE.search(near[index].text) is not None for index in ends)
        if len(ends) >= _FEWEST_BARE and pages == sorted(pages) and 2 * titles > len(ends):
            return ends
        begin = ends[0] + 1
    return []


def _start(lines: Sequence[Line], first_end: int, page: re.Pattern[str]) -> int:
    """Return where the list begins: the section heading above its first entry."""
    seen = 0
    for index in range(first_end - 1, -1, -1):
        text = plain(lines[index].text)
        if not text:
            continue
        if _is_section(lines[index].text, text, page):
            return index
        seen += 1
        if seen > 4:
            break
    return first_end


def _is_section(printed: str, text: str, page: re.Pattern[str]) -> bool:
    short = unspaced(text)
    if len(short) > _LONGEST_SECTION or page.search(fold(text)):
        return False
    return is_marked(printed) or _SECTION.search(short) is not None


def _entry(section: str | None, text: str, page: int, line: int) -> Entry:
    title = unspaced(text)
    number = None
    if match := NUMBER_AT_END.search(fold(title)):
        number = title[match.start(1) : match.end(1)]
        title = title[: match.start()]
    return Entry(section, title, number, page, line)
