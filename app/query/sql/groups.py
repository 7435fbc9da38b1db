"""The SELECT of facets and aggregates."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.model.dataset import Dataset
from app.query.sql.select import Shape, column_of, scope_of, where_of


@dataclass(frozen=True, slots=True)
class GroupShape:
    """What of a grouping decides its SQL text."""

    rows: Shape
    by: tuple[str, ...]
    sums: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    counted: bool = True
    """Whether the number of rows is wanted."""
    halves: bool = False
    """Whether sums are too long for 64 bits."""


def groups_select(dataset: Dataset, shape: GroupShape, most: int) -> sa.Select[Any]:
    """The groups, unordered, at most `most`: the fields of `by`, the number of rows (0 where nobody asks), for each
    field of `sums` the number of values and the two halves of their sum (0 and all of it, where it is not too
    long), and for each of `ends` the least and the greatest.
    """
    scope = scope_of(dataset, shape.rows)
    by = [column_of(dataset, scope, name) for name in shape.by]
    columns: list[sa.ColumnElement[Any]] = [*by, sa.func.count() if shape.counted else sa.literal_column("0")]
    for name in shape.sums:
        # The stored integer itself, not the decimal that the column's type makes of it.
        value = sa.type_coerce(column_of(dataset, scope, name), sa.BigInteger())
        if shape.halves:
            upper = value.op(">>")(sa.literal_column("32"))
            lower = value.op("&")(sa.literal_column("4294967295"))
            columns += [sa.func.count(value), sa.func.sum(upper), sa.func.sum(lower)]
        else:
            columns += [sa.func.count(value), sa.literal_column("0"), sa.func.sum(value)]
    for name in shape.ends:
        column = column_of(dataset, scope, name)
        columns += [sa.func.min(column), sa.func.max(column)]
    named = [column.label(f"g{n}") for n, column in enumerate(columns)]
    select = sa.select(*named).select_from(dataset.table)
    select = select.where(*scope.where, *where_of(dataset, scope, shape.rows))
    if not by:
        return select
    # By position: a computed field holds parameters, and Postgres does not see that two of them are one.
    return select.group_by(*(sa.literal_column(str(n + 1)) for n in range(len(by)))).limit(most)
