"""Build an SQL `Select` with named parameters from the shape of a query.

Two queries have the same shape when only their values differ: they have the same fields and operators, the
same order, and nulls in the same places of the cursor's key. Each shape is compiled once and then only bound.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.db import fulltext_index
from app.db.sql_functions import as_bytes, contains, has_member, has_null_member, in_array, startswith
from app.model.dataset import Dataset, FieldSpec, ViewClause
from app.query.cql.filter import FilterTree
from app.query.params.controls import SCORE_KEY, Sort
from app.query.params.dataset_query import DatasetQuery, FilterCondition
from app.query.sql.filter_clause import build_filter_clause

Expression = sa.ColumnElement[Any]
Predicate = sa.ColumnElement[bool]

OPERATORS: Mapping[str, Callable[[Expression, Expression], Predicate]] = {
    "eq": lambda column, value: column == value,
    "ne": lambda column, value: column != value,
    "gt": lambda column, value: column > value,
    "gte": lambda column, value: column >= value,
    "lt": lambda column, value: column < value,
    "lte": lambda column, value: column <= value,
    "contains": contains,
    "startswith": startswith,
}
"""The operators on one value. As in SQL, `ne` does not match nulls."""


@dataclass(frozen=True, slots=True)
class QueryShape:
    """The parts of a query that decide its SQL. Only `isnull` and options with an enumeration keep their values."""

    conditions: tuple[tuple[str, str, int], ...]
    options: tuple[tuple[str, str], ...]
    sort: Sort = ()
    cursor_nulls: tuple[bool, ...] | None = None
    backward: bool = False
    filter: FilterTree | None = None
    row_column: str = "row_json"
    has_fulltext: bool = False
    uses_index: bool = False
    """Whether the full-text index finds the candidates for `q`."""


def query_shape(dataset: Dataset, query: DatasetQuery, row_column: str = "row_json") -> QueryShape:
    """Return the shape of a query for rows; `row_column` is the rendered column to select."""
    cursor = query.cursor
    return QueryShape(
        conditions=condition_shapes(query.conditions),
        options=option_shapes(dataset, query.options),
        sort=query.sort,
        cursor_nulls=None if cursor is None else tuple(value is None for value in cursor.key),
        backward=cursor is not None and cursor.backward,
        filter=None if query.filter is None else query.filter.tree,
        row_column=row_column,
        has_fulltext=query.fulltext is not None,
        uses_index=query.fulltext is not None and query.fulltext.uses_index,
    )


def count_shape(dataset: Dataset, query: DatasetQuery) -> QueryShape:
    """Return the shape of a query for its count, which is the same for every order, page and row column."""
    return QueryShape(
        conditions=condition_shapes(query.conditions),
        options=option_shapes(dataset, query.options),
        filter=None if query.filter is None else query.filter.tree,
        has_fulltext=query.fulltext is not None,
        uses_index=query.fulltext is not None and query.fulltext.uses_index,
    )


def condition_shapes(conditions: Sequence[FilterCondition]) -> tuple[tuple[str, str, int], ...]:
    """Return field, operator and number of values of each condition; for `isnull`, the value itself."""
    return tuple((c.field, c.op, int(c.values[0]) if c.op == "isnull" else len(c.values)) for c in conditions)


def option_shapes(dataset: Dataset, options: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the options that are set, without the values that are bound to the statement."""
    if not options:
        return ()
    return tuple(
        (option.name, options[option.name] if option.enum else "")
        for option in (dataset.as_of_view.options if dataset.as_of_view else ())
        if option.name in options
    )


def rows_select(dataset: Dataset, shape: QueryShape) -> sa.Select[Any]:
    """Select rows in order. The columns are the rendered row, then each computed field, then each sort key."""
    return _ordered_select(dataset, shape, dataset.table.c[shape.row_column])


def _ordered_select(dataset: Dataset, shape: QueryShape, first: Expression) -> sa.Select[Any]:
    view_clause = view_clause_of(dataset, shape)
    keys = [SortKey(field_expression(dataset, view_clause, name), descending) for name, descending in shape.sort]
    columns = [first, *view_clause.computed.values(), *(key.column for key in keys)]
    labelled = [column.label(f"c{n}") for n, column in enumerate(columns)]
    select = sa.select(*labelled).where(*view_clause.where, *where_conditions(dataset, view_clause, shape))
    if shape.cursor_nulls is not None:
        select = select.where(after_cursor(keys, shape.cursor_nulls, shape.backward))
    return select.order_by(*(key.order_by_term(shape.backward) for key in keys))


