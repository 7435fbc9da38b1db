"""Build the SELECT of facets and aggregates.

Sums never pass through floating point. SQLite rejects a sum that does not fit 64 bits; then the upper bits and the
lower 32 bits of the values are summed separately, and the two sums are joined afterwards.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.model.dataset import Dataset
from app.query.sql.select import QueryShape, field_expression, view_clause_of, where_conditions


@dataclass(frozen=True, slots=True)
class GroupShape:
    """The parts of a grouping that decide its SQL."""

    rows: QueryShape
    by: tuple[str, ...]
    sums: tuple[str, ...] = ()
    extremes: tuple[str, ...] = ()
    with_count: bool = True
    """Whether the number of rows is needed."""
    split_sums: bool = False
    """Whether sums may exceed 64 bits and are computed in two halves."""


def groups_select(dataset: Dataset, shape: GroupShape, max_groups: int) -> sa.Select[Any]:
    """Select at most `max_groups` groups in any order.

    The columns are the fields of `by`; the number of rows (0 if it is not needed); for each field of `sums` the
    number of values and the two halves of their sum (0 and the whole sum, unless the sums are split); for each field
    of `extremes` the smallest and the largest value.
    """
    view_clause = view_clause_of(dataset, shape.rows)
    by = [field_expression(dataset, view_clause, name) for name in shape.by]
    columns: list[sa.ColumnElement[Any]] = [*by, sa.func.count() if shape.with_count else sa.literal_column("0")]
    for name in shape.sums:
        # Sum the stored integer itself, not the decimal of the column's type.
        value = sa.type_coerce(field_expression(dataset, view_clause, name), sa.BigInteger())
        if shape.split_sums:
            upper = value.op(">>")(sa.literal_column("32"))
            lower = value.op("&")(sa.literal_column("4294967295"))
            columns += [sa.func.count(value), sa.func.sum(upper), sa.func.sum(lower)]
        else:
            columns += [sa.func.count(value), sa.literal_column("0"), sa.func.sum(value)]
    for name in shape.extremes:
        column = field_expression(dataset, view_clause, name)
        columns += [sa.func.min(column), sa.func.max(column)]
    labelled = [column.label(f"g{n}") for n, column in enumerate(columns)]
    select = sa.select(*labelled).select_from(dataset.table)
    select = select.where(*view_clause.where, *where_conditions(dataset, view_clause, shape.rows))
    if not by:
        return select
    # Group by position: a computed field contains parameters, and Postgres does not see that two of them are equal.
    return select.group_by(*(sa.literal_column(str(n + 1)) for n in range(len(by)))).limit(max_groups)
