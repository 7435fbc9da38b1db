"""Read the leaves of the parser's tree: fields and literals, with their tokens and positions."""

from dataclasses import replace
from typing import Any

from app.errors import did_you_mean
from app.model.dataset import Dataset, FieldSpec
from app.model.values import clip
from app.query.cql.lexer import BadFilter, Token
from app.query.cql.literals import Operand

TEXT_KINDS = ("string", "prose", "month")
"""The kinds of fields with text."""
LIST_KINDS = ("list", "objects")
"""The kinds of fields with lists."""


class NodeReader:
    """Reads the nodes of one filter's tree. All methods raise BadFilter for invalid nodes."""

    def __init__(self, dataset: Dataset, tokens: list[Token]) -> None:
        self.dataset = dataset
        self.tokens = tokens

    def operand(self, node: Any) -> Operand:
        """Return an operand of a comparison."""
        if isinstance(node, str) or (isinstance(node, int | float) and not isinstance(node, bool)):
            token = self.tokens[int(node)]
            return Operand(token.position, kind=token.kind, value=token.value, like_pattern=token.like_pattern)
        if isinstance(node, dict) and "property" in node:
            return Operand(self.position(node), self.field(node))
        if isinstance(node, dict) and node.get("op") == "casei":
            return self._casefolded(self.operand(self.arguments(node, 1)[0]))
        if isinstance(node, dict) and ("date" in node or "timestamp" in node):
            [(name, argument)] = node.items()
            if not isinstance(argument, str):
                raise BadFilter(self.position(node), f"{name.upper()} takes a text in single quotes")
            token = self.tokens[int(argument)]
            return Operand(token.position, kind=name, value=token.value)
        raise BadFilter(self.position(node), "a field or a value is expected here")

    def _casefolded(self, operand: Operand) -> Operand:
        if operand.spec is not None and operand.spec.kind not in TEXT_KINDS:
            raise BadFilter(operand.position, f"CASEI takes a text, which {operand.spec.name} is not")
        if operand.spec is None and operand.kind != "text":
            raise BadFilter(operand.position, "CASEI takes a text")
        return replace(operand, fold=True)

    def operands(self, nodes: Any) -> list[Operand]:
        """Return the members of a list. The parser unwraps some lists with a single member."""
        return [self.operand(node) for node in (nodes if isinstance(nodes, list) else [nodes])]

    def field(self, node: Any) -> FieldSpec:
        """Return the field that a property names."""
        token = self.token(node)
        spec = self.dataset.fields_by_name.get(token.value)
        if spec is None:
            known = tuple(spec.name for spec in self.dataset.fields if spec.operators)
            hint = did_you_mean(token.value, known)
            if token.kind == "quoted" and not hint:
                hint = " Double quotes are for names of fields; write a text in single quotes."
            raise BadFilter(
                token.position, f"'{clip(token.value)}' is not a field of {self.dataset.name}.{hint}", known
            )
        if not spec.info.queryable:
            raise BadFilter(token.position, self.dataset.explain_day_field(spec))
        return spec

    def token(self, node: Any) -> Token:
        """Return the token of a property. The parser also returns a keyword that stands alone as a property."""
        name: str = node["property"]
        if name[1:].isdecimal():
            return self.tokens[int(name[1:])]
        position = next((token.position for token in self.tokens if token.placeholder == name), 1)
        raise BadFilter(position, f"'{clip(name)}' is a keyword; a field or a value is expected here")

    def arguments(self, node: Any, number: int) -> list[Any]:
        """Return the arguments of an operator or function, which must be `number` many."""
        arguments: list[Any] = node["args"]
        if len(arguments) != number:
            raise BadFilter(self.position(node), f"'{node['op']}' takes {number} arguments, not {len(arguments)}")
        return arguments

    def position(self, node: Any) -> int:
        """Return the position of a node, which is that of its first token."""
        if isinstance(node, dict):
            if "property" in node:
                return self.token(node).position
            return self.position(node.get("args") or [value for name, value in node.items() if name != "op"])
        if isinstance(node, list):
            return min(map(self.position, node), default=1)
        return self.tokens[int(node)].position if isinstance(node, str | float | int) else 1
