"""The SELECT of a search across datasets."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.db import fulltext_index
from app.model.dataset import Dataset
from app.query.params.search_query import ORDER, Search
from app.query.sql.select import Key, beyond


@dataclass(frozen=True, slots=True)
class SearchShape:
    """What of a question decides its SQL text."""

    names: tuple[str, ...]
    indexed: bool
    paged: bool
    backward: bool


def search_shape(asked: Search) -> SearchShape:
    """The shape of a question."""
    cursor = asked.cursor
    return SearchShape(asked.names, asked.fulltext.indexed, cursor is not None, cursor is not None and cursor.backward)


def search_values(asked: Search, datasets: Mapping[str, Dataset]) -> dict[str, Any]:
    """The parameters of a question, by the names that the selects use."""
    marks = [fulltext_index.mark(name) for name in asked.names] if len(asked.names) < len(datasets) else []
    key = {f"k{n}": value for n, value in enumerate(asked.cursor.key)} if asked.cursor else {}
    return {"q": asked.fulltext.content, "q_match": asked.fulltext.match(marks), **key}


def search_select(shape: SearchShape, datasets: Mapping[str, Dataset]) -> sa.Select[Any]:
    """A page of hits: dataset, id, JSON of the row, names, then the sort keys.

    The rows are looked up in their tables only for the page.
    """
    wanted = [datasets[name] for name in shape.names]
    keys = [Key(column, down) for column, (_, down) in zip(_columns(datasets), ORDER, strict=True)]
    named = (key.column.label(f"k{n}") for n, key in enumerate(keys))
    found = sa.select(fulltext_index.ROWS.c.dataset, fulltext_index.ROWS.c.names, *named).where(*_where(shape, wanted))
    if shape.paged:
        found = found.where(beyond(keys, [False] * len(keys), shape.backward))
    found = found.order_by(*(key.order(shape.backward) for key in keys))
    found = found.limit(sa.bindparam("limit", type_=sa.BigInteger()))
    if not shape.paged:
        found = found.offset(sa.bindparam("offset", type_=sa.BigInteger()))
    page = found.subquery("page")
    again = (Key(page.c[f"k{n}"], down).order(shape.backward) for n, (_, down) in enumerate(ORDER))
    columns = (page.c.dataset, page.c.k2.label("id"), _row_of(page, wanted), page.c.names)
    return sa.select(*columns, page.c.k0, page.c.k1, page.c.k2).order_by(*again)


def _columns(datasets: Mapping[str, Dataset]) -> tuple[sa.ColumnElement[Any], ...]:
    places = {name: sa.literal(n, sa.BigInteger()) for n, name in enumerate(datasets)}
    return fulltext_index.score(), sa.case(places, value=fulltext_index.ROWS.c.dataset), fulltext_index.ROWS.c.row_id


def search_count(shape: SearchShape, datasets: Mapping[str, Dataset]) -> sa.Select[Any]:
    """How many rows a question matches."""
    where = _where(shape, [datasets[name] for name in shape.names])
    return sa.select(sa.func.count()).select_from(fulltext_index.ROWS).where(*where)


def _where(shape: SearchShape, wanted: Sequence[Dataset]) -> Iterator[sa.ColumnElement[bool]]:
    """The conditions on `search_rows`; a row that its dataset does not show by default is not found either."""
    yield fulltext_index.ROWS.c.dataset.in_([sa.literal(dataset.name) for dataset in wanted])
    yield from fulltext_index.found(shape.indexed)
    for dataset in wanted:
        hidden = dataset.perspective.scope({}).where if dataset.perspective else ()
        if hidden:
            own = (
                sa.exists()
                .where(dataset.table.c.id == fulltext_index.ROWS.c.row_id, *hidden)
                .correlate(fulltext_index.ROWS)
            )
            yield sa.or_(fulltext_index.ROWS.c.dataset != dataset.name, own)


def _row_of(page: sa.Subquery, wanted: Iterable[Dataset]) -> sa.ColumnElement[str]:
    """The JSON of a hit's row, from its own table."""
    cases = []
    for dataset in wanted:
        table = dataset.table
        row = sa.select(table.c.row_json).where(table.c.id == page.c.k2).scalar_subquery()
        cases.append((page.c.dataset == dataset.name, row))
    return sa.case(*cases)
