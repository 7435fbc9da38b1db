"""The leaves of the parser's tree: fields, literals, the words behind them and where these stand."""

from dataclasses import replace
from typing import Any

from app.errors import nearest
from app.model.dataset import Dataset, FieldSpec
from app.model.values import clip
from app.query.cql.lexer import BadFilter, Word
from app.query.cql.literals import Side

TEXTS = ("string", "prose", "month")
LISTS = ("list", "objects")
"""Kinds of fields that hold texts, and lists of texts."""


class Nodes:
    """Reads nodes of the tree of one filter; every refusal is a BadFilter."""

    def __init__(self, dataset: Dataset, words: list[Word]) -> None:
        self.dataset = dataset
        self.words = words

    def side(self, node: Any) -> Side:
        """One side of a comparison."""
        if isinstance(node, str) or (isinstance(node, int | float) and not isinstance(node, bool)):
            word = self.words[int(node)]
            return Side(word.at, kind=word.kind, value=word.value, pattern=word.pattern)
        if isinstance(node, dict) and "property" in node:
            return Side(self.at(node), self.spec(node))
        if isinstance(node, dict) and node.get("op") == "casei":
            return self._folded(self.side(self.arguments(node, 1)[0]))
        if isinstance(node, dict) and ("date" in node or "timestamp" in node):
            [(name, argument)] = node.items()
            if not isinstance(argument, str):
                raise BadFilter(self.at(node), f"{name.upper()} takes a text in single quotes")
            word = self.words[int(argument)]
            return Side(word.at, kind=name, value=word.value)
        raise BadFilter(self.at(node), "a field or a value is wanted here")

    def _folded(self, side: Side) -> Side:
        if side.spec is not None and side.spec.kind not in TEXTS:
            raise BadFilter(side.at, f"CASEI takes a text; {side.spec.name} is none")
        if side.spec is None and side.kind != "text":
            raise BadFilter(side.at, "CASEI takes a text")
        return replace(side, fold=True)

    def sides(self, nodes: Any) -> list[Side]:
        """The members of a list; the parser takes the brackets off some that have one member."""
        return [self.side(node) for node in (nodes if isinstance(nodes, list) else [nodes])]

    def spec(self, node: Any) -> FieldSpec:
        """The field that a property names."""
        word = self.word(node)
        spec = self.dataset.by_name.get(word.value)
        if spec is None:
            known = tuple(self.dataset.by_name)
            hint = nearest(word.value, known)
            if word.kind == "quoted" and not hint:
                hint = " In double quotes stands the name of a field; a text stands in single quotes."
            raise BadFilter(word.at, f"'{clip(word.value)}' is no field of {self.dataset.name}.{hint}", known)
        return spec

    def word(self, node: Any) -> Word:
        """The word behind a property; the parser takes a keyword that stands alone for one as well."""
        sent: str = node["property"]
        if sent[1:].isdecimal():
            return self.words[int(sent[1:])]
        at = next((word.at for word in self.words if word.sent == sent), 1)
        raise BadFilter(at, f"'{clip(sent)}' is a keyword; a field or a value is wanted here")

    def arguments(self, node: Any, number: int) -> list[Any]:
        """What an operator works on."""
        arguments: list[Any] = node["args"]
        if len(arguments) != number:
            raise BadFilter(self.at(node), f"'{node['op']}' takes {number} arguments, not {len(arguments)}")
        return arguments

    def at(self, node: Any) -> int:
        """Where a node stands: its first word that is known."""
        if isinstance(node, dict):
            if "property" in node:
                return self.word(node).at
            return self.at(node.get("args") or [value for name, value in node.items() if name != "op"])
        if isinstance(node, list):
            return min(map(self.at, node), default=1)
        return self.words[int(node)].at if isinstance(node, str | float | int) else 1
