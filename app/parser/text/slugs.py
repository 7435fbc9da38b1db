"""Slugs and ids: toneless pinyin without separators."""

from __future__ import annotations

import re
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_LONGEST = 60


@lru_cache(maxsize=4096)
def slug(text: str) -> str:
    """Return toneless pinyin, only a-z and 0-9: `乐清` gives `yueqing`; "" when nothing is left."""
    # A numeral such as Ⅲ or a full-width digit has no pinyin: it is dropped, not guessed.
    parts = lazy_pinyin(text[:_LONGEST], style=Style.NORMAL, errors="default")
    return _NOT_SLUG.sub("", "".join(parts).lower().replace("ü", "v"))


def unique(wanted: str, taken: dict[str, int]) -> str:
    """Return `wanted`, or `wanted-2` and so on for a second bearer, and count it in `taken`."""
    bearers = taken.get(wanted, 0) + 1
    taken[wanted] = bearers
    if bearers == 1:
        return wanted
    named = f"{wanted}-{bearers}"
    return unique(named, taken)
