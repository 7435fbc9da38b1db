"""Find what a page prints around its text: page numbers and running heads."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from app.parser.records import Line, UnreadLine
from app.parser.text.normalise import fold_width, match_key

_PAGE_NUMBER = re.compile(r"(?:[-·•.]\s*){1,3}\d{1,3}(?:\s*[-·•.]){1,3}|第\s*\d{1,3}\s*页(?:\s*共\s*\d{1,3}\s*页)?")
_RUNNING_HEAD = re.compile(r"(?=.*(?:公报|政报))(?=.*\d).{6,40}")
_NAME = re.compile(r"[一-龥]{2,16}(?:公报|政报)")
_BARE_NUMBER = re.compile(r"\d{1,3}")
_MAX_LINE_LENGTH = 44
_MIN_REPEATS = 3
_MIN_NAMES = 5
"""How often the gazette's name must stand alone to be a running head. Cover, masthead and imprint have it as well."""
_MIN_LINES_OF_A_PAGE = 8
_MAX_STEP = 4
"""How much the next page number is higher at most: some pages print none."""


def split_page_furniture(lines: Sequence[Line]) -> tuple[list[Line], list[UnreadLine]]:
    """Return the lines with page numbers and running heads blanked, and the blanked lines as unread lines.

    They may stand in the middle of a sentence or a table and must not become part of it. A running head is a line with
    the gazette's name and a number that is printed at least three times, apart from its digits, or the name alone. A
    bare number is that of a page when it stands in a series that increases from page to page.
    """
    heads, numbers = find_running_heads(lines), _find_bare_numbers(lines)
    result, furniture = list(lines), list[UnreadLine]()
    for index, line in enumerate(lines):
        if index in heads:
            reason = "a running head"
        elif index in numbers or _is_page_number(line):
            reason = "a page number"
        else:
            continue
        result[index] = Line(line.number, "")
        furniture.append(UnreadLine(line.number, line.text.strip(), reason))
    return result, furniture


def _is_page_number(line: Line) -> bool:
    """Tell whether a line is a number between the marks of a page number (— 4 —), or says that it is one."""
    is_short = 3 <= len(line.text) <= _MAX_LINE_LENGTH
    return is_short and _PAGE_NUMBER.fullmatch(fold_width(line.text).strip()) is not None


def find_running_heads(lines: Sequence[Line]) -> set[int]:
    """Return the indexes of the running heads."""
    heads = {index: form for index, line in enumerate(lines) if (form := _running_head(line))}
    repeated = {form for form, count in Counter(heads.values()).items() if count >= _MIN_REPEATS}
    names = {index: match_key(line.text) for index, line in enumerate(lines) if _is_name(line)}
    counts = Counter(names.values())
    often = [index for index, name in names.items() if counts[name] >= _MIN_NAMES]
    # The first is that of the masthead.
    return {index for index, form in heads.items() if form in repeated} | set(often[1:])


def _is_name(line: Line) -> bool:
    """Tell whether a line is the gazette's name and no heading."""
    return 4 <= len(line.text) <= _MAX_LINE_LENGTH and _NAME.fullmatch(line.text.strip()) is not None


def _find_bare_numbers(lines: Sequence[Line]) -> set[int]:
    """Return the indexes of numbers alone on a line, in series of three or more that increase from page to page."""
    found: set[int] = set()
    series: list[int] = []
    last, lines_between = 0, 0
    for index, line in enumerate(lines):
        if not line.text.strip():
            continue
        text = fold_width(line.text).strip() if len(line.text) <= _MAX_LINE_LENGTH else ""
        if not _BARE_NUMBER.fullmatch(text):
            lines_between += 1
            continue
        number = int(text)
        if not (series and 0 < number - last <= _MAX_STEP and lines_between >= _MIN_LINES_OF_A_PAGE):
            found.update(series if len(series) >= _MIN_REPEATS else ())
            series = []
        series.append(index)
        last, lines_between = number, 0
    return found.union(series if len(series) >= _MIN_REPEATS else ())


def _running_head(line: Line) -> str | None:
    """Return the form of a running head that is the same on every page; None for another line."""
    if not 6 <= len(line.text) <= _MAX_LINE_LENGTH or "报" not in line.text:
        return None
    folded = match_key(line.text)
    return re.sub(r"\d+", "0", folded) if _RUNNING_HEAD.fullmatch(folded) else None
