"""Join lines into paragraphs, across page breaks."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.parser.records import Line
from app.parser.structure.adoption import is_adoption_line
from app.parser.text.dates import is_date_line
from app.parser.text.normalise import fold_width, has_heading_mark, remove_spaces, strip_markup
from app.parser.text.numbering import (
    ARTICLE,
    CHAPTER,
    DECIMALS,
    HEADING,
    ITEM,
    PART,
    Marker,
    find_marker,
    has_decimal_numbers,
)

_ENDS = re.compile(r"[。；：！？;:!?…](?:[”’」』）)\"]{0,3})$")
_CLOSED = re.compile(r"\([^()]{0,400}\)$")
_CLOSING_REMARK = re.compile(r"(?:责任单位|牵头单位|配合单位|责任部门|附件|详见|此件)")
_LABEL = re.compile(r"[^\d\s，。；、：:（(“]{1,3}\s{0,4}[^\d\s，。；、：:（(“]{0,4}[:：]")
_INNER = re.compile(r"[，。；：,;:！？]")
_NOTE = re.compile(r"(?:说明|备注|附注|注释|注)\s?:\s?(?=(?:1|一)\s?[、.](?!\d))")
# 召集人：王某　　副市长, and the lines of a list in columns below it
_COLUMNS = re.compile(r"[^\s]\s{2,}[^\s]")
_ANY_PUNCTUATION = re.compile(r"[，。；：、,;:！？!?]")
_MAX_HEADING_LENGTH = 25
_MAX_PART_HEADING_LENGTH = 40
_MAX_LIST_LINE_LENGTH = 24
_SHORT_HEADING_LENGTH = 10


@dataclass(slots=True)
class Paragraph:
    """A paragraph: its text without markup, its first and last line, and the number with which it begins."""

    text: str
    first_line: int
    last_line: int
    marker: Marker | None = None
    is_heading: bool = False
    has_heading_mark: bool = False

    @property
    def body(self) -> str:
        """The text after the number."""
        return self.text[self.marker.length :] if self.marker else self.text


def join_paragraphs(lines: Sequence[Line], starts: Container[int] = ()) -> list[Paragraph]:
    """Return the paragraphs of the non-blank lines; a numbered line always begins a new one.

    So do the lines whose numbers are in `starts`.
    """
    paragraphs: list[Paragraph] = []
    texts: list[str] = []
    decimals = has_decimal_numbers(line.text for line in lines)
    candidates = [
        (part, _start_paragraph(line, part, decimals))
        for line in lines
        if (text := strip_markup(line.text))
        for part in _split_note(text)
    ]
    _resolve_item_headings([paragraph for _, paragraph in candidates])
    for text, current in candidates:
        is_start = current.first_line in starts and paragraphs and paragraphs[-1].last_line < current.first_line
        if paragraphs and not is_start and _continues(paragraphs[-1], texts[-1], current):
            texts.append(text)
            paragraphs[-1].last_line = current.last_line
            continue
        _join_last(paragraphs, texts)
        paragraphs.append(current)
        texts = [text]
    _join_last(paragraphs, texts)
    return paragraphs


def _join_last(paragraphs: list[Paragraph], texts: list[str]) -> None:
    if paragraphs and len(texts) > 1:
        paragraphs[-1].text = "".join(texts)


def _split_note(text: str) -> list[str]:
    """Return the parts of a line in which a list of notes begins behind its label: 说明：1.… is 说明： and 1.…"""
    match = _NOTE.match(fold_width(text[:12]))
    return [text[: match.end()], text[match.end() :]] if match else [text]


def _start_paragraph(line: Line, text: str, decimals: bool) -> Paragraph:
    marker = find_marker(text, decimals)
    heading = _is_heading(line.text, text, marker)
    return Paragraph(text, line.number, line.number, marker, heading, has_heading_mark(line.text))


def _resolve_item_headings(candidates: Sequence[Paragraph]) -> None:
    """Decide whether a short unmarked item above plain text is a heading or the first half of a torn sentence.

    A page break tears single sentences, while headings come in numbers. So an only candidate is no heading.
    """
    unsure = [
        paragraph
        for paragraph, following in pairwise(candidates)
        if paragraph.marker
        and paragraph.marker.rank is ITEM
        and paragraph.is_heading
        and not paragraph.has_heading_mark
        and len(paragraph.body) > _SHORT_HEADING_LENGTH
        and not (following.marker or following.has_heading_mark)
    ]
    if len(unsure) == 1:
        unsure[0].is_heading = False


def _is_heading(printed: str, text: str, marker: Marker | None) -> bool:
    """Return whether a line is a heading: it is marked or short and has no inner punctuation."""
    if marker is None:
        return has_heading_mark(printed) and not text.endswith(("。", "，", "、"))
    if marker.rank in (CHAPTER, PART):
        return True
    body = text[marker.length :]
    if marker.rank is ARTICLE or _INNER.search(body) or not body or body[-1] in "、和的":
        return False
    if has_heading_mark(printed):
        return True
    longest = _MAX_PART_HEADING_LENGTH if marker.rank is HEADING else _MAX_HEADING_LENGTH
    can_be_short = marker.rank.depth <= ITEM.depth or marker.rank in DECIMALS
    return can_be_short and len(remove_spaces(body)) <= longest


def _continues(previous: Paragraph, last_text: str, current: Paragraph) -> bool:
    """Return whether `current` continues the paragraph before it, whose last line is `last_text`."""
    if current.marker or current.is_heading or previous.is_heading:
        return False
    if _LABEL.match(current.text) or is_date_line(current.text) or is_date_line(last_text):
        return False
    if is_adoption_line(current.text) or is_adoption_line(last_text) or _are_list_lines(last_text, current.text):
        return False
    if _LABEL.match(last_text) and len(last_text) < 200 and previous.first_line == previous.last_line:
        return False
    return not _is_complete(last_text)


def _are_list_lines(above: str, below: str) -> bool:
    """Return whether two lines are entries of a list: both in columns, or both short and without any punctuation."""
    if _COLUMNS.search(above) or _COLUMNS.search(below):
        return max(len(above), len(below)) <= 2 * _MAX_LIST_LINE_LENGTH
    return max(len(above), len(below)) <= _MAX_LIST_LINE_LENGTH and not _ANY_PUNCTUATION.search(above + below)


def _is_complete(text: str) -> bool:
    folded = fold_width(text)
    if _ENDS.search(folded) or folded.endswith("。"):
        return True
    if folded.endswith(")"):
        remark = _CLOSED.search(folded[-420:])
        return remark is not None and _CLOSING_REMARK.search(remark[0]) is not None
    return False
