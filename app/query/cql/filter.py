"""Check a CQL2 filter against the fields of a dataset, and separate its tree from its values.

The tree consists of nested tuples, so that filters of the same shape share one compiled statement:

- `("and" | "or", …)`, `("not", x)`, `("unknown", x)`, `("const", flag)`
- `("isnull", field)`, `("flag", field)` for a boolean field that is true
- `(comparison, left, right)`, `("in", left, value, …)`
- `("like", left, value, value)` with the pattern in the syntax of LIKE and of GLOB
- `("has", field, value)`, `("within", field, value, …)` for a list without other members

An operand is `("field", name)`, `("fold", name)` for the case-folded field, or `("value", index, type)` with the
index of the value and the type `text` or `integer`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.db.text_matching import casefold, like_patterns
from app.model.chinese import simplify, spellings
from app.model.dataset import Dataset, FieldSpec
from app.model.values import StoredValue, parse_value
from app.parser.text.document_numbers import usual_characters
from app.query.cql.lexer import BadFilter, Token, parse_cql
from app.query.cql.literals import (
    Operand,
    compare_literals,
    enum_codes_like,
    literal_value,
    matches_pattern,
    next_lower_value,
    to_stored_value,
)
from app.query.cql.nodes import LIST_KINDS, TEXT_KINDS, NodeReader
from app.settings import Settings

FilterTree = tuple[Any, ...]
MIRRORED_COMPARISONS = {"=": "=", "<>": "<>", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
COMPARISON_WITH_LOWER_VALUE = {"<": "<=", "<=": "<=", ">": ">", ">=": ">"}
"""The comparison with the next lower value that replaces one with a number that the field cannot hold."""
SWAPPED_LIST_FUNCTIONS = {
    "a_equals": "a_equals",
    "a_contains": "a_containedBy",
    "a_containedBy": "a_contains",
    "a_overlaps": "a_overlaps",
}
"""The list functions, and the function that each becomes when its arguments change places."""


@dataclass(frozen=True, slots=True)
class CqlFilter:
    """A validated filter: its tree without values, and its values in stored form, bound as `f0`, `f1`, …"""

    tree: FilterTree
    values: tuple[StoredValue, ...]


def parse_filter(dataset: Dataset, text: str, settings: Settings) -> CqlFilter:
    """Parse and check a CQL2-Text filter. Raises BadValue with the position of the first error."""
    tree, tokens = parse_cql(text, settings)
    checker = _FilterChecker(dataset, tokens, settings.max_in_values)
    filter_tree = checker.check_condition(tree)
    return CqlFilter(filter_tree, tuple(checker.values))


class _FilterChecker:
    """Translates the parser's tree and collects the literals in `values`."""

    def __init__(self, dataset: Dataset, tokens: list[Token], max_in_values: int) -> None:
        self.nodes = NodeReader(dataset, tokens)
        self.max_in_values = max_in_values
        self.values: list[StoredValue] = []

    def check_condition(self, node: Any) -> FilterTree:
        """Translate a node that is true, false or unknown."""
        op = node.get("op") if isinstance(node, dict) else None
        if op in ("and", "or"):
            return (op, *map(self.check_condition, node["args"]))
        if op == "not":
            return ("not", self.check_condition(node["args"][0]))
        if op in MIRRORED_COMPARISONS:
            left, right = map(self.nodes.operand, self.nodes.arguments(node, 2))
            return self.compare(op, left, right)
        if op in SWAPPED_LIST_FUNCTIONS:
            return self.list_comparison(node)
        checker = self._checkers().get(op or "")
        return checker(node) if checker else self.boolean_field(node)

    def _checkers(self) -> Mapping[str, Callable[[Any], FilterTree]]:
        return {"between": self.between, "in": self.in_list, "like": self.like, "isNull": self.is_null}

    def boolean_field(self, node: Any) -> FilterTree:
        """Translate a boolean field or literal that stands alone."""
        operand = self.nodes.operand(node)
        if operand.spec is not None and operand.spec.kind == "boolean":
            return ("flag", operand.spec.name)
        if operand.kind == "flag":
            return ("const", operand.value == "true")
        raise BadFilter(operand.position, "a comparison is expected here, for example: id = 'x'")

    def compare(self, op: str, left: Operand, right: Operand) -> FilterTree:
        """Translate a comparison of two fields, of a field with a value, or of two values."""
        if left.spec is None and right.spec is not None:
            return self.compare(MIRRORED_COMPARISONS[op], right, left)
        if left.spec is None:
            return ("const", compare_literals(op, left, right))
        self._require_scalar(left)
        if right.spec is not None:
            self._require_scalar(right)
            if _comparison_kind(left.spec) != _comparison_kind(right.spec):
                raise BadFilter(
                    right.position, f"{left.spec.name} and {right.spec.name} cannot be compared: their types differ"
                )
            return (op, _field_node(left), _field_node(right))
        below = next_lower_value(left.spec, right)
        if below is not None:
            return self._compare_unrepresentable(op, _field_node(left), below)
        if op not in ("=", "<>"):
            return (op, _field_node(left), self._add_bound(left, right))
        values = self._add_spellings(left, right)
        if len(values) == 1:
            return (op, _field_node(left), *values)
        either = ("in", _field_node(left), *values)
        return either if op == "=" else ("not", either)

    def _compare_unrepresentable(self, op: str, field: FilterTree, below: int) -> FilterTree:
        """Translate a comparison with a number that no row can have: never equal, but unknown if the field is null."""
        if op in ("=", "<>"):
            return ("<>" if op == "=" else "=", field, field)
        return (COMPARISON_WITH_LOWER_VALUE[op], field, self._add_value(below))

    def between(self, node: Any) -> FilterTree:
        """Translate `BETWEEN`, which includes both ends."""
        operand, low, high = map(self.nodes.operand, self.nodes.arguments(node, 3))
        return ("and", self.compare(">=", operand, low), self.compare("<=", operand, high))

    def in_list(self, node: Any) -> FilterTree:
        """Translate `IN`."""
        first, list_node = self.nodes.arguments(node, 2)
        operand = self.nodes.operand(first)
        items = self.nodes.operands(list_node)
        self._check_list_length(node, items)
        if operand.spec is None or any(item.spec is not None for item in items):
            return ("or", *(self.compare("=", operand, item) for item in items))
        self._require_scalar(operand)
        possible = [item for item in items if next_lower_value(operand.spec, item) is None]
        if not possible:
            return self.compare("=", operand, items[0])
        values = [value for item in possible for value in self._add_spellings(operand, item)]
        return ("in", _field_node(operand), *values)

    def like(self, node: Any) -> FilterTree:
        """Translate `LIKE`, which is case-sensitive."""
        operand, pattern = map(self.nodes.operand, self.nodes.arguments(node, 2))
        if (operand.kind if operand.spec is None else operand.spec.kind) not in ("text", *TEXT_KINDS):
            raise BadFilter(
                operand.position,
                f"LIKE takes a text, which {operand.spec.name if operand.spec else 'the value'} is not",
            )
        if pattern.spec is not None or pattern.kind != "text":
            raise BadFilter(pattern.position, "LIKE takes a pattern in single quotes")
        text = casefold(pattern.like_pattern) or "" if pattern.fold else pattern.like_pattern
        if operand.spec is None:
            return ("const", matches_pattern(casefold(operand.value) or "" if operand.fold else operand.value, text))
        if operand.spec.info.enum:
            return self._like_enumeration(operand, text)
        tests = [self._like_text(operand, spelling) for spelling in spellings(text)]
        return ("or", *tests) if len(tests) > 1 else tests[0]

    def _like_text(self, operand: Operand, pattern: str) -> FilterTree:
        assert operand.spec is not None
        text = usual_characters(pattern) if operand.spec.info.official_number else pattern
        return ("like", _field_node(operand), *map(self._add_value, like_patterns(text)))

    def _like_enumeration(self, operand: Operand, pattern: str) -> FilterTree:
        """Translate LIKE on an enumeration: the codes that match by code or Chinese label, or one that no row has."""
        assert operand.spec is not None
        codes = enum_codes_like(operand.spec, pattern, operand.fold) or [""]
        return ("in", ("field", operand.spec.name), *map(self._add_value, codes))

    def is_null(self, node: Any) -> FilterTree:
        """Translate `IS NULL` of a field, of a literal (never null), or of a condition (null where it is unknown)."""
        [argument] = self.nodes.arguments(node, 1)
        if isinstance(argument, dict) and argument.get("op", "casei") != "casei":
            return ("unknown", self.check_condition(argument))
        operand = self.nodes.operand(argument)
        if operand.spec is not None:
            return ("isnull", operand.spec.name)
        literal_value(operand)
        return ("const", False)

    def list_comparison(self, node: Any) -> FilterTree:
        """Translate a comparison of a list field, as a set, with literal members on either side."""
        first, second = self.nodes.arguments(node, 2)
        op = node["op"]
        if not _is_property(first) and _is_property(second):
            op, first, second = SWAPPED_LIST_FUNCTIONS[op], second, first
        spec = self.nodes.field(first) if _is_property(first) else None
        if spec is None or spec.kind not in LIST_KINDS:
            raise BadFilter(self.nodes.position(first), "a field with a list is expected here")
        items = self.nodes.operands(second)
        self._check_list_length(node, items)
        for item in items:
            if item.spec is not None or item.kind != "text" or item.fold:
                raise BadFilter(item.position, f"{spec.name} contains texts; write its members in single quotes")
        members = [[self._add_value(parse_value(spec, each)) for each in spellings(item.value)] for item in items]
        has_each = [
            ("or", *(("has", spec.name, value) for value in values)) if len(values) > 1 else ("has", spec.name, *values)
            for values in members
        ]
        if op in ("a_contains", "a_overlaps"):
            return ("and" if op == "a_contains" else "or", *has_each)
        within = ("within", spec.name, *(value for values in members for value in values))
        return within if op == "a_containedBy" else ("and", within, *has_each)

    def _check_list_length(self, node: Any, items: list[Operand]) -> None:
        """Raise BadFilter for a list that is empty or too long."""
        if not items:
            raise BadFilter(self.nodes.position(node), "a list in parentheses with at least one value is expected")
        if len(items) > self.max_in_values:
            raise BadFilter(items[self.max_in_values].position, f"a list may have at most {self.max_in_values} values")

    def _require_scalar(self, operand: Operand) -> None:
        """Raise BadFilter if an operand is a list."""
        if operand.spec is not None and operand.spec.kind in LIST_KINDS:
            raise BadFilter(
                operand.position, f"{operand.spec.name} is a list; write A_CONTAINS({operand.spec.name}, ('…'))"
            )

    def _add_bound(self, left: Operand, right: Operand) -> FilterTree:
        typed = replace(right, value=simplify(right.value)) if right.kind == "text" else right
        return self._add_value(to_stored_value(left, typed, exact=False))

    def _add_spellings(self, left: Operand, right: Operand) -> list[FilterTree]:
        """Add a literal, and the same in simplified characters if that is another value."""
        typed = [replace(right, value=each) for each in spellings(right.value)] if right.kind == "text" else [right]
        values = dict.fromkeys(to_stored_value(left, each, exact=True) for each in typed)
        return [self._add_value(value) for value in values]

    def _add_value(self, value: StoredValue) -> FilterTree:
        self.values.append(value)
        return ("value", len(self.values) - 1, "text" if isinstance(value, str) else "integer")


def _is_property(node: Any) -> bool:
    return isinstance(node, dict) and "property" in node


def _field_node(operand: Operand) -> FilterTree:
    assert operand.spec is not None
    return ("fold" if operand.fold else "field", operand.spec.name)


def _comparison_kind(spec: FieldSpec) -> str:
    """Return a name that comparable kinds share. Integers and decimals do not: they are stored in different units."""
    return "text" if spec.kind in ("string", "prose") else spec.kind
