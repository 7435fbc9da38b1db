"""Paragraphs out of lines: those torn by a page break are joined again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.parser.records import Line
from app.parser.text.dates import is_date_line
from app.parser.text.normalise import fold, is_marked, plain, unspaced
from app.parser.text.numbering import ARTICLE, CHAPTER, ITEM, PART, Marker, find_marker

_ENDS = re.compile(r"[。；：！？;:!?…](?:[”’」』）)\"]{0,3})$")
_CLOSED = re.compile(r"\([^()]{0,400}\)$")
_CLOSING_REMARK = re.compile(r"(?:责任单位|牵头单位|配合单位|责任部门|见附件|详见|此件)")
_LABEL = re.compile(r"[^\d\s，。；、：:（(“]{1,3}\s{0,4}[^\d\s，。；、：:（(“]{0,4}[:：]")
_INNER = re.compile(r"[，。；：,;:！？]")
_LONGEST_HEADING = 25
_SHORT_HEADING = 10


@dataclass(slots=True)
class Paragraph:
    """A paragraph: its text without marks, its lines, its number if it begins with one."""

    text: str
    first: int
    last: int
    marker: Marker | None = None
    is_heading: bool = False
    is_marked: bool = False

    @property
    def body(self) -> str:
        """The text after the number."""
        return self.text[self.marker.length :] if self.marker else self.text


def paragraphs(lines: Sequence[Line]) -> list[Paragraph]:
    """Join the non-blank lines into paragraphs; a numbered line always begins a new one."""
    found: list[Paragraph] = []
    pieces: list[str] = []
    begun = [(text, _begin(line, text)) for line in lines if (text := plain(line.text))]
    _settle_item_headings([paragraph for _, paragraph in begun])
    for text, current in begun:
        if found and _goes_on(found[-1], pieces[-1], current):
            pieces.append(text)
            found[-1].last = current.last
            continue
        _close(found, pieces)
        found.append(current)
        pieces = [text]
    _close(found, pieces)
    return found


def _close(found: list[Paragraph], pieces: list[str]) -> None:
    if found and len(pieces) > 1:
        found[-1].text = "".join(pieces)


def _begin(line: Line, text: str) -> Paragraph:
    marker = find_marker(text)
    heading = _is_heading(line.text, text, marker)
    return Paragraph(text, line.number, line.number, marker, heading, is_marked(line.text))


def _settle_item_headings(begun: Sequence[Paragraph]) -> None:
    """Decide on short items without marks over plain text: headings, or the first half of a torn sentence.

    A page break tears one sentence here and there; headings come in numbers.
    """
    unsure = [
        paragraph
        for paragraph, following in pairwise(begun)
        if paragraph.marker
        and paragraph.marker.rank is ITEM
        and paragraph.is_heading
        and not paragraph.is_marked
        and len(paragraph.body) > _SHORT_HEADING
        and not (following.marker or following.is_marked)
    ]
    if len(unsure) == 1:
        unsure[0].is_heading = False


def _is_heading(printed: str, text: str, marker: Marker | None) -> bool:
    """Tell whether a line is a heading by itself: marked or short, without inner punctuation."""
    if marker is None:
        return is_marked(printed) and not text.endswith(("。", "，", "、"))
    if marker.rank in (CHAPTER, PART):
        return True
    body = text[marker.length :]
    if marker.rank is ARTICLE or _INNER.search(body) or not body or body[-1] in "、和的":
        return False
    if is_marked(printed):
        return True
    return marker.rank.depth <= ITEM.depth and len(unspaced(body)) <= _LONGEST_HEADING


def _goes_on(before: Paragraph, end: str, current: Paragraph) -> bool:
    """Tell whether `current` continues the paragraph before it, whose last piece is `end`."""
    if current.marker or current.is_heading or before.is_heading:
        return False
    if _LABEL.match(current.text) or is_date_line(current.text) or is_date_line(end):
        return False
    if _LABEL.match(end) and len(end) < 200 and before.first == before.last:
        return False
    return not _is_complete(end)


def _is_complete(text: str) -> bool:
    folded = fold(text)
    if _ENDS.search(folded) or folded.endswith("。"):
        return True
    if folded.endswith(")"):
        remark = _CLOSED.search(folded[-420:])
        return remark is not None and _CLOSING_REMARK.search(remark[0]) is not None
    return False
