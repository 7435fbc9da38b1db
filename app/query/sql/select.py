"""A question's shape in, an SQL `Select` with named parameters out.

Two questions have the same shape when they differ in values alone: same fields and operators, same
order, same null pattern of the cursor's key. A shape is compiled once and then only bound.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.db import fulltext_index
from app.db.sql_functions import as_bytes, contains, has, in_array, startswith
from app.model.dataset import Dataset, Scope
from app.query.cql.filter import Tree
from app.query.params.controls import SCORE, Sort
from app.query.params.dataset_query import Ask, Condition
from app.query.sql.filter_clause import clause_of

Column = sa.ColumnElement[Any]
Clause = sa.ColumnElement[bool]

OPERATORS: Mapping[str, Callable[[Column, Column], Clause]] = {
    "eq": lambda column, value: column == value,
    "ne": lambda column, value: column != value,
    "gt": lambda column, value: column > value,
    "gte": lambda column, value: column >= value,
    "lt": lambda column, value: column < value,
    "lte": lambda column, value: column <= value,
    "contains": contains,
    "startswith": startswith,
}
"""Operators on one value. `ne` leaves nulls out, as SQL does."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What of a question decides its SQL text. Only `isnull` and enumerated options keep their values."""

    conditions: tuple[tuple[str, str, int], ...]
    options: tuple[tuple[str, str], ...]
    sort: Sort = ()
    nulls: tuple[bool, ...] | None = None
    backward: bool = False
    filter: Tree | None = None
    form: str = "row_json"
    searched: bool = False
    indexed: bool = False
    """Whether the full-text index finds candidates for `q`."""


def shape_of(dataset: Dataset, ask: Ask, form: str = "row_json") -> Shape:
    """The shape of a question for rows; `form` is the column that is handed out."""
    cursor = ask.cursor
    return Shape(
        conditions=condition_shapes(ask.conditions),
        options=option_shapes(dataset, ask.options),
        sort=ask.sort,
        nulls=None if cursor is None else tuple(value is None for value in cursor.key),
        backward=cursor is not None and cursor.backward,
        filter=None if ask.filter is None else ask.filter.tree,
        form=form,
        searched=ask.fulltext is not None,
        indexed=ask.fulltext is not None and ask.fulltext.indexed,
    )


def count_shape(dataset: Dataset, ask: Ask) -> Shape:
    """The shape of a question for its count, the same for every order, page and form."""
    return Shape(
        conditions=condition_shapes(ask.conditions),
        options=option_shapes(dataset, ask.options),
        filter=None if ask.filter is None else ask.filter.tree,
        searched=ask.fulltext is not None,
        indexed=ask.fulltext is not None and ask.fulltext.indexed,
    )


def condition_shapes(conditions: Sequence[Condition]) -> tuple[tuple[str, str, int], ...]:
    """Field, operator, and how many values; for `isnull` the value itself."""
    return tuple((c.field, c.op, int(c.values[0]) if c.op == "isnull" else len(c.values)) for c in conditions)


