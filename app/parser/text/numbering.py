"""Read the numbering of official documents: 第一章, 第六条, 一、, （三）, 1., (1), ①, and 1, 1.1, 1.1.1."""

from __future__ import annotations

import re
from collections.abc import Iterable
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
# 1 总则, 1.1 目的, 1.1.1 …, as plans for emergencies are numbered
DECIMALS = (Rank(6, "n", "heading"), Rank(7, "n", "heading"), Rank(8, "n", "heading"), Rank(9, "n", "heading"))
BRACKETED = Rank(10, "p", "subitem")
CIRCLED = Rank(11, "c", "subitem")

# A reference such as 第三条规定 may stand at the start of a line and opens no article.
_PATTERNS: tuple[tuple[Rank, re.Pattern[str]], ...] = (
    (CHAPTER, re.compile(rf"(第\s?({_HAN}|\d{{1,3}})\s?章)\s*")),
    (PART, re.compile(rf"(第\s?({_HAN}|\d{{1,3}})\s?节)\s*")),
    (ARTICLE, re.compile(rf"(第\s?({_HAN}|\d{{1,3}})\s?条)(?!第|规定|和|、|的|所|至|或|中|款)\s*")),
    (HEADING, re.compile(rf"(({_HAN})\s?[、.])\s*")),
    (ITEM, re.compile(rf"(\(\s?({_HAN})\s?\))\s*[、.]?\s*")),
    # 1.5万元 begins with no number, 1.2021年底前 does.
    (SUBITEM, re.compile(r"((\d{1,3})\s?[.、])(?!\d(?!\d{3}年))\s*")),
    (BRACKETED, re.compile(r"(\(\s?(\d{1,2})\s?\)|(?<!.)(\d{1,2})\))\s*[、.]?\s*")),
    (CIRCLED, re.compile(rf"(([{_CIRCLED}]))\s*[、.]?\s*")),
)


_UNIT = "万|亿|元|个|倍|米|吨|亩|公[里斤顷]|平方|立方|千[米瓦克]|克|年|月|天|小时|分钟|度|成"
_DECIMAL = re.compile(
    rf"(\d{{1,2}}(?:\.\d{{1,2}}){{0,3}})(?:\s+|(?<=\.\d)(?!{_UNIT})(?=[\u4e00-\u9fff]{{2}}))(?=[\u4e00-\u9fff(\"“《])"
)
_DECIMAL_FIRST = re.compile(r"1\.1\s*[\u4e00-\u9fff]")


def has_decimal_numbers(texts: Iterable[str]) -> bool:
    """Return whether paragraphs are numbered 1, 1.1, 1.1.1: whether one of them is 1.1."""
    return any(
        _DECIMAL_FIRST.match(fold_width(text[:12]).lstrip()) for text in texts if "1" in text[:4] or "１" in text[:4]
    )


def find_marker(text: str, decimals: bool = False) -> Marker | None:
    """Return the number with which a paragraph begins, given without markup; None when it has none.

    With `decimals` the paragraphs of the text are numbered 1, 1.1, 1.1.1.
    """
    folded = fold_width(text[:24])
    if decimals and (match := _DECIMAL.match(folded)):
        figures = match[1].split(".")
        last = int(figures[-1])
        return Marker(DECIMALS[len(figures) - 1], last, match[1], match.end()) if last else None
    for rank, pattern in _PATTERNS:
        match = pattern.match(folded)
        if match is None:
            continue
        figure = match[2] or match[match.lastindex or 1]
        ordinal = _CIRCLED.index(figure) + 1 if rank is CIRCLED else parse_numeral(figure)
        if ordinal:
            return Marker(rank, ordinal, "".join(text[: match.end(1)].split()), match.end())
    return None
