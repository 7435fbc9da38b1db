"""What a page prints around its text: page numbers, and a running head that comes again and again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from app.parser.records import Line, Unread
from app.parser.text.normalise import fold, key

_PAGE_NUMBER = re.compile(r"(?:[-·•.]\s*){1,3}\d{1,3}(?:\s*[-·•.]){1,3}|第\s*\d{1,3}\s*页(?:\s*共\s*\d{1,3}\s*页)?")
_RUNNING_HEAD = re.compile(r"(?=.*公报)(?=.*\d).{6,40}")
_LONGEST = 44
_OFTEN = 3


def set_aside(lines: Sequence[Line]) -> tuple[list[Line], list[Unread]]:
    """Return the lines with page numbers and running heads blanked, and these as unread lines.

    They stand within a torn sentence or a table and are no part of it. A running head is one line
    with the gazette's name and a number, printed at least three times but for its figures.
    """
    heads = {index: form for index, line in enumerate(lines) if (form := _running_head(line))}
    often = {form for form, count in Counter(heads.values()).items() if count >= _OFTEN}
    result, aside = list(lines), list[Unread]()
    for index, line in enumerate(lines):
        if heads.get(index) in often:
            why = "a running head"
        elif 3 <= len(line.text) <= _LONGEST and _PAGE_NUMBER.fullmatch(fold(line.text).strip()):
            why = "a page number"
        else:
            continue
        result[index] = Line(line.number, "")
        aside.append(Unread(line.number, line.text.strip(), why))
    return result, aside


def _running_head(line: Line) -> str | None:
    if not 6 <= len(line.text) <= _LONGEST or "公" not in line.text:
        return None
    folded = key(line.text)
    return re.sub(r"\d+", "0", folded) if _RUNNING_HEAD.fullmatch(folded) else None
