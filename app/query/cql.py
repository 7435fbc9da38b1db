"""A CQL2 filter checked against the fields of a dataset: its tree without values, and the values.

The tree is nested tuples, so that filters of one shape share one compiled statement:
`("and" | "or", …)`, `("not", x)`, `("const", flag)`, `("isnull", field)`, `("flag", field)`,
`(comparison, left, right)`, `("in", left, value, …)`, `("like", left, value, value)` with the pattern
in both spellings, `("has", field, value)`. A side is `("field", name)`, `("fold", name)` with its case
folded, or `("value", number, type)`, where `number` counts the values and `type` is `text` or `integer`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.dataset import Dataset, FieldSpec
from app.db.matching import fold_text, patterns
from app.errors import nearest
from app.query.cqltext import BadFilter, Word, parse
from app.query.cqlvalues import Side, like_codes, matches, stored_value, two_values
from app.query.values import Stored, clip
from app.settings import Settings

Tree = tuple[Any, ...]
MIRRORED = {"=": "=", "<>": "<>", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
TEXTS = ("string", "prose", "month")


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
        self.dataset = dataset
        self.words = words
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
            left, right = map(self.side, self._arguments(node, 2))
            return self.compare(op, left, right)
        reader = self._readers().get(op or "")
        return reader(node) if reader else self.bare(node)

    def _readers(self) -> Mapping[str, Callable[[Any], Tree]]:
        return {
            "between": self.between,
            "in": self.among,
            "like": self.like,
            "isNull": self.is_null,
            "a_contains": lambda node: self.members(node, "and"),
            "a_overlaps": lambda node: self.members(node, "or"),
        }

    def bare(self, node: Any) -> Tree:
        """A flag that stands alone."""
        side = self.side(node)
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
        return (op, _field(left), self._read(left, right, exact=op in ("=", "<>")))

    def between(self, node: Any) -> Tree:
        """`BETWEEN`, the ends included."""
        side, low, high = map(self.side, self._arguments(node, 3))
        return ("and", self.compare(">=", side, low), self.compare("<=", side, high))

    def among(self, node: Any) -> Tree:
        """`IN`."""
        first, listed = self._arguments(node, 2)
        side = self.side(first)
        items = [self.side(item) for item in (listed if isinstance(listed, list) else [listed])]
        self._bounded(node, items)
        if side.spec is None or any(item.spec is not None for item in items):
            return ("or", *(self.compare("=", side, item) for item in items))
        self._scalar(side)
        return ("in", _field(side), *(self._read(side, item) for item in items))

    def like(self, node: Any) -> Tree:
        """`LIKE`, heeding case."""
        side, pattern = map(self.side, self._arguments(node, 2))
        if (side.kind if side.spec is None else side.spec.kind) not in ("text", *TEXTS):
            raise BadFilter(side.at, f"LIKE takes a text; {side.spec.name if side.spec else 'the value'} is none")
        if pattern.spec is not None or pattern.kind != "text":
            raise BadFilter(pattern.at, "LIKE takes a pattern in single quotes")
        text = fold_text(pattern.value) or "" if pattern.fold else pattern.value
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
        """`IS NULL`, of a field."""
        [argument] = self._arguments(node, 1)
        if not isinstance(argument, dict) or "property" not in argument:
            raise BadFilter(self._at(argument), "IS NULL takes a field")
        return ("isnull", self._spec(argument).name)

    def members(self, node: Any, junction: str) -> Tree:
        """`A_CONTAINS` and `A_OVERLAPS`: which members a list has."""
        first, listed = self._arguments(node, 2)
        spec = self._spec(first) if isinstance(first, dict) and "property" in first else None
        if spec is None or spec.kind not in ("list", "objects"):
            raise BadFilter(self._at(first), "a field that holds a list is wanted here")
        items = [self.side(item) for item in (listed if isinstance(listed, list) else [listed])]
        self._bounded(node, items)
        for item in items:
            if item.spec is not None or item.kind != "text" or item.fold:
                raise BadFilter(item.at, f"{spec.name} holds texts; write its members in single quotes")
        return (junction, *(("has", spec.name, self._keep(item.value)) for item in items))

    def _bounded(self, node: Any, items: list[Side]) -> None:
        """Refuse a list that is empty or too long."""
        if not items:
            raise BadFilter(self._at(node), "a list in round brackets with at least one value is wanted")
        if len(items) > self.max_in:
            raise BadFilter(items[self.max_in].at, f"a list holds at most {self.max_in} values")

    def side(self, node: Any) -> Side:
        """One side of a comparison."""
        if isinstance(node, str) or (isinstance(node, int | float) and not isinstance(node, bool)):
            word = self.words[int(node)]
            return Side(word.at, kind=word.kind, value=word.value)
        if isinstance(node, dict) and "property" in node:
            return Side(self._at(node), self._spec(node))
        if isinstance(node, dict) and node.get("op") == "casei":
            return self._folded(self.side(self._arguments(node, 1)[0]))
        if isinstance(node, dict) and ("date" in node or "timestamp" in node):
            [(name, argument)] = node.items()
            if not isinstance(argument, str):
                raise BadFilter(self._at(node), f"{name.upper()} takes a text in single quotes")
            word = self.words[int(argument)]
            return Side(word.at, kind=name, value=word.value)
        raise BadFilter(self._at(node), "a field or a value is wanted here")

    def _folded(self, side: Side) -> Side:
        if side.spec is not None:
            if side.spec.kind not in TEXTS:
                raise BadFilter(side.at, f"CASEI takes a text; {side.spec.name} is none")
            return Side(side.at, side.spec, fold=True)
        if side.kind != "text":
            raise BadFilter(side.at, "CASEI takes a text")
        return Side(side.at, kind="text", value=side.value, fold=True)

    def _spec(self, node: Any) -> FieldSpec:
        word = self._word(node)
        spec = self.dataset.by_name.get(word.value)
        if spec is None:
            known = tuple(self.dataset.by_name)
            raise BadFilter(
                word.at,
                f"'{clip(word.value)}' is no field of {self.dataset.name}.{nearest(word.value, known)}",
                known,
            )
        return spec

    def _word(self, node: Any) -> Word:
        """The word behind a property; the parser takes a keyword that stands alone for one as well."""
        sent: str = node["property"]
        if sent[1:].isdecimal():
            return self.words[int(sent[1:])]
        at = next((word.at for word in self.words if word.sent == sent), 1)
        raise BadFilter(at, f"'{clip(sent)}' is a keyword; a field or a value is wanted here")

    def _scalar(self, side: Side) -> None:
        """Refuse a list."""
        if side.spec is not None and side.spec.kind in ("list", "objects"):
            raise BadFilter(side.at, f"{side.spec.name} is a list; write A_CONTAINS({side.spec.name}, ('…'))")

    def _read(self, left: Side, right: Side, exact: bool = True) -> Tree:
        return self._keep(stored_value(left, right, exact))

    def _keep(self, value: Stored) -> Tree:
        self.values.append(value)
        return ("value", len(self.values) - 1, "text" if isinstance(value, str) else "integer")

    def _arguments(self, node: Any, number: int) -> list[Any]:
        arguments: list[Any] = node["args"]
        if len(arguments) != number:
            raise BadFilter(self._at(node), f"'{node['op']}' takes {number} arguments, not {len(arguments)}")
        return arguments

    def _at(self, node: Any) -> int:
        """Where a node stands: its first word that is known."""
        if isinstance(node, dict):
            if "property" in node:
                return self._word(node).at
            return self._at(node.get("args") or [value for name, value in node.items() if name != "op"])
        if isinstance(node, list):
            return min(map(self._at, node), default=1)
        return self.words[int(node)].at if isinstance(node, str | float | int) else 1


def _field(side: Side) -> Tree:
    assert side.spec is not None
    return ("fold" if side.fold else "field", side.spec.name)


def _family(spec: FieldSpec) -> str:
    """Kinds that may be compared with each other; whole numbers and decimals are stored in different units."""
    return "text" if spec.kind in ("string", "prose") else spec.kind
