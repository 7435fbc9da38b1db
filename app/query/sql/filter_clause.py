"""The tree of a checked filter as an SQL condition with the parameters `f0`, `f1`, …"""

import operator
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import Grouping

from app.db.sql_functions import beyond, has
from app.db.text_matching import folded, like
from app.model.dataset import Dataset
from app.query.cql.filter import Tree

Column = sa.ColumnElement[Any]
Clause = sa.ColumnElement[bool]
COMPARISONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
TYPES: Mapping[str, Callable[[], sa.types.TypeEngine[Any]]] = {"text": sa.Text, "integer": sa.BigInteger}


def clause_of(tree: Tree, dataset: Dataset, column_of: Callable[[str], Column]) -> Clause:
    """The condition; unknown where SQL and CQL2 alike call it unknown."""
    return _Builder(dataset, column_of).condition(tree)


class _Builder:
    """Turns one tree; `column_of` gives the expression of a field."""

    def __init__(self, dataset: Dataset, column_of: Callable[[str], Column]) -> None:
        self.dataset = dataset
        self.column_of = column_of

    def condition(self, tree: Tree) -> Clause:
        kind, *parts = tree
        if kind == "and":
            return sa.and_(*map(self.condition, parts))
        if kind == "or":
            return sa.or_(*map(self.condition, parts))
        if kind == "not":
            return sa.not_(self.condition(parts[0]))
        if kind == "unknown":
            return Grouping(self.condition(parts[0])).is_(None)
        if kind == "const":
            return sa.true() if parts[0] else sa.false()
        return self.test(kind, parts)

    def test(self, kind: str, parts: list[Any]) -> Clause:
        """A condition that holds no other."""
        if kind == "isnull":
            return self.column_of(parts[0]).is_(None)
        if kind == "flag":
            return self.column_of(parts[0]) == sa.literal_column("1", sa.BigInteger())
        if kind in ("has", "within"):
            return self.members(kind, parts[0], [self.side(part) for part in parts[1:]])
        left, *rest = map(self.side, parts)
        if kind == "in":
            return left.in_(rest)
        if kind == "like":
            return like(left, *rest)
        compared: Clause = COMPARISONS[kind](left, rest[0])
        return compared

    def members(self, kind: str, name: str, values: list[Column]) -> Clause:
        """Whether a list has a member, or no others; EXISTS is false where the list is null, CQL2 says unknown."""
        column, members = self.column_of(name), self.dataset.by_name[name].fact.members
        key = members[0] if members else None
        holds = has(column, values[0], key) if kind == "has" else sa.not_(beyond(column, values, key))
        return sa.case((column.is_not(None), holds))

    def side(self, tree: Tree) -> Column:
        kind, what, *type_ = tree
        if kind == "value":
            return sa.bindparam(f"f{what}", type_=TYPES[type_[0]]())
        return folded(self.column_of(what)) if kind == "fold" else self.column_of(what)
