"""How wide a text will be, and how to cut or wrap it. SVG neither measures nor wraps text.

Widths are estimates for the usual sans-serif fonts: a Chinese character is as wide as it is high, and the others are
taken a little too wide rather than too narrow.
"""

import re
import unicodedata
from functools import lru_cache

ELLIPSIS = "…"
NARROW = frozenset(" .,:;'`|!ijlI()[]/·-")
WIDE = frozenset("mwMW@%&=+<>≥≤±")
NARROW_WIDTH, LATIN_WIDTH, CAPITAL_WIDTH, WIDE_WIDTH = 0.34, 0.58, 0.7, 0.9
"""Widths of letters in units of the font size."""
UNBREAKABLE = re.compile(r"[0-9A-Za-z%=&?_./:,+#~@$'()\-]+|\s+|.", re.DOTALL)
"""What a line is broken between: words of Latin letters, spaces, and single other characters."""
NOT_FIRST = frozenset("，。、；：？！）》」』”’…)]}%,.;:?!")
"""Characters that no line begins with."""
LONG_WORD = re.compile(r".{1,12}", re.DOTALL)


@lru_cache(maxsize=4096)
def char_width(char: str) -> float:
    """Return the width of a character in units of the font size."""
    if char in NARROW:
        return NARROW_WIDTH
    if char in WIDE:
        return WIDE_WIDTH
    if unicodedata.combining(char):
        return 0
    if unicodedata.east_asian_width(char) in ("W", "F", "A"):
        return 1
    return CAPITAL_WIDTH if char.isupper() else LATIN_WIDTH


def text_width(text: str, size: float) -> float:
    """Return the width of a text in pixels."""
    return sum(map(char_width, text)) * size


def cut(text: str, width: float, size: float) -> str:
    """Return the text, with an ellipsis in place of what does not fit a width."""
    if text_width(text, size) <= width:
        return text
    room = width - text_width(ELLIPSIS, size)
    kept = []
    for char in text:
        room -= char_width(char) * size
        if room < 0:
            break
        kept.append(char)
    return "".join(kept).rstrip() + ELLIPSIS


def wrap(text: str, width: float, size: float, max_lines: int) -> list[str]:
    """Return the text as lines no wider than a width; what does not fit the last line is cut."""
    lines, line = [], ""
    for word in _words(text, width, size):
        if line and text_width(line + word.rstrip(), size) > width:
            lines.append(line.rstrip())
            line = word.lstrip()
        else:
            line += word
    lines.append(line.rstrip())
    if len(lines) > max_lines:
        rest = "".join(lines[max_lines - 1 :])
        lines = [*lines[: max_lines - 1], cut(rest + ELLIPSIS, width, size)]
    return [each for each in lines if each]


def _words(text: str, width: float, size: float) -> list[str]:
    """Return what a text may be broken into. A word that is wider than a line is broken, too."""
    words: list[str] = []
    for word in UNBREAKABLE.findall(" ".join(text.split())):
        if words and word in NOT_FIRST and text_width(words[-1] + word, size) <= width:
            words[-1] += word
        else:
            words += LONG_WORD.findall(word) if text_width(word, size) > width else [word]
    return words
