"""Find a title that is printed with one character more, less or different."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

_FIGURE = re.compile(r"[0-9零一二三四五六七八九十百千两上下甲乙丙丁年]")
_MIN_LIKENESS = 0.85
_MIN_LENGTH = 8
"""A shorter title differs too easily from another one by a single character."""


class NearTitles:
    """Titles, given as match keys, that are found though a character differs.

    Every title is kept under its variants with one character left out, so that the time of a look-up does not depend on
    the number of titles. A figure never differs: 一期 is not 二期.
    """

    def __init__(self, titles: Iterable[str]) -> None:
        self._titles = set(titles)
        self._variants: dict[str, set[str]] = {}
        for title in self._titles:
            if len(title) >= _MIN_LENGTH:
                for variant in _variants(title):
                    self._variants.setdefault(variant, set()).add(title)

    def find(self, key: str) -> str | None:
        """Return the title that a printed one means; None when there is none, or more than one."""
        if key in self._titles:
            return key
        if len(key) < _MIN_LENGTH or not self._variants:
            return None
        found = {title for variant in _variants(key) for title in self._variants.get(variant, ())}
        near = [title for title in found if is_near(key, title)]
        return near[0] if len(near) == 1 else None


def is_like(first: str, second: str) -> bool:
    """Return whether two match keys may be the title of one plan in other words, as 甲行动方案 and 甲行动计划 are."""
    if len(min(first, second, key=len)) >= _MIN_LENGTH and first[:-2] == second[:-2]:
        return True
    return SequenceMatcher(None, first, second, autojunk=False).ratio() >= _MIN_LIKENESS


def _variants(title: str) -> Iterator[str]:
    yield title
    for at in range(len(title)):
        yield title[:at] + title[at + 1 :]


def is_near(first: str, second: str) -> bool:
    """Return whether two match keys are equal but for one character, which is no figure."""
    if first == second:
        return True
    if abs(len(first) - len(second)) > 1 or min(len(first), len(second)) < _MIN_LENGTH - 1:
        return False
    start = 0
    while start < min(len(first), len(second)) and first[start] == second[start]:
        start += 1
    end = 0
    while end < min(len(first), len(second)) - start and first[-1 - end] == second[-1 - end]:
        end += 1
    left, right = first[start : len(first) - end], second[start : len(second) - end]
    return len(left) <= 1 and len(right) <= 1 and not _FIGURE.search(left + right)
