"""Bounds in running text: those that stand before a list, and those whose figure was not understood."""

from __future__ import annotations

import re

from app.parser.documents import vocabulary as words
from app.parser.documents.figures_in_text import find_figures
from app.parser.documents.vocabulary import Comparator

_BOUND_AND_NUMBER = re.compile(
    rf"(?:{words.NEGATED_LESS}|{words.NEGATED_MORE}|至少|至多|最多)\s?(?P<number>\d[\d.,]*|[一二三四五六七八九十百千万亿两]{{1,8}}(?![些定般律切]))"
    r"|[二三四五六七八九十]分之[一二三四五六七八九]"
)


_BOUND_OF_LIST = re.compile(
    rf"(?:(?P<most>{words.NEGATED_MORE})|(?P<least>{words.NEGATED_LESS}))(?:下列|以下|如下)[^,;。:]{{0,8}}:?$",
    re.MULTILINE,
)


def bound_of_list(lead: str) -> Comparator | None:
    """Return the bound that the folded words around a list set for its figures: 不得超过下列标准."""
    match = _BOUND_OF_LIST.search(lead)
    return None if match is None else "gte" if match["least"] else "lte"


def find_unread_bounds(sentence: str) -> list[str]:
    """Return the printed bounds (不少于30…) whose figure has no known unit or no exact decimal."""
    bounds = list(_BOUND_AND_NUMBER.finditer(sentence))
    spans = [(figure.start, figure.end) for figure in find_figures(sentence)] if bounds else []
    return [
        sentence[match.start() : match.end() + 6]
        for match in bounds
        if not any(start < match.end() and match.start() < end for start, end in spans)
    ]
