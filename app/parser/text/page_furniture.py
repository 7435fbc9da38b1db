"""Find what a page prints around its text: page numbers and running heads."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from app.parser.records import Line, UnreadLine
from app.parser.text.normalise import fold_width, match_key

_PAGE_NUMBER = re.compile(r"(?:[-·•.]\s*){1,3}\d{1,3}(?:\s*[-·•.]){1,3}|第\s*\d{1,3}\s*页(?:\s*共\s*\d{1,3}\s*页)?")
_RUNNING_HEAD = re.compile(r"(?=.*公报)(?=.*\d).{6,40}")
_MAX_LINE_LENGTH = 44
_MIN_REPEATS = 3


def split_page_furniture(lines: Sequence[Line]) -> tuple[list[Line], list[UnreadLine]]:
    """Return the lines with page numbers and running heads blanked, and the blanked lines as unread lines.

    They may stand in the middle of a sentence or a table and must not become part of it. A running head is a line with
    the gazette's name and a number that is printed at least three times, apart from its digits.
    """
    heads = {index: form for index, line in enumerate(lines) if (form := _running_head(line))}
    repeated = {form for form, count in Counter(heads.values()).items() if count >= _MIN_REPEATS}
    result, furniture = list(lines), list[UnreadLine]()
    for index, line in enumerate(lines):
        if heads.get(index) in repeated:
            reason = "a running head"
        elif 3 <= len(line.text) <= _MAX_LINE_LENGTH and _PAGE_NUMBER.fullmatch(fold_width(line.text).strip()):
            reason = "a page number"
        else:
            continue
        result[index] = Line(line.number, "")
        furniture.append(UnreadLine(line.number, line.text.strip(), reason))
    return result, furniture


def _running_head(line: Line) -> str | None:
    """Return the form of a running head that is the same on every page; None for another line."""
    if not 6 <= len(line.text) <= _MAX_LINE_LENGTH or "公" not in line.text:
        return None
    folded = match_key(line.text)
    return re.sub(r"\d+", "0", folded) if _RUNNING_HEAD.fullmatch(folded) else None
