"""Build one page from the rows that the database returned, with the cursors of the pages before and after it."""

from typing import Any, NamedTuple

from app.db.reader import Rows
from app.model.dataset import Dataset
from app.model.rows import fill_computed
from app.query.params.cursor import Cursor, SortKeyValues
from app.query.params.dataset_query import DatasetQuery


class Page(NamedTuple):
    """One page of rendered rows, with the cursors of the next and the previous page."""

    rows: list[bytes]
    total: int | None
    revision: str
    next_cursor: Cursor | None
    previous_cursor: Cursor | None


def complete_row(dataset: Dataset, row: tuple[Any, ...]) -> bytes:
    """Return a rendered row with its computed fields filled in."""
    row_json: bytes = row[0]
    names = dataset.computed_names
    return fill_computed(row_json, names, row[1 : 1 + len(names)]) if names else row_json


def build_page(dataset: Dataset, query: DatasetQuery, rows: Rows, total: int | None, revision: str) -> Page:
    """Build the page from its rows. One row more than the limit was read, to know whether another page follows."""
    assert query.limit is not None
    backward = query.cursor is not None and query.cursor.backward
    has_more = len(rows) > query.limit
    page_rows = rows[: query.limit]
    if backward:
        page_rows = page_rows[::-1]
    has_next = (bool(page_rows) or query.cursor is not None) if backward else has_more
    has_previous = has_more if backward else (query.cursor is not None or query.offset > 0)
    computed_count = len(dataset.computed_names)
    fallback = query.cursor.key if query.cursor else None

    def sort_key(row: tuple[Any, ...]) -> SortKeyValues:
        return tuple(row[1 + computed_count : 1 + computed_count + len(query.sort)])

    first = sort_key(page_rows[0]) if page_rows else fallback
    last = sort_key(page_rows[-1]) if page_rows else fallback
    return Page(
        rows=[complete_row(dataset, row) for row in page_rows] if computed_count else [row[0] for row in page_rows],
        total=total,
        revision=revision,
        next_cursor=Cursor(last) if has_next and last is not None else None,
        previous_cursor=Cursor(first, backward=True) if has_previous and first is not None else None,
    )
