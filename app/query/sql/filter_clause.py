"""Build the SQL condition of a checked filter, with the parameters `f0`, `f1`, …"""

import operator
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import Grouping

from app.db.sql_functions import has_member, has_other_member
from app.db.text_matching import casefolded, like
from app.model.dataset import Dataset
from app.query.cql.filter import FilterTree

Expression = sa.ColumnElement[Any]
Predicate = sa.ColumnElement[bool]
COMPARISONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
VALUE_TYPES: Mapping[str, Callable[[], sa.types.TypeEngine[Any]]] = {"text": sa.Text, "integer": sa.BigInteger}


def build_filter_clause(tree: FilterTree, dataset: Dataset, field_expression: Callable[[str], Expression]) -> Predicate:
    """Return the condition. It is unknown (NULL) exactly where CQL2 says so."""
    return _FilterClauseBuilder(dataset, field_expression).build(tree)


class _FilterClauseBuilder:
    """Translates one tree; `field_expression` returns the expression of a field."""

    def __init__(self, dataset: Dataset, field_expression: Callable[[str], Expression]) -> None:
        self.dataset = dataset
        self.field_expression = field_expression

    def build(self, tree: FilterTree) -> Predicate:
        kind, *parts = tree
        if kind == "and":
            return sa.and_(*map(self.build, parts))
        if kind == "or":
            return sa.or_(*map(self.build, parts))
        if kind == "not":
            return sa.not_(self.build(parts[0]))
        if kind == "unknown":
            return Grouping(self.build(parts[0])).is_(None)
        if kind == "const":
            return sa.true() if parts[0] else sa.false()
        return self.build_test(kind, parts)

    def build_test(self, kind: str, parts: list[Any]) -> Predicate:
        """Return a condition that contains no other."""
        if kind == "isnull":
            return self.field_expression(parts[0]).is_(None)
        if kind == "flag":
            return self.field_expression(parts[0]) == sa.literal_column("1", sa.BigInteger())
        if kind in ("has", "within"):
            return self.build_list_test(kind, parts[0], [self.build_operand(part) for part in parts[1:]])
        left, *rest = map(self.build_operand, parts)
        if kind == "in":
            return left.in_(rest)
        if kind == "like":
            return like(left, *rest)
        comparison: Predicate = COMPARISONS[kind](left, rest[0])
        return comparison

    def build_list_test(self, kind: str, name: str, values: list[Expression]) -> Predicate:
        """Return whether a list has a member, or no other members.

        EXISTS is false when the list is null, but CQL2 wants unknown; hence the CASE.
        """
        column, keys = self.field_expression(name), self.dataset.fields_by_name[name].compared_members
        holds = (
            has_member(column, values[0], keys) if kind == "has" else sa.not_(has_other_member(column, values, keys))
        )
        return sa.case((column.is_not(None), holds))

    def build_operand(self, tree: FilterTree) -> Expression:
        kind, what, *type_ = tree
        if kind == "value":
            return sa.bindparam(f"f{what}", type_=VALUE_TYPES[type_[0]]())
        return casefolded(self.field_expression(what)) if kind == "fold" else self.field_expression(what)
