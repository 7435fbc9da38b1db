"""Build the SELECT of a search across datasets."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.db import fulltext_index
from app.model.dataset import Dataset
from app.query.params.search_query import SEARCH_SORT, SearchQuery
from app.query.sql.select import SortKey, after_cursor


@dataclass(frozen=True, slots=True)
class SearchShape:
    """The parts of a search that decide its SQL."""

    dataset_names: tuple[str, ...]
    uses_index: bool
    has_cursor: bool
    backward: bool


def search_shape(query: SearchQuery) -> SearchShape:
    """Return the shape of a search."""
    cursor = query.cursor
    return SearchShape(
        query.dataset_names, query.fulltext.uses_index, cursor is not None, cursor is not None and cursor.backward
    )


def search_bind_values(query: SearchQuery, datasets: Mapping[str, Dataset]) -> dict[str, Any]:
    """Return the bind parameters of a search, by the names that the statements use."""
    dataset_tokens = (
        [fulltext_index.dataset_token(name) for name in query.dataset_names]
        if len(query.dataset_names) < len(datasets)
        else []
    )
    key = {f"k{n}": value for n, value in enumerate(query.cursor.key)} if query.cursor else {}
    return {"q": query.fulltext.as_json, "q_match": query.fulltext.index_condition(dataset_tokens), **key}


def search_select(shape: SearchShape, datasets: Mapping[str, Dataset]) -> sa.Select[Any]:
    """Select a page of hits. The columns are dataset, id, JSON of the row, readings of names, then the sort keys.

    Only the rows of the page are looked up in their tables.
    """
    searched = [datasets[name] for name in shape.dataset_names]
    keys = [
        SortKey(column, descending)
        for column, (_, descending) in zip(_sort_expressions(datasets), SEARCH_SORT, strict=True)
    ]
    labelled = (key.column.label(f"k{n}") for n, key in enumerate(keys))
    hits = sa.select(fulltext_index.SEARCH_ROWS.c.dataset, fulltext_index.SEARCH_ROWS.c.names, *labelled).where(
        *_where_conditions(shape, searched)
    )
    if shape.has_cursor:
        hits = hits.where(after_cursor(keys, [False] * len(keys), shape.backward))
    hits = hits.order_by(*(key.order_by_term(shape.backward) for key in keys))
    hits = hits.limit(sa.bindparam("limit", type_=sa.BigInteger()))
    if not shape.has_cursor:
        hits = hits.offset(sa.bindparam("offset", type_=sa.BigInteger()))
    page = hits.subquery("page")
    page_keys = (SortKey(page.c[f"k{n}"], descending) for n, (_, descending) in enumerate(SEARCH_SORT))
    columns = (page.c.dataset, page.c.k2.label("id"), _row_json(page, searched), page.c.names)
    return sa.select(*columns, page.c.k0, page.c.k1, page.c.k2).order_by(
        *(key.order_by_term(shape.backward) for key in page_keys)
    )


def _sort_expressions(datasets: Mapping[str, Dataset]) -> tuple[sa.ColumnElement[Any], ...]:
    positions = {name: sa.literal(n, sa.BigInteger()) for n, name in enumerate(datasets)}
    return (
        fulltext_index.score(),
        sa.case(positions, value=fulltext_index.SEARCH_ROWS.c.dataset),
        fulltext_index.SEARCH_ROWS.c.row_id,
    )


def search_count(shape: SearchShape, datasets: Mapping[str, Dataset]) -> sa.Select[Any]:
    """Select the number of rows that a search matches."""
    where = _where_conditions(shape, [datasets[name] for name in shape.dataset_names])
    return sa.select(sa.func.count()).select_from(fulltext_index.SEARCH_ROWS).where(*where)


def _where_conditions(shape: SearchShape, searched: Sequence[Dataset]) -> Iterator[sa.ColumnElement[bool]]:
    """Yield the conditions on `search_rows`. Rows that their dataset hides by default do not match."""
    yield fulltext_index.SEARCH_ROWS.c.dataset.in_([sa.literal(dataset.name) for dataset in searched])
    yield from fulltext_index.match_conditions(shape.uses_index)
    for dataset in searched:
        conditions = dataset.as_of_view.build_clause({}).where if dataset.as_of_view else ()
        if conditions:
            is_shown = (
                sa.exists()
                .where(dataset.table.c.id == fulltext_index.SEARCH_ROWS.c.row_id, *conditions)
                .correlate(fulltext_index.SEARCH_ROWS)
            )
            yield sa.or_(fulltext_index.SEARCH_ROWS.c.dataset != dataset.name, is_shown)


def _row_json(page: sa.Subquery, searched: Iterable[Dataset]) -> sa.ColumnElement[str]:
    """Return the expression of a hit's row as JSON, from the row's own table."""
    cases = []
    for dataset in searched:
        table = dataset.table
        row = sa.select(table.c.row_json).where(table.c.id == page.c.k2).scalar_subquery()
        cases.append((page.c.dataset == dataset.name, row))
    return sa.case(*cases)
