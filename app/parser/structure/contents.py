"""Find the contents list of an issue: sections, titles, document numbers and pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from app.parser.records import Line
from app.parser.text.document_numbers import NUMBER_AT_END
from app.parser.text.normalise import fold_width, has_heading_mark, remove_spaces, strip_markup

_PAGE = re.compile(r"(?:[….·]{2,}|…|-{3,})\s*[(\[]?\s*(\d{1,4})\s*[)\]]?$")
# Without leaders a page looks like the last figure in a row of a table. Only a series of titles counts.
_BARE_PAGE = re.compile(r"(?:\t\s*|\s{2,}|\s*/\s*|(?=[(\[]))[(\[]?\s*(\d{1,3})\s*[)\]]?$")
_TITLE = re.compile(r"关于|通知|意见|决定|办法|规定|条例|公告|通告|公报|报告|简讯|记事|目录|指标|任免|要闻|动态")
_MIN_BARE_ENTRIES = 3
_SECTION = re.compile(r"(?:文件|简讯|记事|目录|资料|任免|解读|规章|选登|公告|动态|法规|专栏|要闻|通报|讲话)$")
_MAX_SECTION_LENGTH = 16
_MAX_ENTRY_LENGTH = 300
_SEARCHED_LINES = 300
_MAX_LINES_BETWEEN = 8  # non-blank lines between two entries; more lines end the list


class ContentsEntry(NamedTuple):
    """One entry: its section heading, printed title, document number and page, and the number of its line."""

    section: str | None
    title: str
    document_number: str | None
    page: int
    line: int


class Contents(NamedTuple):
    """The entries, and the line indexes of the list, `end_index` excluded."""

    entries: list[ContentsEntry]
    start_index: int
    end_index: int


def to_contents_field(entries: Sequence[ContentsEntry]) -> list[dict[str, Any]]:
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


def find_contents(lines: Sequence[Line]) -> Contents | None:
    """Return the contents list; None when the lines hold none.

    Entries end in leaders and a page (……12), or, near the beginning of the text, in a page alone.
    """
    page, ends = _PAGE, _find_entry_ends(lines, _PAGE)
    if not ends:
        page, ends = _BARE_PAGE, _find_bare_ends(lines)
    if not ends:
        return None
    start = _find_start(lines, ends[0], page)
    entries: list[ContentsEntry] = []
    section: str | None = None
    title_parts: list[str] = []
    for index in range(start, ends[-1] + 1):
        text = strip_markup(lines[index].text)
        if not text:
            continue
        if not title_parts and _is_section(lines[index].text, text, page):
            section = remove_spaces(text)
            continue
        title_parts.append(text)
        if match := page.search(fold_width(text)):
            title_parts[-1] = text[: match.start()]
            entries.append(_build_entry(section, "".join(title_parts), int(match[1]), lines[index].number))
            title_parts = []
    return Contents(entries, start, ends[-1] + 1)


def _find_entry_ends(lines: Sequence[Line], page: re.Pattern[str], begin: int = 0) -> list[int]:
    """Return the indexes of the lines that end an entry, up to the first long gap between two of them."""
    ends: list[int] = []
    lines_between = 0
    for index in range(begin, len(lines)):
        text = lines[index].text[: 2 * _MAX_ENTRY_LENGTH].strip()
        if not text:
            continue
        if len(text) < _MAX_ENTRY_LENGTH and page.search(fold_width(strip_markup(text))):
            ends.append(index)
            lines_between = 0
        elif ends:
            lines_between += 1
            if lines_between > _MAX_LINES_BETWEEN:
                break
    return ends


def _find_bare_ends(lines: Sequence[Line]) -> list[int]:
    """Return the ends of entries printed without leaders: a series of titles with increasing pages."""
    searched = lines[:_SEARCHED_LINES]
    begin = 0
    while ends := _find_entry_ends(searched, _BARE_PAGE, begin):
        pages = [
            int(match[1])
            for index in ends
            if (match := _BARE_PAGE.search(fold_width(strip_markup(searched[index].text))))
        ]
        title_count = sum(_TITLE.search(searched[index].text) is not None for index in ends)
        if len(ends) >= _MIN_BARE_ENTRIES and pages == sorted(pages) and 2 * title_count > len(ends):
            return ends
        begin = ends[0] + 1
    return []


def _find_start(lines: Sequence[Line], first_end: int, page: re.Pattern[str]) -> int:
    """Return the index at which the list begins: that of the section heading above its first entry."""
    lines_seen = 0
    for index in range(first_end - 1, -1, -1):
        text = strip_markup(lines[index].text)
        if not text:
            continue
        if _is_section(lines[index].text, text, page):
            return index
        lines_seen += 1
        if lines_seen > 4:
            break
    return first_end


def _is_section(printed: str, text: str, page: re.Pattern[str]) -> bool:
    short = remove_spaces(text)
    if len(short) > _MAX_SECTION_LENGTH or page.search(fold_width(text)):
        return False
    return has_heading_mark(printed) or _SECTION.search(short) is not None


def _build_entry(section: str | None, text: str, page: int, line: int) -> ContentsEntry:
    title = remove_spaces(text)
    number = None
    if match := NUMBER_AT_END.search(fold_width(title)):
        number = title[match.start(1) : match.end(1)]
        title = title[: match.start()]
    return ContentsEntry(section, title, number, page, line)
