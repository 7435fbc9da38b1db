"""Cleaning: the text cut into lines, and the forms of a line that patterns are matched against.

The printed text stays as it is; `fold` maps one character to one character, so that a span
found in the folded text is the same span in the printed one.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from app.parser.records import Line

_FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_SAME = {
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
_FOLD = {**{chr(code): to for code, to in _FULL_WIDTH.items()}, **_SAME}
# Several times as fast as str.translate, which looks up every character.
_FOLDED = re.compile(f"[{''.join(map(re.escape, _FOLD))}]")
_MARKS = tuple("#>-*+•")
_LEADING_MARKS = re.compile(r"\s*(?:#{1,12}|>|[-*+•](?=\s))\s*")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_INVISIBLE = re.compile("[\ufeff\u200b-\u200f\u2060\u00ad]")
_SPACES = re.compile(r"\s+")
_KEY_DROPPED = re.compile(r"[\s*#\"'“”‘’「」]+")
_NUMERAL = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2}
_NUMERAL_UNIT = {"十": 10, "百": 100}


def split_lines(text: str) -> list[Line]:
    """Cut a text into lines, numbered from 1; only line feeds and carriage returns end a line.

    Characters without width, which nobody sees in print, are left out.
    """
    whole = _INVISIBLE.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    return [Line(number, part) for number, part in enumerate(whole.split("\n"), 1)]


def nonblank(lines: Iterable[Line]) -> list[Line]:
    """Return the lines that hold more than white space."""
    return [line for line in lines if line.text.strip()]


def fold(text: str) -> str:
    """Return a matching form of the same length: half-width, one kind of bracket and dash."""
    return _FOLDED.sub(lambda match: _FOLD[match[0]], text)


def plain(text: str) -> str:
    """Return one line without Markdown and HTML marks, outer spaces stripped."""
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


def is_marked(text: str) -> bool:
    """Tell whether the line carries a Markdown heading mark."""
    return text.lstrip().startswith("#")


def unspaced(text: str) -> str:
    """Return a printed title without the stray spaces of the OCR and without marks.

    A space between two Latin words or numbers stays, one beside a Chinese character goes.
    """
    text = _SPACES.sub(" ", plain(text))
    return re.sub(r"(?<=[^\x21-\x7e]) | (?=[^\x21-\x7e])", "", text)


def key(text: str) -> str:
    """Return the form in which two prints of one title are equal: folded, no spaces, no quotes."""
    folded = _KEY_DROPPED.sub("", fold(plain(text)))
    return re.sub(r"-+", "-", folded) if "--" in folded else folded


def numeral(text: str) -> int | None:
    """Return the value of a Chinese or Arabic number below 1000, None when it is none."""
    text = fold(text).strip()
    if not text or len(text) > 7:
        return None
    if text.isascii() and text.isdigit():
        return int(text)
    if not any(char in _NUMERAL_UNIT for char in text):
        digits = [_NUMERAL.get(char) for char in text]
        known = [digit for digit in digits if digit is not None]
        return int("".join(map(str, known))) if len(known) == len(text) else None
    total, pending = 0, 0
    for char in text:
        if char in _NUMERAL_UNIT:
            total += (pending or 1) * _NUMERAL_UNIT[char]
            pending = 0
        elif char in _NUMERAL:
            pending = _NUMERAL[char]
        else:
            return None
    return total + pending
