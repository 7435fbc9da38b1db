"""Build the highlights of a row: excerpts around the first hits, HTML-escaped, with the hits in `<mark>`."""

import html
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.model.dataset import Dataset
from app.query.fulltext.search_expression import SearchExpression
from app.query.fulltext.tokens import CHINESE, UNIT, canonical_text, singular, text_units

MAX_EXCERPT_LENGTH = 200
"""The maximum length of an excerpt, in characters."""
CONTEXT_LENGTH = 40
"""The number of characters of a longer text that are shown before its first hit."""
MAX_LIST_MEMBERS = 3
"""The maximum number of excerpts of a list field."""
MAX_HITS_PER_TERM = 50

Span = tuple[int, int]
Readings = Mapping[str, list[list[str]]]


def field_texts(record: Mapping[str, Any], path: str) -> Iterator[str]:
    """Yield all texts in a field, its list members and objects; `participants.name` names a member of objects."""
    name, _, inner = path.partition(".")
    return _value_texts(record.get(name), inner)


def _value_texts(value: Any, inner: str) -> Iterator[str]:
    match value:
        case str() if value and not inner:
            yield value
        case list():
            for member in value:
                yield from _value_texts(member, inner)
        case dict():
            name, _, rest = inner.partition(".")
            for key, member in value.items():
                if not inner or key == name:
                    yield from _value_texts(member, rest)


def parse_readings(stored: str) -> Readings:
    """Return the names of a row with the syllables of their readings, from `search_rows.names`."""
    readings: dict[str, list[list[str]]] = {}
    for part, syllables in json.loads(stored) if stored else ():
        readings.setdefault(part, []).append(syllables)
    return readings


def build_highlights(
    dataset: Dataset, record: Mapping[str, Any], expression: SearchExpression, readings: Readings | None = None
) -> list[dict[str, str]]:
    """Return the fields that match a search, as `{"field", "text"}`.

    `readings` are needed to mark the hits of names that were found by pinyin.
    """
    highlights: list[dict[str, str]] = []
    for name in dataset.search_fields:
        name_texts = {
            text for path in dataset.name_fields if path.split(".")[0] == name for text in field_texts(record, path)
        }
        count = 0
        for text in dict.fromkeys(field_texts(record, name)):
            spans = list(_spans(text, expression.terms))
            if readings and text in name_texts:
                spans += _pinyin_spans(text, expression.terms, readings)
            if spans and count < MAX_LIST_MEMBERS:
                highlights.append({"field": name, "text": mark_hits(text, spans)})
                count += 1
    return highlights


def _spans(text: str, terms: Sequence[str]) -> Iterator[Span]:
    canonical = canonical_text(text)
    term_units = [UNIT.findall(term) for term in terms if term in canonical]
    if not term_units:
        return
    all_units = list(text_units(text))
    words = [unit.text for unit in all_units]
    for term in term_units:
        hits = 0
        for start in range(len(words) - len(term) + 1):
            if words[start] == term[0] and words[start : start + len(term)] == term:
                yield all_units[start].start, all_units[start + len(term) - 1].end
                hits += 1
                if hits == MAX_HITS_PER_TERM:
                    break


def _pinyin_spans(text: str, terms: Sequence[str], readings: Readings) -> Iterator[Span]:
    latin_terms = [UNIT.findall(term) for term in terms if not CHINESE.search(term)]
    for part in CHINESE.finditer(text):
        for syllables in readings.get(part.group(), ()):
            for words in latin_terms:
                for start, end in _pinyin_matches(syllables, words):
                    yield part.start() + start, part.start() + end


def _pinyin_matches(syllables: Sequence[str], words: Sequence[str]) -> Iterator[Span]:
    """Yield where words are syllables of a name, or where a single word is several syllables or their initials."""
    number = len(syllables)
    for start in range(number):
        if [singular(each) for each in syllables[start : start + len(words)]] == list(words):
            yield start, start + len(words)
        for end in range(start + 2, number + 1) if len(words) == 1 else ():
            part = syllables[start:end]
            if words[0] in (singular("".join(part)), singular("".join(each[0] for each in part))):
                yield start, end


def mark_hits(text: str, spans: Sequence[Span]) -> str:
    """Return a text, or an excerpt around the first span if it is long, HTML-escaped, with every span marked."""
    spans = _merge_spans(spans)
    first = spans[0][0]
    start = (
        0 if len(text) <= MAX_EXCERPT_LENGTH else max(0, min(first - CONTEXT_LENGTH, len(text) - MAX_EXCERPT_LENGTH))
    )
    stop = min(len(text), start + MAX_EXCERPT_LENGTH)
    out, position = ["…" if start else ""], start
    for begin, end in spans:
        if begin >= stop:
            break
        out += [html.escape(text[position:begin]), "<mark>", html.escape(text[begin : min(end, stop)]), "</mark>"]
        position = min(end, stop)
    out += [html.escape(text[position:stop]), "…" if stop < len(text) else ""]
    return "".join(out)


def _merge_spans(spans: Sequence[Span]) -> list[Span]:
    merged: list[Span] = []
    for begin, end in sorted(spans):
        if merged and begin <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((begin, end))
    return merged
