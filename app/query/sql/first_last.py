"""The first and last rows of each group of a question: what `lastNObservations` asks for."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.db.sql_functions import as_bytes
from app.model.dataset import Dataset
from app.query.sql.select import Key, Shape, column_of, scope_of, where_of


@dataclass(frozen=True, slots=True)
class Ends:
    """So many places from either end of each group; rows that are level share a place.

    `by` are the fields that make a group, `along` is the one that orders it.
    """

    by: tuple[str, ...]
    along: str
    first: int
    last: int


def ends_select(dataset: Dataset, shape: Shape, by: tuple[str, ...], along: str) -> sa.Select[Any]:
    """Rows in order, of each group only its ends, cut to `limit`; parameters `first` and `last` beside the shape's.

    Only ids and places are ranked, and the rows looked up afterwards. For datasets without computed fields.
    """
    scope, table = scope_of(dataset, shape), dataset.table
    group, place = [table.c[name] for name in by], table.c[along]
    up = sa.func.dense_rank().over(partition_by=group, order_by=place.asc())
    down = sa.func.dense_rank().over(partition_by=group, order_by=place.desc())
    ranked = (
        sa.select(table.c.id.label("id"), up.label("up"), down.label("down"))
        .where(*scope.where, *where_of(dataset, scope, shape))
        .subquery("ranked")
    )
    first, last = (sa.bindparam(name, type_=sa.BigInteger()) for name in ("first", "last"))
    keys = [Key(column_of(dataset, scope, name), descending) for name, descending in shape.sort]
    return (
        sa.select(as_bytes(table.c[shape.form]))
        .join(ranked, ranked.c.id == table.c.id)
        .where(sa.or_(ranked.c.up <= first, ranked.c.down <= last))
        .order_by(*(key.order(False) for key in keys))
        .limit(sa.bindparam("limit", type_=sa.BigInteger()))
    )