def page_select(dataset: Dataset, shape: QueryShape) -> sa.Select[Any]:
    """Select at most `limit` rows, from `offset` on if there is no cursor; columns as in `rows_select`."""
    return _with_limit(rows_select(dataset, shape), shape)


def _with_limit(select: sa.Select[Any], shape: QueryShape) -> sa.Select[Any]:
    select = select.limit(sa.bindparam("limit", type_=sa.BigInteger()))
    return select.offset(sa.bindparam("offset", type_=sa.BigInteger())) if shape.cursor_nulls is None else select


def late_lookup_select(
    dataset: Dataset, shape: QueryShape, row_locator: str, *extra_columns: Expression
) -> sa.Select[Any]:
    """Select a page as `page_select` does, with the rendered row as UTF-8 bytes and extra columns at the end.

    Both databases move everything that they select through their sorter, including rendered rows. Therefore only
    row locators are sorted and limited, and the rows are looked up afterwards. `row_locator` is the database's
    own column for this (`rowid`, `ctid`).
    """
    table = dataset.table
    locator: Expression = sa.literal_column(f"{table.name}.{row_locator}")
    page = _with_limit(_ordered_select(dataset, shape, locator), shape).subquery("page")
    row_table = table.alias("found")
    is_row: Predicate = sa.literal_column(f"found.{row_locator}") == page.c.c0
    row = sa.select(as_bytes(row_table.c[shape.row_column])).where(is_row).scalar_subquery()
    remaining = [column for column in page.c if column.name != "c0"]
    return sa.select(row, *remaining, *extra_columns).select_from(page)


def count_select(dataset: Dataset, shape: QueryShape) -> sa.Select[Any]:
    """Select the number of rows that a query matches, whatever its cursor."""
    view_clause = view_clause_of(dataset, shape)
    select = sa.select(sa.func.count()).select_from(dataset.table)
    return select.where(*view_clause.where, *where_conditions(dataset, view_clause, shape))


def item_select(dataset: Dataset, field: str = "id") -> sa.Select[Any]:
    """Select one row by the value of a field. The columns are the JSON of the row, then each computed field."""
    table = dataset.table
    select = _items_select(dataset).where(table.c[field] == sa.bindparam("id", type_=sa.Text()))
    return select if field == "id" else select.order_by(table.c.id).limit(1)


def items_select(dataset: Dataset) -> sa.Select[Any]:
    """Select the rows of a list of ids in any order: the id, then the columns of `item_select`. Only for Postgres."""
    id_column, select = dataset.table.c.id, _items_select(dataset)
    return select.with_only_columns(id_column, *select.selected_columns).where(in_array(id_column, "ids"))


def _items_select(dataset: Dataset) -> sa.Select[Any]:
    view_clause = dataset.as_of_view.build_clause({}) if dataset.as_of_view else ViewClause()
    return sa.select(as_bytes(dataset.table.c.row_json), *view_clause.computed.values())


def view_clause_of(dataset: Dataset, shape: QueryShape) -> ViewClause:
    """Return what the dataset's as-of view adds to a statement for the options of a shape."""
    return dataset.as_of_view.build_clause(dict(shape.options)) if dataset.as_of_view else ViewClause()


def field_expression(dataset: Dataset, view_clause: ViewClause, name: str) -> Expression:
    """Return the expression of a field: its column, or the one that the as-of view computes."""
    if name == SCORE_KEY:
        return fulltext_index.score()
    return view_clause.computed[name] if name in view_clause.computed else dataset.table.c[name]


def where_conditions(dataset: Dataset, view_clause: ViewClause, shape: QueryShape) -> Iterator[Predicate]:
    """Yield the conditions of a shape, with parameters `p<condition>_<value>`."""
    for index, (name, op, count) in enumerate(shape.conditions):
        column = field_expression(dataset, view_clause, name)
        if op == "isnull":
            is_null = _is_null(column, dataset.fields_by_name[name])
            yield is_null if count else sa.not_(is_null)
            continue
        type_ = column.type.impl if isinstance(column.type, sa.types.TypeDecorator) else column.type
        binds = [sa.bindparam(f"p{index}_{n}", type_=type_) for n in range(count)]
        if op == "in":
            yield column == binds[0] if count == 1 else column.in_(binds)
        elif op == "has":
            members = dataset.fields_by_name[name].compared_members
            yield sa.or_(*(has_member(column, bind, members) for bind in binds))
        else:
            join = sa.and_ if op == "ne" else sa.or_  # a text in two spellings has two values
            yield join(*(OPERATORS[op](column, bind) for bind in binds))
    if shape.filter is not None:
        yield build_filter_clause(shape.filter, dataset, lambda name: field_expression(dataset, view_clause, name))
    yield from fulltext_conditions(dataset, shape)


