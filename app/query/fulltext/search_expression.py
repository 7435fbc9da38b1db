"""Parse the text of `q=`: words, "phrases", -exclusions and OR. A text needs a letter, a digit or a character."""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.model.chinese import simplify
from app.model.values import BadValue, clip
from app.parser.text.document_numbers import find_typed_numbers, usual_form
from app.query.fulltext.tokens import CATCH_ALL_TOKEN, UNIT, canonical_phrase, query_tokens

TERM = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
QUOTES = str.maketrans(dict.fromkeys("“”„‟〝〞＂「」『』", '"') | {"－": "-"})
YEAR_IN_QUOTES = re.compile(r"[「『]\s{0,4}(\d{4})\s{0,4}[」』](?=\s{0,4}第?\s{0,4}\d)")
"""Quotation marks that are the brackets of a number: 甲政办「2021」28号."""
MAX_CANDIDATE_TOKENS = 24
"""The number of tokens of an alternative that select candidates. The canonical text is then compared in full."""


@dataclass(frozen=True, slots=True)
class AllOf:
    """One alternative: the canonical terms that a text must contain, and those that it must not contain."""

    required: tuple[str, ...]
    excluded: tuple[str, ...]


@dataclass(frozen=True)
class SearchExpression:
    """A parsed full-text search. A text matches when it matches one of the alternatives."""

    alternatives: tuple[AllOf, ...]

    @cached_property
    def terms(self) -> tuple[str, ...]:
        """Return all canonical terms that are searched for, in the order in which they were typed."""
        return tuple(dict.fromkeys(term for each in self.alternatives for term in each.required))

    @cached_property
    def uses_index(self) -> bool:
        """Return whether the index can find the candidates. It cannot if an alternative has only exclusions."""
        return all(each.required for each in self.alternatives)

    @cached_property
    def as_json(self) -> str:
        """Return the search as JSON for the database: the alternatives, and the terms with their number of units."""
        alternatives = [{"every": each.required, "none": each.excluded} for each in self.alternatives]
        terms = [{"term": term, "units": len(UNIT.findall(term))} for term in self.terms]
        return json.dumps({"any": alternatives, "terms": terms}, ensure_ascii=False)

    def index_condition(self, dataset_tokens: Sequence[str] = ()) -> str:
        """Return the condition for the index: quoted tokens, `AND`, `OR` and parentheses.

        Rows that match it are only candidates. `dataset_tokens` are the tokens of the searched datasets; an empty
        sequence means all datasets.
        """
        alternatives = [" AND ".join(_quote(self._candidate_tokens(each))) for each in self.alternatives]
        condition = " OR ".join([*(f"({each})" for each in alternatives), *_quote([CATCH_ALL_TOKEN])])
        return f"({' OR '.join(_quote(dataset_tokens))}) AND ({condition})" if dataset_tokens else f"({condition})"

    @staticmethod
    def _candidate_tokens(each: AllOf) -> list[str]:
        return list(dict.fromkeys(token for term in each.required for token in query_tokens(term)))[
            :MAX_CANDIDATE_TOKENS
        ]


def _quote(tokens: Iterable[str]) -> list[str]:
    return [f'"{token}"' for token in tokens]


def is_blank(text: str) -> bool:
    """Return whether a text is empty, or has only spaces of any width and invisible characters."""
    return not text or all(char.isspace() or unicodedata.category(char) == "Cf" for char in text)


def parse_search_expression(text: str, maximum: int) -> SearchExpression:
    """Parse a search. The number of a document is one term, whatever its brackets, width and blanks.

    Traditional characters find simplified text.

    Raises BadValue for a text in which there is nothing to search for, and for more than `maximum` alternatives and
    exclusions, which are the most expensive parts.
    """
    alternatives: list[AllOf] = []
    required: list[str] = []
    excluded: list[str] = []
    typed = YEAR_IN_QUOTES.sub(r"〔\1〕", simplify(text)).translate(QUOTES)
    for term in (*TERM.finditer(quote_numbers(typed)), None):
        if term is None or term["word"] in ("OR", "|"):
            if required or excluded:
                alternatives.append(AllOf(tuple(dict.fromkeys(required)), tuple(dict.fromkeys(excluded))))
            required, excluded = [], []
            continue
        (excluded if term["minus"] else required).extend(_canonical_terms(term["phrase"], term["word"]))
    weight = len(alternatives) + sum(len(each.excluded) for each in alternatives)
    if weight > maximum:
        raise BadValue(f"has {weight} alternatives and exclusions; at most {maximum} are allowed")
    if not alternatives:
        raise BadValue(f"'{clip(text)}' has no letter, digit or Chinese character to search for")
    return SearchExpression(tuple(dict.fromkeys(alternatives)))


def quote_numbers(text: str) -> str:
    """Return a search with every document number in its usual form, as a phrase."""
    parts = text.split('"')
    for n, part in enumerate(parts):
        if n % 2:
            parts[n] = usual_form(part)
            continue
        shown, position = "", 0
        for start, end, number in find_typed_numbers(part):
            quoted = f'-"{number[1:]}"' if number.startswith("-") else f'"{number}"'
            shown, position = f"{shown}{part[position:start]}{quoted}", end
        parts[n] = shown + part[position:]
    return '"'.join(parts)


def _canonical_terms(phrase: str | None, word: str | None) -> Iterator[str]:
    """Return the canonical terms. A phrase keeps its punctuation; a word is split at it."""
    parts = [canonical_phrase(phrase).strip("|")] if phrase is not None else canonical_phrase(word or "").split("|")
    return (part for part in parts if part)
