"""Why a row was found: its texts around the first hits, with `<mark>`, otherwise HTML-escaped. Pure."""

import html
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.model.dataset import Dataset
from app.query.fulltext.search_expression import FullText
from app.query.fulltext.tokens import CHINESE, UNIT, rendered, singular, units

LONGEST = 200
"""How much of a text is shown, in characters."""
BEFORE = 40
"""How much of a longer text stands before its first hit."""
MOST_MEMBERS = 3
"""How many members of a list are shown a field."""
MOST_HITS = 50

Span = tuple[int, int]
Readings = Mapping[str, list[list[str]]]


def strings(record: Mapping[str, Any], path: str) -> Iterator[str]:
    """The texts of a field, of all members of a list and of its objects; `participants.name` reaches inside."""
    name, _, inner = path.partition(".")
    return _strings(record.get(name), inner)


def _strings(value: Any, inner: str) -> Iterator[str]:
    match value:
        case str() if value and not inner:
            yield value
        case list():
            for member in value:
                yield from _strings(member, inner)
        case dict():
            name, _, rest = inner.partition(".")
            for key, member in value.items():
                if not inner or key == name:
                    yield from _strings(member, rest)


def read_names(stored: str) -> Readings:
    """The names of a row with the syllables that they are read with, from `search_rows.names`."""
    names: dict[str, list[list[str]]] = {}
    for part, syllables in json.loads(stored) if stored else ():
        names.setdefault(part, []).append(syllables)
    return names


def highlights(
    dataset: Dataset, record: Mapping[str, Any], asked: FullText, names: Readings | None = None
) -> list[dict[str, str]]:
    """The fields that answer a question, as `{"field", "text"}`; `names` are needed to mark what is found by sound."""
    found: list[dict[str, str]] = []
    for name in dataset.search:
        sounding = {text for path in dataset.names if path.split(".")[0] == name for text in strings(record, path)}
        shown = 0
        for text in dict.fromkeys(strings(record, name)):
            spans = list(_spans(text, asked.terms))
            if names and text in sounding:
                spans += _sounding_spans(text, asked.terms, names)
            if spans and shown < MOST_MEMBERS:
                found.append({"field": name, "text": marked(text, spans)})
                shown += 1
    return found


def _spans(text: str, terms: Sequence[str]) -> Iterator[Span]:
    canonical = rendered(text)
    held = [UNIT.findall(term) for term in terms if term in canonical]
    if not held:
        return
    every = list(units(text))
    words = [unit.text for unit in every]
    for term in held:
        hits = 0
        for start in range(len(words) - len(term) + 1):
            if words[start] == term[0] and words[start : start + len(term)] == term:
                yield every[start].start, every[start + len(term) - 1].end
                hits += 1
                if hits == MOST_HITS:
                    break


def _sounding_spans(text: str, terms: Sequence[str], names: Readings) -> Iterator[Span]:
    typed = [UNIT.findall(term) for term in terms if not CHINESE.search(term)]
    for part in CHINESE.finditer(text):
        for syllables in names.get(part.group(), ()):
            for words in typed:
                for start, end in _sounding(syllables, words):
                    yield part.start() + start, part.start() + end


def _sounding(syllables: Sequence[str], words: Sequence[str]) -> Iterator[Span]:
    """Where words are the syllables of a name, or one word a part of it or its initials."""
    number = len(syllables)
    for start in range(number):
        if [singular(each) for each in syllables[start : start + len(words)]] == list(words):
            yield start, start + len(words)
        for end in range(start + 2, number + 1) if len(words) == 1 else ():
            part = syllables[start:end]
            if words[0] in (singular("".join(part)), singular("".join(each[0] for each in part))):
                yield start, end


def marked(text: str, spans: Sequence[Span]) -> str:
    """A text, or its part around the first span, escaped, with every span marked."""
    spans = _merged(spans)
    first = spans[0][0]
    start = 0 if len(text) <= LONGEST else max(0, min(first - BEFORE, len(text) - LONGEST))
    stop = min(len(text), start + LONGEST)
    out, at = ["…" if start else ""], start
    for begin, end in spans:
        if begin >= stop:
            break
        out += [html.escape(text[at:begin]), "<mark>", html.escape(text[begin : min(end, stop)]), "</mark>"]
        at = min(end, stop)
    out += [html.escape(text[at:stop]), "…" if stop < len(text) else ""]
    return "".join(out)


def _merged(spans: Sequence[Span]) -> list[Span]:
    merged: list[Span] = []
    for begin, end in sorted(spans):
        if merged and begin <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((begin, end))
    return merged
