"""Build the SELECT of the first and last rows of each group, for `firstNObservations` and `lastNObservations`."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.db.sql_functions import as_bytes
from app.model.dataset import Dataset
from app.query.sql.select import QueryShape, SortKey, field_expression, view_clause_of, where_conditions


@dataclass(frozen=True, slots=True)
class FirstLast:
    """The number of first and last ranks of each group to return; rows with equal values share a rank.

    `group_by` are the fields that form a group, `order_by` is the field that ranks its rows.
    """

    group_by: tuple[str, ...]
    order_by: str
    first: int
    last: int


def first_last_select(dataset: Dataset, shape: QueryShape, group_by: tuple[str, ...], order_by: str) -> sa.Select[Any]:
    """Select at most `limit` rows in order, only the first and last ones of each group.

    `first` and `last` are further parameters. Only ids are ranked, and the rows are looked up afterwards. The
    dataset must not have computed fields.
    """
    view_clause, table = view_clause_of(dataset, shape), dataset.table
    group, rank_by = [table.c[name] for name in group_by], table.c[order_by]
    up = sa.func.dense_rank().over(partition_by=group, order_by=rank_by.asc())
    down = sa.func.dense_rank().over(partition_by=group, order_by=rank_by.desc())
    ranked = (
        sa.select(table.c.id.label("id"), up.label("up"), down.label("down"))
        .where(*view_clause.where, *where_conditions(dataset, view_clause, shape))
        .subquery("ranked")
    )
    first, last = (sa.bindparam(name, type_=sa.BigInteger()) for name in ("first", "last"))
    keys = [SortKey(field_expression(dataset, view_clause, name), descending) for name, descending in shape.sort]
    return (
        sa.select(as_bytes(table.c[shape.row_column]))
        .join(ranked, ranked.c.id == table.c.id)
        .where(sa.or_(ranked.c.up <= first, ranked.c.down <= last))
        .order_by(*(key.order_by_term(False) for key in keys))
        .limit(sa.bindparam("limit", type_=sa.BigInteger()))
    )
