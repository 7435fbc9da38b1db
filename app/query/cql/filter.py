"""A CQL2 filter checked against the fields of a dataset: its tree without values, and the values.

The tree is nested tuples, so that filters of one shape share one compiled statement:
`("and" | "or", …)`, `("not", x)`, `("unknown", x)`, `("const", flag)`, `("isnull", field)`,
`("flag", field)`, `(comparison, left, right)`, `("in", left, value, …)`, `("like", left, value, value)`
with the pattern in both spellings, `("has", field, value)`, `("within", field, value, …)` for a list
that holds no others. A side is `("field", name)`, `("fold", name)` with its case
folded, or `("value", number, type)`, where `number` counts the values and `type` is `text` or `integer`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.db.text_matching import fold_text, patterns
from app.model.dataset import Dataset, FieldSpec
from app.model.values import Stored
from app.query.cql.lexer import BadFilter, Word, parse
from app.query.cql.literals import Side, like_codes, matches, plain_value, step_below, stored_value, two_values
from app.query.cql.nodes import LISTS, TEXTS, Nodes
from app.settings import Settings

Tree = tuple[Any, ...]
MIRRORED = {"=": "=", "<>": "<>", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
BETWEEN_STEPS = {"<": "<=", "<=": "<=", ">": ">", ">=": ">"}
"""What a comparison with a number that the field cannot hold is with the value next below."""
SWAPPED = {
    "a_equals": "a_equals",
    "a_contains": "a_containedBy",
    "a_containedBy": "a_contains",
    "a_overlaps": "a_overlaps",
}
"""The functions of lists, and what each is when its sides change places."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter that passed every check: its shape, and its values in stored form, bound as `f0`, `f1`, …"""

    tree: Tree
    values: tuple[Stored, ...]


def read_filter(dataset: Dataset, text: str, settings: Settings) -> Filter:
    """The checked form of a CQL2-Text filter; raises BadValue that tells the character where it fails."""
    tree, words = parse(text, settings)
    checker = _Checker(dataset, words, settings.max_in_values)
    shape = checker.condition(tree)
    return Filter(shape, tuple(checker.values))