def _is_null(column: Expression, spec: FieldSpec) -> Predicate:
    """Return the condition that a field is null; of a list of objects, also that the first member of one is null."""
    if spec.kind == "objects":
        return sa.or_(column.is_(None), has_null_member(column, spec.info.members[0]))
    return column.is_(None)


def fulltext_conditions(dataset: Dataset, shape: QueryShape) -> Iterator[Predicate]:
    """Yield the conditions of `q`, which join `search_rows`; nothing without `q`."""
    if shape.has_fulltext:
        yield from fulltext_index.dataset_join(dataset)
        yield from fulltext_index.match_conditions(shape.uses_index)


def bind_values(dataset: Dataset, query: DatasetQuery) -> dict[str, Any]:
    """Return the bind parameters of a query, by the names that the statements use."""
    values: dict[str, Any] = {}
    for index, condition in enumerate(query.conditions):
        if condition.op != "isnull":
            for n, value in enumerate(condition.values):
                values[f"p{index}_{n}"] = value
    for name, value in query.options.items():
        option = dataset.get_view_option(name)
        if option and not option.enum:
            values[name] = value
    if query.cursor is not None:
        values.update((f"k{n}", value) for n, value in enumerate(query.cursor.key) if value is not None)
    if query.filter is not None:
        values.update((f"f{n}", value) for n, value in enumerate(query.filter.values))
    if query.fulltext is not None:
        values |= {
            "q": query.fulltext.as_json,
            "q_match": query.fulltext.index_condition([fulltext_index.dataset_token(dataset.name)]),
        }
    return values


@dataclass(frozen=True, slots=True)
class SortKey:
    """A sort key. Nulls come last in both directions."""

    column: Expression
    descending: bool

    @property
    def nullable(self) -> bool:
        """Return whether the key may be null; computed fields never are."""
        return bool(getattr(self.column, "nullable", False))

    def order_by_term(self, backward: bool) -> Expression:
        """Return the ORDER BY term. Keys that are never null get no NULLS clause, so that an index can be used."""
        term = self.column.desc() if self.descending != backward else self.column.asc()
        if not self.nullable:
            return term
        return term.nulls_first() if backward else term.nulls_last()

    def is_after(self, bound: Expression, is_null: bool, backward: bool) -> Predicate:
        """Return the condition that a row comes strictly after the bound in this key (before it, if backward)."""
        if is_null:
            return self.column.is_not(None) if backward else sa.false()
        beyond = self.column < bound if self.descending != backward else self.column > bound
        return sa.or_(beyond, self.column.is_(None)) if self.nullable and not backward else beyond

    def is_equal(self, bound: Expression, is_null: bool) -> Predicate:
        """Return the condition that a row has the bound's value in this key."""
        return self.column.is_(None) if is_null else self.column == bound


def after_cursor(keys: Sequence[SortKey], nulls: Sequence[bool], backward: bool) -> Predicate:
    """Return the condition that a row comes strictly after the cursor's key (parameters `k0`, `k1`, …)."""
    bounds = [_cursor_parameter(key, n) for n, key in enumerate(keys)]
    if len({key.descending for key in keys}) == 1 and not any(key.nullable for key in keys):
        # One direction and no nulls: compare row values, which both databases look up in an index.
        left, right = sa.tuple_(*(key.column for key in keys)), sa.tuple_(*bounds)
        return left < right if keys[0].descending != backward else left > right
    cases: list[Predicate] = []
    for last, key in enumerate(keys):
        equal = [keys[n].is_equal(bounds[n], nulls[n]) for n in range(last)]
        cases.append(sa.and_(*equal, key.is_after(bounds[last], nulls[last], backward)))
    return sa.or_(*cases)


def _cursor_parameter(key: SortKey, n: int) -> Expression:
    type_ = key.column.type.impl if isinstance(key.column.type, sa.types.TypeDecorator) else key.column.type
    return sa.bindparam(f"k{n}", type_=type_)
