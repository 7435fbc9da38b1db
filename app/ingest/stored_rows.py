"""Read stored rows."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from app.model.dataset import Dataset
from app.model.rows import Record, from_json

IDS_PER_STATEMENT = 500


def chunk_ids(values: Iterable[str]) -> Iterator[list[str]]:
    """Yield lists of ids that fit into one statement."""
    ids = list(values)
    for start in range(0, len(ids), IDS_PER_STATEMENT):
        yield ids[start : start + IDS_PER_STATEMENT]


def read_stored_rows(
    connection: sa.Connection, dataset: Dataset, ids: Iterable[str], issue_ids: list[str]
) -> dict[str, Record]:
    """Return the rows that a package may change: those of its issues, and those with one of its ids."""
    columns = dataset.table.c
    select = sa.select(columns.id, columns.row_json)
    texts = {} if dataset.shared else dict(_select_in_chunks(connection, select, columns.row_issue, issue_ids))
    texts |= dict(_select_in_chunks(connection, select, columns.id, ids))
    return {key: from_json(text) for key, text in texts.items()}


def _select_in_chunks(
    connection: sa.Connection, select: sa.Select[Any], column: sa.ColumnElement[Any], values: Iterable[str]
) -> Iterator[tuple[str, str]]:
    for chunk in chunk_ids(values):
        yield from connection.execute(select.where(column.in_(chunk))).all()


def issue_of(record: Mapping[str, Any]) -> str | None:
    """Return the id of the issue that printed a row, None for rows of an official list."""
    source = record.get("source") or {}
    owner = source.get("issue_id")
    return owner if isinstance(owner, str) else None