class _Checker:
    """Walks the parser's tree; `values` grows as literals are met."""

    def __init__(self, dataset: Dataset, words: list[Word], max_in: int) -> None:
        self.nodes = Nodes(dataset, words)
        self.max_in = max_in
        self.values: list[Stored] = []

    def condition(self, node: Any) -> Tree:
        """A node that is true, false or unknown."""
        op = node.get("op") if isinstance(node, dict) else None
        if op in ("and", "or"):
            return (op, *map(self.condition, node["args"]))
        if op == "not":
            return ("not", self.condition(node["args"][0]))
        if op in MIRRORED:
            left, right = map(self.nodes.side, self.nodes.arguments(node, 2))
            return self.compare(op, left, right)
        if op in SWAPPED:
            return self.members(node)
        reader = self._readers().get(op or "")
        return reader(node) if reader else self.bare(node)

    def _readers(self) -> Mapping[str, Callable[[Any], Tree]]:
        return {"between": self.between, "in": self.among, "like": self.like, "isNull": self.is_null}

    def bare(self, node: Any) -> Tree:
        """A flag that stands alone."""
        side = self.nodes.side(node)
        if side.spec is not None and side.spec.kind == "boolean":
            return ("flag", side.spec.name)
        if side.kind == "flag":
            return ("const", side.value == "true")
        raise BadFilter(side.at, "a comparison is wanted here, such as: id = 'x'")

    def compare(self, op: str, left: Side, right: Side) -> Tree:
        """A comparison of two fields, of a field with a value, or of two values."""
        if left.spec is None and right.spec is not None:
            return self.compare(MIRRORED[op], right, left)
        if left.spec is None:
            return ("const", two_values(op, left, right))
        self._scalar(left)
        if right.spec is not None:
            self._scalar(right)
            if _family(left.spec) != _family(right.spec):
                raise BadFilter(right.at, f"{left.spec.name} and {right.spec.name} are not of one kind")
            return (op, _field(left), _field(right))
        below = step_below(left.spec, right)
        if below is not None:
            return self._between_steps(op, _field(left), below)
        return (op, _field(left), self._read(left, right, exact=op in ("=", "<>")))

    def _between_steps(self, op: str, field: Tree, below: int) -> Tree:
        """A comparison with a number that no row can have: never equal, yet unknown where the field is null."""
        if op in ("=", "<>"):
            return ("<>" if op == "=" else "=", field, field)
        return (BETWEEN_STEPS[op], field, self._keep(below))

    def between(self, node: Any) -> Tree:
        """`BETWEEN`, the ends included."""
        side, low, high = map(self.nodes.side, self.nodes.arguments(node, 3))
        return ("and", self.compare(">=", side, low), self.compare("<=", side, high))

    def among(self, node: Any) -> Tree:
        """`IN`."""
        first, listed = self.nodes.arguments(node, 2)
        side = self.nodes.side(first)
        items = self.nodes.sides(listed)
        self._bounded(node, items)
        if side.spec is None or any(item.spec is not None for item in items):
            return ("or", *(self.compare("=", side, item) for item in items))
        self._scalar(side)
        possible = [item for item in items if step_below(side.spec, item) is None]
        if not possible:
            return self.compare("=", side, items[0])
        return ("in", _field(side), *(self._read(side, item) for item in possible))

    def like(self, node: Any) -> Tree:
        """`LIKE`, heeding case."""
        side, pattern = map(self.nodes.side, self.nodes.arguments(node, 2))
        if (side.kind if side.spec is None else side.spec.kind) not in ("text", *TEXTS):
            raise BadFilter(side.at, f"LIKE takes a text; {side.spec.name if side.spec else 'the value'} is none")
        if pattern.spec is not None or pattern.kind != "text":
            raise BadFilter(pattern.at, "LIKE takes a pattern in single quotes")
        text = fold_text(pattern.pattern) or "" if pattern.fold else pattern.pattern
        if side.spec is None:
            return ("const", matches(fold_text(side.value) or "" if side.fold else side.value, text))
        if side.spec.fact.enum:
            return self._like_enumeration(side, text)
        first, second = patterns(text)
        return ("like", _field(side), self._keep(first), self._keep(second))

    def _like_enumeration(self, side: Side, pattern: str) -> Tree:
        """Which values of an enumeration match, by code or Chinese label; none is told by a value that none has."""
        assert side.spec is not None
        codes = like_codes(side.spec, pattern, side.fold) or [""]
        return ("in", ("field", side.spec.name), *map(self._keep, codes))

    def is_null(self, node: Any) -> Tree:
        """`IS NULL`, of a field, of a literal, which never is, or of a condition, which is where it is unknown."""
        [argument] = self.nodes.arguments(node, 1)
        if isinstance(argument, dict) and argument.get("op", "casei") != "casei":
            return ("unknown", self.condition(argument))
        side = self.nodes.side(argument)
        if side.spec is not None:
            return ("isnull", side.spec.name)
        plain_value(side)
        return ("const", False)

    def members(self, node: Any) -> Tree:
        """A list compared, as a set, with members that are written out on either side."""
        first, second = self.nodes.arguments(node, 2)
        op = node["op"]
        if not _is_field(first) and _is_field(second):
            op, first, second = SWAPPED[op], second, first
        spec = self.nodes.spec(first) if _is_field(first) else None
        if spec is None or spec.kind not in LISTS:
            raise BadFilter(self.nodes.at(first), "a field that holds a list is wanted here")
        items = self.nodes.sides(second)
        self._bounded(node, items)
        for item in items:
            if item.spec is not None or item.kind != "text" or item.fold:
                raise BadFilter(item.at, f"{spec.name} holds texts; write its members in single quotes")
        values = [self._keep(item.value) for item in items]
        each = [("has", spec.name, value) for value in values]
        if op in ("a_contains", "a_overlaps"):
            return ("and" if op == "a_contains" else "or", *each)
        within = ("within", spec.name, *values)
        return within if op == "a_containedBy" else ("and", within, *each)

    def _bounded(self, node: Any, items: list[Side]) -> None:
        """Refuse a list that is empty or too long."""
        if not items:
            raise BadFilter(self.nodes.at(node), "a list in round brackets with at least one value is wanted")
        if len(items) > self.max_in:
            raise BadFilter(items[self.max_in].at, f"a list holds at most {self.max_in} values")

    def _scalar(self, side: Side) -> None:
        """Refuse a list."""
        if side.spec is not None and side.spec.kind in LISTS:
            raise BadFilter(side.at, f"{side.spec.name} is a list; write A_CONTAINS({side.spec.name}, ('…'))")

    def _read(self, left: Side, right: Side, exact: bool = True) -> Tree:
        return self._keep(stored_value(left, right, exact))

    def _keep(self, value: Stored) -> Tree:
        self.values.append(value)
        return ("value", len(self.values) - 1, "text" if isinstance(value, str) else "integer")


def _is_field(node: Any) -> bool:
    return isinstance(node, dict) and "property" in node


def _field(side: Side) -> Tree:
    assert side.spec is not None
    return ("fold" if side.fold else "field", side.spec.name)


def _family(spec: FieldSpec) -> str:
    """Kinds that may be compared with each other; whole numbers and decimals are stored in different units."""
    return "text" if spec.kind in ("string", "prose") else spec.kind
