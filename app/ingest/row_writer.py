"""Rows into their tables: rendered once, then inserted, updated and deleted in chunks."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.ingest.fulltext_indexing import index_rows
from app.ingest.merge import Difference
from app.ingest.stored_rows import chunks
from app.model.dataset import Dataset
from app.model.rows import Record, ordered, render

Progress = Callable[[str, int, int], None]
"""Told of each step: its name, how much of it is done, and how much there is."""


def silent(step: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def stored_form(dataset: Dataset, record: Record) -> dict[str, Any]:
    """The column values of a record, its rendered forms among them."""
    row = ordered(dataset, record)
    row_json, row_csv = render(dataset, row)
    lines = row["source"]["lines"]
    values = {spec.name: _typed(spec.kind, row[spec.name]) for spec in dataset.stored}
    return values | {
        "row_json": row_json,
        "row_csv": row_csv,
        "row_issue": row["source"]["issue_id"],
        "row_line": lines[0] if lines else 0,
    }


def _typed(kind: str, value: Any) -> Any:
    """A value as the column takes it: a rendered row has text for a date, and an integer for a whole decimal."""
    if kind == "date" and isinstance(value, str):
        return date.fromisoformat(value)
    return Decimal(value) if kind == "number" and isinstance(value, int) else value


def write(connection: sa.Connection, difference: Difference, progress: Progress = silent) -> None:
    """Delete, insert and update the rows of one dataset."""
    dataset, table = difference.dataset, difference.dataset.table
    total = len(difference.added) + len(difference.changed) + len(difference.removed)
    done = 0
    for chunk in chunks(difference.removed):
        connection.execute(sa.delete(table).where(table.c.id.in_(chunk)))
        progress(dataset.name, done := done + len(chunk), total)
    for chunk in chunks(difference.added):
        connection.execute(sa.insert(table), [stored_form(dataset, difference.added[key]) for key in chunk])
        progress(dataset.name, done := done + len(chunk), total)
    for key, (_, after) in difference.changed.items():
        values = stored_form(dataset, after)
        connection.execute(sa.update(table).where(table.c.id == key).values(values))
        progress(dataset.name, done := done + 1, total)
    index_rows(connection, difference)
