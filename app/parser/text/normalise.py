"""Cut a text into lines and bring a line into the forms in which patterns are matched.

`fold_width` maps one character to one character, so that a span of the folded text is the same span of the printed
text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from app.parser.records import Line

_FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_REPLACEMENTS = {
    "\u3000": " ",
    "\u00a0": " ",
    "〔": "[",
    "〕": "]",
    "【": "[",
    "】": "]",
    "﹝": "[",
    "﹞": "]",
    "—": "-",
    "–": "-",
    "−": "-",
    "‒": "-",
    "―": "-",
    "─": "-",
    "﹣": "-",
    "‐": "-",
    "‑": "-",
    "〇": "零",
    "○": "零",
    "∶": ":",
    "⋯": "…",
}
_FOLD = {**{chr(code): to for code, to in _FULL_WIDTH.items()}, **_REPLACEMENTS}
# Several times faster than str.translate, which looks up every character.
_FOLDABLE = re.compile(f"[{''.join(map(re.escape, _FOLD))}]")
_MARKS = tuple("#>-*+•")
_LEADING_MARKS = re.compile(r"\s*(?:#{1,12}|>|[-*+•](?=\s))\s*")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_INVISIBLE = re.compile("[\ufeff\u200b-\u200f\u2060\u00ad]")
_SPACES = re.compile(r"\s+")
_KEY_DROPPED = re.compile(r"[\s*#\"'“”‘’「」]+")
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2}
_NUMERAL_UNITS = {"十": 10, "百": 100}


def split_lines(text: str) -> list[Line]:
    """Return the lines of a text, numbered from 1, without characters of zero width.

    Only line feeds and carriage returns end a line.
    """
    visible = _INVISIBLE.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    return [Line(number, part) for number, part in enumerate(visible.split("\n"), 1)]


def nonblank_lines(lines: Iterable[Line]) -> list[Line]:
    """Return the lines that hold more than whitespace."""
    return [line for line in lines if line.text.strip()]


def fold_width(text: str) -> str:
    """Return the text in half-width characters with one kind of bracket and dash, at the same length."""
    return _FOLDABLE.sub(lambda match: _FOLD[match[0]], text)


def strip_markup(text: str) -> str:
    """Return a line without Markdown, HTML and outer spaces."""
    if "<" in text:
        text = _TAG.sub(" ", _BREAK.sub(" ", text))
    if "&" in text:
        text = html.unescape(text)
    text = text.strip()
    while text[:1] in _MARKS and (mark := _LEADING_MARKS.match(text)):
        text = text[mark.end() :]
    if "*" in text or "#" in text or "_" in text:
        text = text.replace("**", "").replace("__", "").rstrip("#").strip()
    return text


def has_heading_mark(text: str) -> bool:
    """Return whether a line begins with a Markdown heading mark."""
    return text.lstrip().startswith("#")


def remove_spaces(text: str) -> str:
    """Return a line without markup and without the stray spaces of the OCR.

    A space between two Latin words or numbers stays. A space beside a Chinese character is removed.
    """
    text = _SPACES.sub(" ", strip_markup(text))
    return re.sub(r"(?<=[^\x21-\x7e]) | (?=[^\x21-\x7e])", "", text)


def match_key(text: str) -> str:
    """Return the form in which two prints of one title are equal: folded, without spaces, quotes and markup."""
    folded = _KEY_DROPPED.sub("", fold_width(strip_markup(text)))
    return re.sub(r"-+", "-", folded) if "--" in folded else folded


def parse_numeral(text: str) -> int | None:
    """Return the value of a Chinese or Arabic number below 1000; None when the text is no number."""
    text = fold_width(text).strip()
    if not text or len(text) > 7:
        return None
    if text.isascii() and text.isdigit():
        return int(text)
    if not any(char in _NUMERAL_UNITS for char in text):
        digits = [_DIGITS.get(char) for char in text]
        known = [digit for digit in digits if digit is not None]
        return int("".join(map(str, known))) if len(known) == len(text) else None
    total, pending = 0, 0
    for char in text:
        if char in _NUMERAL_UNITS:
            total += (pending or 1) * _NUMERAL_UNITS[char]
            pending = 0
        elif char in _DIGITS:
            pending = _DIGITS[char]
        else:
            return None
    return total + pending
