"""Write rows to their tables: each is rendered once, then inserted, updated or deleted in chunks."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.ingest.fulltext_indexing import index_rows
from app.ingest.merge import Difference
from app.ingest.stored_rows import chunk_ids
from app.model.dataset import Dataset
from app.model.rows import Record, in_field_order, render_row

ProgressCallback = Callable[[str, int, int], None]
"""Called for each step with its name, the rows done and the total; both are 0 for a step without rows."""


def no_progress(step: str, done: int, total: int) -> None:
    """Ignore the progress of a load."""


def to_column_values(dataset: Dataset, record: Record) -> dict[str, Any]:
    """Return the column values of a record, its rendered JSON and CSV included."""
    row = in_field_order(dataset, record)
    row_json, row_csv = render_row(dataset, row)
    lines = row["source"]["lines"]
    values = {spec.name: _column_value(spec.kind, row[spec.name]) for spec in dataset.stored_fields}
    return values | {
        "row_json": row_json,
        "row_csv": row_csv,
        "row_issue": row["source"]["issue_id"],
        "row_line": lines[0] if lines else 0,
    }


def _column_value(kind: str, value: Any) -> Any:
    """Convert a value for its column: a rendered row has text for a date and an integer for a whole decimal."""
    if kind == "date" and isinstance(value, str):
        return date.fromisoformat(value)
    return Decimal(value) if kind == "number" and isinstance(value, int) else value


def write_difference(
    connection: sa.Connection, difference: Difference, progress: ProgressCallback = no_progress
) -> None:
    """Delete, insert and update the rows of one dataset, and update the full-text index."""
    dataset, table = difference.dataset, difference.dataset.table
    total = len(difference.added) + len(difference.changed) + len(difference.removed)
    done = 0
    for chunk in chunk_ids(difference.removed):
        connection.execute(sa.delete(table).where(table.c.id.in_(chunk)))
        progress(dataset.name, done := done + len(chunk), total)
    for chunk in chunk_ids(difference.added):
        connection.execute(sa.insert(table), [to_column_values(dataset, difference.added[key]) for key in chunk])
        progress(dataset.name, done := done + len(chunk), total)
    for key, (_, after) in difference.changed.items():
        values = to_column_values(dataset, after)
        connection.execute(sa.update(table).where(table.c.id == key).values(values))
        progress(dataset.name, done := done + 1, total)
    index_rows(connection, difference)
