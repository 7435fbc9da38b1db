"""Read the numbering of official documents: 第一章, 第六条, 一、, （三）, 1., (1), ①."""

from __future__ import annotations

import re
from typing import NamedTuple

from app.parser.text.normalise import fold_width, parse_numeral

_HAN = r"[一二三四五六七八九十百零两]{1,6}"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


class Rank(NamedTuple):
    """One kind of numbering: its depth, the prefix in paths, and its level of provisions."""

    depth: int
    prefix: str
    level: str


class Marker(NamedTuple):
    """A number at the start of a paragraph: its rank, value, printed form, and length in the paragraph."""

    rank: Rank
    ordinal: int
    printed: str
    length: int


ANNEX = Rank(0, "annex", "annex")
CHAPTER = Rank(1, "ch", "chapter")
PART = Rank(2, "sec", "heading")
ARTICLE = Rank(3, "art", "article")
HEADING = Rank(4, "s", "heading")
ITEM = Rank(5, "i", "item")
SUBITEM = Rank(6, "n", "subitem")
BRACKETED = Rank(7, "p", "subitem")
CIRCLED = Rank(8, "c", "subitem")

# A reference such as 第三条规定 may stand at the start of a line and opens no article.
_PATTERNS: tuple[tuple[Rank, re.Pattern[str]], ...] = (
    (CHAPTER, re.compile(rf"(第\s?({_HAN}|\d{{1,3}})\s?章)\s*")),
    (PART, re.compile(rf"(第\s?({_HAN}|\d{{1,3}})\s?节)\s*")),
    (ARTICLE, re.compile(rf"(第\s?({_HAN}|\d{{1,3}})\s?条)(?!第|规定|和|、|的|所|至|或|中|款)\s*")),
    (HEADING, re.compile(rf"(({_HAN})\s?[、.])\s*")),
    (ITEM, re.compile(rf"(\(\s?({_HAN})\s?\))\s*[、.]?\s*")),
    (SUBITEM, re.compile(r"((\d{1,3})\s?[.、])(?!\d)\s*")),
    (BRACKETED, re.compile(r"(\(\s?(\d{1,2})\s?\)|(?<!.)(\d{1,2})\))\s*[、.]?\s*")),
    (CIRCLED, re.compile(rf"(([{_CIRCLED}]))\s*[、.]?\s*")),
)


def find_marker(text: str) -> Marker | None:
    """Return the number with which a paragraph begins, given without markup; None when it has none."""
    folded = fold_width(text[:24])
    for rank, pattern in _PATTERNS:
        match = pattern.match(folded)
        if match is None:
            continue
        figure = match[2] or match[match.lastindex or 1]
        ordinal = _CIRCLED.index(figure) + 1 if rank is CIRCLED else parse_numeral(figure)
        if ordinal:
            return Marker(rank, ordinal, "".join(text[: match.end(1)].split()), match.end())
    return None