def option_shapes(dataset: Dataset, options: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The options set, without the values of those that are bound."""
    if not options:
        return ()
    return tuple(
        (option.name, options[option.name] if option.enum else "")
        for option in (dataset.perspective.options if dataset.perspective else ())
        if option.name in options
    )


def rows_select(dataset: Dataset, shape: Shape) -> sa.Select[Any]:
    """Rows in order: the form asked for, then each computed field, then each sort key."""
    return _ordered(dataset, shape, dataset.table.c[shape.form])


def _ordered(dataset: Dataset, shape: Shape, first: Column) -> sa.Select[Any]:
    scope = scope_of(dataset, shape)
    keys = [Key(column_of(dataset, scope, name), descending) for name, descending in shape.sort]
    columns = [first, *scope.computed.values(), *(key.column for key in keys)]
    named = [column.label(f"c{n}") for n, column in enumerate(columns)]
    select = sa.select(*named).where(*scope.where, *where_of(dataset, scope, shape))
    if shape.nulls is not None:
        select = select.where(beyond(keys, shape.nulls, shape.backward))
    return select.order_by(*(key.order(shape.backward) for key in keys))


def page_select(dataset: Dataset, shape: Shape) -> sa.Select[Any]:
    """`rows_select`, cut to `limit` rows from `offset` (only without a cursor)."""
    return _limited(rows_select(dataset, shape), shape)


def _limited(select: sa.Select[Any], shape: Shape) -> sa.Select[Any]:
    select = select.limit(sa.bindparam("limit", type_=sa.BigInteger()))
    return select.offset(sa.bindparam("offset", type_=sa.BigInteger())) if shape.nulls is None else select


def bytes_select(dataset: Dataset, shape: Shape, address: str, *more: Column) -> sa.Select[Any]:
    """`page_select` with the form as UTF-8 bytes, and some more columns at the end.

    Both databases carry what they sort through their sorter, rendered rows too. So only addresses of
    rows are sorted and cut, and each row is looked up afterwards: `address` is the database's own name for one.
    """
    table = dataset.table
    place: Column = sa.literal_column(f"{table.name}.{address}")
    page = _limited(_ordered(dataset, shape, place), shape).subquery("page")
    found = table.alias("found")
    same: Clause = sa.literal_column(f"found.{address}") == page.c.c0
    row = sa.select(as_bytes(found.c[shape.form])).where(same).scalar_subquery()
    rest = [column for column in page.c if column.name != "c0"]
    return sa.select(row, *rest, *more).select_from(page)


def count_select(dataset: Dataset, shape: Shape) -> sa.Select[Any]:
    """How many rows a question matches; never narrowed by a cursor."""
    scope = scope_of(dataset, shape)
    counted = sa.select(sa.func.count()).select_from(dataset.table)
    return counted.where(*scope.where, *where_of(dataset, scope, shape))


def item_select(dataset: Dataset, key: str = "id") -> sa.Select[Any]:
    """One row by its key: the JSON form, then each computed field."""
    table = dataset.table
    found = _items(dataset).where(table.c[key] == sa.bindparam("id", type_=sa.Text()))
    return found if key == "id" else found.order_by(table.c.id).limit(1)


def items_select(dataset: Dataset) -> sa.Select[Any]:
    """The rows of a list of ids, in any order: the id, then as `item_select` has them. Only for Postgres."""
    key, found = dataset.table.c.id, _items(dataset)
    return found.with_only_columns(key, *found.selected_columns).where(in_array(key, "ids"))


def _items(dataset: Dataset) -> sa.Select[Any]:
    scope = dataset.perspective.scope({}) if dataset.perspective else Scope()
    return sa.select(as_bytes(dataset.table.c.row_json), *scope.computed.values())


def scope_of(dataset: Dataset, shape: Shape) -> Scope:
    """What the dataset's perspective adds under the options of a shape."""
    return dataset.perspective.scope(dict(shape.options)) if dataset.perspective else Scope()


def column_of(dataset: Dataset, scope: Scope, name: str) -> Column:
    """The expression of a field: its column, or what the perspective computes."""
    if name == SCORE:
        return fulltext_index.score()
    return scope.computed[name] if name in scope.computed else dataset.table.c[name]


def where_of(dataset: Dataset, scope: Scope, shape: Shape) -> Iterator[Clause]:
    """The conditions of a shape, with parameters `p<condition>_<value>`."""
    for index, (name, op, number) in enumerate(shape.conditions):
        column = column_of(dataset, scope, name)
        if op == "isnull":
            yield column.is_(None) if number else column.is_not(None)
            continue
        type_ = column.type.impl if isinstance(column.type, sa.types.TypeDecorator) else column.type
        binds = [sa.bindparam(f"p{index}_{n}", type_=type_) for n in range(number)]
        if op == "in":
            yield sa.or_(*(column == bind for bind in binds)) if len(binds) == 1 else column.in_(binds)
        elif op == "has":
            members = dataset.by_name[name].fact.members
            yield has(column, binds[0], members[0] if members else None)
        else:
            yield OPERATORS[op](column, binds[0])
    if shape.filter is not None:
        yield clause_of(shape.filter, dataset, lambda name: column_of(dataset, scope, name))
    yield from searched(dataset, shape)


def searched(dataset: Dataset, shape: Shape) -> Iterator[Clause]:
    """The conditions of `q`, which bring in `search_rows`; none without it."""
    if shape.searched:
        yield from fulltext_index.of_dataset(dataset)
        yield from fulltext_index.found(shape.indexed)


def bind(dataset: Dataset, ask: Ask) -> dict[str, Any]:
    """The parameters of a question, by the names that the selects use."""
    values: dict[str, Any] = {}
    for index, condition in enumerate(ask.conditions):
        if condition.op != "isnull":
            for n, value in enumerate(condition.values):
                values[f"p{index}_{n}"] = value
    for name, value in ask.options.items():
        option = dataset.option(name)
        if option and not option.enum:
            values[name] = value
    if ask.cursor is not None:
        values.update((f"k{n}", value) for n, value in enumerate(ask.cursor.key) if value is not None)
    if ask.filter is not None:
        values.update((f"f{n}", value) for n, value in enumerate(ask.filter.values))
    if ask.fulltext is not None:
        values |= {"q": ask.fulltext.content, "q_match": ask.fulltext.match([fulltext_index.mark(dataset.name)])}
    return values


@dataclass(frozen=True, slots=True)
class Key:
    """A sort key; nulls come last, whichever way it runs."""

    column: Column
    descending: bool

    @property
    def nullable(self) -> bool:
        """Whether the key may be null (a computed one never is)."""
        return bool(getattr(self.column, "nullable", False))

    def order(self, backward: bool) -> Column:
        """The ORDER BY term; plain where no null can stand, so that an index serves it."""
        term = self.column.desc() if self.descending != backward else self.column.asc()
        if not self.nullable:
            return term
        return term.nulls_first() if backward else term.nulls_last()

    def behind(self, bound: Column, is_null: bool, backward: bool) -> Clause:
        """Whether a row stands strictly behind the bound in this key (before it, when backward)."""
        if is_null:
            return self.column.is_not(None) if backward else sa.false()
        falls = self.column < bound if self.descending != backward else self.column > bound
        return sa.or_(falls, self.column.is_(None)) if self.nullable and not backward else falls

    def level(self, bound: Column, is_null: bool) -> Clause:
        """Whether a row has the bound's value in this key."""
        return self.column.is_(None) if is_null else self.column == bound


def beyond(keys: Sequence[Key], nulls: Sequence[bool], backward: bool) -> Clause:
    """Whether a row stands strictly behind the cursor's key `k0, k1, …` in the whole order."""
    bounds = [_bound(key, n) for n, key in enumerate(keys)]
    if len({key.descending for key in keys}) == 1 and not any(key.nullable for key in keys):
        # One direction and no nulls: a row value, which both databases seek in an index.
        left, right = sa.tuple_(*(key.column for key in keys)), sa.tuple_(*bounds)
        return left < right if keys[0].descending != backward else left > right
    cases: list[Clause] = []
    for last, key in enumerate(keys):
        level = [keys[n].level(bounds[n], nulls[n]) for n in range(last)]
        cases.append(sa.and_(*level, key.behind(bounds[last], nulls[last], backward)))
    return sa.or_(*cases)


def _bound(key: Key, n: int) -> Column:
    type_ = key.column.type.impl if isinstance(key.column.type, sa.types.TypeDecorator) else key.column.type
    return sa.bindparam(f"k{n}", type_=type_)
