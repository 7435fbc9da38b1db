"""Recognise damage that a text shows by itself: what is printed twice, and words that a scan is known to misread.

What is printed stays. A note says what seems to be wrong.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Misreading(NamedTuple):
    """A misread word, what it most likely is, and an example."""

    printed: str
    likely: str
    example: str


MISREADINGS: tuple[Misreading, ...] = (
    Misreading("断面具域", "断面县域", "断面具域交界处"),
    Misreading("各具(", "各县(", "各具（市、区）"),
    Misreading("乐瑄运河", "乐琯运河", "乐瑄运河"),
)
"""Official names of waters and usual words, by what scans make of them."""
_BETWEEN = "、，,；;。（(：:"
_TWICE = re.compile(rf"(?:^|(?<=[{_BETWEEN}]))([\u4e00-\u9fff]{{2,8}})、\1(?=[{_BETWEEN}）)和及]|$)")
_WIDTH = str.maketrans("（）", "()")


def find_damage(text: str) -> list[str]:
    """Return a note for each damaged place in a text."""
    notes = [f"{match[1]} is printed twice" for match in _TWICE.finditer(text)]
    narrow = text.translate(_WIDTH)
    for word in MISREADINGS:
        if word.printed in narrow:
            notes.append(f"printed as {word.printed.rstrip('(')}, probably {word.likely.rstrip('(')}")
    return list(dict.fromkeys(notes))
