"""Canonical texts and tokens for full-text search, the same for indexed texts and for searches.

`canonical_text` writes a text in one canonical form. Letters are folded (NFKD, case, accents, plural endings of
English words), Chinese characters are simplified and follow each other directly, a word stands between two spaces,
every full stop or comma becomes `|`, and there is a `|` at both ends. Brackets, hyphens and spaces disappear:
温政办〔2021〕28号 equals 温政办2021 28号. A text therefore contains a phrase if its canonical text contains the
canonical phrase.

`index_tokens` are what the databases index: each Chinese character, each pair of neighbouring characters, and
each word. Tokens only find candidates; the canonical texts decide.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from app.model.chinese import simplify_character

CJK = "\u1100-\u11ff\u3005\u3007\u3040-\u30ff\u3105-\u312f\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\U00020000-\U0003ffff"
SEGMENT = re.compile(rf"[{CJK}]+|\||[^ |{CJK}]+")
UNIT = re.compile(rf"[{CJK}]|\||[^ |{CJK}]+")
CHINESE = re.compile(rf"[{CJK}]+")
BREAKS = frozenset("。、，,；;：:！!？?…")
MAX_TOKEN_LENGTH = 40
SHORT_TEXT_LENGTH = 40
"""Texts up to this length are names, codes and months, which recur in a table and are worth caching."""
MAX_TOKEN_BYTES = 900_000
"""Postgres stores at most one megabyte of tokens for each row."""
CATCH_ALL_TOKEN = "everytoken"
"""The only token of a row that has too many tokens. It makes the row a candidate for every search."""


class Unit(NamedTuple):
    """A Chinese character or a word in folded form, with its position in the text."""

    text: str
    start: int
    end: int


class _FoldTable(dict[int, str]):
    """A translation table that computes the folded form of each character when it is first used."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = fold_char(chr(code))
        return folded


def fold_char(char: str) -> str:
    """Return a character's letters and digits: `|` for punctuation, a space for other separators, "" for marks."""
    if char in BREAKS:
        return "|"
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return ""
    plain = unicodedata.normalize("NFKD", simplify_character(char)).casefold()
    if plain.startswith("u\u0308"):  # the ü of pinyin is typed as v
        return "v"
    kept = (c for c in plain if not unicodedata.combining(c))
    return "".join("|" if c in BREAKS else c if c.isalnum() else " " for c in kept)


FOLDED = _FoldTable()


def singular(word: str) -> str:
    """Return an English word without its plural ending, by a simple rule that depends on the spelling alone."""
    if not word.endswith("s") or len(word) < 4 or not word.isascii() or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[:-2] if word.endswith(("sses", "shes", "ches", "xes", "zes")) else word[:-1]


def canonical_text(text: str) -> str:
    """Return the canonical form of a text, with `|` at both ends."""
    return f"|{canonical_phrase(text)}|"


def canonical_phrase(text: str) -> str:
    """Return the canonical form that a text has inside a longer one."""
    return _canonicalise(text) if len(text) > SHORT_TEXT_LENGTH else _canonicalise_short(text)


def _canonicalise(text: str) -> str:
    segments = SEGMENT.findall(text.translate(FOLDED))
    return "".join(p if p == "|" or is_chinese(p) else f" {singular(p)} " for p in segments)


_canonicalise_short = lru_cache(4096)(_canonicalise)


def is_chinese(segment: str) -> bool:
    """Return whether a segment of a canonical text consists of Chinese characters."""
    return not segment.isascii() and CHINESE.match(segment) is not None


def text_units(text: str) -> Iterator[Unit]:
    """Yield the characters and words of a text in order, with `|` for punctuation."""
    origin = [n for n, char in enumerate(text) for _ in FOLDED[ord(char)]]
    for match in UNIT.finditer(text.translate(FOLDED)):
        word = match.group()
        yield Unit(word if len(word) == 1 else singular(word), origin[match.start()], origin[match.end() - 1] + 1)


def index_tokens(canonical: str) -> list[str]:
    """Return the tokens to index for a canonical text, each of them once."""
    tokens: dict[str, None] = {}
    for segment in SEGMENT.findall(canonical):
        if is_chinese(segment):
            tokens.update(dict.fromkeys(segment))
            tokens.update(dict.fromkeys(map("".join, pairwise(segment))))
        elif segment != "|":
            tokens[segment[:MAX_TOKEN_LENGTH]] = None
    large = len(canonical) > MAX_TOKEN_BYTES // 24  # a character has at most four bytes and is in three tokens
    return (
        [CATCH_ALL_TOKEN]
        if large and sum(len(token.encode()) + 2 for token in tokens) > MAX_TOKEN_BYTES
        else list(tokens)
    )


def query_tokens(canonical: str) -> list[str]:
    """Return the tokens that every text has which contains a canonical phrase."""
    tokens: dict[str, None] = {}
    for segment in SEGMENT.findall(canonical):
        if is_chinese(segment) and len(segment) > 1:
            tokens.update(dict.fromkeys(map("".join, pairwise(segment))))
        elif segment != "|":
            tokens[segment[:MAX_TOKEN_LENGTH]] = None
    return list(tokens)
