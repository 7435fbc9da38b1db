"""Join lines into paragraphs, across page breaks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.parser.records import Line
from app.parser.text.dates import is_date_line
from app.parser.text.normalise import fold_width, has_heading_mark, remove_spaces, strip_markup
from app.parser.text.numbering import ARTICLE, CHAPTER, ITEM, PART, Marker, find_marker

_ENDS = re.compile(r"[。；：！？;:!?…](?:[”’」』）)\"]{0,3})$")
_CLOSED = re.compile(r"\([^()]{0,400}\)$")
_CLOSING_REMARK = re.compile(r"(?:责任单位|牵头单位|配合单位|责任部门|见附件|详见|此件)")
_LABEL = re.compile(r"[^\d\s，。；、：:（(“]{1,3}\s{0,4}[^\d\s，。；、：:（(“]{0,4}[:：]")
_INNER = re.compile(r"[，。；：,;:！？]")
_MAX_HEADING_LENGTH = 25
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


def join_paragraphs(lines: Sequence[Line]) -> list[Paragraph]:
    """Return the paragraphs of the non-blank lines; a numbered line always begins a new one."""
    paragraphs: list[Paragraph] = []
    texts: list[str] = []
    candidates = [(text, _start_paragraph(line, text)) for line in lines if (text := strip_markup(line.text))]
    _resolve_item_headings([paragraph for _, paragraph in candidates])
    for text, current in candidates:
        if paragraphs and _continues(paragraphs[-1], texts[-1], current):
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


def _start_paragraph(line: Line, text: str) -> Paragraph:
    marker = find_marker(text)
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
    return marker.rank.depth <= ITEM.depth and len(remove_spaces(body)) <= _MAX_HEADING_LENGTH


def _continues(previous: Paragraph, last_text: str, current: Paragraph) -> bool:
    """Return whether `current` continues the paragraph before it, whose last line is `last_text`."""
    if current.marker or current.is_heading or previous.is_heading:
        return False
    if _LABEL.match(current.text) or is_date_line(current.text) or is_date_line(last_text):
        return False
    if _LABEL.match(last_text) and len(last_text) < 200 and previous.first_line == previous.last_line:
        return False
    return not _is_complete(last_text)


def _is_complete(text: str) -> bool:
    folded = fold_width(text)
    if _ENDS.search(folded) or folded.endswith("。"):
        return True
    if folded.endswith(")"):
        remark = _CLOSED.search(folded[-420:])
        return remark is not None and _CLOSING_REMARK.search(remark[0]) is not None
    return False
