"""Text as full text sees it, the same for what is indexed and for what is asked. Pure.

`rendered` writes a text in one canonical way: letters folded (NFKD, case, accents; plural endings
of English words), Chinese characters side by side, a word between two blanks, every stop or comma
as `|`, and a `|` at both ends. Brackets, hyphens and blanks vanish: 温政办〔2021〕28号 is the same as
温政办2021 28号. So a phrase stands in a text when its rendered form is a part of the text's.

`tokens` are what the databases index of that: each Chinese character, each pair of neighbours, each
word. They find the candidates; the rendered form decides.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

CJK = "\u1100-\u11ff\u3005\u3007\u3040-\u30ff\u3105-\u312f\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\U00020000-\U0003ffff"
PIECE = re.compile(rf"[{CJK}]+|\||[^ |{CJK}]+")
UNIT = re.compile(rf"[{CJK}]|\||[^ |{CJK}]+")
CHINESE = re.compile(rf"[{CJK}]+")
BREAKS = frozenset("。、，,；;：:！!？?…")
LONGEST_TOKEN = 40
SHORT = 40
"""Texts up to this length are names, codes and months, which come again and again in a table."""
MOST_BYTES = 900_000
"""Postgres holds a megabyte of tokens a row."""
EVERY = "everytoken"
"""The only token of a row that has too many: a candidate for every question."""


class Unit(NamedTuple):
    """A Chinese character or a word in folded form, and where it stands in the text."""

    text: str
    start: int
    end: int


class _Folding(dict[int, str]):
    """Each character's folded form, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = fold(chr(code))
        return folded


def fold(char: str) -> str:
    """A character's letters and digits; `|` for a stop, a blank for what else parts words, "" for marks."""
    if char in BREAKS:
        return "|"
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return ""
    plain = unicodedata.normalize("NFKD", char).casefold()
    if plain.startswith("u\u0308"):  # pinyin's ü is typed v
        return "v"
    kept = (c for c in plain if not unicodedata.combining(c))
    return "".join("|" if c in BREAKS else c if c.isalnum() else " " for c in kept)


FOLDED = _Folding()


def singular(word: str) -> str:
    """An English word without its plural ending, roughly; the same for every word that is spelled the same."""
    if not word.endswith("s") or len(word) < 4 or not word.isascii() or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[:-2] if word.endswith(("sses", "shes", "ches", "xes", "zes")) else word[:-1]


def rendered(text: str) -> str:
    """The canonical form of a text, `|` at both ends."""
    return f"|{render(text)}|"


def render(text: str) -> str:
    """The canonical form of a text as it stands inside a longer one."""
    return _render(text) if len(text) > SHORT else _render_short(text)


def _render(text: str) -> str:
    pieces = PIECE.findall(text.translate(FOLDED))
    return "".join(p if p == "|" or is_chinese(p) else f" {singular(p)} " for p in pieces)


_render_short = lru_cache(4096)(_render)


def is_chinese(piece: str) -> bool:
    """Whether a piece of a canonical form is a run of Chinese characters."""
    return not piece.isascii() and CHINESE.match(piece) is not None


def units(text: str) -> Iterator[Unit]:
    """The characters and words of a text in their order, with `|` where it breaks."""
    origin = [n for n, char in enumerate(text) for _ in FOLDED[ord(char)]]
    for found in UNIT.finditer(text.translate(FOLDED)):
        word = found.group()
        yield Unit(word if len(word) == 1 else singular(word), origin[found.start()], origin[found.end() - 1] + 1)


def tokens(canonical: str) -> list[str]:
    """The tokens that are indexed for a canonical form, each once."""
    found: dict[str, None] = {}
    for piece in PIECE.findall(canonical):
        if is_chinese(piece):
            found.update(dict.fromkeys(piece))
            found.update(dict.fromkeys(map("".join, pairwise(piece))))
        elif piece != "|":
            found[piece[:LONGEST_TOKEN]] = None
    large = len(canonical) > MOST_BYTES // 24  # a character takes four bytes at most, and stands in three tokens
    return [EVERY] if large and sum(len(token.encode()) + 2 for token in found) > MOST_BYTES else list(found)


def wanted_tokens(canonical: str) -> list[str]:
    """The tokens that every text has which holds a canonical form."""
    found: dict[str, None] = {}
    for piece in PIECE.findall(canonical):
        if is_chinese(piece) and len(piece) > 1:
            found.update(dict.fromkeys(map("".join, pairwise(piece))))
        elif piece != "|":
            found[piece[:LONGEST_TOKEN]] = None
    return list(found)
