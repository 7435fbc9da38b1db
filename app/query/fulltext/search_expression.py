"""What is typed behind `q=`: words, "phrases", -exclusions, OR. Anything is a question, nothing an error."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.model.values import BadValue
from app.query.fulltext.tokens import EVERY, UNIT, render, wanted_tokens

CHUNK = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
QUOTES = str.maketrans(dict.fromkeys("“”„‟〝〞＂「」『』", '"') | {"－": "-"})
MOST_TOKENS = 24
"""How many tokens of an alternative look for candidates; the canonical form is compared in full."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """Canonical forms that a text must hold, and those that it must not."""

    every: tuple[str, ...]
    none: tuple[str, ...]


@dataclass(frozen=True)
class FullText:
    """A question in words: a text answers it when it answers one of the alternatives."""

    alternatives: tuple[Alternative, ...]

    @cached_property
    def terms(self) -> tuple[str, ...]:
        """Every canonical form that is looked for, in the order typed."""
        return tuple(dict.fromkeys(term for each in self.alternatives for term in each.every))

    @cached_property
    def indexed(self) -> bool:
        """Whether the index can find the candidates: not for exclusions alone."""
        return all(each.every for each in self.alternatives)

    @cached_property
    def content(self) -> str:
        """The question as JSON, for the database: alternatives, and the terms with their number of units."""
        alternatives = [{"every": each.every, "none": each.none} for each in self.alternatives]
        terms = [{"term": term, "units": len(UNIT.findall(term))} for term in self.terms]
        return json.dumps({"any": alternatives, "terms": terms}, ensure_ascii=False)

    def match(self, marks: Sequence[str] = ()) -> str:
        """The index's condition: quoted tokens, `AND`, `OR`, brackets. Some row without the terms may fulfil it.

        `marks` are the tokens of the datasets looked into; none means all.
        """
        found = [" AND ".join(_quoted(self._tokens(each))) for each in self.alternatives]
        condition = " OR ".join([*(f"({each})" for each in found), *_quoted([EVERY])])
        return f"({' OR '.join(_quoted(marks))}) AND ({condition})" if marks else f"({condition})"

    @staticmethod
    def _tokens(each: Alternative) -> list[str]:
        return list(dict.fromkeys(token for term in each.every for token in wanted_tokens(term)))[:MOST_TOKENS]


def _quoted(tokens: Iterable[str]) -> list[str]:
    return [f'"{token}"' for token in tokens]


def read_fulltext(text: str, most: int) -> FullText:
    """The question that was typed; without any letter or digit it has no alternative and no answer.

    Raises BadValue for more than `most` alternatives and exclusions, which cost the most.
    """
    alternatives: list[Alternative] = []
    every: list[str] = []
    none: list[str] = []
    for chunk in (*CHUNK.finditer(text.translate(QUOTES)), None):
        if chunk is None or chunk["word"] in ("OR", "|"):
            if every or none:
                alternatives.append(Alternative(tuple(dict.fromkeys(every)), tuple(dict.fromkeys(none))))
            every, none = [], []
            continue
        (none if chunk["minus"] else every).extend(_terms(chunk["phrase"], chunk["word"]))
    weight = len(alternatives) + sum(len(each.none) for each in alternatives)
    if weight > most:
        raise BadValue(f"has {weight} alternatives and exclusions; at most {most} are allowed")
    return FullText(tuple(dict.fromkeys(alternatives)))


def _terms(phrase: str | None, word: str | None) -> Iterator[str]:
    """A phrase keeps its stops; a word is parted at them."""
    parts = [render(phrase).strip("|")] if phrase is not None else render(word or "").split("|")
    return (part for part in parts if part)
